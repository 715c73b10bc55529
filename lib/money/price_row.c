/* SPDX-License-Identifier: MIT */
#include "money/price_row.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/options.h"
#include "base/when.h"

const char *const price_class_name[PRICE_CLASSES + 1] = { "input", "output", "cached",
	"cache_write_5m", "cache_write_1h", "audio_in", "audio_out", "audio_cached", "image_in",
	"image_out", "image_cached", "reasoning", "request", "web_search", "file_search",
	"grounding", "container", "image", "millisecond", "character", "storage", NULL };

static const char *const lane_members[LANES] = { "prices", "batch", "flex", "priority" };

enum price_class
price_class_named(struct slice name)
{
	for (unsigned i = 0; i < PRICE_CLASSES; i++)
		if (slice_eqz(name, price_class_name[i]))
			return (enum price_class)i;
	return CLASS_NONE;
}

uint64_t price_class_per(enum price_class class)
{
	return class >= CLASS_REQUEST && class <= CLASS_IMAGE ? 1000 : 1000000;
}

static char *
keep(struct slice s)
{
	char *z = mem_alloc(s.len + 1);

	memcpy(z, s.ptr, s.len);
	z[s.len] = 0;
	return z;
}

static char *
keep_joined(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	char *z = mem_alloc(n + m + 2);

	memcpy(z, a, n);
	z[n] = '/';
	memcpy(z + n + 1, b, m + 1);
	return z;
}

/* A price as a string or a number, for a million tokens or a thousand calls. */
static bool
amount_read(struct value v, enum price_class class, struct arena *a, struct usd *out)
{
	struct slice text = json_type(v) == JSON_STRING ? json_string(v, a) : json_raw(v);

	return (json_type(v) == JSON_STRING || json_type(v) == JSON_NUMBER) &&
	       usd_read(text, out) && out->units >= 0 &&
	       usd_ratio(*out, 1, price_class_per(class), out);
}

static bool
tier_read(struct value set, struct arena *a, struct price_tier *tier, const char **why)
{
	for (struct value k = json_first(set); json_type(k); k = json_next(k)) {
		enum price_class class = price_class_named(json_string(k, a));

		if (class == CLASS_NONE)
			continue;
		if (!amount_read(json_member_value(k), class, a, &tier->usd[class])) {
			*why = "a price is no decimal from 0 on, or has too many digits";
			return false;
		}
		tier->has[class] = true;
	}
	return true;
}

static bool
lane_read(struct value set, struct arena *a, struct price_lane *lane, const char **why)
{
	struct value above = json_get(set, "above");
	struct price_tier tier[PRICE_TIERS] = { { 0 } };

	if (json_type(set) == JSON_ABSENT)
		return true;
	if (json_type(set) != JSON_OBJECT || !tier_read(set, a, &tier[0], why)) {
		*why = *why ? *why : "prices are no object";
		return false;
	}
	lane->count = 1;
	for (struct value t = json_first(above); json_type(t); t = json_next(t)) {
		struct price_tier *next = &tier[lane->count];

		if (lane->count == PRICE_TIERS ||
		    !json_whole(json_get(t, "tokens"), &next->above) ||
		    next->above <= next[-1].above) {
			*why = "tiers are too many, without a count, or do not rise";
			return false;
		}
		if (!tier_read(t, a, next, why))
			return false;
		lane->count++;
	}
	lane->tier = mem_alloc(lane->count * sizeof(*tier));
	memcpy(lane->tier, tier, lane->count * sizeof(*tier));
	return true;
}

static int
minutes_read(const char *text)
{
	for (int i = 0; i < 5; i++)
		if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
			return -1;
	return ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] -
	       '0';
}

/* "00:30-16:30" */
static bool
hours_read(struct slice text, struct price *p)
{
	if (text.len != 11 || text.ptr[5] != '-')
		return false;
	p->starts = minutes_read(text.ptr);
	p->ends = minutes_read(text.ptr + 6);
	return p->starts >= 0 && p->ends >= 0;
}

