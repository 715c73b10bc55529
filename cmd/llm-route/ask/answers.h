/* SPDX-License-Identifier: MIT */
/* The answers of a first step, by the record that they serve. They are held in memory. */
#ifndef LLM_ROUTE_ASK_ANSWERS_H
#define LLM_ROUTE_ASK_ANSWERS_H

#include "cmd/llm-route/check/fault.h"
#include "money/usd.h"

enum ask_kind { ASK_NONE, ASK_CLASSIFY, ASK_PLAN, ASK_DRAFT };

struct side_answer {
	enum ask_kind kind;
	struct slice text;        /* of the answer; empty where it failed */
	struct slice member, raw; /* the member that holds the answer, and its bytes */
	struct slice model;       /* who answered */
	enum fault fault;         /* what is wrong with it as an answer */
	bool calls, priced;
	struct usd usd;
	struct side_answer *next; /* of the same record */
};

struct answers;
/* Ends the run with status 2 where the file cannot be read. */
struct answers *answers_open(const char *file);
/* The first answer for the record of that id; NULL if there is none. */
const struct side_answer *answers_of(const struct answers *a, struct slice id);
void answers_close(struct answers *a);

#endif
