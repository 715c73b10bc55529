/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "json/write.h"
#include "money/price_build.h"

#define CHANGES 48 /* prices of one model, in time and by lane */

static const char *const key[PRICE_CLASSES + 2][2] = { { "input_mtok", "input" },
	{ "output_mtok", "output" }, { "cache_read_mtok", "cached" },
	{ "cache_write_mtok", "cache_write_5m" }, { "cache_write_5m_mtok", "cache_write_5m" },
	{ "cache_write_1h_mtok", "cache_write_1h" }, { "input_audio_mtok", "audio_in" },
	{ "output_audio_mtok", "audio_out" }, { "cache_audio_read_mtok", "audio_cached" },
	{ "input_image_mtok", "image_in" }, { "output_image_mtok", "image_out" },
	{ "cache_image_read_mtok", "image_cached" }, { "output_reasoning_mtok", "reasoning" },
	{ "requests_kcount", "request" }, { "web_searches_kcount", "web_search" } };

static void
price_set(struct price_draft *d, enum lane lane, struct value prices)
{
	for (size_t i = 0; i < sizeof(key) / sizeof(*key) && key[i][0]; i++) {
		struct value v = json_get(prices, key[i][0]);
		enum price_class class = price_class_named(slice_z(key[i][1]));
		struct value tier = json_first(json_get(v, "tiers"));
		uint64_t above;

		if (json_type(v) <= JSON_NULL)
			continue;
		if (json_type(v) != JSON_OBJECT) {
			draft_set(d, lane, 0, class, v, 0);
			continue;
		}
		draft_set(d, lane, 0, class, json_get(v, "base"), 0);
		for (; json_type(tier); tier = json_next(tier))
			if (json_whole(json_get(tier, "start"), &above) && above)
				draft_set(d, lane, above, class, json_get(tier, "price"), 0);
	}
}

/* One price of a model: from a day on, in daily hours or always, in a lane. */
struct change {
	struct slice day;    /* "" is always */
	struct slice starts; /* ptr NULL: all day */
	struct slice ends;
	enum lane lane;
	struct value prices;
};

struct history {
	struct change list[CHANGES];
	size_t count;
	struct slice day[CHANGES + 1];
	size_t days;
};

static void
add_day(struct history *h, struct slice day)
{
	size_t i = 0;

	while (i < h->days && slice_cmp(h->day[i], day) < 0)
		i++;
	if ((i < h->days && slice_eq(h->day[i], day)) || h->days > CHANGES)
		return;
	memmove(&h->day[i + 1], &h->day[i], (h->days - i) * sizeof(*h->day));
	h->day[i] = day;
	h->days++;
}

static struct slice
string_or_empty(struct value v, struct arena *a)
{
	struct slice s = json_string(v, a);

	return s.ptr ? s : SLICE("");
}

static void
add_change(
    struct history *h, struct value item, enum lane lane, struct slice *since, struct arena *a)
{
	struct value when = json_get(item, "constraint");
	struct change c = { .lane = lane, .prices = json_get(item, "prices") };

	c.starts = json_string(json_get(when, "start_time"), a);
	c.ends = json_string(json_get(when, "end_time"), a);
	/* hours follow a day in the list: they hold from that day on */
	c.day = c.starts.ptr ? *since : string_or_empty(json_get(when, "start_date"), a);
	*since = c.day;
	if (h->count == CHANGES)
		return;
	h->list[h->count++] = c;
	add_day(h, c.day);
}

/* {"processing": "batch"}, {"service_tier": "flex"}, {"speed": "fast"} */
static bool
variant_lane(struct value when, struct arena *a, enum lane *lane)
{
	struct value k = json_first(when);
	struct slice name = json_string(k, a), value = json_string(json_member_value(k), a);

	if (json_type(json_next(k)) != JSON_ABSENT || !name.ptr || !value.ptr)
		return false;
	if (slice_eqz(name, "speed"))
		*lane = LANE_PRIORITY;
	else if (!lane_named(value, lane) || *lane == LANE_REALTIME)
		return false;
	return !slice_eqz(name, "speed")
		   ? (slice_eqz(name, "processing") && *lane == LANE_BATCH) ||
			 (slice_eqz(name, "service_tier") && !slice_eqz(value, "fast"))
		   : slice_eqz(value, "fast");
}

static void
history_read(struct history *h, struct value model, struct arena *a)
{
	struct value prices = json_get(model, "prices"), item = { 0 };
	struct slice since = SLICE("");

	h->count = h->days = 0;
	add_day(h, SLICE(""));
	if (json_type(prices) == JSON_OBJECT)
		h->list[h->count++] = (struct change){ .day = since, .prices = prices };
	else
		item = json_first(prices);
	for (; json_type(item); item = json_next(item))
		add_change(h, item, LANE_REALTIME, &since, a);
	item = json_first(json_get(model, "price_variants"));
	for (; json_type(item); item = json_next(item)) {
		enum lane lane;

		since = SLICE("");
		if (variant_lane(json_get(item, "when"), a, &lane))
			add_change(h, item, lane, &since, a);
	}
}

