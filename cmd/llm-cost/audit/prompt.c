/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "stream/file.h"
#include "tool/tool.h"

#define FOLDERS_MOST 64 /* levels */

struct names {
	char **list;
	size_t count, room;
};

static void
names_add(struct names *n, char *name)
{
	if (n->count == n->room) {
		n->room = n->room ? 2 * n->room : 64;
		n->list = mem_grow(n->list, n->room, sizeof(*n->list));
	}
	n->list[n->count++] = name;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *
joined(const char *folder, const char *name)
{
	struct buf path = { 0 };

	buf_printf(&path, "%s/%s", folder, name);
	buf_add_byte(&path, '\0');
	return path.data;
}

/* Files of the folder and those below it; hidden ones are left alone. */
static void
walk_folder(struct names *out, const char *folder, unsigned level)
{
	struct names here = { 0 };
	DIR *d = opendir(folder);
	struct dirent *e;

	if (!d) {
		diag_warn_errno("%s", diag_clean(slice_z(folder)));
		status_raise(STATUS_FAILED);
		return;
	}
	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			names_add(&here, joined(folder, e->d_name));
	closedir(d);
	if (here.count)
		qsort(here.list, here.count, sizeof(*here.list), by_bytes);
	for (size_t i = 0; i < here.count; i++) {
		struct stat st;

		/* a link may lead back up */
		if (lstat(here.list[i], &st) == 0 && S_ISREG(st.st_mode)) {
			names_add(out, here.list[i]);
			continue;
		}
		if (lstat(here.list[i], &st) == 0 && S_ISDIR(st.st_mode) && level)
			walk_folder(out, here.list[i], level - 1);
		free(here.list[i]);
	}
	free(here.list);
}

static void
read_all(struct prompt_report *r, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *why;

		if (prompt_read(r, names->list[i], &why))
			continue;
		diag_warn(
		    "%s: %s", diag_clean(slice_z(names->list[i])), why ? why : strerror(errno));
		status_raise(STATUS_FAILED);
	}
}

/* To -o or standard output, whole or not at all. */
static void
write_out(struct slice text)
{
	const char *name = tool_common()->output;
	struct file_out f;

	if (!name || strcmp(name, "-") == 0) {
		if (fwrite(text.ptr, 1, text.len, stdout) != text.len)
			status_raise(STATUS_FAILED);
	} else if (!file_out_open(&f, name, 0600) || !file_write_all(f.fd, text) ||
		   !file_out_commit(&f)) {
		diag_die_errno(STATUS_FAILED, "%s", diag_clean(slice_z(name)));
	}
}

void
audit_prompts(const struct option_list *operands, const char *format, bool no_text)
{
	struct prompt_report r = { .no_text = no_text };
	struct names names = { 0 };
	struct buf out = { 0 };

	for (size_t i = 0; i < operands->count; i++) {
		struct stat st;

		if (stat(operands->item[i], &st) == 0 && S_ISDIR(st.st_mode))
			walk_folder(&names, operands->item[i], FOLDERS_MOST);
		else
			names_add(&names, mem_string(operands->item[i]));
	}
	if (!operands->count)
		names_add(&names, mem_string("-"));
	read_all(&r, &names);
	prompt_print(format, &r, &out);
	write_out(buf_slice(&out));
	buf_free(&out);
	for (size_t i = 0; i < names.count; i++)
		free(names.list[i]);
	free(names.list);
	free(r.file);
	arena_close(&r.arena);
}
