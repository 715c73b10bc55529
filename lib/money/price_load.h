/* SPDX-License-Identifier: MIT */
/* A price table from its text. */
#ifndef MONEY_PRICE_LOAD_H
#define MONEY_PRICE_LOAD_H

#include "money/price_build.h"

/* The text of a table over all that was loaded before; NULL, or "name:line: what is wrong"
 * (until the next call), and then nothing has changed. */
const char *prices_read(const char *name, struct slice text);
/* The same without a layer: rows and names of our own form in b, one a line, not sorted; b->why
 * says what is wrong, *line where. b is zeroed before; the caller calls prices_build_close. */
void prices_build(struct price_build *b, struct slice text, size_t *line);
void prices_build_close(struct price_build *b);

#endif
