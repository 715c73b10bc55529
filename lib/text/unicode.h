/* SPDX-License-Identifier: MIT */
/* The only file that knows utf8proc: code points, classes, folding, words, graphemes.
 *
 * Texts are UTF-8. A byte that is not is taken as U+FFFD of length one, everywhere, so no
 * function fails. */
#ifndef TEXT_UNICODE_H
#define TEXT_UNICODE_H

#include "base/arena.h"
#include "base/slice.h"

/* The first code point of *rest, which is moved behind it. rest must not be empty. */
uint32_t unicode_next(struct slice *rest);
/* UTF-8 of c into out (4 bytes); returns how many. c must be no surrogate. */
size_t unicode_put(uint32_t c, char *out);
/* True if the text is valid UTF-8. */
bool unicode_valid(struct slice text);

/* Major general category (Unicode chapter 4.5). */
enum unicode_class {
	UNICODE_LETTER,
	UNICODE_MARK,
	UNICODE_NUMBER,
	UNICODE_PUNCTUATION,
	UNICODE_SYMBOL,
	UNICODE_SPACE,
	UNICODE_OTHER /* controls, formats, unassigned, private */
};
enum unicode_class unicode_class(uint32_t c);

/* Composed form, canonical (NFC) or compatible (NFKC). What is not UTF-8 comes back as it is.
 * The result lives in the arena, or is text itself where nothing changes and it is ASCII. */
struct slice unicode_nfc(struct slice text, struct arena *a);
struct slice unicode_nfkc(struct slice text, struct arena *a);
/* Without case, for comparing: NFKC with case folding and without ignorable code points. */
struct slice unicode_fold(struct slice text, struct arena *a);

/* The next word of *rest, which is moved behind it: letters, marks, numbers and '_', with an
 * apostrophe between letters. False if none is left. */
bool unicode_word(struct slice *rest, struct slice *word);
/* How many such words there are. */
size_t unicode_words(struct slice text);
/* Bytes of the first grapheme cluster (UAX 29); 0 for no text. */
size_t unicode_grapheme(struct slice text);

const char *unicode_version(void); /* "utf8proc 2.8.0" */

#endif
