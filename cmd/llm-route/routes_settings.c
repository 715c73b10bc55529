/* SPDX-License-Identifier: MIT */
/* KEY=VALUE behind a target, and the profile of a task. */
#include "base/diag.h"
#include "base/options.h"
#include "cmd/llm-route/condition.h"
#include "cmd/llm-route/routes_read.h"

#define CONCISE "Answer briefly: no preamble, no repetition, no closing remarks."

static bool
whole(struct reader *r, struct slice name, struct slice value, uint64_t *n, bool zero)
{
	if (number_parse(value, n) && (zero || *n))
		return true;
	return read_wrong(
	    r, "%s is a whole number%s", diag_clean(name), zero ? "" : " above 0");
}

/* A backslash and n is a line break, t a tab: a stop sequence may begin with one. */
static struct slice
breaks(struct slice s, struct arena *a)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		bool escape = s.ptr[i] == '\\' && i + 1 < s.len &&
			      (s.ptr[i + 1] == 'n' || s.ptr[i + 1] == 't');

		out[n++] = !escape ? s.ptr[i] : s.ptr[++i] == 'n' ? '\n' : '\t';
	}
	return slice_of(out, n);
}

static bool
set_stop(struct reader *r, struct settings *s, struct slice value)
{
	if (slice_eqz(value, "infer")) {
		s->stop_infer = true;
		return true;
	}
	value = breaks(value, &r->routes->arena);
	if (s->stop_count == STOPS_MOST)
		return read_wrong(r, "more than %d stop sequences", STOPS_MOST);
	s->stop[s->stop_count++] = value;
	return true;
}

static bool
set_duration(struct reader *r, struct slice value, int64_t *ms)
{
	if (options_duration(arena_copy(&r->routes->arena, value).ptr, ms) && *ms > 0)
		return true;
	return read_wrong(r, "latency is a duration such as 800ms or 5s");
}

static bool
set_money(struct reader *r, struct slice value, struct settings *s)
{
	struct usd zero = { 0 };

	s->bounded = usd_read(value, &s->max_cost) && usd_cmp(s->max_cost, zero) > 0;
	return s->bounded || read_wrong(r, "max_cost is a number of dollars above 0");
}

static bool
set_switch(struct reader *r, struct slice name, struct slice value, bool *on)
{
	*on = slice_eqz(value, "on");
	return *on || slice_eqz(value, "off") ||
	       read_wrong(r, "%s is on or off", diag_clean(name));
}

static bool
set_detail(struct reader *r, struct slice value, struct settings *s)
{
	s->low_detail = slice_eqz(value, "low");
	return s->low_detail || read_wrong(r, "detail is low");
}

static bool
set_effort(struct reader *r, struct slice value, struct settings *s)
{
	static const char *const known[] = { "none", "minimal", "low", "medium", "high",
		"xhigh" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_eqz(value, known[i])) {
			s->effort = value;
			return true;
		}
	return read_wrong(r, "effort is none, minimal, low, medium, high or xhigh");
}

static bool
set_one(struct reader *r, struct settings *s, struct slice name, struct slice value)
{
	if (slice_eqz(name, "max_tokens"))
		return whole(r, name, value, &s->max_tokens, false);
	if (slice_eqz(name, "thinking")) {
		s->has_thinking = true;
		return whole(r, name, value, &s->thinking, true);
	}
	if (slice_eqz(name, "thinking_room")) {
		s->has_room = true;
		return whole(r, name, value, &s->room, true);
	}
	if (slice_eqz(name, "dimensions"))
		return whole(r, name, value, &s->dimensions, false);
	if (slice_eqz(name, "service_tier")) {
		s->service_tier = value;
		return true;
	}
	if (slice_eqz(name, "effort"))
		return set_effort(r, value, s);
	if (slice_eqz(name, "stop"))
		return set_stop(r, s, value);
	if (slice_eqz(name, "json"))
		return set_switch(r, name, value, &s->json);
	if (slice_eqz(name, "detail"))
		return set_detail(r, value, s);
	if (slice_eqz(name, "latency"))
		return set_duration(r, value, &s->latency);
	if (slice_eqz(name, "max_cost"))
		return set_money(r, value, s);
	if (slice_eqz(name, "concise"))
		s->concise = slice_eqz(value, "on") ? SLICE(CONCISE) : value;
	else if (slice_eqz(name, "schema"))
		s->schema = value;
	else if (slice_eqz(name, "tool"))
		s->tool = value;
	else if (slice_eqz(name, "region"))
		s->region = value;
	else if (slice_eqz(name, "data"))
		s->data = value;
	else
		return read_wrong(r,
		    "no setting '%s'; there are max_tokens, thinking, thinking_room, effort, "
		    "service_tier, stop, json, schema, tool, concise, detail, dimensions, "
		    "latency, max_cost, region, data",
		    diag_clean(name));
	return true;
}

