/* SPDX-License-Identifier: MIT */
/* What each strategy would come to, on a file or on a chat that is only described. */
#ifndef LLM_COMPRESS_PLAN_H
#define LLM_COMPRESS_PLAN_H

#include "cmd/llm-compress/work.h"
#include "money/usd.h"

enum strategy {
	STRATEGY_FULL, /* as it is */
	STRATEGY_LOSSLESS,
	STRATEGY_LIGHT,
	STRATEGY_WINDOW,  /* the last turns */
	STRATEGY_SUMMARY, /* the last turns and a summary of the others */
	STRATEGY_RATIO,   /* the ladder to a share, or to what else was given */
	STRATEGIES
};

struct plan_row {
	uint64_t changed; /* requests */
	uint64_t tokens;
	struct usd fresh, cached; /* cached: what the provider's cache holds is read */
	struct usd side;          /* side calls */
};
/* What a chat sends again and again, without the frames of messages. */
struct plan_history {
	uint64_t conversations, turns, tokens; /* turns and tokens of the longest history */
	uint64_t
	    resent; /* tokens of history, if each turn of each conversation was a request */
};
struct plan {
	uint64_t requests, unpriced;
	struct plan_row row[STRATEGIES];
	struct plan_history history;
};

/* As a report, in the form of --format. */
void plan_print(const struct plan *p, struct stream *s);
/* A chat of so many turns, each of so many tokens, that is not there: all its requests added
 * up. window: turns that are kept; summary: tokens of one. */
struct plan_chat {
	uint64_t turns, tokens, window, summary;
	const char *model; /* NULL: no prices */
};
void plan_scenario(struct plan *p, const struct plan_chat *chat);

#endif
