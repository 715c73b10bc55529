/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "cmd/llm-route/replay/replay.h"
#include "show/members.h"
#include "stream/file.h"
#include "tool/tool.h"

const char *
replay_format(void)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };

	return tool_format(formats);
}

static void
member_time(struct writer *w, const char *name, bool has, int64_t when)
{
	char text[25];

	write_name(w, name);
	if (has)
		when_write(when, text);
	write_z(w, has ? text : NULL);
}

static void
print_json(const struct replay *p, struct buf *out)
{
	struct writer w = { out, false };
	char share[16];

	write_object(&w);
	member_count(&w, "requests", p->rows);
	member_count(&w, "same_model", p->same);
	write_name(&w, "agreement");
	snprintf(
	    share, sizeof(share), "%.4f", p->rows ? (double)p->same / (double)p->rows : 0.0);
	if (p->rows)
		write_raw(&w, slice_z(share));
	else
		write_null(&w);
	member_usd(&w, "cost", p->did);
	member_usd(&w, "would_cost", p->would);
	member_usd(&w, "change_usd", usd_sub(p->would, p->did));
	member_count(&w, "unpriced", p->unpriced);
	member_count(&w, "failed", p->failed);
	member_count(&w, "skipped", p->skipped);
	member_count(&w, "replayed", p->replayed);
	member_count(&w, "output_tokens", p->thought.output);
	member_count(&w, "reasoning_tokens", p->thought.reasoning);
	write_name(&w, "would");
	write_object(&w);
	member_count(&w, "output_tokens", p->would_think.output);
	member_count(&w, "reasoning_tokens", p->would_think.reasoning);
	member_count(&w, "unknown", p->unknown_thought);
	write_object_end(&w);
	member_time(&w, "first", p->timed > 0, p->first);
	member_time(&w, "last", p->timed > 0, p->last);
	member_count(&w, "gaps", p->gaps);
	write_name(&w, "moves");
	write_array(&w);
	for (size_t i = 0; i < p->count; i++) {
		const struct move *m = &p->move[i];

		write_object(&w);
		write_name(&w, "from");
		write_string(&w, m->from);
		write_name(&w, "to");
		write_string(&w, m->to);
		member_count(&w, "requests", m->rows);
		member_usd(&w, "cost", m->did);
		member_usd(&w, "would_cost", m->would);
		member_count(&w, "unpriced", m->unpriced);
		write_object_end(&w);
	}
	write_array_end(&w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static unsigned
decimals_of(const struct replay *p)
{
	return usd_decimals(usd_cmp(p->did, p->would) < 0 ? p->would : p->did);
}

/* For people dollars are rounded, for programs they are not. */
static void
print_moves(const struct replay *p, const char *format, struct buf *out)
{
	static const char *const headings[] = { "from", "to", "requests", "cost", "would_cost",
		"unpriced" };
	bool exact = strcmp(format, "csv") == 0;
	unsigned decimals = decimals_of(p);
	struct arena a = { 0 };
	struct table t;

	table_open(&t, 6, &a);
	for (size_t i = 0; i < t.columns; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i > 1;
	}
	if (!exact) {
		t.heading[3] = SLICE("did cost $");
		t.heading[4] = SLICE("would cost $");
	}
	for (size_t i = 0; i < p->count; i++) {
		const struct move *m = &p->move[i];
		struct slice *cell = table_row(&t);
		char did[64], would[64];

		cell[0] = m->from;
		cell[1] = m->to;
		cell[2] = arena_printf(&a, "%" PRIu64, m->rows);
		cell[3] = arena_printf(&a, "%s",
		    exact ? usd_write(m->did, did) : usd_round(m->did, decimals, did));
		cell[4] = arena_printf(&a, "%s",
		    exact ? usd_write(m->would, would) : usd_round(m->would, decimals, would));
		cell[5] = arena_printf(&a, "%" PRIu64, m->unpriced);
	}
	table_as(format, &t, out);
	table_close(&t);
	arena_close(&a);
}

static double
percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void
print_reasoning(const struct replay *p, struct buf *out)
{
	if (!p->thought.reasoning)
		return;
	buf_printf(out, "reasoning: %.1f %% of the output tokens then",
	    percent(p->thought.reasoning, p->thought.output));
	if (p->would_think.output)
		buf_printf(out, ", %.1f %% by %s",
		    percent(p->would_think.reasoning, p->would_think.output), p->rules);
	if (p->unknown_thought)
		buf_printf(
		    out, "; of %" PRIu64 " rows the log does not tell it", p->unknown_thought);
	buf_add_byte(out, '\n');
}

static void
print_sums(const struct replay *p, struct buf *out)
{
	char did[64], would[64], first[25], last[25];
	unsigned decimals = decimals_of(p);

	buf_printf(out,
	    "\n%" PRIu64 " request%s, %.1f %% keep their model; $%s then, $%s by %s\n", p->rows,
	    p->rows == 1 ? "" : "s",
	    percent(p->same, p->rows), usd_round(p->did, decimals, did),
	    usd_round(p->would, decimals, would), p->rules);
	if (p->timed) {
		when_write(p->first, first);
		when_write(p->last, last);
		buf_printf(out, "from %s to %s", first, last);
		if (p->gaps)
			buf_printf(out, "; %" PRIu64 " gaps of more than a day", p->gaps);
		buf_add_byte(out, '\n');
	}
	print_reasoning(p, out);
	if (p->replayed)
		buf_printf(out,
		    "answered by our own cache or collapsed, never sent: %" PRIu64 "\n",
		    p->replayed);
	if (p->unpriced || p->failed || p->skipped)
		buf_printf(out,
		    "%" PRIu64 " without a price and in no sum, %" PRIu64 " failed, %" PRIu64
		    " are no requests\n",
		    p->unpriced, p->failed, p->skipped);
}

void
replay_print(const struct replay *p, const char *output)
{
	const char *format = replay_format();
	struct stream_options o = { .files = NULL, .output = output };
	static const char *const nothing[] = { "/dev/null" };
	struct stream *s;
	struct buf out = { 0 };

	if (strcmp(format, "json") == 0)
		print_json(p, &out);
	else
		print_moves(p, format, &out);
	if (strcmp(format, "table") == 0 || strcmp(format, "md") == 0)
		print_sums(p, &out);
	o.files = nothing;
	o.file_count = 1;
	s = stream_open(&o);
	stream_write_text(s, buf_slice(&out));
	stream_close(s);
	buf_free(&out);
}
