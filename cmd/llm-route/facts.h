/* SPDX-License-Identifier: MIT */
/* All that a rule can ask about one record. */
#ifndef LLM_ROUTE_FACTS_H
#define LLM_ROUTE_FACTS_H

#include "cmd/llm-route/policy.h"
#include "stream/stream.h"
#include "task/classify.h"
#include "task/instructions.h"

struct chat;
struct token_count; /* tokens of this record by one tokenizer */

/* Attributes that every record is asked for. */
enum attribute {
	ATTRIBUTE_TIME,
	ATTRIBUTE_LANE,
	ATTRIBUTE_DEADLINE,
	ATTRIBUTE_TASK,
	ATTRIBUTE_COMPLEXITY,
	ATTRIBUTE_TIER,
	ATTRIBUTE_REGION,
	ATTRIBUTE_DATA_POLICY,
	ATTRIBUTES
};

struct facts {
	struct value attribute[ATTRIBUTES]; /* as request_attribute gives them */
	struct policy *policy;
	const struct routes *routes; /* of the policy; NULL: none */
	const struct request *request;
	struct arena *arena;
	struct needs needs;
	struct slice asked; /* model as it was asked; ptr NULL if none is named */
	struct instructions texts;
	size_t user_bytes;                 /* of all texts of the user */
	const struct tokenizer *tokenizer; /* of the asked model */
	struct slice task;                 /* "none" if there is no evidence */
	struct found_words task_evidence;
	unsigned task_confidence, level_confidence; /* per cent */
	enum level level;
	struct found_words level_evidence;
	bool unknown_label; /* the record brings a complexity that is none of ours */
	bool text_only;
	bool limit;                /* a pattern of the table of tasks hit its limit */
	struct slice service_tier; /* as the request has it; ptr NULL if it has none */
	enum lane lane;
	const char *lane_why; /* what made it this lane; NULL: nothing */
	bool has_deadline;
	int64_t deadline; /* milliseconds from `when` */
	int64_t when;
	struct slice language;    /* ptr NULL until it is asked for */
	struct slice intent;      /* "none" if no utterance is near enough */
	unsigned intent_score;    /* similarity, per cent */
	const char *intent_why;   /* why it is none */
	uint64_t expected_output; /* from answers of the past; 0: not known */
	uint64_t image_saved;     /* tokens, by a detail that was lowered */
	uint64_t cap;             /* of output, as the request has it; 0: none */
	uint64_t past_cap;        /* the same: a cap for settings that have none */
	struct token_count *counts;
	/* the request in the neutral form, or why it has none; both NULL until it is asked for */
	const struct chat *chat;
	const char *no_chat;
	const char *kept; /* what its provider keeps of it, or NULL; once kept_is_known */
	bool kept_is_known;
};

/* Has the interface a place for a service tier? */
bool has_service_tier(enum api api);
/* The lane of a request that asks for this service tier: a batch has none, else it is the tier
 * that answers, whatever the deadline would allow. */
enum lane lane_of_tier(enum lane lane, struct slice service_tier);

/* Reads the record. */
void facts_read(
    struct facts *f, struct policy *policy, const struct request *r, struct arena *a);
/* Input tokens by that tokenizer; counted once a record. */
struct tokens facts_tokens(struct facts *f, const struct tokenizer *t);

enum test { TEST_NO, TEST_YES, TEST_LIMIT };
/* Does the condition hold? got receives what the record has (content: clean it before it is
 * shown), or is left alone. */
enum test condition_test(const struct condition *c, struct facts *f, struct slice *got);

#endif
