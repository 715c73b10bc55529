/* SPDX-License-Identifier: MIT */
#include "money/price_find.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/bytes.h"
#include "money/price_name.h"

static struct hash_map known;
static struct price_found *found;
static size_t found_room, layers_then;

static struct price_group *
search_layer(const struct price_layer *layer, const struct price_name *name)
{
	for (size_t i = 0; i < name->count; i++) {
		struct slice served, model;

		model = price_layer_find(layer, name->provider.ptr ? name->provider : SLICE(""),
		    name->try[i], &served);
		if (model.ptr)
			return price_group_read(layer, served, model);
	}
	return NULL;
}

const struct price_group *
price_find_in(size_t layer, struct slice model, struct slice provider)
{
	const struct price_group *group;
	struct arena arena = { 0 };
	struct price_name name;

	price_name_read(model, provider, &arena, &name);
	group = search_layer(price_layer_get(layer), &name);
	arena_close(&arena);
	return group;
}

static bool
same_price(const struct price_group *a, const struct price_group *b)
{
	const struct price_tier *p, *q;

	if (!a->count || !b->count || !a->row[a->count - 1].lane[0].count ||
	    !b->row[b->count - 1].lane[0].count)
		return false;
	p = a->row[a->count - 1].lane[0].tier;
	q = b->row[b->count - 1].lane[0].tier;
	for (unsigned i = 0; i < PRICE_CLASSES; i++)
		if (p->has[i] != q->has[i] || usd_cmp(p->usd[i], q->usd[i]) != 0)
			return false;
	return true;
}

/* No provider is told or known: whoever has exactly this name, if they agree on its price. */
static struct price_group *
search_everywhere(const struct price_layer *layer, const struct price_name *name, bool *unclear)
{
	struct price_group *first = NULL;
	struct slice provider = { NULL, 0 };

	while ((provider = price_layer_provider(layer, provider)).ptr) {
		struct slice model = price_layer_exact(layer, provider, name->try[0]);
		struct price_group *group;

		if (!model.len)
			continue;
		group = price_group_read(layer, provider, model);
		if (first && !same_price(first, group)) {
			*unclear = true;
			return NULL;
		}
		first = first ? first : group;
	}
	return first;
}

/* All prices of the lane times share / 10^6. */
static bool
discount_lane(struct price_lane *l, uint64_t share)
{
	struct price_tier *tier = l->count ? mem_alloc(l->count * sizeof(*tier)) : NULL;

	if (l->count)
		memcpy(tier, l->tier, l->count * sizeof(*tier));
	l->tier = tier;
	for (size_t i = 0; i < l->count; i++)
		for (unsigned c = 0; c < PRICE_CLASSES; c++)
			if (tier[i].has[c] &&
			    !usd_ratio(tier[i].usd[c], share, 1000000, &tier[i].usd[c]))
				return false;
	return true;
}

/* The rows of a group at that share of their prices; run lifetime. */
static struct price_group *
discounted(const struct price_group *base, uint64_t share)
{
	struct price_group *group = mem_zero(sizeof(*group));

	*group = *base;
	group->terms = NULL;
	group->row = mem_alloc(base->count * sizeof(*group->row));
	memcpy(group->row, base->row, base->count * sizeof(*group->row));
	for (size_t i = 0; i < group->count; i++) {
		struct price *p = &group->row[i];

		p->plans = NULL;
		p->note = "with the discount of a row above it";
		for (unsigned lane = 0; lane < LANES; lane++)
			if (!discount_lane(&p->lane[lane], share))
				group->flaw = "a price with its discount has too many digits";
	}
	return group;
}

/* A row that is nothing but a discount on what the layers below have. */
static uint64_t
discount_of(const struct price_group *group)
{
	return group && group->count && !group->flaw ? group->row[group->count - 1].discount
						     : 0;
}

/* In the layers [from, to), the last first. */
static struct price_found
search(size_t from, size_t to, struct slice model, struct slice provider)
{
	struct price_found f = { NULL, "the price table has no such model" };
	struct arena arena = { 0 };
	struct price_name name;
	uint64_t share = 1000000, off;
	bool unclear = false;

	price_name_read(model, provider, &arena, &name);
	for (size_t i = to; i-- > from && !f.group;) {
		f.group = search_layer(price_layer_get(i), &name);
		if ((off = discount_of(f.group))) {
			share = share * (1000000 - off) / 1000000;
			f.group = NULL;
		}
	}
	for (size_t i = to; i-- > from && !f.group && !provider.len && !unclear;)
		f.group = search_everywhere(price_layer_get(i), &name, &unclear);
	arena_close(&arena);
	if (unclear)
		f.why = "several providers serve this model at different prices";
	if (provider.len)
		f.why = "the price table has no such model of this provider";
	if (!model.len)
		f.why = PRICE_NO_MODEL;
	if (f.group && !f.group->flaw && f.group->count && share < 1000000)
		f.group = discounted(f.group, share);
	if (f.group && (f.group->flaw || !f.group->count)) {
		f.why =
		    f.group->flaw ? f.group->flaw : "the price table has no row for this model";
		f.group = NULL;
	}
	return f;
}

