/* SPDX-License-Identifier: MIT */
/* A request as a budget sees it: its fields, and the most that it can cost. */
#ifndef BUDGET_CALL_H
#define BUDGET_CALL_H

#include "budget/budget.h"
#include "model/request.h"
#include "money/price.h"

struct budget_call {
	const struct request *request;
	struct slice model, provider; /* ptr NULL: not told */
	enum lane lane;
	struct arena *arena;
};
/* A budget_value_fn; call is a struct budget_call. */
struct slice budget_call_value(void *call, const struct budget_field *field);

/* The most that sending the request now can cost: the upper end of its input tokens, and as
 * output its cap, else the model's maximum. False and *why (static) where that is not known. */
bool budget_worst(
    const struct budget_call *call, struct usd *usd, uint64_t *tokens, const char **why);

#endif
