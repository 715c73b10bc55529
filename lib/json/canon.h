/* SPDX-License-Identifier: MIT */
/* The canonical form of a value: RFC 8785 (JSON Canonicalization Scheme).
 *
 * Two extensions where the RFC gives up. A number whose value would change is written by its
 * exact decimal value (sign, digits without zeros at either end, e, exponent), so that two
 * different numbers never meet: whole numbers that a double does not hold, more than 17
 * digits, and what is too large or too small. Only fractions of 16 or 17 digits round, as in
 * the RFC's own example (333333333.33333329); no reader of doubles can tell those apart. A
 * lone surrogate stays as a lower-case escape. */
#ifndef JSON_CANON_H
#define JSON_CANON_H

#include "base/buf.h"
#include "json/scan.h"

/* Appends the canonical form of v. skip(context, depth, name) true leaves a member out
 * (depth 1: a member of v itself); skip may be NULL. Members that stand twice set
 * j->twice. Depth is bounded by JSON_DEPTH. */
typedef bool (*canon_skip)(void *context, unsigned depth, struct slice name);
void canon_write(
    struct value v, canon_skip skip, void *context, struct arena *a, struct buf *out);

#endif
