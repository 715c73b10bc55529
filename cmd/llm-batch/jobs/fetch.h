/* SPDX-License-Identifier: MIT */
/* Results of jobs to files, for fetch and sync. */
#ifndef LLM_BATCH_FETCH_H
#define LLM_BATCH_FETCH_H

#include "jobs.h"
#include "remote.h"

/* Makes the folder if it is missing; failure ends the process with status 3. */
void fetch_folder(const char *folder);
/* Asks for the job's status and, where it has ended, brings its results to FOLDER/NAME.jsonl,
 * once. Raises 5 where it still runs, 4 where it has errors, 3 where that failed. */
void fetch_job(struct jobs *jobs, struct remote *remote, struct job *job, const char *folder);

#endif
