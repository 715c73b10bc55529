/* SPDX-License-Identifier: MIT */
/* Can this model take this row, and what would it cost? */
#include <inttypes.h>

#include "cmd/llm-route/decide.h"
#include "cmd/llm-route/form.h"

bool
candidate_is_listed(const struct model_facts *m)
{
	return m->says_vision || m->says_tools || m->says_audio || m->says_files ||
	       m->says_schema || m->says_reasoning;
}

/* A table that lists what a model can do and leaves this out means that it cannot; one that
 * lists nothing (an own endpoint) says nothing. */
static const char *
lacks(const struct model *model, const struct needs *n)
{
	const struct model_facts *m = &model->facts;

	if (n->stream && model->declared && (model->declared->cannot & CAN_STREAM))
		return "does not stream";
	if (m->known && n->product == PRODUCT_VECTORS && !m->embeds)
		return "makes no embeddings";
	if (m->embeds && n->product != PRODUCT_VECTORS)
		return "makes embeddings only";
	if (!candidate_is_listed(m))
		return NULL;
	if (n->product == PRODUCT_OTHER)
		return "makes texts only";
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

/* Is it of the provider of the model that was asked or, where none is named, of one in whose form
 * the request is? Of endpoints that have no provider's name none is known to be another's. */
static bool
is_of_own_provider(const struct facts *f, const struct model *m)
{
	const struct model *asked;

	if (!f->asked.ptr)
		return form_is_own(f->request->api, m);
	asked =
	    policy_model(f->policy, f->routes ? routes_alias(f->routes, f->asked) : f->asked);
	return slice_eq(asked->name, m->name) ||
	       (asked->facts.provider && m->facts.provider &&
		   strcmp(asked->facts.provider, m->facts.provider) == 0);
}

/* What the request's own provider keeps of it binds the row to that provider. */
static const char *
leaves_behind(struct facts *f, const struct model *m)
{
	if (!f->kept_is_known) {
		f->kept_is_known = true;
		f->kept = chat_kept_elsewhere(f->request);
	}
	if (!f->kept || is_of_own_provider(f, m))
		return NULL;
	return arena_printf(f->arena, "cannot be asked: %s", f->kept).ptr;
}

static const char *
cannot_be_said(struct facts *f, const struct model *m)
{
	struct chat chat;
	const char *why;

	if (form_says(f, m, &chat, &why))
		return NULL;
	return arena_printf(f->arena, "cannot be asked in its form: %s", why).ptr;
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

bool
candidate_has_word(struct slice list, struct slice word)
{
	while (list.len) {
		size_t n = slice_find(list, ',');

		if (slice_eq(slice_take(list, n), word))
			return true;
		list = slice_drop(list, n + 1);
	}
	return false;
}

/* What policy demands is given only by a model that is said to give it. */
static const char *
breaks_policy(struct facts *f, const struct model *m, const struct settings *settings)
{
	struct slice region = settings->region, data = settings->data;

	if (!region.ptr)
		region = json_string(f->attribute[ATTRIBUTE_REGION], f->arena);
	if (!data.ptr)
		data = json_string(f->attribute[ATTRIBUTE_DATA_POLICY], f->arena);
	if (region.len && !(m->declared && candidate_has_word(m->declared->region, region)))
		return "is not said to be in the region";
	if (data.len && !(m->declared && candidate_has_word(m->declared->data, data)))
		return "is not said to keep the data policy";
	return NULL;
}

static const char *
is_slow(struct facts *f, const struct model *m, const struct settings *settings)
{
	if (m->cooling_till > f->when)
		return "cools down after failures";
	if (!settings->latency || !m->measured || m->p95 <= settings->latency)
		return NULL;
	return arena_printf(
	    f->arena, "has a p95 of %" PRId64 " ms, bound %" PRId64, m->p95, settings->latency)
	    .ptr;
}

/* Can it take the row at all, whatever it costs? NULL, or why not. */
static const char *
candidate_refuses(struct facts *f, const struct model *m, const struct settings *settings)
{
	const char *why = lacks(m, &f->needs);

	if (!why)
		why = leaves_behind(f, m);
	if (!why)
		why = cannot_be_said(f, m);
	if (!why)
		why = breaks_policy(f, m, settings);
	if (!why)
		why = is_slow(f, m, settings);
	if (!why)
		why = too_large(f, &m->facts, facts_tokens(f, m->tokenizer).high,
		    effective_cap(f, settings, m));
	return why;
}

enum lane
effective_lane(const struct facts *f, const struct settings *settings)
{
	return settings->service_tier.ptr && has_service_tier(f->request->api)
		   ? lane_of_tier(f->lane, settings->service_tier)
		   : f->lane;
}

bool
candidate_has_lane(const struct model *m, enum lane lane, int64_t when)
{
	struct price_query q = { .model = m->known, .when = when, .lane = lane };
	struct usage u = { .present = true, .input = 1 };
	struct bill bill;

	if (!m->facts.known || (m->declared && m->declared->has_input))
		return true; /* an endpoint of one's own: no table says */
	bill_usage(&q, &u, &bill);
	return bill.priced;
}

struct candidate
candidate_judge(struct facts *f, const struct model *m, const struct settings *settings)
{
	struct candidate c = {
		.model = m, .tier = SIZE_MAX, .lane = effective_lane(f, settings)
	};
	struct price_query q = { .model = m->known, .when = f->when, .lane = f->lane };

	if (!m->facts.known && !price_known(&q)) {
		c.why = "is in no price table";
		return c;
	}
	c.why = candidate_refuses(f, m, settings);
	if (c.why)
		return c;
	c.fits = candidate_cost(f, m, settings, &c.lane, &c.cost, &c.why);
	if (c.fits && settings->bounded && usd_cmp(c.cost, settings->max_cost) > 0) {
		c.fits = false;
		c.why = "costs more than max_cost";
	}
	return c;
}
