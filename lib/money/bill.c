/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "money/price_find.h"
#include "money/price_lane.h"
#include "money/price_rules.h"

/* All prices of a row for one lane, region and tier, as long as the rules stay the same. */
struct price_plan {
	enum lane lane;
	bool us;
	struct price_span span;
	struct class_price class[PRICE_CLASSES];
	bool reasoning;  /* has a price of its own */
	unsigned simple; /* 1 << class, see simple_classes */
	struct price_plan *next;
};

/* The row and the prices of calls in a span. */
struct price_terms {
	const struct price_plan *plan; /* NULL: none yet */
	const struct price *price;
	struct price_span span;
	bool early; /* older than the first price that is known */
};

const char bill_embedding[] = "output on the row of an embedding model";

static const char *const lane_names[LANES] = { "realtime", "batch", "flex", "priority" };

const char *
lane_name(enum lane lane)
{
	return lane_names[lane];
}

bool
lane_named(struct slice name, enum lane *lane)
{
#define NAME(text, lane)                         \
	{                                        \
		{ text, sizeof(text) - 1 }, lane \
	}
	static const struct {
		struct slice name;
		enum lane lane;
	} known[] = { NAME("realtime", LANE_REALTIME), NAME("standard", LANE_REALTIME),
		NAME("default", LANE_REALTIME), NAME("auto", LANE_REALTIME),
		NAME("on_demand", LANE_REALTIME), NAME("ON_DEMAND", LANE_REALTIME),
		NAME("STANDARD", LANE_REALTIME), NAME("batch", LANE_BATCH),
		NAME("flex", LANE_FLEX), NAME("FLEX", LANE_FLEX),
		NAME("ON_DEMAND_FLEX", LANE_FLEX), NAME("priority", LANE_PRIORITY),
		NAME("fast", LANE_PRIORITY), NAME("PRIORITY", LANE_PRIORITY),
		NAME("ON_DEMAND_PRIORITY", LANE_PRIORITY) };
#undef NAME

	for (size_t i = 0; name.len && i < sizeof(known) / sizeof(*known); i++)
		if (slice_eq(name, known[i].name)) {
			*lane = known[i].lane;
			return true;
		}
	return false;
}

bool
price_span_has(const struct price_span *s, int64_t when, uint64_t prompt)
{
	return when >= s->from && when < s->until && prompt <= s->high &&
	       (prompt > s->low || s->low == 0);
}

/* The bounds of the tiers around a prompt: prices are the same in (low, high]. */
static void
tier_bounds(const struct price *p, uint64_t prompt, uint64_t *low, uint64_t *high)
{
	*low = 0;
	*high = UINT64_MAX;
	for (unsigned lane = 0; lane < LANES; lane++)
		for (size_t i = 1; i < p->lane[lane].count; i++) {
			uint64_t bound = p->lane[lane].tier[i].above - p->inclusive;

			if (prompt > bound && bound > *low)
				*low = bound;
			if (prompt <= bound && bound < *high)
				*high = bound;
		}
}

static const enum price_class plain_classes[] = { CLASS_INPUT, CLASS_OUTPUT, CLASS_CACHED,
	CLASS_WRITE_5M, CLASS_WRITE_1H, CLASS_REASONING };
#define PLAIN_CLASSES (sizeof(plain_classes) / sizeof(*plain_classes))

/* The classes of a plain usage that have a price of which nothing is to be said. */
static unsigned
simple_classes(const struct price *p, const struct price_plan *plan)
{
	unsigned simple = 0;

	for (size_t i = 0; i < PLAIN_CLASSES; i++) {
		const struct class_price *c = &plan->class[plain_classes[i]];

		simple |= (unsigned)(c->has && !c->note) << plain_classes[i];
	}
	return p->apart[CLASS_REQUEST] || p->apart[CLASS_MILLISECOND] ? 0 : simple;
}

