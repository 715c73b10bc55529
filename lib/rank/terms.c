/* SPDX-License-Identifier: MIT */
#include "rank/terms.h"

#include "text/find.h"

#define TERM_BYTES 40 /* a longer word counts by its first bytes and its length */

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

enum { SEP, LOW, CAP, NUM, WIDE };
static const unsigned char class_of[256] = {
	['0'] = NUM,
	NUM,
	NUM,
	NUM,
	NUM,
	NUM,
	NUM,
	NUM,
	NUM,
	NUM,
	['A'] = CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	CAP,
	['a'] = LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
	LOW,
};

struct term_slot {
	uint64_t term;
	uint32_t number;
};

/* What stands at p, not ASCII: bytes of it in *n; true if it is part of a word, *alone if it is
 * one by itself. */
static bool
wide_letter(const unsigned char *p, const unsigned char *end, size_t *n, bool *alone)
{
	size_t left = (size_t)(end - p);

	*n = p[0] < 0xC0 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (*n > left)
		*n = left;
	*alone = false;
	if (*n == 2)
		return p[0] != 0xC2;
	if (*n == 3) {
		if (p[0] == 0xE2 || (p[0] == 0xE3 && p[1] == 0x80) || p[0] == 0xEF)
			return false;
		*alone = p[0] >= 0xE3 && p[0] <= 0xE9;
		return true;
	}
	return *n == 4;
}

/* Small letter of a two-byte capital, in place. */
static void
lower_wide(unsigned char *p)
{
	if (p[0] == 0xC3 && p[1] >= 0x80 && p[1] <= 0x9E)
		p[1] |= 0x20;
	else if (p[0] == 0xCE && p[1] >= 0x91 && p[1] <= 0x9F)
		p[1] += 0x20;
	else if (p[0] == 0xCE && p[1] >= 0xA0 && p[1] <= 0xA9)
		p[0] = 0xCF, p[1] -= 0x20;
	else if (p[0] == 0xD0 && p[1] >= 0x90 && p[1] <= 0x9F)
		p[1] += 0x20;
	else if (p[0] == 0xD0 && p[1] >= 0xA0 && p[1] <= 0xAF)
		p[0] = 0xD1, p[1] -= 0x20;
}

static bool
has_vowel(const unsigned char *w, size_t n)
{
	static const unsigned vowels =
	    1u << 0 | 1u << 4 | 1u << 8 | 1u << 14 | 1u << 20 | 1u << 24;

	for (size_t i = 0; i < n; i++)
		if (w[i] >= 'a' && w[i] <= 'z' && (vowels >> (w[i] - 'a') & 1))
			return true;
	return false;
}

static bool
ends(const unsigned char *w, size_t n, const char *tail, size_t k)
{
	return n > k + 2 && w[n - 1] == (unsigned char)tail[k - 1] &&
	       memcmp(w + n - k, tail, k) == 0 && has_vowel(w, n - k);
}

/* Length of the stem of a word in small letters; may change a letter. */
static size_t
stem(unsigned char *w, size_t n)
{
	/* the last letters of what goes: s d y g n r e */
	static const unsigned ending =
	    1u << 18 | 1u << 3 | 1u << 24 | 1u << 6 | 1u << 13 | 1u << 17 | 1u << 4;

	if (n < 4 || w[n - 1] < 'a' || w[n - 1] > 'z' || !(ending >> (w[n - 1] - 'a') & 1))
		return n;
	if (n > 3 && w[n - 1] == 's' && w[n - 2] != 's' && w[n - 2] != 'u') {
		n--;
		if (n > 4 && w[n - 1] == 'e' && w[n - 2] == 'i') {
			w[n - 2] = 'y';
			n--;
		} else if (n > 4 && w[n - 1] == 'e' && memchr("sxzh", w[n - 2], 4)) {
			n--;
		}
	} else if (n > 4 && memcmp(w + n - 3, "ied", 3) == 0) {
		n -= 2;
		w[n - 1] = 'y';
	}
	if (ends(w, n, "ly", 2))
		n -= 2;
	if (ends(w, n, "ing", 3) || ends(w, n, "ion", 3))
		n -= 3;
	else if (ends(w, n, "ed", 2) || ends(w, n, "er", 2) || ends(w, n, "or", 2))
		n -= 2;
	else
		goto last;
	if (n > 3 && w[n - 1] == w[n - 2] && !memchr("lsz", w[n - 1], 3))
		n--;
last:
	if (n > 3 && w[n - 1] == 'e')
		n--;
	if (n > 3 && w[n - 1] == 'y')
		w[n - 1] = 'i';
	return n;
}

static uint64_t
mix(const unsigned char *w, size_t n)
{
	uint64_t h = 0x9E3779B97F4A7C15u ^ n, v;

	for (; n >= 8; n -= 8, w += 8) {
		memcpy(&v, w, 8);
		h = (h ^ v) * 0xD6E8FEB86659FD93u;
		h ^= h >> 32;
	}
	v = 0;
	memcpy(&v, w, n);
	h = (h ^ v) * 0xD6E8FEB86659FD93u;
	h ^= h >> 32;
	h *= 0xD6E8FEB86659FD93u;
	h ^= h >> 29;
	return h ? h : 1;
}

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
	find_bytes mask;
	size_t n;

	if (end - p < 17)
		return 0;
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

