/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "model/moment.h"
#include "reconcile.h"
#include "text/csv.h"
#include "tool/tool.h"
#include "cmd/llm-cost/rows/traits.h"

#define DAY INT64_C(86400000)

static const char no_export[] =
    "neither a usage nor a cost export: pages with data[].results[], or CSV with "
    "ChargePeriodStart and BilledCost";

struct match *
reconcile_match(struct reconcile *r, int64_t day, struct slice model)
{
	struct buf key = { 0 };
	struct match *m;
	bool added;
	size_t i;

	buf_printf(&key, "%lld\n", (long long)day);
	buf_add(&key, model);
	i = hash_map_add(&r->keys, buf_slice(&key), &added);
	if (added) {
		if ((i & (i - 1)) == 0)
			r->list = mem_grow(r->list, i ? i * 2 : 1, sizeof(*r->list));
		model = r->keys.keys[i];
		r->list[i] = (struct match){ .day = day };
		r->list[i].model = slice_drop(model, slice_find(model, '\n') + 1);
	}
	m = &r->list[i];
	buf_free(&key);
	return m;
}

struct slice
reconcile_model(const struct reconcile *r, struct slice model, int64_t when, struct arena *a)
{
	struct price_query q = { models_resolve(model), slice_z(r->provider), when,
		LANE_REALTIME };
	struct bill b = { 0 };
	const char *slash;

	if (!model.len)
		return SLICE("(no model)");
	bill_counts(&q, 1, 1, &b);
	slash = b.priced && b.row ? strchr(b.row, '/') : NULL;
	return slash ? slice_z(slash + 1) : arena_copy(a, model);
}

static bool
is_given(struct value v)
{
	return json_type(v) > JSON_NULL;
}

static uint64_t
count_of(struct value result, const char *name)
{
	uint64_t n = 0;

	json_whole(json_get(result, name), &n);
	return n;
}

/* Members that stand nested in newer answers and flat in older ones. */
static uint64_t
written_of(struct value result)
{
	static const char *const names[] = { "ephemeral_5m_input_tokens",
		"ephemeral_1h_input_tokens", "cache_creation_5m_input_tokens",
		"cache_creation_1h_input_tokens", "cache_creation_input_tokens" };
	struct value nested = json_get(result, "cache_creation");
	struct value at = json_type(nested) == JSON_OBJECT ? nested : result;
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		sum += count_of(at, names[i]);
	return sum;
}

struct bucket {
	struct reconcile *r;
	struct arena *a;
	int64_t start;
	bool collecting; /* the first pass only looks what kind it is */
	bool any_model;
};

static void
set_kind(struct reconcile *r, enum export_kind kind, const char *provider)
{
	r->kind = kind;
	r->provider = provider;
	r->has_requests |= kind == EXPORT_USAGE && strcmp(provider, "openai") == 0;
}

/* What a cost is for: the model, else the item of the bill. */
static struct slice
line_of(struct value result, struct arena *a)
{
	static const char *const names[] = { "model", "line_item", "description", "cost_type" };
	struct slice text = { 0 };

	for (size_t i = 0; i < 4 && !text.len; i++)
		text = json_string(json_get(result, names[i]), a);
	/* "gpt-4o-2024-08-06, input" */
	return slice_trim(slice_take(text, slice_find(text, ',')));
}

static struct match *
match_of(struct bucket *b, struct slice model)
{
	struct reconcile *r = b->r;

	return reconcile_match(r, b->start / DAY,
	    r->no_models ? SLICE("") : reconcile_model(r, model, b->start, b->a));
}

static void
add_usage(struct bucket *b, struct value result, bool anthropic)
{
	struct match *m = match_of(b, json_string(json_get(result, "model"), b->a));
	struct side s = { .output = count_of(result, "output_tokens") };

	if (anthropic) {
		s.cached = count_of(result, "cache_read_input_tokens");
		s.written = written_of(result);
		s.input = count_of(result, "uncached_input_tokens") + s.cached + s.written;
	} else {
		s.requests = count_of(result, "num_model_requests");
		s.cached = count_of(result, "input_cached_tokens");
		s.input = count_of(result, "input_tokens");
	}
	m->export.requests += s.requests;
	m->export.input += s.input;
	m->export.cached += s.cached;
	m->export.written += s.written;
	m->export.output += s.output;
}

static void
add_cost(struct bucket *b, struct value result, bool anthropic)
{
	struct value amount = json_get(result, "amount");
	struct value currency = json_get(anthropic ? result : amount, "currency");
	struct slice name = json_string(currency, b->a);
	struct match *m;
	struct usd cost;

	if (name.ptr && !slice_eqz(name, "usd") && !slice_eqz(name, "USD")) {
		b->r->other_currency++;
		return;
	}
	if (!traits_amount(anthropic ? amount : json_get(amount, "value"), b->a, &cost))
		return;
	/* Anthropic writes cents */
	if (anthropic && !usd_ratio(cost, 1, 100, &cost))
		cost.units /= 100;
	m = match_of(b, line_of(result, b->a));
	m->export.cost = usd_add(m->export.cost, cost);
}

static void
add_result(struct bucket *b, struct value result)
{
	struct value amount = json_get(result, "amount");
	bool cost = is_given(amount);
	bool anthropic = cost ? json_type(amount) != JSON_OBJECT
			      : is_given(json_get(result, "uncached_input_tokens"));

	if (!cost && !anthropic && !is_given(json_get(result, "input_tokens")))
		return;
	if (!b->collecting) {
		set_kind(b->r, cost ? EXPORT_COST : EXPORT_USAGE,
		    anthropic ? "anthropic" : "openai");
		b->any_model |=
		    cost ? line_of(result, b->a).len > 0 : is_given(json_get(result, "model"));
		b->r->results++;
	} else if (cost) {
		add_cost(b, result, anthropic);
	} else {
		add_usage(b, result, anthropic);
	}
}

