/* SPDX-License-Identifier: MIT */
#include "parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "json/write.h"
#include "stream/file.h"

#define HELD (1u << 18)         /* bytes of one part in memory */
#define HELD_IN_ALL (64u << 20) /* bytes of all parts in memory */

struct part {
	size_t group;
	bool made; /* its file exists */
	struct buf held;
	uint64_t requests;
	struct part_size size;
};

struct group {
	char *model, *endpoint;
	size_t part; /* the open one */
};

struct parts {
	const char *folder, *name;
	int fd;
	bool dry;
	struct part_limits limits;
	struct hash_map keys;
	struct group *groups; /* by index of keys */
	struct part *list;
	size_t count;
	size_t held;
	size_t last;      /* group of the line before */
	struct buf spare; /* room of a part that was written, for the next */
};

static _Noreturn void
failed(const struct parts *p, const char *file)
{
	diag_die_errno(STATUS_FAILED, "%s/%s", p->folder, file);
}

static void
make_folders(const char *folder)
{
	char *path = mem_string(folder);

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			diag_die_errno(STATUS_FAILED, "%s", path);
		*slash = '/';
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		diag_die_errno(STATUS_FAILED, "%s", path);
	free(path);
}

struct parts *
parts_open(const char *folder, const char *name, const struct part_limits *limits, bool dry)
{
	struct parts *p = mem_zero(sizeof(*p));
	struct stat st;

	p->folder = folder;
	p->name = name;
	p->limits = *limits;
	p->dry = dry;
	p->fd = -1;
	if (dry)
		return p;
	make_folders(folder);
	p->fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->fd < 0 || fstat(p->fd, &st) != 0)
		diag_die_errno(STATUS_FAILED, "%s", folder);
	if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
		diag_die(STATUS_FAILED, "%s: everybody can write in this folder", folder);
	if (flock(p->fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			diag_die(
			    STATUS_LATER, "%s: another run packs into this folder", folder);
		diag_die_errno(STATUS_FAILED, "%s", folder);
	}
	return p;
}

static void
part_name(const struct parts *p, size_t i, bool final, char out[300])
{
	snprintf(out, 300, "%s%s-%04zu.jsonl%s", final ? "" : ".", p->name, i + 1,
	    final ? "" : ".part");
}

/* What is held goes to the part's file; no descriptor stays open, there may be many parts. */
static void
part_flush(struct parts *p, size_t i)
{
	struct part *part = &p->list[i];
	char name[300];
	int fd, flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW;

	p->held -= part->held.len;
	if (!p->dry && (part->held.len || !part->made)) {
		part_name(p, i, false, name);
		if (!part->made)
			unlinkat(p->fd, name, 0);
		fd = openat(p->fd, name, part->made ? flags : flags | O_CREAT | O_EXCL, 0600);
		if (fd < 0 || !file_write_all(fd, buf_slice(&part->held)) || close(fd) != 0)
			failed(p, name);
		part->made = true;
	}
	buf_free(&p->spare);
	p->spare = part->held;
	part->held = (struct buf){ 0 };
	buf_clear(&p->spare);
}

static size_t
part_open(struct parts *p, size_t group)
{
	if ((p->count & (p->count - 1)) == 0)
		p->list = mem_grow(p->list, p->count ? 2 * p->count : 1, sizeof(*p->list));
	p->list[p->count] = (struct part){ .group = group };
	return p->count++;
}

static bool
over(uint64_t have, uint64_t more, uint64_t limit)
{
	return limit && have + more > limit;
}

static bool
fits(const struct parts *p, const struct part *part, const struct part_size *size)
{
	return !over(part->requests, 1, p->limits.requests) &&
	       !over(part->size.bytes, size->bytes, p->limits.bytes) &&
	       !over(part->size.tokens, size->tokens, p->limits.tokens) &&
	       !over(part->size.inputs, size->inputs, p->limits.inputs);
}

static struct group *
group_of(struct parts *p, struct slice model, struct slice endpoint)
{
	struct group *last = p->keys.count ? &p->groups[p->last] : NULL;
	struct buf key = { 0 };
	bool added;
	size_t i;

	if (last && slice_eqz(model, last->model) && slice_eqz(endpoint, last->endpoint))
		return last;
	buf_add_number(&key, model.len);
	buf_add_byte(&key, ' ');
	buf_add(&key, model);
	buf_add(&key, endpoint);
	i = hash_map_add(&p->keys, buf_slice(&key), &added);
	buf_free(&key);
	if (added) {
		p->groups = mem_grow(p->groups, i + 1, sizeof(*p->groups));
		p->groups[i] =
		    (struct group){ mem_text(model), mem_text(endpoint), part_open(p, i) };
	}
	p->last = i;
	return &p->groups[i];
}

void
parts_add(struct parts *p, struct slice model, struct slice endpoint, struct slice line,
    struct part_size size)
{
	struct group *g = group_of(p, model, endpoint);
	struct part *part = &p->list[g->part];

