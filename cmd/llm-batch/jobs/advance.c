/* SPDX-License-Identifier: MIT */
#include "advance.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/when.h"
#include "service.h"

#define SOON 1500                              /* ms */
#define CLOCKS_APART (INT64_C(10) * 60 * 1000) /* ms that two clocks may differ */

struct advance_settings advance_settings = { .settle = 20 * 1000 };

void
advance_step(struct jobs *jobs, struct job *job, const char *name)
{
	job_set(job, JOB_STEP, name);
	jobs_save(jobs, job);
}

static void
take_file(struct jobs *jobs, const struct remote *r, struct job *job)
{
	job_set(job, JOB_INPUT, r->id);
	advance_step(jobs, job, STEP_UPLOADED);
}

static void
failed(struct jobs *jobs, const struct remote *r, struct job *job, enum call_end end,
    const char *what)
{
	if (end == CALL_REFUSED)
		advance_step(jobs, job, STEP_REFUSED);
	diag_warn("%s: %s: %s", job_text(job, JOB_NAME), what, r->why);
	status_raise(STATUS_FAILED);
}

/* A file that is uploaded twice costs nothing, but is litter: an interrupted upload is looked
 * for by its name, which holds our tag. */
static void
upload(struct jobs *jobs, struct remote *r, struct job *job, const char *copy, uint64_t bytes)
{
	enum call_end end;
	unsigned attempt = 0;
	int64_t wait;

	if (job_is(job, JOB_STEP, STEP_UPLOADING) &&
	    remote_find_file(r, job_file_name(copy), bytes) == 1) {
		take_file(jobs, r, job);
		return;
	}
	advance_step(jobs, job, STEP_UPLOADING);
	do
		end = r->service->upload(r, copy, &wait);
	while (end != CALL_DONE && end != CALL_REFUSED && remote_again(wait, ++attempt));
	if (end == CALL_DONE) {
		take_file(jobs, r, job);
		return;
	}
	failed(jobs, r, job, end, "not uploaded; nothing was created");
}

/* The batch is remote.root, its id remote.id. */
static void
created(struct jobs *jobs, struct remote *r, struct job *job)
{
	job_set(job, JOB_BATCH, r->id);
	remote_take_status(r, job);
	advance_step(jobs, job, STEP_CREATED);
	diag_note("%s: %s", job_text(job, JOB_NAME), job_text(job, JOB_BATCH));
}

/* Looks for our batch in the provider's list until it shows or the list had the time to show
 * it. 1: found and taken; 0: neither it nor any batch that could be it is there; -1: nobody
 * knows. */
static int
look(struct jobs *jobs, struct remote *r, struct job *job, int64_t patience, struct buf *others)
{
	int64_t since = strtoll(job_text(job, JOB_TRIED), NULL, 10) - CLOCKS_APART;
	int64_t begin = when_ticks(), pause = 250;

	for (;;) {
		int64_t left = patience - (when_ticks() - begin);
		int found;

		buf_clear(others);
		found = remote_find_batch(r, job, since, others);
		if (found == 1)
			created(jobs, r, job);
		if (found != 0)
			return found;
		if (left <= 0)
			return others->len ? -1 : 0;
		pause = pause < left ? 2 * pause : left;
		remote_pause(pause < left ? pause : left);
	}
}

static void
say_unknown(const struct remote *r, struct job *job, const struct buf *others)
{
	const char *name = job_text(job, JOB_NAME);
	struct slice rest = buf_slice(others);

	diag_warn("%s: outcome unknown: the batch may have been created, and was not found; "
		  "nothing more was created",
	    name);
	while (rest.len) {
		size_t n = slice_find(rest, '\n');

		diag_warn("%s: candidate: %.*s", name, SLICE_ARG(slice_take(rest, n)));
		rest = slice_drop(rest, n + 1);
	}
	if (r->service->tagged)
		diag_warn("%s: look for llm_batch_job=%s at the provider; if a batch has it, "
			  "submit the file with '--adopt BATCH', if none has, with '--again'",
		    name, job_text(job, JOB_TAG));
	else
		diag_warn("%s: %s's batches carry no name; look for one of %s requests created "
			  "since; if one is this job, submit the file with '--adopt BATCH', if "
			  "none is, with '--again'",
		    name, r->service->name, job_text(job, JOB_REQUESTS));
	status_raise(STATUS_FAILED);
}

/* A creation that was cut off in an earlier run. True: it certainly did not happen, which a
 * list alone can say whose batches carry our tag. */
static bool
settle_creation(struct jobs *jobs, struct remote *r, struct job *job)
{
	struct buf others = { 0 };
	int found =
	    look(jobs, r, job, r->service->tagged ? advance_settings.settle : 0, &others);
	bool never = found == 0 && r->service->tagged;

	if (found != 1 && !never)
		say_unknown(r, job, &others);
	buf_free(&others);
	return never;
}

/* A creation whose answer was lost just now: it is taken if it shows soon, and left to the next
 * run otherwise. */
static void
look_or_say(struct jobs *jobs, struct remote *r, struct job *job)
{
	struct buf others = { 0 };

	if (look(jobs, r, job, r->service->tagged ? SOON : 0, &others) != 1)
		say_unknown(r, job, &others);
	buf_free(&others);
}

static void
write_intent(struct jobs *jobs, struct job *job)
{
	char now[24];

	snprintf(now, sizeof(now), "%lld", (long long)when_now());
	job_set(job, JOB_TRIED, now);
	advance_step(jobs, job, STEP_CREATING);
}

void
advance_create(struct jobs *jobs, struct remote *r, struct job *job, const char *copy)
{
	enum call_end end;
	unsigned attempt = 0;
	int64_t wait;

	do {
		write_intent(jobs, job);
		end = r->service->create(r, job, copy, &wait);
		if (end == CALL_BUSY)
			advance_step(jobs, job, STEP_UPLOADED); /* certainly not created */
	} while (end == CALL_BUSY && remote_again(wait, ++attempt));
	if (end == CALL_DONE) {
		created(jobs, r, job);
	} else if (end == CALL_UNKNOWN) {
		look_or_say(jobs, r, job);
	} else {
		failed(jobs, r, job, end, "no batch was created");
	}
}

static void
adopt_batch(struct jobs *jobs, struct remote *r, struct job *job)
{
	if (!remote_id(advance_settings.adopt))
		diag_die(STATUS_USAGE, "'--adopt' wants the id of a batch");
	if (!service_ask(r, advance_settings.adopt)) {
		status_raise(STATUS_FAILED);
		return;
	}
	memcpy(r->id, advance_settings.adopt, strlen(advance_settings.adopt) + 1);
	created(jobs, r, job);
}

/* From wherever the job stands to its batch. */
void
advance_job(
    struct jobs *jobs, struct remote *r, struct job *job, const char *copy, uint64_t bytes)
{
	if (advance_settings.adopt && !job_is(job, JOB_STEP, STEP_CREATED)) {
		adopt_batch(jobs, r, job);
		return;
	}
	if (job_is(job, JOB_STEP, STEP_CREATING)) {
		if (!advance_settings.again && !settle_creation(jobs, r, job))
			return;
		advance_step(jobs, job, STEP_UPLOADED);
	}
	if (job_is(job, JOB_STEP, STEP_NEW) || job_is(job, JOB_STEP, STEP_UPLOADING)) {
		if (r->service->files)
			upload(jobs, r, job, copy, bytes);
		else
			advance_step(jobs, job, STEP_UPLOADED);
	}
	if (job_is(job, JOB_STEP, STEP_UPLOADED))
		advance_create(jobs, r, job, copy);
}
