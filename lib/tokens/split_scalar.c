/* SPDX-License-Identifier: MIT */
#include "tokens/split_family.h"

const struct split_family family_o200k = {
	.contraction = CONTRACTION_FOLLOWS,
	.digits = 3,
	.cased = true,
	.slash = true,
};
const struct split_family family_cl100k = {
	.contraction = CONTRACTION_LEADS,
	.digits = 3,
	.whole_at_end = true,
};
const struct split_family family_gpt2 = {
	.contraction = CONTRACTION_SMALL,
	.spaced = true,
};
const struct split_family family_llama3 = {
	.contraction = CONTRACTION_LEADS,
	.digits = 3,
};
const struct split_family family_qwen = {
	.contraction = CONTRACTION_LEADS,
	.digits = 1,
};
const struct split_family family_tekken = {
	.digits = 1,
	.cased = true,
	.slash = true,
};

/* Beyond the classes of characters. */
enum { END = 7, HIGH = 8 };

static const uint8_t of_byte[256] = {
	[0x09] = CLASS_BLANK,
	[0x0a] = CLASS_BLANK,
	[0x0b] = CLASS_BLANK,
	[0x0c] = CLASS_BLANK,
	[0x0d] = CLASS_BLANK,
	[' '] = CLASS_BLANK,
	['0'] = CLASS_NUMBER,
	['1'] = CLASS_NUMBER,
	['2'] = CLASS_NUMBER,
	['3'] = CLASS_NUMBER,
	['4'] = CLASS_NUMBER,
	['5'] = CLASS_NUMBER,
	['6'] = CLASS_NUMBER,
	['7'] = CLASS_NUMBER,
	['8'] = CLASS_NUMBER,
	['9'] = CLASS_NUMBER,
#define LETTER(u, l) [u] = CLASS_UPPER, [l] = CLASS_LOWER
	LETTER('A', 'a'),
	LETTER('B', 'b'),
	LETTER('C', 'c'),
	LETTER('D', 'd'),
	LETTER('E', 'e'),
	LETTER('F', 'f'),
	LETTER('G', 'g'),
	LETTER('H', 'h'),
	LETTER('I', 'i'),
	LETTER('J', 'j'),
	LETTER('K', 'k'),
	LETTER('L', 'l'),
	LETTER('M', 'm'),
	LETTER('N', 'n'),
	LETTER('O', 'o'),
	LETTER('P', 'p'),
	LETTER('Q', 'q'),
	LETTER('R', 'r'),
	LETTER('S', 's'),
	LETTER('T', 't'),
	LETTER('U', 'u'),
	LETTER('V', 'v'),
	LETTER('W', 'w'),
	LETTER('X', 'x'),
	LETTER('Y', 'y'),
	LETTER('Z', 'z'),
#undef LETTER
#define HIGH8(b)                                                                            \
	[b] = HIGH, [(b) + 1] = HIGH, [(b) + 2] = HIGH, [(b) + 3] = HIGH, [(b) + 4] = HIGH, \
	[(b) + 5] = HIGH, [(b) + 6] = HIGH, [(b) + 7] = HIGH
	HIGH8(0x80),
	HIGH8(0x88),
	HIGH8(0x90),
	HIGH8(0x98),
	HIGH8(0xa0),
	HIGH8(0xa8),
	HIGH8(0xb0),
	HIGH8(0xb8),
	HIGH8(0xc0),
	HIGH8(0xc8),
	HIGH8(0xd0),
	HIGH8(0xd8),
	HIGH8(0xe0),
	HIGH8(0xe8),
	HIGH8(0xf0),
	HIGH8(0xf8),
#undef HIGH8
};

