/* SPDX-License-Identifier: MIT */
#include "meaning/gate.h"

#include "meaning/gate_parts.h"
#include "text/unicode.h"

const struct gate_text *
gate_read(struct slice text, struct arena *a)
{
	struct gate_text *t = arena_zero(a, 1, sizeof(*t));

	t->plain = gate_straight(unicode_nfkc(arena_copy(a, text), a), a);
	t->folded = gate_fold(t->plain, a);
	/* no chunk gives more than one of each for each of its bytes */
	t->words = arena_zero(a, t->plain.len + 1, sizeof(*t->words));
	t->numbers = arena_zero(a, 2 * t->plain.len + 2, sizeof(*t->numbers));
	t->codes = arena_zero(a, t->plain.len + 1, sizeof(*t->codes));
	t->quotes = arena_zero(a, t->plain.len + 1, sizeof(*t->quotes));
	t->script = gate_script(t->plain);
	gate_scan(t, a);
	t->asked = gate_asked(t);
	t->form = gate_form(t);
	t->modal = gate_modal(t);
	return t;
}

static bool
numbers_within(const struct gate_text *a, const struct gate_text *b, bool soft)
{
	for (size_t i = 0; i < a->number_count; i++) {
		size_t here = 0, there = 0;

		if (a->numbers[i].soft != soft)
			continue;
		for (size_t k = 0; k < a->number_count; k++)
			here += slice_eq(a->numbers[k].text, a->numbers[i].text);
		for (size_t k = 0; k < b->number_count; k++)
			there += slice_eq(b->numbers[k].text, a->numbers[i].text);
		if (there == 0 || (!soft && there != here))
			return false;
	}
	return true;
}

static bool
has_soft(const struct gate_text *t)
{
	for (size_t i = 0; i < t->number_count; i++)
		if (t->numbers[i].soft)
			return true;
	return false;
}

/* Two of this and three of that, and the other way round. */
static bool
counted_within(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i + 1 < a->word_count; i++) {
		const struct gate_word *x = &a->words[i];
		bool met = false, same = false;

		if (!(x->flags & WORD_COUNT) || x[1].flags & (WORD_COUNT | WORD_STOP) ||
		    gate_is_joint(&x[1]))
			continue;
		for (size_t k = 0; k + 1 < b->word_count; k++) {
			const struct gate_word *y = &b->words[k];

			if (!(y->flags & WORD_COUNT) || !slice_eq(x[1].stem, y[1].stem))
				continue;
			met = true;
			same |= slice_eq(x->stem, y->stem);
		}
		if (met && !same)
			return false;
	}
	return true;
}

static bool
numbers_conflict(const struct gate_text *a, const struct gate_text *b)
{
	if (!numbers_within(a, b, false) || !numbers_within(b, a, false))
		return true;
	if (!counted_within(a, b) || !counted_within(b, a))
		return true;
	return has_soft(a) && has_soft(b) &&
	       !(numbers_within(a, b, true) && numbers_within(b, a, true));
}

static bool
units_conflict(uint64_t a, uint64_t b)
{
	uint64_t left = a & ~b;

	while (left) {
		unsigned unit = (unsigned)__builtin_ctzll(left);
		uint64_t kind = gate_unit_kind(unit);

		/* the other has this kind too, and none that says the same */
		if (b & kind & ~a)
			return true;
		left &= ~kind;
	}
	return false;
}

/* The same number, but of kilograms here and of kilometres there. */
static bool
counts_within(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->number_count; i++) {
		const struct gate_number *x = &a->numbers[i];
		bool met = false, same = false;

		if (x->unit < 0)
			continue;
		for (size_t k = 0; k < b->number_count; k++) {
			const struct gate_number *y = &b->numbers[k];

			if (!slice_eq(x->text, y->text))
				continue;
			met = true;
			same |= y->unit < 0 ? !gate_unit_percent(x->unit)
					    : gate_same_unit(x->unit, y->unit);
		}
		if (met && !same)
			return false;
	}
	return true;
}

static bool
asked_conflict(enum asked a, enum asked b)
{
	if (a == ASKED_OPEN || b == ASKED_OPEN)
		return false;
	if (a == ASKED_MANNER || b == ASKED_MANNER)
		return a != b && a != ASKED_TIME && b != ASKED_TIME && a != ASKED_WHERE &&
		       b != ASKED_WHERE && a != ASKED_WHO && b != ASKED_WHO;
	return a != b;
}

