/* SPDX-License-Identifier: MIT */
/* llm-cost caps: output caps from how long answers were, and how many a cap would have cut. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-cost/cost.h"
#include "show/members.h"
#include "cmd/llm-cost/rows/past.h"
#include "stats/interval.h"

#define SHARE_ONE 1000000
#define SURE 0.95

static const char *by_option = "task";
static uint64_t quantile = 990000, least;

const struct option caps_options[] = {
	{ 0, "by", OPTION_TEXT, "PATH,...", &by_option,
	    "a cap for each of these (task): jq paths, model, task or an attribute", NULL },
	{ 0, "quantile", OPTION_SHARE, "P", &quantile,
	    "share of the answers that the cap leaves whole (99%)", NULL },
	{ 0, "min-rows", OPTION_NUMBER, "N", &least,
	    "fewer answers make no cap (as many as show the quantile)", NULL },
	ROW_OPTIONS,
	{ 0 },
};

static const char *const formats[] = { "table", "json", "csv", "md", "routes", NULL };

enum caution { CAUTION_NONE, CAUTION_FEW, CAUTION_CUT };
static const char *const cautions[] = { NULL, "few rows", "cut before" };

struct cap {
	const struct past_group *past;
	struct slice key;
	uint64_t tokens, above;
	enum caution caution;
	struct interval range; /* of the share that is cut */
};

struct caps {
	struct past past;
	struct cap *cap;
	size_t count;
	uint64_t least;
};

/* So many answers hold, with 95 %, at least one beyond the quantile: from there on their
 * largest is an upper bound of it (Wilks 1941). */
static uint64_t
rows_for(uint64_t share)
{
	double p = (double)share / SHARE_ONE;

	return (uint64_t)ceil(log(1 - SURE) / log(p));
}

static struct cap
cap_of(const struct caps *c, const struct past_group *g, struct slice key)
{
	struct cap cap = { .past = g, .key = key, .tokens = past_quantile(g, quantile) };

	cap.above = past_above(g, cap.tokens);
	cap.range = interval_exact(cap.above, g->count, SURE);
	/* more were cut than may lie beyond the quantile: it is not known where it lies */
	if (g->cut > cap.above)
		cap.caution = CAUTION_CUT;
	if (g->count < c->least)
		cap.caution = CAUTION_FEW;
	return cap;
}

static int
by_key_order(const void *a, const void *b)
{
	return slice_cmp(((const struct cap *)a)->key, ((const struct cap *)b)->key);
}

static void
find_caps(struct caps *c)
{
	c->cap = mem_zero((c->past.keys.count + 1) * sizeof(*c->cap));
	for (size_t i = 0; i < c->past.keys.count; i++)
		if (c->past.list[i].count)
			c->cap[c->count++] = cap_of(c, &c->past.list[i], c->past.keys.keys[i]);
	qsort(c->cap, c->count, sizeof(*c->cap), by_key_order);
}

static void
key_json(const struct caps *c, struct slice key, struct writer *w)
{
	write_name(w, "key");
	write_object(w);
	for (size_t f = 0; f < c->past.by.count; f++) {
		write_name(w, c->past.by.field[f].text);
		write_raw(w, by_value(key, f));
	}
	write_object_end(w);
}

static void
cap_json(const struct caps *c, const struct cap *cap, struct writer *w)
{
	const struct past_group *g = cap->past;

	write_object(w);
	key_json(c, cap->key, w);
	member_count(w, "requests", g->count);
	member_count(w, "mean", past_mean(g));
	member_count(w, "p50", past_quantile(g, 500000));
	member_count(w, "max", g->output[g->count - 1]);
	member_count(w, "cap", cap->tokens);
	member_count(w, "would_cut", cap->above);
	member_real(w, "truncation", (double)cap->above / (double)g->count);
	member_real(w, "truncation_low", cap->range.low);
	member_real(w, "truncation_high", cap->range.high);
	member_count(w, "cut_before", g->cut);
	write_name(w, "few_rows");
	write_bool(w, g->count < c->least);
	member_text(w, "caution", cautions[cap->caution]);
	write_object_end(w);
}

