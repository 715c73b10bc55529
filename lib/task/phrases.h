/* SPDX-License-Identifier: MIT */
/* The built-in table of phrases that are evidence for a task or for a level of complexity. */
#ifndef TASK_PHRASES_H
#define TASK_PHRASES_H

#include "base/slice.h"

enum task {
	TASK_NONE,
	TASK_CLASSIFICATION,
	TASK_EXTRACTION,
	TASK_SUMMARY,
	TASK_TRANSFORMATION,
	TASK_STRUCTURED,
	TASK_CODE,
	TASK_CREATIVE,
	TASK_REASONING,
	TASK_COUNT
};
extern const char *const task_names[TASK_COUNT];

enum sign {
	SIGN_TASK,       /* speaks for phrase.task with phrase.weight */
	SIGN_COMPLEX,    /* asks for thought: adds phrase.weight */
	SIGN_CONSTRAINT, /* one more condition that the answer must meet */
	SIGN_URGENT,     /* something is broken: never simple */
	SIGN_SIMPLE,     /* a question of fact, a small request */
	SIGN_GREETING
};

/* One to three words, folded, with single blanks between them. */
struct phrase {
	const char *text;
	enum sign sign;
	enum task task;
	unsigned weight;
};
extern const struct phrase phrases[];
extern const size_t phrase_count;

#endif
