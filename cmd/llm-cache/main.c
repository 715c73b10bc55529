/* SPDX-License-Identifier: MIT */
/* llm-cache: never pay twice.
 *
 * get signs each request with its key (key.c: SHA-256 over the canonical form of all that can
 * change the answer) and attaches the answer where the store has one; put stores the finished
 * answers of records that come back, under that key. Both leave alone what they cannot use, and
 * go on without the store where it fails (shelf.c). keep.c decides what is stored, ttl_rules.c
 * for how long. semantic.c finds answers to questions in other words (question.c, vectors.c,
 * segment.c; observed.c learns from verdicts), tune.c and verify.c judge that; stats, purge,
 * export, import and warm look after the store. mark sets the provider's own cache markers
 * where they pay (mark.c decides by the sum, lib/prompt_cache holds each model's figures,
 * window.c looks ahead, place.c knows where a marker goes). The store itself is lib/store. */
#include "cache.h"

#include "net/http.h"
#include "prompt_cache/rules.h"
#include "store/db.h"
#include "store/pack.h"
#include "store/redis_wire.h"

static const struct command commands[] = {
	{ "", "[FILE...]", "never pay twice", NULL, tool_no_command, false },
	{ "get", "[FILE...]", "attach the answers that are known", get_options, get_run,
	    false },
	{ "put", "[FILE...]", "remember the finished answers", put_options, put_run, false },
	{ "stats", "", "hits, tokens and dollars saved", stats_options, stats_run, false },
	{ "purge", "", "delete entries for good", purge_options, purge_run, false },
	{ "export", "", "all entries as lines", export_options, export_run, false },
	{ "import", "[FILE...]", "lines of export, or answered records, into the store",
	    import_options, import_run, false },
	{ "warm", "[FILE...]", "the most frequent requests of a log, as lines to run",
	    warm_options, warm_run, false },
	{ "tune", "[FILE...]", "from labelled pairs or judged hits to a score", tune_options,
	    tune_run, false },
	{ "verify", "[FILE...]", "share of wrong semantic hits, by verdicts", verify_options,
	    verify_run, false },
	{ "mark", "[FILE...]", "mark prompt prefixes for the provider's cache, where it pays",
	    mark_options, mark_run, false },
	{ "prefix", "[FILE...]",
	    "what of the prompts the provider's cache can give, and what breaks it",
	    hits_options, hits_run, false },
	{ "ttl", "[FILE...]", "what each lifetime of the provider's cache would cost",
	    ttl_options, ttl_run, false },
	{ 0 },
};

static const char *(*const versions[])(
    void) = { db_version, wire_version, pack_version, http_version, cache_rules_version, NULL };

static const struct tool tool = {
	.name = "llm-cache",
	.summary = "never pay twice",
	.commands = commands,
	.versions = versions,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
