/* SPDX-License-Identifier: MIT */
#include "rank/terms_parts.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "text/find.h"

/* Words of questions and of grammar; they tell no subject. */
static const char common_words[] =
    "a an the this that these those there here and or but nor so yet if then than as of in on "
    "at "
    "by for with from to into onto upon about over under between through during before after "
    "above below up down out off again further once is am are was were be been being do does "
    "did "
    "doing done have has had having will would shall should can could may might must i me my "
    "mine we us our ours you your yours he him his she her hers it its they them their theirs "
    "who whom whose which what when where why how all any both each few more most other some "
    "such no not only own same too very just also ever please tell give find name explain "
    "describe show list s t d ll m re ve don didn doesn isn aren wasn";

/* Words of less than 16 ASCII letters and digits, and what became of them: speed only. */
#define WORD_BITS 14
#define WORDS (1u << WORD_BITS)
static struct seen {
	union {
		find_bytes bytes; /* of the word, zeros behind it; all zeros: a free place */
		uint64_t half[2];
	};
	uint64_t term;
	uint32_t run, number; /* of the term among those of struct terms with this run */
} seen[WORDS];

static inline find_mask
is_plain(find_bytes x, find_bytes y)
{
	find_bytes letter = (x | FIND_ALL(0x20)) - FIND_ALL('a'), digit = x - FIND_ALL('0');

	(void)y;
	return (find_mask)(letter < FIND_ALL(26)) | (find_mask)(digit < FIND_ALL(10));
}

/* The word at p as a key; its length, or 0 where it is no such word. */
static size_t
plain_word(const unsigned char *p, const unsigned char *end, struct seen *key)
{
	static const unsigned char ones[32] = { 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255, 255, 255 };
	unsigned char last[32] = { 0 };
	find_bytes mask;
	size_t n;

	if (end - p < 17) {
		memcpy(last, p, (size_t)(end - p));
		p = last;
	}
	n = (size_t)__builtin_ctz(
	    ~find_at(slice_of((const char *)p, 17), 0, is_plain) | 1u << 16);
	if (!n || n == 16 || p[n] >= 0x80)
		return 0;
	memcpy(&key->bytes, p, sizeof(key->bytes));
	memcpy(&mask, ones + 16 - n, sizeof(mask));
	key->bytes &= mask;
	return n;
}

static struct seen *
place_of(const struct seen *key)
{
	return &seen[(key->half[0] * 0x9E3779B97F4A7C15u ^
			 (key->half[1] * 0xD6E8FEB86659FD93u << 1 |
			     key->half[1] * 0xD6E8FEB86659FD93u >> 63)) >>
		     (64 - WORD_BITS)];
}

static const unsigned char *
skip_separators(const unsigned char *p, const unsigned char *end)
{
	while (p < end && *p < 0x80 && !term_byte(*p))
		p++;
	return p;
}

static bool
is_same(const struct seen *a, const struct seen *b)
{
	return a->half[0] == b->half[0] && a->half[1] == b->half[1];
}

/* What became of the plain word of n bytes at p, whose key and place these are. */
static struct seen *
look_up(const unsigned char *p, size_t n, const struct seen *key, struct seen *place)
{
	struct slice rest = slice_of((const char *)p, n), word;

	if (is_same(place, key))
		return place;
	*place = *key;
	place->term = term_read(&rest, &word);
	place->run = 0;
	return place;
}

uint64_t
term_next(struct slice *rest, struct slice *word)
{
	const unsigned char *p = (const unsigned char *)rest->ptr, *end = p + rest->len;
	struct seen key;
	size_t n;

	p = skip_separators(p, end);
	*rest = slice_of((const char *)p, (size_t)(end - p));
	n = plain_word(p, end, &key);
	if (!n)
		return term_read(rest, word);
	*word = slice_take(*rest, n);
	*rest = slice_drop(*rest, n);
	return look_up(p, n, &key, place_of(&key))->term;
}

/* All terms of the run, and their numbers among those that are counted now. */
struct term_slot {
	uint64_t term;
	uint32_t run; /* whose number it is; 0: nobody's */
	uint32_t number;
};

#define SLOTS (1u << 14)
/* with more terms the book begins anew, so that it stays in the cache */
#define KNOWN_MOST (SLOTS / 4)
#define PROBES 16 /* terms that crowd together further than that stand in a tree */

static struct book {
	struct term_slot *slots;
	size_t mask;
	struct term_node *crowd;
	struct arena arena; /* of the tree */
	size_t count;
	uint32_t run; /* the last one */
} book;

/* Where the term is, or the place that is free for it; NULL: neither within PROBES. */
static struct term_slot *
probe(uint64_t term)
{
	for (size_t i = 0; i < PROBES; i++) {
		struct term_slot *s = &book.slots[(term + i) & book.mask];

		if (!s->term || s->term == term)
			return s;
	}
	return NULL;
}

