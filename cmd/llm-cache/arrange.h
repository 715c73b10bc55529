/* SPDX-License-Identifier: MIT */
/* The same prompt in an order that more requests share: only blocks that do not depend on each
 * other's places are moved, and none leaves its list. */
#ifndef ARRANGE_H
#define ARRANGE_H

#include "json/edit.h"
#include "model/request.h"

/* reorder: tools go by name, and blocks of the system prompt with a time, a date or a random id
 * behind those without. documents: within one message documents and search results go before
 * the rest, by id, title or source, else by their text; a `documents` member is sorted so too,
 * and `<document id=…>` elements that follow each other within a text. The edits are of this
 * request's record; texts are in the arena. None where all is in that order. */
void arrange(
    const struct request *q, bool reorder, bool documents, struct edits *e, struct arena *a);

#endif
