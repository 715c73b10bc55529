/* SPDX-License-Identifier: MIT */
#include "index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "tool/tool.h"

/* Only a regular file can be read a second time. */
static int
open_again(const char *name)
{
	struct stat st;

	if (strcmp(name, "-") == 0 || stat(name, &st) != 0 || !S_ISREG(st.st_mode))
		return -1;
	return open(name, O_RDONLY | O_CLOEXEC);
}

static void
open_files(struct index *x, const struct option_list *operands)
{
	static const char *const standard[] = { "-" };

	x->files = operands->count ? (const char *const *)operands->item : standard;
	x->file_count = operands->count ? operands->count : 1;
	x->fds = mem_grow(NULL, x->file_count, sizeof(*x->fds));
	for (size_t i = 0; i < x->file_count; i++)
		x->fds[i] = open_again(x->files[i]);
}

/* The operand that a record came from: the stream names it by the operand itself. */
static uint32_t
file_of(const struct index *x, const struct record *r)
{
	for (size_t i = 0; i < x->file_count; i++)
		if (r->file == x->files[i] ||
		    (strcmp(x->files[i], "-") == 0 && strcmp(r->file, "<stdin>") == 0))
			return (uint32_t)i;
	return 0;
}

static struct place
place_of(struct index *x, const struct record *r, bool good)
{
	struct place p = { .offset = r->offset,
		.number = r->number < UINT32_MAX ? (uint32_t)r->number : UINT32_MAX,
		.length = (uint32_t)r->line.len,
		.file = file_of(x, r) & 0x3fffffff,
		.good = good };

	if (x->fds[p.file] < 0)
		p.offset = spool_put(&x->spool, r->line);
	return p;
}

struct slice
index_line(struct index *x, const struct place *p)
{
	int fd = x->fds[p->file] < 0 ? x->spool.fd : x->fds[p->file];

	if (!spool_read(fd, p->offset, p->length, &x->line))
		diag_die_errno(STATUS_FAILED, "%s", x->files[p->file]);
	return buf_slice(&x->line);
}

static enum verdict
second(struct index *x, struct record *r, size_t i, bool good)
{
	static const char two[] = "a second, different result for one request";
	struct place old = *(const struct place *)cells_get(&x->places, i);
	struct slice line = index_line(x, &old);

	if (slice_eq(slice_trim(line), slice_trim(r->line))) {
		x->repeated++;
		return DROP;
	}
	if (old.good || !good)
		return record_reject(r, "%s", two);
	stream_reject(r->stream, x->files[old.file], old.number, line, two);
	*(struct place *)cells_change(&x->places, i) = place_of(x, r, good);
	return DROP;
}

static enum verdict
note(void *context, struct record *r)
{
	struct index *x = context;
	struct result result;
	const char *why;
	bool added;
	size_t i;

	if (!result_read(r->root, r->arena, &result, &why))
		return record_reject(r, "%s", why);
	if (r->json->twice.ptr)
		return DROP; /* the stream refuses it */
	x->lines++;
	i = ids_add(&x->ids, result.id, &added);
	if (!added)
		return second(x, r, i, result.good);
	if (i >= x->places.count)
		cells_grow(&x->places, x->places.count * 2);
	*(struct place *)cells_change(&x->places, i) = place_of(x, r, result.good);
	return DROP;
}

void
index_open(struct index *x, const struct option_list *operands, uint64_t memory)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);

	*x = (struct index){ 0 };
	x->ids.memory = memory / 3 * 2;
	cells_open(&x->places, sizeof(struct place), 1024, memory / 3);
	open_files(x, operands);
	o.output = NULL;
	o.no_output = true;
	stream_each(&o, note, x);
	if (x->repeated)
		diag_note(
		    "%llu results stand twice and count once", (unsigned long long)x->repeated);
}

bool
index_claim(struct index *x, struct slice id, struct place *out)
{
	size_t i = ids_find(&x->ids, id);

	if (i == SIZE_MAX)
		return false;
	*out = *(const struct place *)cells_get(&x->places, i);
	if (!out->claimed)
		((struct place *)cells_change(&x->places, i))->claimed = true;
	return true;
}

void
index_strangers(struct index *x, struct stream *s)
{
	for (size_t i = 0; i < x->ids.count; i++) {
		struct place p = *(const struct place *)cells_get(&x->places, i);

		if (!p.claimed)
			stream_reject(s, x->files[p.file], p.number, index_line(x, &p),
			    "a result that no request asked for");
	}
}

void
index_close(struct index *x)
{
	for (size_t i = 0; i < x->file_count; i++)
		if (x->fds[i] >= 0)
			close(x->fds[i]);
	spool_close(&x->spool);
	ids_free(&x->ids);
	buf_free(&x->line);
	cells_close(&x->places);
	free(x->fds);
}
