/* SPDX-License-Identifier: MIT */
/* What the audit asks of the top of every line. */
#ifndef COST_AUDIT_LOOK_H
#define COST_AUDIT_LOOK_H

#include "cmd/llm-cost/rows/row.h"

/* Looks up, once for the row, what the next two ask for. */
void audit_look(const struct row *row);
/* As request_attribute, of the row that was read last: session, task, lane, deadline,
 * complexity. */
struct value row_attribute(const struct row *row, const char *name);
/* Was the row an agent's transcript, of Claude Code or Codex? */
bool row_is_agent(const struct row *row);

#endif
