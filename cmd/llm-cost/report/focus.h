/* SPDX-License-Identifier: MIT */
/* The charges of a log in the columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification):
 * one row for a day, a price row, a lane, a part of the bill, and the fields of --by. */
#ifndef COST_FOCUS_H
#define COST_FOCUS_H

#include "base/hash.h"
#include "cmd/llm-cost/rows/row.h"

/* Charges that are kept apart; those over it are added up by service and part alone. */
#define FOCUS_LIMIT 200000

struct focus {
	bool wanted;
	struct hash_map keys;
	struct focus_charge *list; /* by index of the key */
	size_t room;
};

/* Adds the bill of a priced row; key is its by_key. With times -1 takes it back. */
void focus_add(struct focus *f, const struct row *row, struct slice key, int times);
struct by;
/* CSV with a heading; a column that is not known is empty. */
void focus_print(const struct focus *f, const struct by *by, struct buf *out);
void focus_free(struct focus *f);

#endif
