/* SPDX-License-Identifier: MIT */
#include "jobs.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "../connect.h"
#include "json/scan.h"
#include "json/write.h"
#include "store/journal.h"

static const char *const field_names[JOB_FIELDS] = { "name", "tag", "fingerprint", "model",
	"endpoint", "requests", "step", "tried", "input", "batch", "created", "status",
	"output", "errors", "fetched", "failed", "bad", "full" };

struct entry {
	struct job job;
	unsigned changed; /* bit for each field */
};

struct jobs {
	const char *name;
	char *provider;
	struct journal *journal;
	struct entry **list;
	size_t count;
	struct json json;
	struct arena arena;
	struct buf text;
};

size_t
jobs_count(const struct jobs *jobs)
{
	return jobs->count;
}

struct job *
jobs_at(struct jobs *jobs, size_t i)
{
	return &jobs->list[i]->job;
}

struct job *
jobs_add(struct jobs *jobs)
{
	struct entry *e = mem_zero(sizeof(*e));

	jobs->list = mem_grow(jobs->list, jobs->count + 1, sizeof(struct entry *));
	jobs->list[jobs->count] = e;
	e->job.number = jobs->count++;
	return &e->job;
}

void
job_set(struct job *job, enum job_field field, const char *value)
{
	/* job is the first member of its entry */
	struct entry *e = (struct entry *)(void *)job;

	free(job->field[field]);
	job->field[field] = mem_string(value);
	e->changed |= 1u << field;
}

const char *
job_text(const struct job *job, enum job_field field)
{
	return job->field[field] ? job->field[field] : "";
}

const char *
job_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool
job_is(const struct job *job, enum job_field field, const char *value)
{
	return job->field[field] && strcmp(job->field[field], value) == 0;
}

bool
job_ended(const struct job *job)
{
	return job_is(job, JOB_STATUS, "completed") || job_is(job, JOB_STATUS, "failed") ||
	       job_is(job, JOB_STATUS, "expired") || job_is(job, JOB_STATUS, "cancelled");
}

bool
job_in_vain(const struct jobs *jobs, const struct job *job)
{
	if (!job_is(job, JOB_STATUS, "failed") && !job_is(job, JOB_STEP, STEP_REFUSED))
		return false;
	for (size_t i = job->number + 1; i < jobs->count; i++)
		if (job_is(
			&jobs->list[i]->job, JOB_FINGERPRINT, job_text(job, JOB_FINGERPRINT)))
			return false;
	return true;
}

bool
job_wanted(const struct job *job, const struct option_list *operands)
{
	for (size_t i = 0; i < operands->count; i++)
		if (job_is(job, JOB_NAME, operands->item[i]) ||
		    job_is(job, JOB_BATCH, operands->item[i]))
			return true;
	return !operands->count;
}

void
jobs_check(struct jobs *jobs, const struct option_list *operands)
{
	for (size_t i = 0; i < operands->count; i++) {
		struct option_list one = { &operands->item[i], 1 };
		bool found = false;

		for (size_t k = 0; k < jobs->count && !found; k++)
			found = job_wanted(&jobs->list[k]->job, &one);
		if (!found)
			diag_die(
			    STATUS_USAGE, "%s: no job '%s'", jobs->name, operands->item[i]);
	}
}

static void
add_line(struct jobs *jobs)
{
	if (!journal_add(jobs->journal, buf_slice(&jobs->text)) || !journal_sync(jobs->journal))
		diag_die_errno(STATUS_FAILED, "%s", jobs->name);
}

void
jobs_save(struct jobs *jobs, struct job *job)
{
	struct entry *e = (struct entry *)(void *)job;
	struct writer w = { &jobs->text, false };

	if (!e->changed)
		return;
	buf_clear(&jobs->text);
	write_object(&w);
	write_name(&w, "job");
	write_number(&w, job->number);
	for (unsigned i = 0; i < JOB_FIELDS; i++) {
		if (!(e->changed & 1u << i))
			continue;
		write_name(&w, field_names[i]);
		write_z(&w, job->field[i]);
	}
	write_object_end(&w);
	e->changed = 0;
	add_line(jobs);
}

static struct value
parse(struct jobs *jobs, struct slice line)
{
	const char *why;
	size_t where;

	if (!json_scan(&jobs->json, line, &why, &where))
		diag_die(STATUS_USAGE, "%s: not a state of jobs: %s", jobs->name, why);
	return json_root(&jobs->json);
}

