/* SPDX-License-Identifier: MIT */
#include "meaning/wordpiece.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "meaning/letters.h"
#include "meaning/vocabulary.h"
#include "text/plain.h"
#include "text/unicode.h"

/* A longer word is [UNK], as in BERT. */
#define WORD_MOST 100
#define SEEN_PIECES 5
#define SEEN_IDS 65536

/* What became of a word of up to 16 ASCII letters and digits: the pieces of a struct plain_note.
 * How many they are, 0: not known; and of how many that is poor and inner, four bits each. */
union seen {
	uint16_t note[SEEN_PIECES + 1];
	struct {
		uint16_t ids[SEEN_PIECES];
		uint8_t pieces, counts;
	};
};

struct wordpiece {
	struct vocabulary v;
	uint32_t inside;     /* hash of "##" */
	uint32_t alone[128]; /* id + 1 of an ASCII character that is a word; 0: none */
	void *own;           /* the image, if it is not mapped */
	struct plain_note *seen, *own_seen; /* NULL: they are the program's */
};

/* One text on its way to ids. */
struct reader {
	const struct wordpiece *words;
	uint32_t *ids;
	size_t room, len, letters; /* bytes and code points of the word */
	uint32_t hash;             /* of its bytes */
	struct wordpiece_count count;
	size_t inner;             /* pieces inside words that are no numbers */
	bool quoted;              /* the word follows an apostrophe */
	char word[WORD_MOST * 4]; /* full when letters says more than WORD_MOST */
};

static void
find_alone(struct wordpiece *words)
{
	for (char c = ' '; c < 127; c++) {
		int64_t id = letters_of((uint32_t)c) == LETTER_PUNCTUATION
				 ? wordpiece_find(words, slice_of(&c, 1))
				 : -1;

		words->alone[(unsigned)c] = id < 0 ? 0 : (uint32_t)id + 1;
	}
}

static struct wordpiece *
from_image(struct slice image)
{
	struct wordpiece *words = mem_zero(sizeof *words);

	vocabulary_map(image, &words->v);
	find_alone(words);
	words->inside = vocabulary_hash(vocabulary_hash(VOCABULARY_HASH, '#'), '#');
	return words;
}

static void
own_notes(struct wordpiece *words)
{
	words->seen = words->own_seen = mem_zero(PLAIN_NOTES * sizeof *words->seen);
}

struct wordpiece *
wordpiece_map(struct slice image)
{
	static const char *noted; /* the image of which plain_seen tells */
	struct wordpiece *words = from_image(image);

	noted = noted ? noted : image.ptr;
	if (image.ptr == noted)
		words->seen = plain_seen;
	else
		own_notes(words);
	return words;
}

struct wordpiece *
wordpiece_open(struct slice lines, const char **why)
{
	struct wordpiece *words;
	struct slice image;

	if (!vocabulary_build(lines, &image, why))
		return NULL;
	words = from_image(image);
	own_notes(words);
	words->own = (void *)(uintptr_t)image.ptr;
	return words;
}

void
wordpiece_close(struct wordpiece *words)
{
	if (!words)
		return;
	free(words->own);
	free(words->own_seen);
	free(words);
}

uint32_t
wordpiece_size(const struct wordpiece *words)
{
	return words->v.count;
}

int64_t
wordpiece_find(const struct wordpiece *words, struct slice token)
{
	uint32_t hash = VOCABULARY_HASH;

	for (size_t i = 0; i < token.len; i++)
		hash = vocabulary_hash(hash, token.ptr[i]);
	return vocabulary_find(&words->v, hash, token, SLICE(""));
}

static void
emit(struct reader *r, uint32_t id, bool poor)
{
	if (r->count.pieces < r->room)
		r->ids[r->count.pieces] = id;
	r->count.pieces++;
	r->count.poor += poor;
}

static bool
is_inner_byte(char c)
{
	return ((uint8_t)c & 0xc0) == 0x80;
}

/* The longest token that text begins with, inside a word or at its begin; -1: none. */
static int64_t
longest(const struct wordpiece *words, struct slice text, bool inside, size_t *len)
{
	struct slice head = inside ? SLICE("##") : SLICE("");
	uint32_t hash = inside ? words->inside : VOCABULARY_HASH, hashes[WORD_MOST * 4];
	size_t most = words->v.longest > head.len ? words->v.longest - head.len : 0;

	most = most < text.len ? most : text.len;
	for (size_t i = 0; i < most; i++)
		hashes[i] = hash = vocabulary_hash(hash, text.ptr[i]);
	for (size_t n = most; n > 0; n--) {
		int64_t id;

		if (n < text.len && is_inner_byte(text.ptr[n]))
			continue;
		id = vocabulary_find(&words->v, hashes[n - 1], head, slice_take(text, n));
		if (id >= 0) {
			*len = n;
			return id;
		}
	}
	return -1;
}

/* One code point that is no digit; "a" and "i" are words, what follows an apostrophe is the
 * end of one, and so is the s of a plural. */
