/* SPDX-License-Identifier: MIT */
#include "spend.h"

#include <inttypes.h>
#include <string.h>

#include "base/when.h"
#include "json/write.h"
#include "show/table.h"

const char *const spend_formats[] = { "table", "json", "csv", "md", NULL };

#define MILLION 1000000

/* True from this share of the limit on, in millionths. */
static bool
reached(const struct ledger_sum *s, uint64_t share)
{
	const struct budget_line *l = s->line;

	return (l->has_usd &&
		   usd_cmp(usd_times(s->spent.usd, MILLION), usd_times(l->usd, share)) >= 0) ||
	       (l->calls != BUDGET_NONE &&
		   (double)s->spent.calls * MILLION >= (double)l->calls * (double)share) ||
	       (l->tokens != BUDGET_NONE &&
		   (double)s->spent.tokens * MILLION >= (double)l->tokens * (double)share);
}

enum spend_state
spend_state(const struct ledger_sum *s)
{
	const struct budget_line *l = s->line;

	if ((l->has_usd && usd_cmp(s->spent.usd, l->usd) > 0) || s->spent.calls > l->calls ||
	    s->spent.tokens > l->tokens)
		return SPEND_OVER;
	return l->soft != BUDGET_NONE && reached(s, l->soft) ? SPEND_SOFT : SPEND_OK;
}

static const char *
state_name(enum spend_state state)
{
	static const char *const names[] = { "ok", "soft", "over" };

	return names[state];
}

static void
count_json(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	if (n == BUDGET_NONE)
		write_null(w);
	else
		write_number(w, n);
}

static void
amount_json(struct writer *w, const char *name, const struct ledger_amount *a)
{
	char text[64];

	write_name(w, name);
	write_object(w);
	write_name(w, "usd");
	write_z(w, usd_write(a->usd, text));
	write_name(w, "calls");
	write_number(w, a->calls);
	write_name(w, "tokens");
	write_number(w, a->tokens);
	write_object_end(w);
}

static void
limit_json(struct writer *w, const struct budget_line *l)
{
	char text[64];

	write_name(w, "limit");
	write_object(w);
	write_name(w, "usd");
	write_z(w, l->has_usd ? usd_write(l->usd, text) : NULL);
	count_json(w, "calls", l->calls);
	count_json(w, "tokens", l->tokens);
	count_json(w, "repeats", l->repeats);
	write_object_end(w);
}

static void
sum_json(struct writer *w, const struct ledger_sum *s)
{
	char when[25];

	write_object(w);
	write_name(w, "name");
	write_string(w, s->name);
	write_name(w, "key");
	write_string(w, s->key);
	write_name(w, "period");
	write_z(w, budget_period_name(s->line->period));
	write_name(w, "since");
	if (s->line->period == BUDGET_TOTAL) {
		write_null(w);
	} else {
		when_write(s->start, when);
		write_string(w, slice_of(when, 24));
	}
	limit_json(w, s->line);
	amount_json(w, "spent", &s->spent);
	amount_json(w, "held", &s->held);
	write_name(w, "state");
	write_z(w, state_name(spend_state(s)));
	write_object_end(w);
}

static void
print_json(const struct ledger_sum *sums, size_t count, struct buf *out)
{
	struct writer w = { .out = out };
	enum spend_state worst = SPEND_OK;

	write_object(&w);
	write_name(&w, "limits");
	write_array(&w);
	for (size_t i = 0; i < count; i++) {
		sum_json(&w, &sums[i]);
		if (spend_state(&sums[i]) > worst)
			worst = spend_state(&sums[i]);
	}
	write_array_end(&w);
	write_name(&w, "state");
	write_z(&w, state_name(worst));
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* "3 of 10", "3 + 2 held of 10", or what was spent alone. */
static struct slice
count_of(uint64_t n, uint64_t held, uint64_t limit, struct arena *a)
{
	if (limit == BUDGET_NONE)
		return arena_printf(a, "%" PRIu64, n);
	if (held)
		return arena_printf(
		    a, "%" PRIu64 " + %" PRIu64 " held of %" PRIu64, n, held, limit);
	return arena_printf(a, "%" PRIu64 " of %" PRIu64, n, limit);
}

static struct slice
dollars_of(const struct ledger_sum *s, bool exact, struct arena *a)
{
	char spent[64], limit[64];

	if (exact)
		usd_write(s->spent.usd, spent);
	else
		usd_round(s->spent.usd, usd_decimals(s->spent.usd), spent);
	if (!s->line->has_usd)
		return arena_printf(a, "%s", spent);
	return arena_printf(a, "%s of %s", spent, usd_write(s->line->usd, limit));
}

static struct slice
held_of(const struct ledger_sum *s, bool exact, struct arena *a)
{
	char text[64];

	if (!s->held.calls && !s->held.tokens && !s->held.usd.units)
		return SLICE("-");
	return arena_printf(a, "%s",
	    exact ? usd_write(s->held.usd, text)
		  : usd_round(s->held.usd, usd_decimals(s->held.usd), text));
}

static void
sum_row(const struct ledger_sum *s, bool exact, struct table *t, struct arena *a)
{
	struct slice *row = table_row(t);
	char when[25];

	row[0] = s->name;
	row[1] = s->key.len ? s->key : SLICE("all");
	row[2] = slice_z(budget_period_name(s->line->period));
	when_write(s->start, when);
	row[3] =
	    s->line->period == BUDGET_TOTAL ? SLICE("-") : arena_copy(a, slice_of(when, 16));
	row[4] = dollars_of(s, exact, a);
	row[5] = held_of(s, exact, a);
	row[6] = count_of(s->spent.calls, s->held.calls, s->line->calls, a);
	row[7] = count_of(s->spent.tokens, s->held.tokens, s->line->tokens, a);
	row[8] = slice_z(state_name(spend_state(s)));
}

void
spend_print(const struct ledger_sum *sums, size_t count, const char *format, struct arena *a,
    struct buf *out)
{
	static const char *const headings[] = { "limit", "for", "period", "since (UTC)",
		"dollars", "held", "calls", "tokens", "state" };
	bool people = strcmp(format, "table") == 0;
	struct table t;

	if (strcmp(format, "json") == 0) {
		print_json(sums, count, out);
		return;
	}
	table_open(&t, 9, a);
	for (size_t i = 0; i < 9; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i >= 4 && i < 8;
	}
	for (size_t i = 0; i < count; i++)
		sum_row(&sums[i], !people, &t, a);
	if (people)
		table_people(&t, out);
	else if (strcmp(format, "csv") == 0)
		table_csv(&t, out);
	else
		table_markdown(&t, out);
	table_close(&t);
}
