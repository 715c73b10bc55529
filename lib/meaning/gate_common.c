/* SPDX-License-Identifier: MIT */
#include "meaning/gate_parts.h"

bool
gate_has_word(const struct gate_text *t, const struct gate_word *w)
{
	for (size_t i = 0; i < t->word_count; i++)
		if (slice_eq(t->words[i].stem, w->stem) || slice_eq(t->words[i].text, w->text))
			return true;
	return false;
}

bool
gate_has_place(const struct gate_text *t, const struct gate_word *w)
{
	if (gate_has_word(t, w))
		return true;
	for (size_t i = 0; i < t->word_count; i++)
		if (gate_same_place(w->text, t->words[i].text) ||
		    gate_same_place(w->stem, t->words[i].text))
			return true;
	return false;
}

/* Words of meaning of a that b has too, and that it has not. */
static void
count_common(const struct gate_text *a, const struct gate_text *b, size_t *common, size_t *only)
{
	for (size_t i = 0; i < a->word_count; i++)
		if (!(a->words[i].flags & WORD_STOP)) {
			if (gate_has_place(b, &a->words[i]))
				++*common;
			else
				++*only;
		}
}

float
gate_overlap(const struct gate_text *a, const struct gate_text *b)
{
	size_t common = 0, only = 0;

	/* from both sides, so that it is the same where one repeats a word */
	count_common(a, b, &common, &only);
	count_common(b, a, &common, &only);
	return common + only ? (float)common / (float)(common + 2 * only) : 1;
}
