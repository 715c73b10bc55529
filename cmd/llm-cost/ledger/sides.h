/* SPDX-License-Identifier: MIT */
/* Side calls and the records that caused them: which have no such record in the log. */
#ifndef COST_LEDGER_SIDES_H
#define COST_LEDGER_SIDES_H

#include "cmd/llm-cost/rows/row.h"

/* Side calls that are remembered until the end; further ones are taken to have a parent. */
#define SIDES_LIMIT 100000

/* A zeroed struct is empty. Parents are kept as bits of a Bloom filter of 1 MiB, so a missing
 * one can be overlooked (under one of a thousand with 500,000 records), never made up. */
struct sides {
	unsigned char *bits;
	struct side_call {
		uint64_t parent;
		struct usd usd;
	} * calls;
	size_t count, room;
};

/* A priced record: a side call is remembered with its cost. */
void sides_see(struct sides *s, const struct record *r, const struct row *row, bool first);
/* How many side calls name a record that is not in the log, and what they cost. */
uint64_t sides_missing(const struct sides *s, struct usd *cost);
void sides_free(struct sides *s);

#endif