static const struct price_plan *
plan_of(struct price *p, enum lane lane, bool us, uint64_t prompt, int64_t when)
{
	struct price_plan *plan;

	for (plan = p->plans; plan; plan = plan->next)
		if (plan->lane == lane && plan->us == us &&
		    price_span_has(&plan->span, when, prompt))
			return plan;
	plan = mem_zero(sizeof(*plan));
	plan->lane = lane;
	plan->us = us;
	tier_bounds(p, prompt, &plan->span.low, &plan->span.high);
	price_rules_span(when, &plan->span.from, &plan->span.until);
	for (unsigned i = 0; i < PRICE_CLASSES; i++)
		plan->class[i] = price_class_price(
		    p, lane, us ? "us" : NULL, prompt, when, (enum price_class)i);
	plan->reasoning = p->apart[CLASS_REASONING];
	plan->simple = simple_classes(p, plan);
	plan->next = p->plans;
	p->plans = plan;
	return plan;
}

/* The terms of a lane and region: most calls have those of the call before. */
static const struct price_terms *
terms_of(struct price_group *group, enum lane lane, bool us, uint64_t prompt, int64_t when)
{
	struct price_terms *t;
	struct price *price;
	bool early;

	if (!group->terms)
		group->terms = mem_zero(LANES * 2 * sizeof(*group->terms));
	t = &group->terms[lane * 2 + us];
	if (t->plan && price_span_has(&t->span, when, prompt))
		return t;
	price = price_at(group, when, &early);
	t->price = price;
	t->early = early;
	t->plan = plan_of(price, lane, us, prompt, when);
	t->span = t->plan->span;
	price_narrow(group, when, &t->span.from, &t->span.until);
	return t;
}

static void
unpriced(struct bill *b, const char *why)
{
	b->priced = false;
	b->unpriced = why;
	b->usd = (struct usd){ 0 };
	b->part_count = 0;
}

