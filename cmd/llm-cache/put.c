/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/when.h"
#include "json/write.h"
#include "model/usage.h"

#define HOUR (INT64_C(3600) * 1000)

static const char *store_name;
static int64_t ttl = HOUR;

const struct option put_options[] = {
	{ 0, "store", OPTION_TEXT, "FILE", &store_name, "the store", "LLM_CACHE" },
	{ 0, "ttl", OPTION_DURATION, "T", &ttl,
	    "how long an answer is served (1h); inf: for ever", NULL },
	{ 0 },
};

struct run {
	struct shelf shelf;
	uint64_t stored, unfinished, refused;
	struct buf meta;
};

static bool
is_true(struct value v)
{
	return json_type(v) == JSON_TRUE;
}

static bool
is_edited(const struct request *q)
{
	return json_type(json_get(q->llm, "route")) ||
	       json_type(json_get(q->llm, "compress")) ||
	       json_type(json_get(json_get(q->llm, "cache"), "mark"));
}

/* The key to store under; NULL, or why there is none. */
static const char *
key_of(struct record *r, const struct request *q, struct key *k)
{
	struct value note = json_get(q->llm, "cache"), signed_key = json_get(note, "key");
	unsigned char asked[DIGEST_SIZE];

	if (!key_make(q, json_get(note, "scope"), r->arena, k))
		return "a member of its body stands twice";
	if (!json_type(signed_key)) {
		if (json_type(json_get(note, "hit")))
			return "llm-cache get gave it no key";
		return is_edited(q) ? "it was edited, and carries no key of llm-cache get"
				    : NULL;
	}
	switch (key_read(json_string(signed_key, r->arena), asked)) {
	case KEY_OTHER_VERSION: return "its key is of another version";
	case KEY_BAD: return "its key is no key";
	default: break;
	}
	if (memcmp(asked, k->digest, DIGEST_SIZE) == 0)
		return NULL;
	if (!is_edited(q))
		return "its key is of another request";
	/* the request as it was asked is gone: nothing to compare with but the key */
	memcpy(k->digest, asked, DIGEST_SIZE);
	k->request = SLICE("");
	return NULL;
}

static void
meta_write(const struct request *q, struct buf *out)
{
	struct writer w = { .out = out };
	struct usage u = { 0 };

	buf_clear(out);
	write_object(&w);
	write_name(&w, "usage");
	if (usage_read(q, &u) && json_type(u.object) == JSON_OBJECT)
		write_raw(&w, json_raw(u.object));
	else
		write_null(&w);
	write_object_end(&w);
}

static void
remember(struct run *run, struct record *r, const struct request *q, const struct key *k)
{
	int64_t now = when_now();
	struct store_entry e = { .scope = k->scope, .request = k->request, .stored = now };
	const char *why;

	e.body = json_raw(json_get(r->root, key_answer_member(q->shape)));
	if (!e.body.ptr)
		return;
	meta_write(q, &run->meta);
	e.meta = buf_slice(&run->meta);
	e.model = request_answer_model(q, r->arena);
	e.expires = ttl > INT64_MAX - now ? INT64_MAX : now + ttl;
	memcpy(e.key, k->digest, DIGEST_SIZE);
	run->stored++;
	if (run->shelf.store && !store_put(run->shelf.store, &e, &why))
		shelf_fail(&run->shelf, why);
}

static enum verdict
judge(struct run *run, struct record *r)
{
	struct request q;
	struct value note;
	struct key k;
	const char *refusal;

	if (!request_read(r->json, &q) || !q.answered || json_type(q.body) != JSON_OBJECT)
		return PASS;
	note = json_get(q.llm, "cache");
	if (is_true(json_get(note, "hit")) || is_true(json_get(note, "collapsed")))
		return PASS;
	if (answer_ending(&q) != ENDING_DONE || ttl <= 0) {
		run->unfinished++;
		return PASS;
	}
	refusal = key_of(r, &q, &k);
	if (refusal) {
		run->refused++;
		diag_detail("%s:%" PRIu64 ": not stored: %s", r->file, r->number, refusal);
	} else {
		remember(run, r, &q, &k);
	}
	return PASS;
}

void
put_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct run run = { .stored = 0 };
	struct stream *s;
	struct record *r;

	if (tool_common()->dry_run) {
		if (!store_name)
			tool_usage("no store: give --store FILE or set LLM_CACHE");
	} else {
		shelf_open(&run.shelf, store_name, false);
	}
	s = stream_open(&o);
	for (;;) {
		/* what came so far is safe before we wait for more */
		if (!stream_ready(s))
			shelf_commit(&run.shelf);
		r = stream_next(s);
		if (!r)
			break;
		stream_put(s, r, judge(&run, r));
	}
	stream_close(s);
	shelf_close(&run.shelf);
	if (run.refused)
		diag_note("%" PRIu64
			  " answer%s not stored, because the request was changed on the way or "
			  "has no key of its own (-v tells which)",
		    run.refused, run.refused == 1 ? "" : "s");
	diag_detail(
	    "%" PRIu64 " answers stored, %" PRIu64 " not finished", run.stored, run.unfinished);
	buf_free(&run.meta);
}
