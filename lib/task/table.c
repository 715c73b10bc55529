/* SPDX-License-Identifier: MIT */
#include "task/table.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "text/unicode.h"

const struct task_limits task_limits_builtin = { .moderate = 2,
	.complex = 4,
	.constraints = 3,
	.tokens = 2000,
	.more_tokens = 8000,
	.questions = 3,
	.turns = 3,
	.tools = 1,
	.code = 1,
	.maths = 1,
	.short_words = 40,
	.greeting_words = 4 };

static struct slice
first_word(const struct phrase *p)
{
	struct slice text = slice_z(p->text);

	return slice_take(text, slice_find(text, ' '));
}

static void
note_begin(struct task_table *t, struct slice word)
{
	unsigned a = (unsigned)(unsigned char)word.ptr[0] - 'a', b;

	if (word.ptr[0] & 0x80)
		return;
	if (a >= 26) {
		t->other = true;
		return;
	}
	if (word.len > 1 && (word.ptr[1] & 0x80))
		return;
	b = word.len > 1 ? (unsigned)(unsigned char)word.ptr[1] - 'a' : 0;
	if (b < 26)
		t->begun[a * 26 + b] |= UINT64_C(1) << (word.len < 63 ? word.len : 63);
}

static void
make_index(struct task_table *t)
{
	t->begins = mem_alloc((t->count + 1) * sizeof(*t->begins));
	for (size_t i = 0; i < t->count; i++) {
		struct slice word = first_word(&t->phrases[i]);
		bool added;
		size_t at = hash_map_add(&t->first_words, word, &added);

		if (added) {
			t->begins[at] = i;
			note_begin(t, word);
		}
	}
}

const struct task_table *
task_table_builtin(void)
{
	static struct task_table table;

	if (!table.count) {
		table.phrases = phrases;
		table.count = phrase_count;
		table.limits = task_limits_builtin;
		make_index(&table);
	}
	return &table;
}

static int
by_text(const void *a, const void *b)
{
	const struct phrase *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : (int)x->sign - (int)y->sign;
}

static bool
is_changed(const struct phrase *p, const struct phrase *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (changes[i].sign == p->sign && strcmp(changes[i].text, p->text) == 0)
			return true;
	return false;
}

struct task_table *
task_table_changed(
    const struct phrase *changes, size_t count, bool bare, const struct task_limits *limits)
{
	struct task_table *t = mem_zero(sizeof(*t));
	struct phrase *all = mem_alloc((phrase_count + count + 1) * sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < phrase_count; i++)
		if ((!bare || phrases[i].sign == SIGN_TASK) &&
		    !is_changed(&phrases[i], changes, count))
			all[n++] = phrases[i];
	for (size_t i = 0; i < count; i++)
		if (changes[i].weight)
			all[n++] = changes[i];
	qsort(all, n, sizeof(*all), by_text);
	t->phrases = t->own = all;
	t->count = n;
	t->limits = *limits;
	make_index(t);
	return t;
}

void
task_table_free(struct task_table *t)
{
	if (!t)
		return;
	hash_map_free(&t->first_words);
	free(t->begins);
	free(t->own);
	free(t);
}

bool
task_phrase_known(const char *text, enum sign sign)
{
	struct phrase one = { text, sign, TASK_NONE, 1 };

	for (size_t i = 0; i < phrase_count; i++)
		if (is_changed(&phrases[i], &one, 1))
			return true;
	return false;
}

struct slice
task_phrase(struct slice text, struct arena *a)
{
	struct buf b = { 0 };
	struct slice word, out;

	while (unicode_word(&text, &word)) {
		if (b.len)
			buf_add_byte(&b, ' ');
		buf_add(&b, unicode_fold(word, a));
	}
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}
