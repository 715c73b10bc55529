/* SPDX-License-Identifier: MIT */
#include "tokens/features.h"

/* In this order: sums are taken from one to another. */
enum kind { LOWER, UPPER, DIGIT, SPACE, LINE, CONTROL, JOIN, QUOTE, SIGN, HIGH, KINDS };

#define STRIDE 16 /* of a kind in the table of pairs */

/* clang-format off */
static const uint8_t kind_of[256] = {
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	CONTROL, CONTROL, LINE,    CONTROL, CONTROL, LINE,    CONTROL, CONTROL,
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	SPACE, SIGN, QUOTE, SIGN, SIGN, SIGN, SIGN, JOIN,
	SIGN,  SIGN, SIGN,  SIGN, JOIN, JOIN, JOIN, JOIN,
	DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT,
	DIGIT, DIGIT, SIGN,  SIGN,  SIGN,  SIGN,  SIGN,  SIGN,
	SIGN,  UPPER, UPPER, UPPER, UPPER, UPPER, UPPER, UPPER,
	UPPER, UPPER, UPPER, UPPER, UPPER, UPPER, UPPER, UPPER,
	UPPER, UPPER, UPPER, UPPER, UPPER, UPPER, UPPER, UPPER,
	UPPER, UPPER, UPPER, SIGN,  SIGN,  SIGN,  SIGN,  JOIN,
	QUOTE, LOWER, LOWER, LOWER, LOWER, LOWER, LOWER, LOWER,
	LOWER, LOWER, LOWER, LOWER, LOWER, LOWER, LOWER, LOWER,
	LOWER, LOWER, LOWER, LOWER, LOWER, LOWER, LOWER, LOWER,
	LOWER, LOWER, LOWER, SIGN,  SIGN,  SIGN,  SIGN,  CONTROL,
#define HIGH_8 HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH, HIGH
#define HIGH_32 HIGH_8, HIGH_8, HIGH_8, HIGH_8
	HIGH_32, HIGH_32, HIGH_32, HIGH_32,
};
/* clang-format on */

static enum script
script_of_two(unsigned lead, unsigned next)
{
	if (lead >= 0xd8)
		return SCRIPT_ARABIC;
	if (lead >= 0xd6)
		return SCRIPT_HEBREW;
	if (lead >= 0xd4)
		return SCRIPT_ARMENIAN;
	if (lead >= 0xd0)
		return SCRIPT_CYRILLIC;
	if (lead >= 0xce || (lead == 0xcd && next >= 0xb0))
		return SCRIPT_GREEK;
	if (lead >= 0xcc)
		return SCRIPT_COMBINING;
	return lead > 0xc2 ? SCRIPT_LATIN_MORE : SCRIPT_LATIN_1;
}

static enum script
script_of_e0(unsigned next)
{
	if (next < 0xa4)
		return SCRIPT_ARABIC;
	if (next < 0xa6)
		return SCRIPT_DEVANAGARI;
	return next >= 0xb8 && next < 0xbc ? SCRIPT_THAI : SCRIPT_INDIC;
}

static enum script
script_of_e1(unsigned next)
{
	if (next == 0x82 || next == 0x83)
		return SCRIPT_GEORGIAN;
	if (next >= 0x88 && next < 0x8f)
		return SCRIPT_ETHIOPIC;
	if (next == 0x9e || next == 0x9f)
		return SCRIPT_KHMER;
	return next >= 0xb8 && next < 0xbc ? SCRIPT_LATIN_VIETNAMESE : SCRIPT_MYANMAR;
}

static enum script
script_of(unsigned lead, unsigned next)
{
	if (lead < 0xe0)
		return script_of_two(lead, next);
	if (lead == 0xe0)
		return script_of_e0(next);
	if (lead == 0xe1)
		return script_of_e1(next);
	if (lead == 0xe2)
		return SCRIPT_GENERAL;
	if (lead == 0xe3)
		return SCRIPT_KANA;
	if (lead < 0xea)
		return SCRIPT_CJK;
	if (lead < 0xee)
		return SCRIPT_HANGUL;
	return lead < 0xf0 ? SCRIPT_FORMS : SCRIPT_ASTRAL;
}

#define TURNS 4

