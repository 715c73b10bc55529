/* SPDX-License-Identifier: MIT */
#include "tokens/split.h"
#include "tokens/classes.h"

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

typedef const unsigned char *place;

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

/* Length of (?i:'s|'t|'re|'ve|'m|'ll|'d) at p, or 0. U+017F is a small s by case folding. */
static size_t
contraction(place p, place end)
{
	size_t room = (size_t)(end - p);
	int c, d;

	if (room < 2 || *p != '\'')
		return 0;
	c = p[1] | 0x20;
	if (p[1] < 0x80 && (c == 's' || c == 't' || c == 'm' || c == 'd'))
		return 2;
	if (room < 3)
		return 0;
	if (p[1] == 0xc5 && p[2] == 0xbf)
		return 3;
	d = p[2] | 0x20;
	if (p[1] >= 0x80 || p[2] >= 0x80)
		return 0;
	return (c == 'r' && d == 'e') || (c == 'v' && d == 'e') || (c == 'l' && d == 'l') ? 3
											  : 0;
}

/* \p{N}{1,3}, the first of them has len bytes. */
static size_t
numbers(place p, place end, size_t len)
{
	place q = p + len;

	for (int i = 1; i < 3 && class_at(q, end, &len) == CLASS_NUMBER; i++)
		q += len;
	return (size_t)(q - p);
}

/* [^\s\p{L}\p{N}]+ from q on, then [\r\n]*, with slash also '/'. */
static place
punctuation(place q, place end, bool slash)
{
	size_t len;
	unsigned class;

	while ((class = class_at(q, end, &len)) == CLASS_OTHER || class == CLASS_MARK)
		q += len;
	while (q < end && (is_newline(*q) || (slash && *q == '/')))
		q++;
	return q;
}

/* A run of blanks at p: through its last newline, else without its last character where
 * something follows. With whole_at_end a run that ends the text is one piece before all that.
 */
static size_t
blanks(place p, place end, bool whole_at_end)
{
	place q = p, last = p, newline = NULL;
	size_t len;

	while (class_at(q, end, &len) == CLASS_BLANK) {
		last = q;
		if (is_newline(*q))
			newline = q + 1;
		q += len;
	}
	if (q == end && (whole_at_end || !newline))
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

/* The word pieces of o200k: one other character may lead, a contraction may follow. */
static size_t
word_piece(place p, place end, unsigned class, size_t len)
{
	place q = NULL;

	if (is_letter(class)) {
		q = word(p, end, true);
	} else if (class != CLASS_NUMBER && !is_newline(*p)) {
		q = word(p + len, end, class != CLASS_MARK);
		if (!q && class == CLASS_MARK)
			q = word(p, end, false);
	}
	return q ? (size_t)(q - p) + contraction(q, end) : 0;
}

static size_t
o200k_piece(struct slice text)
{
	place p = (place)text.ptr, end = p + text.len;
	size_t len, after, piece;
	unsigned class = class_at(p, end, &len), next;

	piece = word_piece(p, end, class, len);
	if (piece)
		return piece;
	if (class == CLASS_NUMBER)
		return numbers(p, end, len);
	next = *p == ' ' ? class_at(p + 1, end, &after) : class;
	if (next == CLASS_OTHER || next == CLASS_MARK)
		return (size_t)(punctuation(p + (*p == ' '), end, true) - p);
	return blanks(p, end, false);
}

static place
letters(place q, place end)
{
	size_t len;

	while (is_letter(class_at(q = small_letters(q, end), end, &len)))
		q += len;
	return q;
}

static size_t
cl100k_piece(struct slice text)
{
	place p = (place)text.ptr, end = p + text.len;
	size_t len, after, piece = contraction(p, end);
	unsigned class, next;

	if (piece)
		return piece;
	class = class_at(p, end, &len);
	if (is_letter(class))
		return (size_t)(letters(p + len, end) - p);
	if (class == CLASS_NUMBER)
		return numbers(p, end, len);
	next = class_at(p + len, end, &after);
	if (is_letter(next) && !is_newline(*p))
		return (size_t)(letters(p + len + after, end) - p);
	if (*p != ' ')
		next = class;
	if (next == CLASS_OTHER || next == CLASS_MARK)
		return (size_t)(punctuation(p + (*p == ' '), end, false) - p);
	return blanks(p, end, true);
}

static inline size_t
cut(size_t piece(struct slice), struct slice text, size_t from, size_t *ends, size_t room)
{
	size_t n;

	for (n = 0; n < room && from < text.len; n++)
		ends[n] = from += piece(slice_drop(text, from));
	return n;
}

size_t
split_o200k(const void *pattern, struct slice text, size_t from, size_t *ends, size_t room)
{
	(void)pattern;
	return cut(o200k_piece, text, from, ends, room);
}

size_t
split_cl100k(const void *pattern, struct slice text, size_t from, size_t *ends, size_t room)
{
	(void)pattern;
	return cut(cl100k_piece, text, from, ends, room);
}
