/* SPDX-License-Identifier: MIT */
/* The words of an audit: why, at what risk, and what is missing. */
#ifndef COST_AUDIT_WHY_H
#define COST_AUDIT_WHY_H

#include "find.h"

#define WHY_SETUP 10000   /* dollars of work that a trained model is taken to need */
#define WHY_EXAMPLES 1000 /* fewer requests of one prompt teach nothing */

/* One line: the evidence of the finding. */
struct slice why_text(const struct audit *a, const struct finding *f, struct arena *arena);
/* One line: what it may cost in quality. */
const char *why_risk(enum technique t);
/* The evidence that is missing to say anything; ptr NULL if nothing is missing. */
struct slice why_unknown(const struct audit *a, enum technique t);
/* Why there is nothing to save. */
struct slice why_nothing(const struct audit *a, enum technique t, struct arena *arena);
struct slice why_distill(
    const struct prompt_group *g, struct usd saved_month, struct arena *arena);

#endif