bool
read_settings(struct reader *r, struct settings *s)
{
	struct slice word, name, value;

	while (read_more(r, &word))
		if (!read_pair(r, word, &name, &value) || !set_one(r, s, name, value))
			return false;
	if (r->why)
		return false;
	if (s->json + (s->schema.ptr != NULL) + (s->tool.ptr != NULL) > 1)
		return read_wrong(r, "json, schema and tool exclude each other");
	return true;
}

bool
read_profile(struct reader *r)
{
	struct routes *routes = r->routes;
	struct profile *p;
	struct slice task;

	if (!read_want(r, &task, "a task, or '*'"))
		return false;
	for (size_t i = 0; i < routes->profile_count; i++)
		if (slice_eq(routes->profiles[i].task, task))
			return read_wrong(
			    r, "the profile of '%s' stands twice", diag_clean(task));
	p = read_append(&routes->profiles, &routes->profile_count, sizeof(*p));
	p->task = task;
	p->line = r->line;
	return read_settings(r, &p->settings);
}

/* What `over` does not say, `under` does; of two caps the lower one counts. */
static void
merge(struct settings *over, const struct settings *under)
{
	if (under->max_tokens && (!over->max_tokens || under->max_tokens < over->max_tokens))
		over->max_tokens = under->max_tokens;
	if (!over->has_thinking) {
		over->has_thinking = under->has_thinking;
		over->thinking = under->thinking;
	}
	if (!over->has_room) {
		over->has_room = under->has_room;
		over->room = under->room;
	}
	if (!over->stop_count && !over->stop_infer) {
		memcpy(over->stop, under->stop, sizeof(over->stop));
		over->stop_count = under->stop_count;
		over->stop_infer = under->stop_infer;
	}
	if (!over->json && !over->schema.ptr && !over->tool.ptr) {
		over->json = under->json;
		over->schema = under->schema;
		over->tool = under->tool;
	}
	over->service_tier = over->service_tier.ptr ? over->service_tier : under->service_tier;
	over->effort = over->effort.ptr ? over->effort : under->effort;
	over->concise = over->concise.ptr ? over->concise : under->concise;
	over->region = over->region.ptr ? over->region : under->region;
	over->data = over->data.ptr ? over->data : under->data;
	over->low_detail |= under->low_detail;
	over->dimensions = over->dimensions ? over->dimensions : under->dimensions;
	over->latency = over->latency ? over->latency : under->latency;
	if (under->bounded && (!over->bounded || usd_cmp(under->max_cost, over->max_cost) < 0))
		over->max_cost = under->max_cost;
	over->bounded |= under->bounded;
}

struct settings
routes_settings(const struct routes *routes, const struct rule *rule, struct slice task)
{
	struct settings s = rule ? rule->settings : (struct settings){ 0 };

	for (unsigned any = 0; any < 2; any++)
		for (size_t i = 0; i < routes->profile_count; i++)
			if (slice_eq(routes->profiles[i].task, any ? SLICE("*") : task))
				merge(&s, &routes->profiles[i].settings);
	return s;
}
