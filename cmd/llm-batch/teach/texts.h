/* SPDX-License-Identifier: MIT */
/* What a record asks and what it was answered, as plain text. */
#ifndef LLM_BATCH_TEXTS_H
#define LLM_BATCH_TEXTS_H

#include "base/buf.h"
#include "model/request.h"

/* Adds what the request says, with its role before each text. */
void texts_question(const struct request *r, struct arena *a, struct buf *out);
/* The same without what the assistant says last: of a line that a model is trained with, whose
 * answer is one of its messages. */
void texts_asked(const struct request *r, struct arena *a, struct buf *out);
/* Adds the text of the answer, tool calls as their arguments. */
void texts_answer(const struct request *r, struct arena *a, struct buf *out);

#endif
