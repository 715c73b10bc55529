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

float
gate_overlap(const struct gate_text *a, const struct gate_text *b)
{
	size_t common = 0, only = 0;

	for (size_t i = 0; i < a->word_count; i++)
		if (!(a->words[i].flags & WORD_STOP)) {
			if (gate_has_place(b, &a->words[i]))
				common++;
			else
				only++;
		}
	for (size_t i = 0; i < b->word_count; i++)
		only += !(b->words[i].flags & WORD_STOP) && !gate_has_place(a, &b->words[i]);
	return common + only ? (float)common / (float)(common + only) : 1;
}
