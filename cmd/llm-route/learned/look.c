/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/llm-route/learned/real.h"
#include "stats/distinct.h"

#define KEPT_BYTES 8000
#define LANES 8     /* sums side by side */
#define FORM_MOST 8 /* standard deviations */

/* Kinds of bytes, each counted in eight bits of its own. */
enum kind_of_byte { LETTER, UPPER, DIGIT, SIGN, BRACE, FOREIGN, COMMA, QUOTE, KINDS };
static uint64_t kind_of[256];     /* 1 << 8 * kind for each that it is */
static unsigned char folded[256]; /* of what is in words: in lower case; else 0 */

static uint64_t
bit_of(enum kind_of_byte kind)
{
	return UINT64_C(1) << 8 * kind;
}

static void
index_kinds(void)
{
	if (kind_of['a'])
		return;
	for (unsigned c = 0; c < 256; c++) {
		uint64_t kind = 0;

		if (c >= 0x80)
			kind |= bit_of(LETTER) | bit_of(FOREIGN);
		if ((c | 0x20) - 'a' < 26)
			kind |= bit_of(LETTER);
		if (c - 'A' < 26)
			kind |= bit_of(UPPER);
		if (c - '0' < 10)
			kind |= bit_of(DIGIT);
		if (c && strchr("=+*/^<>%$", (int)c))
			kind |= bit_of(SIGN);
		if (c && strchr("{};(`", (int)c))
			kind |= bit_of(BRACE);
		if (c == ',')
			kind |= bit_of(COMMA);
		if (c == '"')
			kind |= bit_of(QUOTE);
		kind_of[c] = kind;
		if (kind & (bit_of(LETTER) | bit_of(DIGIT)))
			folded[c] = (unsigned char)(c - 'A' < 26 ? c + 32 : c);
	}
}

static bool
is(char c, enum kind_of_byte kind)
{
	return kind_of[(unsigned char)c] & bit_of(kind);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* FNV-1a, folded. */
static uint16_t
gram_of(const char *at, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)at[i]) * 16777619u;
	return (uint16_t)(h ^ h >> 16);
}

/* The words of text, a blank before and behind each, lower-cased; the grams are inside them. */
static size_t
add_grams(struct slice text, uint16_t *count, uint16_t *met)
{
	char word[66];
	size_t kinds = 0;

	for (size_t i = 0; i < text.len;) {
		size_t n = 1;

		while (i < text.len && is_blank(text.ptr[i]))
			i++;
		word[0] = ' ';
		while (i < text.len && !is_blank(text.ptr[i]) && n < 65)
			word[n++] = lower(text.ptr[i++]);
		if (n == 1)
			break;
		word[n++] = ' ';
		for (size_t width = 3; width <= 4; width++)
			for (size_t k = 0; k + width <= n; k++) {
				uint16_t g = gram_of(word + k, width);

				if (!count[g])
					met[kinds++] = g;
				count[g] += count[g] < UINT16_MAX;
			}
	}
	return kinds;
}

static int
by_gram(const void *x, const void *y)
{
	return *(const uint16_t *)x - *(const uint16_t *)y;
}

static void
read_grams(struct look *l, struct slice text, struct arena *a)
{
	static uint16_t count[LOOK_GRAMS], met[LOOK_GRAMS];
	size_t kinds = add_grams(text, count, met);

	qsort(met, kinds, sizeof(*met), by_gram);
	l->grams = arena_alloc(a, (kinds + 1) * sizeof(*l->grams));
	l->gram_count = kinds;
	for (size_t i = 0; i < kinds; i++) {
		l->grams[i] = (struct look_gram){ met[i], count[met[i]] };
		count[met[i]] = 0;
	}
}

/* Words are runs of letters, or of digits; foreign bytes are letters. */
static size_t
word_at(struct slice text, size_t i, uint32_t *hash)
{
	bool digits = is(text.ptr[i], DIGIT);
	uint32_t h = 2166136261u;

	do
		h = (h ^ folded[(unsigned char)text.ptr[i++]]) * 16777619u;
	while (i < text.len && folded[(unsigned char)text.ptr[i]] &&
	       is(text.ptr[i], DIGIT) == digits);
	*hash = h;
	return i;
}

static void
count_word(struct look *l, uint16_t *place, uint16_t word)
{
	if (!place[word]) {
		l->words[l->word_count++] = (struct look_gram){ word, 0 };
		place[word] = (uint16_t)l->word_count;
	}
	l->words[place[word] - 1].count++;
}

