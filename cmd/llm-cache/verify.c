/* SPDX-License-Identifier: MIT */
/* verify: how many semantic hits were wrong, as far as verdicts tell. */
#include <inttypes.h>
#include <stdio.h>

#include "semantic.h"
#include "verdicts.h"
#include "wrong.h"

static uint64_t most = UINT64_MAX;

const struct option verify_options[] = {
	{ 0, "error-bound", OPTION_SHARE, "P", &most,
	    "status 1 where the share of wrong hits is above, interval and all", NULL },
	{ 0 },
};

enum { ALL, SAMPLED, SERVED, FOLDED, NEAR, VECTORS, COUNTS };
static const char *const names[COUNTS] = { "all", "let_through", "served", "folded", "near",
	"vectors" };

struct verify {
	struct wrong counts[COUNTS];
	uint64_t missing, unknown, lookups, hits;
};

static void
count_one(struct wrong *c, bool right)
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
rate_of_lookups(const struct verify *v)
{
	if (v->lookups == 0)
		return 0;
	return wrong_share(&v->counts[ALL]) * (double)v->hits / (double)v->lookups;
}

static void
print_json(const struct verify *v, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	for (int i = 0; i < COUNTS; i++) {
		write_name(&w, names[i]);
		write_object(&w);
		wrong_members(&w, "judged", &v->counts[i]);
		write_object_end(&w);
	}
	member_real(&w, "wrong_per_lookup", rate_of_lookups(v));
	member_count(&w, "lookups", v->lookups);
	member_count(&w, "without_verdict", v->missing);
	member_count(&w, "unknown_verdict", v->unknown);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
print_table(const char *format, const struct verify *v, struct buf *out)
{
	bool people = strcmp(format, "csv") != 0;
	struct arena a = { 0 };
	struct table t;

	table_open(&t, 1 + WRONG_COLUMNS, &a);
	t.heading[0] = SLICE("semantic");
	wrong_headings(&t, 1, "judged", people);
	for (int i = 0; i < COUNTS; i++) {
		struct slice *row = table_row(&t);

		row[0] = slice_z(names[i]);
		wrong_cells(&t, row + 1, &v->counts[i], people);
	}
	table_as(format, &t, out);
	table_close(&t);
	arena_close(&a);
	if (!people)
		return;
	if (strcmp(format, "md") == 0)
		buf_add_byte(out, '\n');
	if (v->lookups)
		buf_printf(out, "wrong per look-up: %.2f %% of %" PRIu64 "\n",
		    100 * rate_of_lookups(v), v->lookups);
	buf_printf(out,
	    "without a verdict: %" PRIu64 ", with one that is not known: %" PRIu64 "\n",
	    v->missing, v->unknown);
}

void
verify_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };
	const char *format = tool_format(formats);
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct verify v = { .missing = 0 };
	struct buf out = { 0 };

	o.no_output = true;
	stream_each(&o, judge, &v);
	for (int i = 0; i < COUNTS; i++)
		v.counts[i].range = interval_exact(v.counts[i].wrong, v.counts[i].judged, .95);
	if (strcmp(format, "json") == 0)
		print_json(&v, &out);
	else
		print_table(format, &v, &out);
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
	if (most != UINT64_MAX && v.counts[ALL].range.low > (double)most / 1e6)
		status_raise(STATUS_NO);
}
