/* SPDX-License-Identifier: MIT */
/* Quantiles: exact below 2,048 ms, within 0.1 % above, sums of two exact. */
#include "stats/latency.c"

#include "check.h"

static uint64_t
quantile(const struct latency *l, unsigned permille)
{
	uint64_t ms = UINT64_MAX;

	CHECK(latency_quantile(l, permille, &ms));
	return ms;
}

static void
small_values(void)
{
	struct latency l = { 0 };
	uint64_t ms;

	check_group("nearest rank");
	CHECK(!latency_quantile(&l, 500, &ms));
	for (uint64_t i = 1; i <= 100; i++)
		latency_add(&l, 101 - i, 1);
	CHECK_NUMBER(quantile(&l, 500), 50);
	CHECK_NUMBER(quantile(&l, 950), 95);
	CHECK_NUMBER(quantile(&l, 990), 99);
	CHECK_NUMBER(quantile(&l, 1000), 100);
	CHECK_NUMBER(quantile(&l, 0), 1);
	latency_free(&l);
	latency_add(&l, 0, 1);
	CHECK_NUMBER(quantile(&l, 500), 0);
	latency_add(&l, 2047, 3);
	CHECK_NUMBER(quantile(&l, 250), 0);
	CHECK_NUMBER(quantile(&l, 251), 2047);
	latency_free(&l);
}

static void
count_pairs(void *context, uint32_t class, uint64_t count)
{
	uint64_t *sum = context;

	sum[0]++;
	sum[1] += count * (class + 1);
}

/* A list of values becomes a table of classes: nothing may change by that. */
static void
long_lists(void)
{
	struct latency l = { 0 }, twice = { 0 };
	uint64_t before[2] = { 0 }, after[2] = { 0 };

	check_group("a list becomes a table");
	for (uint64_t i = 0; i < LATENCY_LIST; i++)
		latency_add(&l, i % 100, 1);
	CHECK(l.size == LATENCY_LIST);
	CHECK_NUMBER(quantile(&l, 500), 48);
	latency_each(&l, count_pairs, before);
	CHECK_NUMBER(before[0], 100);
	latency_merge(&twice, &l);
	latency_merge(&twice, &l);
	CHECK(twice.size > LATENCY_LIST);
	latency_each(&twice, count_pairs, after);
	CHECK_NUMBER(after[0], 100);
	CHECK_NUMBER(after[1], before[1] * 2);
	CHECK_NUMBER(quantile(&twice, 500), 48);
	latency_add(&l, 99, 1);
	CHECK(l.size > LATENCY_LIST && l.used == 100 && l.count == LATENCY_LIST + 1);
	latency_free(&l);
	latency_free(&twice);
	latency_add(&l, 7, LATENCY_LIST * 2);
	CHECK_NUMBER(quantile(&l, 1000), 7);
	latency_free(&l);
}

static void
large_values(void)
{
	uint64_t values[] = { 2048, 2049, 4095, 4096, 65535, 1000000007, UINT64_C(1) << 53,
		UINT64_MAX };

	check_group("within 0.1 % above 2,048");
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct latency l = { 0 };
		uint64_t got, off;

		latency_add(&l, values[i], 1);
		got = quantile(&l, 500);
		off = got > values[i] ? got - values[i] : values[i] - got;
		CHECK(off <= values[i] / 1000);
		latency_free(&l);
	}
	check_group("classes follow one another");
	for (uint64_t v = 1; v < 100000; v++)
		CHECK(class_of(v) == class_of(v - 1) || class_of(v) == class_of(v - 1) + 1);
}

static void
sums(void)
{
	struct latency all = { 0 }, one = { 0 }, two = { 0 };

	check_group("the sum of two is as if all had come to one");
	for (uint64_t i = 0; i < 5000; i++) {
		uint64_t v = i * 7919 % 20011;

		latency_add(&all, v, 1);
		latency_add(i % 3 ? &one : &two, v, 1);
	}
	latency_merge(&one, &two);
	CHECK_NUMBER(one.count, all.count);
	for (unsigned p = 0; p <= 1000; p += 50)
		CHECK_NUMBER(quantile(&one, p), quantile(&all, p));
	latency_free(&all);
	latency_free(&one);
	latency_free(&two);
}

int
main(void)
{
	small_values();
	long_lists();
	large_values();
	sums();
	return check_finish();
}
