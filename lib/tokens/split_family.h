/* SPDX-License-Identifier: MIT */
/* What the public patterns differ in, and how one piece is cut exactly. */
#ifndef TOKENS_SPLIT_FAMILY_H
#define TOKENS_SPLIT_FAMILY_H

#include "base/slice.h"
#include "tokens/classes.h"

typedef const unsigned char *place;

enum contraction {
	CONTRACTION_NONE,
	CONTRACTION_LEADS,  /* a piece of its own, in any case */
	CONTRACTION_SMALL,  /* the same, in small letters only */
	CONTRACTION_FOLLOWS /* part of the word before it, in any case */
};

struct split_family {
	enum contraction contraction;
	unsigned digits; /* numbers a piece; 0: all of a run */
	bool cased;      /* words go from capitals to small letters, and hold marks */
	bool spaced; /* only U+0020 leads a word, also one of numbers; newlines are blanks */
	bool slash;  /* newlines behind punctuation may have slashes among them */
	bool whole_at_end; /* blanks that end the text are one piece */
};

extern const struct split_family family_o200k, family_cl100k, family_gpt2, family_llama3,
    family_qwen, family_tekken;

/* Length of the piece at p, which is before end; the text between them is valid UTF-8. */
size_t split_piece(const struct split_family *f, place p, place end);

/* Class of the character at p, whose length goes to *len; p is before end. */
enum char_class split_class(place p, place end, size_t *len);

/* Length of the contraction at p, or 0. U+017F is a small s by case folding. */
size_t split_contraction(const struct split_family *f, place p, place end);

#endif
