/* SPDX-License-Identifier: MIT */
/* The state file of batch jobs: what each job is and how far it came. Every change is on disk
 * before the step that it announces. */
#ifndef LLM_BATCH_JOBS_H
#define LLM_BATCH_JOBS_H

#include "base/options.h"
#include "base/slice.h"

enum job_field {
	JOB_NAME,        /* of the result file; unique in the state */
	JOB_TAG,         /* our own id of the job, in the batch's metadata */
	JOB_FINGERPRINT, /* SHA-256 of the uploaded bytes */
	JOB_MODEL,
	JOB_ENDPOINT,
	JOB_REQUESTS,
	JOB_STEP,    /* see below */
	JOB_TRIED,   /* when the creation was tried last, ms since 1970 */
	JOB_INPUT,   /* file id */
	JOB_BATCH,   /* batch id */
	JOB_CREATED, /* ms since 1970 */
	JOB_STATUS,  /* last one seen */
	JOB_OUTPUT,  /* file id */
	JOB_ERRORS,  /* file id */
	JOB_FETCHED, /* name of the file */
	JOB_FAILED,  /* how many requests the provider counts as failed */
	JOB_BAD,     /* "true": the results that were fetched have error lines */
	JOB_FULL,    /* how often the queue was full though nothing ran at the provider */
	JOB_FIELDS
};

/* Steps. A job that is found in "uploading" or "creating" was interrupted in that call. */
#define STEP_NEW "new"
#define STEP_UPLOADING "uploading"
#define STEP_UPLOADED "uploaded"
#define STEP_CREATING "creating"
#define STEP_CREATED "created"
#define STEP_REFUSED "refused" /* the provider would not have it; nothing was created */

struct job {
	size_t number;
	char *field[JOB_FIELDS]; /* NULL: not known */
};

struct jobs;

/* Opens the state for a base URL (NULL: the one in the file, which must then exist), and locks
 * it. Status 5 where another process has it, 2 where it belongs to another base URL or is no
 * state of jobs; the same for provider (NULL: the one in the file, openai in a new one). Sets
 * connect_settings.base_url and api_version. dry (only for reading): NULL if there is none.
 */
struct jobs *jobs_open(const char *name, const char *base_url, const char *provider, bool dry);
/* The provider that the state belongs to. */
const char *jobs_provider(const struct jobs *jobs);
size_t jobs_count(const struct jobs *jobs);
struct job *jobs_at(struct jobs *jobs, size_t i);
/* A new one with these; it reaches the file with jobs_save. */
struct job *jobs_add(struct jobs *jobs);
/* Sets a field (a copy of value). */
void job_set(struct job *job, enum job_field field, const char *value);
/* Writes the fields that were set since the last call and brings them to disk; failure ends the
 * process with status 3. */
void jobs_save(struct jobs *jobs, struct job *job);
/* What stands behind the folders of a path. */
const char *job_file_name(const char *path);
bool job_is(const struct job *job, enum job_field field, const char *value);
/* The field, or "". */
const char *job_text(const struct job *job, enum job_field field);
/* No step can follow: completed, failed, expired or cancelled. */
bool job_ended(const struct job *job);
/* Nothing of it ran, or the provider would not have it, and no later job has its bytes. */
bool job_in_vain(const struct jobs *jobs, const struct job *job);
/* Named by an operand (its name or its batch id), or there are no operands. */
bool job_wanted(const struct job *job, const struct option_list *operands);
/* Status 2 if an operand names no job. */
void jobs_check(struct jobs *jobs, const struct option_list *operands);
void jobs_close(struct jobs *jobs);

#endif
