/* SPDX-License-Identifier: MIT */
/* Private to the decision: what is chosen while it is made. */
#ifndef LLM_ROUTE_CHOICE_H
#define LLM_ROUTE_CHOICE_H

#include "cmd/llm-route/decide.h"

struct choice {
	struct facts *facts;
	struct decision *decision;
	size_t least, most; /* tiers that this kind of user may have */
	bool unsure;        /* the fallback for low confidence decides */
	struct buf reason;  /* grows, in the arena at the end */
};

#endif