static void
add_part(struct bill *b, const struct price_plan *plan, enum price_class class, uint64_t count)
{
	const struct class_price *c = &plan->class[class];
	struct bill_part *part;

	if (b->unpriced)
		return;
	if (!c->has) {
		unpriced(b, c->why);
		return;
	}
	assert(b->part_count < BILL_PARTS);
	part = &b->parts[b->part_count++];
	*part = (struct bill_part){ price_class_name[class], count, c->usd,
		usd_times(c->usd, count), c->source, NULL };
	b->usd = usd_add(b->usd, part->usd);
	if (c->note && !b->note)
		b->note = c->note;
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How many of each class, each token in one class only. Audio and images that a row does
 * not price apart stay in the class that contains them. */
static void
classify(const struct price *p, const struct usage *u, uint64_t n[PRICE_CLASSES])
{
	uint64_t rest;

	memset(n, 0, PRICE_CLASSES * sizeof(*n));
	n[CLASS_WRITE_5M] = u->written_5m;
	n[CLASS_WRITE_1H] = u->written_1h;
	n[CLASS_CACHED] = u->cached;
	n[CLASS_INPUT] = u->input - u->cached - u->written_5m - u->written_1h;
	if (p->apart[CLASS_AUDIO_CACHED])
		n[CLASS_AUDIO_CACHED] = least(u->audio_cached, n[CLASS_CACHED]);
	n[CLASS_CACHED] -= n[CLASS_AUDIO_CACHED];
	if (p->apart[CLASS_IMAGE_CACHED])
		n[CLASS_IMAGE_CACHED] = least(u->image_cached, n[CLASS_CACHED]);
	n[CLASS_CACHED] -= n[CLASS_IMAGE_CACHED];
	if (p->apart[CLASS_AUDIO_IN])
		n[CLASS_AUDIO_IN] = least(u->audio_in - u->audio_cached, n[CLASS_INPUT]);
	n[CLASS_INPUT] -= n[CLASS_AUDIO_IN];
	if (p->apart[CLASS_IMAGE_IN])
		n[CLASS_IMAGE_IN] = least(u->image_in - u->image_cached, n[CLASS_INPUT]);
	n[CLASS_INPUT] -= n[CLASS_IMAGE_IN];
	rest = u->output;
	if (p->apart[CLASS_AUDIO_OUT])
		n[CLASS_AUDIO_OUT] = least(u->audio_out, rest);
	rest -= n[CLASS_AUDIO_OUT];
	if (p->apart[CLASS_IMAGE_OUT])
		n[CLASS_IMAGE_OUT] = least(u->image_out, rest);
	rest -= n[CLASS_IMAGE_OUT];
	if (p->apart[CLASS_REASONING])
		n[CLASS_REASONING] = least(u->reasoning, rest);
	n[CLASS_OUTPUT] = rest - n[CLASS_REASONING];
	n[CLASS_REQUEST] = p->apart[CLASS_REQUEST];
	n[CLASS_WEB_SEARCH] = u->web_searches;
	n[CLASS_FILE_SEARCH] = u->file_searches;
	n[CLASS_CONTAINER] = u->containers;
	n[CLASS_IMAGE] = u->images;
	n[CLASS_CHARACTER] = u->characters;
	n[CLASS_STORAGE] = u->storage;
	n[CLASS_MILLISECOND] = u->milliseconds;
	/* a machine that is paid by its time */
	if (p->apart[CLASS_MILLISECOND] && !n[CLASS_MILLISECOND])
		n[CLASS_MILLISECOND] = u->latency;
}

/* What classify gives for a plain usage: how many of plain_classes, in their order. */
static void
plain_counts(const struct price_plan *plan, const struct usage *u, uint64_t n[PLAIN_CLASSES])
{
	n[5] = plan->reasoning ? u->reasoning : 0;
	n[0] = u->input - u->cached - u->written_5m - u->written_1h;
	n[1] = u->output - n[5];
	n[2] = u->cached;
	n[3] = u->written_5m;
	n[4] = u->written_1h;
}

static void
add_plain(struct bill *b, const struct price_plan *plan, const struct usage *u)
{
	uint64_t n[PLAIN_CLASSES];

	plain_counts(plan, u, n);
	for (size_t i = 0; i < PLAIN_CLASSES; i++)
		if (n[i])
			add_part(b, plan, plain_classes[i], n[i]);
}

bool
price_plan_bills(const struct price_plan *plan, const struct usage *u)
{
	uint64_t n[PLAIN_CLASSES];
	unsigned used = 1u << CLASS_INPUT;

	plain_counts(plan, u, n);
	for (size_t i = 0; i < PLAIN_CLASSES; i++)
		used |= (unsigned)(n[i] != 0) << plain_classes[i];
	return (used & ~plan->simple) == 0;
}

struct usd
price_plan_cost(const struct price_plan *plan, const struct usage *u)
{
	uint64_t n[PLAIN_CLASSES];
	struct usd sum = { 0 };

	plain_counts(plan, u, n);
	for (size_t i = 0; i < PLAIN_CLASSES; i++)
		sum = usd_add(sum, usd_times(plan->class[plain_classes[i]].usd, n[i]));
	return sum;
}

static void
add_all(
    struct bill *b, const struct price *p, const struct price_plan *plan, const struct usage *u)
{
	uint64_t n[PRICE_CLASSES];

	classify(p, u, n);
	/* who bills the prompt does not bill its searches */
	if (u->grounded && plan->class[CLASS_GROUNDING].has) {
		n[CLASS_GROUNDING] = 1;
		n[CLASS_WEB_SEARCH] = 0;
	}
	for (unsigned i = 0; i < PRICE_CLASSES; i++)
		if (n[i])
			add_part(b, plan, (enum price_class)i, n[i]);
}

static void
open_bill(struct bill *b)
{
	b->priced = false;
	b->unpriced = b->row = b->date = b->table = b->note = NULL;
	b->plan = NULL;
	b->usd = b->monthly = (struct usd){ 0 };
	b->part_count = 0;
}

static void
name_row(struct bill *b, const struct price_group *group, const struct price_terms *t,
    const struct usage *u)
{
	const struct price *p = t->price;

	b->row = p->name;
	b->date = p->from ? p->from : group->layer->date;
	b->table = group->layer->name;
	b->note = t->early ? "before the first known price" : p->note;
	b->monthly = p->monthly;
	if (p->monthly.units)
		b->note = "paid by the month too, which is not in the amount";
	if (p->facts.embeds && u->output)
		b->note = bill_embedding;
}

static void
add_parts(struct bill *b, const struct price_terms *t, const struct usage *u)
{
	bool units = t->price->apart[CLASS_REQUEST] || t->price->apart[CLASS_MILLISECOND];

	if (!units && usage_is_plain(u))
		add_plain(b, t->plan, u);
	else
		add_all(b, t->price, t->plan, u);
	b->priced = !b->unpriced;
	if (!b->part_count && !b->unpriced && !t->plan->class[CLASS_INPUT].has)
		unpriced(b, t->plan->class[CLASS_INPUT].why);
	if (!t->price->monthly.units && !t->price->facts.embeds) {
		b->plan = t->plan;
		b->span = t->span;
	}
}

/* The lane that was billed; false if the answer names a tier that nobody can price. */
static bool
billed_lane(const struct price_query *q, const struct usage *u, enum lane *lane)
{
	*lane = q->lane;
	return !u->service_tier.len || q->lane == LANE_BATCH ||
	       lane_named(u->service_tier, lane);
}

void
bill_group(struct price_group *group, const struct price_query *q, const struct usage *u,
    struct bill *b)
{
	int64_t when = q->when == WHEN_NONE ? when_now() : q->when;
	const struct price_terms *t;
	enum lane lane;
	bool known;

	open_bill(b);
	if (u->flaw) {
		unpriced(b, u->flaw);
		return;
	}
	known = billed_lane(q, u, &lane);
	t = terms_of(group, lane, slice_eq(u->region, SLICE("us")), u->input, when);
	name_row(b, group, t, u);
	if (known)
		add_parts(b, t, u);
	else
		unpriced(b, "no price for the service tier");
}

/* Adds the parts of another bill, and their sum. */
static void
add_bill(struct bill *b, const struct bill *more)
{
	if (!more->priced) {
		unpriced(b, more->unpriced);
		return;
	}
	if (b->part_count + more->part_count > BILL_PARTS) {
		unpriced(b, "too many iterations are billed beside the counts");
		return;
	}
	for (size_t i = 0; i < more->part_count; i++) {
		b->parts[b->part_count] = more->parts[i];
		b->parts[b->part_count++].row = more->row;
	}
	b->usd = usd_add(b->usd, more->usd);
	if (!b->note)
		b->note = more->note;
}

static void
bill_beside(const struct price_query *q, const struct usage *u, struct bill *b)
{
	struct value at = { 0 };
	struct usage part;
	struct bill more;

	while (b->priced && usage_beside(u, &at, &part)) {
		struct price_query other = *q;

		if (json_type(part.model) == JSON_STRING)
			other.model = json_string_raw(part.model);
		bill_usage(&other, &part, &more);
		add_bill(b, &more);
	}
}

void
bill_usage(const struct price_query *q, const struct usage *u, struct bill *b)
{
	struct price_found found;

	open_bill(b);
	if (u->flaw) {
		unpriced(b, u->flaw);
		return;
	}
	found = price_find(q->model, q->provider);
	if (found.group)
		bill_group(found.group, q, u, b);
	else
		unpriced(b, found.why);
	if (u->beside.json && b->priced)
		bill_beside(q, u, b);
}

void
bill_counts(const struct price_query *q, uint64_t input, uint64_t output, struct bill *b)
{
	struct usage u = { .present = true, .input = input, .output = output };

	bill_usage(q, &u, b);
}

bool
price_known(const struct price_query *q)
{
	return price_find(q->model, q->provider).group != NULL;
}

bool
price_of(const struct price_query *q, const char *class, struct usd *out, const char **source)
{
	enum price_class which = price_class_named(slice_z(class));
	struct price_found found = price_find(q->model, q->provider);
	int64_t when = q->when == WHEN_NONE ? when_now() : q->when;
	const struct class_price *c;
	bool early;

	if (!found.group || which == CLASS_NONE)
		return false;
	c = &plan_of(price_at(found.group, when, &early), q->lane, false, 0, when)
		 ->class[which];
	if (!c->has || c->contained)
		return false;
	*out = c->usd;
	if (source)
		*source = c->source;
	return true;
}
