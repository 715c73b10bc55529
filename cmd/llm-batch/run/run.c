/* SPDX-License-Identifier: MIT */
/* llm-batch run: sends the requests itself, several at a time, and puts the answers on them.
 *
 * One loop: take records while the window has room, start what may go, hand out what is done,
 * wait. What was answered is in the state file before its line leaves, so that after a kill the
 * same command asks only for the rest. */
#include "run.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"
#include "../batch.h"

#define WINDOW 2048
#define WINDOW_BYTES ((size_t)64 << 20)

static uint64_t parallel = 5, rpm, tpm, retries = 5;
static const char *state_file, *dead_file, *limit_file, *id_path;
static const char *target, *cooldown_file, *deadline, *hours;
static uint64_t group = 1;
static int64_t linger = 5000, max_wait, outage, progress;
static bool unordered, no_times, stream, lossy;

static struct option_list base_urls, key_files;

const struct option run_options[] = {
	{ 0, "base-url", OPTION_LIST, "U", &base_urls,
	    "what stands before the endpoint's own path; NAME=U for the models of provider "
	    "NAME "
	    "(repeatable)",
	    "LLM_BASE_URL" },
	{ 0, "key-file", OPTION_LIST, "F", &key_files,
	    "read the key from F, which only you can read; NAME=F for that of NAME", NULL },
	CONNECT_REST_OPTIONS,
	{ 'j', "jobs", OPTION_NUMBER, "N", &parallel, "calls at a time (5)", NULL },
	{ 0, "rpm", OPTION_NUMBER, "N", &rpm, "requests a minute and model at most", NULL },
	{ 0, "tpm", OPTION_NUMBER, "N", &tpm, "tokens a minute and model at most", NULL },
	{ 0, "retries", OPTION_NUMBER, "N", &retries, "how often a failed call is repeated (5)",
	    NULL },
	{ 0, "state", OPTION_TEXT, "F", &state_file,
	    "keep answers in F, so that a second run goes on", NULL },
	{ 0, "dead", OPTION_TEXT, "F", &dead_file, "append requests that failed for good to F",
	    NULL },
	{ 0, "limit", OPTION_TEXT, "F", &limit_file,
	    "spend no more than the ledger F allows (llm-cost limit)", NULL },
	{ 0, "for", OPTION_TEXT, "P", &target,
	    "the provider behind the base URL without a name; else its host tells it", NULL },
	{ 0, "lossy", OPTION_FLAG, NULL, &lossy,
	    "leave out settings that P has no place for, where a body is translated", NULL },
	{ 0, "stream", OPTION_FLAG, NULL, &stream, "ask for streams, and take only whole ones",
	    NULL },
	{ 0, "cooldown", OPTION_TEXT, "F", &cooldown_file,
	    "share in F which models rest, where records have alternates", NULL },
	{ 0, "deadline", OPTION_TEXT, "PATH", &deadline,
	    "the time after which a record's answer is of no use", NULL },
	{ 0, "max-wait", OPTION_DURATION, "T", &max_wait,
	    "status 1 where a record waited longer before it was sent", NULL },
	{ 0, "outage", OPTION_DURATION, "T", &outage,
	    "how long a model may do nothing but fail, until what waits for it fails (1m)",
	    NULL },
	{ 0, "hours", OPTION_TEXT, "HH:MM-HH:MM", &hours, "send only in these hours, of --tz",
	    NULL },
	{ 0, "group", OPTION_NUMBER, "N", &group,
	    "texts of N records in one call, for embeddings and moderations (1)", NULL },
	{ 0, "linger", OPTION_DURATION, "T", &linger, "how long a text waits for others (5s)",
	    NULL },
	{ 0, "progress", OPTION_DURATION, "T", &progress,
	    "a JSON line on standard error every T, in place of a bar", NULL },
	{ 0, "unordered", OPTION_FLAG, NULL, &unordered, "answers leave as they come", NULL },
	{ 0, "no-times", OPTION_FLAG, NULL, &no_times, "leave measured times out", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0 },
};

static volatile sig_atomic_t stopped;

static void
on_signal(int number)
{
	if (stopped)
		_exit(128 + number);
	stopped = 1;
}

static void
catch_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal };

	sigemptyset(&a.sa_mask);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
}

static void
unlink_slot(struct run *run, struct slot *slot)
{
	if (run->waiting == slot)
		run->waiting = slot->next;
	if (slot->previous)
		slot->previous->next = slot->next;
	else
		run->head = slot->next;
	if (slot->next)
		slot->next->previous = slot->previous;
	else
		run->tail = slot->previous;
}

void
run_first(struct run *run, struct slot *slot)
{
	unlink_slot(run, slot);
	slot->previous = NULL;
	slot->next = run->head;
	if (run->head)
		run->head->previous = slot;
	else
		run->tail = slot;
	run->head = slot;
}

static void
slot_free(struct run *run, struct slot *slot)
{
	unlink_slot(run, slot);
	run->slots--;
	run->bytes -= slot->line.len + slot->body.len;
	buf_free(&slot->line);
	buf_free(&slot->body);
	buf_free(&slot->lost);
	alternates_free(slot);
	/* owned, made by own_key */
	free((void *)(uintptr_t)slot->cache.ptr);
	free(slot);
}

