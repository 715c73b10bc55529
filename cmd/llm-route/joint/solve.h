/* SPDX-License-Identifier: MIT */
/* One option for each row, so that the sum of qualities is greatest under a sum of costs, or
 * the sum of costs least above a sum of qualities: the multiple-choice knapsack by its
 * Lagrangian relaxation (Sinha and Zoltners 1979). What is found is feasible, and its distance
 * from the bound of the relaxation, which nothing can pass, is told. */
#ifndef LLM_ROUTE_JOINT_SOLVE_H
#define LLM_ROUTE_JOINT_SOLVE_H

#include "money/usd.h"

struct joint_option {
	struct usd cost;
	uint32_t quality; /* millionths */
	uint32_t index;   /* the caller's name for it */
};

struct joint;
struct joint *joint_open(void);
/* The options of the next row, at least one, in any order; they are copied. */
void joint_add(struct joint *j, const struct joint_option *options, size_t count);

struct joint_result {
	struct usd cost, least; /* of the choice; of the cheapest options of all rows */
	uint64_t quality, most; /* sums: of the choice; of the best options */
	uint64_t quality_gap;   /* joint_spend: what the bound lies above quality, rounded up */
	struct usd cost_gap;    /* joint_reach: what cost lies above the bound */
	size_t rows;
};
/* The best under that sum; false where even the cheapest options cost more (result is set). */
bool joint_spend(struct joint *j, struct usd sum, struct joint_result *result);
/* The cheapest whose sum of qualities is at least this; false where the best is less. */
bool joint_reach(struct joint *j, uint64_t quality, struct joint_result *result);
/* The index of the option of a row, after either. */
uint32_t joint_choice(const struct joint *j, size_t row);
size_t joint_bytes(const struct joint *j); /* memory taken */
void joint_free(struct joint *j);

#endif
