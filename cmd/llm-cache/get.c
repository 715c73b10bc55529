/* SPDX-License-Identifier: MIT */
#include "ahead.h"

#include <inttypes.h>
#include <time.h>

#include "base/buf.h"
#include "base/when.h"
#include "json/path.h"
#include "json/write.h"
#include "keep.h"
#include "semantic.h"

#define TALLY_MS                                                                     \
	5000 /* at most so much of the tallies is lost with a process that is killed \
	      */
#define POLL_MS 20

static const char *store_name, *scope_text, *answered_by, *on_claimed = "wait";
static bool collapse, only_deterministic;
static int64_t claim;
static uint64_t least = UINT64_MAX;

const struct option get_options[] = {
	STORE_OPTIONS(store_name),
	{ 0, "scope", OPTION_TEXT, "PATH", &scope_text,
	    "answers are known only to records with the same value there", NULL },
	{ 0, "collapse", OPTION_FLAG, NULL, &collapse,
	    "let one of several equal requests through, and mark the rest", NULL },
	{ 0, "answered-by", OPTION_TEXT, "MODEL", &answered_by,
	    "take answers of this model alone", NULL },
	{ 0, "only-deterministic", OPTION_FLAG, NULL, &only_deterministic,
	    "only requests with temperature 0 or a seed", NULL },
	{ 0, "claim", OPTION_DURATION, "T", &claim,
	    "lease each miss for so long: one process asks, others do not", NULL },
	{ 0, "on-claimed", OPTION_TEXT, "WHAT", &on_claimed,
	    "what another's lease means: wait (for its answer), or miss", NULL },
	{ 0, "min-hit-rate", OPTION_SHARE, "P", &least,
	    "status 1 where fewer of this run's requests are known", NULL },
	SEMANTIC_OPTIONS,
	VECTOR_OPTIONS,
	{ 0 },
};

static struct path *scope_path;

struct run {
	struct shelf shelf;
	struct semantic *semantic;   /* NULL: exact answers alone */
	struct semantic_found found; /* of the record at hand */
	struct seen seen;
	uint64_t hits, misses, collapsed, expired;
	struct buf note; /* the annotation of the record at hand */
	struct stream *stream;
	struct ahead *ahead; /* NULL: one look-up at a time */
	/* of the record at hand, where it was looked up with others; else NULL */
	const struct key *key;
	const struct store_ask *ask;
	int64_t told; /* ticks: when the tallies were last made durable */
};

static bool
look_up(
    struct run *run, const struct key *k, bool again, struct arena *a, struct store_entry *e)
{
	struct store_ask own = { .scope = k->scope, .key = k->digest, .again = again };
	const struct store_ask *ask = run->ask;
	const char *trouble;

	/* asked again, it is asked anew */
	run->ask = NULL;
	if (!run->shelf.store)
		return false;
	if (!ask) {
		store_look_up(run->shelf.store, &own, 1, a);
		trouble = store_trouble(run->shelf.store);
		if (trouble)
			shelf_fail(&run->shelf, trouble);
		ask = &own;
	}
	if (!ask->found)
		return false;
	*e = ask->entry;
	if (e->request.len && !slice_eq(e->request, k->request))
		return false;
	if (!entry_in_time(e, when_now())) {
		run->expired++;
		return false;
	}
	return !answered_by || model_is(e->model, answered_by);
}

/* What every scope may read, where that of the record knows nothing. */
static bool
look_vetted(struct run *run, const struct request *q, struct arena *a, struct store_entry *e)
{
	struct key k;

	return scope_path && run->shelf.store && key_make(q, key_vetted(), a, &k) &&
	       look_up(run, &k, false, a, e);
}

