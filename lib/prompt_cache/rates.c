/* SPDX-License-Identifier: MIT */
#include "prompt_cache/rates.h"

#include "base/when.h"
#include "prompt_cache/rules.h"

static bool
price(const struct price_query *q, const char *class, struct usd fresh, unsigned share,
    struct usd *out)
{
	const char *source;

	return price_of(q, class, out, &source) || (share && usd_ratio(fresh, share, 100, out));
}

void
prompt_rates_read(struct prompt_rates *r, const struct request *q, struct slice model)
{
	const struct cache_rule *claude = model.ptr ? cache_rule_of(model) : NULL,
				*rule = claude;
	struct price_query query = { .model = model, .when = when_now() };
	const char *source;

	if (!claude && model.ptr)
		rule = cache_key_rule_of(model);
	if (q->shape == SHAPE_BEDROCK)
		query.provider = SLICE("aws");
	else if (claude)
		query.provider = SLICE("anthropic");
	*r = (struct prompt_rates){ .priced = false };
	if (!price_of(&query, "input", &r->fresh, &source))
		return;
	r->priced = true;
	if (!price(&query, "cached", r->fresh, rule ? rule->read : 0, &r->read))
		r->read = r->fresh;
	if (!price(&query, "cache_write_5m", r->fresh, rule ? rule->write_5m : 0, &r->write_5m))
		r->write_5m = r->fresh;
	if (!price(&query, "cache_write_1h", r->fresh, rule ? rule->write_1h : 0, &r->write_1h))
		r->write_1h = r->write_5m;
	query.lane = LANE_BATCH;
	r->has_batch = price_of(&query, "input", &r->batch, &source);
}
