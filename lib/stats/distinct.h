/* SPDX-License-Identifier: MIT */
/* How many different names there are: exact up to a bound, then an estimate with a stated
 * error.
 *
 * The k smallest of all 64-bit hashes are kept (Bar-Yossef et al. 2002, "k minimum values").
 * With fewer than k names the count is exact, but for two names of one hash (one chance in
 * 10^12 at a thousand names). With more it is (k - 1) / (the k-th smallest hash as a share of
 * the range), standard error 1 / sqrt(k - 2). The same names in any order and in any number of
 * parts give the same sketch. */
#ifndef STATS_DISTINCT_H
#define STATS_DISTINCT_H

#include "base/slice.h"

#define DISTINCT_GROUP 1024  /* k of a group: 3.1 % */
#define DISTINCT_TOTAL 16384 /* k of the total: 0.8 % */

/* A zeroed struct is empty and ready. */
struct distinct {
	uint64_t *table; /* a list, then open addressing; 0 is free; NULL up to one name */
	uint64_t one;
	uint32_t size, count;
	uint64_t limit; /* hashes from here on are known not to be among the k; 0: none */
};

/* The same on every machine and in every run; never 0. */
uint64_t distinct_hash(struct slice name);
/* Adds a hash (0 is no name) to a sketch of k. False: it was there, or is none. */
bool distinct_add(struct distinct *d, uint32_t k, uint64_t hash);
void distinct_merge(struct distinct *d, uint32_t k, const struct distinct *more);
/* Is the hash among those that are kept? 0 is not. */
bool distinct_has(const struct distinct *d, uint64_t hash);
/* The count; *exact says whether it is one. */
uint64_t distinct_count(const struct distinct *d, uint32_t k, bool *exact);
/* The hashes that are kept, in order, at most k; the caller frees. */
uint64_t *distinct_list(const struct distinct *d, uint32_t k, size_t *count);
/* Says that hashes from limit on were dropped, as another sketch did (its limit). */
void distinct_limit(struct distinct *d, uint32_t k, uint64_t limit);
void distinct_free(struct distinct *d);

#endif
