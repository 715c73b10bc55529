/* SPDX-License-Identifier: MIT */
/* llm-cost quality: answers that were judged, by route or arm, and the rate of the worse ones.
 */
#ifndef COST_QUALITY_H
#define COST_QUALITY_H

#include "base/hash.h"
#include "cmd/llm-cost/rows/by.h"
#include "stats/interval.h"

enum quality_word { QUALITY_NONE, QUALITY_FINE, QUALITY_WORSE, QUALITY_UNKNOWN };
/* What a verdict says: a word, true or false, or a score, which is fine from least (in
 * millionths; UINT64_MAX: only 1 and 0 are understood) on. Null and absent are NONE, what
 * nobody understands is UNKNOWN. */
enum quality_word quality_value(struct value v, uint64_t least, struct arena *a);
/* The same for the text of a judge: a JSON object with `verdict` or `score`, else its first
 * word. */
enum quality_word quality_text(struct slice text, uint64_t least, struct arena *a);

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
