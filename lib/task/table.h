/* SPDX-License-Identifier: MIT */
/* Phrases and limits by which task and complexity are told: the built-in ones, or changed. */
#ifndef TASK_TABLE_H
#define TASK_TABLE_H

#include "base/arena.h"
#include "base/hash.h"
#include "task/phrases.h"

/* Limits of the sum of llm-route(1), TASK AND COMPLEXITY. */
struct task_limits {
	unsigned moderate, complex;   /* points from which on it is that */
	unsigned constraints;         /* points that conditions can give together */
	uint64_t tokens, more_tokens; /* above: 1 point, 2 points */
	unsigned questions;           /* question marks from which on there is a point */
	unsigned turns;               /* messages of the user above which there is one */
	unsigned tools, code;         /* points for tools and for a code fence */
	unsigned maths; /* points for a formula, and for a question with numbers */
	unsigned short_words, greeting_words; /* of the user, at most */
};
extern const struct task_limits task_limits_builtin;

struct task_table {
	const struct phrase *phrases; /* sorted by bytes */
	size_t count;
	struct task_limits limits;
	/* private: room of its own; the first words of the phrases, and where the phrases of
	 * each begin */
	struct phrase *own;
	struct hash_map first_words;
	size_t *begins;
	/* words that begin no phrase, most of them, are told by two letters and their length */
	uint64_t begun[26 * 26];
	bool other; /* a phrase begins with a digit or '_' */
};

const struct task_table *task_table_builtin(void);
/* The built-in table with these phrases, of which each takes the place of the same text and
 * sign, or with weight 0 removes it. bare: without the built-in phrases of complexity. The
 * texts are borrowed; freed with task_table_free. */
struct task_table *task_table_changed(
    const struct phrase *changes, size_t count, bool bare, const struct task_limits *limits);
void task_table_free(struct task_table *t);
/* True if the built-in table has a phrase of that text and sign. */
bool task_phrase_known(const char *text, enum sign sign);
/* The form of phrases: words folded, single blanks between. Empty if there is no word. */
struct slice task_phrase(struct slice text, struct arena *a);

/* Where the phrases that begin with this folded word stand; SIZE_MAX if none does. */
static inline size_t
task_table_find(const struct task_table *t, struct slice folded)
{
	size_t at = hash_map_find(&t->first_words, folded);

	return at == SIZE_MAX ? at : t->begins[at];
}

/* False where surely no phrase begins with the word, which is not folded. */
static inline bool
task_table_may_begin(const struct task_table *t, struct slice word)
{
	unsigned a = (unsigned)(unsigned char)(word.ptr[0] | 0x20) - 'a', b;

	if (((unsigned char)word.ptr[0] & 0x80) || (word.len > 1 && (word.ptr[1] & 0x80)))
		return true;
	b = word.len > 1 ? (unsigned)(unsigned char)(word.ptr[1] | 0x20) - 'a' : 0;
	if (a >= 26)
		return t->other;
	/* an apostrophe or a digit in second place is not told by letters */
	if (b >= 26)
		return true;
	return t->begun[a * 26 + b] >> (word.len < 63 ? word.len : 63) & 1;
}

#endif
