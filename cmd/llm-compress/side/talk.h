/* SPDX-License-Identifier: MIT */
/* Summary and facts of a conversation: what is asked, and what comes of the answers. */
#ifndef LLM_COMPRESS_TALK_H
#define LLM_COMPRESS_TALK_H

#include "cmd/llm-compress/side/memory.h"
#include "cmd/llm-compress/side/side.h"

/* The requests; false where there is nothing to ask, with the reason in w->refused where that
 * is no matter of course. */
bool talk_ask_summary(struct work *w, const struct remembered *r, struct side_request *out);
bool talk_ask_facts(struct work *w, const struct remembered *r, struct side_request *out);

/* Steps of apply: the summary stands for what leaves, the facts beside it. */
void talk_apply(struct work *w, struct memory *m, struct remembered *r,
    const struct side_answer *summary, const struct side_answer *facts);

#endif
