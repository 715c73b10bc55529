/* SPDX-License-Identifier: MIT */
/* A report while it is summed up, and how it is to be shown. */
#ifndef COST_REPORT_H
#define COST_REPORT_H

#include "cmd/llm-cost/rows/by.h"
#include "column.h"
#include "committed.h"
#include "focus.h"
#include "cmd/llm-cost/rows/left.h"
#include "cmd/llm-cost/sums/sums.h"
#include "cmd/llm-cost/sums/timeline.h"

enum cost_mode { COST_COMPUTE, COST_LOG, COST_BOTH };

struct report {
	struct by by;
	struct groups groups;
	struct left left;
	struct committed committed;
	struct distinct ids; /* of calls, for partial reports */
	uint64_t shared;     /* ids of this sketch that several partial reports have */
	struct timeline days;
	struct focus focus; /* only for --format focus */
	enum cost_mode mode;
	int64_t since, until; /* WHEN_NONE: not given */
	uint64_t outside;     /* calls before --since or from --until on */
	uint64_t no_time;     /* calls without a time, where one of the two is given */
	bool agents;
};

/* What both report and merge are told about the way to show it. */
struct view {
	const char *sort, *pareto, *units, *columns, *color, *bars;
	uint64_t top;
	bool weekly, forecast, partial;
};
extern struct view view;
#define VIEW_OPTIONS                                                                         \
	{ 0, "sort", OPTION_TEXT, "C", &view.sort, "by column C, the largest first (cost)",  \
		NULL },                                                                      \
	    { 0, "top", OPTION_NUMBER, "N", &view.top,                                       \
		    "only the first N groups; the total stays whole", NULL },                \
	    { 0, "pareto", OPTION_TEXT, "P", &view.pareto,                                   \
		    "only the dearest groups that make P percent of the cost", NULL },       \
	    { 0, "columns", OPTION_TEXT, "C,...", &view.columns,                             \
		    "these columns in table, csv and md", NULL },                            \
	    { 0, "units", OPTION_TEXT, "F", &view.units,                                     \
		    "units of business by group, from CSV or JSONL: cost per unit", NULL },  \
	    { 0, "weekly", OPTION_FLAG, NULL, &view.weekly,                                  \
		    "five metrics by route, this week against last", NULL },                 \
	    { 0, "forecast", OPTION_FLAG, NULL, &view.forecast,                              \
		    "month to date, run rate and what the month will cost", NULL },          \
	    { 0, "partial", OPTION_FLAG, NULL, &view.partial,                                \
		    "write sums that llm-cost merge adds", NULL },                           \
	    { 0, "color", OPTION_TEXT, "WHEN", &view.color, "auto, always or never", NULL }, \
	{                                                                                    \
		0, "bars", OPTION_TEXT, "WHEN", &view.bars,                                  \
		    "bars and a line of the days in the table: auto, always or never", NULL  \
	}

/* Ends the run with status 2 if the options contradict each other or have wrong words; to be
 * asked before anything is read. Gives the format. */
const char *view_check(void);
/* Reads what the view needs beside the rows (--units): status 2 if that is wrong. */
void view_open(const struct by *by);
/* Traits that the columns of this format need. */
unsigned view_wanted(const char *format);
/* The format needs the timeline. */
bool view_days(const char *format);
/* Writes the report; what is left of it is in out. */
void view_print(const char *format, struct report *p, struct stream *stream, struct buf *out);

#endif
