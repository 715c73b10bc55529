/* SPDX-License-Identifier: MIT */
/* llm-batch submit: files to batch jobs, at most one job for each file.
 *
 * What is about to be done is in the state file before it is done. A job that was interrupted
 * while its batch was created is looked for among the provider's batches, by our tag in the
 * metadata. It is created again only if a list that was read to its end, and had its time,
 * shows neither it nor any other batch that could be it; else nothing is created and the user
 * decides. */
#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/when.h"
#include "connect.h"
#include "json/write.h"
#include "net/limit.h"
#include "submit.h"

#define TRIES 5
#define SOON 1500                              /* ms */
#define CLOCKS_APART (INT64_C(10) * 60 * 1000) /* ms that two clocks may differ */

static const char *state_file, *provider, *id_path, *adopt;
static bool again;
static int64_t settle = 20 * 1000;

const struct option submit_options[] = {
	CONNECT_OPTIONS,
	{ 0, "state", OPTION_TEXT, "F", &state_file,
	    "the state file of the jobs, made if missing", NULL },
	{ 0, "for", OPTION_TEXT, "P", &provider,
	    "the provider whose rules count: openai or azure (openai)", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0, "adopt", OPTION_TEXT, "BATCH", &adopt,
	    "the file's job, of unknown outcome, is this batch", NULL },
	{ 0, "settle", OPTION_DURATION, "T", &settle,
	    "how long the provider's list may lag behind (20s)", NULL },
	{ 0, "again", OPTION_FLAG, NULL, &again,
	    "create jobs of unknown outcome again: they do not exist", NULL },
	{ 0 },
};

static void
step(struct submitter *s, struct job *job, const char *name)
{
	job_set(job, JOB_STEP, name);
	jobs_save(s->jobs, job);
}

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

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The file's own name without .jsonl; where another job has it, with a number. */
static void
name_job(struct submitter *s, struct job *job, const char *file)
{
	struct slice stem = slice_z(base_name(file));
	struct buf b = { 0 };
	bool taken = true;

	if (slice_ends(stem, SLICE(".jsonl")) && stem.len > 6)
		stem.len -= 6;
	for (unsigned n = 1; taken; n++) {
		buf_clear(&b);
		buf_add(&b, stem);
		if (n > 1)
			buf_printf(&b, "-%u", n);
		buf_add_byte(&b, '\0');
		taken = false;
		for (size_t i = 0; i < jobs_count(s->jobs); i++)
			taken = taken || job_is(jobs_at(s->jobs, i), JOB_NAME, b.data);
	}
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

	name_job(s, job, file);
	tag_job(job, ready);
	snprintf(number, sizeof(number), "%llu", (unsigned long long)ready->requests);
	job_set(job, JOB_FINGERPRINT, ready->fingerprint);
	job_set(job, JOB_MODEL, ready->model);
	job_set(job, JOB_ENDPOINT, ready->endpoint);
	job_set(job, JOB_REQUESTS, number);
	step(s, job, STEP_NEW);
	return job;
}

/* The job that has these bytes already. One that the provider refused, or that failed before
 * anything ran, does not count: the file may be submitted again. */
static struct job *
find_job(struct submitter *s, const struct ready *ready)
{
	for (size_t i = jobs_count(s->jobs); i-- > 0;) {
		struct job *job = jobs_at(s->jobs, i);

		if (job_is(job, JOB_FINGERPRINT, ready->fingerprint) &&
		    !job_is(job, JOB_STATUS, "failed") && !job_is(job, JOB_STEP, STEP_REFUSED))
			return job;
	}
	return NULL;
}

static void
pause_for(int64_t told, unsigned attempt)
{
	remote_pause(told >= 0 && told <= connect_max_time() ? told : backoff_ms(attempt));
}

static bool
take_file(struct submitter *s, struct job *job, const char *id)
{
	if (!remote_id(id)) {
		diag_warn("%s: the provider gave an id that is none", job_text(job, JOB_NAME));
		status_raise(STATUS_FAILED);
		return false;
	}
	job_set(job, JOB_INPUT, id);
	step(s, job, STEP_UPLOADED);
	return true;
}

/* A file that is uploaded twice costs nothing, but is litter: an interrupted upload is looked
 * for by its name, which holds our tag. */