static bool
is_poor(const struct reader *r, struct slice piece, bool inside)
{
	char c = piece.ptr[0];
	size_t n = 1;

	while (n < piece.len && is_inner_byte(piece.ptr[n]))
		n++;
	if (n < piece.len || r->quoted || (c >= '0' && c <= '9'))
		return false;
	return inside ? c != 's' : piece.len < r->len || (c != 'a' && c != 'i');
}

/* A word that is no token as a whole. */
static void
cut_word(struct reader *r)
{
	struct slice word = slice_of(r->word, r->len), rest = word;
	struct {
		uint32_t id;
		bool poor;
	} pieces[WORD_MOST];
	size_t n = 0, len = 0, inner = 0;

	for (; rest.len; rest = slice_drop(rest, len)) {
		bool inside = rest.ptr != word.ptr;
		int64_t id = longest(r->words, rest, inside, &len);

		if (id < 0) {
			emit(r, r->words->v.unknown, true);
			return;
		}
		inner += inside && (rest.ptr[0] < '0' || rest.ptr[0] > '9');
		pieces[n].id = (uint32_t)id;
		pieces[n++].poor = is_poor(r, slice_take(rest, len), inside);
	}
	for (size_t i = 0; i < n; i++)
		emit(r, pieces[i].id, pieces[i].poor);
	r->inner += inner;
}

static void
end_word(struct reader *r)
{
	struct slice word = slice_of(r->word, r->len);
	int64_t id;

	if (r->letters > WORD_MOST)
		emit(r, r->words->v.unknown, true);
	else if (r->letters) {
		id = vocabulary_find(&r->words->v, r->hash, SLICE(""), word);
		if (id >= 0)
			emit(r, (uint32_t)id, r->letters == 1 && is_poor(r, word, false));
		else
			cut_word(r);
	}
	r->len = r->letters = 0;
	r->hash = VOCABULARY_HASH;
	r->quoted = false;
}

/* letters: how many code points bytes are. */
static void
add(struct reader *r, struct slice bytes, size_t letters)
{
	r->letters += letters;
	if (r->letters > WORD_MOST)
		return;
	for (size_t i = 0; i < bytes.len; i++) {
		r->hash = vocabulary_hash(r->hash, bytes.ptr[i]);
		r->word[r->len++] = bytes.ptr[i];
	}
}

static void
add_alone(struct reader *r, struct slice bytes, bool ideograph)
{
	int64_t id = wordpiece_find(r->words, bytes);

	end_word(r);
	emit(r, id < 0 ? r->words->v.unknown : (uint32_t)id, id < 0 || ideograph);
	r->quoted = slice_eqz(bytes, "'") || slice_eqz(bytes, "\xe2\x80\x99");
}

/* The Unicode Standard, chapter 3.12: syllables and their jamo. */
static void
add_hangul(struct reader *r, uint32_t point)
{
	uint32_t at = point - 0xac00,
		 jamo[3] = { 0x1100 + at / 588, 0x1161 + at % 588 / 28, 0x11a7 + at % 28 };

	for (size_t i = 0; i < (at % 28 ? 3 : 2); i++) {
		char utf8[4];

		add(r, slice_of(utf8, unicode_put(jamo[i], utf8)), 1);
	}
}

static void
add_mapped(struct reader *r, uint16_t code)
{
	uint16_t from = letters_start[code - LETTER_MAPPED];
	struct slice text = slice_of(
	    (const char *)letters_text + from, letters_start[code - LETTER_MAPPED + 1] - from);
	size_t letters = 0;

	for (size_t i = 0; i < text.len; i++)
		letters += !is_inner_byte(text.ptr[i]);
	if (code < letters_mapped)
		add_alone(r, text, code >= letters_ideographs);
	else
		add(r, text, letters);
}

static void
take_letter(struct reader *r, uint32_t point, struct slice bytes)
{
	uint16_t code = letters_of(point);

	switch (code) {
	case LETTER_SELF: add(r, bytes, 1); break;
	case LETTER_DROP: break;
	case LETTER_BLANK: end_word(r); break;
	case LETTER_PUNCTUATION:
	case LETTER_IDEOGRAPH: add_alone(r, bytes, code == LETTER_IDEOGRAPH); break;
	case LETTER_HANGUL: add_hangul(r, point); break;
	default: add_mapped(r, code); break;
	}
}

/* What became of the word whose pieces stand last in ids. */
static union seen
last_seen(struct reader *r, const struct wordpiece_count *before, size_t inner)
{
	size_t pieces = r->count.pieces - before->pieces;
	union seen s = { .pieces = (uint8_t)pieces };

	for (size_t i = 0; i < pieces; i++)
		s.ids[i] = (uint16_t)r->ids[before->pieces + i];
	s.counts = (uint8_t)((r->count.poor - before->poor) << 4 | (r->inner - inner));
	return s;
}

/* A word of which nothing is known: cut, and noted. */
static void
take_new(struct reader *r, const union plain_key *word, size_t len, struct plain_note *places)
{
	struct wordpiece_count before = r->count;
	size_t inner = r->inner;
	bool quoted = r->quoted;
	union seen s;

	add(r, slice_of((const char *)word, len), len);
	end_word(r);
	/* a word after an apostrophe does not show what is poor */
	if (quoted || r->count.pieces - before.pieces > SEEN_PIECES ||
	    r->count.pieces > r->room || r->words->v.count > SEEN_IDS)
		return;
	s = last_seen(r, &before, inner);
	memcpy(plain_place(places, word)->pieces, &s, sizeof s);
}

