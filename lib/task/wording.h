/* SPDX-License-Identifier: MIT */
/* What the wording of an answer tells of it: phrases of a table, without case, as whole words.
 */
#ifndef TASK_WORDING_H
#define TASK_WORDING_H

#include "base/arena.h"

/* It begins as answers do that do not answer ("I'm sorry, but I can't …"). */
bool wording_refuses(struct slice text, struct arena *a);
/* How often it says that it is not sure ("perhaps", "I think"). */
unsigned wording_hedges(struct slice text, struct arena *a);

#endif
