/* SPDX-License-Identifier: MIT */
/* What a row would cost with a model: its cap, its thinking, what its prompt cache holds. */
#include "cmd/llm-route/decide.h"
#include "prompt_cache/chain.h"

#define THINKING_LEAST 1024 /* Anthropic: least budget */
#define CACHE_LIFE (INT64_C(5) * 60 * 1000)

static const char *const efforts[] = { "none", "minimal", "low", "medium", "high", "xhigh" };
#define EFFORTS (sizeof(efforts) / sizeof(*efforts))

static size_t
effort_rank(struct slice name)
{
	size_t i = 0;

	while (i < EFFORTS && !slice_eqz(name, efforts[i]))
		i++;
	return i;
}

static struct slice
effort_asked(const struct request *r)
{
	struct value v =
	    r->api == API_RESPONSES  ? json_get(json_get(r->body, "reasoning"), "effort")
	    : r->api == API_MESSAGES ? json_get(json_get(r->body, "output_config"), "effort")
				     : json_get(r->body, "reasoning_effort");

	return json_string_raw(v);
}

struct slice
effective_effort(const struct request *r, const struct settings *settings)
{
	struct slice asked = effort_asked(r);

	if (!settings->effort.ptr)
		return asked;
	return effort_rank(asked) < effort_rank(settings->effort) ? asked : settings->effort;
}

bool
takes_budget(const struct request *r, const struct settings *settings)
{
	return settings->has_thinking &&
	       (r->api == API_GEMINI ||
		   (r->api == API_MESSAGES &&
		       (!settings->thinking || settings->thinking >= THINKING_LEAST)));
}

/* Tokens that a model which reasons may think within the cap, before it says anything. By
 * effort: what the providers' guides reserve, 25,000 at most (OpenAI, reasoning guide). */
static uint64_t
thinking_room(const struct request *r, const struct settings *s, const struct model *m)
{
	static const uint64_t by_effort[EFFORTS + 1] = { 0, 512, 2048, 8192, 25000, 25000,
		8192 };
	uint64_t budget = 0;

	if (!m->facts.says_reasoning || !m->facts.reasoning)
		return 0;
	if (s->has_room)
		return s->room;
	if (takes_budget(r, s))
		return s->thinking;
	if (!model_thinks_unasked(m->known, &m->facts)) {
		if (!json_whole(
			json_get(json_get(r->body, "thinking"), "budget_tokens"), &budget))
			budget = 0;
		return budget;
	}
	return by_effort[effort_rank(effective_effort(r, s))];
}

bool
cap_is_thought(const struct facts *f, const struct settings *settings, const struct model *m)
{
	return f->cap && f->cap == effective_cap(f, settings, m) &&
	       f->cap < thinking_room(f->request, settings, m);
}

uint64_t
effective_cap(const struct facts *f, const struct settings *settings, const struct model *m)
{
	uint64_t cap = f->cap, own = settings->max_tokens;

	if (own)
		own += thinking_room(f->request, settings, m);
	if (own && m->facts.max_output && own > m->facts.max_output &&
	    settings->max_tokens <= m->facts.max_output)
		own = m->facts.max_output;
	return own && (!cap || own < cap) ? own : cap;
}

/* What the provider's cache still holds of this prompt. */
static uint64_t
cached_tokens(struct facts *f, const struct model *m)
{
	bool marks = slice_eqz(slice_z(m->facts.provider), "anthropic");
	struct slice raw = json_raw(f->request->body);
	struct chain chain;

	if (!f->policy->warm || (marks && !memmem(raw.ptr, raw.len, "cache_control", 13)))
		return 0;
	chain_of(f->request, m->known, !marks, f->arena, &chain);
	return warm_read(f->policy->warm, &chain, f->when, CACHE_LIFE, chain_minimum(m->known));
}

void
decision_sent(struct facts *f, const struct decision *d)
{
	struct chain chain;

	if (!f->policy->warm || !d->chosen)
		return;
	chain_of(f->request, d->chosen->known,
	    !slice_eqz(slice_z(d->chosen->facts.provider), "anthropic"), f->arena, &chain);
	warm_send(f->policy->warm, &chain, f->when);
}

struct usd
declared_cost(
    const struct declared *d, enum lane lane, uint64_t input, uint64_t cached, uint64_t output)
{
	struct usd in = d->input, out = d->output, sum;

	if (lane == LANE_BATCH && d->has_batch_input) {
		in = d->batch_input;
		out = d->batch_output;
	}
	sum = usd_add(usd_times(in, input - cached), usd_times(out, output));
	return usd_add(
	    sum, usd_times(d->has_cached && lane == LANE_REALTIME ? d->cached : in, cached));
}

bool
candidate_cost(struct facts *f, const struct model *m, const struct settings *settings,
    enum lane *lane, struct usd *cost, const char **why)
{
	struct price_query q = { .model = m->known, .when = f->when, .lane = *lane };
	uint64_t cap = effective_cap(f, settings, m), output;
	struct usage u = { .present = true };
	struct bill bill;

	output = f->expected_output && (!cap || f->expected_output < cap) ? f->expected_output
		 : cap                                                    ? cap
									  : OUTPUT_RESERVE;
	if (f->request->api == API_EMBEDDING)
		output = 0;
	u.input = facts_tokens(f, m->tokenizer).count;
	if (settings->schema.ptr && !f->needs.schema)
		u.input += tokens_text(m->tokenizer, settings->schema).high;
	if (settings->tool.ptr && !f->needs.tools && !f->needs.schema)
		u.input += tokens_text(m->tokenizer, settings->tool).high;
	if (settings->low_detail)
		u.input -= u.input > f->image_saved ? f->image_saved : u.input;
	u.output = output;
	u.cached = cached_tokens(f, m);
	u.cached = u.cached > u.input ? u.input : u.cached;
	if (m->declared && (m->declared->no_batch && *lane == LANE_BATCH))
		q.lane = *lane = LANE_REALTIME;
	if (m->declared && m->declared->has_input) {
		if (*lane != LANE_BATCH || !m->declared->has_batch_input)
			*lane = LANE_REALTIME;
		*cost = declared_cost(m->declared, *lane, u.input, u.cached, u.output);
		return true;
	}
	bill_usage(&q, &u, &bill);
	if (!bill.priced && q.lane != LANE_REALTIME) {
		q.lane = LANE_REALTIME; /* who has no such lane answers at once */
		bill_usage(&q, &u, &bill);
	}
	*lane = q.lane;
	*cost = bill.usd;
	*why = bill.priced ? NULL : bill.unpriced;
	return bill.priced;
}