/* Several tables by turns: one that is written at every byte waits for its own last write. */
static unsigned
count_pairs(struct slice text, uint32_t (*pair)[KINDS * STRIDE], unsigned last)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t i = 0;

	for (; i + TURNS <= text.len; i += TURNS) {
		unsigned a = kind_of[p[i]], b = kind_of[p[i + 1]];
		unsigned c = kind_of[p[i + 2]], d = kind_of[p[i + 3]];

		pair[0][last * STRIDE + a]++;
		pair[1][a * STRIDE + b]++;
		pair[2][b * STRIDE + c]++;
		pair[3][c * STRIDE + d]++;
		last = d;
	}
	for (; i < text.len; i++) {
		unsigned a = kind_of[p[i]];

		pair[0][last * STRIDE + a]++;
		last = a;
	}
	return last;
}

static void
count_scripts(struct slice text, struct features *f)
{
	const unsigned char *p = (const unsigned char *)text.ptr;

	f->characters = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (p[i] < 0x80) {
			f->characters++;
		} else if (p[i] >= 0xc2) {
			f->characters++;
			f->script[script_of(p[i], i + 1 < text.len ? p[i + 1] : 0)]++;
		}
	}
}

/* Pairs of one of the kinds first … last and one of the kinds from … to. */
static int64_t
pairs(const int64_t *pair, unsigned first, unsigned last, unsigned from, unsigned to)
{
	int64_t n = 0;

	for (unsigned a = first; a <= last; a++)
		for (unsigned b = from; b <= to; b++)
			n += pair[a * STRIDE + b];
	return n;
}

static void
sum_up(const int64_t *pair, const int64_t *all, int64_t *count)
{
	const int64_t *lower = pair + LOWER * STRIDE, *upper = pair + UPPER * STRIDE;

	count[COUNT_LETTER] = all[LOWER] + all[UPPER];
	count[COUNT_HUMP] = lower[UPPER];
	count[COUNT_CAPS] = upper[UPPER];
	count[COUNT_TITLE] = all[UPPER] - lower[UPPER] - upper[UPPER];
	count[COUNT_WORD] = count[COUNT_TITLE] + all[LOWER] - lower[LOWER] - upper[LOWER];
	count[COUNT_DIGIT] = all[DIGIT];
	count[COUNT_NUMBER] = all[DIGIT] - pair[DIGIT * STRIDE + DIGIT];
	count[COUNT_SPACE] = all[SPACE];
	count[COUNT_BLANKS] = pair[SPACE * STRIDE + SPACE];
	count[COUNT_LINE] = all[LINE];
	count[COUNT_LINES] = pair[LINE * STRIDE + LINE];
	count[COUNT_INDENT] = pair[LINE * STRIDE + SPACE];
	count[COUNT_CONTROL] = all[CONTROL];
	count[COUNT_JOIN] = all[JOIN];
	count[COUNT_QUOTE] = all[QUOTE];
	count[COUNT_SIGN] = all[SIGN];
	count[COUNT_RUN] = pairs(pair, JOIN, SIGN, JOIN, SIGN);
	count[COUNT_TIGHT] = pairs(pair, LOWER, DIGIT, JOIN, SIGN);
	count[COUNT_START] = pairs(pair, SPACE, SIGN, HIGH, HIGH);
}

#define STEP (1u << 20) /* bytes after which the narrow tables are emptied */

/* Adds the pairs of text to sum. */
static unsigned
add_pairs(struct slice text, int64_t *sum, unsigned last)
{
	uint32_t pair[TURNS][KINDS * STRIDE] = { { 0 } };

	last = count_pairs(text, pair, last);
	for (size_t i = 0; i < KINDS * STRIDE; i++)
		sum[i] += (int64_t)pair[0][i] + pair[1][i] + pair[2][i] + pair[3][i];
	return last;
}

/* The same for a text so short that emptying tables would take longer than filling them. */
static void
add_few(struct slice text, int64_t *sum, unsigned last)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned a = kind_of[(unsigned char)text.ptr[i]];

		sum[last * STRIDE + a]++;
		last = a;
	}
}

#define FEW 400

void
features_of(struct slice text, struct features *f)
{
	int64_t sum[KINDS * STRIDE] = { 0 }, all[STRIDE] = { 0 };
	unsigned last = LINE; /* a text begins as a line does */

	memset(f, 0, sizeof *f);
	if (text.len < FEW)
		add_few(text, sum, last);
	else
		for (struct slice rest = text; rest.len; rest = slice_drop(rest, STEP))
			last = add_pairs(slice_take(rest, STEP), sum, last);
	for (size_t i = 0; i < KINDS; i++)
		for (size_t to = 0; to < STRIDE; to++)
			all[to] += sum[i * STRIDE + to];
	sum_up(sum, all, f->count);
	f->ascii = all[HIGH] == 0;
	f->characters = (int64_t)text.len;
	if (!f->ascii)
		count_scripts(text, f);
}
