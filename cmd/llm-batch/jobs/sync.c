/* SPDX-License-Identifier: MIT */
/* llm-batch sync: the next right step of every job, for cron: what was interrupted is taken up,
 * what has ended is fetched, and status 5 says that something still runs. */
#include "../batch.h"

#include "../connect.h"
#include "fetch.h"
#include "submit.h"

static const char *folder;
static struct submit_settings settings;

const struct option sync_options[] = {
	CONNECT_OPTIONS,
	API_VERSION_OPTION,
	{ 0, "state", OPTION_TEXT, "F", &settings.state,
	    "the state file of the jobs, made if missing", NULL },
	{ 'd', "directory", OPTION_TEXT, "DIR", &folder,
	    "folder of the results, made if missing", NULL },
	{ 0, "for", OPTION_TEXT, "P", &settings.provider,
	    "the provider; else its host or the shape of the lines tells it", NULL },
	{ 0, "model", OPTION_TEXT, "M", &settings.model,
	    "the model of the jobs, where the provider wants it there", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &settings.id, "where a record without an id has one",
	    NULL },
	{ 0 },
};

static void
next_step(struct submitter *s, struct job *job)
{
	if (!job_is(job, JOB_STEP, STEP_CREATED) && !job_is(job, JOB_STEP, STEP_REFUSED)) {
		if (tool_common()->dry_run)
			diag_note("%s: would be taken up where it was interrupted",
			    job_text(job, JOB_NAME));
		else
			submit_resume(s, job);
	}
	if (job_is(job, JOB_STATUS, "full") && !tool_common()->dry_run)
		submit_retry_full(s, job);
	if (job_is(job, JOB_STEP, STEP_CREATED) || job_is(job, JOB_STEP, STEP_REFUSED))
		fetch_job(s->jobs, &s->remote, job, folder);
}

void
sync_run(const struct option_list *operands)
{
	struct submitter s;

	if (!folder)
		tool_usage("'-d' is missing: the folder of the results");
	settings.once = true;
	submit_open(&s, &settings, operands, operands->count == 0);
	fetch_folder(folder);
	for (size_t i = 0; i < operands->count; i++)
		submit_file(&s, operands->item[i]);
	for (size_t i = 0; s.jobs && i < jobs_count(s.jobs); i++)
		next_step(&s, jobs_at(s.jobs, i));
	submit_close(&s);
}
