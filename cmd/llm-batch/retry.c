/* SPDX-License-Identifier: MIT */
/* llm-batch retry: of records that failed, the requests that are worth another try. */
#include "batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "line.h"
#include "result.h"
#include "stream/file.h"

const struct option retry_options[] = { { 0 } };

/* The classes of a dead-letter file, by line: what FILE.why says. */
struct why {
	char *file;
	char **class;
	size_t count;
};

struct retrier {
	struct why why;
	uint64_t again, dropped, good;
};

static void
why_free(struct why *w)
{
	for (size_t i = 0; i < w->count; i++)
		free(w->class[i]);
	free(w->class);
	free(w->file);
	*w = (struct why){ 0 };
}

static void
why_read(struct why *w, const char *file)
{
	struct buf text = { 0 }, name = { 0 };
	struct json json = { 0 };
	struct arena a = { 0 };
	struct slice rest;
	const char *why;
	size_t where;

	why_free(w);
	w->file = mem_text(slice_z(file));
	buf_printf(&name, "%s.why", file);
	if (strcmp(file, "-") != 0 && file_read(name.data, &text)) {
		for (rest = buf_slice(&text); rest.len;) {
			struct slice line = slice_take(rest, slice_find(rest, '\n'));
			struct slice class = SLICE("");

			rest = slice_drop(rest, line.len + 1);
			if (json_scan(&json, line, &why, &where))
				class = json_string(json_get(json_root(&json), "class"), &a);
			w->class = mem_grow(w->class, w->count + 1, sizeof *w->class);
			w->class[w->count++] = mem_text(class.ptr ? class : SLICE(""));
		}
	}
	json_free(&json);
	arena_close(&a);
	buf_free(&text);
	buf_free(&name);
}

/* Takes the answer off the record. */
static void
take_off(struct record *r)
{
	static const char *const names[] = { "response", "error", "result", "modelOutput",
		NULL };
	struct value llm = json_get(r->root, "llm");

	for (struct value k = json_first(r->root); json_type(k); k = json_next(k))
		for (size_t i = 0; names[i]; i++)
			if (json_is(k, names[i]))
				edits_remove(r->edits, k);
	for (struct value k = json_type(llm) == JSON_OBJECT ? json_first(llm)
							    : (struct value){ 0 };
	     json_type(k); k = json_next(k))
		if (json_is(k, "batch"))
			edits_remove(r->edits, k);
}

/* A request without an answer: a dead letter, whose class stands beside the file. */
static enum verdict
judge_dead(struct retrier *t, const struct record *r)
{
	if (!t->why.file || strcmp(t->why.file, r->file) != 0)
		why_read(&t->why, r->file);
	if (r->number > t->why.count || result_again(slice_z(t->why.class[r->number - 1]))) {
		t->again++;
		return PASS;
	}
	t->dropped++;
	return DROP;
}

static enum verdict
judge(struct retrier *t, struct record *r)
{
	struct result x;
	struct line l;
	const char *why;

	if (!line_read(r, NULL, &l))
		return record_reject(
		    r, "no request: 'join --missing' makes requests of results");
	if (!l.request.answered)
		return judge_dead(t, r);
	if (!result_read(r->root, r->arena, &x, &why))
		return record_reject(r, "%s", why);
	if (x.good) {
		t->good++;
		return DROP;
	}
	if (!result_again(slice_z(x.class))) {
		t->dropped++;
		return DROP;
	}
	t->again++;
	take_off(r);
	return EDIT;
}

void
retry_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct retrier t = { .again = 0 };
	struct stream *s = stream_open(&o);
	struct record *r;

	while ((r = stream_next(s)))
		stream_put(s, r, judge(&t, r));
	stream_close(s);
	diag_detail("%" PRIu64 " to try again, %" PRIu64 " not worth it, %" PRIu64 " were good",
	    t.again, t.dropped, t.good);
	if (t.dropped) {
		diag_note("%" PRIu64 " failed in a way that would only fail again", t.dropped);
		status_raise(STATUS_REJECTED);
	}
	why_free(&t.why);
}
