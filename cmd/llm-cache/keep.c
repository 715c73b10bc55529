/* SPDX-License-Identifier: MIT */
#include "keep.h"

#include <inttypes.h>

#include "base/when.h"
#include "json/write.h"
#include "semantic.h"
#include "task/wording.h"

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

	struct slice scope = json_string_raw(json_get(note, "scope"));

	/* that of vetted ones is for --vetted alone */
	if (scope.ptr && scope.len == 0)
		return "its scope is empty";
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

/* Adds a member to what note_write made. */
static void
note_add(struct buf *meta, const char *name, struct slice raw)
{
	struct writer w = { .out = meta, .comma = true };

	meta->len--;
	write_name(&w, name);
	write_raw(&w, raw);
	buf_add_byte(meta, '}');
}

static void
remember(struct keep *keep, struct record *r, const struct request *q, const struct key *k,
    int64_t ttl)
{
	int64_t now = when_now();
	struct value cache = json_get(q->llm, "cache"), scope = json_get(cache, "scope");
	struct store_entry e = { .scope = k->scope, .request = k->request, .stored = now };
	const char *why;

	e.body = json_raw(json_get(r->root, key_answer_member(q->shape)));
	if (!e.body.ptr)
		return;
	buf_clear(&keep->meta);
	note_write(q, r->arena, &keep->meta);
	if (keep->vetted)
		note_add(
		    &keep->meta, "writer", json_type(scope) ? json_raw(scope) : SLICE("null"));
	if (json_type(json_get(cache, "check")) == JSON_OBJECT)
		note_add(&keep->meta, "check", SLICE("true"));
	e.meta = buf_slice(&keep->meta);
	e.model = request_answer_model(q, r->arena);
	if (!e.model.ptr)
		e.model = SLICE("");
	e.expires = ttl > INT64_MAX - now ? INT64_MAX : now + ttl;
	memcpy(e.key, k->digest, DIGEST_SIZE);
	keep->stored++;
	/* the question first: what commits is the entry, and then both */
	if (keep->shelf.store &&
	    (!semantic_keep(keep->shelf.store, keep->vectors, r->root, q, k,
		 keep->vetted ? key_vetted() : scope, keep->vetted, r->arena, &why) ||
		!store_put(keep->shelf.store, &e, &why)))
		shelf_fail(&keep->shelf, why);
}

static void
leave(struct keep *keep, const struct key *k)
{
	if (keep->shelf.store && !store_read_only(keep->shelf.store))
		store_release(keep->shelf.store, k->scope, k->digest);
}

struct opening {
	struct slice text;
	bool more; /* a call, an image: it answers, whatever it says beside that */
	struct arena *arena;
};

static void
open_with(void *context, const struct part *p)
{
	struct opening *o = context;

	if (p->kind == PART_ASSISTANT && o->text.len == 0)
		o->text = slice_trim(json_string(p->text, o->arena));
	o->more |= p->kind != PART_ASSISTANT && p->kind != PART_THINKING;
}

/* A refusal in words, which no finish reason tells. What is JSON tells of something else. */
static bool
is_refusal(const struct request *q, struct arena *a)
{
	struct opening o = { .arena = a };

	answer_parts(q, open_with, &o);
	return o.text.len && !o.more && !slice_starts(o.text, SLICE("{")) &&
	       !slice_starts(o.text, SLICE("[")) && wording_refuses(o.text, a);
}

void
keep_answer(struct keep *keep, struct record *r, const struct request *q)
{
	const char *refusal;
	bool finished;
	int64_t ttl;
	struct key k;

	if (request_replayed(q))
		return;
	finished = answer_ending(q) == ENDING_DONE && !is_refusal(q, r->arena);
	refusal = key_of(r, q, &k);
	if (!finished) {
		keep->unfinished++;
		if (!refusal)
			leave(keep, &k);
		return;
	}
	if (refusal) {
		keep->refused++;
		diag_detail("%s:%" PRIu64 ": not stored: %s", r->file, r->number, refusal);
		return;
	}
	ttl = ttl_rules_find(keep->rules, q, r->arena, keep->ttl);
	if (ttl <= 0) {
		keep->fresh++;
		leave(keep, &k);
		return;
	}
	if (keep->vetted) {
		leave(keep, &k);
		/* edited, it has no key but that of its own scope */
		if (k.request.len == 0 || !key_make(q, key_vetted(), r->arena, &k)) {
			keep->refused++;
			return;
		}
	}
	remember(keep, r, q, &k, ttl);
}

void
keep_close(struct keep *keep)
{
	shelf_close(&keep->shelf);
	if (keep->refused)
		diag_note("%" PRIu64
			  " answer%s not stored, because the request was changed on the way or "
			  "has no key of its own (-v tells which)",
		    keep->refused, keep->refused == 1 ? "" : "s");
	diag_detail("%" PRIu64 " answers stored, %" PRIu64 " not finished, %" PRIu64
		    " with no time to live",
	    keep->stored, keep->unfinished, keep->fresh);
	buf_free(&keep->meta);
	ttl_rules_free(keep->rules);
	vectors_close(keep->vectors);
}
