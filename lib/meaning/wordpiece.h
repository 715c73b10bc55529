/* SPDX-License-Identifier: MIT */
/*
 * BERT's uncased WordPiece: text to token ids, equal to PyPI tokenizers 0.23 on every text that
 * is UTF-8 (no special token is recognised in text: "[CLS]" is three words). Control characters
 * and U+FFFD are dropped, accents stripped, letters lower-cased; split at blanks, around
 * punctuation and around CJK ideographs; each word is cut greedily into the longest pieces, or
 * is [UNK] as a whole. A byte that is not UTF-8 is dropped.
 */
#ifndef LLM_MEANING_WORDPIECE_H
#define LLM_MEANING_WORDPIECE_H

#include "base/slice.h"

struct wordpiece; /* a vocabulary */

/* A vocabulary from its text: one token a line, in the order of the ids from 0. NULL: *why
 * (static) says what is wrong; [UNK] must be there. */
struct wordpiece *wordpiece_open(struct slice lines, const char **why);
/* The same from what vocabulary_build() made, which must outlive it. */
struct wordpiece *wordpiece_map(struct slice image);
/* NULL is left alone. */
void wordpiece_close(struct wordpiece *words);
/* How many tokens. */
uint32_t wordpiece_size(const struct wordpiece *words);
/* The id of a token as its line has it ("[CLS]", "##ing"), or -1. */
int64_t wordpiece_find(const struct wordpiece *words, struct slice token);

struct wordpiece_count {
	size_t pieces; /* of the whole text, also those that had no room */
	/* Among them: [UNK] and single letters, but not the words "a" and "i" nor what follows
	 * an apostrophe; or, if that is more and a third of all is exceeded, the pieces inside
	 * words (3 % of English, most of German). */
	size_t poor;
};

/* Writes the ids of TEXT, without [CLS] and [SEP], to ids[0..room) and counts. Beyond room
 * nothing is written; ids may be NULL if room is 0. */
struct wordpiece_count wordpiece_ids(
    const struct wordpiece *words, struct slice text, uint32_t *ids, size_t room);

#endif
