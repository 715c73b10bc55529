/* SPDX-License-Identifier: MIT */
/* Lines of a provider's result files: OpenAI and Azure, Mistral, Anthropic, Gemini and Vertex,
 * Bedrock; and answered records of run and join. What came of a request, and whether asking
 * again is worth while. */
#ifndef LLM_BATCH_RESULT_H
#define LLM_BATCH_RESULT_H

#include "json/scan.h"
#include "model/request.h"

#define RESULT_MEMBERS 3

struct result {
	struct slice id;      /* of the request, in the arena */
	struct value line_id; /* the provider's own name of the line; absent if it has none */
	bool good;            /* an answer, not an error */
	const char *class;    /* of the error (static); NULL if good */
	unsigned status;      /* HTTP status, 0 if none is told */
	struct value answer;  /* the provider's body; absent if none */
	/* what belongs on the request: members by name, NULL-ended */
	const char *name[RESULT_MEMBERS + 1];
	struct value member[RESULT_MEMBERS];
};

/* Reads a line. False: *why (static). */
bool result_read(struct value root, struct arena *a, struct result *out, const char **why);
/* "rate_limit", "server", "timeout", "auth", "conflict", "client", "redirect" or "error". */
const char *result_class(unsigned status);
/* True for a class of failures that may pass: the same request is worth another try. */
bool result_again(struct slice named);
/* "length", "content_filter" or "no_finish_reason" for a good answer (of the given interface)
 * that is not whole; NULL for one that is. */
const char *result_ending(enum api api, struct value answer);

#endif