static bool
upload(struct submitter *s, struct job *job, const char *copy, uint64_t bytes)
{
	enum call_end end = CALL_BUSY;
	const char *file = NULL;
	int64_t wait;

	if (job_is(job, JOB_STEP, STEP_UPLOADING) &&
	    remote_find_file(&s->remote, base_name(copy), bytes, &file) == 1)
		return take_file(s, job, file);
	step(s, job, STEP_UPLOADING);
	for (unsigned attempt = 1; attempt <= TRIES; attempt++) {
		end = remote_upload(&s->remote, copy, &wait);
		if (end == CALL_DONE || end == CALL_REFUSED)
			break;
		pause_for(wait, attempt);
	}
	if (end == CALL_DONE) {
		struct slice id = json_string(json_get(s->remote.root, "id"), &s->remote.arena);

		return take_file(s, job, arena_copy(&s->remote.arena, id).ptr);
	}
	if (end == CALL_REFUSED)
		step(s, job, STEP_REFUSED);
	diag_warn("%s: not uploaded; nothing was created", job_text(job, JOB_NAME));
	status_raise(STATUS_FAILED);
	return false;
}

static void
created(struct submitter *s, struct job *job, const char *batch)
{
	job_set(job, JOB_BATCH, batch);
	remote_take_status(&s->remote, job);
	step(s, job, STEP_CREATED);
	diag_note("%s: %s", job_text(job, JOB_NAME), batch);
}

/* Looks for our batch in the provider's list until it shows or the list had the time to show
 * it. 1: found and taken; 0: neither it nor any batch that could be it is there; -1: nobody
 * knows. */
static int
look(struct submitter *s, struct job *job, int64_t patience, struct buf *others)
{
	const char *batch = NULL;
	int64_t since = strtoll(job_text(job, JOB_TRIED), NULL, 10) - CLOCKS_APART;
	int64_t begin = when_ticks(), pause = 250;

	for (;;) {
		int64_t left = patience - (when_ticks() - begin);
		int found;

		buf_clear(others);
		found = remote_find_batch(&s->remote, job, since, &batch, others);
		if (found == 1)
			created(s, job, batch);
		if (found != 0)
			return found;
		if (left <= 0)
			return others->len ? -1 : 0;
		pause = pause < left ? 2 * pause : left;
		remote_pause(pause < left ? pause : left);
	}
}

static void
say_unknown(struct job *job, const struct buf *others)
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
	diag_warn("%s: look for metadata llm_batch_job=%s at the provider; if a batch has it, "
		  "submit the file with '--adopt BATCH', if none has, with '--again'",
	    name, job_text(job, JOB_TAG));
	status_raise(STATUS_FAILED);
}

/* A creation that was cut off in an earlier run. True: it certainly did not happen. */
static bool
settle_creation(struct submitter *s, struct job *job)
{
	struct buf others = { 0 };
	int found = look(s, job, settle, &others);

	if (found < 0)
		say_unknown(job, &others);
	buf_free(&others);
	return found == 0;
}

/* A creation whose answer was lost just now: it is taken if it shows soon, and left to the next
 * run otherwise. */
static void
look_or_say(struct submitter *s, struct job *job)
{
	struct buf others = { 0 };

	if (look(s, job, SOON, &others) != 1)
		say_unknown(job, &others);
	buf_free(&others);
}

static void
write_creation(const struct job *job, struct buf *out)
{
	struct writer w = { out, false };
	const char *endpoint = job_text(job, JOB_ENDPOINT);

	write_object(&w);
	write_name(&w, "input_file_id");
	write_z(&w, job_text(job, JOB_INPUT));
	write_name(&w, "endpoint");
	write_z(&w, endpoint);
	write_name(&w, "completion_window");
	write_z(&w, "24h");
	write_name(&w, "metadata");
	write_object(&w);
	write_name(&w, "llm_batch_job");
	write_z(&w, job_text(job, JOB_TAG));
	write_name(&w, "llm_batch_file");
	write_z(&w, job_text(job, JOB_FINGERPRINT));
	write_object_end(&w);
	write_object_end(&w);
}

static void
write_intent(struct submitter *s, struct job *job)
{
	char now[24];

	snprintf(now, sizeof(now), "%lld", (long long)when_now());
	job_set(job, JOB_TRIED, now);
	step(s, job, STEP_CREATING);
}

static void
create(struct submitter *s, struct job *job)
{
	struct buf body = { 0 };
	enum call_end end = CALL_BUSY;
	int64_t wait;

	write_creation(job, &body);
	for (unsigned attempt = 1; end == CALL_BUSY && attempt <= TRIES; attempt++) {
		write_intent(s, job);
		end = remote_post(&s->remote, "/v1/batches", buf_slice(&body), &wait);
		if (end == CALL_BUSY) {
			step(s, job, STEP_UPLOADED); /* certainly not created */
			pause_for(wait, attempt);
		}
	}
	buf_free(&body);
	if (end == CALL_DONE) {
		struct slice id = json_string(json_get(s->remote.root, "id"), &s->remote.arena);
		const char *batch = arena_copy(&s->remote.arena, id).ptr;

		if (remote_id(batch))
			created(s, job, batch);
		else
			end = CALL_UNKNOWN;
	}
	if (end == CALL_UNKNOWN) {
		look_or_say(s, job);
	} else if (end != CALL_DONE) {
		if (end == CALL_REFUSED)
			step(s, job, STEP_REFUSED);
		diag_warn("%s: no batch was created", job_text(job, JOB_NAME));
		status_raise(STATUS_FAILED);
	}
}