/* [1, 2, 3, 4, 5]: Monday to Friday */
static bool
days_read(struct value list, unsigned *days)
{
	for (struct value v = json_first(list); json_type(v); v = json_next(v)) {
		uint64_t day;

		if (!json_whole(v, &day) || day < 1 || day > 7)
			return false;
		*days |= 1u << day;
	}
	return !json_type(list) || (json_type(list) == JSON_ARRAY && *days);
}

/* "15%" or "0.15" */
static bool
discount_read(struct value v, struct arena *a, uint64_t *millionths)
{
	struct slice text = json_string(v, a);

	if (!json_type(v))
		return true;
	return text.ptr && text.len < 30 &&
	       options_share(arena_copy(a, text).ptr, millionths) && *millionths > 0 &&
	       *millionths < 1000000;
}

static void
capabilities_read(struct value list, bool can, struct model_facts *f)
{
	for (struct value v = json_first(list); json_type(v); v = json_next(v)) {
		if (json_is(v, "vision"))
			f->says_vision = true, f->vision = can;
		else if (json_is(v, "tools"))
			f->says_tools = true, f->tools = can;
		else if (json_is(v, "audio"))
			f->says_audio = true, f->audio = can;
		else if (json_is(v, "files"))
			f->says_files = true, f->files = can;
		else if (json_is(v, "schema"))
			f->says_schema = true, f->schema = can;
		else if (json_is(v, "reasoning"))
			f->says_reasoning = true, f->reasoning = can;
	}
}

static bool
all_digits(struct slice s, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++)
		if (i >= s.len || s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return true;
}

/* The day that a name like gpt-4o-2024-05-13 or claude-sonnet-4-5-20250929 ends in. */
static int64_t
day_in_name(struct slice name)
{
	for (size_t i = 0; i + 8 <= name.len; i++) {
		const char *s = name.ptr + i;

		if (i && name.ptr[i - 1] >= '0' && name.ptr[i - 1] <= '9')
			continue;
		if (s[0] != '2' || s[1] != '0')
			continue;
		if (all_digits(name, i, 8) && !all_digits(name, i + 8, 1)) {
			char day[] = { s[0], s[1], s[2], s[3], '-', s[4], s[5], '-', s[6],
				s[7] };

			return when_read(slice_of(day, sizeof(day)));
		}
		if (all_digits(name, i, 4) && i + 10 <= name.len && s[4] == '-' &&
		    all_digits(name, i + 5, 2) && s[7] == '-' && all_digits(name, i + 8, 2))
			return when_read(slice_of(s, 10));
	}
	return WHEN_NONE;
}

static int64_t
released_read(struct value row, struct arena *a, int64_t day)
{
	struct value match = json_get(row, "match");
	int64_t first = day;

	for (struct value v = json_first(match); json_type(v); v = json_next(v)) {
		day = day_in_name(json_string(v, a));
		if (day != WHEN_NONE && (first == WHEN_NONE || day < first))
			first = day;
	}
	return first;
}

static bool
embeds(const char *model)
{
	return strstr(model, "embed") || strstr(model, "bge-") || strstr(model, "voyage-") ||
	       strstr(model, "-e5-");
}

static bool
monthly_read(struct value v, struct arena *a, struct usd *out)
{
	if (json_type(v) <= JSON_NULL)
		return true;
	if (json_type(v) != JSON_NUMBER && json_type(v) != JSON_STRING)
		return false;
	return usd_read(json_type(v) == JSON_STRING ? json_string(v, a) : json_raw(v), out) &&
	       out->units >= 0;
}

