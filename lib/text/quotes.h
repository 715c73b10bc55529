/* SPDX-License-Identifier: MIT */
/* Quotation marks in a line: what stands between them is a literal and stays. */
#ifndef TEXT_QUOTES_H
#define TEXT_QUOTES_H

#include "base/slice.h"

/* Bytes of a quote mark at p, and in *kind what closes it (0: it is escaped); 0 if none is
 * there. */
size_t quote_mark(const char *p, size_t left, char *kind);
/* Length of a 'literal' at i whose quotes stand as quotes do, not as apostrophes; 0 if none
 * begins here, SIZE_MAX if it does not close in this line, and then no later one does. */
size_t quote_single(struct slice s, size_t i);

#endif
