/* SPDX-License-Identifier: MIT */
/* Who may answer instead of the chosen model, by the class of the error. */
#ifndef LLM_ROUTE_ALTERNATES_H
#define LLM_ROUTE_ALTERNATES_H

#include "cmd/llm-route/choice.h"

/* Sets alternates and, for each class of errors that has a line of its own, the list of that
 * class. All of them can take the row and stay inside the bounds of the user. */
void alternates_of(struct choice *c);

#endif
