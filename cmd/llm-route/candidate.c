/* SPDX-License-Identifier: MIT */
/* Can this model take this row, and what would it cost? */
#include "cmd/llm-route/decide.h"

#include <inttypes.h>

uint64_t
effective_cap(const struct request *r, const struct settings *settings)
{
	uint64_t cap = 0;

	if (!json_whole(request_cap(r, NULL), &cap))
		cap = 0;
	if (settings->max_tokens && (!cap || settings->max_tokens < cap))
		cap = settings->max_tokens;
	return cap;
}

/* A table that lists what a model can do and leaves this out means that it cannot; one that
 * lists nothing (an own endpoint) says nothing. */
static const char *
lacks(const struct model_facts *m, const struct needs *n)
{
	if (!m->says_vision && !m->says_tools && !m->says_audio && !m->says_files &&
	    !m->says_schema && !m->says_reasoning)
		return NULL;
	if (n->vision && !m->vision)
		return "takes no images";
	if (n->audio && !m->audio)
		return "takes no audio";
	if (n->files && !m->files)
		return "takes no files";
	if (n->tools && !m->tools)
		return "has no tools";
	if (n->schema && !m->schema)
		return "has no schema mode";
	return NULL;
}

/* A body in one provider's own form cannot go to a model whose provider takes another: nothing
 * here translates it. Chat is taken nearly everywhere; a provider that is not listed may take
 * anything. */
static const char *
speaks_otherwise(const struct model *m, enum api api)
{
	static const char *const chat_only[] = { "openai", "azure", "mistral", "groq", "x-ai",
		"cohere", "together", "fireworks", "perplexity", "cerebras" };
	struct slice provider = slice_z(m->facts.provider);
	bool other = api == API_CONVERSE &&
		     (slice_eqz(provider, "anthropic") || slice_eqz(provider, "google"));

	if (api != API_MESSAGES && api != API_GEMINI && api != API_CONVERSE)
		return NULL;
	if (api == API_MESSAGES)
		other = slice_eqz(provider, "google");
	if (api == API_GEMINI)
		other = slice_eqz(provider, "anthropic") || slice_eqz(provider, "deepseek");
	for (size_t i = 0; i < sizeof(chat_only) / sizeof(*chat_only); i++)
		other = other || slice_eqz(provider, chat_only[i]);
	return other ? "takes requests of another form" : NULL;
}

/* An estimate is compared at its upper bound. */
static const char *
too_large(struct facts *f, const struct model_facts *m, uint64_t input, uint64_t cap)
{
	uint64_t need = input + (cap ? cap : OUTPUT_RESERVE);

	if (m->max_output && cap > m->max_output)
		return arena_printf(f->arena,
		    "gives at most %" PRIu64 " tokens, asked for %" PRIu64, m->max_output, cap)
		    .ptr;
	if (m->context && need > m->context)
		return arena_printf(f->arena,
		    "has a window of %" PRIu64 " tokens, needed %" PRIu64, m->context, need)
		    .ptr;
	return NULL;
}

struct candidate
candidate_judge(struct facts *f, const struct model *m, const struct settings *settings)
{
	struct candidate c = { .model = m };
	struct price_query q = { .model = m->known, .when = f->when, .lane = f->lane };
	uint64_t cap = effective_cap(f->request, settings);
	struct tokens tokens;
	struct bill bill;

	if (!m->facts.known && !price_known(&q)) {
		c.why = "is in no price table";
		return c;
	}
	tokens = facts_tokens(f, m->tokenizer);
	c.why = speaks_otherwise(m, f->request->api);
	if (!c.why)
		c.why = lacks(&m->facts, &f->needs);
	if (!c.why)
		c.why = too_large(f, &m->facts, tokens.high, cap);
	if (c.why)
		return c;
	bill_counts(&q, tokens.count, cap ? cap : OUTPUT_RESERVE, &bill);
	if (!bill.priced && q.lane != LANE_REALTIME) {
		q.lane = LANE_REALTIME; /* who has no such lane answers at once */
		bill_counts(&q, tokens.count, cap ? cap : OUTPUT_RESERVE, &bill);
	}
	c.fits = bill.priced;
	c.cost = bill.usd;
	c.why = bill.priced ? NULL : bill.unpriced;
	return c;
}