static void
write_row(struct price_build *b, struct slice provider, struct slice id, struct slice day,
    const struct change *hours, struct value model, const struct price_draft *d)
{
	uint64_t context;

	build_head(b, provider, id);
	if (day.len) {
		buf_add(&b->rows, SLICE(",\"from\":"));
		json_quote(&b->rows, day);
	}
	if (hours) {
		buf_add(&b->rows, SLICE(",\"hours\":"));
		json_quote(&b->rows, arena_printf(&b->arena, "%.*s-%.*s",
					 SLICE_ARG(slice_take(hours->starts, 5)),
					 SLICE_ARG(slice_take(hours->ends, 5))));
	}
	if (json_whole(json_get(model, "context_window"), &context)) {
		buf_add(&b->rows, SLICE(",\"context\":"));
		buf_add_number(&b->rows, context);
	}
	if (slice_eqz(provider, "x-ai"))
		buf_add(&b->rows, SLICE(",\"inclusive\":true"));
	draft_write(d, &b->rows);
	buf_add(&b->rows, SLICE("}\n"));
}

/* What holds on a day: the last price that has begun, and the first variant of each lane. */
static void
draft_day(const struct history *h, struct slice day, const struct change *hours,
    struct price_draft *d)
{
	const struct change *standard = hours;

	draft_clear(d);
	for (size_t i = 0; i < h->count && !hours; i++)
		if (h->list[i].lane == LANE_REALTIME && !h->list[i].starts.ptr &&
		    (!standard || slice_cmp(h->list[i].day, day) <= 0))
			standard = &h->list[i];
	if (standard)
		price_set(d, LANE_REALTIME, standard->prices);
	for (size_t i = h->count; i-- > 0;)
		if (h->list[i].lane != LANE_REALTIME && slice_cmp(h->list[i].day, day) <= 0)
			price_set(d, h->list[i].lane, h->list[i].prices);
}

/* OpenRouter's variants that cost nothing are listed without prices. */
static void
set_free(struct price_draft *d, struct slice id, struct value prices)
{
	if (!slice_ends(id, SLICE(":free")) || json_type(prices) != JSON_OBJECT ||
	    json_type(json_first(prices)))
		return;
	memcpy(d->text[LANE_REALTIME][0][price_class_named(SLICE("input"))], "0", 2);
	memcpy(d->text[LANE_REALTIME][0][price_class_named(SLICE("output"))], "0", 2);
}

static void
build_model(struct price_build *b, struct slice provider, struct value model)
{
	static struct history h;
	static struct price_draft d;
	struct slice id = json_string(json_get(model, "id"), &b->arena);

	if (!id.len)
		return;
	history_read(&h, model, &b->arena);
	for (size_t i = 0; i < h.days; i++) {
		draft_day(&h, h.day[i], NULL, &d);
		set_free(&d, id, json_get(model, "prices"));
		write_row(b, provider, id, h.day[i], NULL, model, &d);
		for (size_t k = 0; k < h.count; k++)
			if (h.list[k].starts.ptr && slice_eq(h.list[k].day, h.day[i])) {
				draft_day(&h, h.day[i], &h.list[k], &d);
				write_row(b, provider, id, h.day[i], &h.list[k], model, &d);
			}
	}
	if (slice_find(id, '*') == id.len && slice_find(id, '#') == id.len)
		build_name(b, provider, id, id);
	build_match(b, provider, json_get(model, "match"), id);
}

static void
fallback(struct price_build *b, struct slice provider, struct slice list)
{
	buf_add(&b->rows, SLICE("{\"fallback\":"));
	build_on_one_line(&b->rows, list);
	buf_add(&b->rows, SLICE(",\"provider\":"));
	json_quote(&b->rows, provider);
	buf_add(&b->rows, SLICE("}\n"));
}

void
build_genai(struct price_build *b, struct value providers)
{
	for (struct value p = json_first(providers); json_type(p); p = json_next(p)) {
		struct slice provider = json_string(json_get(p, "id"), &b->arena);
		struct value others = json_get(p, "fallback_model_providers");
		struct value model = json_first(json_get(p, "models"));

		if (!provider.len)
			continue;
		if (json_type(others) == JSON_ARRAY)
			fallback(b, provider, json_raw(others));
		for (; json_type(model); model = json_next(model))
			build_model(b, provider, model);
	}
	/* that data has Gemini and Vertex under one name */
	fallback(b, SLICE("vertex"), SLICE("[\"google\",\"anthropic\"]"));
}
