/* SPDX-License-Identifier: MIT */
/* Counts the tokens of text by its pieces, most of which a table knows. */
#ifndef TOKENS_COUNT_H
#define TOKENS_COUNT_H

#include "tokens/encoding_parts.h"

/* text is valid UTF-8. */
uint64_t count_text(const struct encoding *e, struct slice text);

#endif
