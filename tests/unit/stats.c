/* SPDX-License-Identifier: MIT */
/* Goal: the statistics of lib/stats give the figures of SciPy, NumPy and statsmodels. */
#include <math.h>

#include "base/slice.h"
#include "stats/interval.h"
#include "stats/order.h"
#include "stats/paired.h"
#include "stats/random.h"
#include "stats/special.h"
#include "unit/check.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static bool
near(double got, double want, double error)
{
	if (fabs(got - want) <= error * fmax(1.0, fabs(want)))
		return true;
	printf("# %.17g, not %.17g\n", got, want);
	return false;
}

/* scipy.stats.norm, scipy.special.betainc and betaincinv (1.17) */
static void
check_special(void)
{
	check_group("normal distribution");
	CHECK(near(normal_below(-8) * 1e15, 0.622096057427174, 1e-12));
	CHECK(near(normal_below(-1.96), 0.024997895148220435, 1e-14));
	CHECK(near(normal_below(0.5), 0.6914624612740131, 1e-14));
	CHECK(near(normal_quantile(1e-10), -6.361340902404056, 1e-12));
	CHECK(near(normal_quantile(0.5), 0, 1e-12));
	CHECK(near(normal_quantile(0.8), 0.8416212335729143, 1e-12));
	CHECK(near(normal_quantile(0.975), 1.959963984540054, 1e-12));
	CHECK(near(normal_quantile(0.99999), 4.264890793923841, 1e-10));
	check_group("incomplete beta function");
	CHECK(near(beta_below(0.3, 2, 3), 0.3483, 1e-13));
	CHECK(near(beta_below(0.1, 0.5, 0.5), 0.20483276469913345, 1e-13));
	CHECK(near(beta_below(0.35, 30, 70.5), 0.8691485355020343, 1e-12));
	CHECK(near(beta_below(0.5, 5000, 5001), 0.5039893230696917, 1e-10));
	CHECK(near(beta_below(0.4995, 1e6, 1e6), 0.07864957758091215, 1e-8));
	CHECK(beta_below(0, 2, 3) == 0 && beta_below(1, 2, 3) == 1);
	CHECK(near(beta_quantile(0.025, 1, 10), 0.0025285785444617848, 1e-13));
	CHECK(near(beta_quantile(0.975, 5, 96), 0.09925715671265992, 1e-13));
	CHECK(near(beta_quantile(0.5, 4000, 6001), 0.39995333507328124, 1e-10));
}

/* statsmodels proportion_confint, "wilson" and "beta" */
static void
check_intervals(void)
{
	static const struct {
		uint64_t hits, count;
		struct interval wilson, exact;
	} rows[] = {
		{ 0, 10, { 0, 0.27753279986288926 }, { 0, 0.30849710781876083 } },
		{ 10, 10, { 0.7224672001371106, 1 }, { 0.6915028921812392, 1 } },
		{ 5, 10, { 0.23659309051256394, 0.7634069094874361 },
		    { 0.18708602844739855, 0.8129139715526015 } },
		{ 3, 200, { 0.005114237793258307, 0.043165728792690275 },
		    { 0.003104107621553509, 0.04320828191771261 } },
		{ 81, 263, { 0.2552885198782742, 0.36620957698280004 },
		    { 0.25273674558527126, 0.3676219226013514 } },
		{ 1000, 100000, { 0.009401858813385214, 0.010635786036946168 },
		    { 0.009392556089098503, 0.010636111529354269 } },
		{ 0, 0, { 0, 1 }, { 0, 1 } },
	};

	check_group("intervals of a rate");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct interval w = interval_wilson(rows[i].hits, rows[i].count, 0.95);
		struct interval e = interval_exact(rows[i].hits, rows[i].count, 0.95);

		CHECK(near(w.low, rows[i].wilson.low, 1e-12));
		CHECK(near(w.high, rows[i].wilson.high, 1e-12));
		CHECK(near(e.low, rows[i].exact.low, 1e-10));
		CHECK(near(e.high, rows[i].exact.high, 1e-10));
	}
	check_group("rows that show a loss");
	CHECK_NUMBER(interval_rows(0.05, 0.07, 0.95, 0.8), 1031);
	CHECK_NUMBER(interval_rows(0.02, 0.04, 0.95, 0.8), 483);
	CHECK_NUMBER(interval_rows(0.1, 0.12, 0.95, 0.8), 1856);
	CHECK_NUMBER(interval_rows(0.5, 0.75, 0.95, 0.8), 29);
	CHECK_NUMBER(interval_rows_of_arms(0.05, 0.07, 0.95, 0.8), 2213);
	CHECK_NUMBER(interval_rows_of_arms(0.5, 0.75, 0.95, 0.8), 58);
	CHECK(interval_rows(0.5, 0.5, 0.95, 0.8) == UINT64_MAX);
	CHECK(interval_rows(0, 0.02, 0.95, 0.8) < 400);
}

