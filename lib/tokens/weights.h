/* SPDX-License-Identifier: MIT */
/* Fitted weights of the estimates: made by scripts/fit-families, read by estimate.c. */
#ifndef TOKENS_WEIGHTS_H
#define TOKENS_WEIGHTS_H

#include <stddef.h>
#include <stdint.h>

/* What a text is made of, beside scripts (features.c says what each is). */
enum counted {
	COUNT_WORD,
	COUNT_TITLE,
	COUNT_HUMP,
	COUNT_CAPS,
	COUNT_LETTER,
	COUNT_DIGIT,
	COUNT_NUMBER,
	COUNT_SPACE,
	COUNT_BLANKS,
	COUNT_LINE,
	COUNT_LINES,
	COUNT_INDENT,
	COUNT_CONTROL,
	COUNT_JOIN,
	COUNT_QUOTE,
	COUNT_SIGN,
	COUNT_RUN,
	COUNT_TIGHT,
	COUNT_START,
	COUNTS
};

/* Characters beyond ASCII by the block they stand in. */
enum script {
	SCRIPT_LATIN_1,
	SCRIPT_LATIN_MORE,
	SCRIPT_COMBINING,
	SCRIPT_GREEK,
	SCRIPT_CYRILLIC,
	SCRIPT_ARMENIAN,
	SCRIPT_HEBREW,
	SCRIPT_ARABIC,
	SCRIPT_DEVANAGARI,
	SCRIPT_INDIC,
	SCRIPT_THAI,
	SCRIPT_MYANMAR,
	SCRIPT_GEORGIAN,
	SCRIPT_ETHIOPIC,
	SCRIPT_KHMER,
	SCRIPT_LATIN_VIETNAMESE,
	SCRIPT_GENERAL,
	SCRIPT_KANA,
	SCRIPT_CJK,
	SCRIPT_HANGUL,
	SCRIPT_FORMS,
	SCRIPT_ASTRAL,
	SCRIPTS
};

/* What widens a band: a text, a token of the estimate, such a token's share of these bytes. */
enum spread {
	SPREAD_TEXT,
	SPREAD_ALL,
	SPREAD_UPPER,
	SPREAD_DIGIT,
	SPREAD_SIGN,
	SPREAD_BLANK,
	SPREAD_LATIN,
	SPREAD_GREEK,
	SPREAD_CYRILLIC,
	SPREAD_ARABIC,
	SPREAD_INDIC,
	SPREAD_THAI,
	SPREAD_CJK,
	SPREAD_HANGUL,
	SPREAD_ASTRAL,
	SPREAD_OTHER,
	SPREADS
};

/* All in thousandths of a token. middle: of a token of the base, of a text, of each thing
 * counted, first ASCII, then scripts, and of a token of the base times the share that each of
 * these has of the characters. */
#define WEIGHT_TERMS (2 + 2 * (COUNTS + SCRIPTS))
struct weights {
	const char *name, *base; /* of the family; of the compiled-in encoding it starts from */
	int32_t middle[WEIGHT_TERMS], low[SPREADS], high[SPREADS];
};
extern const struct weights estimate_weights[];
extern const size_t estimate_weights_count;

#endif
