/* SPDX-License-Identifier: MIT */
/* Figures for people. */
#ifndef COST_AUDIT_FIGURE_H
#define COST_AUDIT_FIGURE_H

#include "base/arena.h"
#include "money/usd.h"

/* "12.3 %" of whole */
struct slice audit_percent(struct usd part, struct usd whole, struct arena *a);
/* "$1,234.57" */
struct slice audit_dollars(struct usd d, unsigned decimals, struct arena *a);

#endif
