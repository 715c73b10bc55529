/* SPDX-License-Identifier: MIT */
#include "meaning/gate_parts.h"

static size_t
place_of(const struct gate_text *t, const struct gate_word *w)
{
	for (size_t i = 0; i < t->word_count; i++)
		if (slice_eq(t->words[i].stem, w->stem))
			return i;
	return SIZE_MAX;
}

/* Words between two others that say which is which: not those that join equals. */
static bool
tells_order(const struct gate_word *w)
{
	static const char directed[] =
	    "to into from than over by before after against is are was "
	    "has if";

	return !(w->flags & WORD_STOP) || gate_in_row(directed, w->text);
}

static bool
shares_link(const struct gate_text *a, size_t a1, size_t a2, const struct gate_text *b,
    size_t b1, size_t b2)
{
	for (size_t i = a1 + 1; i < a2; i++)
		for (size_t k = b1 + 1; k < b2; k++)
			if (slice_eq(a->words[i].stem, b->words[k].stem) &&
			    tells_order(&a->words[i]))
				return true;
	return false;
}

/* Said in the passive voice, the order is the other way round by itself. */
static bool
has_by(const struct gate_text *t, size_t from, size_t to)
{
	for (size_t i = from + 1; i < to; i++)
		if (slice_eqz(t->words[i].text, "by"))
			return true;
	return false;
}

#define REACH 6    /* words between two that a link still holds together */
#define ALIKE 0.7F /* share of words: two that differ in order alone have all in common */

/* Two words stand the other way round, with the same link between them. */
static bool
order_conflict(const struct gate_text *a, const struct gate_text *b)
{
	if (gate_overlap(a, b) < ALIKE)
		return false;
	for (size_t i = 0; i < a->word_count; i++) {
		size_t x, y;

		if (a->words[i].flags & WORD_STOP ||
		    (x = place_of(b, &a->words[i])) == SIZE_MAX)
			continue;
		for (size_t k = i + 2; k < a->word_count && k < i + REACH; k++) {
			if (a->words[k].flags & WORD_STOP ||
			    slice_eq(a->words[i].stem, a->words[k].stem) ||
			    (y = place_of(b, &a->words[k])) == SIZE_MAX || y >= x ||
			    x - y >= REACH || has_by(a, i, k) != has_by(b, y, x))
				continue;
			if (shares_link(a, i, k, b, y, x))
				return true;
		}
	}
	return false;
}

/* What stands behind a preposition of direction: its first word of meaning. */
static size_t
behind(const struct gate_text *t, size_t at)
{
	for (size_t i = at + 1; i < t->word_count && i < at + 5; i++)
		if (!(t->words[i].flags & WORD_STOP))
			return i;
	return SIZE_MAX;
}

static bool
is_from(struct slice w)
{
	return slice_eqz(w, "from");
}

static bool
is_to(struct slice w)
{
	return slice_eqz(w, "to") || slice_eqz(w, "into") || slice_eqz(w, "onto") ||
	       slice_eqz(w, "toward") || slice_eqz(w, "towards");
}

/* From X here, to X there. */
static bool
roles_conflict(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->word_count; i++) {
		size_t x, y;

		if (!is_from(a->words[i].text) || (x = behind(a, i)) == SIZE_MAX)
			continue;
		for (size_t k = 0; k < b->word_count; k++)
			if (is_to(b->words[k].text) && (y = behind(b, k)) != SIZE_MAX &&
			    slice_eq(a->words[x].stem, b->words[y].stem))
				return true;
	}
	return false;
}

/* I and you, whatever the case; else the word. */
static struct slice
person_of(struct slice word)
{
	if (gate_in_row("i me my mine myself", word))
		return SLICE("i");
	return gate_in_row("you your yours yourself", word) ? SLICE("you") : word;
}

/* My name here, your name there. */
static bool
owners_conflict(const struct gate_text *a, const struct gate_text *b)
{
	bool mine[2] = { false }, yours[2] = { false };

	for (int i = 0; i < 2; i++) {
		const struct gate_text *t = i ? b : a;

		for (size_t k = 0; k < t->word_count; k++) {
			mine[i] |= gate_in_row("my mine", t->words[k].text);
			yours[i] |= gate_in_row("your yours", t->words[k].text);
		}
	}
	return mine[0] != yours[0] && mine[1] != yours[1] && mine[0] != mine[1];
}

/* The same words but for two that stand in each other's place. */
static bool
swap_conflict(const struct gate_text *a, const struct gate_text *b)
{
	size_t at[2], moved = 0;

	if (a->word_count != b->word_count)
		return false;
	for (size_t i = 0; i < a->word_count; i++) {
		if (slice_eq(person_of(a->words[i].text), person_of(b->words[i].text)))
			continue;
		if (moved == 2)
			return false;
		at[moved++] = i;
	}
	return moved == 2 && at[1] > at[0] + 1 &&
	       slice_eq(person_of(a->words[at[0]].text), person_of(b->words[at[1]].text)) &&
	       slice_eq(person_of(a->words[at[1]].text), person_of(b->words[at[0]].text));
}

bool
gate_other_order(const struct gate_text *a, const struct gate_text *b)
{
	return order_conflict(a, b) || roles_conflict(a, b) || roles_conflict(b, a) ||
	       swap_conflict(a, b) || owners_conflict(a, b);
}
