/* SPDX-License-Identifier: MIT */
/* What a provider's batch interface asks of one line. */
#ifndef LLM_BATCH_RULES_H
#define LLM_BATCH_RULES_H

#include "line.h"
#include "model/limits.h"

struct rules; /* of one provider */

/* By the name of --for; NULL if there is none. */
const struct rules *rules_for(const char *provider);
const struct limits *rules_limits(const struct rules *p);
/* Why the provider would refuse this line, in words without content (record's arena or static);
 * NULL if it takes it. Duplicate ids are the caller's. */
const char *rules_fault(const struct rules *p, struct record *r, const struct line *l);
/* Why a tool result has no call before it; NULL if each has one. rules_calls.c */
const char *rules_orphan(const struct line *l, struct arena *a);
/* Embedding inputs of the line: items of `input`, 1 for a text or one list of tokens. */
uint64_t rules_inputs(const struct line *l);
/* The line as this provider's file has it, in the arena: its own bytes where nothing has to be
 * added or left out. */
struct slice rules_line(const struct rules *p, struct record *r, const struct line *l);

#endif
