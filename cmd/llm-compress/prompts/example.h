/* SPDX-License-Identifier: MIT */
/* Few-shot examples: where they stand in a request. */
#ifndef LLM_COMPRESS_EXAMPLE_H
#define LLM_COMPRESS_EXAMPLE_H

#include "cmd/llm-compress/work.h"

struct example {
	struct slice whole;  /* in a text: all that goes with it; ptr NULL: two messages */
	struct slice text;   /* what is compared: question and answer */
	struct slice answer; /* "" if it is not told apart */
	size_t label;        /* number of the answer, equal ones have one; set by the caller */
	size_t first, last;  /* messages, last exclusive */
	bool keep;
};
struct examples {
	struct example *list;
	size_t count, room;
};
/* Examples inside a text: <example> … </example>, else blocks of two labelled lines such as
 * Input: and Output:. The last block is none where its answer is empty. */
void examples_of_text(struct examples *e, struct slice text, struct arena *a);
/* Pairs of a message of the user and an answer before the last turn. */
void examples_of_turns(struct examples *e, struct work *w);

#endif
