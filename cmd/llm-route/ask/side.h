/* SPDX-License-Identifier: MIT */
/* A record turned into the request of a step beside it, in its own shape and interface. */
#ifndef LLM_ROUTE_ASK_SIDE_H
#define LLM_ROUTE_ASK_SIDE_H

#include "cmd/llm-route/facts.h"

/* The id of the record, or r-LINE. */
struct slice side_parent(const struct record *r, const struct request *q);
/* id-KIND, or id-KIND-n for n > 1, becomes its id; llm says whose step it is. */
void side_sign(struct record *r, const struct request *q, const char *kind, unsigned n);
void side_model(struct record *r, const struct request *q, struct slice model);
/* One more message of that role behind the others. False where the interface has none. */
bool side_say(struct record *r, const struct request *q, bool assistant, struct slice text);
/* Takes these members out of the body. */
void side_remove(struct record *r, const struct request *q, const char *const names[]);
/* Sets the output cap under the name that the model takes. */
void side_cap(struct record *r, const struct request *q, struct slice model, uint64_t cap);
/* Writes the record with its edits as a line of its own, and forgets the edits. */
void side_write(struct record *r);

#endif
