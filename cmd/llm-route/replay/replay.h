/* SPDX-License-Identifier: MIT */
/* Private to replay: what is counted, and how it is printed. */
#ifndef LLM_ROUTE_REPLAY_REPLAY_H
#define LLM_ROUTE_REPLAY_REPLAY_H

#include "cmd/llm-route/policy.h"

/* Rows that one model answered and the rules would give to another, or to the same. */
struct move {
	struct slice from, to;
	uint64_t rows, unpriced;
	struct usd did, would;
};

/* Tokens of the output, and those of them that are reasoning. */
struct thought {
	uint64_t output, reasoning;
};

struct replay {
	struct policy *policy;
	const char *rules;
	uint64_t rows, same, unpriced, skipped, failed, replayed, timed, gaps;
	int64_t first, last, before; /* times of the rows */
	struct usd did, would;
	/* of the rows whose usage can be read; of them, those of which the log tells it */
	struct thought thought, would_think;
	uint64_t unknown_thought; /* and rows of which it does not */
	struct hash_map pairs;
	struct move *move;
	size_t count;
};

/* The name of the format that was asked for; ends the run where there is none such. */
const char *replay_format(void);
void replay_print(const struct replay *p, const char *output);

#endif
