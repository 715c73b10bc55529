/* SPDX-License-Identifier: MIT */
/* What status, wait, fetch and cancel share. */
#ifndef LLM_BATCH_STATUS_H
#define LLM_BATCH_STATUS_H

#include "remote.h"

/* Opens the state of --state and the connection; status 2 where an operand names no job. */
struct jobs *status_open(
    const char *state_file, const struct option_list *operands, struct remote *remote);
/* Asks the provider how the job stands, and keeps what it says; false if it cannot be asked. A
 * job that has ended is not asked about again. */
bool status_ask(struct jobs *jobs, struct remote *remote, struct job *job);
/* Names what is wrong with an ended job (each entry of errors.data with its line) and raises
 * status 4 for one that did not complete, unless its file has another job since. remote->root
 * is the batch where it was just asked. */
void status_judge(struct jobs *jobs, struct remote *remote, const struct job *job);

#endif
