/* SPDX-License-Identifier: MIT */
/* Private to arrange: documents that stand in a text as elements. */
#ifndef ARRANGE_TEXT_H
#define ARRANGE_TEXT_H

#include "base/arena.h"

/* raw: a JSON string without its quotes. Runs of `<document …>…</document>` with nothing but
 * blanks between them are put in the order of their attribute id; the blanks stay where they
 * are, and an element without an id ends a run. False where all are in order. */
bool arrange_text(struct slice raw, struct arena *a, struct slice *sorted);

#endif