struct price_found
price_find_layer(size_t layer, struct slice model, struct slice provider)
{
	return search(layer, layer + 1, model, provider);
}

/* Names are remembered up to a bound, since whoever writes the records chooses them. */
#define NAMES_KEPT 20000

static void
forget(void)
{
	hash_map_free(&known);
	known = (struct hash_map){ 0 };
	layers_then = price_layer_count();
}

static struct price_found
remembered(struct slice key, struct slice model, struct slice provider)
{
	bool added;
	size_t i = hash_map_add(&known, key, &added);

	if (!added)
		return found[i];
	if (i >= found_room) {
		found_room = found_room ? found_room * 2 : 16;
		found = mem_grow(found, found_room, sizeof(*found));
	}
	return found[i] = search(0, price_layer_count(), model, provider);
}

/* A log names few models: the last that fell into a place here is found by comparing bytes. */
#define RECENT 64
struct recent {
	char key[256]; /* model, NUL, provider */
	size_t model, provider;
	size_t layers; /* 0: free */
	struct price_found answer;
};

static struct recent *
recent_of(struct slice model, struct slice provider)
{
	static struct recent recent[RECENT];
	size_t at = model.len + provider.len;

	if (model.len)
		at += (unsigned char)model.ptr[0] * 3u +
		      (unsigned char)model.ptr[model.len / 2] * 7u +
		      (unsigned char)model.ptr[model.len - 1] * 13u;
	return &recent[at % RECENT];
}

struct price_found
price_find(struct slice model, struct slice provider)
{
	struct recent *r = recent_of(model, provider);
	size_t layers = price_layer_count();

	if (model.len > 200 || provider.len > 50)
		return (struct price_found){ NULL, "the name of the model is too long" };
	if (r->layers == layers && r->model == model.len && r->provider == provider.len &&
	    bytes_same(r->key, model.ptr, model.len) &&
	    bytes_same(r->key + model.len + 1, provider.ptr, provider.len))
		return r->answer;
	if (layers_then != layers || known.count == NAMES_KEPT)
		forget();
	if (model.len)
		memcpy(r->key, model.ptr, model.len);
	r->key[model.len] = '\0';
	if (provider.len)
		memcpy(r->key + model.len + 1, provider.ptr, provider.len);
	r->model = model.len;
	r->provider = provider.len;
	r->layers = layers;
	return r->answer =
		   remembered(slice_of(r->key, model.len + provider.len + 1), model, provider);
}

struct price *
price_at(const struct price_group *group, int64_t when, bool *early)
{
	struct price *first = &group->row[0];
	int64_t released = WHEN_NONE;

	*early = false;
	for (size_t i = group->count; i-- > 0;) {
		const struct price *p = &group->row[i];

		if (!price_row_active(p, when))
			continue;
		if (p->since != WHEN_NONE)
			return &group->row[i];
		for (size_t k = 0; k < group->count; k++)
			if (group->row[k].released != WHEN_NONE &&
			    (released == WHEN_NONE || group->row[k].released < released))
				released = group->row[k].released;
		*early = released != WHEN_NONE && when < released;
		return &group->row[i];
	}
	*early = true;
	return first;
}

void
price_narrow(const struct price_group *group, int64_t when, int64_t *from, int64_t *until)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct price *p = &group->row[i];
		const int64_t bounds[] = { p->since, p->released };

		for (size_t k = 0; k < 2; k++) {
			if (bounds[k] > when && bounds[k] < *until)
				*until = bounds[k];
			if (bounds[k] <= when && bounds[k] > *from)
				*from = bounds[k];
		}
		/* rows of hours and weekdays change at whole minutes */
		if (p->days || p->starts >= 0) {
			int64_t minute = when - (when % 60000 + 60000) % 60000;

			*from = minute > *from ? minute : *from;
			*until = minute + 60000 < *until ? minute + 60000 : *until;
		}
	}
}
