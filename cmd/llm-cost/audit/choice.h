/* SPDX-License-Identifier: MIT */
/* Choice of model, provider and lane. */
#ifndef COST_AUDIT_CHOICE_H
#define COST_AUDIT_CHOICE_H

#include "body.h"
#include "walk.h"

void choice_plan(const struct row *row, const struct body *b, struct plan *p, struct arena *a);

#endif
