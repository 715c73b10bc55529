/* SPDX-License-Identifier: MIT */
#include "column.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"

#define COUNT(name, member)                                                     \
	static struct figure of_##name(const struct group *g)                   \
	{                                                                       \
		return (struct figure){ .kind = FIGURE_COUNT, .n = g->member }; \
	}
COUNT(requests, sums.requests)
COUNT(input, sums.input)
COUNT(cached, sums.cached)
COUNT(written, sums.written)
COUNT(output, sums.output)
COUNT(reasoning, sums.reasoning)
COUNT(unpriced, sums.unpriced)
COUNT(errors, sums.errors)
COUNT(unrouted, detail.unrouted)
#undef COUNT
#define COUNT(name, member)                                                                 \
	static struct figure of_##name(const struct group *g)                               \
	{                                                                                   \
		return (struct figure){ .kind = FIGURE_COUNT, .n = group_rare(g)->member }; \
	}
COUNT(truncated, cut)
COUNT(filtered, filtered)
COUNT(retries, retries)
COUNT(judged, judged)

static struct figure
dollars(struct usd d)
{
	return (struct figure){ .kind = FIGURE_USD, .usd = d };
}

/* Where no request has a price there is no amount: that is not $0. */
static struct figure
of_cost(const struct group *g)
{
	if (!g->whole && g->sums.unpriced && g->sums.unpriced == g->sums.requests)
		return (struct figure){ 0 };
	return dollars(g->sums.cost);
}

static struct figure
share(struct usd part, struct usd whole)
{
	if (whole.units <= 0)
		return (struct figure){ 0 };
	return (struct figure){ .kind = FIGURE_SHARE, .usd = part, .whole = whole };
}

static struct figure
of_cost_share(const struct group *g)
{
	return share(g->sums.cost, g->whole ? g->sums.cost : g->total_cost);
}

static struct figure
of_cumulative(const struct group *g)
{
	return g->ranked ? share(g->cumulative, g->total_cost) : (struct figure){ 0 };
}

/* Dollars for so many of n; none where n is 0. */
static struct figure
per(struct usd d, uint64_t times, uint64_t n)
{
	return n ? dollars(usd_part(d, times, n)) : (struct figure){ 0 };
}

static struct figure
of_cost_per_request(const struct group *g)
{
	return per(g->sums.cost, 1, g->sums.requests - g->sums.unpriced);
}

/* Of the requests that have a price. */
static struct figure
of_cost_per_1k(const struct group *g)
{
	return per(g->sums.cost, 1000, g->sums.requests - g->sums.unpriced);
}

static struct figure
ratio(uint64_t n, uint64_t d)
{
	return d ? (struct figure){ .kind = FIGURE_RATIO, .n = n, .d = d }
		 : (struct figure){ 0 };
}

static struct figure
of_output_input(const struct group *g)
{
	return ratio(g->sums.output, g->sums.input);
}

/* Where no prompt could have been cached there is no rate: that is not 0. */
static struct figure
of_hit_rate(const struct group *g)
{
	return g->detail.cacheable ? ratio(g->sums.cached, g->sums.input)
				   : (struct figure){ 0 };
}

static struct figure
of_hit_rate_requests(const struct group *g)
{
	return ratio(g->detail.cache_hits, g->detail.cacheable);
}

static struct figure
of_response_hits(const struct group *g)
{
	return ratio(group_rare(g)->replays, group_rare(g)->looked_up);
}

static struct figure
of_response_hits_tokens(const struct group *g)
{
	return ratio(group_rare(g)->replayed_tokens, group_rare(g)->looked_up_tokens);
}

static struct figure
of_strong_share(const struct group *g)
{
	return ratio(g->detail.strong, g->detail.class_known);
}

static struct figure
of_strong_cost(const struct group *g)
{
	return share(g->detail.strong_cost, g->detail.class_cost);
}

static struct figure
of_savings(const struct group *g)
{
	return share(usd_sub(g->detail.baseline, g->detail.baseline_cost), g->detail.baseline);
}

static struct figure
of_error_rate(const struct group *g)
{
	return ratio(g->sums.errors, g->sums.requests);
}

static struct figure
of_retry_rate(const struct group *g)
{
	return ratio(group_rare(g)->retries, group_rare(g)->attempts_known);
}

static struct figure
of_long(const struct group *g)
{
	return (struct figure){ .kind = FIGURE_COUNT, .n = group_long_answers(g) };
}

