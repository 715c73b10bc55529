/* SPDX-License-Identifier: MIT */
/* An answer of a chat model from one provider's form to another's. */
#ifndef CHAT_ANSWER_H
#define CHAT_ANSWER_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/scan.h"
#include "model/request.h"

/* Adds the answer, as `from` has it, in the form of `to` (chat, responses, messages, Gemini,
 * Converse is not spoken): texts, thinking, tool calls, how it ended, and the usage in the
 * counts of the target. *usage is the provider's own usage object, absent if it has none. False
 * and *why (static) where it is no answer of that form, has several choices, or holds what the
 * target has no place for. */
bool chat_answer(struct value answer, enum api from, enum api to, struct arena *a,
    struct buf *out, struct value *usage, const char **why);

/* Adds the answer that a stream of server-sent events tells, as the interface gives it where it
 * is not streamed. False and *why (static) where the stream is not whole. */
bool chat_stream(enum api api, struct slice events, struct buf *out, const char **why);

#endif