static inline void
emit_seen(struct reader *r, const struct plain_note *n, const union seen *s)
{
	typedef uint16_t note __attribute__((vector_size(16)));
	typedef uint32_t ids __attribute__((vector_size(32)));

	if (r->count.pieces + sizeof(ids) / sizeof(uint32_t) <= r->room) {
		note some; /* the ids are among them, and what stands behind has no meaning */
		ids all;

		memcpy(&some, (const char *)n + offsetof(struct plain_note, pieces), sizeof some);
		all = __builtin_convertvector(some, ids);
		memcpy(r->ids + r->count.pieces, &all, sizeof all);
		r->count.pieces += s->pieces;
	} else {
		for (size_t i = 0; i < s->pieces; i++)
			emit(r, s->ids[i], false);
	}
	r->count.poor += r->quoted ? 0 : s->counts >> 4;
	r->inner += s->counts & 15;
}

/* A word of at most PLAIN_KEY bytes. */
static inline void
take_word(struct reader *r, const char *at, size_t len)
{
	union plain_key word = plain_key(at, len);
	struct plain_note *places = plain_places(r->words->seen, &word);
	const struct plain_note *n = plain_find(places, &word);
	union seen s;

	s.pieces = 0;
	if (n)
		memcpy(&s, n->pieces, sizeof s);
	if (s.pieces)
		emit_seen(r, n, &s);
	else
		take_new(r, &word, len, places);
}

/* ASCII letters and digits at the begin of text; how many. */
static size_t
add_plain(struct reader *r, struct slice text)
{
	size_t n = 0;

	for (; n < text.len && (ascii_letter(text.ptr[n]) || ascii_digit(text.ptr[n])); n++) {
		char small = (char)(text.ptr[n] | 0x20); /* which digits have as they are */

		add(r, slice_of(&small, 1), 1);
	}
	return n;
}

static inline find_mask
is_gap(find_bytes x, find_bytes y)
{
	(void)y;
	return FIND_IS(x, ' ') | FIND_IS(x, '\n') | FIND_IS(x, '\t') | FIND_IS(x, '\r');
}

static inline find_mask
is_visible(find_bytes x, find_bytes y)
{
	(void)y;
	return (find_mask)(x - FIND_ALL('!') < FIND_ALL(0x5E));
}

/* Takes the words and marks of ASCII that text begins with, blanks between them; false: it has
 * seen what is none of these, or may go on behind what it saw. */
static bool
take_span(struct reader *r, struct slice *text)
{
	struct plain_span s;
	uint64_t word, visible, todo;
	unsigned end;

	plain_see(&s, *text);
	word = plain_mask(&s, plain_is_word);
	visible = plain_mask(&s, is_visible);
	todo = ~(visible | plain_mask(&s, is_gap));
	end = todo ? (unsigned)__builtin_ctzll(todo) : PLAIN_SPAN;
	if (end < text->len)
		end -= plain_run_before(word, end);
	todo = visible & ~(word & word << 1) & plain_below(end);
	for (; todo; todo &= todo - 1) {
		unsigned at = (unsigned)__builtin_ctzll(todo), len;

		if (at)
			r->quoted = s.at[at - 1] == '\'';
		if (!(word >> at & 1)) {
			uint32_t id = r->words->alone[(unsigned char)s.at[at]];

			if (!id) {
				end = at;
				break;
			}
			emit(r, id - 1, false);
			continue;
		}
		len = plain_run(word, at);
		if (len <= PLAIN_KEY) {
			take_word(r, s.at + at, len);
		} else {
			add_plain(r, slice_of(s.at + at, len));
			end_word(r);
		}
	}
	if (end)
		r->quoted = s.at[end - 1] == '\'';
	*text = slice_drop(*text, end);
	return end > 0;
}

/* Takes what is left by take_span(). */
static void
take_letters(struct reader *r, struct slice *text)
{
	struct slice at = *text;
	uint32_t point;
	size_t n = add_plain(r, at);

	*text = slice_drop(at, n);
	if (n)
		return;
	point = unicode_next(text);
	at.len -= text->len;
	take_letter(r, point, at);
}

struct wordpiece_count
wordpiece_ids(const struct wordpiece *words, struct slice text, uint32_t *ids, size_t room)
{
	struct reader r;

	r.words = words;
	r.ids = ids;
	r.room = room;
	r.len = r.letters = r.inner = 0;
	r.hash = VOCABULARY_HASH;
	r.count = (struct wordpiece_count){ 0 };
	r.quoted = false;
	while (text.len)
		if (r.letters || !take_span(&r, &text))
			take_letters(&r, &text);
	end_word(&r);
	/* another language in this one's letters: known pieces, but of no known words */
	if (r.inner > r.count.pieces / 3)
		r.count.poor = r.inner > r.count.poor ? r.inner : r.count.poor;
	return r.count;
}
