/* SPDX-License-Identifier: MIT */
/* What a tokenizer.json does to a text before it is cut: tokens that stand in plain text are
 * taken out, the rest is composed (NFC), a blank is put before it. */
#ifndef TOKENS_BEFORE_H
#define TOKENS_BEFORE_H

#include "base/arena.h"
#include "base/buf.h"
#include "tokens/encoding_parts.h"

/* A token that texts are searched for. A special one is plain text where it is found, but its
 * characters are not searched for others. */
struct added {
	struct slice content;
	uint32_t id;
	bool special;
};

/* Of a set the longest that fits at the leftmost place is taken. */
struct added_set {
	struct added *item; /* by content, once sorted */
	size_t count;
	bool begins[256]; /* an item begins with this byte */
	bool plain;       /* one of them is not special */
};

struct before {
	struct added_set raw;      /* searched for in the text itself, */
	struct added_set composed; /* and in the rest of it, composed */
	bool compose, blank;
};

void before_add(struct before *b, const struct added *item, bool composed);
/* After the last. True where anything is left to do. */
bool before_finish(struct before *b);
void before_free(struct before *b);
/* rules is a struct before. */
parts_fn before_parts;

/* Appends text in composed form C as PyPI tokenizers 0.23.3 composes it, whose tables are of
 * Unicode 9.0: what later versions added stands for itself. a is used and reset. */
void compose(struct slice text, struct arena *a, struct buf *out);

#endif
