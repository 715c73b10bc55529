/* SPDX-License-Identifier: MIT */
/* llm-route apply: what a first step said is carried into the records that it was for. */
#include <inttypes.h>

#include "cmd/llm-route/ask/agree.h"
#include "cmd/llm-route/ask/answers.h"
#include "cmd/llm-route/ask/side.h"
#include "cmd/llm-route/decide.h"
#include "cmd/llm-route/output/output.h"
#include "cmd/llm-route/route.h"

static const char *answers_file, *act_model, *labels = "simple,moderate,complex",
					     *attribute = "complexity";
static uint64_t agreement = 900000, shortest;

const struct option answers_options[] = {
	{ 0, "answers", OPTION_TEXT, "F", &answers_file, "what the first step answered", NULL },
	{ 0, "labels", OPTION_TEXT, "A,B,...", &labels,
	    "what classify chose from (simple,moderate,complex)", NULL },
	{ 0, "as", OPTION_TEXT, "NAME", &attribute,
	    "the attribute that a label is (complexity)", NULL },
	{ 0, "model", OPTION_TEXT, "MODEL", &act_model, "who acts after a plan", NULL },
	{ 0, "agreement", OPTION_SHARE, "P", &agreement,
	    "how alike several drafts must be to be accepted (0.9)", NULL },
	{ 0, "min-length", OPTION_NUMBER, "N", &shortest, "least characters of a good draft",
	    NULL },
	{ 0 },
};

static const char refine_text[] =
    "Check this draft against the request. Correct what is wrong or missing and give the final "
    "answer only, in the form that was asked for.";

struct applier {
	struct answers *answers;
	struct policy *policy; /* without rules: for prices */
	uint64_t labelled, unknown, planned, accepted, refined, missing;
	struct usd drafts, refining, at_once;
};

static void
tag(struct record *r, const char *name, struct slice text)
{
	const char *const version[] = { "llm", "v" }, *const path[] = { "llm", "tags", name };

	edits_set_path(r->edits, r->root, version, 2, SLICE("1"));
	edits_set_path(r->edits, r->root, path, 3, chat_quote(text, r->arena));
}

static void
route_says(struct record *r, const char *name, struct slice text)
{
	const char *const version[] = { "llm", "v" }, *const path[] = { "llm", "route", name };

	edits_set_path(r->edits, r->root, version, 2, SLICE("1"));
	edits_set_path(r->edits, r->root, path, 3, chat_quote(text, r->arena));
}

/* A label that is none is written as such: the fallback for labels decides. */
static enum verdict
apply_label(struct applier *p, struct record *r, const struct side_answer *s)
{
	struct slice label = { NULL, 0 };

	if (!s->fault)
		label = agree_label(s->text, slice_z(labels), r->arena);
	p->labelled += label.ptr != NULL;
	p->unknown += label.ptr == NULL;
	tag(r, attribute, label.ptr ? label : SLICE("unknown"));
	return EDIT;
}

static enum verdict
apply_plan(
    struct applier *p, struct record *r, const struct request *q, const struct side_answer *s)
{
	struct slice text = slice_trim(s->text);

	if (s->fault || !text.len ||
	    !side_order(r, q,
		arena_printf(r->arena, "Follow this plan. Give the result only.\n\n%.*s",
		    SLICE_ARG(text)))) {
		p->missing++;
		return PASS; /* one step, as if nothing had been asked */
	}
	p->planned++;
	if (act_model)
		side_model(r, q, slice_z(act_model));
	if (act_model && side_names_none(q))
		route_says(r, "model", slice_z(act_model));
	return EDIT;
}

/* What one more request would cost: the draft is input, the answer as long again. */
static void
reckon(struct applier *p, struct record *r, const struct request *q,
    const struct side_answer *first, bool refine)
{
	static const struct settings none;
	enum lane lane = LANE_REALTIME;
	const struct model *m;
	struct facts f;
	struct usd cost;
	struct tokens text;
	const char *why;

	facts_read(&f, p->policy, q, r->arena);
	if (!f.asked.len)
		return;
	m = policy_model(p->policy, f.asked);
	text = tokens_text(m->tokenizer, first->text);
	f.expected_output = text.count ? text.count : 1;
	if (!candidate_cost(&f, m, &none, &lane, &cost, &why))
		return;
	p->at_once = usd_add(p->at_once, cost);
	if (refine) {
		struct price_query query = { .model = m->known, .when = f.when };
		struct bill bill;

		bill_counts(&query, text.count, 0, &bill);
		p->refining = usd_add(p->refining, usd_add(cost, bill.usd));
	}
}

