/* SPDX-License-Identifier: MIT */
#include "committed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "show/members.h"
#include "cmd/llm-cost/rows/period.h"
#include "column.h"

/* The month of the row that has this moment, made if it is new. */
static struct commitment *
month_of(struct committed *c, struct slice row, int64_t when, struct usd usd)
{
	struct commitment m = { .usd = usd };
	struct buf key = { 0 };
	bool added;
	size_t i;

	period_name(PERIOD_MONTH, when, m.month, &m.start, &m.end);
	buf_add(&key, row);
	buf_printf(&key, "\n%s", m.month);
	i = hash_map_add(&c->keys, buf_slice(&key), &added);
	buf_free(&key);
	if (added) {
		c->list = mem_grow(c->list, i + 1, sizeof(*c->list));
		c->list[i] = m;
	}
	return &c->list[i];
}

void
committed_add(struct committed *c, const struct row *row)
{
	if (row->kind == ROW_CALL && !row->unpriced && row->bill.monthly.units)
		month_of(c, slice_z(row->bill.row), row->when, row->bill.monthly)->requests++;
}

static struct slice
row_of(const struct committed *c, size_t i)
{
	return slice_take(c->keys.keys[i], slice_find(c->keys.keys[i], '\n'));
}

/* Does the row have a call after this month? */
static bool
goes_on(const struct committed *c, size_t i)
{
	for (size_t k = 0; k < c->keys.count; k++)
		if (slice_eq(row_of(c, k), row_of(c, i)) && c->list[k].start > c->list[i].start)
			return true;
	return false;
}

void
committed_close(struct committed *c)
{
	for (size_t i = 0; i < c->keys.count; i++)
		if (goes_on(c, i))
			month_of(c, row_of(c, i), c->list[i].end, c->list[i].usd);
}

static const struct committed *sorting;

static int
by_key(const void *a, const void *b)
{
	return slice_cmp(
	    sorting->keys.keys[*(const size_t *)a], sorting->keys.keys[*(const size_t *)b]);
}

/* Indexes by row and month; the caller frees. */
static size_t *
in_order(const struct committed *c)
{
	size_t *order = mem_alloc((c->keys.count + 1) * sizeof(*order));

	for (size_t i = 0; i < c->keys.count; i++)
		order[i] = i;
	sorting = c;
	qsort(order, c->keys.count, sizeof(*order), by_key);
	return order;
}

static void
month_json(const struct committed *c, size_t i, struct writer *w)
{
	const struct commitment *m = &c->list[i];

	write_object(w);
	write_name(w, "row");
	write_string(w, row_of(c, i));
	member_text(w, "month", m->month);
	member_usd(w, "usd", m->usd);
	member_count(w, "requests", m->requests);
	if (m->requests)
		member_usd(w, "per_request", usd_part(m->usd, 1, m->requests));
	else
		member_text(w, "per_request", NULL);
	write_object_end(w);
}

void
committed_json(const struct committed *c, struct writer *w)
{
	size_t *order = in_order(c);
	struct usd sum = { 0 };

	for (size_t i = 0; i < c->keys.count; i++)
		sum = usd_add(sum, c->list[i].usd);
	if (c->keys.count) {
		write_name(w, "committed");
		write_object(w);
		member_usd(w, "usd", sum);
		member_text(w, "taxes", "left out");
		write_name(w, "months");
		write_array(w);
		for (size_t i = 0; i < c->keys.count; i++)
			month_json(c, order[i], w);
		write_array_end(w);
		write_object_end(w);
	}
	free(order);
}

void
committed_people(const struct committed *c, const char *bullet, struct buf *out)
{
	size_t *order = in_order(c);
	char text[64];

	for (size_t k = 0; k < c->keys.count; k++) {
		const struct commitment *m = &c->list[order[k]];
		struct usd each = m->requests ? usd_part(m->usd, 1, m->requests) : m->usd;

		buf_printf(out, "%scommitted: %s, %s: ", bullet,
		    diag_clean(row_of(c, order[k])), m->month);
		buf_printf(out, "$%s beside the costs, before tax, for %" PRIu64 " calls",
		    usd_round(m->usd, 2, text), m->requests);
		if (m->requests)
			buf_printf(
			    out, ": $%s each", usd_round(each, usd_decimals(each), text));
		buf_add_byte(out, '\n');
	}
	free(order);
}

void
committed_partial(const struct committed *c, struct buf *out)
{
	size_t *order = in_order(c);
	char text[64];

	for (size_t k = 0; k < c->keys.count; k++) {
		const struct commitment *m = &c->list[order[k]];
		struct writer w = { .out = out };

		write_object(&w);
		write_name(&w, "committed");
		write_array(&w);
		write_string(&w, row_of(c, order[k]));
		write_signed(&w, m->start);
		write_number(&w, m->requests);
		write_z(&w, usd_write(m->usd, text));
		write_array_end(&w);
		write_object_end(&w);
		buf_add_byte(out, '\n');
	}
	free(order);
}

bool
committed_read_partial(struct committed *c, struct value line, struct arena *a)
{
	struct value row = json_first(json_get(line, "committed")), start = json_next(row),
		     requests = json_next(start), usd = json_next(requests);
	struct slice name = json_string(row, a);
	struct usd amount;
	uint64_t when, n;

	if (!name.ptr || !json_whole(start, &when) || when > INT64_MAX / 2 ||
	    !json_whole(requests, &n) || !usd_read(json_string(usd, a), &amount))
		return false;
	month_of(c, name, (int64_t)when, amount)->requests += n;
	return true;
}

void
committed_free(struct committed *c)
{
	hash_map_free(&c->keys);
	free(c->list);
	*c = (struct committed){ 0 };
}
