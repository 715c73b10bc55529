/* SPDX-License-Identifier: MIT */
/* Output caps and expected lengths from answers of the past: what `llm-cost caps --format json`
 * printed. */
#ifndef LLM_ROUTE_OUTPUT_CAPS_H
#define LLM_ROUTE_OUTPUT_CAPS_H

#include "cmd/llm-route/facts.h"

struct caps;

/* Reads the report; NULL and *why where it is none. Groups with a caution (few rows, cut
 * before) tell the expected length, but no cap. */
struct caps *caps_read(struct slice text, const char **why);
/* Sets f->past_cap and f->expected_output by the first group whose fields are all the record's;
 * leaves them where there is none. */
void caps_look(const struct caps *c, struct facts *f);
/* How many groups give a cap, and the share of their answers that it would have cut (times a
 * million). */
size_t caps_count(const struct caps *c, uint64_t *cut);
void caps_free(struct caps *c);

#endif