static void
adopt_batch(struct submitter *s, struct job *job)
{
	if (!remote_id(adopt))
		diag_die(STATUS_USAGE, "'--adopt' wants the id of a batch");
	if (!remote_get(&s->remote, "/v1/batches/", adopt, "")) {
		status_raise(STATUS_FAILED);
		return;
	}
	created(s, job, adopt);
}

/* From wherever the job stands to its batch. */
static void
advance(struct submitter *s, struct job *job, const char *copy, uint64_t bytes)
{
	if (adopt && !job_is(job, JOB_STEP, STEP_CREATED)) {
		adopt_batch(s, job);
		return;
	}
	if (job_is(job, JOB_STEP, STEP_CREATING)) {
		if (!again && !settle_creation(s, job))
			return;
		step(s, job, STEP_UPLOADED);
	}
	if (job_is(job, JOB_STEP, STEP_NEW) || job_is(job, JOB_STEP, STEP_UPLOADING))
		upload(s, job, copy, bytes);
	if (job_is(job, JOB_STEP, STEP_UPLOADED))
		create(s, job);
}

void
submit_resume(struct submitter *s, struct job *job)
{
	bool wants_copy =
	    job_is(job, JOB_STEP, STEP_NEW) || job_is(job, JOB_STEP, STEP_UPLOADING);
	struct buf copy = { 0 };
	struct stat st = { 0 };

	copy_name(&copy, job_text(job, JOB_TAG));
	if (stat(copy.data, &st) != 0 && wants_copy) {
		diag_warn("%s: was interrupted before its file was uploaded; submit it again",
		    job_text(job, JOB_NAME));
		status_raise(STATUS_FAILED);
	} else {
		advance(s, job, copy.data, (uint64_t)st.st_size);
		unlink(copy.data);
	}
	buf_free(&copy);
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
		diag_note("%s: was submitted as %s (%s)", file, job_text(job, JOB_BATCH),
		    job_text(job, JOB_NAME));
		/* a run that was killed right after the creation left it */
		copy_name(&copy, job_text(job, JOB_TAG));
		unlink(copy.data);
	} else {
		if (!job)
			job = new_job(s, file, ready);
		copy_name(&copy, job_text(job, JOB_TAG));
		if (rename(fresh, copy.data) != 0)
			diag_die_errno(STATUS_FAILED, "%s", copy.data);
		advance(s, job, copy.data, ready->bytes);
		unlink(copy.data);
	}
	buf_free(&copy);
}

void
submit_file(struct submitter *s, const char *file)
{
	struct buf fresh = { 0 };
	struct ready ready;

	if (tool_common()->dry_run)
		scratch_name(&fresh);
	else
		copy_name(&fresh, "new");
	if (ready_file(file, fresh.data, s->rules, s->by, &ready)) {
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

	provider = settings->provider ? settings->provider : "openai";
	state_file = settings->state;
	if (!state_file)
		tool_usage("'--state' is missing");
	if (strcmp(provider, "openai") != 0 && strcmp(provider, "azure") != 0)
		tool_usage("only openai and azure are spoken to");
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->item[i], "-") == 0)
			tool_usage("files are wanted, not standard input");
	*s = (struct submitter){ .by = line_id_path(settings->id),
		.rules = rules_for(provider) };
	if ((fresh && !must_exist) || connect_settings.base_url)
		connect_check();
	s->jobs = jobs_open(state_file, connect_settings.base_url, tool_common()->dry_run);
	connect_headers(NET_OPENAI);
	remote_open(&s->remote);
}

void
submit_close(struct submitter *s)
{
	remote_close(&s->remote);
	jobs_close(s->jobs);
}

void
submit_run(const struct option_list *operands)
{
	struct submit_settings settings = { state_file, provider, id_path };
	struct submitter s;

	if (adopt && operands->count != 1)
		tool_usage("'--adopt' is for one file");
	submit_open(&s, &settings, operands, false);
	for (size_t i = 0; i < operands->count; i++)
		submit_file(&s, operands->item[i]);
	submit_close(&s);
}
