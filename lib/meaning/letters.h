/* SPDX-License-Identifier: MIT */
/* What BERT's uncased normaliser makes of each code point. */
#ifndef LLM_MEANING_LETTERS_H
#define LLM_MEANING_LETTERS_H

#include <stdint.h>

enum letter {
	LETTER_SELF,        /* stays, inside a word */
	LETTER_DROP,        /* vanishes, and joins its neighbours */
	LETTER_BLANK,       /* ends a word */
	LETTER_PUNCTUATION, /* is a word of its own */
	LETTER_IDEOGRAPH,   /* so too */
	LETTER_HANGUL,      /* becomes its two or three jamo */
	/* From here on a code stands for a text: first those that are punctuation, from
	 * letters_ideographs on ideographs, from letters_mapped on parts of a word. */
	LETTER_MAPPED,
};

#define LETTERS_PAGE 64
#define LETTERS_LAST 0x10ffff

extern const uint8_t letters_page[];
extern const uint16_t letters_code[];
/* UTF-8 of code c: letters_text from letters_start[c - LETTER_MAPPED] to the next start */
extern const uint16_t letters_start[];
extern const unsigned char letters_text[];
extern const uint16_t letters_ideographs, letters_mapped;

/* point at most LETTERS_LAST */
static inline uint16_t
letters_of(uint32_t point)
{
	return letters_code[letters_page[point / LETTERS_PAGE] * LETTERS_PAGE +
			    point % LETTERS_PAGE];
}

#endif
