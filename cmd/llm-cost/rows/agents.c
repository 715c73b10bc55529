/* SPDX-License-Identifier: MIT */
#include "agents.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/mem.h"

#define DEEPEST 16 /* folders below each other */

static struct arena names; /* of files and folders, as long as the run */

static const char *
join(const char *folder, const char *name)
{
	return arena_printf(&names, "%s/%s", folder, name).ptr;
}

static void
append(struct option_list *list, const char *name)
{
	if ((list->count & (list->count - 1)) == 0)
		list->item = mem_grow(
		    list->item, list->count ? list->count * 2 : 1, sizeof(*list->item));
	list->item[list->count++] = name;
}

static bool
ends_in(const char *name, const char *tail)
{
	return slice_ends(slice_z(name), slice_z(tail));
}

static size_t
slashes(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* A link to a folder is not followed: two ways to one file would count it twice. */
static void
take_entry(struct option_list *folders, const char *path, struct option_list *files)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return;
	if (S_ISREG(st.st_mode) && ends_in(path, ".jsonl"))
		append(files, path);
	else if (S_ISDIR(st.st_mode) && slashes(path) < slashes(folders->item[0]) + DEEPEST)
		append(folders, path);
}

static void
read_folder(struct option_list *folders, const char *folder, struct option_list *files)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	if (!d) {
		if (errno != ENOENT && errno != ENOTDIR) {
			diag_warn_errno("%s", diag_clean(slice_z(folder)));
			status_raise(STATUS_FAILED);
		}
		return;
	}
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			take_entry(folders, join(folder, e->d_name), files);
	closedir(d);
}

/* Folders wait in a list, so that no depth is a depth of calls. */
static void
walk(const char *top, struct option_list *files)
{
	struct option_list folders = { 0 };

	append(&folders, top);
	for (size_t i = 0; i < folders.count; i++)
		read_folder(&folders, folders.item[i], files);
	free(folders.item);
}

static void
walk_list(const char *folders, struct option_list *files)
{
	for (;;) {
		size_t len = strcspn(folders, ",");

		if (len)
			walk(join(arena_copy(&names, slice_of(folders, len)).ptr, "projects"),
			    files);
		folders += len;
		if (!*folders++)
			return;
	}
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *
variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

void
agents_files(struct option_list *list)
{
	const char *home = variable("HOME"), *claude = variable("CLAUDE_CONFIG_DIR"),
		   *codex = variable("CODEX_HOME");
	static struct option_list all; /* the names are used as long as the run */
	struct option_list files = { 0 };

	if (claude) {
		walk_list(claude, &files);
	} else if (home) {
		walk(join(home, ".config/claude/projects"), &files);
		walk(join(home, ".claude/projects"), &files);
	}
	if (!codex && home)
		codex = join(home, ".codex");
	if (codex) {
		walk(join(codex, "sessions"), &files);
		walk(join(codex, "archived_sessions"), &files);
	}
	if (!files.count)
		diag_die(
		    STATUS_USAGE, "'--agents': no log of Claude Code or Codex is in its place");
	qsort(files.item, files.count, sizeof(*files.item), by_name);
	/* behind the operands, in a list that is ours to grow */
	for (size_t i = 0; i < list->count; i++)
		append(&all, list->item[i]);
	for (size_t i = 0; i < files.count; i++)
		append(&all, files.item[i]);
	*list = all;
	free(files.item);
}
