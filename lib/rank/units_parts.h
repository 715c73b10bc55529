/* SPDX-License-Identifier: MIT */
/* Inside of the cutting into units. */
#ifndef LLM_RANK_UNITS_PARTS_H
#define LLM_RANK_UNITS_PARTS_H

#include "rank/units.h"

#define TAGS 16      /* open tags that are remembered */
#define LEVELS 8     /* # to ######, tags and titles by their look */
#define LOOK_LEVEL 7 /* the level of a title by its look */

struct cutter {
	struct units *u;
	struct slice text;
	size_t at; /* offset of the line that comes next */
	uint32_t heading[LEVELS];
	struct {
		struct slice name;
		uint32_t unit;
	} tag[TAGS];
	size_t tags;
	bool dialogue;
	bool fresh; /* the line before was blank, or there is none */
};

/* The line at an offset, without its end; the offset behind it and its end. */
struct slice cut_line_at(struct slice text, size_t at);
size_t cut_behind(struct slice text, struct slice line);
/* From the line on up to offset end, without blanks at the end. */
struct slice cut_stretch(const struct cutter *c, struct slice first, size_t end);
/* The nearest heading over what comes next, among levels below `level`. */
uint32_t cut_heading_over(const struct cutter *c, size_t level);
struct unit *cut_push(struct cutter *c, struct slice text, enum unit_kind kind, bool section);

/* Pushes the text as a heading over what follows, up to one of this level or above. */
void cut_heading(struct cutter *c, struct slice text, size_t level);
/* A stretch of prose as sentences; the first opens a section where `section`. */
void cut_sentences(struct cutter *c, struct slice s, enum unit_kind kind, bool section);

/* From the opening fence to the closing one, or to the end: one unit, or, where it is long, the
 * fences as a heading and its end, and the code between them in pieces. */
void cut_fence(struct cutter *c, struct slice line, char mark);
/* Indented code: lines of four and more blanks, empty ones between them. */
void cut_indented(struct cutter *c, struct slice line);
/* Rows of a table; the head and the line of dashes under it are a heading. */
void cut_table(struct cutter *c, struct slice line);
/* A line that is one tag, <document index="1"> or </document>, or that opens a record, which is a
 * unit with all that it has; false: it is none. */
bool cut_tag(struct cutter *c, struct slice bare);
/* "[12 rows as a table; ...]" and what follows (llm-compress(1), rows); false: it is none. */
bool cut_rows(struct cutter *c, struct slice line);

/* HTML of several blocks, each of which is a unit; false: it is none. */
bool cut_markup(struct cutter *c, struct slice text);
/* Lines, of which each is a unit and a section; those that are indented deeper than one above them
 * have it for their heading and belong to its section. */
void cut_lines(struct cutter *c, struct slice text);

/* Whether the lines are each a thing of their own, as in a log, and no sentences that run on. */
bool look_lines(struct slice text);
/* The lines at the head of a mail, From, To, Subject and the like; one of them. */
bool look_mail_line(struct slice line);
bool look_mail(struct slice text);
size_t look_indent(struct slice line);
/* Bytes of the marker of a list item; 0: it is none. */
size_t look_item(struct slice line);
#define NAME_BYTES 48 /* of a speaker with the colon, at most */
/* Bytes before the first colon of the head of a line, which may be that of Chinese (U+FF1A), and
 * up to its end; 0: it has none. */
size_t look_colon(struct slice line, size_t *end);
/* Bytes of the speaker of a turn with its colon; 0: the line begins none. */
size_t look_speaker(struct slice line);
/* Most lines begin with a name and a colon, and names come again. */
bool look_dialogue(struct slice text);
/* "Q:" at the begin of a line, "A:" behind blanks. */
bool look_asked(struct slice line);
bool look_answered(struct slice text);
bool look_fence(struct slice line, char *mark);
struct slice look_tag(struct slice tag);
/* Bytes of what heads a passage on the line of its text, "Passage 3:"; 0: nothing. */
size_t look_passage(struct slice s);
/* A title by its look: a short line behind an empty one, no end of a sentence, and text below.
 */
bool look_title(const struct cutter *c, struct slice bare, size_t behind);

#endif
