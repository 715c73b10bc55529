/* SPDX-License-Identifier: MIT */
/* What to type. */
#ifndef COST_AUDIT_COMMAND_H
#define COST_AUDIT_COMMAND_H

#include "find.h"

/* Sets command, check and after. */
void audit_command(
    const struct audit *a, struct finding *f, enum evidence e, struct arena *arena);

#endif
