/* SPDX-License-Identifier: MIT */
/* Images and their detail. */
#ifndef COST_AUDIT_IMAGE_H
#define COST_AUDIT_IMAGE_H

#include "cmd/llm-cost/rows/row.h"

/* Images whose size is known and that were sent in full detail. */
struct images {
	uint64_t count, tokens, low; /* low: tokens at low detail */
	struct usd more;             /* dollars between both */
};
void images_add(struct images *x, const struct row *row, struct arena *a);

#endif