static void
print_json(const struct caps *c, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	member_real(&w, "quantile", (double)quantile / SHARE_ONE);
	member_count(&w, "rows_needed", c->least);
	write_name(&w, "groups");
	write_array(&w);
	for (size_t i = 0; i < c->count; i++)
		cap_json(c, &c->cap[i], &w);
	write_array_end(&w);
	member_count(&w, "requests", c->past.all.count);
	write_name(&w, "left_out");
	write_object(&w);
	member_count(&w, "no_usage", c->past.unknown);
	member_count(&w, "unanswered", c->past.unanswered);
	member_count(&w, "skipped", c->past.skipped);
	write_object_end(&w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* A value as llm-routes(5) has it, in quotes. */
static void
routes_value(struct buf *out, struct slice text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_add_byte(out, '\\');
		buf_add_byte(out, text.ptr[i]);
	}
	buf_add_byte(out, '"');
}

/* The conditions of a rule; false where no rule can tell the group: a missing field, a list,
 * a line break. */
static bool
routes_conditions(const struct caps *c, struct slice key, struct buf *out, struct arena *a)
{
	for (size_t f = 0; f < c->past.by.count; f++) {
		struct slice raw = by_value(key, f), text = by_text(raw, a);

		if (slice_eq(raw, SLICE("null")) || raw.ptr[0] == '{' || raw.ptr[0] == '[')
			return false;
		for (size_t i = 0; i < text.len; i++)
			if ((unsigned char)text.ptr[i] < ' ')
				return false;
		buf_printf(out, " %s=", c->past.by.field[f].text);
		routes_value(out, text);
	}
	return true;
}

static void
routes_rule(const struct caps *c, size_t i, struct buf *out, struct arena *a)
{
	const struct cap *cap = &c->cap[i];
	struct buf conditions = { 0 };
	bool told = routes_conditions(c, cap->key, &conditions, a);

	buf_printf(out,
	    "# %" PRIu64 " answers, the longest %" PRIu32 "; cuts %" PRIu64
	    " of them, %.2f %% to %.2f %% to come\n",
	    (uint64_t)cap->past->count, cap->past->output[cap->past->count - 1], cap->above,
	    cap->range.low * 100, cap->range.high * 100);
	if (!told)
		buf_add(out, SLICE("# no rule can tell this group: a field is missing\n"));
	else if (cap->caution == CAUTION_FEW)
		buf_printf(out, "# few rows, %" PRIu64 " are needed\n", c->least);
	else if (cap->caution == CAUTION_CUT)
		buf_printf(
		    out, "# %" PRIu64 " were cut by a cap already: too low\n", cap->past->cut);
	if (told)
		buf_printf(out, "%srule cap-%zu%.*s -> keep max_tokens=%" PRIu64 "\n",
		    cap->caution ? "# " : "", i + 1, SLICE_ARG(buf_slice(&conditions)),
		    cap->tokens ? cap->tokens : 1);
	buf_free(&conditions);
}

static void
print_routes(const struct caps *c, struct buf *out)
{
	struct arena a = { 0 };

	buf_printf(out,
	    "# output caps: %g %% of the answers were no longer, reasoning included\n",
	    (double)quantile * 100 / SHARE_ONE);
	for (size_t i = 0; i < c->count; i++)
		routes_rule(c, i, out, &a);
	arena_close(&a);
}

#define FIGURES 7

static void
cap_row(const struct cap *cap, bool exact, struct slice *row, struct arena *a)
{
	const struct past_group *g = cap->past;
	uint64_t figure[] = { g->count, past_quantile(g, 500000), g->output[g->count - 1],
		cap->tokens, g->cut };

	for (size_t i = 0; i < 5; i++)
		row[i] =
		    exact ? arena_printf(a, "%" PRIu64, figure[i]) : cell_count(figure[i], a);
	if (exact)
		row[5] = arena_printf(a, "%.6g", (double)cap->above / (double)g->count);
	else
		row[5] = arena_printf(
		    a, "%.2f-%.2f %%", cap->range.low * 100, cap->range.high * 100);
	row[6] = cautions[cap->caution] ? slice_z(cautions[cap->caution]) : SLICE("");
}

static void
print_table(const char *format, const struct caps *c, struct buf *out)
{
	static const char *const people[FIGURES] = { "answers", "median", "longest", "cap",
		"cut before", "will be cut", "caution" };
	static const char *const names[FIGURES] = { "requests", "p50", "max", "cap",
		"cut_before", "truncation", "caution" };
	size_t fields = c->past.by.count;
	bool exact = *format == 'c';
	struct arena a = { 0 };
	struct table t;

	table_open(&t, fields + FIGURES, &a);
	for (size_t f = 0; f < fields; f++)
		t.heading[f] = slice_z(c->past.by.field[f].text);
	for (size_t i = 0; i < FIGURES; i++) {
		t.heading[fields + i] = slice_z(exact ? names[i] : people[i]);
		t.right[fields + i] = i + 1 < FIGURES;
	}
	for (size_t i = 0; i < c->count; i++) {
		struct slice *row = table_row(&t);

		for (size_t f = 0; f < fields; f++)
			row[f] = by_text(by_value(c->cap[i].key, f), &a);
		cap_row(&c->cap[i], exact, row + fields, &a);
	}
	table_as(format, &t, out);
	if (!exact) {
		const char *bullet = *format == 'm' ? "- " : "";

		buf_printf(out,
		    "\n%scap: %g %% of the answers were no longer, reasoning included\n",
		    bullet, (double)quantile * 100 / SHARE_ONE);
		buf_printf(out, "%sfewer than %" PRIu64 " answers are few for that\n", bullet,
		    c->least);
		if (c->past.unknown)
			buf_printf(out, "%sanswers without a usage: %" PRIu64 "\n", bullet,
			    c->past.unknown);
		if (c->past.unanswered)
			buf_printf(out, "%srequests without an answer: %" PRIu64 "\n", bullet,
			    c->past.unanswered);
		if (c->past.skipped)
			buf_printf(out, "%sskipped: %" PRIu64 " lines are no call\n", bullet,
			    c->past.skipped);
	}
	table_close(&t);
	arena_close(&a);
}

void
caps_run(const struct option_list *operands)
{
	const char *format = tool_format(formats);
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct option_list nothing = { 0 };
	static struct caps caps; /* the paths of --by live as long as the run */
	struct buf out = { 0 };
	struct stream *s;

	if (!quantile || quantile >= SHARE_ONE)
		tool_usage("'--quantile' wants a share above 0 and below 100%%");
	o.files = nothing.item;
	o.file_count = 0;
	s = stream_open(&o); /* for its output: the log is read by past_read */
	past_read(&caps.past, operands, by_option, false);
	caps.least = least ? least : rows_for(quantile);
	find_caps(&caps);
	if (*format == 'j')
		print_json(&caps, &out);
	else if (*format == 'r')
		print_routes(&caps, &out);
	else
		print_table(format, &caps, &out);
	stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	stream_close(s);
	buf_free(&out);
	free(caps.cap);
	past_free(&caps.past);
}
