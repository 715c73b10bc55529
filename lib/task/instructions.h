/* SPDX-License-Identifier: MIT */
/* The texts of a request that tell what is asked for, and what they say. */
#ifndef TASK_INSTRUCTIONS_H
#define TASK_INSTRUCTIONS_H

#include "model/request.h"
#include "task/classify.h"

struct instructions {
	struct slice *system, *user; /* every text, unescaped */
	size_t system_count, user_count;
	size_t last_at; /* where the texts of the last message of the user begin */
	size_t turns;   /* messages of the user */
};

/* Gathers the texts; they live in the arena, or are those of the request. */
void instructions_read(struct instructions *i, const struct request *r, struct arena *a);
/* The last message of the user as one text, its parts a line each; ptr NULL where there is
 * none. One of the texts, or in the arena. */
struct slice instructions_last(const struct instructions *i, struct arena *a);
/* task_classify of the system texts and the last message of the user. tokens: of the whole
 * input. */
struct task_judgement instructions_judge(
    const struct instructions *i, const struct needs *needs, uint64_t tokens, struct arena *a);
/* The same by a table of one's own; NULL: the built-in one. */
struct task_judgement instructions_judge_by(const struct task_table *table,
    const struct instructions *i, const struct needs *needs, uint64_t tokens, struct arena *a);

#endif