/* Up to the first that is not done; all: every one that is done. */
static void
hand_out(struct run *run, bool all)
{
	struct slot *next;

	run_copies(run);
	for (struct slot *slot = run->head; slot; slot = next) {
		next = slot->next;
		if (slot->state != SLOT_DONE && !all)
			break;
		if (slot->state != SLOT_DONE)
			continue;
		run_state_sync(run->state);
		stream_write(run->records, buf_slice(&slot->line));
		slot_free(run, slot);
	}
}

static bool
has_room(const struct run *run)
{
	return run->slots < WINDOW && run->bytes < WINDOW_BYTES;
}

/* False at the end of the input. */
static bool
take_all(struct run *run)
{
	struct record *r;

	while (!stopped && has_room(run) && stream_ready(run->records)) {
		if (!(r = stream_next(run->records)))
			return false;
		run_take(run, r);
	}
	return true;
}

static void
loop(struct run *run)
{
	bool more = true;

	for (;;) {
		int64_t wait;
		int fd = -1;

		if (more && !stopped)
			more = take_all(run);
		run->more = more && has_room(run) && !stopped;
		wait = stopped ? 250 : run_start(run);
		hand_out(run, false);
		if (stopped ? !run->flying : !more && !run->head)
			break;
		stream_flush(run->records);
		progress_show(run->progress, run);
		if (more && !stopped && has_room(run))
			fd = stream_descriptor(run->records);
		http_wait(run->http, fd, wait);
	}
}

static void
say_stopped(struct run *run)
{
	uint64_t left = 0;

	hand_out(run, true);
	for (struct slot *slot = run->head; slot; slot = slot->next)
		left++;
	diag_warn("stopped: %llu requests of those read have no answer%s",
	    (unsigned long long)left,
	    state_file ? "; the same command goes on from there"
		       : "; there is no '--state' to go on from");
	status_raise(STATUS_FAILED);
}

/* A connection for each call; some systems allow few files unless asked for more. */
static void
allow_connections(uint64_t calls)
{
	rlim_t own = 64;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= calls + own)
		return;
	files.rlim_cur = calls + own < files.rlim_max ? calls + own : files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < calls + own)
		diag_die(STATUS_USAGE,
		    "'-j %llu' needs %llu open files, and the system allows %llu",
		    (unsigned long long)calls, (unsigned long long)(calls + own),
		    (unsigned long long)files.rlim_max);
}

static void
open_run(struct run *run)
{
	addresses_open(&base_urls, &key_files, target);
	if (!parallel || parallel > 2000)
		tool_usage("'-j' wants 1 to 2000");
	run->by = line_id_path(id_path);
	allow_connections(parallel);
	run->parallel = parallel;
	run->rpm = rpm;
	run->tpm = tpm;
	run->retries = retries;
	run->unordered = unordered;
	run->no_times = no_times;
	run->stream = stream;
	run->lossy = lossy;
	if (!group || group > 2048)
		tool_usage("'--group' wants 1 to 2048");
	run->group = group;
	run->linger = linger;
	run->max_wait = max_wait;
	run->outage = outage;
	run->deadline = line_id_path(deadline);
	run->hours = hours ? hours_read(hours) : NULL;
	if (tool_common()->dry_run)
		return;
	if (state_file)
		run->state = run_state_open(state_file);
	if (limit_file)
		run->limit = run_limit_open(limit_file);
	if (dead_file)
		run->dead = dead_open(dead_file);
	run->cooldown = cooldown_open(cooldown_file);
}

static void
close_run(struct run *run)
{
	while (run->head)
		slot_free(run, run->head);
	http_close(run->http);
	copies_close(&run->copies);
	run_state_close(run->state);
	dead_close(run->dead);
	cooldown_close(run->cooldown);
	order_free();
	lead_free(run);
	buf_free(&run->whole);
	buf_free(&run->previous);
	buf_free(&run->translated);
	run_limit_close(run->limit);
	ids_free(&run->ids);
	for (size_t i = 0; i < run->models.count; i++)
		free(run->rates[i]);
	free(run->rates);
	hash_map_free(&run->models);
	json_free(&run->json);
	edits_free(&run->edits);
	arena_close(&run->arena);
}

void
run_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct run run = { .by = NULL };

	open_run(&run);
	run.http = connect_open();
	run.records = stream_open(&o);
	catch_signals();
	if (!tool_common()->dry_run)
		run.progress = progress_open(progress, operands);
	loop(&run);
	progress_close(run.progress, &run);
	if (stopped)
		say_stopped(&run);
	else if (run.sent)
		run_state_tell_unasked(run.state);
	diag_detail("%llu calls, %llu answered, %llu failed, %llu from the state file",
	    (unsigned long long)run.sent, (unsigned long long)run.answered,
	    (unsigned long long)run.failed, (unsigned long long)run.kept);
	stream_close(run.records);
	close_run(&run);
}
