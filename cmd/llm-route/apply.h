/* SPDX-License-Identifier: MIT */
/* Carries a decision into the record: model, parameters, llm.route. */
#ifndef LLM_ROUTE_APPLY_H
#define LLM_ROUTE_APPLY_H

#include "cmd/llm-route/decide.h"

/* Lists in d->dropped what the new model would not take, and, unless it only observes,
 * edits model and parameters. */
void apply_decision(struct record *r, const struct request *q, struct facts *f,
    struct decision *d, bool observe);
/* Writes llm.route. */
void apply_annotation(
    struct record *r, const struct facts *f, const struct decision *d, struct slice asked);

/* OpenAI's names of what its models that reason refuse a request for, ended by NULL; none for
 * any other model. */
const char *const *apply_reasoning_refuses(const struct model_facts *m);

/* Over those of an earlier decision: who may answer instead, what was dropped. */
void apply_instead(struct record *r, const struct facts *f, const struct decision *d);

#endif