static struct figure
names(const struct group *g, const struct distinct *d)
{
	bool exact;
	uint64_t n = distinct_count(d, group_k(g), &exact);

	return n ? (struct figure){ .kind = FIGURE_COUNT, .n = n } : (struct figure){ 0 };
}

static struct figure
of_users(const struct group *g)
{
	return names(g, &g->users);
}

static struct figure
of_cost_per_user(const struct group *g)
{
	return per(g->detail.user_cost, 1, names(g, &g->users).n);
}

static struct figure
of_conversations(const struct group *g)
{
	return names(g, &g->sessions);
}

static struct figure
of_cost_per_conversation(const struct group *g)
{
	return per(g->detail.session_cost, 1, names(g, &g->sessions).n);
}

static struct figure
of_unrouted_cost(const struct group *g)
{
	return dollars(g->detail.unrouted_cost);
}

static struct figure
of_unmarked_cost(const struct group *g)
{
	return dollars(g->detail.unmarked_cost);
}

static struct figure
of_estimated(const struct group *g)
{
	return group_rare(g)->estimated ? dollars(group_rare(g)->estimated_cost)
					: (struct figure){ 0 };
}

static struct figure
of_actual_to_estimate(const struct group *g)
{
	return share(group_rare(g)->estimated_actual, group_rare(g)->estimated_cost);
}

static struct figure
of_logged(const struct group *g)
{
	return group_rare(g)->logged ? dollars(group_rare(g)->logged_cost)
				     : (struct figure){ 0 };
}

static struct figure
of_gap(const struct group *g)
{
	if (!group_rare(g)->logged_known)
		return (struct figure){ 0 };
	return dollars(usd_sub(group_rare(g)->logged_computed, group_rare(g)->logged_matched));
}

static struct figure
of_regressions(const struct group *g)
{
	return ratio(group_rare(g)->worse, group_rare(g)->judged);
}

static struct figure
of_units(const struct group *g)
{
	return g->has_units ? (struct figure){ .kind = FIGURE_COUNT, .n = g->units }
			    : (struct figure){ 0 };
}

static struct figure
of_cost_per_unit(const struct group *g)
{
	return g->has_units ? per(g->sums.cost, 1, g->units) : (struct figure){ 0 };
}

static struct figure
quantile(const struct group *g, unsigned permille)
{
	struct figure f = { .kind = FIGURE_COUNT };

	if (!latency_quantile(&g->latency, permille, &f.n))
		f.kind = FIGURE_NONE;
	return f;
}

static struct figure
of_p50(const struct group *g)
{
	return quantile(g, 500);
}

static struct figure
of_p95(const struct group *g)
{
	return quantile(g, 950);
}

static struct figure
of_p99(const struct group *g)
{
	return quantile(g, 990);
}

