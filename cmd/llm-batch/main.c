/* SPDX-License-Identifier: MIT */
/* llm-batch: requests at half price in batch files, or one by one with care.
 *
 * make.c turns rows (csv.c) into requests by a template (template.c). line.c reads a record as
 * all other commands see it, and strips what no provider knows (members.c). rules.c has the
 * rules of each provider: validate.c judges lines by them, pack.c splits them into files
 * (parts.c). jobs/ leads a job through its life: each step is written to the state file
 * (jobs.c) before it is taken, the calls are in remote.c, what a provider calls them in a file
 * each. join.c puts result lines (result.c, index.c) back on their requests (answer.c). run/
 * sends requests itself: send.c decides when, form.c translates, answer.c says what came of it,
 * state.c remembers. combine/ and teach/ make other requests, and training lines, of those that
 * there are. */
#include "batch.h"

#include "json/tree.h"
#include "net/http.h"
#include "store/db.h"
#include "store/pack.h"
#include "store/redis_wire.h"

static const struct command commands[] = {
	{ "", "[FILE...]", "batch files at half price, and a safe runner", NULL,
	    tool_no_command, false },
	{ "make", "[FILE...]", "rows to requests, by a template", make_options, make_run,
	    false },
	{ "validate", "[FILE...]", "keep the lines that a provider takes", validate_options,
	    validate_run, false },
	{ "convert", "[FILE...]", "the same requests as lines of another provider",
	    convert_options, convert_run, false },
	{ "pack", "[FILE...]", "split requests into files within a provider's limits",
	    pack_options, pack_run, false },
	{ "submit", "FILE...", "upload files and start batch jobs", submit_options, submit_run,
	    true },
	{ "status", "[NAME...]", "ask how the jobs stand", status_options, status_run, false },
	{ "list", "", "the provider's list of batches", list_options, list_run, false },
	{ "wait", "[NAME...]", "wait until all jobs have ended", wait_options, wait_run,
	    false },
	{ "fetch", "[NAME...]", "bring the results of ended jobs", fetch_options, fetch_run,
	    false },
	{ "sync", "[FILE...]", "the next right step of every job, for cron", sync_options,
	    sync_run, false },
	{ "cancel", "[NAME...]", "cancel jobs that still run", cancel_options, cancel_run,
	    false },
	{ "retry", "[ERRORS...]", "of what failed, the requests worth another try",
	    retry_options, retry_run, false },
	{ "join", "[RESULT...]", "results back onto their requests, in order", join_options,
	    join_run, false },
	{ "run", "[FILE...]", "send the requests one by one", run_options, run_run, false },
	{ "combine", "[FILE...]", "many small requests in one, where that pays",
	    combine_options, combine_run, false },
	{ "uncombine", "[RESULT...]", "answers of combined requests back onto each",
	    uncombine_options, uncombine_run, false },
	{ "sample", "[FILE...]", "so many records of each kind, by a seed", sample_options,
	    sample_run, false },
	{ "judge", "[FILE...]", "requests that let a model judge answers", judge_options,
	    judge_run, false },
	{ "distill", "[FILE...]", "answers to lines that a model is trained with",
	    distill_options, distill_run, false },
	{ 0 },
};

static const char *(*const versions[])(
    void) = { db_version, wire_version, pack_version, http_version, tree_version, NULL };

static const struct tool tool = {
	.name = "llm-batch",
	.summary = "batch files at half price, and a safe runner",
	.commands = commands,
	.versions = versions,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