/* numpy.random.Philox, which takes the counter after this one first */
static void
check_random(void)
{
	static const uint64_t key[2] = { 12345, 678 }, one[4] = { 1, 0, 0, 0 },
			      full[2] = { UINT64_MAX, UINT64_MAX },
			      far[4] = { UINT64_MAX, UINT64_MAX, 5, 7 };
	uint64_t out[4];
	struct random r, again;

	check_group("Philox");
	random_block(one, key, out);
	CHECK(out[0] == 6565107575648159239u && out[1] == 14450430283469252839u &&
	      out[2] == 10381487961383297469u && out[3] == 13743637063129778582u);
	random_block(far, full, out);
	CHECK(out[0] == 1783452803844669133u && out[1] == 9505847724592206307u &&
	      out[2] == 343632960549211289u && out[3] == 14669113028989085688u);
	random_open(&r, 1, 2);
	random_open(&again, 1, 2);
	for (int i = 0; i < 100; i++)
		CHECK(random_next(&r) == random_next(&again));
	random_open(&again, 1, 3);
	CHECK(random_next(&r) != random_next(&again));
	for (int i = 0; i < 1000; i++)
		CHECK(random_below(&r, 7) < 7);
}

/* scipy.stats.binomtest(alternative="greater") */
static void
check_sign(void)
{
	check_group("exact sign test");
	CHECK(near(sign_test(5, 0), 0.03125, 1e-13));
	CHECK(near(sign_test(6, 0), 0.015625, 1e-13));
	CHECK(near(sign_test(8, 2), 0.0546875, 1e-13));
	CHECK(near(sign_test(60, 40), 0.028443966820490444, 1e-11));
	CHECK(near(sign_test(5100, 4900), 0.023292763852473225, 1e-9));
	CHECK(near(sign_test(3, 3), 0.65625, 1e-13));
	CHECK(sign_test(0, 0) == 1 && sign_test(0, 9) == 1);
	CHECK_NUMBER(sign_test_least(0.05), 5);
	CHECK_NUMBER(sign_test_least(0.03125), 5);
	CHECK_NUMBER(sign_test_least(0.005), 8);
}

/* The interval of 200,000 resamples by NumPy is [0.05934, 0.14068]; the normal one is exact. */
static void
check_paired(void)
{
	double base[40], new[40];
	struct change b, again, n;

	for (int i = 0; i < 40; i++) {
		base[i] = 1 + i * 7 % 11;
		new[i] = base[i] * 1.1 + (i * 13 % 9 - 4) * 0.3;
	}
	check_group("paired differences");
	/* nothing lost: by hand (n limit - 1/2) / sqrt(n limit (1 - limit)) */
	CHECK(near(paired_below(0, 0, 400, 0.01), 3.5 / sqrt(400 * 0.01 * 0.99), 1e-12));
	CHECK(paired_below(0, 0, 30, 0.01) < 0 && paired_below(0, 0, 30, 0) == 0);
	/* as many lost as won, and more: less sure */
	CHECK(paired_below(0, 0, 400, 0.05) > paired_below(9, 9, 400, 0.05));
	CHECK(paired_below(9, 9, 400, 0.05) > paired_below(12, 9, 400, 0.05));
	/* the mean is the limit: half a pair short of even */
	CHECK(near(paired_below(12, 2, 100, 0.1), -0.5 / sqrt(100 * (0.04 + 0.09)), 0.02));
	for (double limit = 0.005; limit < 0.3; limit *= 2) {
		double rows = paired_below_rows(0.1, limit, 1.645), half = 0.05 * rows;

		CHECK(paired_below(half, half, rows, limit) >= 1.645);
		CHECK(paired_below(half, half, rows - 2, limit) < 1.645);
	}
	CHECK(isinf(paired_below_rows(0.1, 0, 1.645)));
	check_group("paired bootstrap");
	b = paired_bootstrap(base, new, 40, 0.95, 1);
	again = paired_bootstrap(base, new, 40, 0.95, 1);
	CHECK(near(b.ratio, 0.0987603305785123, 1e-12));
	CHECK(fabs(b.range.low - 0.05934) < 0.002 && fabs(b.range.high - 0.14068) < 0.002);
	CHECK(b.chance > 0 && b.chance < 0.001);
	CHECK(memcmp(&b, &again, sizeof(b)) == 0);
	again = paired_bootstrap(base, new, 40, 0.95, 2);
	CHECK(again.range.low != b.range.low);
	b = paired_bootstrap(new, new, 40, 0.95, 1);
	CHECK(b.ratio == 0 && b.chance == 1);
	check_group("delta method");
	n = paired_normal(base, new, 40, 0.95);
	CHECK(near(n.range.low, 0.05814549144630901, 1e-12));
	CHECK(near(n.range.high, 0.1393751697107156, 1e-12));
	CHECK(near(n.chance * 1e7, 9.400132085219388, 1e-9));
	n = paired_normal(base, base, 40, 0.95);
	CHECK(n.ratio == 0 && n.chance == 1);
}

static void
check_order(void)
{
	double x[] = { 3.1, 1.5, 9.2, 4.4, 4.4, 7.0, 0.3 }, single[] = { 5 };

	check_group("quantiles, median, spread");
	order_sort(x, COUNT(x));
	CHECK(x[0] == 0.3 && x[6] == 9.2);
	CHECK(near(order_quantile(x, COUNT(x), 0.1), 1.02, 1e-13));
	CHECK(near(order_quantile(x, COUNT(x), 0.95), 8.54, 1e-13));
	CHECK(order_quantile(x, COUNT(x), 0) == 0.3 && order_quantile(x, COUNT(x), 1) == 9.2);
	CHECK(order_median(x, COUNT(x)) == 4.4);
	CHECK(near(order_mad(x, COUNT(x)), 3.85476, 1e-13));
	CHECK(order_median(single, 1) == 5 && order_mad(single, 1) == 0);
}

int
main(void)
{
	check_special();
	check_intervals();
	check_random();
	check_sign();
	check_paired();
	check_order();
	return check_finish();
}
