/* SPDX-License-Identifier: MIT */
/* UTF-8 as the counters need it: is it valid, and if not, what it decodes to. */
#ifndef TOKENS_UTF8_H
#define TOKENS_UTF8_H

#include "base/buf.h"

/* Length of the longest valid beginning of text. */
size_t utf8_valid(struct slice text);
/* Appends text with U+FFFD for each maximal subpart of an ill-formed sequence (The Unicode
 * Standard, chapter 3, "Best Practices for Using U+FFFD"). */
void utf8_lossy(struct slice text, struct buf *out);

#endif
