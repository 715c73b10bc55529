/* SPDX-License-Identifier: MIT */
/* What kind of task a request is and how hard, by words: free, offline, the same each time.
 *
 * Only instructions count: system text (for the task), the last text of the user (for both),
 * without fenced code and quoted lines, and of a long one the first and last 2,000 bytes. */
#ifndef LLM_ROUTE_CLASSIFY_H
#define LLM_ROUTE_CLASSIFY_H

#include "base/arena.h"
#include "cmd/llm-route/words.h"

enum level { LEVEL_NONE, LEVEL_SIMPLE, LEVEL_MODERATE, LEVEL_COMPLEX };
extern const char *const level_names[4]; /* "none", "simple", "moderate", "complex" */
/* False if name is none of them. */
bool level_named(struct slice name, enum level *level);

/* What is known of a request before its words are read. */
struct circumstances {
	uint64_t tokens; /* of the whole input */
	size_t turns;    /* messages of the user */
	bool tools, schema;
};

#define EVIDENCE_MAX 8
struct evidence {
	struct slice word[EVIDENCE_MAX]; /* static text */
	size_t count;
};

struct reading {
	enum task task;
	unsigned task_confidence; /* per cent; 0 with TASK_NONE */
	struct evidence task_evidence;
	enum level level;
	unsigned level_confidence;
	struct evidence level_evidence;
};

/* Reads the instructions. system and user: count texts each, unescaped. */
struct reading classify(const struct slice *system, size_t system_count,
    const struct slice *user, size_t user_count, const struct circumstances *c,
    struct arena *a);

/* The next stretch of instruction in *rest: a line that is neither fenced nor quoted. For tests
 * and for tables of patterns; *fence is 0 at the start. False at the end. */
bool instruction_next(struct slice *rest, unsigned *fence, struct slice *line);

#endif
