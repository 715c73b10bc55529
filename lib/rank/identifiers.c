/* SPDX-License-Identifier: MIT */
/* Units that hold an identifier of the question. */
#include "rank/score_parts.h"

#include <strings.h>

#include "base/ascii.h"

#define IDENTIFIERS 8
#define PINNED_MOST 4
#define NAMED 100 /* more than all signs together */
#define SEPARATORS 4 /* between a name and its number: node-7, "node": "7" */
#define OFTEN 1   /* of a name that many units have: about as much as all other words */

/* What stands in the text to the letter, or, with a head, a name and a number: "node-7",
 * "disk3", "clause 12", whose head may have other capitals, and few separators or none before
 * the tail. */
struct identifier {
	struct slice head, tail;
};

/* Blanks, brackets and signs of a sentence, and each character of Chinese and Japanese. */
static bool
between_words(char c)
{
	return (unsigned char)c >= 0xE3 || memchr(" \t\r\n\"'`(),;?!", c, 13);
}

static struct slice
word_next(struct slice *rest)
{
	size_t n = 0;
	struct slice word;

	while (rest->len && ((rest->ptr[0] & 0xC0) == 0x80 || between_words(rest->ptr[0])))
		*rest = slice_drop(*rest, 1);
	while (n < rest->len && !between_words(rest->ptr[n]))
		n++;
	word = slice_take(*rest, n);
	*rest = slice_drop(*rest, n);
	/* signs of JSON that has no blanks */
	while (word.len && memchr(":[{", word.ptr[0], 3))
		word = slice_drop(word, 1);
	while (word.len && memchr(".:]}", word.ptr[word.len - 1], 4))
		word.len--;
	return word;
}

static size_t
digits(struct slice word)
{
	size_t n = 0;

	for (size_t i = 0; i < word.len; i++)
		n += ascii_digit(word.ptr[i]);
	return n;
}

static bool
separates(char c)
{
	return memchr(" -_#./:=\"'", c, 10) != NULL;
}

/* A word with few digits as head and tail; before: the word in front of it, which is the head of
 * a bare number. False: it names nothing, as "3rd". */
static bool
name_and_number(struct slice word, struct slice before, struct identifier *id)
{
	size_t n = 0;

	while (n < word.len && !ascii_digit(word.ptr[n]))
		n++;
	*id = (struct identifier){ slice_take(word, n), slice_drop(word, n) };
	while (id->head.len && separates(id->head.ptr[id->head.len - 1]))
		id->head.len--;
	if (id->head.len)
		return true;
	for (size_t i = 0; i < id->tail.len; i++)
		if (!ascii_digit(id->tail.ptr[i]) && id->tail.ptr[i] != '.')
			return false;
	id->head = before;
	return id->tail.len && before.len;
}

static bool
is_common(struct slice word, struct terms *t)
{
	struct slice first;
	uint64_t term = term_next(&word, &first);

	return !term || terms_add(t, term) < t->common;
}

/* The next one of the question: 6 bytes or more with 3 digits, or 5 digits; or a name and a
 * number. */
static bool
identifier_next(struct slice *rest, struct terms *t, struct identifier *id)
{
	struct slice before = { NULL, 0 };

	while (rest->len) {
		struct slice word = word_next(rest);
		size_t n = digits(word);

		if (n >= 5 || (n >= 3 && word.len >= 6)) {
			*id = (struct identifier){ .tail = word };
			return true;
		}
		if (n && name_and_number(word, before, id))
			return true;
		before = n || is_common(word, t) ? slice_take(word, 0) : word;
	}
	return false;
}

static bool
is_word_byte(char c)
{
	return ascii_letter(c) || ascii_digit(c);
}

/* Whether the tail at offset `at` of t has its head before it, and both are whole words. */
static bool
is_name_at(struct slice t, size_t at, const struct identifier *id)
{
	size_t end = at + id->tail.len;

	if (end < t.len && is_word_byte(t.ptr[end]))
		return false;
	for (size_t n = 0; n < SEPARATORS && at && separates(t.ptr[at - 1]); n++)
		at--;
	if (at < id->head.len)
		return false;
	at -= id->head.len;
	return strncasecmp(t.ptr + at, id->head.ptr, id->head.len) == 0 &&
	       (!at || !is_word_byte(t.ptr[at - 1]));
}

static bool
holds(struct slice t, const struct identifier *id)
{
	const char *p;

	for (size_t from = 0; from < t.len; from = (size_t)(p - t.ptr) + 1) {
		p = memmem(t.ptr + from, t.len - from, id->tail.ptr, id->tail.len);
		if (!p)
			return false;
		if (!id->head.len || is_name_at(t, (size_t)(p - t.ptr), id))
			return true;
	}
	return false;
}

void
score_identifiers(struct units *u, struct slice question, struct terms *t, float *score)
{
	uint32_t *found = arena_alloc(u->arena, (u->count + 1) * sizeof(*found));
	struct identifier id;

	for (size_t n = 0; n < IDENTIFIERS && identifier_next(&question, t, &id); n++) {
		size_t count = 0;

		for (uint32_t i = 0; i < u->count; i++)
			if (holds(said(u->list[i].text, u->arena), &id))
				found[count++] = i;
		for (size_t i = 0; i < count; i++) {
			struct unit *named = &u->list[found[i]];

			score[found[i]] += count <= PINNED_MOST ? NAMED : OFTEN;
			named->pinned |= count <= PINNED_MOST && named->kind != UNIT_CODE &&
					 named->kind != UNIT_TURN && unit_is_body(named);
		}
	}
}
