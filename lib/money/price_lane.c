/* SPDX-License-Identifier: MIT */
#include "money/price_lane.h"

#include "money/price_rules.h"

/* The class that contains it, and so prices it where a row does not. */
static const enum price_class container[PRICE_CLASSES] = { [CLASS_INPUT] = CLASS_NONE,
	[CLASS_OUTPUT] = CLASS_NONE,
	[CLASS_REQUEST] = CLASS_NONE,
	[CLASS_WEB_SEARCH] = CLASS_NONE,
	[CLASS_FILE_SEARCH] = CLASS_NONE,
	[CLASS_GROUNDING] = CLASS_NONE,
	[CLASS_CONTAINER] = CLASS_NONE,
	[CLASS_IMAGE] = CLASS_NONE,
	[CLASS_MILLISECOND] = CLASS_NONE,
	[CLASS_CHARACTER] = CLASS_NONE,
	[CLASS_STORAGE] = CLASS_NONE,
	[CLASS_CACHED] = CLASS_INPUT,
	[CLASS_WRITE_5M] = CLASS_INPUT,
	[CLASS_WRITE_1H] = CLASS_WRITE_5M,
	[CLASS_AUDIO_IN] = CLASS_INPUT,
	[CLASS_IMAGE_IN] = CLASS_INPUT,
	[CLASS_AUDIO_OUT] = CLASS_OUTPUT,
	[CLASS_IMAGE_OUT] = CLASS_OUTPUT,
	[CLASS_REASONING] = CLASS_OUTPUT,
	[CLASS_AUDIO_CACHED] = CLASS_CACHED,
	[CLASS_IMAGE_CACHED] = CLASS_CACHED };

static bool is_cached(enum price_class class)
{
	return class == CLASS_CACHED || class == CLASS_WRITE_5M || class == CLASS_WRITE_1H ||
	       class == CLASS_AUDIO_CACHED || class == CLASS_IMAGE_CACHED;
}

/* The highest tier of the lane that the prompt reaches and that has the class; NULL if none. */
static const struct price_tier *
tier_of(const struct price *p, enum lane lane, uint64_t prompt, enum price_class class)
{
	const struct price_lane *l = &p->lane[lane];

	for (size_t i = l->count; i-- > 0;) {
		const struct price_tier *t = &l->tier[i];

		if (t->has[class] && (t->above == 0 || prompt > t->above ||
					 (p->inclusive && prompt == t->above)))
			return t;
	}
	return NULL;
}

static struct class_price
by_rule(const struct price_rule *r, struct class_price base)
{
	if (!price_rule_apply(r, base.usd, &base.usd))
		return (struct class_price){ .why = "a price has too many digits" };
	base.source = BILL_RULE;
	return base;
}

static struct class_price
realtime(const struct price *p, uint64_t prompt, int64_t when, enum price_class class)
{
	const struct price_tier *t = tier_of(p, LANE_REALTIME, prompt, class);
	const struct price_rule *rule;
	struct class_price c = { .why =
				     "the price table has no price for a class that was used" };

	if (t)
		return (struct class_price){
			.has = true, .usd = t->usd[class], .source = BILL_TABLE
		};
	rule = price_rule_find(p, "realtime", class, when);
	if (rule && rule->fixed)
		return (
		    struct class_price){ .has = true, .usd = rule->price, .source = BILL_RULE };
	if (rule) {
		c = realtime(p, prompt, when, rule->of == CLASS_NONE ? class : rule->of);
		return c.has ? by_rule(rule, c) : c;
	}
	if (class == CLASS_WEB_SEARCH)
		c.why = "the price table has no price for web searches";
	else if (class == CLASS_FILE_SEARCH)
		c.why = "the price table has no price for file searches";
	else if (class == CLASS_CONTAINER)
		c.why = "the price table has no price for a code interpreter";
	else if (class == CLASS_STORAGE)
		c.why = "the price table has no price for storage";
	else if (class == CLASS_REQUEST)
		return (struct class_price){ .has = true, .source = BILL_TABLE };
	else if (container[class] != CLASS_NONE) {
		c = realtime(p, prompt, when, container[class]);
		c.contained = true;
	}
	if (c.has && is_cached(class) && !c.note)
		c.note = "no price for a cache in the table: as the class that contains it";
	return c;
}

/* Bounds of what the realtime tiers and the tiers of the lane say; a lane without the tier
 * that the prompt has reached has no price there. */
static bool
lane_reaches(const struct price *p, enum lane lane, uint64_t prompt, enum price_class class)
{
	const struct price_tier *standard = tier_of(p, LANE_REALTIME, prompt, class);
	const struct price_tier *t = tier_of(p, lane, prompt, class);

	return t && (!standard || t->above >= standard->above);
}

static const char *
no_lane_price(enum lane lane)
{
	return lane == LANE_BATCH  ? "no batch price in any table or rule"
	       : lane == LANE_FLEX ? "no flex price in any table or rule"
				   : "no priority price in any table or rule";
}

static struct class_price in_lane(const struct price *p, enum lane lane, uint64_t prompt,
    int64_t when, enum price_class class);

/* Cached tokens in a lane whose table does not price them. */
static struct class_price
cached_by_rule(const struct price *p, enum lane lane, const struct price_rule *rule,
    uint64_t prompt, int64_t when, enum price_class class)
{
	struct class_price c = realtime(p, prompt, when, class);

	if (rule->cache == RULE_NONE)
		return in_lane(p, lane, prompt, when, CLASS_INPUT);
	if (!c.has || rule->cache == RULE_STACKS)
		return c.has ? by_rule(rule, c) : c;
	c.source = BILL_RULE;
	if (rule->cache == RULE_UNKNOWN)
		c.note = "not known whether the cache price is cut in this lane: not cut";
	return c;
}

static struct class_price
in_lane(const struct price *p, enum lane lane, uint64_t prompt, int64_t when,
    enum price_class class)
{
	const struct price_rule *rule;
	struct class_price c;

	if (lane == LANE_REALTIME || price_class_is_unit(class))
		return realtime(p, prompt, when, class);
	if (lane_reaches(p, lane, prompt, class)) {
		const struct price_tier *t = tier_of(p, lane, prompt, class);

		return (struct class_price){
			.has = true, .usd = t->usd[class], .source = BILL_TABLE
		};
	}
	if (container[class] != CLASS_NONE && !is_cached(class) && !p->apart[class])
		return in_lane(p, lane, prompt, when, container[class]);
	rule = price_rule_find(p, lane_name(lane), class, when);
	if (!rule)
		return (struct class_price){ .why = no_lane_price(lane) };
	if (is_cached(class))
		c = cached_by_rule(p, lane, rule, prompt, when, class);
	else
		c = realtime(p, prompt, when, class);
	if (c.has && !is_cached(class))
		c = by_rule(rule, c);
	if (c.has && !c.note && rule->since > when)
		c.note = "before the first day of the rule";
	return c;
}

struct class_price
price_class_price(const struct price *p, enum lane lane, const char *region, uint64_t prompt,
    int64_t when, enum price_class class)
{
	struct class_price c = in_lane(p, lane, prompt, when, class);
	const struct price_rule *rule = NULL;

	if (region && !strcmp(region, "us"))
		rule = price_rule_find(p, "region:us", class, when);
	return c.has && rule && rule->since <= when ? by_rule(rule, c) : c;
}
