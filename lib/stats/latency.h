/* SPDX-License-Identifier: MIT */
/* Quantiles of milliseconds: exact below 2,048 ms, above within 0.1 %; sums of two are exact.
 *
 * Values are counted in classes: 1,024 for each power of two, so that memory is bounded by the
 * number of classes (about 50,000) however many values there are. Up to 1,024 values are a list
 * of their classes, two bytes each, as there are many groups of few calls. */
#ifndef STATS_LATENCY_H
#define STATS_LATENCY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LATENCY_LIST 1024
/* A zeroed struct is empty and ready. */
struct latency {
	union {
		uint16_t *list;             /* of classes, one a value; up to LATENCY_LIST */
		struct latency_slot *slots; /* by class, open addressing; from there on */
	};
	uint32_t size, used;
	uint64_t count;
};

void latency_add(struct latency *l, uint64_t ms, uint64_t times);
/* All of b into l. */
void latency_merge(struct latency *l, const struct latency *b);
/* The smallest value that at least permille of 1,000 values do not exceed; false if empty. */
bool latency_quantile(const struct latency *l, unsigned permille, uint64_t *ms);
/* What a partial report keeps: pairs of class and count, each through each(), by class. */
void latency_each(const struct latency *l,
    void (*each)(void *context, uint32_t class, uint64_t count), void *context);
void latency_add_class(struct latency *l, uint32_t class, uint64_t count);
void latency_free(struct latency *l);

#endif
