/* SPDX-License-Identifier: MIT */
#include "money/price_rules.h"

#include <assert.h>

#include "base/mem.h"
#include "base/when.h"
#include "money/compiled.h"
#include "money/price_table.h"

MONEY_COMPILED(money_data_rules, "lib/money/data/rules");

static struct price_rule *rules;
static size_t rule_count;

static void
classes_read(struct slice names, bool class[PRICE_CLASSES])
{
	while (names.len) {
		struct slice name = compiled_column(&names, ',');

		if (slice_eqz(name, "tokens"))
			for (unsigned i = 0; i < CLASS_REQUEST; i++)
				class[i] = true;
		else
			class[price_class_named(name)] = true;
	}
}

/* "0.5" is 5 / 10; "=0.01" is a price of its own. */
static void
multiplier_read(struct slice text, struct price_rule *r)
{
	bool fraction = false;

	r->fixed = slice_starts(text, SLICE("="));
	r->denominator = 1;
	if (r->fixed) {
		bool read = usd_read(slice_drop(text, 1), &r->price);

		assert(read);
		return;
	}
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '.') {
			fraction = true;
			continue;
		}
		r->numerator = r->numerator * 10 + (uint64_t)(text.ptr[i] - '0');
		r->denominator *= fraction ? 10 : 1;
	}
}

static enum rule_cache
cache_named(struct slice name)
{
	return slice_eqz(name, "alone")     ? RULE_ALONE
	       : slice_eqz(name, "none")    ? RULE_NONE
	       : slice_eqz(name, "unknown") ? RULE_UNKNOWN
					    : RULE_STACKS;
}

static void
rules_read(void)
{
	struct slice text = { money_data_rules, (size_t)money_data_rules_size };

	while (text.len) {
		struct slice line = compiled_column(&text, '\n');
		struct price_rule r = { 0 };

		if (!line.len || line.ptr[0] == '#')
			continue;
		r.since = when_read(compiled_column(&line, '\t'));
		assert(r.since != WHEN_NONE);
		r.provider = compiled_column(&line, '\t');
		r.lane = compiled_column(&line, '\t');
		classes_read(compiled_column(&line, '\t'), r.class);
		multiplier_read(compiled_column(&line, '\t'), &r);
		r.of = price_class_named(compiled_column(&line, '\t'));
		r.cache = cache_named(compiled_column(&line, '\t'));
		r.models = compiled_column(&line, '\t');
		rules = mem_grow(rules, rule_count + 1, sizeof(*rules));
		rules[rule_count++] = r;
	}
}

static bool
fits(
    const struct price_rule *r, const struct price *p, const char *lane, enum price_class class)
{
	struct slice models = r->models;

	if (!r->class[class] || !slice_eqz(r->provider, p->provider) ||
	    !slice_eqz(r->lane, lane))
		return false;
	while (models.len)
		if (price_pattern(compiled_column(&models, ','), slice_z(p->model)))
			return true;
	return false;
}

const struct price_rule *
price_rule_find(const struct price *p, const char *lane, enum price_class class, int64_t when)
{
	const struct price_rule *found = NULL;

	if (!rules)
		rules_read();
	for (size_t i = 0; i < rule_count; i++)
		if (fits(&rules[i], p, lane, class) && (rules[i].since <= when || !found))
			found = &rules[i];
	return found;
}

void
price_rules_span(int64_t when, int64_t *from, int64_t *until)
{
	if (!rules)
		rules_read();
	*from = INT64_MIN;
	*until = INT64_MAX;
	for (size_t i = 0; i < rule_count; i++) {
		if (rules[i].since <= when && rules[i].since > *from)
			*from = rules[i].since;
		if (rules[i].since > when && rules[i].since < *until)
			*until = rules[i].since;
	}
}

bool
price_rule_apply(const struct price_rule *r, struct usd price, struct usd *out)
{
	return usd_ratio(price, r->numerator, r->denominator, out);
}
