/* SPDX-License-Identifier: MIT */
#include "rank/terms.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/mem.h"
#include "text/plain.h"

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

/* All terms of the run. */
struct term_slot {
	uint64_t term;
	uint32_t at; /* in book.number */
};

/* The number of a term among those that are counted now. */
struct term_number {
	uint32_t run; /* whose number it is; 0: nobody's */
	uint32_t number;
};

#define SLOTS (1u << 14)
#define KNOWN_MOST (SLOTS * 2) /* with more terms the book begins anew */
#define PROBES 16 /* terms that crowd together further than that stand in a tree */

static struct book {
	struct term_slot *slots;
	size_t mask;
	struct term_node *crowd;
	struct arena arena; /* of the tree */
	struct term_number *number;
	size_t count, room;
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

/* Nothing of an old run is taken for one of a new. */
static void
begin_book(void)
{
	arena_reset(&book.arena);
	free(book.slots);
	free(book.number);
	for (size_t i = 0; i < PLAIN_NOTES; i++)
		plain_seen[i].term = 0;
	book = (struct book){ .slots = mem_zero(SLOTS * sizeof(*book.slots)),
		.mask = SLOTS - 1,
		.arena = book.arena };
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

static uint32_t
add_number(void)
{
	if (book.count == book.room) {
		book.room = book.room ? 2 * book.room : SLOTS;
		book.number = mem_grow(book.number, book.room, sizeof(*book.number));
	}
	book.number[book.count].run = 0;
	return (uint32_t)book.count++;
}

/* Where in book.number the term stands. */
static uint32_t
in_book(uint64_t term)
{
	struct term_slot *s;

	if (book.count * 2 > book.mask)
		grow();
	s = place_in_book(term);
	if (!s->term)
		*s = (struct term_slot){ term, add_number() };
	return s->at;
}

static inline uint32_t
number_of(struct terms *t, uint32_t at)
{
	struct term_number *n = &book.number[at];

	if (n->run != t->run)
		*n = (struct term_number){ t->run, t->count++ };
	return n->number;
}

uint32_t
terms_add(struct terms *t, uint64_t term)
{
	return number_of(t, in_book(term));
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
	struct ahead_word {
		union plain_key key;
		struct plain_note *places;
	} word[AHEAD + PLAIN_SPAN / 2];
};

static inline void
look_ahead(struct ahead *a, const char *at, size_t len)
{
	struct ahead_word *w = &a->word[a->count++];

	w->key = plain_key(at, len);
	w->places = plain_places(plain_seen, &w->key);
	__builtin_prefetch(w->places);
}

/* Where in book.number its term stands, and 1. */
static uint32_t
see_new(const struct ahead_word *w)
{
	struct slice rest = slice_of((const char *)&w->key, sizeof(w->key)), word;
	struct plain_note *n = plain_place(w->places, &w->key);

	return n->term = in_book(term_next(&rest, &word)) + 1;
}

static uint32_t *
number_all(struct terms *t, struct ahead *a, uint32_t *to)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct ahead_word *w = &a->word[i];
		const struct plain_note *n = plain_find(w->places, &w->key);

		uint32_t at = n ? n->term : 0;

		*to++ = number_of(t, (at ? at : see_new(w)) - 1);
	}
	a->count = 0;
	return to;
}

/* The words of at most PLAIN_KEY bytes that text begins with are looked for; true: what comes
 * behind them is another word. */
static bool
take_span(struct slice *text, struct ahead *a)
{
	struct plain_span s;
	uint64_t word, wide, starts;
	unsigned end = text->len < PLAIN_SPAN ? (unsigned)text->len : PLAIN_SPAN;
	bool other;

	plain_see(&s, *text);
	word = plain_mask(&s, plain_is_word);
	wide = plain_mask(&s, plain_is_wide) & plain_below(end);
	other = wide != 0;
	if (other)
		end = (unsigned)__builtin_ctzll(wide);
	if (end < text->len)
		end -= plain_run_before(word, end);
	starts = word & ~(word << 1) & plain_below(end);
	for (; starts; starts &= starts - 1) {
		unsigned i = (unsigned)__builtin_ctzll(starts), len = plain_run(word, i);

		if (len > PLAIN_KEY) {
			end = i;
			other = true;
			break;
		}
		look_ahead(a, s.at + i, len);
	}
	*text = slice_drop(*text, end);
	return other || !end;
}

size_t
terms_all(struct terms *t, struct slice text, uint32_t *numbers)
{
	struct ahead a;
	uint32_t *to = numbers;

	a.count = 0; /* and nothing else: it is large */
	while (text.len) {
		bool other = take_span(&text, &a);

		if (other || a.count > AHEAD)
			to = number_all(t, &a, to);
		if (other) {
			struct slice word;
			uint64_t term = term_next(&text, &word);

			if (term)
				*to++ = terms_add(t, term);
		}
	}
	return (size_t)(number_all(t, &a, to) - numbers);
}
