/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/count.h"
#include "cmd/llm-compress/look/plan.h"
#include "show/members.h"
#include "tool/tool.h"

const char *const strategy_names[STRATEGIES] = { "full", "lossless", "light", "window",
	"summary", "ratio" };

static uint64_t
saved(const struct plan *p, size_t i)
{
	uint64_t all = p->row[STRATEGY_FULL].tokens, now = p->row[i].tokens;

	return all > now ? all - now : 0;
}

static struct slice
share(struct arena *a, uint64_t part, uint64_t all)
{
	uint64_t tenths = all ? (part * 1000 + all / 2) / all : 0;

	return arena_printf(a, "%" PRIu64 ".%" PRIu64 "%%", tenths / 10, tenths % 10);
}

static void
print_table(const struct plan *p, const char *format, struct buf *out)
{
	static const char *const headings[] = { "strategy", "requests changed", "tokens",
		"saved", "share", "fresh $", "with cache $", "side calls $" };
	struct arena a = { 0 };
	struct table t;

	table_open(&t, sizeof(headings) / sizeof(*headings), &a);
	for (size_t i = 0; i < t.columns; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i > 0;
	}
	for (size_t i = 0; i < STRATEGIES; i++) {
		const struct plan_row *r = &p->row[i];
		struct slice *cell = table_row(&t);

		cell[0] = slice_z(strategy_names[i]);
		cell[1] = cell_count(r->changed, &a);
		cell[2] = cell_count(r->tokens, &a);
		cell[3] = cell_count(saved(p, i), &a);
		cell[4] = share(&a, saved(p, i), p->row[STRATEGY_FULL].tokens);
		cell[5] = cell_usd(r->fresh, 6, &a);
		cell[6] = cell_usd(r->cached, 6, &a);
		cell[7] = cell_usd(r->side, 6, &a);
	}
	table_as(format, &t, out);
	table_close(&t);
	arena_close(&a);
}

static void
print_rest(const struct plan *p, struct buf *out)
{
	char a[32], b[32], c[32], d[32];
	const struct plan_history *h = &p->history;

	if (h->turns > 1)
		buf_printf(out,
		    "\nhistory: %s tokens at turn %s; %s conversation%s resend%s %s in all, "
		    "one "
		    "request a turn\n",
		    count_write(h->tokens, a), count_write(h->turns, b),
		    count_write(h->conversations, c), h->conversations == 1 ? "" : "s",
		    h->conversations == 1 ? "s" : "", count_write(h->resent, d));
	if (p->unpriced)
		buf_printf(out, "\n%s of %s requests have no price: only their tokens count\n",
		    count_write(p->unpriced, a), count_write(p->requests, b));
}

static void
print_json(const struct plan *p, struct buf *out)
{
	struct writer j = { out, false };

	write_object(&j);
	member_count(&j, "requests", p->requests);
	member_count(&j, "unpriced", p->unpriced);
	write_name(&j, "strategies");
	write_array(&j);
	for (size_t i = 0; i < STRATEGIES; i++) {
		const struct plan_row *r = &p->row[i];

		write_object(&j);
		write_name(&j, "name");
		write_z(&j, strategy_names[i]);
		member_count(&j, "requests_changed", r->changed);
		member_count(&j, "tokens", r->tokens);
		member_count(&j, "saved_tokens", saved(p, i));
		member_usd(&j, "usd_fresh", r->fresh);
		member_usd(&j, "usd_cached", r->cached);
		member_usd(&j, "side_usd", r->side);
		write_object_end(&j);
	}
	write_array_end(&j);
	write_name(&j, "history");
	write_object(&j);
	member_count(&j, "conversations", p->history.conversations);
	member_count(&j, "turns", p->history.turns);
	member_count(&j, "tokens", p->history.tokens);
	member_count(&j, "resent_tokens", p->history.resent);
	write_object_end(&j);
	write_object_end(&j);
	buf_add_byte(out, '\n');
}

void
plan_print(const struct plan *p, struct stream *s)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };
	const char *format = tool_format(formats);
	struct buf out = { 0 };

	if (strcmp(format, "json") == 0)
		print_json(p, &out);
	else
		print_table(p, format, &out);
	if (strcmp(format, "table") == 0)
		print_rest(p, &out);
	stream_write_text(s, buf_slice(&out));
	buf_free(&out);
}
