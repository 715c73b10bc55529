/* SPDX-License-Identifier: MIT */
/* llm-batch submit: files to batch jobs, at most one job for each file. */
#include "../batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/when.h"
#include "../connect.h"
#include "advance.h"
#include "choose.h"
#include "cloud.h"
#include "service.h"
#include "submit.h"

#define FULL_TIMES 3
#define FULL_LONGEST (INT64_C(48) * 3600 * 1000) /* ms */

static const char *state_file, *provider, *id_path, *model;

const struct option submit_options[] = {
	CONNECT_OPTIONS,
	{ 0, "state", OPTION_TEXT, "F", &state_file,
	    "the state file of the jobs, made if missing", NULL },
	API_VERSION_OPTION,
	{ 0, "for", OPTION_TEXT, "P", &provider,
	    "the provider; else its host or the shape of the lines tells it", NULL },
	{ 0, "model", OPTION_TEXT, "M", &model,
	    "the model of the jobs, where the provider wants it there", NULL },
	{ 'd', "directory", OPTION_TEXT, "DIR", &cloud_settings.folder,
	    "where the job requests for bedrock and vertex go (beside the file)", NULL },
	{ 0, "storage", OPTION_TEXT, "URL", &cloud_settings.storage,
	    "bedrock, vertex: the folder of input and output, s3://… or gs://…", NULL },
	{ 0, "role", OPTION_TEXT, "ARN", &cloud_settings.role,
	    "bedrock: the role that the job takes", NULL },
	{ 0, "project", OPTION_TEXT, "P", &cloud_settings.project,
	    "vertex: the project of the job", NULL },
	{ 0, "region", OPTION_TEXT, "R", &cloud_settings.region,
	    "bedrock, vertex: where the job runs", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0, "adopt", OPTION_TEXT, "BATCH", &advance_settings.adopt,
	    "the file's job, of unknown outcome, is this batch", NULL },
	{ 0, "settle", OPTION_DURATION, "T", &advance_settings.settle,
	    "how long the provider's list may lag behind (20s)", NULL },
	{ 0, "again", OPTION_FLAG, NULL, &advance_settings.again,
	    "create jobs of unknown outcome again: they do not exist", NULL },
	{ 0 },
};

/* STATE.TAG.jsonl: where the copy of a job's file lies until it is uploaded. */
static void
copy_name(struct buf *out, const char *tag)
{
	buf_printf(out, "%s.%s.jsonl", state_file, tag);
	buf_add_byte(out, '\0');
}

/* -n leaves nothing beside the state file, not even for a moment. */
static void
scratch_name(struct buf *out)
{
	const char *folder = getenv("TMPDIR");

	buf_printf(
	    out, "%s/llm-batch.%ld.jsonl", folder && *folder ? folder : "/tmp", (long)getpid());
	buf_add_byte(out, '\0');
}

/* The file's own name without .jsonl; where another job has it, with a number. That the bytes
 * are new is said, for who runs the same line every night. */
static void
name_job(struct submitter *s, struct job *job, const char *file, const struct ready *ready)
{
	struct slice stem = slice_z(job_file_name(file));
	struct buf b = { 0 };
	bool taken = true, known = false;

	if (slice_ends(stem, SLICE(".jsonl")) && stem.len > 6)
		stem.len -= 6;
	for (unsigned n = 1; taken; n++) {
		buf_clear(&b);
		buf_add(&b, stem);
		if (n > 1)
			buf_printf(&b, "-%u", n);
		buf_add_byte(&b, '\0');
		taken = false;
		for (size_t i = 0; i < jobs_count(s->jobs); i++) {
			struct job *other = jobs_at(s->jobs, i);

			taken = taken || job_is(other, JOB_NAME, b.data);
			known = known || job_is(other, JOB_FINGERPRINT, ready->fingerprint);
		}
	}
	if (!known && !slice_eqz(stem, b.data))
		diag_note(
		    "%s: has changed since the job '%.*s', or is another file: its own job "
		    "is '%s'",
		    file, SLICE_ARG(stem), b.data);
	job_set(job, JOB_NAME, b.data);
	buf_free(&b);
}

