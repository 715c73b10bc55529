/* SPDX-License-Identifier: MIT */
/* The canonical form of one string or number, and plans: what stands between the strings and
 * scalars of one shape. */
#ifndef JSON_CANON_PARTS_H
#define JSON_CANON_PARTS_H

#include "json/canon.h"

/* raw: the bytes between the quotes of a scanned string. Appends it in quotes. */
void canon_string(struct slice raw, struct buf *out);
/* raw: a scanned number. */
void canon_number(struct slice raw, struct buf *out);
/* A string or a scalar. */
void canon_leaf(struct value v, struct buf *out);

/* Writes v by its plan; false where there is none. */
bool plan_write(const struct canon_plans *plans, struct value v, struct buf *out);
/* A new plan for texts of the shape of v, which is written to out from here on; NULL where the
 * shape is not known. All below take that. */
struct canon_plan *plan_begin(struct canon_plans *plans, struct value v, const struct buf *out);
/* Says that the leaf v comes next, behind all that stands in out; v absent: the end. */
void plan_note(struct canon_plan *plan, struct value v, const struct buf *out);
/* Says that the leaf is written. */
void plan_noted(struct canon_plan *plan, const struct buf *out);

#endif
