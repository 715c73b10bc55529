/* SPDX-License-Identifier: MIT */
/* Files to jobs, for the commands that do it: submit and sync. */
#ifndef LLM_BATCH_SUBMIT_H
#define LLM_BATCH_SUBMIT_H

#include "jobs.h"
#include "ready.h"
#include "remote.h"

struct submitter {
	struct jobs *jobs;
	const struct service *service; /* NULL where cloud is set */
	const struct cloud *cloud;     /* job requests are written instead of sent */
	struct remote remote;
	const struct rules *rules;
	const struct path *by;
	bool wants_model, once;
	const char *model; /* of the file at hand, where its lines name none */
	struct arena arena;
};
struct submit_settings {
	const char *state, *provider, *id, *model;
	bool once; /* what failed is not created again for being named again */
};

/* Checks the settings (status 2), opens and locks the state. must_exist: a missing one is an
 * error even where a base URL is given. */
void submit_open(struct submitter *s, const struct submit_settings *settings,
    const struct option_list *files, bool must_exist);
/* The file's job as far as it goes: at most one for the same bytes. */
void submit_file(struct submitter *s, const char *file);
/* A job that was interrupted, from where it stands to its batch. */
void submit_resume(struct submitter *s, struct job *job);
/* A job that found the provider's queue full: created again where none of ours is before it. */
void submit_retry_full(struct submitter *s, struct job *job);
void submit_close(struct submitter *s);

#endif