static void
read_words(struct look *l, struct slice text, struct arena *a)
{
	static uint16_t place[LOOK_GRAMS]; /* in the list, from 1 */
	uint32_t before = 0, hash;

	/* "a1b2": a word and a pair for each byte at most */
	l->words = arena_alloc(a, (2 * text.len + 1) * sizeof(*l->words));
	for (size_t i = 0; i < text.len;) {
		if (!folded[(unsigned char)text.ptr[i]]) {
			i++;
			continue;
		}
		i = word_at(text, i, &hash);
		count_word(l, place, (uint16_t)((hash ^ hash >> 16) % LOOK_PAIRS));
		if (before) {
			uint32_t pair = (before ^ hash * 2654435761u) * 2654435761u;

			count_word(l, place, (uint16_t)(LOOK_PAIRS + (pair >> 17)));
		}
		before = hash;
	}
	for (size_t i = 0; i < l->word_count; i++)
		place[l->words[i].gram] = 0;
}

/* What is counted of a text in one walk. */
struct tally {
	double kind[KINDS], words, capital;
	double lines, blank_lines, options, option_bytes, option_digits;
};

/* "A. " to "H) " at the beginning of a line. */
static bool
is_option(struct slice line)
{
	return line.len > 3 && line.ptr[0] >= 'A' && line.ptr[0] <= 'H' &&
	       (line.ptr[1] == '.' || line.ptr[1] == ')') && line.ptr[2] == ' ';
}

static void
tally_bytes(struct tally *t, struct slice text)
{
	uint64_t before = 0;

	while (text.len) {
		struct slice part = slice_take(text, 255);
		uint64_t sum = 0, words = 0;

		for (size_t i = 0; i < part.len; i++) {
			uint64_t kind = kind_of[(unsigned char)part.ptr[i]];

			sum += kind;
			/* where a word begins: 1, and with a capital 1 << 8 as well */
			words += kind & -(kind & ~before & 1);
			before = kind;
		}
		for (unsigned k = 0; k < KINDS; k++)
			t->kind[k] += (double)(sum >> 8 * k & 255);
		t->words += (double)(words & 255);
		t->capital += (double)(words >> 8 & 255);
		text = slice_drop(text, part.len);
	}
}

static void
tally_line(struct tally *t, struct slice line)
{
	bool digit = false;

	t->lines++;
	t->blank_lines += slice_trim(line).len == 0;
	if (!is_option(line))
		return;
	for (size_t i = 0; i < line.len && !digit; i++)
		digit = is(line.ptr[i], DIGIT);
	t->options++;
	t->option_bytes += (double)line.len - 3;
	t->option_digits += digit;
}

/* The phrase stands there, with no letter before and behind it; case does not matter. */
static bool
says(struct slice text, const char *phrase)
{
	size_t n = strlen(phrase);

	for (size_t i = 0; i + n <= text.len; i++) {
		size_t k = 0;

		if (lower(text.ptr[i]) != phrase[0] || (i && is(text.ptr[i - 1], LETTER)))
			continue;
		while (k < n && lower(text.ptr[i + k]) == phrase[k])
			k++;
		if (k == n && (i + n == text.len || !is(text.ptr[i + n], LETTER)))
			return true;
	}
	return false;
}

static bool
says_one(struct slice text, const char *const phrases[])
{
	for (size_t i = 0; phrases[i]; i++)
		if (says(text, phrases[i]))
			return true;
	return false;
}

static void
read_counts(float *f, struct slice text)
{
	double bytes = (double)text.len + 1;
	struct slice rest = text;
	struct tally t = { 0 };

	tally_bytes(&t, text);
	while (rest.len) {
		size_t end = slice_find(rest, '\n');

		tally_line(&t, slice_take(rest, end));
		rest = slice_drop(rest, end < rest.len ? end + 1 : end);
	}
	*f++ = (float)real_log(bytes);
	*f++ = (float)real_log((double)slice_find(text, '\n') + 1);
	*f++ = (float)real_log(t.lines + 1);
	*f++ = (float)real_log(1 + (t.options > 0 ? t.option_bytes / t.options : 0));
	*f++ = (float)t.options;
	*f++ = (float)(t.options > 0 ? t.option_digits / t.options : 0);
	*f++ = (float)(t.kind[DIGIT] / bytes);
	*f++ = (float)(t.kind[SIGN] / bytes);
	*f++ = (float)(t.kind[UPPER] / bytes);
	*f++ = (float)(t.kind[COMMA] / bytes);
	*f++ = (float)(t.kind[QUOTE] / bytes);
	*f++ = (float)(t.kind[BRACE] / bytes);
	*f++ = (float)(t.kind[FOREIGN] / bytes);
	*f++ = (float)(t.capital / (t.words + 1));
	*f++ = (float)(t.kind[LETTER] / (t.words + 1));
	*f++ = (float)(t.blank_lines / (t.lines + 1));
}