static void
add_bucket(struct bucket *b, struct value bucket)
{
	struct reconcile *r = b->r;
	struct value from = json_get(bucket, "start_time"), to = json_get(bucket, "end_time");
	int64_t end;

	if (!is_given(from)) {
		from = json_get(bucket, "starting_at");
		to = json_get(bucket, "ending_at");
	}
	b->start = moment_read(from, false, b->a);
	end = moment_read(to, false, b->a);
	if (b->start == WHEN_NONE || b->start < 0)
		return;
	if (end == WHEN_NONE || end <= b->start)
		end = b->start + 1;
	if (!r->to || b->start / DAY < r->from)
		r->from = b->start / DAY;
	if ((end - 1) / DAY + 1 > r->to)
		r->to = (end - 1) / DAY + 1;
	for (struct value k = json_first(json_get(bucket, "results")); json_type(k);
	     k = json_next(k))
		add_result(b, k);
}

static void
add_page(struct bucket *b, struct value page)
{
	struct value data = json_get(page, "data");

	if (json_type(page) == JSON_ARRAY) {
		for (struct value k = json_first(page); json_type(k); k = json_next(k)) {
			data = json_get(k, "data");
			if (json_type(data) != JSON_ARRAY) {
				add_bucket(b, k);
				continue;
			}
			for (struct value i = json_first(data); json_type(i); i = json_next(i))
				add_bucket(b, i);
		}
	} else if (json_type(data) == JSON_ARRAY) {
		for (struct value k = json_first(data); json_type(k); k = json_next(k))
			add_bucket(b, k);
	} else {
		add_bucket(b, page);
	}
}

/* All pages: the whole text is one value, or each line is. */
static bool
each_page(struct bucket *b, struct slice text)
{
	struct json j = { 0 };
	const char *why;
	size_t where;
	bool fine = json_scan(&j, slice_trim(text), &why, &where);

	if (fine) {
		add_page(b, json_root(&j));
	} else {
		for (fine = true; fine && text.len;) {
			struct slice line =
			    slice_trim(slice_take(text, slice_find(text, '\n')));

			text = slice_drop(text, slice_find(text, '\n') + 1);
			if (!line.len)
				continue;
			fine = json_scan(&j, line, &why, &where);
			if (fine)
				add_page(b, json_root(&j));
		}
	}
	json_free(&j);
	return fine;
}

/* The column that --field NAME=.Column names, else one of FOCUS. */
static size_t
column_at(const struct csv *csv, const char *name, const char *const standard[])
{
	const struct option_list *fields = &tool_common()->fields;
	size_t len = strlen(name);

	for (size_t i = 0; i < fields->count; i++) {
		const char *f = fields->item[i];

		if (strncmp(f, name, len) == 0 && f[len] == '=')
			return csv_column(csv, slice_z(f + len + 1 + (f[len + 1] == '.')));
	}
	for (size_t i = 0; standard[i]; i++) {
		size_t at = csv_column(csv, slice_z(standard[i]));

		if (at != SIZE_MAX)
			return at;
	}
	return SIZE_MAX;
}

static bool
read_csv(
    struct reconcile *r, struct csv *csv, struct slice text, struct arena *a, const char **why)
{
	static const char *const days[] = { "ChargePeriodStart", "day", "date", NULL };
	static const char *const costs[] = { "BilledCost", "cost", NULL };
	static const char *const models[] = { "ServiceName", "SkuId", "model", NULL };
	static const char *const currencies[] = { "BillingCurrency", "currency", NULL };
	struct bucket b = { .r = r, .a = a, .collecting = true };
	size_t day, cost, model, currency;

	*why = no_export;
	if (!csv_read(csv, &text) || !csv_header(csv))
		return false;
	day = column_at(csv, "day", days);
	cost = column_at(csv, "cost", costs);
	model = column_at(csv, "model", models);
	currency = column_at(csv, "currency", currencies);
	if (day == SIZE_MAX || cost == SIZE_MAX)
		return false;
	r->kind = EXPORT_COST;
	r->no_models = model == SIZE_MAX;
	while (csv_read(csv, &text)) {
		struct match *m;
		struct usd amount;

		b.start = when_read(csv_cell(csv, day));
		*why = csv->fault ? csv->fault : "a line of the CSV has no day or no amount";
		if (csv->fault || b.start == WHEN_NONE ||
		    !usd_read(csv_cell(csv, cost), &amount))
			return false;
		r->results++;
		if (currency != SIZE_MAX && !slice_eqz(csv_cell(csv, currency), "USD")) {
			r->other_currency++;
			continue;
		}
		if (!r->to || b.start / DAY < r->from)
			r->from = b.start / DAY;
		if (b.start / DAY + 1 > r->to)
			r->to = b.start / DAY + 1;
		m = match_of(&b, model == SIZE_MAX ? SLICE("") : csv_cell(csv, model));
		m->export.cost = usd_add(m->export.cost, amount);
	}
	return r->results > 0;
}

bool
reconcile_export(struct reconcile *r, struct slice text, const char **why)
{
	struct arena a = { 0 };
	struct bucket b = { .r = r, .a = &a };
	struct csv csv = { .lines = false };
	bool fine;

	text = slice_trim(text);
	*why = no_export;
	if (!slice_starts(text, SLICE("{")) && !slice_starts(text, SLICE("["))) {
		fine = read_csv(r, &csv, text, &a, why);
		csv_free(&csv);
	} else {
		fine = each_page(&b, text) && r->results;
		r->no_models = !b.any_model;
		b.collecting = true;
		fine = fine && each_page(&b, text);
	}
	arena_close(&a);
	return fine;
}
