/* SPDX-License-Identifier: MIT */
/* Lengths of answers: exact sums in classes of at most 1.6 %, in bounded memory. */
#ifndef COST_AUDIT_LENGTH_H
#define COST_AUDIT_LENGTH_H

#include <stddef.h>
#include <stdint.h>

/* A zeroed struct is empty and ready. */
struct lengths {
	uint64_t *count, *sum; /* by class; NULL: empty */
	uint64_t total;
};
void lengths_add(struct lengths *l, uint64_t tokens);
/* The mean of the class in which permille of 1,000 values are reached; 0 if empty. */
uint64_t lengths_quantile(const struct lengths *l, unsigned permille);
/* The least value of the classes above the one of tokens, less 1: a bound at which the tail is
 * known exactly. */
uint64_t lengths_edge(uint64_t tokens);
/* Values over a bound that lengths_edge gave, and by how much in sum. */
uint64_t lengths_over(const struct lengths *l, uint64_t edge, uint64_t *excess);
void lengths_free(struct lengths *l);

#endif
