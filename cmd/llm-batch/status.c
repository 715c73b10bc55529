/* SPDX-License-Identifier: MIT */
/* llm-batch status, list and wait. */
#include "status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/when.h"
#include "batch.h"
#include "connect.h"
#include "json/write.h"
#include "model/limits.h"

#define DAY (INT64_C(86400) * 1000)
#define WARN_DAYS 20
#define MISSES 10 /* polls in a row that may fail */

static const char *state_file;
static int64_t poll_time = 30 * 1000, timeout = -1;

#define STATE_OPTION                                                                          \
	{                                                                                     \
		0, "state", OPTION_TEXT, "F", &state_file, "the state file of the jobs", NULL \
	}

const struct option status_options[] = { CONNECT_OPTIONS, STATE_OPTION, { 0 } };
const struct option list_options[] = { CONNECT_OPTIONS, STATE_OPTION, { 0 } };
const struct option wait_options[] = {
	CONNECT_OPTIONS,
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
	struct jobs *jobs;

	if (!file)
		tool_usage("'--state' is missing");
	jobs = jobs_open(file, connect_settings.base_url, false);
	connect_check();
	connect_headers(NET_OPENAI);
	remote_open(remote);
	jobs_check(jobs, operands);
	return jobs;
}

bool
status_ask(struct jobs *jobs, struct remote *remote, struct job *job)
{
	remote->root = (struct value){ 0 };
	if (!job->field[JOB_BATCH] || job_ended(job))
		return true;
	if (!remote_id(job->field[JOB_BATCH]) ||
	    !remote_get(remote, "/v1/batches/", job->field[JOB_BATCH], ""))
		return false;
	remote_take_status(remote, job);
	jobs_save(jobs, job);
	return true;
}

static void
name_errors(struct remote *remote, const struct job *job)
{
	struct value data = json_get(json_get(remote->root, "errors"), "data");

	if (json_type(data) != JSON_ARRAY)
		return;
	for (struct value e = json_first(data); json_type(e); e = json_next(e)) {
		struct slice code = json_string(json_get(e, "code"), &remote->arena);
		struct slice text = json_string(json_get(e, "message"), &remote->arena);
		uint64_t line;

		text = net_mask(text.ptr ? text : SLICE(""), &remote->arena);
		if (json_whole(json_get(e, "line"), &line))
			diag_warn("%s: line %" PRIu64 ": %.*s: %.*s", job_text(job, JOB_NAME),
			    line, SLICE_ARG(code), SLICE_ARG(text));
		else
			diag_warn("%s: %.*s: %.*s", job_text(job, JOB_NAME), SLICE_ARG(code),
			    SLICE_ARG(text));
	}
}

void
status_judge(struct remote *remote, const struct job *job)
{
	if (!job_ended(job) || job_is(job, JOB_STATUS, "completed"))
		return;
	/* a failure that was seen earlier is asked for again: its errors are not kept */
	if (json_type(remote->root) == JSON_ABSENT && job_is(job, JOB_STATUS, "failed") &&
	    !remote_get(remote, "/v1/batches/", job_text(job, JOB_BATCH), ""))
		status_raise(STATUS_FAILED);
	name_errors(remote, job);
	diag_warn("%s: %s%s", job_text(job, JOB_NAME), job_text(job, JOB_STATUS),
	    job_is(job, JOB_STATUS, "failed") ? "; nothing of it ran" : "");
	status_raise(STATUS_REJECTED);
}

/* Results vanish: early enough the exit status says so. */
static void
warn_vanishing(const struct job *job)
{
	int64_t created = strtoll(job_text(job, JOB_CREATED), NULL, 10);
	unsigned days = limits_of("openai")->keep_days;
	char last[25];

	if (!created || job->field[JOB_FETCHED] || job_is(job, JOB_STATUS, "failed") ||
	    when_now() - created < WARN_DAYS * DAY)
		return;
	when_write(created + (int64_t)days * DAY, last);
	diag_warn("%s: not fetched yet; the last day of its results is %.10s",
	    job_text(job, JOB_NAME), last);
	status_raise(STATUS_NO);
}

static const char *
shown_status(const struct job *job)
{
	return job->field[JOB_STATUS] ? job->field[JOB_STATUS] : job_text(job, JOB_STEP);
}

static void
print_json(const struct job *job, struct value counts, struct writer *w)
{
	static const char *const names[] = { "total", "completed", "failed" };
	uint64_t n;

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
		write_name(w, names[i]);
		if (json_whole(json_get(counts, names[i]), &n))
			write_number(w, n);
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
			print_json(job, json_get(remote.root, "request_counts"), &w);
		else
			print_row(job);
		status_judge(&remote, job);
		warn_vanishing(job);
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

static void
list_item(struct jobs *jobs, struct remote *remote, struct value item)
{
	struct slice id = json_string(json_get(item, "id"), &remote->arena);
	struct slice status = json_string(json_get(item, "status"), &remote->arena);
	char when[25] = "-";
	uint64_t created;

	if (json_whole(json_get(item, "created_at"), &created) &&
	    created < UINT64_C(100000000000))
		when_write((int64_t)created * 1000, when);
	printf("%-40s %-12s %-20.19s %s\n", diag_clean(id), diag_clean(status), when,
	    owner_of(jobs, id));
}

void
list_run(const struct option_list *operands)
{
	struct remote remote;
	struct jobs *jobs;
	char tail[260] = "";
	bool more = true;

	if (operands->count)
		tool_usage("'list' takes no operands");
	jobs = status_open(state_file, operands, &remote);
	while (more && remote_get(&remote, "/v1/batches?limit=100", "", tail)) {
		struct value data = json_get(remote.root, "data"), last = { 0 };
		const char *id;

		for (struct value v = json_first(data); json_type(v); v = json_next(v)) {
			list_item(jobs, &remote, v);
			last = v;
		}
		id = arena_copy(&remote.arena, json_string(json_get(last, "id"), &remote.arena))
			 .ptr;
		more =
		    json_type(json_get(remote.root, "has_more")) == JSON_TRUE && remote_id(id);
		if (more)
			snprintf(tail, sizeof(tail), "&after=%s", id);
	}
	if (more)
		status_raise(STATUS_FAILED);
	remote_close(&remote);
	jobs_close(jobs);
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
			status_judge(remote, job);
		running = running || !job_ended(job);
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
		if (job_ended(job) && !job_is(job, JOB_STATUS, "completed")) {
			status_raise(STATUS_REJECTED);
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