/* The draft is the answer: who gave it, who was asked, and that it is paid on its own line. */
static void
accept(struct record *r, const struct request *q, const struct side_answer *s)
{
	static const char *const draft[] = { "llm", "route", "draft" };
	struct value route = json_get(q->llm, "route");
	struct slice before = json_string(json_get(route, "model"), r->arena);

	edits_set(r->edits, r->root, s->member.ptr, s->raw);
	if (before.ptr && side_names_none(q) && json_type(json_get(route, "asked")) <= JSON_NULL)
		route_says(r, "asked", before);
	if (s->model.ptr)
		route_says(r, "model", s->model);
	route_says(r, "reason", SLICE("draft accepted"));
	edits_set_path(r->edits, r->root, draft, 3, SLICE("true"));
}

static bool
all_good(const struct side_answer *s, struct arena *a)
{
	for (const struct side_answer *one = s; one; one = one->next)
		if (one->kind != ASK_DRAFT || one->fault || one->text.len < shortest ||
		    !one->raw.ptr ||
		    (one != s &&
			(one->calls || !agree_texts(s->text, one->text, agreement, a))))
			return false;
	return true;
}

static enum verdict
apply_draft(
    struct applier *p, struct record *r, const struct request *q, const struct side_answer *s)
{
	bool good = all_good(s, r->arena);

	for (const struct side_answer *one = s; one; one = one->next)
		p->drafts = one->priced ? usd_add(p->drafts, one->usd) : p->drafts;
	if (good) {
		p->accepted++;
		reckon(p, r, q, s, false);
		accept(r, q, s);
		return EDIT;
	}
	if (!slice_trim(s->text).len || !side_say(r, q, true, slice_trim(s->text)) ||
	    !side_say(r, q, false, slice_z(refine_text))) {
		p->missing++;
		return PASS;
	}
	p->refined++;
	reckon(p, r, q, s, true);
	route_says(r, "reason", SLICE("draft to be refined"));
	return EDIT;
}

static enum verdict
apply_record(void *context, struct record *r)
{
	struct applier *p = context;
	const struct side_answer *s;
	struct request q;

	if (!route_is_open(r, &q))
		return PASS;
	s = answers_of(p->answers, side_parent(r, &q));
	if (!s) {
		p->missing++;
		return PASS;
	}
	switch (s->kind) {
	case ASK_CLASSIFY: return apply_label(p, r, s);
	case ASK_PLAN: return apply_plan(p, r, &q, s);
	default: return apply_draft(p, r, &q, s);
	}
}

static void
report(const struct applier *p)
{
	char drafts[64], refining[64], once[64];

	if (p->missing)
		diag_detail("requests without a usable answer of the first step, which stay as "
			    "they are: %" PRIu64,
		    p->missing);
	if (p->labelled || p->unknown)
		diag_detail("%" PRIu64 " label%s, %" PRIu64 " answers with none of '%s'",
		    p->labelled, p->labelled == 1 ? "" : "s", p->unknown, labels);
	if (p->planned)
		diag_detail("%" PRIu64 " plan%s", p->planned, p->planned == 1 ? "" : "s");
	if (p->accepted || p->refined || usd_cmp(p->drafts, (struct usd){ 0 }) > 0)
		diag_note(
		    "%" PRIu64 " draft%s accepted, %" PRIu64
		    " to be refined: $%s for drafts and about $%s for refining, against about "
		    "$%s at once",
		    p->accepted, p->accepted == 1 ? "" : "s", p->refined, usd_round(p->drafts, 6, drafts),
		    usd_round(p->refining, 6, refining), usd_round(p->at_once, 6, once));
}

void
answers_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct policy policy = { 0 };
	struct applier p = { .policy = &policy };

	if (!answers_file)
		tool_usage("'--answers' says where the answers of the first step are");
	p.answers = answers_open(answers_file);
	stream_each(&o, apply_record, &p);
	report(&p);
	answers_close(p.answers);
	policy_free(&policy);
}
