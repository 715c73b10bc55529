/* SPDX-License-Identifier: MIT */
#include "meaning/wordpiece.h"

#include <stdlib.h>

#include "base/mem.h"
#include "meaning/letters.h"
#include "meaning/plain.h"
#include "meaning/vocabulary.h"
#include "text/unicode.h"

/* A longer word is [UNK], as in BERT. */
#define WORD_MOST 100
#define SEEN_PIECES 3

/* A word of up to 16 plain bytes and what became of it: speed only. */
struct seen {
	struct plain word;
	uint32_t ids[SEEN_PIECES];
	uint16_t pieces, poor, inner; /* no pieces: a free place */
};
#define SEEN (1u << 14)

struct wordpiece {
	struct vocabulary v;
	uint32_t inside;     /* hash of "##" */
	uint32_t alone[128]; /* id + 1 of an ASCII character that is a word; 0: none */
	void *own;           /* the image, if it is not mapped */
	struct seen *seen;
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
	words->seen = mem_zero(SEEN * sizeof *words->seen);
	words->inside = vocabulary_hash(vocabulary_hash(VOCABULARY_HASH, '#'), '#');
	return words;
}

struct wordpiece *
wordpiece_map(struct slice image)
{
	return from_image(image);
}

struct wordpiece *
wordpiece_open(struct slice lines, const char **why)
{
	struct wordpiece *words;
	struct slice image;

	if (!vocabulary_build(lines, &image, why))
		return NULL;
	words = from_image(image);
	words->own = (void *)(uintptr_t)image.ptr;
	return words;
}

void
wordpiece_close(struct wordpiece *words)
{
	if (!words)
		return;
	free(words->own);
	free(words->seen);
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

static void
add_plain(struct reader *r, const struct plain *p)
{
	add(r, slice_of(p->byte, p->len), p->len);
}

/* A word that is plain as a whole. */
static void
take_word(struct reader *r, const struct plain *p)
{
	struct seen *s = &r->words->seen[plain_hash(p) % SEEN];
	struct wordpiece_count before = r->count;
	size_t inner = r->inner;
	bool quoted = r->quoted;

	if (s->pieces && plain_equal(&s->word, p)) {
		for (size_t i = 0; i < s->pieces; i++)
			emit(r, s->ids[i], false);
		r->count.poor += quoted ? 0 : s->poor;
		r->inner += s->inner;
		r->quoted = false;
		return;
	}
	add_plain(r, p);
	end_word(r);
	/* a word after an apostrophe does not show what is poor */
	if (quoted || r->count.pieces - before.pieces > SEEN_PIECES ||
	    r->count.pieces > r->room)
		return;
	s->word = *p;
	s->pieces = (uint16_t)(r->count.pieces - before.pieces);
	s->poor = (uint16_t)(r->count.poor - before.poor);
	s->inner = (uint16_t)(r->inner - inner);
	memcpy(s->ids, r->ids + before.pieces, s->pieces * sizeof *s->ids);
}

/* A blank or punctuation. */
static bool
ends_plain(struct slice text)
{
	return !text.len ||
	       (text.ptr[0] >= ' ' && text.ptr[0] < 0x7f && !plain_is(text.ptr[0]));
}

/* Takes the ASCII character at the begin of text that is a word by itself; false: it is none.
 */
static bool
take_alone(struct reader *r, struct slice *text)
{
	unsigned char c = (unsigned char)text->ptr[0];
	uint32_t id = c < 128 ? r->words->alone[c] : 0;

	if (!id)
		return false;
	end_word(r);
	emit(r, id - 1, false);
	r->quoted = c == '\'';
	*text = slice_drop(*text, 1);
	return true;
}

/* Takes what is plain at the begin of text; false: nothing is. */
static bool
take_plain(struct reader *r, struct slice *text)
{
	struct plain p;

	plain_take(*text, &p);
	*text = slice_drop(*text, p.len);
	if (p.len && !r->letters && ends_plain(*text))
		take_word(r, &p);
	else
		add_plain(r, &p);
	return p.len > 0;
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
	while (text.len) {
		struct slice at;
		uint32_t point;

		if (text.ptr[0] == ' ') {
			end_word(&r);
			text = slice_drop(text, 1);
			continue;
		}
		if (take_plain(&r, &text) || take_alone(&r, &text))
			continue;
		at = text;
		point = unicode_next(&text);
		at.len -= text.len;
		take_letter(&r, point, at);
	}
	end_word(&r);
	/* another language in this one's letters: known pieces, but of no known words */
	if (r.inner > r.count.pieces / 3)
		r.count.poor = r.inner > r.count.poor ? r.inner : r.count.poor;
	return r.count;
}
