/* SPDX-License-Identifier: MIT */
#include "outputs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "key.h"
#include "stream/lines.h"

#define MAX_LINE ((uint64_t)256 << 20)

struct where {
	uint64_t offset, len;
	bool twice;
};
struct outputs {
	int fd;
	struct hash_map ids;
	struct where *where;
	uint64_t missing;
	/* the line at hand */
	struct buf line, joined;
	struct json json;
	struct edits edits;
	struct arena arena;
};

static void
remember(struct outputs *o, struct lines *l, struct slice line)
{
	struct request q;
	struct slice id;
	const char *why;
	size_t where, i;
	bool added;

	arena_reset(&o->arena);
	if (!json_scan(&o->json, line, &why, &where) || !request_read(&o->json, &q) ||
	    json_type(q.body) != JSON_OBJECT)
		return;
	id = json_string(q.id, &o->arena);
	if (!id.ptr)
		return;
	i = hash_map_add(&o->ids, id, &added);
	if (added) {
		o->where = mem_grow(o->where, i + 1, sizeof *o->where);
		o->where[i] = (struct where){ l->offset, line.len, false };
	} else {
		o->where[i].twice = true;
	}
}

struct outputs *
outputs_open(const char *file)
{
	struct outputs *o = mem_zero(sizeof *o);
	struct lines lines = { .files = &file, .file_count = 1, .max_line = MAX_LINE };
	enum lines_step step;
	struct slice line;

	/* each is read again when its answer comes: no pipe will do */
	o->fd = open(file, O_RDONLY | O_CLOEXEC);
	if (o->fd < 0 || lseek(o->fd, 0, SEEK_SET) != 0)
		diag_die_errno(STATUS_FAILED, "%s", file);
	lines_open(&lines);
	while ((step = lines_next(&lines, true, &line)) != LINES_END) {
		if (step == LINES_LINE)
			remember(o, &lines, line);
		while (step == LINES_LONG && lines_rest(&lines, &line))
			;
	}
	lines_close(&lines);
	return o;
}

void
outputs_close(struct outputs *o)
{
	if (!o)
		return;
	close(o->fd);
	hash_map_free(&o->ids);
	free(o->where);
	buf_free(&o->line);
	buf_free(&o->joined);
	json_free(&o->json);
	edits_free(&o->edits);
	arena_close(&o->arena);
	free(o);
}

static struct value
id_of(const struct record *r)
{
	static const char *const names[] = { "custom_id", "key", "recordId" };
	struct value id = { 0 };

	for (size_t i = 0; i < sizeof names / sizeof names[0] && json_type(id) <= JSON_NULL;
	     i++)
		id = json_get(r->root, names[i]);
	/* Gemini's inlined answers have it one deeper */
	return json_type(id) > JSON_NULL ? id : json_get(json_get(r->root, "metadata"), "key");
}

static struct value
answer_of(const struct record *r)
{
	struct value answer = json_get(r->root, "response");

	return json_type(answer) > JSON_NULL ? answer : json_get(r->root, "result");
}

bool
output_alone(const struct record *r, const struct request *q)
{
	return json_type(q->body) != JSON_OBJECT && json_type(id_of(r)) == JSON_STRING &&
	       json_type(answer_of(r)) == JSON_OBJECT;
}

/* Reads the line of the request again; false where the file has changed. */
static bool
fetch(struct outputs *o, const struct where *w)
{
	size_t got = 0;
	ssize_t n = 1;

	buf_clear(&o->line);
	while (got < w->len && n > 0) {
		n = pread(o->fd, buf_room(&o->line, w->len) + got, w->len - got,
		    (off_t)(w->offset + got));
		got += n > 0 ? (size_t)n : 0;
	}
	o->line.len = got;
	return got == w->len;
}

static bool
scan(struct outputs *o, struct slice text, struct request *q)
{
	const char *why;
	size_t where;

	return json_scan(&o->json, text, &why, &where) && request_read(&o->json, q) &&
	       json_type(q->body) == JSON_OBJECT;
}

bool
outputs_join(
    struct outputs *o, const struct record *r, struct record *joined, struct request *q)
{
	static const char *const lane[] = { "llm", "batch", "lane" };
	struct slice id = json_string(id_of(r), r->arena);
	size_t i = hash_map_find(&o->ids, id);

	if (i == SIZE_MAX || o->where[i].twice || !fetch(o, &o->where[i]) ||
	    !scan(o, buf_slice(&o->line), q)) {
		o->missing++;
		return false;
	}
	edits_clear(&o->edits);
	edits_set(&o->edits, q->root, key_answer_member(q->shape), json_raw(answer_of(r)));
	/* it was billed as what it was */
	edits_set_path(&o->edits, q->root, lane, 3, SLICE("\"batch\""));
	buf_clear(&o->joined);
	edits_apply(&o->edits, &o->json, &o->joined);
	if (!scan(o, buf_slice(&o->joined), q))
		return false;
	*joined = *r;
	joined->line = buf_slice(&o->joined);
	joined->json = &o->json;
	joined->root = json_root(&o->json);
	return true;
}

uint64_t
outputs_missing(const struct outputs *o)
{
	return o->missing;
}