/* "Did I do it?" is not "do it", and not "can you do it". */
static bool
is_other_form(enum form a, enum form b)
{
	return (a == FORM_STATE && b == FORM_TELL) ||
	       (a == FORM_PAST && (b == FORM_TELL || b == FORM_FAVOUR));
}

static bool
forms_conflict(const struct gate_text *a, const struct gate_text *b)
{
	return is_other_form(a->form, b->form) || is_other_form(b->form, a->form) ||
	       (a->modal && b->modal && a->modal != b->modal);
}

static bool
days_conflict(const struct gate_text *a, const struct gate_text *b)
{
	if (a->days != b->days)
		return true;
	return a->days_now && b->days_now && (a->days_now & b->days_now) == 0;
}

/* Log in here, log out there; call me, call you. */
static bool
has_particle(const struct gate_text *t, struct slice verb, struct slice particle)
{
	for (size_t i = 0; i + 1 < t->word_count; i++)
		if (slice_eq(t->words[i].stem, verb) &&
		    slice_eq(t->words[i + 1].text, particle))
			return true;
	return false;
}

static bool
other_particle(
    const struct gate_text *a, struct slice here, const struct gate_text *b, struct slice there)
{
	for (size_t i = 0; i + 1 < a->word_count; i++) {
		struct slice verb = a->words[i].stem;

		if (slice_eq(a->words[i + 1].text, here) && !has_particle(a, verb, there) &&
		    has_particle(b, verb, there) && !has_particle(b, verb, here))
			return true;
	}
	return false;
}

static bool
particles_conflict(
    const struct gate_text *a, const struct gate_text *b, struct slice one, struct slice other)
{
	return other_particle(a, one, b, other) || other_particle(b, one, a, other);
}

static bool
opposites_conflict(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->word_count; i++) {
		if (gate_has_word(b, &a->words[i]))
			continue;
		for (size_t k = 0; k < b->word_count; k++)
			if (gate_opposite(a->words[i].text, b->words[k].text) &&
			    !gate_has_word(a, &b->words[k]))
				return true;
	}
	return false;
}

static bool
names_within(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->word_count; i++)
		if (a->words[i].flags & WORD_NAME && !gate_has_place(b, &a->words[i]))
			return false;
	return true;
}

static bool
within(struct slice text, struct slice part)
{
	return part.len == 0 ||
	       (text.len >= part.len && memmem(text.ptr, text.len, part.ptr, part.len));
}

static bool
has_slice(const struct slice *list, size_t count, struct slice text)
{
	for (size_t i = 0; i < count; i++)
		if (slice_eq(list[i], text))
			return true;
	return false;
}

static bool
codes_within(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->code_count; i++)
		if (!has_slice(b->codes, b->code_count, a->codes[i]) &&
		    !within(b->plain, a->codes[i]) && !within(b->folded, a->codes[i]))
			return false;
	return true;
}

static bool
quotes_within(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->quote_count; i++)
		if (!has_slice(b->quotes, b->quote_count, a->quotes[i]) &&
		    !within(b->folded, a->quotes[i]))
			return false;
	return true;
}

enum gate
gate_conflict(const struct gate_text *a, const struct gate_text *b)
{
	if (a->script != b->script && a->script && b->script)
		return GATE_LANGUAGE;
	if (a->language && b->language && a->language != b->language)
		return GATE_LANGUAGE;
	if (numbers_conflict(a, b))
		return GATE_NUMBER;
	if (units_conflict(a->units, b->units) || !counts_within(a, b) || !counts_within(b, a))
		return GATE_UNIT;
	if (days_conflict(a, b))
		return GATE_DATE;
	if (a->negated != b->negated)
		return GATE_NEGATION;
	if (!codes_within(a, b) || !codes_within(b, a))
		return GATE_CODE;
	if (!quotes_within(a, b) || !quotes_within(b, a))
		return GATE_QUOTE;
	if (!names_within(a, b) || !names_within(b, a))
		return GATE_NAME;
	if (asked_conflict(a->asked, b->asked) || forms_conflict(a, b))
		return GATE_QUESTION;
	if (opposites_conflict(a, b) || particles_conflict(a, b, SLICE("in"), SLICE("out")))
		return GATE_OPPOSITE;
	if (gate_other_order(a, b) || particles_conflict(a, b, SLICE("me"), SLICE("you")))
		return GATE_DIRECTION;
	return GATE_NONE;
}

const char *
gate_name(enum gate gate)
{
	static const char *const names[GATES] = { "none", "number", "unit", "date", "negation",
		"opposite", "name", "code", "quote", "direction", "language", "question" };

	return names[gate];
}