static void
write_key(struct writer *w, const struct key *k, struct value scope)
{
	char text[1 + KEY_TEXT] = "\"";

	key_write(k->digest, text + 1);
	text[KEY_TEXT] = '"';
	write_name(w, "key");
	write_raw(w, slice_of(text, sizeof(text)));
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

static void
count(struct run *run, const struct request *q, const struct key *k, struct arena *a,
    const struct store_tally *tally)
{
	struct store_group group = { .scope = k ? k->scope : SLICE("") };

	if (!run->shelf.store)
		return;
	group.rule = json_string(json_get(json_get(q->llm, "route"), "rule"), a);
	group.model = request_model(q, a);
	store_count(run->shelf.store, &group, tally);
}

static enum verdict
sign_miss(struct record *r, struct run *run, const struct request *q, const struct key *k,
    struct value scope, const char *reason)
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
	if (reason || run->found.reason) {
		write_name(&w, "reason");
		write_z(&w, reason ? reason : run->found.reason);
	}
	if (!copy)
		semantic_write_miss(&w, &run->found);
	write_object_end(&w);
	run->misses++;
	run->collapsed += copy;
	if (!copy)
		count(run, q, k, r->arena, &(struct store_tally){ .misses = 1 });
	return sign(r, run);
}

static enum verdict
sign_hit(struct record *r, struct run *run, const struct request *q, const struct key *k,
    struct value scope, const struct store_entry *e)
{
	struct writer w = { .out = &run->note };
	struct note note;

	note_read(e->meta, &note);
	write_object(&w);
	write_key(&w, k, scope);
	write_name(&w, "hit");
	write_bool(&w, true);
	if (run->found.state == SEMANTIC_HIT) {
		semantic_write_hit(&w, &run->found);
	} else {
		write_name(&w, "tier");
		write_z(&w, "exact");
		if (note.via.ptr) {
			write_name(&w, "via");
			write_raw(&w, note.via);
		}
		semantic_write_origin(&w, &note);
	}
	write_name(&w, "model");
	if (e->model.len)
		write_string(&w, e->model);
	else
		write_null(&w);
	write_name(&w, "usage");
	write_raw(&w, note.usage);
	write_object_end(&w);
	run->hits++;
	count(run, q, k, r->arena,
	    &(struct store_tally){ .hits = 1,
		.input = note.input,
		.output = note.output,
		.unpriced = !note.priced,
		.usd = note.usd });
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

/* Takes the lease of the key, or waits while another process has it; what went before is sent
 * on first, since its answer may be what the others wait for. True where an answer came. */
static bool
answer_awaited(struct run *run, const struct record *r, const struct key *k,
    struct store_entry *e, const char **reason)
{
	int64_t now = when_now(), began = when_ticks(), waited = 0;
	struct timespec pause = { 0, POLL_MS * 1000000L };
	bool flushed = false;
	const char *why;

