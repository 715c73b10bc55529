/* SPDX-License-Identifier: MIT */
#include "periods.h"

#include <stdlib.h>

#include "base/mem.h"

static struct ledger_period *
period_at(struct ledger_periods *p, const struct row *row)
{
	int64_t when = row->own_time ? row->when : INT64_MAX - 1;
	struct ledger_period made = { .start = INT64_MAX - 1, .end = INT64_MAX };
	size_t i = p->last;

	if (i < p->count && p->list[i].start <= when && when < p->list[i].end)
		return &p->list[i];
	for (i = 0; i < p->count && p->list[i].end <= when; i++)
		;
	p->last = i;
	if (i < p->count && p->list[i].start <= when)
		return &p->list[i];
	if (row->own_time)
		period_name(p->period, when, made.name, &made.start, &made.end);
	p->list = mem_grow(p->list, p->count + 1, sizeof(*p->list));
	memmove(&p->list[i + 1], &p->list[i], (p->count - i) * sizeof(*p->list));
	p->list[i] = made;
	p->count++;
	return &p->list[i];
}

void
periods_add(struct ledger_periods *p, const struct row *row, struct arena *a, int sign)
{
	struct ledger_sums s = { 0 };
	struct ledger_period *to;

	if (p->period == PERIOD_NONE)
		return;
	to = period_at(p, row);
	if (sign > 0) {
		walk_add(&to->sums, row, a);
		return;
	}
	walk_add(&s, row, a);
	ledger_take(&to->sums, &s);
}

void
periods_free(struct ledger_periods *p)
{
	free(p->list);
	*p = (struct ledger_periods){ 0 };
}