const struct column columns[] = {
	{ "requests", "requests", of_requests, 1, 0,
	    "calls, failed ones and replays included" },
	{ "input_tokens", "input", of_input, 2, 0, "tokens sent, cached and written included" },
	{ "cached_tokens", "cached", of_cached, 3, 0, "input tokens read from the cache" },
	{ "cache_write_tokens", "written", of_written, 5, 0,
	    "input tokens written to the cache" },
	{ "output_tokens", "output", of_output, 2, 0, "tokens generated, reasoning included" },
	{ "reasoning_tokens", "reasoning", of_reasoning, 5, 0, "output tokens of reasoning" },
	{ "cost", "cost $", of_cost, 1, 0, "dollars" },
	{ "cost_share", "share", of_cost_share, 0, 0, "share of the total cost" },
	{ "cumulative_share", "cumulative", of_cumulative, 0, 0,
	    "share of the total cost of this group and all dearer ones" },
	{ "cost_per_request", "$ per call", of_cost_per_request, 0, 0,
	    "dollars a priced call" },
	{ "cost_per_1k", "$ per 1k", of_cost_per_1k, 2, 0, "dollars a thousand priced calls" },
	{ "unpriced", "unpriced", of_unpriced, 1, 0, "calls without a price" },
	{ "output_input_ratio", "out/in", of_output_input, 5, 0, "output by input tokens" },
	{ "cache_hit_rate", "hit rate", of_hit_rate, 3, WANT_DETAIL, "cached by input tokens" },
	{ "cache_hit_rate_requests", "hits/calls", of_hit_rate_requests, 0, WANT_DETAIL,
	    "calls with cached tokens by calls that could have had some" },
	{ "response_hit_rate", "replayed", of_response_hits, 4, WANT_PATH,
	    "calls answered by the own answer cache by those looked up there" },
	{ "response_hit_rate_tokens", "replayed tok", of_response_hits_tokens, 0, WANT_PATH,
	    "the same by tokens" },
	{ "strong_share", "strong", of_strong_share, 4, WANT_CLASS,
	    "share of calls that a strong model took" },
	{ "strong_cost_share", "strong $", of_strong_cost, 0, WANT_CLASS,
	    "share of the cost that went to strong models" },
	{ "savings_vs_baseline", "saved", of_savings, 0, WANT_PATH | WANT_BASELINE,
	    "share saved of what the calls would have cost as asked" },
	{ "errors", "errors", of_errors, 3, 0, "calls that failed" },
	{ "error_rate", "error rate", of_error_rate, 0, 0, "failed by all calls" },
	{ "retries", "retries", of_retries, 4, WANT_PATH, "attempts after the first" },
	{ "retry_rate", "retry rate", of_retry_rate, 0, WANT_PATH, "retries a call" },
	{ "p50_ms", "p50 ms", of_p50, 4, 0, "median latency" },
	{ "p95_ms", "p95 ms", of_p95, 4, 0, "latency that 95 % do not exceed" },
	{ "p99_ms", "p99 ms", of_p99, 5, 0, "latency that 99 % do not exceed" },
	{ "truncated", "cut", of_truncated, 0, WANT_PATH, "answers cut at the output cap" },
	{ "filtered", "filtered", of_filtered, 0, WANT_PATH, "answers filtered or refused" },
	{ "long_answers", "long", of_long, 0, WANT_DETAIL,
	    "answers at least four times as long as the median" },
	{ "users", "users", of_users, 0, WANT_PEOPLE, "different users" },
	{ "cost_per_user", "$ per user", of_cost_per_user, 0, WANT_PEOPLE, "dollars a user" },
	{ "conversations", "sessions", of_conversations, 0, WANT_PEOPLE, "different sessions" },
	{ "cost_per_conversation", "$ per session", of_cost_per_conversation, 0, WANT_PEOPLE,
	    "dollars a session" },
	{ "unrouted", "unrouted", of_unrouted, 0, WANT_PATH,
	    "calls that llm-route did not see" },
	{ "unrouted_cost", "unrouted $", of_unrouted_cost, 0, WANT_PATH, "what they cost" },
	{ "unmarked_cost", "unmarked $", of_unmarked_cost, 0, WANT_PATH,
	    "cost of calls that llm-cache mark did not see" },
	{ "estimated_cost", "estimate $", of_estimated, 0, WANT_PATH,
	    "what llm-route expected, of the calls it did expect something of" },
	{ "actual_to_estimate", "actual/est", of_actual_to_estimate, 0, WANT_PATH,
	    "what those calls did cost by what was expected" },
	{ "logged_cost", "logged $", of_logged, 0, WANT_LOGGED, "dollars that the log names" },
	{ "gap", "gap $", of_gap, 0, WANT_LOGGED,
	    "computed less logged cost of the calls that have both" },
	{ "judged", "judged", of_judged, 0, WANT_QUALITY, "answers that were judged" },
	{ "regression_rate", "worse", of_regressions, 0, WANT_QUALITY,
	    "judged worse by all judged answers" },
	{ "units", "units", of_units, 0, 0, "units of business" },
	{ "cost_per_unit", "$ per unit", of_cost_per_unit, 0, 0, "dollars a unit of business" },
};
const size_t column_count = sizeof(columns) / sizeof(*columns);

const struct column *
column_named(const char *name)
{
	for (size_t i = 0; i < column_count; i++)
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}

static const struct column *
column_or_die(const char *option, const char *name)
{
	const struct column *c = column_named(name);
	const char *all[64], *near;

	if (c)
		return c;
	assert(column_count <= sizeof(all) / sizeof(*all));
	for (size_t i = 0; i < column_count; i++)
		all[i] = columns[i].name;
	near = options_nearest(name, all, column_count);
	if (near)
		diag_die(STATUS_USAGE, "%s '%s' is no column; did you mean '%s'?", option,
		    diag_clean(slice_z(name)), near);
	diag_die(STATUS_USAGE, "%s '%s' is no column", option, diag_clean(slice_z(name)));
}

size_t
columns_parse(const char *option, const char *text, const struct column **list)
{
	size_t count = 0;

	for (;; text++) {
		size_t len = strcspn(text, ",");
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)(len < 63 ? len : 63), text);
		if (count == column_count)
			diag_die(STATUS_USAGE, "%s names more columns than there are", option);
		list[count++] = column_or_die(option, name);
		text += len;
		if (!*text)
			return count;
	}
}
