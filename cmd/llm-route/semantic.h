/* SPDX-License-Identifier: MIT */
/* Semantic routes: the intent of the example utterance that is nearest in meaning. */
#ifndef LLM_ROUTE_SEMANTIC_H
#define LLM_ROUTE_SEMANTIC_H

#include "cmd/llm-route/facts.h"

struct semantic;
struct semantic_options {
	const char *encoder; /* a file for embed_open; NULL: the table inside */
	const char *vectors; /* path of the record's own vector; NULL: its text is embedded */
	uint64_t least, margin; /* millionths: similarity, and lead over the next intent */
	const char *file;       /* its name, for messages */
};

/* Reads JSONL: {"intent":I,"text":T}, or with "vector":[…] where vectors are given; or one line
 * an intent, {"name":I,"utterances":[T…],"score_threshold":S}. NULL: *why (until the next call)
 * and *line say what is wrong: a vector of another length, NaN, zero; line 0 is the encoder or
 * the path of the vectors. An utterance whose words the embedding does not know is left out
 * with a message. */
struct semantic *semantic_read(
    struct slice text, const struct semantic_options *o, const char **why, uint64_t *line);
/* Sets f->intent, score and why. Text that the embedding does not know, a vector that is none,
 * and two intents that are equally near give "none". */
void semantic_look(const struct semantic *s, struct facts *f);
void semantic_free(struct semantic *s); /* NULL is fine */

#endif
