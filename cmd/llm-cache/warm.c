/* SPDX-License-Identifier: MIT */
/* llm-cache warm: the most frequent requests of a log, as lines to run. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "cache.h"
#include "json/path.h"
#include "json/write.h"
#include "prewarm.h"

#define KEYS ((size_t)1 << 20)
#define HELD ((size_t)128 << 20) /* bytes of lines */

static const char *store_name, *scope_text;
static uint64_t top = 100;
static bool prewarm;

const struct option warm_options[] = {
	STORE_OPTION(store_name, "leave out what this store knows already"),
	{ 0, "scope", OPTION_TEXT, "PATH", &scope_text, "as for get", NULL },
	{ 0, "top", OPTION_NUMBER, "N", &top, "so many (100)", NULL },
	{ 0, "prewarm", OPTION_FLAG, NULL, &prewarm,
	    "lines that make Anthropic's cache hold the most frequent prefixes", NULL },
	{ 0 },
};

struct asked {
	uint64_t count;
	char *line; /* NULL: let go, or known to the store */
	size_t len;
	bool known;
};
struct survey {
	struct path *scope;
	struct hash_map keys;
	struct asked *asked;
	size_t held;
	uint64_t beyond, unfit;
	struct shelf shelf;
	struct buf line;
};

/* Rarely asked ones give their lines back; who is asked again brings it again. */
static void
let_go(struct survey *s)
{
	for (uint64_t floor = 1; s->held > HELD / 2; floor *= 2)
		for (size_t i = 0; i < s->keys.count; i++) {
			struct asked *a = &s->asked[i];

			if (!a->line || a->count > floor)
				continue;
			free(a->line);
			a->line = NULL;
			s->held -= a->len;
		}
}

/* What was said about an earlier run of the request, and its answer, are taken off. */
static void
plain_line(const struct record *r, const struct request *q, struct buf *out)
{
	static const char *const answers[] = { "response", "result", "modelOutput", "error",
		"status" };
	struct edits edits = { 0 };

	for (struct value k = json_first(r->root); json_type(k); k = json_next(k))
		for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
			if (q->answered && json_is(k, answers[i]))
				edits_remove(&edits, k);
	for (struct value k = json_first(q->llm); json_type(k); k = json_next(k))
		if (!json_is(k, "tags") && !json_is(k, "v"))
			edits_remove(&edits, k);
	buf_clear(out);
	edits_apply(&edits, r->json, out);
	edits_free(&edits);
}

static bool
store_knows(struct survey *s, struct record *r, const struct key *k)
{
	struct store_entry e;

	return s->shelf.store && store_get(s->shelf.store, k->scope, k->digest, r->arena, &e) &&
	       entry_in_time(&e, when_now());
}

static void
see(struct survey *s, struct slice key, struct slice line)
{
	bool added = false;
	struct asked *a;
	size_t i = s->keys.count < KEYS ? hash_map_add(&s->keys, key, &added)
					: hash_map_find(&s->keys, key);

	if (i == SIZE_MAX) {
		s->beyond++;
		return;
	}
	if (added) {
		/* room for twice as many at a time */
		if ((i & (i - 1)) == 0)
			s->asked = mem_grow(s->asked, i ? i * 2 : 1, sizeof(*s->asked));
		s->asked[i] = (struct asked){ 0 };
	}
	a = &s->asked[i];
	a->count++;
	if (a->line)
		return;
	a->line = mem_alloc(line.len + 1);
	memcpy(a->line, line.ptr, line.len);
	a->len = line.len;
	s->held += line.len;
	if (s->held > HELD)
		let_go(s);
}

static void
see_request(struct survey *s, struct record *r, const struct request *q)
{
	struct value scope = json_get(json_get(q->llm, "cache"), "scope");
	struct key k;

	if (s->scope) {
		struct slice raw;

		scope = path_get(s->scope, r->root);
		raw = json_string_raw(scope);
		if (json_type(scope) <= JSON_NULL || (raw.ptr && raw.len == 0)) {
			s->unfit++;
			return;
		}
	}
	if (!key_make(q, scope, r->arena, &k))
		return;
	if (store_knows(s, r, &k))
		return;
	plain_line(r, q, &s->line);
	see(s, slice_of((const char *)k.digest, DIGEST_SIZE), buf_slice(&s->line));
}

static enum verdict
judge(struct survey *s, struct record *r)
{
	struct slice prefix;
	struct request q;

	if (!request_read(r->json, &q) || json_type(q.body) != JSON_OBJECT) {
		s->unfit++;
	} else if (!prewarm) {
		see_request(s, r, &q);
	} else if (prewarm_line(r, &q, &prefix, &s->line)) {
		see(s, prefix, buf_slice(&s->line));
	} else {
		s->unfit++;
	}
	return DROP;
}

struct place {
	uint64_t count;
	size_t index;
};

/* Most often first, and in the order of the log where that is equal. */
static int
by_count(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

static void
print(struct survey *s, struct stream *out)
{
	struct place *places = mem_alloc((s->keys.count + 1) * sizeof(*places));
	size_t n = 0;

	for (size_t i = 0; i < s->keys.count; i++)
		if (s->asked[i].line)
			places[n++] = (struct place){ s->asked[i].count, i };
	qsort(places, n, sizeof(*places), by_count);
	for (size_t i = 0; i < n && i < top; i++) {
		const struct asked *a = &s->asked[places[i].index];

		stream_write(out, slice_of(a->line, a->len));
		diag_detail("asked %" PRIu64 " times", a->count);
	}
	free(places);
}

void
warm_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	static struct survey s;
	struct stream *stream;
	struct record *r;
	const char *why;

	if (scope_text && !(s.scope = path_compile(scope_text, &why)))
		diag_die(STATUS_USAGE, "'--scope' '%s': %s", scope_text, why);
	if (store_name && *store_name && !prewarm)
		shelf_open(&s.shelf, store_name, true);
	stream = stream_open(&o);
	while ((r = stream_next(stream)))
		stream_put(stream, r, judge(&s, r));
	print(&s, stream);
	stream_close(stream);
	shelf_close(&s.shelf);
	if (s.unfit)
		diag_note("%" PRIu64 " lines are no requests that can be warmed", s.unfit);
	if (s.beyond)
		diag_note("%" PRIu64
			  " requests are beyond the first %zu different ones, left out",
		    s.beyond, KEYS);
	for (size_t i = 0; i < s.keys.count; i++)
		free(s.asked[i].line);
	free(s.asked);
	hash_map_free(&s.keys);
	buf_free(&s.line);
	path_free(s.scope);
}
