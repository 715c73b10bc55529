/* SPDX-License-Identifier: MIT */
/* Command lines: one table feeds the parser, --help, completions and the synopsis. */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include "base/slice.h"

enum option_kind {
	OPTION_FLAG,     /* bool */
	OPTION_TEXT,     /* const char * */
	OPTION_LIST,     /* struct option_list: each use appends */
	OPTION_NUMBER,   /* uint64_t; plain digits */
	OPTION_SIZE,     /* uint64_t bytes; digits with an optional K, M, G (of 1024) */
	OPTION_DURATION, /* int64_t milliseconds; 10ms 5s 15m 1h 2d, inf = INT64_MAX */
	OPTION_TIME,     /* int64_t milliseconds since 1970; ISO 8601 with zone, a date (its noon),
			    or seconds */
	OPTION_SHARE     /* uint64_t millionths; 5%, 0.05, 1 */
};

struct option_list {
	const char **item;
	size_t count;
};

struct option {
	char letter;      /* 0: none */
	const char *name; /* without the dashes; NULL ends a table */
	enum option_kind kind;
	const char *metavar;  /* NULL for a flag */
	void *target;         /* see the kind */
	const char *help;     /* one line, lower case, no full stop */
	const char *variable; /* environment variable that stands in, or NULL */
};

/* Sets targets from argv by the given tables (NULL-ended list of tables) and leaves the
 * operands in *operands. `--name=value`, `--name value`, `-xvalue`, grouped letters, `--`;
 * long names are never abbreviated. `negative` flags do not exist. A wrong word ends the
 * process with status 2 and, where one is near, "did you mean '--name'?". A FLAG given with
 * =off or =on is set so. argv[0] is skipped. */
void options_parse(const struct option *const tables[], int argc, char **argv,
    struct option_list *operands);
/* Fills what the command line left unset: first from the variables, then from the file of
 * `name = value` lines (see llm-tools(7)), whose `[tool]` sections bind their own tool only;
 * file may be NULL. A wrong line ends the process with status 2, file and line named. */
void options_defaults(const struct option *const tables[], const char *tool, const char *file);
/* The table as lines for --help. */
void options_help(const struct option *table);
/* Name in names (count) that is nearest to word by edit distance, at most 3 and under half
 * of its length; NULL if none is. */
const char *options_nearest(const char *word, const char *const names[], size_t count);

/* Reads a value of the kind's form; false if it has another form. */
bool options_duration(const char *text, int64_t *ms);
bool options_size(const char *text, uint64_t *bytes);
bool options_share(const char *text, uint64_t *millionths);

#endif
