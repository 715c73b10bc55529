/* SPDX-License-Identifier: MIT */
/* --undo and --diff: what the steps did, back again and for people. */
#ifndef LLM_COMPRESS_UNDO_H
#define LLM_COMPRESS_UNDO_H

#include "cmd/llm-compress/work.h"

/* Lossless forms back to values, by what the annotation says. True if a text changed. */
bool undo_texts(struct work *w);
/* One text without them; references stay. */
struct slice undo_text(struct work *w, struct slice text);
/* Only references, before a step takes away what they may stand for. False, and nothing is
 * changed, where one leads nowhere. */
bool undo_references(struct work *w);
/* What goes and what comes, line by line; content is cleaned. Coloured on a terminal, unless
 * the variable NO_COLOR is set (https://no-color.org). */
void diff_show(const struct work *w, const struct record *r);

#endif
