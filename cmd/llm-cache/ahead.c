/* SPDX-License-Identifier: MIT */
#include "ahead.h"

#include <stdlib.h>

#include "base/mem.h"

#define DEPTH 64
#define BYTES ((size_t)4 << 20) /* of lines */

struct held {
	struct slice head, line;
	struct record record; /* where it stood; stream NULL: no record, only a line */
	bool asked;
	size_t ask;
	struct key key;
};
struct ahead {
	struct ahead_use use;
	struct stream *stream;
	struct held held[DEPTH];
	struct store_ask asks[DEPTH];
	size_t count, ask_count, bytes;
	struct held next;   /* what prepare said of the record in hand */
	struct arena arena; /* of all that is held */
	bool releasing;
	/* the record that is judged */
	struct json json;
	struct arena record_arena;
	struct edits edits;
	struct buf out;
};

static void
hold(void *context, struct slice head, struct slice line)
{
	struct ahead *a = context;
	struct held *h;

	if (a->count == DEPTH)
		ahead_release(a);
	h = &a->held[a->count++];
	*h = a->next;
	h->head = arena_copy(&a->arena, head);
	h->line = arena_copy(&a->arena, line);
	a->bytes += line.len;
	a->next = (struct held){ .asked = false };
}

struct ahead *
ahead_open(struct stream_options *o, const struct ahead_use *use)
{
	struct ahead *a = mem_zero(sizeof(*a));

	a->use = *use;
	json_expect_shapes(&a->json);
	o->hold = hold;
	o->hold_context = a;
	return a;
}

static void
look_up(struct ahead *a)
{
	struct shelf *shelf = a->use.shelf;

	a->ask_count = 0;
	for (size_t i = 0; i < a->count; i++) {
		struct held *h = &a->held[i];

		if (!h->asked)
			continue;
		h->ask = a->ask_count++;
		a->asks[h->ask] =
		    (struct store_ask){ .scope = h->key.scope, .key = h->key.digest };
	}
	if (!shelf->store || a->ask_count == 0)
		return;
	store_look_up(shelf->store, a->asks, a->ask_count, &a->arena);
	if (store_trouble(shelf->store))
		shelf_fail(shelf, store_trouble(shelf->store));
}

static void
write_held(struct stream *s, const struct held *h, struct slice line)
{
	if (h->head.len)
		stream_write_text(s, h->head);
	stream_write(s, line);
}

static void
judge(struct ahead *a, struct held *h)
{
	struct record *r = &h->record;
	const char *why;
	size_t where;

	arena_reset(&a->record_arena);
	edits_clear(&a->edits);
	if (!json_scan(&a->json, h->line, &why, &where))
		diag_die(STATUS_FAILED, "a line changed in memory: %s", why);
	r->line = h->line;
	r->json = &a->json;
	r->root = json_root(&a->json);
	r->arena = &a->record_arena;
	r->edits = &a->edits;
	if (a->use.judge(a->use.context, r, h->asked ? &h->key : NULL,
		h->asked ? &a->asks[h->ask] : NULL) == EDIT &&
	    !r->rejected && !a->json.twice.ptr) {
		buf_clear(&a->out);
		edits_apply(&a->edits, &a->json, &a->out);
		write_held(a->stream, h, buf_slice(&a->out));
	} else if (a->json.twice.ptr) {
		record_reject(r, "member '%s' stands twice", diag_clean(a->json.twice));
	} else if (!r->rejected) {
		write_held(a->stream, h, h->line);
	}
}

void
ahead_stream(struct ahead *a, struct stream *s)
{
	a->stream = s;
}

void
ahead_release(struct ahead *a)
{
	/* what is written may have to wait too */
	if (a->releasing || a->count == 0)
		return;
	a->releasing = true;
	look_up(a);
	for (size_t i = 0; i < a->count; i++) {
		if (a->held[i].record.stream)
			judge(a, &a->held[i]);
		else
			write_held(a->stream, &a->held[i], a->held[i].line);
	}
	a->count = a->bytes = 0;
	arena_reset(&a->arena);
	a->releasing = false;
}

void
ahead_put(struct ahead *a, struct record *r)
{
	struct key k;

	if (a->count == DEPTH || a->bytes >= BYTES)
		ahead_release(a);
	a->next = (struct held){ .record = *r };
	if (a->use.prepare(a->use.context, r, &k)) {
		a->next.asked = true;
		a->next.key = k;
		a->next.key.scope = arena_copy(&a->arena, k.scope);
		a->next.key.request = arena_copy(&a->arena, k.request);
	}
	/* rejects what stands twice, else holds the line */
	stream_put(a->stream, r, PASS);
	a->next = (struct held){ .asked = false };
}

void
ahead_close(struct ahead *a)
{
	if (!a)
		return;
	json_free(&a->json);
	arena_close(&a->arena);
	arena_close(&a->record_arena);
	edits_free(&a->edits);
	buf_free(&a->out);
	free(a);
}
