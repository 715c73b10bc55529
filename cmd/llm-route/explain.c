/* SPDX-License-Identifier: MIT */
/* llm-route explain: for each record, rule by rule, why. Content is cleaned for a terminal. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/llm-route/decide.h"
#include "cmd/llm-route/route.h"
#include "cmd/llm-route/setup.h"

static void
explain_condition(const struct condition *c, struct facts *f)
{
	struct slice got = { NULL, 0 };
	enum test t = condition_test(c, f, &got);

	printf("    %-4s %s",
	    t == TEST_YES  ? "yes"
	    : t == TEST_NO ? "no"
			   : "limit",
	    diag_clean(c->source));
	if (c->subject == SUBJECT_TEXT)
		printf("  (%zu texts, %zu bytes)\n", f->texts.user_count, f->user_bytes);
	else if (got.ptr)
		printf("  (it is '%s')\n", diag_clean(got));
	else
		printf("  (the record has none)\n");
}

static void
explain_rules(struct facts *f, const struct decision *d)
{
	const struct routes *routes = f->routes;

	for (size_t i = 0; i < routes->rule_count; i++) {
		const struct rule *rule = &routes->rules[i];

		printf("  %s %s (line %" PRIu64 ") -> %s%s\n",
		    i < routes->default_at ? "rule" : "the", diag_clean(rule->name), rule->line,
		    diag_clean(rule->target.name), rule == d->rule ? "  MATCHES" : "");
		for (size_t k = 0; k < rule->count; k++)
			explain_condition(&rule->conditions[k], f);
		if (rule == d->rule)
			break;
	}
}

static void
explain_evidence(const char *what, const char *value, const struct found_words *e)
{
	printf("  %s %s", what, value);
	for (size_t i = 0; i < e->count; i++)
		printf("%s%s", i ? ", " : ": ", diag_clean(e->word[i]));
	printf("\n");
}

static void
explain_outcome(const struct decision *d)
{
	char text[64];

	printf("  => %s: %s", d->model.ptr ? diag_clean(d->model) : "(no model)",
	    d->keep ? "kept" : "chosen");
	if (d->reason.len)
		printf("; %s", diag_clean(d->reason));
	printf("\n     %s", lane_name(d->lane));
	if (d->priced)
		printf(", at most $%s", usd_write(d->cost, text));
	else
		printf(", no price: %s", d->unpriced);
	for (size_t i = 0; i < d->alternate_count; i++)
		printf("%s%s", i ? ", " : "; else ", diag_clean(d->alternates[i]));
	printf("\n");
}

static enum verdict
explain_record(void *context, struct record *r)
{
	struct request q;
	struct facts f;
	struct decision d;
	struct slice id;

	if (!route_is_open(r, &q))
		return DROP;
	facts_read(&f, context, &q, r->arena);
	decide(&f, &d);
	id = json_string(q.id, r->arena);
	printf("%s:%" PRIu64 ": %s %s, %" PRIu64 " tokens\n", diag_clean(slice_z(r->file)),
	    r->number, id.ptr ? diag_clean(id) : "-",
	    f.asked.ptr ? diag_clean(f.asked) : "(no model)",
	    facts_tokens(&f, f.tokenizer).count);
	explain_evidence("task", diag_clean(f.task), &f.task_evidence);
	explain_evidence("complexity", level_names[f.level], &f.level_evidence);
	if (f.policy->semantic)
		printf("  intent %s (%u %%)%s%s\n", diag_clean(f.intent), f.intent_score,
		    f.intent_why ? ": " : "", f.intent_why ? f.intent_why : "");
	if (f.lane_why)
		printf("  in real time: %s\n", f.lane_why);
	explain_rules(&f, &d);
	explain_outcome(&d);
	decision_sent(&f, &d);
	return DROP;
}

const struct option explain_options[] = { SETUP_OPTIONS, { 0 } };

void
explain_run(const struct option_list *operands)
{
	struct option_list files = { operands->item + 1, operands->count - 1 };
	struct stream_options o = tool_stream(&files, NO_OBJECT_SKIP);
	struct policy *p = setup_open(operands->item[0]);

	o.no_output = true;
	stream_each(&o, explain_record, p);
	setup_close(p);
}
