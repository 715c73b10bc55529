/* SPDX-License-Identifier: MIT */
#include "meaning/gate_parts.h"

/* Of a word that stands in the text once: one that is repeated tells no order. */
static size_t
place_of(const struct gate_text *t, const struct gate_word *w)
{
	size_t at = SIZE_MAX;

	for (size_t i = 0; i < t->word_count; i++)
		if (slice_eq(t->words[i].stem, w->stem)) {
			if (at != SIZE_MAX)
				return SIZE_MAX;
			at = i;
		}
	return at;
}

bool
gate_is_joint(const struct gate_word *w)
{
	return gate_in_row("and or nor plus times versus vs & + * und oder et ou y o", w->text);
}

/* One of several that are equals. */
static bool
is_joined(const struct gate_text *t, size_t at)
{
	return gate_is_joint(&t->words[at]) || (at && gate_is_joint(&t->words[at - 1])) ||
	       (at + 1 < t->word_count && gate_is_joint(&t->words[at + 1]));
}

/* Behind a word that makes it a mere part of what is said: a list in Python, a Python list. */
static bool
is_part(const struct gate_text *t, size_t at)
{
	while (at && gate_in_row("a an the my your", t->words[at - 1].text))
		at--;
	return at && gate_in_row("of in for on about at", t->words[at - 1].text);
}

/* Two words of a text, the first before the second, or behind it. */
struct two {
	const struct gate_text *text;
	size_t first, second;
};

static int
parts(const struct two *w)
{
	return is_part(w->text, w->first) + is_part(w->text, w->second);
}

/* Between the two stands the same word that says which is which: not one that joins equals. */
static bool
shares_link(const struct two *a, const struct two *b)
{
	static const char directed[] =
	    "to into from than over by before after against is are was "
	    "has if";
	bool turned = parts(a) != parts(b);

	for (size_t i = a->first + 1; i < a->second; i++)
		for (size_t k = b->second + 1; k < b->first; k++) {
			const struct gate_word *w = &a->text->words[i];

			if (!slice_eq(w->stem, b->text->words[k].stem))
				continue;
			if (w->flags & WORD_STOP
				? gate_in_row(directed, w->text)
				: !turned && !is_joined(a->text, i) && !is_joined(b->text, k))
				return true;
		}
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

		if (a->words[i].flags & WORD_STOP || place_of(a, &a->words[i]) != i ||
		    (x = place_of(b, &a->words[i])) == SIZE_MAX)
			continue;
		for (size_t k = i + 2; k < a->word_count && k < i + REACH; k++) {
			if (a->words[k].flags & WORD_STOP || place_of(a, &a->words[k]) != k ||
			    (y = place_of(b, &a->words[k])) == SIZE_MAX || y >= x ||
			    x - y >= REACH || has_by(a, i, k) != has_by(b, y, x))
				continue;
			if (shares_link(&(struct two){ a, i, k }, &(struct two){ b, x, y }))
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

/* Does such a word stand before it somewhere? */
static bool
stands_behind(const struct gate_text *t, const struct gate_word *w, bool (*is)(struct slice))
{
	for (size_t i = 0; i < t->word_count; i++) {
		size_t at = is(t->words[i].text) ? behind(t, i) : SIZE_MAX;

		if (at != SIZE_MAX && slice_eq(t->words[at].stem, w->stem))
			return true;
	}
	return false;
}

/* From X here, to X there. */
static bool
roles_conflict(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->word_count; i++) {
		size_t at = is_from(a->words[i].text) ? behind(a, i) : SIZE_MAX;

		if (at != SIZE_MAX && !stands_behind(a, &a->words[at], is_to) &&
		    stands_behind(b, &a->words[at], is_to) &&
		    !stands_behind(b, &a->words[at], is_from))
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
	static const char my[] = "my mine mein meine meinen meinem meiner mon ma mi mis 我的";
	static const char your[] =
	    "your yours dein deine deinen deinem deiner votre vos ton ta "
	    "tu tus 你的 您的";
	bool mine[2] = { false }, yours[2] = { false };

	for (int i = 0; i < 2; i++) {
		const struct gate_text *t = i ? b : a;

		for (size_t k = 0; k < t->word_count; k++) {
			mine[i] |= gate_in_row(my, t->words[k].text);
			yours[i] |= gate_in_row(your, t->words[k].text);
		}
	}
	return mine[0] != yours[0] && mine[1] != yours[1] && mine[0] != mine[1];
}

/* Nothing but and, or between them: cats and dogs, 3 years or 5 years. */
static bool
are_equals(const struct gate_text *t, size_t from, size_t to)
{
	const struct gate_word *w = t->words;

	if (to + 1 < t->word_count && slice_eq(w[from + 1].stem, w[to + 1].stem))
		from++;
	for (size_t i = from + 1; i < to; i++)
		if (!gate_is_joint(&w[i]))
			return false;
	return true;
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
	return moved == 2 && at[1] > at[0] + 1 && !are_equals(a, at[0], at[1]) &&
	       slice_eq(person_of(a->words[at[0]].text), person_of(b->words[at[1]].text)) &&
	       slice_eq(person_of(a->words[at[1]].text), person_of(b->words[at[0]].text));
}

bool
gate_other_order(const struct gate_text *a, const struct gate_text *b)
{
	return order_conflict(a, b) || roles_conflict(a, b) || roles_conflict(b, a) ||
	       swap_conflict(a, b) || owners_conflict(a, b);
}
