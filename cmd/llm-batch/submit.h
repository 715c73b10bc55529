/* SPDX-License-Identifier: MIT */
/* Files to jobs, for the commands that do it: submit and sync. */
#ifndef LLM_BATCH_SUBMIT_H
#define LLM_BATCH_SUBMIT_H

#include "jobs.h"
#include "ready.h"
#include "remote.h"

struct submitter {
	struct jobs *jobs; /* NULL with -n where there is no state yet */
	struct remote remote;
	const struct rules *rules;
	const struct path *by;
};
struct submit_settings {
	const char *state, *provider, *id;
};

/* Checks the settings (status 2), opens and locks the state. must_exist: a missing one is an
 * error even where a base URL is given. */
void submit_open(struct submitter *s, const struct submit_settings *settings,
    const struct option_list *files, bool must_exist);
/* The file's job as far as it goes: at most one for the same bytes. */
void submit_file(struct submitter *s, const char *file);
/* A job that was interrupted, from where it stands to its batch. */
void submit_resume(struct submitter *s, struct job *job);
void submit_close(struct submitter *s);

#endif