static void
apply(struct jobs *jobs, struct slice line)
{
	struct value root = parse(jobs, line);
	uint64_t number;

	arena_reset(&jobs->arena);
	if (!json_whole(json_get(root, "job"), &number) || number > jobs->count)
		diag_die(STATUS_USAGE, "%s: a line that is no job", jobs->name);
	if (number == jobs->count)
		jobs_add(jobs);
	for (unsigned i = 0; i < JOB_FIELDS; i++) {
		struct slice text = json_string(json_get(root, field_names[i]), &jobs->arena);

		if (text.ptr)
			job_set(&jobs->list[number]->job, (enum job_field)i,
			    arena_copy(&jobs->arena, text).ptr);
	}
	jobs->list[number]->changed = 0;
}

static void
write_header(struct jobs *jobs, const char *base_url)
{
	struct writer w = { &jobs->text, false };

	buf_clear(&jobs->text);
	write_object(&w);
	write_name(&w, "v");
	write_number(&w, 1);
	write_name(&w, "kind");
	write_z(&w, "jobs");
	write_name(&w, "base_url");
	write_z(&w, base_url);
	write_name(&w, "provider");
	write_z(&w, jobs->provider);
	if (connect_settings.api_version) {
		write_name(&w, "api_version");
		write_z(&w, connect_settings.api_version);
	}
	write_object_end(&w);
	add_line(jobs);
}

static void
read_header(struct jobs *jobs, struct slice line, const char *base_url, const char *provider)
{
	struct value root = parse(jobs, line);
	struct slice url;

	if (!json_is(json_get(root, "kind"), "jobs"))
		diag_die(STATUS_USAGE, "%s: not a state of jobs", jobs->name);
	url = arena_copy(&jobs->arena, json_string(json_get(root, "base_url"), &jobs->arena));
	if (base_url && strcmp(base_url, url.ptr) != 0)
		diag_die(STATUS_USAGE, "%s belongs to the base URL '%s'", jobs->name, url.ptr);
	connect_settings.base_url = mem_string(url.ptr);
	/* a state that was made before there were others is OpenAI's */
	url = json_string(json_get(root, "provider"), &jobs->arena);
	free(jobs->provider);
	jobs->provider = mem_string(url.len ? arena_copy(&jobs->arena, url).ptr : "openai");
	if (provider && strcmp(provider, jobs->provider) != 0)
		diag_die(STATUS_USAGE, "%s belongs to the provider '%s'", jobs->name,
		    diag_clean(slice_z(jobs->provider)));
	url = json_string(json_get(root, "api_version"), &jobs->arena);
	if (url.len && !connect_settings.api_version)
		connect_settings.api_version = mem_string(arena_copy(&jobs->arena, url).ptr);
}

const char *
jobs_provider(const struct jobs *jobs)
{
	return jobs->provider;
}

static void
open_journal(struct jobs *jobs, bool dry)
{
	const char *why = NULL;
	long owner = 0;

	jobs->journal = journal_open(jobs->name, dry, &why, &owner);
	if (!jobs->journal && owner)
		diag_die(
		    STATUS_LATER, "%s: process %ld works with this state", jobs->name, owner);
	if (!jobs->journal && errno)
		diag_die_errno(STATUS_FAILED, "%s %s", jobs->name, why);
	if (!jobs->journal)
		diag_die(STATUS_FAILED, "%s %s", jobs->name, why);
}

struct jobs *
jobs_open(const char *name, const char *base_url, const char *provider, bool dry)
{
	struct jobs *jobs = mem_zero(sizeof(*jobs));
	struct slice line;

	jobs->name = name;
	jobs->provider = mem_string(provider ? provider : "openai");
	if (access(name, F_OK) != 0 && errno == ENOENT) {
		if (dry)
			return jobs;
		if (!base_url)
			diag_die(STATUS_USAGE, "%s: there is no such state file", name);
	}
	open_journal(jobs, dry);
	if (journal_next(jobs->journal, &line))
		read_header(jobs, line, base_url, provider);
	else if (!base_url)
		diag_die(STATUS_USAGE, "%s: an empty state file, and no '--base-url'", name);
	else if (!dry)
		write_header(jobs, base_url);
	while (journal_next(jobs->journal, &line))
		apply(jobs, line);
	return jobs;
}

void
jobs_close(struct jobs *jobs)
{
	for (size_t i = 0; i < jobs->count; i++) {
		for (unsigned k = 0; k < JOB_FIELDS; k++)
			free(jobs->list[i]->job.field[k]);
		free(jobs->list[i]);
	}
	free(jobs->list);
	free(jobs->provider);
	journal_close(jobs->journal);
	json_free(&jobs->json);
	arena_close(&jobs->arena);
	buf_free(&jobs->text);
	free(jobs);
}