/* A tree by the bits of the terms: no branch is longer than a term has bits. */
struct term_node {
	struct term_slot slot;
	struct term_node *below[2];
};

static struct term_slot *
in_crowd(uint64_t term)
{
	struct term_node **n = &book.crowd;

	for (uint64_t bits = term; *n && (*n)->slot.term != term; bits >>= 1)
		n = &(*n)->below[bits & 1];
	if (!*n)
		*n = arena_zero(&book.arena, 1, sizeof(**n));
	return &(*n)->slot;
}

static void
begin_book(void)
{
	if (book.run == UINT32_MAX) { /* no number of an old run is taken for one of a new */
		memset(seen, 0, sizeof(seen));
		book.run = 0;
	}
	arena_reset(&book.arena);
	book.crowd = NULL;
	book.count = 0;
	if (book.slots && book.mask == SLOTS - 1) {
		memset(book.slots, 0, SLOTS * sizeof(*book.slots));
		return;
	}
	free(book.slots);
	book.slots = mem_zero(SLOTS * sizeof(*book.slots));
	book.mask = SLOTS - 1;
}

static struct term_slot *
place_in_book(uint64_t term)
{
	struct term_slot *s = probe(term);

	return s ? s : in_crowd(term);
}

/* Those of the tree stay there. */
static void
grow(void)
{
	struct term_slot *old = book.slots;
	size_t size = book.mask + 1;

	book.slots = mem_zero(4 * size * sizeof(*book.slots));
	book.mask = 4 * size - 1;
	for (size_t i = 0; i < size; i++)
		if (old[i].term)
			*place_in_book(old[i].term) = old[i];
	free(old);
}

static struct term_slot *
add_to_book(uint64_t term)
{
	struct term_slot *s;

	if (book.count * 2 > book.mask)
		grow();
	s = place_in_book(term);
	book.count += !s->term;
	s->term = term;
	return s;
}

uint32_t
terms_add(struct terms *t, uint64_t term)
{
	struct term_slot *s = &book.slots[term & book.mask];

	if (s->term != term)
		s = add_to_book(term);
	if (s->run != t->run) {
		s->run = t->run;
		s->number = t->count++;
	}
	return s->number;
}

#define COMMON 200

/* The terms of common_words. */
static const uint64_t *
common_terms(size_t *count)
{
	static uint64_t list[COMMON];
	static size_t n;
	struct slice rest = slice_z(common_words), word;

	if (!n)
		for (; (list[n] = term_next(&rest, &word)) != 0; n++)
			assert(n + 1 < COMMON);
	*count = n;
	return list;
}

void
terms_open(struct terms *t)
{
	size_t count;
	const uint64_t *common = common_terms(&count);

	if (!book.slots || book.count > KNOWN_MOST || book.run == UINT32_MAX)
		begin_book();
	*t = (struct terms){ .run = ++book.run };
	for (size_t i = 0; i < count; i++)
		terms_add(t, common[i]);
	t->common = t->count;
}

/* Words that were read but not yet looked up: their places are on the way to the cache. */
#define AHEAD 16
struct ahead {
	size_t count;
	struct {
		struct seen key;
		struct seen *place;
		const unsigned char *at;
		size_t len;
	} word[AHEAD];
};

static uint32_t *
number_all(struct terms *t, struct ahead *a, uint32_t *to)
{
	for (size_t i = 0; i < a->count; i++) {
		struct seen *s =
		    look_up(a->word[i].at, a->word[i].len, &a->word[i].key, a->word[i].place);

		if (s->run != t->run) {
			s->number = terms_add(t, s->term);
			s->run = t->run;
		}
		*to++ = s->number;
	}
	a->count = 0;
	return to;
}

size_t
terms_all(struct terms *t, struct slice text, uint32_t *numbers)
{
	const unsigned char *p = (const unsigned char *)text.ptr, *end = p + text.len;
	struct ahead a = { .count = 0 };
	uint32_t *to = numbers;

	while ((p = skip_separators(p, end)) < end) {
		size_t n = plain_word(p, end, &a.word[a.count].key);

		if (n) {
			a.word[a.count].at = p;
			a.word[a.count].len = n;
			a.word[a.count].place = place_of(&a.word[a.count].key);
			__builtin_prefetch(a.word[a.count].place);
			a.count++;
			p += n;
		} else {
			struct slice rest = slice_of((const char *)p, (size_t)(end - p)), word;
			uint64_t term = term_read(&rest, &word);

			to = number_all(t, &a, to);
			if (term)
				*to++ = terms_add(t, term);
			p = (const unsigned char *)rest.ptr;
		}
		if (a.count == AHEAD)
			to = number_all(t, &a, to);
	}
	return (size_t)(number_all(t, &a, to) - numbers);
}
