/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/count.h"
#include "cmd/llm-compress/look/plan.h"
#include "cmd/llm-compress/look/sheet.h"
#include "json/write.h"
#include "tool/tool.h"

const char *const strategy_names[STRATEGIES] = { "full", "lossless", "light", "window",
	"summary", "ratio" };

static struct slice
number(struct arena *a, uint64_t n)
{
	char text[32];

	return arena_copy(a, slice_z(count_write(n, text)));
}

static struct slice
dollars(struct arena *a, struct usd d)
{
	char text[64];

	return arena_copy(a, slice_z(usd_round(d, 6, text)));
}

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
print_sheet(const struct plan *p, const char *format, struct buf *out)
{
	struct arena a = { 0 };
	struct sheet s = { .columns = 8,
		.heading = { "strategy", "requests changed", "tokens", "saved", "share",
		    "fresh $", "with cache $", "side calls $" },
		.text = { true },
		.arena = &a };

	for (size_t i = 0; i < STRATEGIES; i++) {
		const struct plan_row *r = &p->row[i];
		struct slice *cell = sheet_row(&s);

		cell[0] = slice_z(strategy_names[i]);
		cell[1] = number(&a, r->changed);
		cell[2] = number(&a, r->tokens);
		cell[3] = number(&a, saved(p, i));
		cell[4] = share(&a, saved(p, i), p->row[STRATEGY_FULL].tokens);
		cell[5] = dollars(&a, r->fresh);
		cell[6] = dollars(&a, r->cached);
		cell[7] = dollars(&a, r->side);
	}
	sheet_write(&s, format, out);
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
member_usd(struct writer *j, const char *name, struct usd d)
{
	char text[64];

	write_name(j, name);
	write_z(j, usd_write(d, text));
}

static void
member(struct writer *j, const char *name, uint64_t n)
{
	write_name(j, name);
	write_number(j, n);
}

static void
print_json(const struct plan *p, struct buf *out)
{
	struct writer j = { out, false };

	write_object(&j);
	member(&j, "requests", p->requests);
	member(&j, "unpriced", p->unpriced);
	write_name(&j, "strategies");
	write_array(&j);
	for (size_t i = 0; i < STRATEGIES; i++) {
		const struct plan_row *r = &p->row[i];

		write_object(&j);
		write_name(&j, "name");
		write_z(&j, strategy_names[i]);
		member(&j, "requests_changed", r->changed);
		member(&j, "tokens", r->tokens);
		member(&j, "saved_tokens", saved(p, i));
		member_usd(&j, "usd_fresh", r->fresh);
		member_usd(&j, "usd_cached", r->cached);
		member_usd(&j, "side_usd", r->side);
		write_object_end(&j);
	}
	write_array_end(&j);
	write_name(&j, "history");
	write_object(&j);
	member(&j, "conversations", p->history.conversations);
	member(&j, "turns", p->history.turns);
	member(&j, "tokens", p->history.tokens);
	member(&j, "resent_tokens", p->history.resent);
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
		print_sheet(p, format, &out);
	if (strcmp(format, "table") == 0)
		print_rest(p, &out);
	stream_write_text(s, buf_slice(&out));
	buf_free(&out);
}
