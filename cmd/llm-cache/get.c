/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/when.h"
#include "json/path.h"
#include "json/write.h"

static const char *store_name, *scope_text, *answered_by;
static bool collapse, only_deterministic;

const struct option get_options[] = {
	{ 0, "store", OPTION_TEXT, "FILE", &store_name, "the store", "LLM_CACHE" },
	{ 0, "scope", OPTION_TEXT, "PATH", &scope_text,
	    "answers are known only to records with the same value there", NULL },
	{ 0, "collapse", OPTION_FLAG, NULL, &collapse,
	    "let one of several equal requests through, and mark the rest", NULL },
	{ 0, "answered-by", OPTION_TEXT, "MODEL", &answered_by,
	    "take answers of this model alone", NULL },
	{ 0, "only-deterministic", OPTION_FLAG, NULL, &only_deterministic,
	    "only requests with temperature 0 or a seed", NULL },
	{ 0 },
};

static struct path *scope_path;

struct run {
	struct shelf shelf;
	struct seen seen;
	uint64_t hits, misses, collapsed, expired;
	struct buf note; /* the annotation of the record at hand */
};

/* The model asked for, or a dated name of it: gpt-4 and gpt-4-0613, not gpt-4o-mini. */
static bool
model_is(struct slice model, const char *want)
{
	struct slice rest;
	size_t digits = 0;

	if (!slice_starts(model, slice_z(want)))
		return false;
	rest = slice_drop(model, strlen(want));
	if (rest.len == 0)
		return true;
	if (rest.ptr[0] != '-' && rest.ptr[0] != '@')
		return false;
	for (rest = slice_drop(rest, 1); digits < rest.len; digits++)
		if (rest.ptr[digits] < '0' || rest.ptr[digits] > '9')
			break;
	return digits >= 4;
}

/* A clock that went back makes an entry younger than nothing: it is not served then, so that no
 * answer outlives its time by more than that time itself. */
static bool
in_time(const struct store_entry *e, int64_t now)
{
	return e->expires == INT64_MAX || (e->stored <= now && now < e->expires);
}

static bool
look_up(struct run *run, const struct key *k, struct arena *a, struct store_entry *e)
{
	const char *trouble;

	if (!run->shelf.store)
		return false;
	if (!store_get(run->shelf.store, k->scope, k->digest, a, e)) {
		trouble = store_trouble(run->shelf.store);
		if (trouble)
			shelf_fail(&run->shelf, trouble);
		return false;
	}
	if (e->request.len && !slice_eq(e->request, k->request))
		return false;
	if (!in_time(e, when_now())) {
		run->expired++;
		return false;
	}
	return !answered_by || model_is(e->model, answered_by);
}

/* Raw usage object of the stored answer, or null. */
static struct slice
usage_of(struct slice meta)
{
	static struct json json;
	const char *why;
	size_t where;
	struct value usage = { 0 };

	if (json_scan(&json, meta, &why, &where))
		usage = json_get(json_root(&json), "usage");
	return json_type(usage) ? json_raw(usage) : SLICE("null");
}

static void
write_key(struct writer *w, const struct key *k, struct value scope)
{
	char text[KEY_TEXT];

	key_write(k->digest, text);
	write_name(w, "key");
	write_z(w, text);
	if (json_type(scope)) {
		write_name(w, "scope");
		write_raw(w, json_raw(scope));
	}
}

static enum verdict
sign(struct record *r, struct run *run)
{
	static const char *const cache[] = { "llm", "cache" }, *const version[] = { "llm",
		"v" };

	if (!edits_set_path(r->edits, r->root, cache, 2, buf_slice(&run->note)) ||
	    !edits_set_path(r->edits, r->root, version, 2, SLICE("1")))
		return record_reject(r, "member 'llm' is no object");
	return EDIT;
}

static enum verdict
sign_miss(struct record *r, struct run *run, const struct key *k, struct value scope,
    const char *reason)
{
	struct writer w = { .out = &run->note };
	bool copy = k && collapse && seen_before(&run->seen, k->digest);

	write_object(&w);
	if (k)
		write_key(&w, k, scope);
	write_name(&w, "hit");
	write_bool(&w, false);
	if (copy) {
		write_name(&w, "collapsed");
		write_bool(&w, true);
	}
	if (reason) {
		write_name(&w, "reason");
		write_z(&w, reason);
	}
	write_object_end(&w);
	run->misses++;
	run->collapsed += copy;
	if (run->shelf.store && !copy)
		store_count(run->shelf.store, k ? k->scope : SLICE(""), false);
	return sign(r, run);
}

static enum verdict
sign_hit(struct record *r, struct run *run, const struct request *q, const struct key *k,
    struct value scope, const struct store_entry *e)
{
	struct writer w = { .out = &run->note };

	write_object(&w);
	write_key(&w, k, scope);
	write_name(&w, "hit");
	write_bool(&w, true);
	write_name(&w, "tier");
	write_z(&w, "exact");
	write_name(&w, "model");
	if (e->model.len)
		write_string(&w, e->model);
	else
		write_null(&w);
	write_name(&w, "usage");
	write_raw(&w, usage_of(e->meta));
	write_object_end(&w);
	run->hits++;
	store_count(run->shelf.store, k->scope, true);
	edits_set(r->edits, r->root, key_answer_member(q->shape), e->body);
	return sign(r, run);
}

/* Why the request may not be cached at all, or NULL. */
static const char *
refusal(const struct request *q, struct value scope)
{
	double temperature;
	struct slice text = json_string_raw(scope);

	/* a tenant that is not told must never meet another's answers */
	if (scope_text && (json_type(scope) <= JSON_NULL || (text.ptr && text.len == 0)))
		return "no value at --scope";
	if (only_deterministic && json_type(request_parameter(q, "seed")) <= JSON_NULL &&
	    (!json_double(request_parameter(q, "temperature"), &temperature) ||
		temperature != 0))
		return "neither temperature 0 nor a seed";
	return NULL;
}

static enum verdict
judge(void *context, struct record *r)
{
	struct run *run = context;
	struct request q;
	struct value scope = { 0 };
	struct store_entry e;
	struct key k;
	const char *reason;

	if (!request_read(r->json, &q) || q.answered || json_type(q.body) != JSON_OBJECT)
		return PASS;
	buf_clear(&run->note);
	if (scope_path)
		scope = path_get(scope_path, r->root);
	reason = refusal(&q, scope);
	if (reason)
		return sign_miss(r, run, NULL, scope, reason);
	if (!key_make(&q, scope, r->arena, &k))
		return PASS; /* the stream rejects it for what stands twice */
	if (look_up(run, &k, r->arena, &e))
		return sign_hit(r, run, &q, &k, scope, &e);
	return sign_miss(r, run, &k, scope, NULL);
}

void
get_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct run run = { .hits = 0 };
	const char *why;

	if (scope_text && !(scope_path = path_compile(scope_text, &why)))
		diag_die(STATUS_USAGE, "'--scope' '%s': %s", scope_text, why);
	shelf_open(&run.shelf, store_name, tool_common()->dry_run);
	stream_each(&o, judge, &run);
	shelf_close(&run.shelf);
	diag_detail("%" PRIu64 " known, %" PRIu64 " not (%" PRIu64 " expired, %" PRIu64
		    " collapsed)",
	    run.hits, run.misses, run.expired, run.collapsed);
	seen_free(&run.seen);
	buf_free(&run.note);
}
