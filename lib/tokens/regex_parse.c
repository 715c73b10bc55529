/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "text/unicode.h"
#include "tokens/regex_state.h"

/* Appends a class, which it takes. */
static bool
emit(struct regex_state *p, struct points *set)
{
	struct regex_parts *parts = p->parts;
	unsigned i = 0;

	while (i < parts->sets && !points_equal(parts->set[i], set))
		i++;
	if (i < parts->sets) {
		free(set);
	} else if (i == REGEX_SETS) {
		free(set);
		return regex_wrong(p, "more than 63 different classes");
	} else {
		parts->set[parts->sets++] = set;
	}
	buf_add_byte(&parts->text, REGEX_MARK);
	buf_add_byte(&parts->text, (char)(i + 2));
	p->atom = true;
	return true;
}

/* Two letters that a ligature or a sharp s folds to: Oniguruma lets that one match both. */
static bool
folds_together(uint32_t a, uint32_t b)
{
	return (a == 's' && (b == 's' || b == 't')) ||
	       (a == 'f' && (b == 'f' || b == 'i' || b == 'l'));
}

static bool
literal(struct regex_state *p, uint32_t point)
{
	uint32_t small = point | 0x20;
	struct points *set;

	if (p->caseless && point >= 0x80)
		return regex_wrong(p, "a character beyond ASCII inside (?i");
	if (p->caseless && folds_together(p->folded, small))
		return regex_wrong(p, "letters inside (?i that one character folds to");
	set = mem_zero(sizeof *set);
	points_add(set, point, point);
	if (p->caseless) {
		regex_cases(set, point);
		p->folded = small;
	}
	return emit(p, set);
}

static bool
is_ascii(const struct points *set)
{
	for (size_t i = 2; i < POINTS_WORDS; i++)
		if (set->word[i])
			return false;
	return true;
}

/* A class outside of brackets or with them, or an escaped character. */
static bool class(struct regex_state *p)
{
	struct points *set = mem_zero(sizeof *set);
	uint32_t point = REGEX_NO_POINT;
	bool good = regex_take(p, "[") ? regex_class(p, set, 0)
				       : (regex_take(p, "\\") && regex_escape(p, set, &point));

	if (good && point == REGEX_NO_POINT && p->caseless && !is_ascii(set))
		good = regex_wrong(p, "a class beyond ASCII inside (?i");
	if (good && point == REGEX_NO_POINT) {
		for (uint32_t c = 'A'; p->caseless && c <= 'z'; c++)
			if (points_has(set, c))
				regex_cases(set, c);
		p->folded = 0;
		return emit(p, set);
	}
	free(set);
	return good && literal(p, point);
}

static bool
open_group(struct regex_state *p)
{
	static const char *const kinds[] = { "(?:", "(?i:", "(?=", "(?!", "(?<=", "(?<!",
		"(?>" };
	size_t i = 0;

	if (p->depth == REGEX_DEPTH)
		return regex_wrong(p, "groups too deep");
	p->caseless_above[p->depth++] = p->caseless;
	p->atom = false;
	while (i < sizeof kinds / sizeof *kinds && !regex_starts(p, kinds[i]))
		i++;
	if (i == sizeof kinds / sizeof *kinds) {
		if (regex_starts(p, "(?") || regex_starts(p, "(*"))
			return regex_wrong(p, "a group of a kind that is not taken");
		regex_take(p, "(");
		i = 0;
	} else {
		regex_take(p, kinds[i]);
	}
	if (i == 1) {
		p->caseless = true;
		i = 0;
	}
	buf_add(&p->parts->text, slice_z(kinds[i]));
	return true;
}

static bool
close_group(struct regex_state *p)
{
	if (!p->depth)
		return regex_wrong(p, "a bracket that closes nothing");
	regex_take(p, ")");
	p->caseless = p->caseless_above[--p->depth];
	buf_add_byte(&p->parts->text, ')');
	p->atom = true;
	return true;
}