static uint64_t read_word(struct slice *rest, struct slice *word);

static const unsigned char *
skip_separators(const unsigned char *p, const unsigned char *end)
{
	while (p < end && *p < 0x80 && class_of[*p] == SEP)
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
	place->term = read_word(&rest, &word);
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
		return read_word(rest, word);
	*word = slice_take(*rest, n);
	*rest = slice_drop(*rest, n);
	return look_up(p, n, &key, place_of(&key))->term;
}

static uint64_t
read_word(struct slice *rest, struct slice *word)
{
	const unsigned char *p = (const unsigned char *)rest->ptr, *end = p + rest->len, *from;
	unsigned char w[TERM_BYTES + 8];
	size_t n = 0, k;
	bool ascii = true, letters = false, alone = false;

	for (; p < end && class_of[*p] == SEP; p += *p < 0x80 ? 1 : k)
		if (*p >= 0x80 && wide_letter(p, end, &k, &alone))
			break;
	from = p;
	for (; p < end; p += k) {
		unsigned c = class_of[*p];
		bool one;

		while (c != SEP) { /* the common case */
			letters |= c != NUM;
			if (n < TERM_BYTES)
				w[n++] = c == CAP ? *p | 0x20 : *p;
			c = ++p < end ? class_of[*p] : SEP;
		}
		if (p == end)
			break;
		k = 1;
		if (*p < 0x80 || !wide_letter(p, end, &k, &one) || (one && p > from))
			break;
		ascii = false;
		if (n + k <= TERM_BYTES) {
			memcpy(w + n, p, k);
			if (k == 2)
				lower_wide(w + n);
			n += k;
		}
		if (one) {
			p += k;
			break;
		}
	}
	*word = slice_of((const char *)from, (size_t)(p - from));
	*rest = slice_of((const char *)p, (size_t)(end - p));
	if (p == from)
		return 0;
	if (ascii && letters && word->len <= TERM_BYTES)
		n = stem(w, n);
	return mix(w, n) ^ (word->len > TERM_BYTES ? word->len : 0);
}

#define SLOTS 1024
#define PROBES 16 /* terms that crowd together further than that stand in a tree */

static uint32_t runs; /* 0 is none; after 2^32 the words of one are forgotten twice */

void
terms_open(struct terms *t, struct arena *a)
{
	struct slice rest = slice_z(common_words), word;
	uint64_t term;

	*t = (struct terms){ .arena = a, .mask = SLOTS - 1, .run = ++runs };
	t->slots = arena_zero(a, SLOTS, sizeof(*t->slots));
	while ((term = term_next(&rest, &word)) != 0)
		terms_add(t, term);
	t->common = t->count;
}

/* Where the term is, or the place that is free for it; NULL: neither within PROBES. */
static struct term_slot *
probe(const struct terms *t, uint64_t term)
{
	for (size_t i = 0; i < PROBES; i++) {
		struct term_slot *s = &t->slots[(term + i) & t->mask];

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

static struct term_node **
branch(struct terms *t, uint64_t term)
{
	struct term_node **n = &t->crowd;

	for (uint64_t bits = term; *n && (*n)->slot.term != term; bits >>= 1)
		n = &(*n)->below[bits & 1];
	return n;
}

static void
put(struct terms *t, struct term_slot slot)
{
	struct term_slot *to = probe(t, slot.term);
	struct term_node **n;

	if (to) {
		*to = slot;
		return;
	}
	n = branch(t, slot.term);
	*n = arena_zero(t->arena, 1, sizeof(**n));
	(*n)->slot = slot;
}

static void
grow(struct terms *t)
{
	struct term_slot *old = t->slots;
	size_t size = t->mask + 1;

	t->mask = 4 * size - 1;
	t->slots = arena_zero(t->arena, 4 * size, sizeof(*t->slots));
	for (size_t i = 0; i < size; i++)
		if (old[i].term)
			put(t, old[i]);
}

uint32_t
terms_find(const struct terms *t, uint64_t term)
{
	const struct term_slot *s = probe(t, term);
	const struct term_node *n = t->crowd;

	if (s && s->term)
		return s->number;
	for (uint64_t bits = term; n && n->slot.term != term; bits >>= 1)
		n = n->below[bits & 1];
	return n ? n->slot.number : TERM_NONE;
}

uint32_t
terms_add(struct terms *t, uint64_t term)
{
	uint32_t known = terms_find(t, term);

	if (known != TERM_NONE)
		return known;
	put(t, (struct term_slot){ term, t->count });
	if (++t->count * 2u > t->mask)
		grow(t);
	return t->count - 1;
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
			uint64_t term = read_word(&rest, &word);

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
