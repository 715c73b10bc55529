/* SPDX-License-Identifier: MIT */
/* The ranking that compression uses: a text as units that are kept or left out as wholes.
 *
 * A unit is a sentence, a list item, a row of a table, a turn of a dialogue, a block of code, a
 * heading or a tag. Units never overlap, stand in reading order, begin and end
 * between words (and so between code points), and together hold every byte of the text that is
 * no blank. */
#ifndef LLM_RANK_UNITS_H
#define LLM_RANK_UNITS_H

#include "base/arena.h"
#include "base/slice.h"

enum unit_kind {
	UNIT_SENTENCE,
	UNIT_ITEM,
	UNIT_ROW,
	UNIT_TURN,
	UNIT_CODE,
	UNIT_RECORD,  /* made by the caller: an item of an array, a message */
	UNIT_HEADING, /* kept where something below it is */
	UNIT_END      /* a closing tag: kept where its heading is */
};

#define UNITS_NONE UINT32_MAX
#define UNIT_BYTES 600 /* prose without an end of sentence is cut before this */

struct unit {
	struct slice text; /* without the blanks around it */
	uint32_t section;  /* paragraph, list, table: what stands together has one number */
	uint32_t heading;  /* the unit that heads it, which stands before it; or UNITS_NONE */
	enum unit_kind kind;
	bool pinned;   /* the caller wants it kept whatever it costs; set by the caller */
	bool dialogue; /* it stands in a text that is a dialogue */
};

struct units {
	struct unit *list;
	size_t count, room;
	uint32_t sections; /* how many so far */
	struct arena *arena;
	/* the words of unit i as numbers, word[from[i]] to word[from[i + 1]], once rank_score()
	 * has counted them; those below common carry no subject */
	const uint32_t *word, *from;
	uint32_t words, common; /* numbers are below words */
};

/* Adds the units of text, which must outlive u. Several texts can be ranked together: their
 * units lie one after the other. Linear. A zeroed u with an arena is empty. */
void units_add(struct units *u, struct slice text);
/* Adds one that the caller has cut, in the section that stands last, or in a new one. */
struct unit *units_push(struct units *u, struct slice text, enum unit_kind kind, bool section);

/* Bytes of text up to the end of its first sentence, without the blanks behind it; text.len
 * where it has no other. Knows abbreviations, initials and what stands in quotes and brackets
 * behind the full stop; at most UNIT_BYTES, then cut at a clause, a blank or a code point. */
size_t sentence_length(struct slice text);

#endif
