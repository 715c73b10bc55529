/* SPDX-License-Identifier: MIT */
/* Requests that stood in the log before: what a cache of our own would have answered. */
#ifndef COST_AUDIT_SEEN_H
#define COST_AUDIT_SEEN_H

#include "body.h"
#include "walk.h"

struct repeats {
	struct imprint_map exact, folded;
	int64_t *when; /* by index of exact: the answer that is kept */
	size_t room;
	uint64_t late;   /* repeats more than an hour after that answer: no evidence */
	int64_t longest; /* after which the last of them came, in milliseconds */
	uint64_t untimed;
	uint64_t several; /* repeats that wanted several answers: not counted */
};
void repeats_judge(
    struct repeats *r, const struct row *row, const struct body *b, struct plan *p);

#endif
