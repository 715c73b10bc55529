/* SPDX-License-Identifier: MIT */
/* Putting an answer, or the reason why there is none, on the record of its request. */
#ifndef LLM_BATCH_ANSWER_H
#define LLM_BATCH_ANSWER_H

#include "base/buf.h"
#include "json/edit.h"
#include "model/request.h"

/* Members that answer a record, each with its JSON text. A zeroed struct is empty. */
struct answer {
	struct {
		const char *name;
		struct slice raw;
	} member[3];
	size_t count;
	struct slice batch; /* the object that becomes llm.batch */
	bool good;          /* no error */
	bool again;         /* an error that is worth another try */
};

void answer_add(struct answer *x, const char *name, struct slice raw);
/* An error in the form of the shape: `response: null` and `error` {code, message}, `result` of
 * the type errored, or the native error member. In the arena. */
void answer_error(
    struct answer *x, enum shape shape, const char *code, const char *message, struct arena *a);
/* Adds the changes to e; x must live until they are applied. What llm.batch lists as lost stays
 * in it. */
void answer_edit(const struct answer *x, struct value root, struct edits *e, struct arena *a);
/* The answer members that stand on a record, for its copies. */
void answer_of(struct value root, struct answer *out);

#endif
