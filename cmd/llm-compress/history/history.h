/* SPDX-License-Identifier: MIT */
/* Steps on the messages of a conversation. What a tool gave back never parts from its call, the
 * last turn stays whole, and what is kept begins as the provider wants it. */
#ifndef LLM_COMPRESS_HISTORY_H
#define LLM_COMPRESS_HISTORY_H

#include "cmd/llm-compress/step.h"

/* --keep-turns: a turn is a message of the user and all that follows up to the next one. */
void turns_run(struct work *w);
/* --keep-messages: at most so many, begun at a message that may begin a request; never less
 * than the last turn. */
void messages_run(struct work *w);
/* Turns under the budget of w->target, by recency times relevance to the question. */
void history_run(struct work *w);
/* Thinking of old turns, where no open tool loop needs it. */
void reasoning_run(struct work *w);
/* The longest texts that are no JSON, cut at the ends of lines. */
void truncate_run(struct work *w);

/* System texts stay where they are, and so does what we put in ourselves. */
bool history_may_go(const struct message *m);
/* True if each result of a tool follows its call; else the running step is refused. */
bool history_sound(struct work *w);
/* The first message of the last `turns` turns, as an index; 0 if there are no more turns. */
size_t history_window(const struct work *w, uint64_t turns);

#endif
