/* SPDX-License-Identifier: MIT */
/* llm-batch status, list and wait. */
#include "status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/when.h"
#include "../batch.h"
#include "../connect.h"
#include "json/write.h"
#include "model/limits.h"
#include "service.h"

#define DAY (INT64_C(86400) * 1000)
#define WARN_DAYS 20
#define MISSES 10 /* polls in a row that may fail */

static const char *state_file;
static int64_t poll_time = 30 * 1000, timeout = -1;

#define STATE_OPTION                                                                          \
	{                                                                                     \
		0, "state", OPTION_TEXT, "F", &state_file, "the state file of the jobs", NULL \
	}

const struct option status_options[] = { CONNECT_OPTIONS, API_VERSION_OPTION, STATE_OPTION,
	{ 0 } };
const struct option list_options[] = { CONNECT_OPTIONS, API_VERSION_OPTION, STATE_OPTION,
	{ 0 } };
const struct option wait_options[] = {
	CONNECT_OPTIONS,
	API_VERSION_OPTION,
	STATE_OPTION,
	{ 0, "poll", OPTION_DURATION, "T", &poll_time, "time between two questions (30s)",
	    NULL },
	{ 0, "timeout", OPTION_DURATION, "T", &timeout,
	    "wait no longer than this; status 5 then", NULL },
	{ 0 },
};

struct jobs *
status_open(const char *file, const struct option_list *operands, struct remote *remote)
{
	const struct service *service;
	struct jobs *jobs;

	if (!file)
		tool_usage("'--state' is missing");
	jobs = jobs_open(file, connect_settings.base_url, NULL, false);
	connect_check();
	service = service_named(jobs_provider(jobs));
	if (!service)
		diag_die(STATUS_USAGE, "%s: an unknown provider", file);
	connect_headers(service->speaks);
	remote_open(remote, service);
	jobs_check(jobs, operands);
	return jobs;
}

bool
status_ask(struct jobs *jobs, struct remote *remote, struct job *job)
{
	remote->root = (struct value){ 0 };
	if (!job->field[JOB_BATCH] || job_ended(job))
		return true;
	if (!remote_id(job->field[JOB_BATCH]) || !service_ask(remote, job->field[JOB_BATCH]))
		return false;
	remote_take_status(remote, job);
	jobs_save(jobs, job);
	return true;
}

void
status_judge(struct jobs *jobs, struct remote *remote, const struct job *job)
{
	bool failed = job_is(job, JOB_STATUS, "failed");
	bool refused = job_is(job, JOB_STEP, STEP_REFUSED);

	if (!refused && (!job_ended(job) || job_is(job, JOB_STATUS, "completed")))
		return;
	if ((failed || refused) && !job_in_vain(jobs, job))
		return;
	/* a failure that was seen earlier is asked for again: its errors are not kept */
	if (json_type(remote->root) == JSON_ABSENT && failed &&
	    !service_ask(remote, job_text(job, JOB_BATCH)))
		status_raise(STATUS_FAILED);
	if (!refused && remote->service->complain)
		remote->service->complain(remote, job);
	diag_warn("%s: %s%s", job_text(job, JOB_NAME),
	    refused ? "was refused by the provider" : job_text(job, JOB_STATUS),
	    failed || refused ? "; nothing of it ran" : "");
	status_raise(STATUS_REJECTED);
}

/* Results vanish: early enough the exit status says so. */
static void
warn_vanishing(const struct service *service, const struct job *job)
{
	int64_t created = strtoll(job_text(job, JOB_CREATED), NULL, 10);
	unsigned days = limits_of(service->name)->keep_days;
	char last[25];

	if (!created || !days || job->field[JOB_FETCHED] || job_is(job, JOB_STATUS, "failed") ||
	    when_now() - created < WARN_DAYS * DAY)
		return;
	when_write(created + (int64_t)days * DAY, last);
	diag_warn("%s: not fetched yet; the last day of its results is %.10s",
	    job_text(job, JOB_NAME), last);
	status_raise(STATUS_NO);
}

/* What the batch that was just asked about says. */
static struct standing
counts_of(struct remote *remote)
{
	struct standing s = { .id = NULL };

	if (json_type(remote->root) == JSON_OBJECT)
		remote->service->read(remote, remote->root, &s);
	return s;
}

static const char *
shown_status(const struct job *job)
{
	return job->field[JOB_STATUS] ? job->field[JOB_STATUS] : job_text(job, JOB_STEP);
}

static void
print_json(const struct job *job, struct standing s, struct writer *w)
{
	const struct {
		const char *name;
		uint64_t n;
	} counts[] = { { "total", s.total }, { "completed", s.completed },
		{ "failed", s.failed } };

	write_object(w);
	write_name(w, "name");
	write_z(w, job_text(job, JOB_NAME));
	write_name(w, "status");
	write_z(w, shown_status(job));
	write_name(w, "batch");
	write_z(w, job->field[JOB_BATCH]);
	write_name(w, "requests");
	write_number(w, strtoull(job_text(job, JOB_REQUESTS), NULL, 10));
	for (size_t i = 0; i < 3; i++) {
		write_name(w, counts[i].name);
		if (s.counted)
			write_number(w, counts[i].n);
		else
			write_null(w);
	}
	write_name(w, "fetched");
	write_z(w, job->field[JOB_FETCHED]);
	write_object_end(w);
}

