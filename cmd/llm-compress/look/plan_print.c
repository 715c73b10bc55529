/* SPDX-License-Identifier: MIT */
#include "base/count.h"
#include "cmd/llm-compress/look/plan.h"
#include "show/members.h"
#include "tool/tool.h"

static const char *const strategy_names[STRATEGIES] = { "full", "lossless", "light", "window",
	"summary", "ratio" };

static uint64_t
saved(const struct plan *p, size_t i)
{
	uint64_t all = p->row[STRATEGY_FULL].tokens, now = p->row[i].tokens;

	return all > now ? all - now : 0;
}

/* The numbers of a strategy, in every format. */
enum { COLUMNS = 7 };
static const struct {
	const char *member, *heading;
} columns[COLUMNS] = {
	{ "requests_changed", "requests changed" },
	{ "tokens", "tokens" },
	{ "saved_tokens", "saved" },
	{ "saved_share", "share" },
	{ "usd_fresh", "fresh $" },
	{ "usd_cached", "with cache $" },
	{ "side_usd", "side calls $" },
};

static void
figures_of(const struct plan *p, size_t i, struct figure f[COLUMNS])
{
	const struct plan_row *r = &p->row[i];
	uint64_t all = p->row[STRATEGY_FULL].tokens, less = saved(p, i);

	f[0] = (struct figure){ .kind = FIGURE_COUNT, .n = r->changed };
	f[1] = (struct figure){ .kind = FIGURE_COUNT, .n = r->tokens };
	f[2] = (struct figure){ .kind = FIGURE_COUNT, .n = less };
	f[3] = (struct figure){ .kind = all ? FIGURE_RATIO : FIGURE_NONE, .n = less, .d = all };
	f[4] = (struct figure){ .kind = FIGURE_USD, .usd = r->fresh };
	f[5] = (struct figure){ .kind = FIGURE_USD, .usd = r->cached };
	f[6] = (struct figure){ .kind = FIGURE_USD, .usd = r->side };
}

static void
print_table(const struct plan *p, const char *format, struct buf *out)
{
	bool people = strcmp(format, "csv") != 0;
	unsigned decimals = usd_decimals(p->row[STRATEGY_FULL].fresh);
	struct arena a = { 0 };
	struct table t;

	table_open(&t, 1 + COLUMNS, &a);
	t.heading[0] = people ? SLICE("strategy") : SLICE("name");
	for (size_t i = 0; i < COLUMNS; i++) {
		t.heading[1 + i] = slice_z(people ? columns[i].heading : columns[i].member);
		t.right[1 + i] = true;
	}
	for (size_t i = 0; i < STRATEGIES; i++) {
		struct slice *cell = table_row(&t);
		struct figure f[COLUMNS];

		figures_of(p, i, f);
		cell[0] = slice_z(strategy_names[i]);
		for (size_t k = 0; k < COLUMNS; k++)
			cell[1 + k] = cell_figure(f[k], people, decimals, &a);
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
		buf_printf(out, "\nno price for %s of %s request%s: only the tokens count\n",
		    count_write(p->unpriced, a), count_write(p->requests, b),
		    p->requests == 1 ? "" : "s");
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
		struct figure f[COLUMNS];

		write_object(&j);
		write_name(&j, "name");
		write_z(&j, strategy_names[i]);
		figures_of(p, i, f);
		for (size_t k = 0; k < COLUMNS; k++)
			member_figure(&j, columns[k].member, f[k]);
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
