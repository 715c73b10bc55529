/* SPDX-License-Identifier: MIT */
/* What kind of task a request is and how hard, by words: free, offline, the same each time.
 *
 * Only instructions count: system text (for the task), the last text of the user (for both),
 * without what was pasted (stretch.h), and of a long one the first and last 2,000 bytes. */
#ifndef TASK_CLASSIFY_H
#define TASK_CLASSIFY_H

#include "base/arena.h"
#include "task/table.h"

enum level { LEVEL_NONE, LEVEL_SIMPLE, LEVEL_MODERATE, LEVEL_COMPLEX };
extern const char *const level_names[4]; /* "none", "simple", "moderate", "complex" */
/* False if name is none of them. */
bool level_named(struct slice name, enum level *level);

/* What is known of a request before its words are read. */
struct task_circumstances {
	uint64_t tokens; /* of the whole input */
	size_t turns;    /* messages of the user */
	bool tools, schema;
	const struct task_table *table; /* NULL: the built-in one */
};

#define FOUND_WORDS 8
struct found_words {
	struct slice word[FOUND_WORDS]; /* static text */
	size_t count;
};

struct task_judgement {
	enum task task;
	unsigned task_confidence; /* per cent; 0 with TASK_NONE */
	struct found_words task_evidence;
	enum level level;
	unsigned level_confidence;
	struct found_words level_evidence;
};

/* Reads the instructions. system and user: count texts each, unescaped. */
struct task_judgement task_classify(const struct slice *system, size_t system_count,
    const struct slice *user, size_t user_count, const struct task_circumstances *c,
    struct arena *a);

#endif