static void
read_phrases(float *f, struct slice text)
{
	static const char *const negations[] = { "not", "except", "least", "never", "false",
		"incorrect", NULL };
	static const char *const sums[] = { "calculate", "how many", "how much", "probability",
		"rate", "amount", "equation", "compute", "solve", NULL };
	static const char *const joint[] = { "of the above", "none of", "both", NULL };
	static const char *const who[] = { "what", "who", "when", "where", NULL };
	static const char *const why[] = { "how", "why", NULL };
	struct slice first = slice_take(text, slice_find(text, '\n'));

	*f++ = says_one(first, negations);
	*f++ = memmem(first.ptr, first.len, "__", 2) != NULL;
	*f++ = slice_trim(first).len && first.ptr[slice_trim(first).len - 1] == '?';
	*f++ = says(text, "of the following");
	*f++ = says_one(text, joint);
	*f++ = says_one(text, sums);
	*f++ = says_one(slice_take(first, 60), who);
	*f++ = says_one(slice_take(first, 60), why);
}

size_t
look_dims(enum look_part part, const struct embed *embed)
{
	if (embed == embed_table())
		return part == LOOK_WORDS ? 0 : LOOK_TABLE;
	return LOOK_TABLE + embed_dims(embed);
}

struct slice
look_vectors(enum look_part part, const struct embed *embed, struct arena *a)
{
	struct buf name = { 0 };
	struct slice copy;

	if (look_dims(part, embed))
		buf_add(&name, embed_name(embed_table()));
	if (embed != embed_table()) {
		buf_add_byte(&name, ' ');
		buf_add(&name, embed_name(embed));
	}
	copy = arena_copy(a, buf_slice(&name));
	buf_free(&name);
	return copy;
}

static void
read_vector(int16_t *out, struct embed *embed, struct slice text)
{
	size_t dims = embed_dims(embed);
	float unit[EMBED_MAX];

	embed_text(embed, text, unit);
	for (size_t i = 0; i < dims; i++)
		out[i] = (int16_t)(unit[i] * LOOK_SCALE + (unit[i] < 0 ? -0.5f : 0.5f));
}

size_t
look_stride(size_t dims)
{
	return (dims + LANES - 1) / LANES * LANES;
}

int32_t
look_product(const int16_t *a, const int16_t *b, size_t n)
{
	int32_t lane[LANES] = { 0 }, sum = 0;

	for (size_t i = 0; i < n; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += a[i + k] * b[i + k];
	for (size_t k = 0; k < LANES; k++)
		sum += lane[k];
	return sum;
}

double
look_damped_many(unsigned count)
{
	static double known[64]; /* few counts are large */

	if (count >= 64)
		return 1 + real_log(count);
	if (known[count] == 0)
		known[count] = 1 + real_log(count);
	return known[count];
}

void
forms_standardise(const struct forms *f, const struct look *look, int16_t *out)
{
	for (size_t i = 0; i < LOOK_FORMS; i++) {
		double z =
		    f->spread[i] > 0 ? ((double)look->form[i] - f->mean[i]) / f->spread[i] : 0;

		z = z > FORM_MOST ? FORM_MOST : z < -FORM_MOST ? -FORM_MOST : z;
		out[i] = (int16_t)(z * FORM_ONE);
	}
}

void
look_at(struct look *l, struct slice text, enum look_part part, struct embed *embed,
    struct arena *a)
{
	size_t dims = look_dims(part, embed);

	if (text.len > 2 * KEPT_BYTES) {
		char *both = arena_alloc(a, 2 * KEPT_BYTES);

		memcpy(both, text.ptr, KEPT_BYTES);
		memcpy(both + KEPT_BYTES, text.ptr + text.len - KEPT_BYTES, KEPT_BYTES);
		text = slice_of(both, 2 * KEPT_BYTES);
	}
	index_kinds();
	*l = (struct look){ 0 };
	read_counts(l->form, text);
	l->hash = distinct_hash(text);
	if (part == LOOK_NEAR) {
		read_grams(l, text, a);
		read_phrases(l->form + LOOK_COUNTS, text);
	} else {
		read_words(l, text, a);
	}
	l->vector = arena_alloc(a, look_stride(dims) * sizeof(*l->vector));
	memset(l->vector + dims, 0, (look_stride(dims) - dims) * sizeof(*l->vector));
	if (dims)
		read_vector(l->vector, embed_table(), text);
	if (embed != embed_table())
		read_vector(l->vector + LOOK_TABLE, embed, text);
}
