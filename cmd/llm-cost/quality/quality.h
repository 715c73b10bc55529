/* SPDX-License-Identifier: MIT */
/* llm-cost quality: answers that were judged, by route or arm, and the rate of the worse ones.
 */
#ifndef COST_QUALITY_H
#define COST_QUALITY_H

#include "base/hash.h"
#include "cmd/llm-cost/rows/by.h"
#include "model/judgement.h"
#include "stats/interval.h"

enum quality_verdict { REGRESSION_OK, REGRESSION_UNCLEAR, REGRESSION_WORSE };

struct quality_sums {
	uint64_t answers, judged, worse;
	uint64_t split; /* judged twice, and not alike: not counted as judged */
	double rate;
	struct interval range;
	uint64_t needed;      /* judged rows that would show a loss of `detect` */
	uint64_t needed_each; /* the same of two arms, in each */
	enum quality_verdict verdict;
};

struct quality {
	struct by by;
	struct hash_map keys;
	struct quality_sums *group, total;
	struct hash_map judges; /* models that judged */
	uint64_t *judge_count;
	uint64_t orphans;    /* verdicts on answers that are not there */
	uint64_t unreadable; /* verdicts that nobody understands */
	uint64_t skipped;
	bool exact, limited;
	double limit, confidence, detect;
};

extern const char *const quality_formats[];
void quality_print(const char *format, const struct quality *q, struct buf *out);

#endif
