/* SPDX-License-Identifier: MIT */
/* What a code point is to the patterns of the public encodings: Unicode categories of the
 * version that the reference implementation uses, as a table in two stages. */
#ifndef TOKENS_CLASSES_H
#define TOKENS_CLASSES_H

#include <stdint.h>

enum char_class {
	CLASS_OTHER,
	CLASS_BLANK,    /* White_Space */
	CLASS_NUMBER,   /* Nd Nl No */
	CLASS_MARK,     /* Mn Mc Me */
	CLASS_CASELESS, /* Lm Lo */
	CLASS_LOWER,    /* Ll */
	CLASS_UPPER     /* Lu Lt */
};

extern const uint16_t classes_block[0x110000 / 128];
extern const uint8_t classes_in_block[][128];

/* The general categories themselves ("Lu" …): each run of code points begins where the upper 24
 * bits say, and is of the category of the lower 8. */
#define CATEGORIES 30
extern const char categories_name[CATEGORIES][3];
extern const uint32_t categories_count, categories_run[];

/* point is at most U+10FFFF. */
static inline enum char_class
class_of(uint32_t point)
{
	return (enum char_class)classes_in_block[classes_block[point >> 7]][point & 127];
}

#endif
