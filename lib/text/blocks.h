/* SPDX-License-Identifier: MIT */
/* A run of lines that stood before is kept once and referred to: step "blocks" of llm-compress.
 *
 * In its place stands one line, [same N lines as above, from "BEGIN"]: the N lines that begin
 * at the first line of the request whose key is BEGIN. The key of a line is its first 60 bytes,
 * not inside a code point and not beyond a quotation mark. The form carries all: blocks_expand
 * brings the lines back. */
#ifndef TEXT_BLOCKS_H
#define TEXT_BLOCKS_H

#include "base/arena.h"
#include "base/slice.h"

#define BLOCK_LINES 3   /* the shortest block that is referred to */
#define BLOCK_BYTES 160 /* and its least size */

/* A first look, which costs little: the lines of several texts. */
struct blocks_look {
	struct arena *arena;
	uint64_t *prints;
	size_t size, used;
};
/* True once two of the lines looked at may be equal; without such there is no block. */
bool blocks_look(struct blocks_look *b, struct slice text);

/* The lines of a request so far, in reading order. */
struct blocks;
struct blocks *blocks_new(struct arena *a);
/* Text with its repeated blocks referred to; itself if there are none. Remembers its lines. */
struct slice blocks_fold(struct blocks *b, struct slice text);
/* Remembers the lines of a text that stays as it is, so that later ones can refer to them. */
void blocks_add(struct blocks *b, struct slice text);
/* True if a line of the text has the form of a reference. */
bool blocks_referred(struct slice text);
/* The text with its references replaced by what they stand for, and its lines remembered; false
 * if a reference leads nowhere, or all of it would be longer than BLOCKS_EXPANDED. */
#define BLOCKS_EXPANDED (256u << 20)
bool blocks_expand(struct blocks *b, struct slice text, struct slice *out);

#endif
