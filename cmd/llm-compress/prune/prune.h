/* SPDX-License-Identifier: MIT */
/* Step "prune" (--prune P): words that a reader can guess go. Not lossless.
 *
 * In the prose of long texts of the user and of results of tools (light/spans.h says what prose
 * is) the words with the least self-information go (rank/ngram.h) until the share P of the
 * words is left. What is never taken: words with a digit, a capital or a sign inside, negations
 * and what bounds a statement (not, only, unless, before, more …), the last word of a sentence,
 * keys before a colon, and what --protect matches. With --prune-unit sentence whole sentences
 * go, by the mean of their words; none that has a number, a name or a negation. */
#ifndef LLM_COMPRESS_PRUNE_H
#define LLM_COMPRESS_PRUNE_H

#include "cmd/llm-compress/step.h"

#define STEP_PRUNE "prune"
void prune_run(struct work *w);

/* What a model said of the tokens of a text, in their order. */
struct told {
	struct told_token {
		size_t at; /* offset of its first byte that is no blank */
		float bits;
	} * list;
	size_t count; /* 0: nothing was said of it */
};
/* The same by told[i] of each piece i; pieces without stay. The step has begun. */
void prune_by(struct work *w, const struct told *told);
/* Whether the step reads this text. */
bool prune_reads(struct work *w, struct piece *p);

bool prune_asked(const struct settings *s);

/* Must the word stay, whatever it tells? Its signs at the end are part of it. */
bool prune_keeps(struct slice word);

#endif
