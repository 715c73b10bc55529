/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "cmd/llm-route/replay/replay.h"
#include "json/write.h"
#include "stream/file.h"
#include "tool/tool.h"

const char *
replay_format(void)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };

	return tool_format(formats);
}

static void
member_money(struct writer *w, const char *name, struct usd d)
{
	char text[64];

	write_name(w, name);
	write_z(w, usd_write(d, text));
}

static void
member_count(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	write_number(w, n);
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
	member_money(&w, "cost", p->did);
	member_money(&w, "would_cost", p->would);
	member_money(&w, "change_usd", usd_sub(p->would, p->did));
	member_count(&w, "unpriced", p->unpriced);
	member_count(&w, "failed", p->failed);
	member_count(&w, "skipped", p->skipped);
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
		member_money(&w, "cost", m->did);
		member_money(&w, "would_cost", m->would);
		member_count(&w, "unpriced", m->unpriced);
		write_object_end(&w);
	}
	write_array_end(&w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* A model's name as a cell of a CSV file. */
static void
csv_cell(struct buf *out, struct slice text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, text.ptr[i]);
	}
	buf_add(out, SLICE("\","));
}

static void
print_csv(const struct replay *p, struct buf *out)
{
	char did[64], would[64];

	buf_add(out, SLICE("from,to,requests,cost,would_cost,unpriced\n"));
	for (size_t i = 0; i < p->count; i++) {
		const struct move *m = &p->move[i];

		csv_cell(out, m->from);
		csv_cell(out, m->to);
		buf_printf(out, "%" PRIu64 ",%s,%s,%" PRIu64 "\n", m->rows,
		    usd_write(m->did, did), usd_write(m->would, would), m->unpriced);
	}
}

static void
print_moves(const struct replay *p, struct buf *out, bool markdown)
{
	char did[64], would[64];

	buf_printf(out,
	    markdown ? "| %s | %s | %s | %s | %s |\n" : "%-30s %-30s %10s %14s %14s\n", "from",
	    "to", "requests", "did cost $", "would cost $");
	if (markdown)
		buf_add(out, SLICE("| --- | --- | ---: | ---: | ---: |\n"));
	for (size_t i = 0; i < p->count; i++) {
		const struct move *m = &p->move[i];

		buf_printf(out,
		    markdown ? "| %s | %s | %" PRIu64 " | %s | %s |\n"
			     : "%-30s %-30s %10" PRIu64 " %14s %14s\n",
		    diag_clean(m->from), diag_clean(m->to), m->rows, usd_round(m->did, 4, did),
		    usd_round(m->would, 4, would));
	}
}

static void
print_sums(const struct replay *p, struct buf *out)
{
	char did[64], would[64], first[25], last[25];

	buf_printf(out,
	    "\n%" PRIu64 " requests, %.1f %% keep their model; $%s then, $%s by %s\n", p->rows,
	    p->rows ? 100.0 * (double)p->same / (double)p->rows : 0.0,
	    usd_round(p->did, 4, did), usd_round(p->would, 4, would), p->rules);
	if (p->timed) {
		when_write(p->first, first);
		when_write(p->last, last);
		buf_printf(out, "from %s to %s", first, last);
		if (p->gaps)
			buf_printf(out, "; %" PRIu64 " gaps of more than a day", p->gaps);
		buf_add_byte(out, '\n');
	}
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

	if (strcmp(format, "json") == 0) {
		print_json(p, &out);
	} else if (strcmp(format, "csv") == 0) {
		print_csv(p, &out);
	} else {
		print_moves(p, &out, strcmp(format, "md") == 0);
		print_sums(p, &out);
	}
	o.files = nothing;
	o.file_count = 1;
	s = stream_open(&o);
	stream_write_text(s, buf_slice(&out));
	stream_close(s);
	buf_free(&out);
}
