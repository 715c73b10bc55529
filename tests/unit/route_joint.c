/* SPDX-License-Identifier: MIT */
/* The joint choice: feasible, no worse than its bound, near the best of all choices. */
#include "unit/check.h"

#include "cmd/llm-route/joint/solve.c"

#include "stats/random.h"

#define ROWS 6
#define OPTIONS 3

static struct usd
dollars(uint64_t n)
{
	return (struct usd){ (__int128)n };
}

struct table {
	struct joint_option option[ROWS][OPTIONS];
};

static struct joint *
fill(struct table *t, uint64_t seed)
{
	struct joint *j = joint_open();
	struct random r;

	random_open(&r, seed, 0);
	for (size_t i = 0; i < ROWS; i++) {
		for (uint32_t k = 0; k < OPTIONS; k++)
			t->option[i][k] = (struct joint_option){ dollars(random_below(&r, 100)),
				(uint32_t)random_below(&r, 1000000), k };
		joint_add(j, t->option[i], OPTIONS);
	}
	return j;
}

/* The best of all choices; UINT64_MAX quality: none is feasible. */
static bool
best_of_all(const struct table *t, uint64_t sum, uint64_t *quality)
{
	bool any = false;

	*quality = 0;
	for (unsigned n = 0; n < 729; n++) {
		uint64_t cost = 0, q = 0;
		unsigned rest = n;

		for (size_t i = 0; i < ROWS; i++, rest /= OPTIONS) {
			cost += (uint64_t)t->option[i][rest % OPTIONS].cost.units;
			q += t->option[i][rest % OPTIONS].quality;
		}
		if (cost > sum)
			continue;
		any = true;
		*quality = q > *quality ? q : *quality;
	}
	return any;
}

static void
check_against_all(void)
{
	struct table t;

	check_group("against all choices");
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct joint *j = fill(&t, seed);
		uint64_t sum = seed * 7, best, cost = 0, quality = 0;
		struct joint_result r, back;
		bool fine = joint_spend(j, dollars(sum), &r);

		CHECK(fine == best_of_all(&t, sum, &best));
		if (fine) {
			for (size_t i = 0; i < ROWS; i++) {
				cost += (uint64_t)t.option[i][joint_choice(j, i)].cost.units;
				quality += t.option[i][joint_choice(j, i)].quality;
			}
			CHECK_NUMBER(cost, (uint64_t)r.cost.units);
			CHECK_NUMBER(quality, r.quality);
			CHECK(cost <= sum && quality <= best);
			/* the bound is one: nothing is better than it */
			CHECK(quality + r.quality_gap >= best);
			CHECK(joint_reach(j, r.quality, &back));
			CHECK(back.quality >= r.quality);
			CHECK(usd_cmp(usd_sub(back.cost, back.cost_gap), r.cost) <= 0);
		} else {
			CHECK((uint64_t)r.least.units > sum);
		}
		joint_free(j);
	}
}

static void
check_edges(void)
{
	struct joint_option one[] = { { dollars(5), 10, 0 }, { dollars(5), 20, 1 },
		{ dollars(7), 15, 2 }, { dollars(0), 0, 3 } };
	struct joint *j = joint_open();
	struct joint_result r;

	check_group("edges");
	CHECK(joint_spend(j, dollars(0), &r)); /* no rows */
	CHECK(joint_reach(j, 0, &r) && !joint_reach(j, 1, &r));
	joint_add(j, one, 4);
	CHECK(joint_spend(j, dollars(0), &r));
	CHECK_NUMBER(joint_choice(j, 0), 3);
	CHECK(joint_spend(j, dollars(100), &r));
	CHECK_NUMBER(joint_choice(j, 0), 1);
	CHECK_NUMBER(r.quality_gap, 0);
	CHECK(joint_reach(j, 20, &r) && !joint_reach(j, 21, &r));
	joint_free(j);
	joint_free(NULL);
}

int
main(void)
{
	check_against_all();
	check_edges();
	return check_finish();
}
