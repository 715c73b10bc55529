/* SPDX-License-Identifier: MIT */
/* llm-route check: a good answer passes byte for byte; in place of a bad one stands the request
 * again, for a stronger model. */
#include <inttypes.h>

#include "cmd/llm-route/apply.h"
#include "cmd/llm-route/check/fault.h"
#include "cmd/llm-route/check/verdicts.h"
#include "cmd/llm-route/output/output.h"
#include "cmd/llm-route/route.h"
#include "cmd/llm-route/setup.h"
#include "json/write.h"

#define MILLION 1e6

static const char *stronger, *judged_file;
static uint64_t if_below = 1000001, min_score = 500000, shortest, most_tries = 2;
static bool want_json;

const struct option check_options[] = {
	SETUP_ROUTES,
	{ 0, "to", OPTION_TEXT, "MODEL", &stronger, "who gets bad rows, without ROUTES", NULL },
	{ 0, "if-below", OPTION_SHARE, "C", &if_below,
	    "ask for scores only where the answer is less sure than this", NULL },
	{ 0, "min-score", OPTION_SHARE, "S", &min_score, "scores from S on are good (0.5)",
	    NULL },
	{ 0, "judged", OPTION_TEXT, "F", &judged_file, "judges' lines, joined by llm.for",
	    NULL },
	{ 0, "json", OPTION_FLAG, NULL, &want_json,
	    "answers are JSON, fenced or not, whatever the request says", NULL },
	{ 0, "min-length", OPTION_NUMBER, "N", &shortest, "least characters of an answer",
	    NULL },
	{ 0, "max-tries", OPTION_NUMBER, "N", &most_tries,
	    "tries in all, the first one included (2)", NULL },
	{ 0 },
};

struct checker {
	struct policy *policy;
	struct verdicts *verdicts;
	uint64_t passed, escalated, failed, strongest, by_fault[FAULTS];
};

/* How sure the answer is: by its tokens' probabilities, else as its route was. */
static bool
confidence_of(const struct judged *j, const struct request *q, double *confidence)
{
	*confidence = j->confidence;
	return j->has_confidence ||
	       json_double(json_get(json_get(q->llm, "route"), "confidence"), confidence);
}

static enum fault
judge(const struct checker *c, const struct request *q, struct slice id, struct arena *a)
{
	struct fault_options o = { want_json, shortest };
	struct verdict_said said = verdicts_of(c->verdicts, q, id, a);
	struct judged j;
	enum fault fault;
	double confidence, score;

	fault_read(&j, q, a);
	fault = fault_of(&j, q, &o, a);
	if (fault)
		return fault;
	if (said.has_label && !said.good)
		return FAULT_VERDICT;
	if (said.has_label && !said.has_score)
		return FAULT_NONE;
	if (confidence_of(&j, q, &confidence) && confidence * MILLION >= (double)if_below)
		return FAULT_NONE;
	/* nobody scored it: its own probabilities, less a fifth for each word of doubt */
	score = said.has_score ? said.score : j.has_confidence ? j.confidence : 1;
	if (!said.has_score)
		score -= 0.2 * j.hedges;
	return score * MILLION + 0.5 < (double)min_score ? FAULT_SCORE : FAULT_NONE;
}

/* The greatest tier that this kind of user may have. */
static size_t
most_of(struct facts *f)
{
	const struct routes *routes = f->routes;
	struct slice name = json_string(f->attribute[ATTRIBUTE_TIER], f->arena);

	if (!routes->user_count)
		return routes->tier_count;
	for (size_t i = 0; i < routes->user_count; i++)
		if (name.ptr && slice_eq(routes->users[i].name, name))
			return routes->users[i].most + 1;
	return routes->users[routes->fallbacks.user].most + 1;
}

/* The cheapest model of the next tier up that can take the row; false if there is none. */
static bool
next_up(struct facts *f, struct decision *d)
{
	const struct routes *routes = f->routes;
	size_t tier = routes_tier_of(routes, routes_alias(routes, f->asked)), end = most_of(f);

	for (size_t i = tier + 1; tier != SIZE_MAX && i < end; i++)
		if (decide_among(
			f, d, routes->tiers[i].models, routes->tiers[i].count, i, end - 1))
			return true;
	return false;
}

static bool
given(struct facts *f, struct decision *d)
{
	const struct model *m = policy_model(f->policy, slice_z(stronger));

	return !slice_eq(f->asked, m->name) && decide_among(f, d, m, 1, SIZE_MAX, SIZE_MAX);
}

