/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/look.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/llm-route/learned/real.h"
#include "stats/distinct.h"

#define KEPT_BYTES 8000

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
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

/* What is counted of a text in one walk. */
struct tally {
	double letters, upper, digits, signs, commas, quotes, braces, foreign, words, capital;
	double word_bytes, lines, blank_lines, options, option_bytes, option_digits;
};

/* "A. " to "H) " at the beginning of a line. */
static bool
is_option(struct slice line)
{
	return line.len > 3 && line.ptr[0] >= 'A' && line.ptr[0] <= 'H' &&
	       (line.ptr[1] == '.' || line.ptr[1] == ')') && line.ptr[2] == ' ';
}

static void
tally_line(struct tally *t, struct slice line)
{
	bool in_word = false, digit = false;

	t->lines++;
	t->blank_lines += slice_trim(line).len == 0;
	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i];
		bool letter = is_letter(c), upper = c >= 'A' && c <= 'Z';

		t->letters += letter;
		t->upper += upper;
		t->digits += is_digit(c);
		digit |= is_digit(c);
		t->signs += strchr("=+*/^<>%$", c) != NULL && c;
		t->commas += c == ',';
		t->quotes += c == '"';
		t->braces += c == '{' || c == '}' || c == ';' || c == '(' || c == '`';
		t->foreign += (unsigned char)c >= 0x80;
		if (letter && !in_word) {
			t->words++;
			t->capital += upper;
		}
		t->word_bytes += letter;
		in_word = letter;
	}
	if (is_option(line)) {
		t->options++;
		t->option_bytes += (double)line.len - 3;
		t->option_digits += digit;
	}
}

/* The phrase stands there, with no letter before and behind it; case does not matter. */
static bool
says(struct slice text, const char *phrase)
{
	size_t n = strlen(phrase);

	for (size_t i = 0; i + n <= text.len; i++) {
		size_t k = 0;

		if (lower(text.ptr[i]) != phrase[0] || (i && is_letter(text.ptr[i - 1])))
			continue;
		while (k < n && lower(text.ptr[i + k]) == phrase[k])
			k++;
		if (k == n && (i + n == text.len || !is_letter(text.ptr[i + n])))
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
read_form(struct look *l, struct slice text)
{
	static const char *const negations[] = { "not", "except", "least", "never", "false",
		"incorrect", NULL };
	static const char *const sums[] = { "calculate", "how many", "how much", "probability",
		"rate", "amount", "equation", "compute", "solve", NULL };
	static const char *const joint[] = { "of the above", "none of", "both", NULL };
	static const char *const who[] = { "what", "who", "when", "where", NULL };
	static const char *const why[] = { "how", "why", NULL };
	double bytes = (double)text.len + 1;
	struct slice rest = text, first = text;
	struct tally t = { 0 };
	float *f = l->form;
	size_t i = 0;

	first.len = slice_find(text, '\n');
	while (rest.len) {
		size_t end = slice_find(rest, '\n');

		tally_line(&t, slice_take(rest, end));
		rest = slice_drop(rest, end < rest.len ? end + 1 : end);
	}
	f[i++] = (float)real_log(bytes);
	f[i++] = (float)real_log((double)first.len + 1);
	f[i++] = (float)real_log(t.lines + 1);
	f[i++] = (float)real_log(1 + (t.options > 0 ? t.option_bytes / t.options : 0));
	f[i++] = (float)t.options;
	f[i++] = (float)(t.options > 0 ? t.option_digits / t.options : 0);
	f[i++] = (float)(t.digits / bytes);
	f[i++] = (float)(t.signs / bytes);
	f[i++] = (float)(t.upper / bytes);
	f[i++] = (float)(t.commas / bytes);
	f[i++] = (float)(t.quotes / bytes);
	f[i++] = (float)(t.braces / bytes);
	f[i++] = (float)(t.foreign / bytes);
	f[i++] = (float)(t.capital / (t.words + 1));
	f[i++] = (float)(t.word_bytes / (t.words + 1));
	f[i++] = (float)(t.blank_lines / (t.lines + 1));
	f[i++] = says_one(first, negations);
	f[i++] = memmem(first.ptr, first.len, "__", 2) != NULL;
	f[i++] = slice_trim(first).len && first.ptr[slice_trim(first).len - 1] == '?';
	f[i++] = says(text, "of the following");
	f[i++] = says_one(text, joint);
	f[i++] = says_one(text, sums);
	f[i++] = says_one(slice_take(first, 60), who);
	f[i++] = says_one(slice_take(first, 60), why);
}

size_t
look_dims(const struct embed *embed)
{
	return LOOK_TABLE + (embed == embed_table() ? 0 : embed_dims(embed));
}

struct slice
look_vectors(const struct embed *embed, struct arena *a)
{
	struct buf name = { 0 };
	struct slice copy;

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

void
look_at(struct look *l, struct slice text, struct embed *embed, struct arena *a)
{

	if (text.len > 2 * KEPT_BYTES) {
		char *both = arena_alloc(a, 2 * KEPT_BYTES);

		memcpy(both, text.ptr, KEPT_BYTES);
		memcpy(both + KEPT_BYTES, text.ptr + text.len - KEPT_BYTES, KEPT_BYTES);
		text = slice_of(both, 2 * KEPT_BYTES);
	}
	l->hash = distinct_hash(text);
	read_grams(l, text, a);
	read_form(l, text);
	l->vector = arena_alloc(a, look_dims(embed) * sizeof(*l->vector));
	read_vector(l->vector, embed_table(), text);
	if (embed != embed_table())
		read_vector(l->vector + LOOK_TABLE, embed, text);
}
