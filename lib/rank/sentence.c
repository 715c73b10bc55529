/* SPDX-License-Identifier: MIT */
/* Where a sentence ends. */
#include "base/ascii.h"
#include "rank/choose.h"
#include "text/find.h"

#define WORD 8 /* bytes of the longest and its end */

/* behind these a full stop ends nothing; in small letters, sorted by nothing */
static const char abbreviations[][WORD] = { "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr",
	"vs", "al", "cf", "ca", "gen", "col", "lt", "sgt", "capt", "rev", "hon", "gov", "sen",
	"rep", "ed", "eds", "approx", "inc", "ltd", "co", "corp", "dept", "est", "mt", "ft",
	"eg", "ie", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct",
	"nov", "dec" };

/* and behind these where a number comes */
static const char counted[][WORD] = { "no", "nos", "vol", "fig", "eq", "pp", "p", "ch", "sec" };

/* word: zeros behind it. */
static bool
is_one_of(const char word[WORD], const char list[][WORD], size_t count)
{
	for (size_t k = 0; k < count; k++)
		if (memcmp(list[k], word, WORD) == 0)
			return true;
	return false;
}

/* Whether the word that ends before offset dot is an abbreviation or an initial; next: what
 * follows behind the blanks. */
static bool
abbreviated(struct slice s, size_t dot, char next)
{
	char word[WORD] = { 0 };
	size_t n = 0, i = dot;

	while (i && n < sizeof(word) && ascii_letter(s.ptr[i - 1])) {
		i--;
		n++;
	}
	if (!n || n == sizeof(word))
		return false;
	for (size_t k = 0; k < n; k++)
		word[k] = (char)(s.ptr[i + k] | 0x20);
	if (n == 1) /* J. Smith, U.S., e.g.; but "vitamin C. It" is rarer than initials */
		return true;
	if (next >= '0' && next <= '9' &&
	    is_one_of(word, counted, sizeof(counted) / sizeof(*counted)))
		return true;
	return is_one_of(word, abbreviations, sizeof(abbreviations) / sizeof(*abbreviations));
}

/* Bytes of the closing quote or bracket at offset i; 0: there is none. */
static size_t
closer(struct slice s, size_t i)
{
	unsigned char c = (unsigned char)(i < s.len ? s.ptr[i] : 0);

	if (c && memchr("\"')]}*_", c, 7))
		return 1;
	if (c == 0xE2 && i + 2 < s.len && (unsigned char)s.ptr[i + 1] == 0x80 &&
	    ((unsigned char)s.ptr[i + 2] == 0x9D || (unsigned char)s.ptr[i + 2] == 0x99))
		return 3;
	return c == 0xC2 && i + 1 < s.len && (unsigned char)s.ptr[i + 1] == 0xBB ? 2 : 0;
}

/* Whether a sentence may begin with what stands at offset i. */
static bool
may_begin(struct slice s, size_t i)
{
	char c = i < s.len ? s.ptr[i] : 'A';

	return !(c >= 'a' && c <= 'z') && c != ',' && c != ';' && c != ')';
}

/* The full stops of Chinese and Japanese: U+3002, U+FF01, U+FF1F. */
static bool
wide_stop(struct slice s, size_t i)
{
	const char *p = s.ptr + i;

	return i + 2 < s.len &&
	       (memcmp(p, "\xE3\x80\x82", 3) == 0 || memcmp(p, "\xEF\xBC\x81", 3) == 0 ||
		   memcmp(p, "\xEF\xBC\x9F", 3) == 0);
}

/* A line end that ends a unit: a short line, or one before what looks like the head of another.
 */
static bool
line_ends(struct slice s, size_t start, size_t i)
{
	char next = i + 1 < s.len ? s.ptr[i + 1] : '\n';

	return i - start < 45 || (next >= '0' && next <= '9') || memchr("[<{(|-*#", next, 8) ||
	       s.ptr[i - 1] == ':' || s.ptr[i - 1] == ';';
}

/* Where to cut a stretch that is too long. */
static size_t
forced(struct slice s)
{
	size_t blank = 0, clause = 0, i = UNIT_BYTES;

	for (size_t k = UNIT_BYTES; k > UNIT_BYTES / 3; k--) {
		if (!ascii_blank(s.ptr[k]))
			continue;
		if (!blank)
			blank = k;
		if (memchr(",;:)", s.ptr[k - 1], 4)) {
			clause = k;
			break;
		}
	}
	if (clause || blank)
		return clause ? clause : blank;
	/* no blank at all: a word of that length stays whole, unless it is a script without
	 * blanks */
	while (i < s.len && (s.ptr[i] & 0xC0) == 0x80)
		i++;
	if ((unsigned char)s.ptr[UNIT_BYTES / 2] >= 0x80)
		return i;
	while (i < s.len && !ascii_blank(s.ptr[i]))
		i++;
	return i;
}

static size_t
back_over_blanks(struct slice s, size_t n)
{
	while (n && ascii_blank(s.ptr[n - 1]))
		n--;
	return n;
}

/* The bytes at which something can end. */
static inline find_mask
may_end(find_bytes x, find_bytes y)
{
	(void)y;
	return FIND_IS(x, '\n') | FIND_IS(x, '.') | FIND_IS(x, '!') | FIND_IS(x, '?') |
	       FIND_IS(x, 0xE3) | FIND_IS(x, 0xEF);
}

size_t
sentence_length(struct slice s)
{
	struct slice head = slice_take(s, UNIT_BYTES);
	size_t line = 0;

	if (slice_starts(s, SLICE(RANK_MARK)))
		return sizeof(RANK_MARK) - 1;
	for (size_t i = 0; (i = find_next(head, i, may_end)) < head.len; i++) {
		char c = s.ptr[i];

		if (c == '\n') {
			if (i > line && line_ends(s, line, i))
				return back_over_blanks(s, i);
			line = i + 1;
		} else if ((unsigned char)c >= 0xE3 && wide_stop(s, i)) {
			i += 3;
			return i + closer(s, i);
		} else if (c == '.' || c == '!' || c == '?') {
			size_t end = i + 1, k;

			while ((k = closer(s, end)) > 0)
				end += k;
			if (end < s.len && !ascii_blank(s.ptr[end]))
				continue;
			for (k = end; k < s.len && ascii_blank(s.ptr[k]);)
				k++;
			if ((c == '.' && end == i + 1 &&
				abbreviated(s, i, k < s.len ? s.ptr[k] : 0)) ||
			    !may_begin(s, k))
				continue;
			return end;
		}
	}
	return head.len < s.len ? forced(s) : s.len;
}
