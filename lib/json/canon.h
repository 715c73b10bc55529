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

/* What was found out about texts of a few shapes (json_expect_shapes), so that the next one of
 * the same shape is written without being sorted. Zeroed it is empty. With one struct all
 * values must be asked for with the same skip, which may look at nothing but depth and name. */
struct canon_plans {
	struct canon_plan *plan;
	size_t next;
};
/* Would v be written from a plan? Then a value at its place in a text of this shape was written
 * before: what names and structure alone tell is as it was. */
bool canon_planned(const struct canon_plans *plans, struct value v);
/* As canon_write, and remembers how it went. */
void canon_write_planned(struct canon_plans *plans, struct value v, canon_skip skip,
    void *context, struct arena *a, struct buf *out);
void canon_plans_free(struct canon_plans *plans);

#endif
