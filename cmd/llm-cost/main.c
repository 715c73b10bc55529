/* SPDX-License-Identifier: MIT */
/* llm-cost: what calls to models cost, to the last digit.
 *
 * Every line of the input is read by row.c into one row: a call with its usage, model, lane
 * and time, a replay of our own cache, or nothing that costs. lib/money turns the row into a
 * bill. once.c sees to it that a line that stands in a log twice is one call. What happens to
 * the rows is the subcommand's: report.c sums them by group (by.c, sums.c, latency.c) and
 * prints columns (column.c, left.c, table.c); annotate.c writes the bill on the record;
 * ledger.c walks each record back to what it would have cost (walk.c); count.c counts tokens.
 */
#include "cost.h"

static const struct command commands[] = {
	{ "", "[FILE...]", "sum up what was spent, by groups", report_options, report_run,
	    false },
	{ "report", "[FILE...]", "the same", report_options, report_run, false },
	{ "count", "[FILE...]", "count tokens, as wc counts words", count_options, count_run,
	    false },
	{ "annotate", "[FILE...]", "write the cost on each record", annotate_options,
	    annotate_run, false },
	{ "ledger", "[FILE...]", "what was spent, what was saved, and by which stage",
	    ledger_options, ledger_run, false },
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