/* Nobody else's job can have this one. */
static void
tag_job(struct job *job, const struct ready *ready)
{
	unsigned char seed[DIGEST_SIZE], digest[DIGEST_SIZE];
	char hex[33];
	struct buf b = { 0 };

	if (getrandom(seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		diag_die_errno(STATUS_FAILED, "random numbers");
	buf_add(&b, slice_of((const char *)seed, sizeof(seed)));
	buf_add(&b, slice_z(ready->fingerprint));
	digest_of(buf_slice(&b), digest);
	digest_hex(digest, 16, hex);
	job_set(job, JOB_TAG, hex);
	buf_free(&b);
}

static struct job *
new_job(struct submitter *s, const char *file, const struct ready *ready)
{
	struct job *job = jobs_add(s->jobs);
	char number[24];

	name_job(s, job, file, ready);
	tag_job(job, ready);
	snprintf(number, sizeof(number), "%llu", (unsigned long long)ready->requests);
	job_set(job, JOB_FINGERPRINT, ready->fingerprint);
	job_set(job, JOB_MODEL, s->model ? s->model : ready->model);
	job_set(job, JOB_ENDPOINT, ready->endpoint);
	job_set(job, JOB_REQUESTS, number);
	advance_step(s->jobs, job, STEP_NEW);
	return job;
}

/* The job that has these bytes already. One that failed before anything ran does not count
 * where the file may be submitted again. */
static struct job *
find_job(struct submitter *s, const struct ready *ready)
{
	for (size_t i = jobs_count(s->jobs); i-- > 0;) {
		struct job *job = jobs_at(s->jobs, i);

		if (job_is(job, JOB_FINGERPRINT, ready->fingerprint))
			return s->once || !job_is(job, JOB_STATUS, "failed") ? job : NULL;
	}
	return NULL;
}

/* The provider would not have it, so that there is none yet. A cron job must not leave one more
 * copy of the file there with every try. */
static void
take_up_refused(struct submitter *s, struct job *job)
{
	bool uploaded = s->once && job->field[JOB_INPUT];

	advance_step(s->jobs, job, uploaded ? STEP_UPLOADED : STEP_NEW);
}

/* Does a later run need the copy of the job's file? */
static bool
needs_copy(const struct submitter *s, const struct job *job)
{
	if (job_is(job, JOB_STEP, STEP_NEW) || job_is(job, JOB_STEP, STEP_UPLOADING))
		return true;
	return !s->service->files &&
	       (job_is(job, JOB_STEP, STEP_UPLOADED) || job_is(job, JOB_STEP, STEP_CREATING));
}

void
submit_resume(struct submitter *s, struct job *job)
{
	struct buf copy = { 0 };
	struct stat st = { 0 };

	copy_name(&copy, job_text(job, JOB_TAG));
	if (stat(copy.data, &st) != 0 && needs_copy(s, job)) {
		diag_warn("%s: was interrupted before its file was uploaded; submit it again",
		    job_text(job, JOB_NAME));
		status_raise(STATUS_FAILED);
	} else {
		advance_job(s->jobs, &s->remote, job, copy.data, (uint64_t)st.st_size);
		if (!needs_copy(s, job))
			unlink(copy.data);
	}
	buf_free(&copy);
}

/* Another job of the model still fills the provider's queue. */
static bool
is_blocked(struct submitter *s, const struct job *job)
{
	for (size_t i = 0; i < jobs_count(s->jobs); i++) {
		struct job *other = jobs_at(s->jobs, i);

		if (other != job && job_is(other, JOB_STEP, STEP_CREATED) &&
		    job_is(other, JOB_MODEL, job_text(job, JOB_MODEL)) && !job_ended(other) &&
		    !job_is(other, JOB_STATUS, "full"))
			return true;
	}
	return false;
}

struct watch {
	struct remote *remote;
	size_t running;
};

static void
count_running(void *context, struct value item)
{
	static const char *const ended[] = { "completed", "failed", "full", "expired",
		"cancelled", NULL };
	struct watch *w = context;
	struct standing s;

	w->remote->service->read(w->remote, item, &s);
	for (size_t i = 0; ended[i]; i++)
		if (!s.status || strcmp(s.status, ended[i]) == 0)
			return;
	w->running++;
}

/* The queue was full for nobody but this job: then it never will have room for it. Batches of
 * other projects are in no list, so that it takes a few times, and a list that is never empty
 * ends with the longest time that a batch may take. */
static bool
is_too_large(struct submitter *s, struct job *job)
{
	int64_t created = strtoll(job_text(job, JOB_CREATED), NULL, 10);
	struct watch w = { .remote = &s->remote };
	uint64_t times;
	char text[24];

	if (created && when_now() - created > FULL_LONGEST)
		return true;
	if (!remote_list(&s->remote, count_running, &w) || w.running)
		return false;
	times = strtoull(job_text(job, JOB_FULL), NULL, 10) + 1;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)times);
	job_set(job, JOB_FULL, text);
	return times >= FULL_TIMES;
}

void
submit_retry_full(struct submitter *s, struct job *job)
{
	if (is_blocked(s, job)) {
		diag_note("%s: waits until the queue of '%s' has room", job_text(job, JOB_NAME),
		    job_text(job, JOB_MODEL));
		status_raise(STATUS_LATER);
		return;
	}
	if (is_too_large(s, job)) {
		job_set(job, JOB_STATUS, "failed");
		jobs_save(s->jobs, job);
		diag_warn(
		    "%s: the queue of '%s' has no room for it even while it is empty: make "
		    "smaller files with 'pack --max-tokens', and submit those",
		    job_text(job, JOB_NAME), job_text(job, JOB_MODEL));
		status_raise(STATUS_REJECTED);
		return;
	}
	/* the file is still there, and nothing ran */
	job_set(job, JOB_STATUS, "validating");
	advance_step(s->jobs, job, STEP_UPLOADED);
	advance_create(s->jobs, &s->remote, job, NULL);
}