static void
print_row(const struct job *job)
{
	printf("%-20s %-12s %8s %s%s\n", job_text(job, JOB_NAME), shown_status(job),
	    job_text(job, JOB_REQUESTS), job->field[JOB_BATCH] ? job->field[JOB_BATCH] : "-",
	    job->field[JOB_FETCHED] ? " fetched" : "");
}

void
status_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", NULL };
	bool as_json = strcmp(tool_format(formats), "json") == 0;
	struct remote remote;
	struct jobs *jobs = status_open(state_file, operands, &remote);
	struct buf text = { 0 };
	struct writer w = { &text, false };

	write_array(&w);
	for (size_t i = 0; i < jobs_count(jobs); i++) {
		struct job *job = jobs_at(jobs, i);

		if (!job_wanted(job, operands))
			continue;
		if (!status_ask(jobs, &remote, job))
			status_raise(STATUS_FAILED);
		if (as_json)
			print_json(job, counts_of(&remote), &w);
		else
			print_row(job);
		status_judge(jobs, &remote, job);
		warn_vanishing(remote.service, job);
		if (!job_ended(job) && !job_is(job, JOB_STEP, STEP_REFUSED))
			status_raise(STATUS_LATER);
	}
	write_array_end(&w);
	if (as_json)
		printf("%.*s\n", SLICE_ARG(buf_slice(&text)));
	buf_free(&text);
	remote_close(&remote);
	jobs_close(jobs);
}

/* The job that a batch of the list belongs to. */
static const char *
owner_of(struct jobs *jobs, struct slice batch)
{
	for (size_t i = 0; i < jobs_count(jobs); i++)
		if (slice_eqz(batch, job_text(jobs_at(jobs, i), JOB_BATCH)))
			return job_text(jobs_at(jobs, i), JOB_NAME);
	return "-";
}

struct lister {
	struct jobs *jobs;
	struct remote *remote;
};

static void
list_item(void *context, struct value item)
{
	struct lister *l = context;
	struct standing s;
	char when[25] = "-";

	l->remote->service->read(l->remote, item, &s);
	if (!s.id)
		return;
	if (s.created)
		when_write(s.created, when);
	printf("%-40s %-12s %-20.19s %s\n", diag_clean(slice_z(s.id)),
	    diag_clean(slice_z(s.status ? s.status : "-")), when,
	    owner_of(l->jobs, slice_z(s.id)));
}

void
list_run(const struct option_list *operands)
{
	struct remote remote;
	struct lister l = { .remote = &remote };

	if (operands->count)
		tool_usage("'list' takes no operands");
	l.jobs = status_open(state_file, operands, &remote);
	if (!remote_list(&remote, list_item, &l))
		status_raise(STATUS_FAILED);
	remote_close(&remote);
	jobs_close(l.jobs);
}

/* Asks about all jobs once; true while one of them still runs. *missed counts polls that
 * failed. */
static bool
poll_once(struct jobs *jobs, struct remote *remote, const struct option_list *operands,
    unsigned *missed)
{
	bool running = false, failed = false;

	for (size_t i = 0; i < jobs_count(jobs); i++) {
		struct job *job = jobs_at(jobs, i);
		bool ended = job_ended(job);

		if (!job_wanted(job, operands) || !job->field[JOB_BATCH])
			continue;
		if (!status_ask(jobs, remote, job))
			failed = true;
		else if (!ended && job_ended(job))
			status_judge(jobs, remote, job);
		running = running || !(job_ended(job) || job_is(job, JOB_STATUS, "full"));
	}
	*missed = failed ? *missed + 1 : 0;
	return running;
}

/* Jobs without a batch are nothing to wait for, but they are not done either. */
static void
judge_rest(struct jobs *jobs, const struct option_list *operands)
{
	for (size_t i = 0; i < jobs_count(jobs); i++) {
		struct job *job = jobs_at(jobs, i);

		if (!job_wanted(job, operands))
			continue;
		if (job_is(job, JOB_STATUS, "expired") ||
		    job_is(job, JOB_STATUS, "cancelled") || job_in_vain(jobs, job)) {
			status_raise(STATUS_REJECTED);
		} else if (job_is(job, JOB_STATUS, "full")) {
			diag_warn("%s: found the provider's queue full; 'sync', or submitting "
				  "its file again, creates it anew",
			    job_text(job, JOB_NAME));
			status_raise(STATUS_LATER);
		} else if (!job->field[JOB_BATCH] && !job_is(job, JOB_STEP, STEP_REFUSED)) {
			diag_warn("%s: was never submitted to the end; submit its file again",
			    job_text(job, JOB_NAME));
			status_raise(STATUS_LATER);
		}
	}
}

void
wait_run(const struct option_list *operands)
{
	struct remote remote;
	struct jobs *jobs = status_open(state_file, operands, &remote);
	int64_t begin = when_ticks();
	unsigned missed = 0;

	while (poll_once(jobs, &remote, operands, &missed)) {
		int64_t pause = poll_time < 1 ? 1 : poll_time;

		if (missed >= MISSES) {
			status_raise(STATUS_FAILED);
			break;
		}
		if (timeout >= 0 && when_ticks() - begin >= timeout) {
			diag_note("not finished yet");
			status_raise(STATUS_LATER);
			break;
		}
		if (timeout >= 0 && timeout - (when_ticks() - begin) < pause)
			pause = timeout - (when_ticks() - begin);
		remote_pause(pause);
	}
	judge_rest(jobs, operands);
	remote_close(&remote);
	jobs_close(jobs);
}
