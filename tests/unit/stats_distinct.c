/* SPDX-License-Identifier: MIT */
/* Distinct names: exact up to k, then within the stated error, and the same in parts. */
#include "stats/distinct.h"

#include <stdio.h>

#include "check.h"

static void
add_range(struct distinct *d, unsigned from, unsigned to)
{
	char name[32];

	for (unsigned i = from; i < to; i++) {
		snprintf(name, sizeof(name), "user-%u", i);
		distinct_add(d, DISTINCT_GROUP, distinct_hash(slice_z(name)));
	}
}

static void
check_exact(void)
{
	struct distinct d = { 0 };
	bool exact;

	check_group("exact up to k, repeats and no names do not count");
	CHECK_NUMBER(distinct_count(&d, DISTINCT_GROUP, &exact), 0);
	distinct_add(&d, DISTINCT_GROUP, 0);
	CHECK_NUMBER(distinct_count(&d, DISTINCT_GROUP, &exact), 0);
	add_range(&d, 0, 1);
	add_range(&d, 0, 1);
	CHECK_NUMBER(distinct_count(&d, DISTINCT_GROUP, &exact), 1);
	add_range(&d, 0, 1024);
	add_range(&d, 500, 1024);
	CHECK_NUMBER(distinct_count(&d, DISTINCT_GROUP, &exact), 1024);
	CHECK(exact);
	add_range(&d, 1024, 1025);
	distinct_count(&d, DISTINCT_GROUP, &exact);
	CHECK(!exact);
	distinct_free(&d);
}

/* Twelve sketches of 20,000: all within four standard errors, their mean square near one. */
static void
check_error(void)
{
	double squares = 0;

	check_group("the error is the one that is stated");
	for (unsigned i = 0; i < 12; i++) {
		struct distinct d = { 0 };
		bool exact;
		double off;

		add_range(&d, i * 1000000, i * 1000000 + 20000);
		off = (double)distinct_count(&d, DISTINCT_GROUP, &exact) / 20000 - 1;
		CHECK(!exact);
		CHECK(off < 4 * 0.0313 && off > -4 * 0.0313);
		squares += off * off;
		distinct_free(&d);
	}
	CHECK(squares / 12 < 2 * 0.0313 * 0.0313);
	CHECK(squares > 0);
}

static void
check_parts(void)
{
	struct distinct whole = { 0 }, part[3] = { { 0 }, { 0 }, { 0 } }, joined = { 0 };
	uint64_t *x, *y;
	size_t n, m;

	check_group("parts in any order are the whole");
	add_range(&whole, 0, 9000);
	add_range(&part[0], 6000, 9000);
	add_range(&part[1], 0, 4000);
	add_range(&part[2], 3000, 6000);
	for (size_t i = 0; i < 3; i++)
		distinct_merge(&joined, DISTINCT_GROUP, &part[2 - i]);
	x = distinct_list(&whole, DISTINCT_GROUP, &n);
	y = distinct_list(&joined, DISTINCT_GROUP, &m);
	CHECK_NUMBER(n, DISTINCT_GROUP);
	CHECK_NUMBER(m, n);
	CHECK(memcmp(x, y, n * sizeof(*x)) == 0);
	free(x);
	free(y);
	for (size_t i = 0; i < 3; i++)
		distinct_free(&part[i]);
	distinct_free(&whole);
	distinct_free(&joined);
}

int
main(void)
{
	check_exact();
	check_error();
	check_parts();
	return check_finish();
}
