/* SPDX-License-Identifier: MIT */
/* llm-batch fetch and cancel. */
#include "../batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../connect.h"
#include "fetch.h"
#include "service.h"
#include "status.h"
#include "stream/file.h"

static const char *state_file, *results;

const struct option fetch_options[] = {
	CONNECT_OPTIONS,
	API_VERSION_OPTION,
	{ 0, "state", OPTION_TEXT, "F", &state_file, "the state file of the jobs", NULL },
	{ 'd', "directory", OPTION_TEXT, "DIR", &results,
	    "folder of the results, made if missing", NULL },
	{ 0 },
};
const struct option cancel_options[] = {
	CONNECT_OPTIONS,
	API_VERSION_OPTION,
	{ 0, "state", OPTION_TEXT, "F", &state_file, "the state file of the jobs", NULL },
	{ 0 },
};

/* DIR/NAME.jsonl; valid until the next call. */
static const char *
result_name(struct buf *b, const struct job *job, const char *folder)
{
	buf_clear(b);
	buf_printf(b, "%s/%s.jsonl", folder, job_text(job, JOB_NAME));
	buf_add_byte(b, '\0');
	return b->data;
}

/* A file that does not end its last line must not run into the next one. */
static void
end_line(const struct file_out *f)
{
	off_t end = lseek(f->fd, 0, SEEK_END);
	char last = '\n';

	if (end < 0 || (end > 0 && pread(f->fd, &last, 1, end - 1) != 1))
		diag_die_errno(STATUS_FAILED, "%s", f->name);
	if (last != '\n' && !file_write_all(f->fd, SLICE("\n")))
		diag_die_errno(STATUS_FAILED, "%s", f->name);
}

static bool
download(struct remote *remote, const struct job *job, bool errors, const struct file_out *f)
{
	const char *id = job->field[errors ? JOB_ERRORS : JOB_OUTPUT];
	struct buf path = { 0 };
	bool ok;

	/* Anthropic's results have no id of their own */
	if ((errors && remote->service->one_file) || (!id && remote->service->files))
		return true;
	if (remote->service->files && !remote_id(id)) {
		diag_warn("%s: the provider gave an id that is none", job_text(job, JOB_NAME));
		return false;
	}
	remote->service->result(job, errors, &path);
	buf_add_byte(&path, '\0');
	ok = remote_download(remote, path.data, f->fd);
	buf_free(&path);
	if (ok)
		end_line(f);
	return ok;
}

/* Output and error file into one; error lines are results too. */
static bool
bring(struct remote *remote, struct job *job, const char *name)
{
	struct file_out f;
	off_t good;

	if (!file_out_open(&f, name, 0600))
		diag_die_errno(STATUS_FAILED, "%s", name);
	if (!download(remote, job, false, &f)) {
		file_out_drop(&f);
		return false;
	}
	good = lseek(f.fd, 0, SEEK_END);
	if (!download(remote, job, true, &f)) {
		file_out_drop(&f);
		return false;
	}
	if (lseek(f.fd, 0, SEEK_END) > good ||
	    (remote->service->one_file && strtoull(job_text(job, JOB_FAILED), NULL, 10)))
		job_set(job, JOB_BAD, "true");
	if (!file_out_commit(&f))
		diag_die_errno(STATUS_FAILED, "%s", name);
	return true;
}

void
fetch_folder(const char *folder)
{
	if (!tool_common()->dry_run && mkdir(folder, 0700) != 0 && errno != EEXIST)
		diag_die_errno(STATUS_FAILED, "%s", folder);
}

static void
bring_once(struct jobs *jobs, struct remote *remote, struct job *job, const char *name)
{
	if (!job_is(job, JOB_FETCHED, name) || access(name, F_OK) != 0) {
		if (!bring(remote, job, name)) {
			status_raise(STATUS_FAILED);
			return;
		}
		job_set(job, JOB_FETCHED, name);
		jobs_save(jobs, job);
	}
	/* said by every run, as an end that is no good one is */
	if (job->field[JOB_BAD]) {
		diag_note("%s: has error lines", job_text(job, JOB_NAME));
		status_raise(STATUS_REJECTED);
	}
}

void
fetch_job(struct jobs *jobs, struct remote *remote, struct job *job, const char *folder)
{
	struct buf name = { 0 };

	result_name(&name, job, folder);
	if (job_is(job, JOB_STEP, STEP_REFUSED)) {
		status_judge(jobs, remote, job);
	} else if (tool_common()->dry_run) {
		diag_note("%s: would fetch to %s", job_text(job, JOB_NAME), name.data);
	} else if (!status_ask(jobs, remote, job)) {
		status_raise(STATUS_FAILED);
	} else if (!job_ended(job)) {
		diag_note("%s: not finished yet", job_text(job, JOB_NAME));
		status_raise(STATUS_LATER);
	} else {
		status_judge(jobs, remote, job);
		bring_once(jobs, remote, job, name.data);
	}
	buf_free(&name);
}

void
fetch_run(const struct option_list *operands)
{
	struct remote remote;
	struct jobs *jobs;

	if (!results)
		tool_usage("'-d' is missing: the folder of the results");
	jobs = status_open(state_file, operands, &remote);
	fetch_folder(results);
	for (size_t i = 0; i < jobs_count(jobs); i++)
		if (job_wanted(jobs_at(jobs, i), operands))
			fetch_job(jobs, &remote, jobs_at(jobs, i), results);
	remote_close(&remote);
	jobs_close(jobs);
}

static void
cancel_job(struct jobs *jobs, struct remote *remote, struct job *job)
{
	if (!remote_id(job_text(job, JOB_BATCH)))
		return;
	if (!status_ask(jobs, remote, job)) {
		status_raise(STATUS_FAILED);
		return;
	}
	if (job_ended(job)) {
		diag_note(
		    "%s: is %s already", job_text(job, JOB_NAME), job_text(job, JOB_STATUS));
		return;
	}
	if (remote->service->cancel(remote, job_text(job, JOB_BATCH)) == CALL_DONE) {
		remote_take_status(remote, job);
		jobs_save(jobs, job);
		diag_note("%s: %s", job_text(job, JOB_NAME), job_text(job, JOB_STATUS));
	} else {
		diag_warn("%s: not cancelled", job_text(job, JOB_NAME));
		status_raise(STATUS_FAILED);
	}
}

void
cancel_run(const struct option_list *operands)
{
	struct remote remote;
	struct jobs *jobs = status_open(state_file, operands, &remote);

	for (size_t i = 0; i < jobs_count(jobs); i++) {
		struct job *job = jobs_at(jobs, i);

		if (!job_wanted(job, operands))
			continue;
		if (tool_common()->dry_run)
			diag_note("%s: would be cancelled", job_text(job, JOB_NAME));
		else
			cancel_job(jobs, &remote, job);
	}
	remote_close(&remote);
	jobs_close(jobs);
}
