/* SPDX-License-Identifier: MIT */
/* verify: how many semantic hits were wrong, as far as verdicts tell. */
#include <inttypes.h>
#include <stdio.h>

#include "semantic.h"
#include "show/members.h"
#include "stats/interval.h"
#include "verdicts.h"

static uint64_t most = UINT64_MAX;

const struct option verify_options[] = {
	{ 0, "error-bound", OPTION_SHARE, "P", &most,
	    "status 1 where the share of wrong hits is above, interval and all", NULL },
	{ 0 },
};

struct count {
	uint64_t judged, wrong;
};
enum { ALL, SAMPLED, SERVED, FOLDED, NEAR, VECTORS, COUNTS };
static const char *const names[COUNTS] = { "all", "let_through", "served", "folded", "near",
	"vectors" };

struct verify {
	struct count counts[COUNTS];
	uint64_t missing, unknown, lookups, hits;
};

static void
count_one(struct count *c, bool right)
{
	c->judged++;
	c->wrong += !right;
}

static enum verdict
judge(void *context, struct record *r)
{
	struct verify *v = context;
	struct value cache = json_get(json_get(r->root, "llm"), "cache");
	struct verdict_line line;
	enum verdict_kind kind = verdict_read(r->root, r->arena, &line);

	v->lookups += json_type(json_get(cache, "hit")) != JSON_ABSENT;
	/* what was explored was no hit */
	if (kind == VERDICT_NONE || line.text.ptr || line.explored)
		return DROP;
	v->hits++;
	v->missing += kind == VERDICT_MISSING;
	v->unknown += kind == VERDICT_UNKNOWN;
	if (kind != VERDICT_GOOD)
		return DROP;
	count_one(&v->counts[ALL], line.right);
	count_one(&v->counts[line.checked ? SAMPLED : SERVED], line.right);
	for (int i = FOLDED; i < COUNTS; i++)
		if (slice_eqz(line.tier, names[i]))
			count_one(&v->counts[i], line.right);
	return DROP;
}

static double
rate_of(const struct count *c)
{
	return c->judged ? (double)c->wrong / (double)c->judged : 0;
}

static double
rate_of_lookups(const struct verify *v)
{
	if (v->lookups == 0)
		return 0;
	return rate_of(&v->counts[ALL]) * (double)v->hits / (double)v->lookups;
}

static void
print_json(const struct verify *v)
{
	struct buf out = { 0 };
	struct writer w = { .out = &out };

	write_object(&w);
	for (int i = 0; i < COUNTS; i++) {
		const struct count *c = &v->counts[i];
		struct interval range = interval_exact(c->wrong, c->judged, .95);

		write_name(&w, names[i]);
		write_object(&w);
		member_count(&w, "judged", c->judged);
		member_count(&w, "wrong", c->wrong);
		member_real(&w, "wrong_per_hit", rate_of(c));
		member_real(&w, "low", range.low);
		member_real(&w, "high", range.high);
		write_object_end(&w);
	}
	member_real(&w, "wrong_per_lookup", rate_of_lookups(v));
	member_count(&w, "lookups", v->lookups);
	member_count(&w, "without_verdict", v->missing);
	member_count(&w, "unknown_verdict", v->unknown);
	write_object_end(&w);
	buf_add_byte(&out, '\n');
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
}

static void
print_table(const struct verify *v)
{
	static const char *const headings[] = { "semantic", "judged", "wrong", "per hit", "low",
		"high" };
	struct arena a = { 0 };
	struct buf out = { 0 };
	struct table t;

	table_open(&t, 6, &a);
	for (size_t i = 0; i < 6; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i > 0;
	}
	for (int i = 0; i < COUNTS; i++) {
		const struct count *c = &v->counts[i];
		struct interval range = interval_exact(c->wrong, c->judged, .95);
		struct slice *row = table_row(&t);

		row[0] = slice_z(names[i]);
		row[1] = cell_count(c->judged, &a);
		row[2] = cell_count(c->wrong, &a);
		row[3] = cell_share(rate_of(c), &a);
		row[4] = cell_share(range.low, &a);
		row[5] = cell_share(range.high, &a);
	}
	table_people(&t, &out);
	table_close(&t);
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
	arena_close(&a);
	if (v->lookups)
		printf("wrong per look-up: %.2f %% of %" PRIu64 "\n", 100 * rate_of_lookups(v),
		    v->lookups);
	printf("without a verdict: %" PRIu64 ", with one that is not known: %" PRIu64 "\n",
	    v->missing, v->unknown);
}

void
verify_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", NULL };
	const char *format = tool_format(formats);
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct verify v = { .missing = 0 };
	struct interval range;

	o.no_output = true;
	stream_each(&o, judge, &v);
	if (strcmp(format, "json") == 0)
		print_json(&v);
	else
		print_table(&v);
	range = interval_exact(v.counts[ALL].wrong, v.counts[ALL].judged, .95);
	if (most != UINT64_MAX && range.low > (double)most / 1e6)
		status_raise(STATUS_NO);
}
