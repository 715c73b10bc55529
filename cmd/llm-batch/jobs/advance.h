/* SPDX-License-Identifier: MIT */
/* A job from wherever it stands to its batch, which is created at most once.
 *
 * What is about to be done is in the state file before it is done. A job that was interrupted
 * while its batch was created is looked for among the provider's batches, by our tag in the
 * metadata. It is created again only if a list that was read to its end, and had its time,
 * shows neither it nor any other batch that could be it; else nothing is created and the user
 * decides. */
#ifndef LLM_BATCH_ADVANCE_H
#define LLM_BATCH_ADVANCE_H

#include "remote.h"

extern struct advance_settings {
	const char *adopt; /* the batch of a job of unknown outcome, or NULL */
	bool again;        /* jobs of unknown outcome do not exist: create them */
	int64_t settle;    /* ms that the provider's list may lag behind */
} advance_settings;

/* Keeps in the state that the job has come so far. */
void advance_step(struct jobs *jobs, struct job *job, const char *step);
/* Uploads the copy of the job's file, which has so many bytes, where that is still to be done,
 * and creates the batch. What went wrong is said, and raises status 3. */
void advance_job(
    struct jobs *jobs, struct remote *r, struct job *job, const char *copy, uint64_t bytes);
/* Creates the batch of a job that is uploaded. */
void advance_create(struct jobs *jobs, struct remote *r, struct job *job, const char *copy);

#endif