/* Members of the answer, and of what later stages said of it. */
static void
remove_answer(struct record *r, const struct request *q)
{
	static const char *const top[] = { "response", "result", "modelOutput", "error",
		"status", "processed_time", "verdict", "score" };
	static const char *const own[] = { "batch", "cost", "judge" };

	for (struct value k = json_first(r->root); json_type(k); k = json_next(k))
		for (size_t i = 0; i < sizeof(top) / sizeof(*top); i++)
			if (json_is(k, top[i]))
				edits_remove(r->edits, k);
	for (struct value k = json_first(q->llm);
	     json_type(q->llm) == JSON_OBJECT && json_type(k); k = json_next(k))
		for (size_t i = 0; i < 3; i++)
			if (json_is(k, own[i]))
				edits_remove(r->edits, k);
}

static void
put(struct record *r, const char *first, const char *second, struct slice raw)
{
	const char *const path[] = { "llm", first, second };

	edits_set_path(r->edits, r->root, path, second ? 3 : 2, raw);
}

static void
annotate(struct record *r, const struct facts *f, const struct decision *d, enum fault fault,
    uint64_t tries, struct slice id)
{
	char text[64];
	struct arena *a = r->arena;
	struct slice reason = arena_printf(a, "escalated: %s", fault_names[fault]);

	if (cap_is_thought(f, &d->settings, d->chosen))
		reason = arena_printf(a, "%.*s; may think up its cap of %" PRIu64,
		    SLICE_ARG(reason), f->cap);
	put(r, "v", NULL, SLICE("1"));
	put(r, "for", NULL, chat_quote(id, a));
	put(r, "side", NULL, SLICE("\"route\""));
	put(r, "route", "model", chat_quote(d->model, a));
	put(r, "route", "escalated_from",
	    f->asked.ptr ? chat_quote(f->asked, a) : SLICE("null"));
	put(r, "route", "tries", arena_printf(a, "%" PRIu64, tries + 1));
	put(r, "route", "reason", chat_quote(reason, a));
	put(r, "route", "estimated_cost",
	    chat_quote(arena_copy(a, slice_z(usd_write(d->cost, text))), a));
	put(r, "route", "lane", chat_quote(slice_z(lane_name(d->lane)), a));
	apply_instead(r, f, d);
}

static void
escalate(struct record *r, const struct request *q, struct facts *f, struct decision *d,
    enum fault fault, struct slice id)
{
	uint64_t tries = 1;

	json_whole(json_get(json_get(q->llm, "route"), "tries"), &tries);
	remove_answer(r, q);
	apply_decision(r, q, f, d, false);
	annotate(r, f, d, fault, tries, id);
}

static enum verdict
check_record(void *context, struct record *r)
{
	struct checker *c = context;
	struct decision d;
	struct request q;
	struct facts f;
	struct slice id;
	uint64_t tries = 1;
	enum fault fault;

	if (!request_read(r->json, &q) || !q.answered || q.shape == SHAPE_USAGE ||
	    q.api == API_NONE || q.api == API_EMBEDDING)
		return PASS;
	if (answer_ending(&q) == ENDING_FAILED) {
		c->failed++;
		return PASS; /* not a bad answer but none: llm-batch retry */
	}
	id = json_string(q.id, r->arena);
	if (!id.ptr)
		id = arena_printf(r->arena, "r-%" PRIu64, r->ordinal);
	fault = judge(c, &q, id, r->arena);
	if (!fault) {
		c->passed++;
		return PASS;
	}
	facts_read(&f, c->policy, &q, r->arena);
	if (!f.asked.ptr)
		f.asked = request_answer_model(&q, r->arena);
	json_whole(json_get(json_get(q.llm, "route"), "tries"), &tries);
	if (tries >= most_tries || !(stronger ? given(&f, &d) : next_up(&f, &d))) {
		c->strongest++;
		diag_detail("%s:%" PRIu64 ": %s, and no stronger model to ask", r->file,
		    r->number, fault_names[fault]);
		return PASS;
	}
	c->escalated++;
	c->by_fault[fault]++;
	if (tool_common()->dry_run) {
		diag_note("%s:%" PRIu64 ": %s: %s -> %s", r->file, r->number,
		    fault_names[fault], diag_clean(f.asked), diag_clean(d.model));
		return DROP;
	}
	escalate(r, &q, &f, &d, fault, id);
	return EDIT;
}

void
check_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct checker c = { 0 };

	if (!setup.routes == !stronger)
		tool_usage("either '--routes' or '--to' says who is stronger");
	setup.ranks_only = true;
	c.policy = setup_open(setup.routes);
	c.verdicts = judged_file ? verdicts_open(judged_file) : NULL;
	if (tool_common()->dry_run)
		o.no_output = true;
	stream_each(&o, check_record, &c);
	diag_detail("%" PRIu64 " passed, %" PRIu64 " escalated, %" PRIu64
		    " bad but nobody stronger, %" PRIu64 " failed calls",
	    c.passed, c.escalated, c.strongest, c.failed);
	verdicts_close(c.verdicts);
	setup_close(c.policy);
}