	size.bytes = line.len + 1;
	if (part->requests && !fits(p, part, &size)) {
		part_flush(p, g->part);
		g->part = part_open(p, (size_t)(g - p->groups));
		part = &p->list[g->part];
	}
	part->requests++;
	part->size.bytes += size.bytes;
	part->size.tokens += size.tokens;
	part->size.inputs += size.inputs;
	cost_add(&part->size.cost, &size.cost);
	if (!part->held.data) {
		part->held = p->spare;
		p->spare = (struct buf){ 0 };
	}
	buf_add(&part->held, line);
	buf_add_byte(&part->held, '\n');
	p->held += line.len + 1;
	if (part->held.len > HELD)
		part_flush(p, g->part);
	for (size_t i = 0; p->held > HELD_IN_ALL && i < p->count; i++)
		part_flush(p, i);
}

/* The last bytes of a part are written and on disk. */
static void
part_end(struct parts *p, size_t i)
{
	char name[300];
	int fd;

	part_flush(p, i);
	if (p->dry)
		return;
	part_name(p, i, false, name);
	fd = openat(p->fd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fsync(fd) != 0 || close(fd) != 0)
		failed(p, name);
}

static void
write_part(struct parts *p, size_t i, struct writer *w)
{
	const struct part *part = &p->list[i];
	const struct group *g = &p->groups[part->group];
	char name[300];

	part_end(p, i);
	part_name(p, i, true, name);
	write_object(w);
	write_name(w, "file");
	write_z(w, name);
	write_name(w, "model");
	write_z(w, *g->model ? g->model : NULL);
	write_name(w, "endpoint");
	write_z(w, *g->endpoint ? g->endpoint : NULL);
	write_name(w, "requests");
	write_number(w, part->requests);
	write_name(w, "bytes");
	write_number(w, part->size.bytes);
	if (p->limits.counted) {
		write_name(w, "tokens");
		write_number(w, part->size.tokens);
		write_name(w, "usd");
		cost_write(w, &part->size.cost);
	}
	if (part->size.inputs) {
		write_name(w, "inputs");
		write_number(w, part->size.inputs);
	}
	write_object_end(w);
}

/* True for NAME-0001.jsonl and the like; *number is its number. */
static bool
is_part(const struct parts *p, const char *file, unsigned long *number)
{
	size_t n = strlen(p->name);
	char *end;

	if (strncmp(file, p->name, n) != 0 || file[n] != '-' ||
	    strspn(file + n + 1, "0123456789") < 4)
		return false;
	*number = strtoul(file + n + 1, &end, 10);
	return strcmp(end, ".jsonl") == 0;
}

/* Parts beyond ours are an earlier run's: left there, they would be submitted with ours. */
static void
remove_older(const struct parts *p)
{
	int fd = openat(p->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	unsigned long number;

	if (!dir)
		failed(p, ".");
	while ((entry = readdir(dir)))
		if (is_part(p, entry->d_name, &number) && number > p->count &&
		    unlinkat(p->fd, entry->d_name, 0) != 0)
			failed(p, entry->d_name);
	closedir(dir);
}

static void
write_manifest(struct parts *p, struct slice text)
{
	static const char temporary[] = ".manifest.json.part";
	int fd;

	unlinkat(p->fd, temporary, 0);
	fd = openat(
	    p->fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || !file_write_all(fd, text) || fsync(fd) != 0 || close(fd) != 0 ||
	    renameat(p->fd, temporary, p->fd, "manifest.json") != 0 || fsync(p->fd) != 0)
		failed(p, "manifest.json");
}

void
parts_commit(struct parts *p, const char *provider, struct slice extra)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };
	char old[300], new[300];

	write_object(&w);
	write_name(&w, "v");
	write_number(&w, 1);
	write_name(&w, "for");
	write_z(&w, provider);
	buf_add(&b, extra);
	write_name(&w, "parts");
	write_array(&w);
	for (size_t i = 0; i < p->count; i++)
		write_part(p, i, &w);
	write_array_end(&w);
	write_object_end(&w);
	buf_add_byte(&b, '\n');
	if (!p->dry) {
		/* without a manifest the folder is not complete, should the run end in between
		 */
		unlinkat(p->fd, "manifest.json", 0);
		remove_older(p);
		for (size_t i = 0; i < p->count; i++) {
			part_name(p, i, false, old);
			part_name(p, i, true, new);
			if (renameat(p->fd, old, p->fd, new) != 0)
				failed(p, new);
			p->list[i].made = false;
		}
		write_manifest(p, buf_slice(&b));
	} else {
		diag_note("%s: would write %zu files: %.*s", p->folder, p->count,
		    SLICE_ARG(slice_trim(buf_slice(&b))));
	}
	buf_free(&b);
}

void
parts_close(struct parts *p)
{
	char name[300];

	for (size_t i = 0; i < p->count; i++) {
		part_name(p, i, false, name);
		if (p->list[i].made)
			unlinkat(p->fd, name, 0);
		buf_free(&p->list[i].held);
	}
	buf_free(&p->spare);
	for (size_t i = 0; i < p->keys.count; i++) {
		free(p->groups[i].model);
		free(p->groups[i].endpoint);
	}
	hash_map_free(&p->keys);
	free(p->groups);
	free(p->list);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}
