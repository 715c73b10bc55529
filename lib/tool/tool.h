/* SPDX-License-Identifier: MIT */
/* The frame of a tool: subcommands, common options, --help, --version, start and finish. */
#ifndef TOOL_TOOL_H
#define TOOL_TOOL_H

#include "base/diag.h"
#include "base/options.h"
#include "stream/stream.h"

struct command {
	const char *name;             /* "" is what runs without a verb */
	const char *operands;         /* "[FILE...]", "ROUTES", for the synopsis */
	const char *summary;          /* one line, lower case, no full stop */
	const struct option *options; /* its own, beside the common ones; NULL-ended */
	void (*run)(const struct option_list *operands); /* raises the status */
	bool usage_if_empty; /* no operand: a usage error instead of standard input */
};

struct tool {
	const char *name; /* "llm-cost" */
	const char *summary;
	const struct command *commands; /* ended by a NULL run; first is the default */
	/* libraries it runs with beside those of all: each gives "name 1.2"; NULL-ended; or
	 * NULL */
	const char *(*const *versions)(void);
};

/* Values of the common options of llm-tools(7), set before run is called. */
struct common {
	const char *output;
	const char *rejects;
	const char *config;
	const char *shape;
	const char *format; /* "table", "json", "csv", "md" …; NULL if not given */
	const char *timezone;
	struct option_list prices, encodings, fields;
	const char *models, *calibration;
	bool dry_run, quiet, verbose, strict;
	bool now_given; /* --now: when_now() already answers it */
	int64_t now;
	uint64_t max_line;
};
const struct common *tool_common(void);

/* What main returns: parses, loads prices, encodings, models and calibration if named, runs the
 * command, says the withheld messages, closes standard output and checks that. */
int tool_main(const struct tool *t, int argc, char **argv);

/* Stream options from the operands and the common options. */
struct stream_options tool_stream(const struct option_list *operands, enum no_object no_object);
/* Usage error of the running command: message, synopsis, status 2. */
_Noreturn void tool_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What a tool that only has commands runs without one: a usage error. */
void tool_no_command(const struct option_list *operands);
/* Exactly these formats are known: ends with status 2 if --format is none of them (NULL-ended);
 * gives the first if none was given. */
const char *tool_format(const char *const known[]);

#endif
