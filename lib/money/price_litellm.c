/* SPDX-License-Identifier: MIT */
#include "money/price_build.h"
#include "money/price_name.h"

static const struct {
	const char *name;
	enum price_class class;
} member[] = { { "input_cost_per_token", CLASS_INPUT },
	{ "output_cost_per_token", CLASS_OUTPUT },
	{ "cache_read_input_token_cost", CLASS_CACHED },
	{ "input_cost_per_token_cache_hit", CLASS_CACHED },
	{ "cache_creation_input_token_cost", CLASS_WRITE_5M },
	{ "cache_creation_input_token_cost_above_1hr", CLASS_WRITE_1H },
	{ "input_cost_per_audio_token", CLASS_AUDIO_IN },
	{ "output_cost_per_audio_token", CLASS_AUDIO_OUT },
	{ "cache_read_input_audio_token_cost", CLASS_AUDIO_CACHED },
	{ "input_cost_per_image_token", CLASS_IMAGE_IN },
	{ "output_cost_per_image_token", CLASS_IMAGE_OUT },
	{ "cache_read_input_image_token_cost", CLASS_IMAGE_CACHED },
	{ "output_cost_per_reasoning_token", CLASS_REASONING },
	{ "input_cost_per_request", CLASS_REQUEST },
	{ "input_cost_per_second", CLASS_MILLISECOND },
	{ "output_cost_per_second", CLASS_MILLISECOND },
	{ "input_cost_per_character", CLASS_CHARACTER },
	{ "output_cost_per_image", CLASS_IMAGE } };

static const char *const capability[][2] = { { "supports_vision", "vision" },
	{ "supports_function_calling", "tools" }, { "supports_audio_input", "audio" },
	{ "supports_pdf_input", "files" }, { "supports_response_schema", "schema" },
	{ "supports_reasoning", "reasoning" } };

static enum lane
lane_suffix(struct slice *name)
{
	static const struct {
		struct slice suffix;
		enum lane lane;
	} known[] = { { { "_batches", 8 }, LANE_BATCH }, { { "_flex", 5 }, LANE_FLEX },
		{ { "_priority", 9 }, LANE_PRIORITY } };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_ends(*name, known[i].suffix)) {
			name->len -= known[i].suffix.len;
			return known[i].lane;
		}
	return LANE_REALTIME;
}

/* Takes _above_200k_tokens off the name: 200000; else 0. */
static uint64_t
tier_suffix(struct slice *name)
{
	const struct slice head = SLICE("_above_"), tail = SLICE("k_tokens");
	size_t end = name->len - tail.len, i = end;
	uint64_t n = 0, unit = 1000;

	if (name->len < head.len + tail.len || !slice_ends(*name, tail))
		return 0;
	for (; i > 0 && name->ptr[i - 1] >= '0' && name->ptr[i - 1] <= '9' && end - i < 6;
	     i--) {
		n += unit * (uint64_t)(name->ptr[i - 1] - '0');
		unit *= 10;
	}
	if (!n || !slice_ends(slice_take(*name, i), head))
		return 0;
	name->len = i - head.len;
	return n;
}

/* From one token, second, call to what a row says: a million, or a thousand. */
static int shift_of(enum price_class class)
{
	return class == CLASS_MILLISECOND || price_class_per(class) == 1000 ? 3 : 6;
}

static void
price_member(struct price_draft *d, struct slice name, uint64_t above, struct value v)
{
	enum lane lane = lane_suffix(&name);
	uint64_t own = tier_suffix(&name);

	above = own ? own : above;
	for (size_t i = 0; i < sizeof(member) / sizeof(*member); i++) {
		if (!slice_eqz(name, member[i].name))
			continue;
		/* the older name of the cached price gives way */
		if (slice_ends(name, SLICE("_cache_hit")) &&
		    draft_has(d, lane, above, CLASS_CACHED))
			return;
		/* a service that names both sells one of them */
		if (member[i].class == CLASS_MILLISECOND &&
		    draft_has(d, lane, above, CLASS_MILLISECOND))
			return;
		draft_set(d, lane, above, member[i].class, v, shift_of(member[i].class));
	}
}

/* [{"range": [0, 128000], "input_cost_per_token": …}]: all tokens at the tier that is hit. */
static void
ranges(struct price_draft *d, struct value list, struct price_build *b)
{
	for (struct value v = json_first(list); json_type(v); v = json_next(v)) {
		uint64_t above;

		if (!json_whole(json_first(json_get(v, "range")), &above))
			continue;
		for (struct value k = json_first(v); json_type(k); k = json_next(k))
			price_member(d, json_string(k, &b->arena), above, json_member_value(k));
	}
}

/* Searches have a price only where it does not depend on how much is asked for. */
static void
search_price(struct price_draft *d, struct value sizes)
{
	struct value first = json_member_value(json_first(sizes));

	for (struct value k = json_first(sizes); json_type(k); k = json_next(k))
		if (!slice_eq(json_raw(json_member_value(k)), json_raw(first)))
			return;
	draft_set(d, LANE_REALTIME, 0, CLASS_WEB_SEARCH, first, 3);
}