/* Class of the valid sequence at p, whose length goes to *len. */
static inline unsigned
class_high(place p, size_t *len)
{
	uint32_t point;

	if (p[0] < 0xe0) {
		*len = 2;
		point = (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	} else if (p[0] < 0xf0) {
		*len = 3;
		point = (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 |
			(p[2] & 0x3f);
	} else {
		*len = 4;
		point = (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
			(uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
	}
	return class_of(point);
}

/* Class of the character at p and its length; END at the end. */
static inline unsigned
class_at(place p, place end, size_t *len)
{
	unsigned class;

	if (p == end) {
		*len = 0;
		return END;
	}
	class = of_byte[*p];
	*len = 1;
	return class == HIGH ? class_high(p, len) : class;
}

enum char_class
split_class(place p, place end, size_t *len)
{
	return (enum char_class)class_at(p, end, len);
}

static inline bool
is_letter(unsigned class)
{
	return class >= CLASS_CASELESS && class <= CLASS_UPPER;
}

static inline bool
is_newline(unsigned char c)
{
	return c == '\n' || c == '\r';
}

size_t
split_contraction(const struct split_family *f, place p, place end)
{
	size_t room = (size_t)(end - p);
	unsigned char fold = f->contraction == CONTRACTION_SMALL ? 0 : 0x20;
	int c, d;

	if (room < 2 || *p != '\'' || f->contraction == CONTRACTION_NONE)
		return 0;
	c = p[1] | fold;
	if (p[1] < 0x80 && (c == 's' || c == 't' || c == 'm' || c == 'd'))
		return 2;
	if (room < 3)
		return 0;
	if (fold && p[1] == 0xc5 && p[2] == 0xbf)
		return 3;
	d = p[2] | fold;
	if (p[1] >= 0x80 || p[2] >= 0x80)
		return 0;
	return (c == 'r' && d == 'e') || (c == 'v' && d == 'e') || (c == 'l' && d == 'l') ? 3
											  : 0;
}

/* The numbers from q on, at most so many. */
static place
numbers(place q, place end, unsigned most)
{
	size_t len;

	for (; most > 0 && class_at(q, end, &len) == CLASS_NUMBER; most--)
		q += len;
	return q;
}

/* [^\s\p{L}\p{N}]+ from q on, then [\r\n]*, with slash also '/'. */
static place
punctuation(const struct split_family *f, place q, place end)
{
	size_t len;
	unsigned class;

	while ((class = class_at(q, end, &len)) == CLASS_OTHER || class == CLASS_MARK)
		q += len;
	while (q < end && !f->spaced && (is_newline(*q) || (f->slash && *q == '/')))
		q++;
	return q;
}

/* A run of blanks at p: through its last newline, else without its last character where
 * something follows. */
static size_t
blanks(const struct split_family *f, place p, place end)
{
	place q = p, last = p, newline = NULL;
	size_t len;

	while (class_at(q, end, &len) == CLASS_BLANK) {
		last = q;
		if (!f->spaced && is_newline(*q))
			newline = q + 1;
		q += len;
	}
	if (q == end && (f->whole_at_end || !newline))
		return (size_t)(q - p);
	if (newline)
		return (size_t)(newline - p);
	return (size_t)((last > p ? last : q) - p);
}

static inline place
small_letters(place q, place end)
{
	while (q < end && (unsigned)(*q - 'a') < 26)
		q++;
	return q;
}

/* [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+ from p on or, where that has no
 * match and upper allows it, the first class + alone. NULL: neither. */
static place
word(place p, place end, bool upper)
{
	place q = p, tail = NULL; /* behind the last character that both classes hold */
	size_t len;
	unsigned class;

	while ((class = class_at(q, end, &len)) == CLASS_UPPER || class == CLASS_CASELESS ||
	       class == CLASS_MARK) {
		q += len;
		if (class != CLASS_UPPER)
			tail = q;
	}
	if (class == CLASS_LOWER) {
		do
			q = small_letters(q + len, end);
		while ((class = class_at(q, end, &len)) >= CLASS_MARK && class <= CLASS_LOWER);
		return q;
	}
	if (tail)
		return tail; /* the second class takes back what the first took too much */
	return upper && q > p ? q : NULL;
}

static place
letters(place q, place end)
{
	size_t len;

	while (is_letter(class_at(q = small_letters(q, end), end, &len)))
		q += len;
	return q;
}

/* The end of a word that begins at p, with one other character that may lead; NULL if none
 * does. class is that of p, which has len bytes. */
static place
word_piece(const struct split_family *f, place p, place end, unsigned class, size_t len)
{
	size_t after;
	place q = NULL;

	if (!f->cased) {
		if (is_letter(class))
			return letters(p + len, end);
		if (class == CLASS_NUMBER || is_newline(*p) || (f->spaced && *p != ' '))
			return NULL;
		return is_letter(class_at(p + len, end, &after)) ? letters(p + len + after, end)
								 : NULL;
	}
	if (is_letter(class)) {
		q = word(p, end, true);
	} else if (class != CLASS_NUMBER && !is_newline(*p)) {
		q = word(p + len, end, class != CLASS_MARK);
		if (!q && class == CLASS_MARK)
			q = word(p, end, false);
	}
	return q;
}

size_t
split_piece(const struct split_family *f, place p, place end)
{
	size_t len, after;
	unsigned class, next;
	place q = p;

	if (f->contraction == CONTRACTION_LEADS || f->contraction == CONTRACTION_SMALL)
		q += split_contraction(f, p, end);
	if (q > p)
		return (size_t)(q - p);
	class = class_at(p, end, &len);
	q = word_piece(f, p, end, class, len);
	if (q && f->contraction == CONTRACTION_FOLLOWS)
		q += split_contraction(f, q, end);
	if (q)
		return (size_t)(q - p);
	next = *p == ' ' ? class_at(p + 1, end, &after) : class;
	if (class == CLASS_NUMBER || (f->spaced && next == CLASS_NUMBER))
		q = numbers(p + (*p == ' '), end, f->digits ? f->digits : UINT32_MAX);
	else if (next == CLASS_OTHER || next == CLASS_MARK)
		q = punctuation(f, p + (*p == ' '), end);
	else
		q = p + blanks(f, p, end);
	return (size_t)(q - p);
}
