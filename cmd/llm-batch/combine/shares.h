/* SPDX-License-Identifier: MIT */
/* Parts and sums of usage objects, whosever they are: each count in them, however deep, is
 * divided or added; other values stay. A total that is not the sum of the counts beside it is
 * left out. */
#ifndef LLM_BATCH_SHARES_H
#define LLM_BATCH_SHARES_H

#include "json/scan.h"
#include "json/write.h"

/* A part of something whole: own of sum, after others with before. Parts that follow one
 * another add up to the whole. */
struct share {
	uint64_t before, own, sum;
};

void share_write(struct value usage, struct share part, struct writer *w);
/* What both say together. */
void share_add(struct value one, struct value other, struct writer *w);

#endif
