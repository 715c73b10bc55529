/* SPDX-License-Identifier: MIT */
/* All that a rule can ask about one record, found when it is first asked for. */
#ifndef LLM_ROUTE_FACTS_H
#define LLM_ROUTE_FACTS_H

#include "cmd/llm-route/routes.h"
#include "stream/stream.h"
#include "task/classify.h"

struct counted; /* tokens of this record by one tokenizer */

struct facts {
	const struct routes *routes; /* NULL: none */
	const struct request *request;
	struct arena *arena;
	struct needs needs;
	struct slice asked; /* model as it was asked; ptr NULL if none is named */
	struct slice *user; /* every text of the user, unescaped */
	size_t user_count, user_bytes;
	const struct tokenizer *tokenizer; /* of the asked model */
	struct slice task;                 /* "none" if there is no evidence */
	struct found_words task_evidence;
	unsigned task_confidence, level_confidence; /* per cent */
	enum level level;
	struct found_words level_evidence;
	bool unknown_label; /* the record brings a complexity that is none of ours */
	bool limit;         /* a pattern of the table of tasks hit its limit */
	enum lane lane;
	int64_t when;
	struct counted *counts;
};

/* Reads the record. */
void facts_read(
    struct facts *f, const struct routes *routes, const struct request *r, struct arena *a);
/* Input tokens by that tokenizer; counted once a record. */
struct tokens facts_tokens(struct facts *f, const struct tokenizer *t);

enum test { TEST_NO, TEST_YES, TEST_LIMIT };
/* Does the condition hold? got receives what the record has (content: clean it before it is
 * shown), or is left alone. */
enum test condition_test(const struct condition *c, struct facts *f, struct slice *got);

#endif
