/* SPDX-License-Identifier: MIT */
/* llm-cost: what calls to models cost, to the last digit.
 *
 * rows/ reads every line into one row (row.c: a call with its usage, model, lane and time, a
 * replay of our own cache, or nothing that costs) and counts a line that stands in a log twice
 * once (once.c); lib/money turns the row into a bill. What happens to the rows is the
 * subcommand's: report/ sums them by group and shows them, adds parts and merges them;
 * reconcile/ sets them against a provider's export; ledger/ walks each record back to what it
 * would have cost; diff/ compares two files; plan/ reckons what was not spent yet, from
 * requests and the past; watch/ holds spending against limits and looks for what went wrong;
 * audit/ asks what each technique would have saved; quality/ counts verdicts; prices/ shows and
 * checks the tables; tokens/ counts, and learns from bills. show/ lays out tables and charts
 * for all.
 */
#include "cost.h"

#include "store/db.h"
#include "store/pack.h"
#include "store/redis_wire.h"

static const struct command commands[] = {
	{ "", "[FILE...]", "sum up what was spent, by groups", report_options, report_run,
	    false },
	{ "report", "[FILE...]", "the same", report_options, report_run, false },
	{ "merge", "[FILE...]", "add partial reports", merge_options, merge_run, false },
	{ "reconcile", "EXPORT [LOG...]", "a provider's usage or cost export against a log",
	    reconcile_options, reconcile_run, true },
	{ "count", "[FILE...]", "count tokens, as wc counts words", count_options, count_run,
	    false },
	{ "annotate", "[FILE...]", "write the cost on each record", annotate_options,
	    annotate_run, false },
	{ "ledger", "[FILE...]", "what was spent, what was saved, and by which stage",
	    ledger_options, ledger_run, false },
	{ "audit", "[FILE...]", "where the waste is, and what would save it", audit_options,
	    audit_run, false },
	{ "budget", "BUDGET [FILE...]", "past spend against limits", budget_options, budget_run,
	    true },
	{ "alerts", "[FILE...]", "what in a log somebody should look at", alerts_options,
	    alerts_run, false },
	{ "limit", "LEDGER show|set|reserve|settle [ARG]",
	    "the live ledger that many processes share", limit_options, limit_run, true },
	{ "prices", "list|show|lint|diff|import [ARG...]",
	    "what the price tables say, and what is wrong with them", prices_options,
	    prices_run, true },
	{ "calibrate", "[FILE...]", "learn from bills what a model counts", calibrate_options,
	    calibrate_run, false },
	{ "estimate", "[FILE...]", "what requests will cost, before they are sent",
	    estimate_options, estimate_run, false },
	{ "diff", "BASE NEW", "did the cost change, beyond prices and chance", diff_options,
	    diff_run, true },
	{ "whatif", "[LOG...]", "a log or a scenario at other models, lanes and shares",
	    whatif_options, whatif_run, false },
	{ "quality", "[JUDGED...]", "how often answers were judged worse, by route",
	    quality_options, quality_run, false },
	{ "caps", "[LOG...]", "output caps from how long answers were", caps_options, caps_run,
	    false },
	{ "breakeven", "[LOG...]", "does fine-tuning or distilling pay, and when",
	    breakeven_options, breakeven_run, false },
	{ 0 },
};

static const char *(*const versions[])(void) = { db_version, wire_version, pack_version, NULL };

static const struct tool tool = {
	.name = "llm-cost",
	.summary = "exact tokens, exact money",
	.commands = commands,
	.versions = versions,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