static void
say_plan(const char *file, const struct ready *ready, const struct job *job)
{
	if (job && job_is(job, JOB_STEP, STEP_CREATED))
		diag_note("%s: was submitted as %s; nothing would be done", file,
		    job_text(job, JOB_BATCH));
	else
		diag_note("%s: would upload %llu requests, %llu bytes, and create a batch for "
			  "%s at %s",
		    file, (unsigned long long)ready->requests, (unsigned long long)ready->bytes,
		    ready->endpoint, connect_settings.base_url);
}

/* The checked copy becomes the job's own, and the job goes as far as it can. */
static void
submit_copy(struct submitter *s, const char *file, const char *fresh, const struct ready *ready)
{
	struct job *job = find_job(s, ready);
	struct buf copy = { 0 };

	if (tool_common()->dry_run) {
		say_plan(file, ready, job);
	} else if (job && job_is(job, JOB_STEP, STEP_CREATED)) {
		diag_note("%s: was submitted as %s (%s)%s", file, job_text(job, JOB_BATCH),
		    job_text(job, JOB_NAME),
		    job_is(job, JOB_STATUS, "failed") ? ", which failed; 'submit' tries again"
						      : "");
		/* a run that was killed right after the creation left it */
		copy_name(&copy, job_text(job, JOB_TAG));
		unlink(copy.data);
		if (advance_settings.adopt && !job_is(job, JOB_BATCH, advance_settings.adopt)) {
			diag_warn("%s: its outcome is known: it is not '%s'", file,
			    advance_settings.adopt);
			status_raise(STATUS_REJECTED);
		}
	} else {
		if (!job)
			job = new_job(s, file, ready);
		else if (job_is(job, JOB_STEP, STEP_REFUSED))
			take_up_refused(s, job);
		copy_name(&copy, job_text(job, JOB_TAG));
		if (rename(fresh, copy.data) != 0)
			diag_die_errno(STATUS_FAILED, "%s", copy.data);
		if (job_is(job, JOB_STATUS, "full")) {
			submit_retry_full(s, job);
			unlink(copy.data);
			buf_free(&copy);
			return;
		}
		advance_job(s->jobs, &s->remote, job, copy.data, ready->bytes);
		if (!needs_copy(s, job))
			unlink(copy.data);
	}
	buf_free(&copy);
}

void
submit_file(struct submitter *s, const char *file)
{
	struct buf fresh = { 0 };
	struct ready ready;

	if (tool_common()->dry_run || s->cloud)
		scratch_name(&fresh);
	else
		copy_name(&fresh, "new");
	if (ready_file(
		file, fresh.data, s->rules, s->by, s->service && !s->service->files, &ready)) {
		if (!choose_model(s, file, model, &ready))
			;
		else if (s->cloud)
			cloud_request(s->cloud, file, fresh.data, &ready,
			    s->model ? s->model : ready.model);
		else
			submit_copy(s, file, fresh.data, &ready);
		unlink(fresh.data);
	}
	ready_free(&ready);
	buf_free(&fresh);
}

void
submit_open(struct submitter *s, const struct submit_settings *settings,
    const struct option_list *files, bool must_exist)
{
	bool fresh = settings->state && access(settings->state, F_OK) != 0;
	const char *name;

	state_file = settings->state;
	model = settings->model;
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->item[i], "-") == 0)
			tool_usage("files are wanted, not standard input");
	name = choose_provider(settings, files);
	*s = (struct submitter){ .by = line_id_path(settings->id), .once = settings->once };
	if (name && (s->cloud = cloud_named(name))) {
		if (must_exist)
			tool_usage("jobs at %s are led by their own command line", name);
		cloud_check(s->cloud);
		s->rules = rules_for(name);
		s->wants_model = true;
		return;
	}
	if (!state_file)
		tool_usage("'--state' is missing");
	if ((fresh && !must_exist) || connect_settings.base_url)
		connect_check();
	s->jobs =
	    jobs_open(state_file, connect_settings.base_url, name, tool_common()->dry_run);
	s->service = service_named(jobs_provider(s->jobs));
	if (!s->service)
		diag_die(STATUS_USAGE, "%s: an unknown provider", state_file);
	s->rules = rules_for(s->service->name);
	s->wants_model = s->service->wants_model;
	connect_headers(s->service->speaks);
	remote_open(&s->remote, s->service);
}

void
submit_close(struct submitter *s)
{
	arena_close(&s->arena);
	if (s->cloud)
		return;
	remote_close(&s->remote);
	jobs_close(s->jobs);
}

void
submit_run(const struct option_list *operands)
{
	struct submit_settings settings = { state_file, provider, id_path, model, false };
	struct submitter s;

	if (advance_settings.adopt && operands->count != 1)
		tool_usage("'--adopt' is for one file");
	if (advance_settings.adopt && advance_settings.again)
		tool_usage("'--adopt' and '--again' exclude each other");
	submit_open(&s, &settings, operands, false);
	for (size_t i = 0; i < operands->count; i++)
		submit_file(&s, operands->item[i]);
	submit_close(&s);
}