static bool
head_read(struct value row, struct arena *a, struct price *p, const char **why)
{
	struct slice provider = json_string(json_get(row, "provider"), a);
	struct slice model = json_string(json_get(row, "model"), a);
	struct slice from = json_string(json_get(row, "from"), a);
	struct value hours = json_get(row, "hours");

	*p = (struct price){ .since = WHEN_NONE, .starts = -1 };
	if (!model.ptr || !model.len) {
		*why = "a row without a model";
		return false;
	}
	p->provider = keep(provider.ptr ? provider : SLICE(""));
	p->model = keep(model);
	p->name = *p->provider ? keep_joined(p->provider, p->model) : keep(model);
	p->facts.embeds = embeds(p->model);
	p->inclusive = json_type(json_get(row, "inclusive")) == JSON_TRUE;
	p->released = released_read(row, a, day_in_name(model));
	if (from.ptr) {
		p->from = keep(from);
		p->since = when_read(from);
	}
	if ((from.ptr && p->since == WHEN_NONE) ||
	    (json_type(hours) && !hours_read(json_string(hours, a), p))) {
		*why = "a day is not as 2026-01-31, or hours are not as 00:30-16:30";
		return false;
	}
	if (!days_read(json_get(row, "weekdays"), &p->days)) {
		*why = "weekdays are no list of 1 (Monday) to 7";
		return false;
	}
	if (!discount_read(json_get(row, "discount"), a, &p->discount)) {
		*why = "a discount is not as 15%";
		return false;
	}
	if (!monthly_read(json_get(row, "monthly"), a, &p->monthly)) {
		*why = "monthly is no amount in dollars";
		return false;
	}
	return true;
}

bool
price_row_read(struct value row, struct arena *a, struct price *p, const char **why)
{
	bool good;

	*why = NULL;
	good = head_read(row, a, p, why);
	for (unsigned i = 0; i < LANES && good; i++)
		good = lane_read(json_get(row, lane_members[i]), a, &p->lane[i], why);
	if (!good) {
		price_row_free(p);
		return false;
	}
	for (unsigned lane = 0; lane < LANES; lane++)
		for (size_t t = 0; t < p->lane[lane].count; t++)
			for (unsigned i = 0; i < PRICE_CLASSES; i++)
				p->apart[i] |= p->lane[lane].tier[t].has[i];
	p->facts.known = true;
	p->facts.provider = p->provider;
	json_whole(json_get(row, "context"), &p->facts.context);
	json_whole(json_get(row, "max_output"), &p->facts.max_output);
	capabilities_read(json_get(row, "can"), true, &p->facts);
	capabilities_read(json_get(row, "cannot"), false, &p->facts);
	return true;
}

void
price_row_free(struct price *p)
{
	free(p->provider);
	free(p->model);
	free(p->name);
	free(p->from);
	for (unsigned i = 0; i < LANES; i++)
		free(p->lane[i].tier);
	*p = (struct price){ 0 };
}

/* 1 is Monday; the first of January 1970 was a Thursday. */
static unsigned
weekday(int64_t when)
{
	int64_t day = 24 * 60 * 60000, days = when / day - (when % day < 0);

	return (unsigned)(((days + 3) % 7 + 7) % 7) + 1;
}

bool
price_row_active(const struct price *p, int64_t when)
{
	int64_t day = 24 * 60 * 60000;
	int64_t minute;

	if (p->since != WHEN_NONE && when < p->since)
		return false;
	if (p->days && !(p->days & 1u << weekday(when)))
		return false;
	if (p->starts < 0 || p->starts == p->ends)
		return true;
	minute = ((when % day + day) % day) / 60000;
	if (p->ends < p->starts)
		return minute >= p->starts || minute < p->ends;
	return minute >= p->starts && minute < p->ends;
}

int
price_row_order(const void *a, const void *b)
{
	const struct price *p = a, *q = b;

	if (p->since != q->since)
		return p->since < q->since ? -1 : 1;
	if (!p->days != !q->days)
		return p->days ? 1 : -1;
	return (p->starts > q->starts) - (p->starts < q->starts);
}
