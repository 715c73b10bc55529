/* SPDX-License-Identifier: MIT */
/* How much each word tells, by the log-probabilities of a model of one's own.
 *
 * `ask logprobs` writes a completion for each text that --prune reads: the text as the prompt,
 * with `echo` and `logprobs`, as servers of OpenAI's kind such as vLLM take it.
 * `apply --prune P` takes the words out that the model could guess. */
#ifndef LLM_COMPRESS_LOGPROBS_H
#define LLM_COMPRESS_LOGPROBS_H

#include "cmd/llm-compress/prune/prune.h"
#include "cmd/llm-compress/side/side.h"

/* The request for piece i; false where it is none that --prune reads. */
bool logprobs_ask(struct work *w, size_t i, struct side_request *out);
/* Prunes by the answers to the parent's requests; false where there are none. */
bool logprobs_apply(struct work *w, struct side_answers *answers, struct slice id);

#endif
