/* SPDX-License-Identifier: MIT */
/* Requests that were not sent yet. */
#ifndef COST_AUDIT_UNSENT_H
#define COST_AUDIT_UNSENT_H

#include "cmd/llm-cost/rows/row.h"

/* A request that was not sent yet, as a call that has its input only. False if it has no body,
 * or its input no price. */
bool unsent_read(struct row *row, struct arena *a);

#endif