static void
capabilities(struct price_build *b, struct value entry, bool can)
{
	const char *open = can ? ",\"can\":[" : ",\"cannot\":[";
	bool any = false;

	for (size_t i = 0; i < sizeof(capability) / sizeof(*capability); i++) {
		enum json_type said = json_type(json_get(entry, capability[i][0]));

		if (said != (can ? JSON_TRUE : JSON_FALSE))
			continue;
		buf_printf(&b->rows, "%s\"%s\"", any ? "," : open, capability[i][1]);
		any = true;
	}
	if (any)
		buf_add_byte(&b->rows, ']');
}

static void
count_member(struct price_build *b, struct value v, const char *name)
{
	uint64_t n;

	if (json_whole(v, &n)) {
		buf_printf(&b->rows, ",\"%s\":", name);
		buf_add_number(&b->rows, n);
	}
}

/* vertex_ai-anthropic_models is vertex_ai. */
static struct slice
owner_of(struct value entry, struct arena *a)
{
	struct slice owner = json_string(json_get(entry, "litellm_provider"), a);

	if (!owner.ptr)
		return SLICE("");
	if (slice_starts(owner, SLICE("vertex_ai")))
		return SLICE("vertex_ai");
	return slice_starts(owner, SLICE("fireworks_ai")) ? SLICE("fireworks_ai") : owner;
}

/* azure/gpt-4o is gpt-4o of azure, where the prefix names the same provider. */
static struct slice
without_prefix(struct slice name, struct slice provider)
{
	size_t slash = slice_find(name, '/');

	if (slash < name.len && slice_eq(price_provider(slice_take(name, slash)), provider))
		return slice_drop(name, slash + 1);
	return name;
}

static void
draft_entry(struct price_draft *d, struct value entry, struct price_build *b)
{
	draft_clear(d);
	for (struct value k = json_first(entry); json_type(k); k = json_next(k))
		price_member(d, json_string(k, &b->arena), 0, json_member_value(k));
	ranges(d, json_get(entry, "tiered_pricing"), b);
	search_price(d, json_get(entry, "search_context_cost_per_query"));
	draft_set(d, LANE_REALTIME, 0, CLASS_FILE_SEARCH,
	    json_get(entry, "file_search_cost_per_1k_calls"), 0);
}

/* A row; when is `,"hours":…` or empty. */
static void
write_entry(struct price_build *b, struct slice provider, struct slice model,
    struct value entry, const struct price_draft *d, struct slice when)
{
	build_head(b, provider, model);
	buf_add(&b->rows, when);
	count_member(b, json_get(entry, "max_input_tokens"), "context");
	count_member(b, json_get(entry, "max_output_tokens"), "max_output");
	capabilities(b, entry, true);
	capabilities(b, entry, false);
	if (slice_eqz(provider, "x-ai"))
		buf_add(&b->rows, SLICE(",\"inclusive\":true"));
	draft_write(d, &b->rows);
	buf_add(&b->rows, SLICE("}\n"));
}

/* One row for each window, "16:30-00:30" or a list of them. */
static void
window(struct price_build *b, struct slice provider, struct slice model, struct value entry,
    const struct price_draft *d, struct value hours, struct value days)
{
	struct value v = json_type(hours) == JSON_ARRAY ? json_first(hours) : hours;

	while (json_type(v) == JSON_STRING) {
		struct slice when =
		    arena_printf(&b->arena, ",\"hours\":%.*s", SLICE_ARG(json_raw(v)));

		if (json_type(days) == JSON_ARRAY)
			when = arena_printf(&b->arena, "%.*s,\"weekdays\":%.*s",
			    SLICE_ARG(when), SLICE_ARG(json_raw(days)));
		if (json_string_raw(v).len == 11)
			write_entry(b, provider, model, entry, d, when);
		v = json_type(hours) == JSON_ARRAY ? json_next(v) : (struct value){ 0 };
	}
}

/* Cheaper hours: {"windows": [{"hours_utc": …, "weekdays": [1, …]}]} or {"hours_utc": …}. */
static void
off_peak(struct price_build *b, struct slice provider, struct slice model, struct value entry,
    struct price_draft *d)
{
	struct value block = json_get(entry, "off_peak_pricing");

	if (json_type(block) != JSON_OBJECT)
		return;
	for (struct value k = json_first(block); json_type(k); k = json_next(k))
		price_member(d, json_string(k, &b->arena), 0, json_member_value(k));
	window(b, provider, model, entry, d, json_get(block, "hours_utc"), (struct value){ 0 });
	for (struct value w = json_first(json_get(block, "windows")); json_type(w);
	     w = json_next(w))
		window(b, provider, model, entry, d, json_get(w, "hours_utc"),
		    json_get(w, "weekdays"));
}

static void
build_entry(struct price_build *b, struct slice key, struct value entry)
{
	static struct price_draft d;
	struct slice owner = owner_of(entry, &b->arena), provider = price_provider(owner);
	struct slice model = without_prefix(key, provider);

	draft_entry(&d, entry, b);
	write_entry(b, provider, model, entry, &d, SLICE(""));
	off_peak(b, provider, model, entry, &d);
	build_name(b, provider, model, model);
	build_name(b, provider, key, model);
}

void
build_litellm(struct price_build *b, struct value table)
{
	for (struct value k = json_first(table); json_type(k); k = json_next(k)) {
		struct slice key = json_string(k, &b->arena);
		struct value entry = json_member_value(k);

		/* the first entry explains the others */
		if (json_type(entry) == JSON_OBJECT && key.len &&
		    !slice_eqz(key, "sample_spec"))
			build_entry(b, key, entry);
	}
}