static bool
take_count(struct regex_state *p, uint32_t *n)
{
	size_t digits = 0;

	*n = 0;
	while (digits < 4 && p->rest.len && p->rest.ptr[0] >= '0' && p->rest.ptr[0] <= '9') {
		*n = *n * 10 + (uint32_t)(p->rest.ptr[0] - '0');
		p->rest = slice_drop(p->rest, 1);
		digits++;
	}
	return digits > 0;
}

/* {n} {n,} {,m} {n,m}; what stands behind means other things in Oniguruma than in PCRE2. */
static bool
interval(struct regex_state *p)
{
	uint32_t low = 0, high = 0;
	bool has_low, has_comma, has_high;

	regex_take(p, "{");
	has_low = take_count(p, &low);
	has_comma = regex_take(p, ",");
	has_high = has_comma && take_count(p, &high);
	if (!regex_take(p, "}") || (!has_low && !has_high) || (has_high && high < low))
		return regex_wrong(p, "an interval that is none");
	buf_printf(&p->parts->text, "{%u", low);
	if (has_high)
		buf_printf(&p->parts->text, ",%u", high);
	else if (has_comma)
		buf_add_byte(&p->parts->text, ',');
	buf_add_byte(&p->parts->text, '}');
	if (regex_starts(p, "+") || (!has_comma && regex_starts(p, "?")))
		return regex_wrong(p, "a sign behind an interval");
	if (regex_take(p, "?"))
		buf_add_byte(&p->parts->text, '?');
	return true;
}

static bool
quantifier(struct regex_state *p)
{
	if (!p->atom)
		return regex_wrong(p, "a repetition of nothing");
	p->atom = false;
	if (regex_starts(p, "{"))
		return interval(p);
	buf_add_byte(&p->parts->text, p->rest.ptr[0]);
	p->rest = slice_drop(p->rest, 1);
	if (regex_starts(p, "?") || regex_starts(p, "+")) {
		buf_add_byte(&p->parts->text, p->rest.ptr[0]);
		p->rest = slice_drop(p->rest, 1);
	}
	return true;
}

static bool
dot(struct regex_state *p)
{
	struct points *set = mem_zero(sizeof *set);

	regex_take(p, ".");
	points_add(set, '\n', '\n');
	points_invert(set);
	return emit(p, set);
}

static bool
item(struct regex_state *p)
{
	char c = p->rest.ptr[0];

	if (c == '[' || c == '\\')
		return class(p);
	if (c && strchr("^$", c))
		return regex_wrong(p, "an anchor");
	if (!c || !strchr(".()|*+?{", c))
		return literal(p, unicode_next(&p->rest));
	p->folded = 0;
	switch (c) {
	case '.': return dot(p);
	case '(': return open_group(p);
	case ')': return close_group(p);
	case '|':
		regex_take(p, "|");
		buf_add_byte(&p->parts->text, '|');
		p->atom = false;
		return true;
	default: return quantifier(p);
	}
}

bool
regex_parse(struct slice source, struct regex_parts *parts, struct refusal *why)
{
	struct regex_state p = { .source = source, .rest = source, .parts = parts, .why = why };

	if (source.len > 10000 || !unicode_valid(source))
		return refuse(why, "the pattern is no UTF-8 of at most 10,000 bytes");
	p.caseless = regex_take(&p, "(?i)");
	while (p.rest.len)
		if (!item(&p))
			return false;
	return p.depth == 0 || regex_wrong(&p, "a group without an end");
}

bool
regex_parse_literal(struct slice text, struct regex_parts *parts, struct refusal *why)
{
	struct regex_state p = { .source = text, .rest = text, .parts = parts, .why = why };

	if (text.len > 1000 || !unicode_valid(text))
		return refuse(why, "the text to split by is no UTF-8 of at most 1,000 bytes");
	while (p.rest.len)
		if (!literal(&p, unicode_next(&p.rest)))
			return false;
	return true;
}

void
regex_parts_free(struct regex_parts *parts)
{
	for (unsigned i = 0; i < parts->sets; i++)
		free(parts->set[i]);
	buf_free(&parts->text);
	*parts = (struct regex_parts){ .sets = 0 };
}
