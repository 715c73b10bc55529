/* SPDX-License-Identifier: MIT */
/* Words of a ROUTES line, and conditions made from them. */
#ifndef LLM_ROUTE_CONDITION_H
#define LLM_ROUTE_CONDITION_H

#include "cmd/llm-route/routes.h"

/* The next word of *rest, which is moved behind it: a run without blanks, in which "…" and
 * ~/…/ may hold blanks. False at the end or at a '#', with *why set where a quote is open. */
bool word_next(struct slice *rest, struct slice *word, const char **why);
/* FIELD=VALUE, FIELD~/RE/, tokens>N; false and *why where word is none. */
bool condition_parse(struct slice word, struct condition *c, struct arena *a, const char **why);
/* Is this subject a number, compared by < <= > >=? */
bool condition_counts(enum subject s);
/* A word without its quotes and their backslashes. */
struct slice word_unquote(struct slice word, struct arena *a);
/* NAME="VALUE", to be parsed again. */
struct slice condition_word(struct slice name, struct slice value, struct arena *a);
/* Plain digits; false for anything else. */
bool number_parse(struct slice word, uint64_t *n);
/* /RE/ or /RE/i: the text between the slashes, which may hold \/ for a slash. */
bool pattern_parse(struct slice word, struct slice *source, bool *caseless, struct arena *a);

#endif
