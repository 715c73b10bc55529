/* SPDX-License-Identifier: MIT */
/* Capacity that is paid by the month (`monthly` of a price row), spread over its calls. */
#ifndef COST_COMMITTED_H
#define COST_COMMITTED_H

#include "base/hash.h"
#include "json/write.h"
#include "cmd/llm-cost/rows/row.h"

/* One month of one price row. */
struct commitment {
	int64_t start, end;
	char month[32];
	uint64_t requests;
	struct usd usd;
};
/* A zeroed struct is empty. */
struct committed {
	struct hash_map keys; /* the row, a newline, the month */
	struct commitment *list;
};

/* Counts a priced call whose row is paid by the month; any other is left alone. */
void committed_add(struct committed *c, const struct row *row);
/* Adds the months without a call between those that have one: they were paid too. */
void committed_close(struct committed *c);
/* The member `committed` of a JSON report; nothing if there is none. */
void committed_json(const struct committed *c, struct writer *w);
/* A line for each row and month. */
void committed_people(const struct committed *c, const char *bullet, struct buf *out);
/* As lines of a partial report; and one such line added, false if it is none. */
void committed_partial(const struct committed *c, struct buf *out);
bool committed_read_partial(struct committed *c, struct value line, struct arena *a);
void committed_free(struct committed *c);

#endif
