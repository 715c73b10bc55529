/* SPDX-License-Identifier: MIT */
/* A record turned into the request of a step beside it, in its own shape and interface. */
#ifndef LLM_ROUTE_ASK_SIDE_H
#define LLM_ROUTE_ASK_SIDE_H

#include "cmd/llm-route/facts.h"

/* The id of the record, or r-LINE. */
struct slice side_parent(const struct record *r, const struct request *q);
/* Gemini's and Bedrock's lines may name no model: llm.route.model tells it to who sends them.
 */
bool side_names_none(const struct request *q);
/* id-KIND, or id-KIND-n for n > 1, becomes its id; llm says whose step it is. */
void side_sign(struct record *r, const struct request *q, const char *kind, unsigned n,
    struct slice model);
/* The model, where the shape names one, and its name for the cap that there is. */
void side_model(struct record *r, const struct request *q, struct slice model);
/* One more message of that role behind the others. False where the interface has none. */
bool side_say(struct record *r, const struct request *q, bool assistant, struct slice text);
/* One more word of the user, in Bedrock's form inside his last message: there none of his may
 * follow another. False where the interface has no place. */
bool side_order(struct record *r, const struct request *q, struct slice text);
/* Takes these members out of the body. */
void side_remove(struct record *r, const struct request *q, const char *const names[]);
/* Sets the output cap under the name that the model takes. */
void side_cap(struct record *r, const struct request *q, struct slice model, uint64_t cap);
/* Writes the record with its edits as a line of its own, and forgets the edits. */
void side_write(struct record *r);

#endif
