/* SPDX-License-Identifier: MIT */
/* verify: how many semantic hits were wrong, as far as verdicts tell. */
#include <inttypes.h>
#include <stdio.h>

#include "json/write.h"
#include "semantic.h"
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

static void
write_share(struct writer *w, const char *name, double share)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6f", share);
	write_name(w, name);
	write_raw(w, slice_z(text));
}

static double
rate_of(const struct count *c)
{
	return c->judged ? (double)c->wrong / (double)c->judged : 0;
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
		write_name(&w, "judged");
		write_number(&w, c->judged);
		write_name(&w, "wrong");
		write_number(&w, c->wrong);
		write_share(&w, "wrong_per_hit", rate_of(c));
		write_share(&w, "low", range.low);
		write_share(&w, "high", range.high);
		write_object_end(&w);
	}
	write_share(&w, "wrong_per_lookup",
	    v->lookups ? rate_of(&v->counts[ALL]) * (double)v->hits / (double)v->lookups : 0);
	write_name(&w, "lookups");
	write_number(&w, v->lookups);
	write_name(&w, "without_verdict");
	write_number(&w, v->missing);
	write_name(&w, "unknown_verdict");
	write_number(&w, v->unknown);
	write_object_end(&w);
	buf_add_byte(&out, '\n');
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
}

static void
print_table(const struct verify *v)
{
	printf("%-12s %8s %8s %9s %20s\n", "semantic", "judged", "wrong", "per hit",
	    "95 % interval");
	for (int i = 0; i < COUNTS; i++) {
		const struct count *c = &v->counts[i];
		struct interval range = interval_exact(c->wrong, c->judged, .95);

		printf("%-12s %8" PRIu64 " %8" PRIu64 " %7.2f %% %7.2f to %6.2f %%\n", names[i],
		    c->judged, c->wrong, 100 * rate_of(c), 100 * range.low, 100 * range.high);
	}
	if (v->lookups)
		printf("wrong per look-up: %.2f %% of %" PRIu64 "\n",
		    100 * rate_of(&v->counts[ALL]) * (double)v->hits / (double)v->lookups,
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
