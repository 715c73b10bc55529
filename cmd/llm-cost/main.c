/* SPDX-License-Identifier: MIT */
/* llm-cost: what calls to models cost, to the last digit.
 *
 * Every line of the input is read by row.c into one row: a call with its usage, model, lane
 * and time, a replay of our own cache, or nothing that costs. lib/money turns the row into a
 * bill. once.c sees to it that a line that stands in a log twice is one call. What happens to
 * the rows is the subcommand's: report.c sums them by group (by.c, sums.c, latency.c) and
 * view.c shows them (column.c, left.c, table.c, print.c, html.c), partial.c and merge.c add parts
 * of them, reconcile.c sets them against a bill; annotate.c writes the bill on the record;
 * ledger.c walks each record back to what it would have cost (walk.c); count.c counts tokens.
 * diff.c compares two files; estimate.c, whatif.c, caps.c and breakeven.c reckon what was not
 * spent yet, from requests (outlook.c) and the past (past.c); quality.c counts verdicts.
 * prices*.c show, check and compare the tables; spill.c keeps what once.c cannot hold.
 */
#include "cost.h"

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
	    "what the price tables say, and what is wrong with them", prices_options, prices_run,
	    true },
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

static const struct tool tool = {
	.name = "llm-cost",
	.summary = "exact tokens, exact money",
	.commands = commands,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