	while (
	    run->shelf.store && !tool_common()->dry_run && !store_read_only(run->shelf.store)) {
		switch (store_claim(
		    run->shelf.store, k->scope, k->digest, now + waited, claim, &why)) {
		case STORE_FAILED: shelf_fail(&run->shelf, why); return false;
		case STORE_MINE:
			/* its last holder may have answered it after we looked */
			return look_up(run, k, true, r->arena, e);
		case STORE_OTHERS: break;
		}
		if (strcmp(on_claimed, "miss") == 0) {
			*reason = "claimed by another process";
			return false;
		}
		if (!flushed)
			stream_flush(run->stream);
		flushed = true;
		nanosleep(&pause, NULL);
		waited = when_ticks() - began;
		if (look_up(run, k, true, r->arena, e))
			return true;
	}
	return false;
}

static enum verdict
judge(struct run *run, struct record *r)
{
	struct request q;
	struct value scope = { 0 };
	struct store_entry e;
	struct key k;
	const char *reason;

	if (!request_read(r->json, &q) || q.answered || json_type(q.body) != JSON_OBJECT)
		return PASS;
	buf_clear(&run->note);
	run->found = (struct semantic_found){ .state = SEMANTIC_MISS };
	if (scope_path)
		scope = path_get(scope_path, r->root);
	reason = refusal(&q, scope);
	if (reason)
		return sign_miss(r, run, &q, NULL, scope, reason);
	if (run->key)
		k = *run->key;
	else if (!key_make(&q, scope, r->arena, &k))
		return PASS; /* the stream rejects it for what stands twice */
	if (look_up(run, &k, false, r->arena, &e) || look_vetted(run, &q, r->arena, &e))
		return sign_hit(r, run, &q, &k, scope, &e);
	if (run->semantic) {
		semantic_look(run->semantic, r->root, &q, &k, scope, r->arena, &run->found);
		if (run->found.state == SEMANTIC_HIT)
			return sign_hit(r, run, &q, &k, scope, &run->found.entry);
		if (run->found.state == SEMANTIC_CHECK)
			return sign_miss(r, run, &q, &k, scope, "to be judged");
	}
	if (claim > 0 && answer_awaited(run, r, &k, &e, &reason))
		return sign_hit(r, run, &q, &k, scope, &e);
	return sign_miss(r, run, &q, &k, scope, reason);
}

/* The key of a record that is looked up with others, before it is judged. */
static bool
prepare(void *context, struct record *r, struct key *k)
{
	struct request q;
	struct value scope = { 0 };

	(void)context;
	if (!request_read(r->json, &q) || q.answered || json_type(q.body) != JSON_OBJECT)
		return false;
	if (scope_path)
		scope = path_get(scope_path, r->root);
	return !refusal(&q, scope) && key_make(&q, scope, r->arena, k);
}

static enum verdict
judge_ahead(void *context, struct record *r, const struct key *key, const struct store_ask *ask)
{
	struct run *run = context;

	run->key = key;
	run->ask = ask;
	return judge(run, r);
}

/* Nobody may be kept from writing while this process waits; and tallies need not be safe at
 * once, so that look-ups do not cost a write each time that the input pauses. */
static void
before_wait(void *context)
{
	struct run *run = context;

	if (run->ahead)
		ahead_release(run->ahead);
	if (!run->shelf.store)
		return;
	store_pause(run->shelf.store);
	if (when_ticks() - run->told < TALLY_MS)
		return;
	run->told = when_ticks();
	shelf_commit(&run->shelf);
}

static void
check_options(void)
{
	const char *why;

	if (scope_text && !(scope_path = path_compile(scope_text, &why)))
		diag_die(STATUS_USAGE, "'--scope' '%s': %s", scope_text, why);
	if (strcmp(on_claimed, "wait") != 0 && strcmp(on_claimed, "miss") != 0)
		tool_usage("'--on-claimed' wants wait or miss, not '%s'",
		    diag_clean(slice_z(on_claimed)));
	semantic_check_options();
}

static void
say_tiers(void)
{
	diag_detail("the store is on a server: %s",
	    semantic_settings.on ? "exact and semantic answers"
				 : "exact answers; '--semantic' works there too");
}

void
get_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct run run = { .told = when_ticks() };
	struct record *r;

	check_options();
	shelf_open(&run.shelf, store_name, tool_common()->dry_run);
	if (run.shelf.store && store_is_remote(store_name))
		say_tiers();
	if (run.shelf.store)
		store_hurry(run.shelf.store);
	semantic_settings.answered_by = answered_by;
	if (semantic_settings.on)
		run.semantic = semantic_open(&run.shelf);
	o.before_wait = before_wait;
	o.wait_context = &run;
	/* a file on this machine answers at once; what --strict stops at must be known at once
	 */
	if (store_is_remote(store_name) && !o.strict)
		run.ahead = ahead_open(
		    &o, &(struct ahead_use){ &run, prepare, judge_ahead, &run.shelf });
	run.stream = stream_open(&o);
	if (run.ahead)
		ahead_stream(run.ahead, run.stream);
	while ((r = stream_next(run.stream))) {
		if (run.ahead)
			ahead_put(run.ahead, r);
		else
			stream_put(run.stream, r, judge(&run, r));
	}
	if (run.ahead)
		ahead_release(run.ahead);
	stream_close(run.stream);
	ahead_close(run.ahead);
	semantic_close(run.semantic);
	shelf_close(&run.shelf);
	if (least != UINT64_MAX && !share_reached(run.hits, run.hits + run.misses, least))
		status_raise(STATUS_NO);
	diag_detail("%" PRIu64 " known, %" PRIu64 " not (%" PRIu64 " expired, %" PRIu64
		    " collapsed)",
	    run.hits, run.misses, run.expired, run.collapsed);
	seen_free(&run.seen);
	buf_free(&run.note);
}
