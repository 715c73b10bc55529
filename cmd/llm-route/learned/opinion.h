/* SPDX-License-Identifier: MIT */
/* What a trained model thinks of a prompt, before and after it is settled how far it is to be
 * trusted. */
#ifndef LLM_ROUTE_OPINION_H
#define LLM_ROUTE_OPINION_H

#include "cmd/llm-route/learned/trained.h"

#define OPINION_UNLIKE (-100.0) /* familiar: like no example at all */

struct opinion {
	int16_t form[LOOK_FORMS];
	double beyond[LEARNED_ARMS]; /* gained beyond length */
	double familiar;
	bool known; /* like any example at all */
};

/* By those weights, which may be of a fold, or by the examples where there are none. */
void opinion_ask(const struct trained *t, const struct linear *linear, const struct look *look,
    struct opinion *o);
/* How familiar beyond what is usual for the length. */
double opinion_beyond_length(double familiar, double longer, const int16_t *form);
void opinion_settle(const struct trained *t, const struct opinion *o, struct gain *out);

#endif
