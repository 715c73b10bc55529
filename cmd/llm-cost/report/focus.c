/* SPDX-License-Identifier: MIT */
#include "focus.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-cost/rows/by.h"
#include "json/write.h"
#include "show/table.h"

struct focus_charge {
	uint64_t count;
	struct usd billed, list;
	bool list_unknown;
	int64_t from, to;
	const char *row, *table, *source, *part; /* of the run */
	enum lane lane;
	struct usd price; /* of one, in this lane */
};

/* What the part costs in real time; unknown where no price tells it. */
static bool
list_price(const struct row *row, const struct bill_part *part, struct usd *out)
{
	struct price_query q = row_query(row, row->model, LANE_REALTIME);
	struct usage u = row->usage;
	struct bill b = { 0 };

	if (row->lane == LANE_REALTIME && !u.service_tier.ptr) {
		*out = part->usd;
		return true;
	}
	u.service_tier = (struct slice){ 0 };
	bill_usage(&q, &u, &b);
	for (size_t i = 0; b.priced && i < b.part_count; i++)
		if (strcmp(b.parts[i].name, part->name) == 0 &&
		    b.parts[i].count == part->count) {
			*out = b.parts[i].usd;
			return true;
		}
	return false;
}

static struct focus_charge *
charge_of(struct focus *f, struct slice key)
{
	bool added;
	size_t i = hash_map_add(&f->keys, key, &added);

	if (i >= f->room) {
		f->room = f->room ? f->room * 2 : 64;
		f->list = mem_grow(f->list, f->room, sizeof(*f->list));
	}
	if (added)
		f->list[i] = (struct focus_charge){ 0 };
	return &f->list[i];
}

static struct usd
signed_usd(struct usd d, int times)
{
	static const struct usd zero;

	return times < 0 ? usd_sub(zero, d) : d;
}

static void
add_part(struct focus *f, const struct row *row, const struct bill_part *part,
    struct slice group, int64_t day, int times)
{
	struct focus_charge *c;
	struct buf key = { 0 };
	struct usd list;

	/* the fields of the group first, so that by_value finds them */
	if (f->keys.count < FOCUS_LIMIT) {
		buf_add(&key, group);
		buf_printf(&key, "%lld\n", (long long)day);
	}
	buf_printf(&key, "%s\n%s\n%s\n%d\n", row->bill.row,
	    row->bill.date ? row->bill.date : "", part->name, (int)row->lane);
	c = charge_of(f, buf_slice(&key));
	buf_free(&key);
	c->row = row->bill.row;
	c->table = row->bill.table;
	c->part = part->name;
	c->source = part->source;
	c->lane = row->lane;
	c->price = part->price;
	c->from = day;
	c->count += times < 0 ? UINT64_MAX * part->count : part->count;
	c->billed = usd_add(c->billed, signed_usd(part->usd, times));
	if (list_price(row, part, &list))
		c->list = usd_add(c->list, signed_usd(list, times));
	else
		c->list_unknown = true;
}

void
focus_add(struct focus *f, const struct row *row, struct slice key, int times)
{
	int64_t day =
	    row->own_time ? row->when / 86400000 - (row->when % 86400000 < 0) : INT64_MIN;

	if (row->unpriced || row->kind != ROW_CALL || !row->bill.row)
		return;
	for (size_t i = 0; i < row->bill.part_count; i++)
		if (row->bill.parts[i].count)
			add_part(f, row, &row->bill.parts[i], key, day, times);
}

static const char *const headings[] = { "BilledCost", "BillingCurrency", "BillingAccountId",
	"BillingPeriodStart", "BillingPeriodEnd", "ChargeCategory", "ChargeClass",
	"ChargeDescription", "ChargeFrequency", "ChargePeriodStart", "ChargePeriodEnd",
	"ConsumedQuantity", "ConsumedUnit", "ContractedCost", "EffectiveCost", "ListCost",
	"ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName",
	"PublisherName", "InvoiceIssuerName", "RegionId", "ResourceId", "ServiceCategory",
	"ServiceName", "SkuId", "SkuPriceId", "Tags" };
#define HEADINGS (sizeof(headings) / sizeof(*headings))

static struct slice
time_cell(int64_t when, struct arena *a)
{
	char text[25];

	when_write(when, text);
	return arena_printf(a, "%.19sZ", text);
}

static struct slice
usd_cell(struct usd d, struct arena *a)
{
	char text[64];

	return arena_copy(a, slice_z(usd_write(d, text)));
}

/* The fields of --by as the object that FOCUS calls Tags. */
static struct slice
tags_cell(const struct by *by, struct slice key, struct arena *a)
{
	struct buf text = { 0 };
	struct writer w = { .out = &text };
	struct slice cell;

	write_object(&w);
	for (size_t f = 0; f < by->count; f++) {
		write_name(&w, by->field[f].text);
		write_raw(&w, by_value(key, f));
	}
	write_object_end(&w);
	cell = arena_copy(a, buf_slice(&text));
	buf_free(&text);
	return cell;
}

static void
set(struct slice *row, const char *name, struct slice value)
{
	for (size_t i = 0; i < HEADINGS; i++)
		if (strcmp(headings[i], name) == 0)
			row[i] = value;
}

static void
time_cells(struct slice *row, int64_t day, struct arena *a)
{
	int year, month, date;

	if (day == INT64_MIN)
		return;
	when_date(day, &year, &month, &date);
	set(row, "ChargePeriodStart", time_cell(day * 86400000, a));
	set(row, "ChargePeriodEnd", time_cell((day + 1) * 86400000, a));
	set(row, "BillingPeriodStart", time_cell(when_days(year, month, 1) * 86400000, a));
	set(row, "BillingPeriodEnd",
	    time_cell((month < 12 ? when_days(year, month + 1, 1) : when_days(year + 1, 1, 1)) *
			  86400000,
		a));
}

static void
cost_cells(struct slice *row, const struct focus_charge *c, struct arena *a)
{
	struct slice count = arena_printf(a, "%llu", (unsigned long long)c->count);

	set(row, "BilledCost", usd_cell(c->billed, a));
	set(row, "EffectiveCost", usd_cell(c->billed, a));
	set(row, "ContractedCost", usd_cell(c->billed, a));
	if (!c->list_unknown)
		set(row, "ListCost", usd_cell(c->list, a));
	if (!c->list_unknown && c->lane == LANE_REALTIME)
		set(row, "ListUnitPrice", usd_cell(c->price, a));
	set(row, "ConsumedQuantity", count);
	set(row, "PricingQuantity", count);
}

static void
charge_row(const struct focus_charge *c, struct slice *row, struct arena *a)
{
	const char *slash = strchr(c->row, '/');
	struct slice provider = slice_of(c->row, slash ? (size_t)(slash - c->row) : 0);
	bool tool = strcmp(c->part, "web_search") == 0 || strcmp(c->part, "request") == 0;

	set(row, "BillingCurrency", SLICE("USD"));
	set(row, "ChargeCategory", SLICE("Usage"));
	set(row, "ChargeFrequency", SLICE("Usage-Based"));
	set(row, "ChargeDescription",
	    arena_printf(a, "%s %s, %s, price by %s", slash ? slash + 1 : c->row, c->part,
		lane_name(c->lane), c->source));
	set(row, "ConsumedUnit", tool ? SLICE("Requests") : SLICE("Tokens"));
	set(row, "PricingUnit", tool ? SLICE("Requests") : SLICE("Tokens"));
	set(row, "PricingCategory",
	    c->lane == LANE_REALTIME ? SLICE("Standard") : SLICE("Dynamic"));
	if (provider.len) {
		set(row, "ProviderName", provider);
		set(row, "PublisherName", provider);
	}
	set(row, "ServiceCategory", SLICE("AI and Machine Learning"));
	set(row, "ServiceName", slice_z(slash ? slash + 1 : c->row));
	set(row, "SkuId", arena_printf(a, "%s/%s", c->row, c->part));
	set(row, "SkuPriceId",
	    arena_printf(a, "%s/%s/%s", c->row, c->part, lane_name(c->lane)));
	time_cells(row, c->from, a);
	cost_cells(row, c, a);
}

static const struct focus *sorting;

static int
by_key_order(const void *a, const void *b)
{
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct focus_charge *x = &sorting->list[i], *y = &sorting->list[k];

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return slice_cmp(sorting->keys.keys[i], sorting->keys.keys[k]);
}

void
focus_print(const struct focus *f, const struct by *by, struct buf *out)
{
	size_t *order = mem_alloc((f->keys.count + 1) * sizeof(*order));
	struct arena a = { 0 };
	struct table t;

	table_open(&t, HEADINGS, &a);
	for (size_t i = 0; i < HEADINGS; i++)
		t.heading[i] = slice_z(headings[i]);
	for (size_t i = 0; i < f->keys.count; i++)
		order[i] = i;
	sorting = f;
	qsort(order, f->keys.count, sizeof(*order), by_key_order);
	for (size_t i = 0; i < f->keys.count; i++) {
		struct slice *row = table_row(&t);

		charge_row(&f->list[order[i]], row, &a);
		if (order[i] < FOCUS_LIMIT)
			set(row, "Tags", tags_cell(by, f->keys.keys[order[i]], &a));
	}
	table_csv(&t, out);
	table_close(&t);
	arena_close(&a);
	free(order);
}

void
focus_free(struct focus *f)
{
	hash_map_free(&f->keys);
	free(f->list);
	*f = (struct focus){ 0 };
}
