/* SPDX-License-Identifier: MIT */
/* --by: which fields make a group, and the key that a row has in them. */
#ifndef COST_BY_H
#define COST_BY_H

#include "json/path.h"
#include "period.h"
#include "row.h"

#define BY_FIELDS 16

/* What a word of --by means: a jq path of the record, `model` (that answered), `provider`
 * (whose price it was), `lane`, `task` (else llm.route.task), `route` (else the rule that
 * llm-route fired), `session` and `user` (else as logs of others name them), `prompt` and
 * `pattern` (fingerprints), `hour`, `day`, `week`, `month` (of the row's own time), or any
 * other attribute. BY_HOURS is the number of the UTC hour, from which blocks of five are made.
 */
enum by_kind {
	BY_PATH,
	BY_MODEL,
	BY_PROVIDER,
	BY_LANE,
	BY_TASK,
	BY_ROUTE,
	BY_SESSION,
	BY_USER,
	BY_PROMPT,
	BY_PATTERN,
	BY_PERIOD,
	BY_HOURS,
	BY_ATTRIBUTE
};

struct by_field {
	const char
	    *text; /* as it was written: the name of the column and of the key's member */
	enum by_kind kind;
	struct path *path;
	bool hidden; /* with --no-text: a path that may lead to text of a prompt or an answer */
	enum period period;
	struct by_memory *memory; /* the last period: most rows are in that one too */
};
struct by {
	struct by_field field[BY_FIELDS];
	size_t count;
	size_t over;                 /* 1 + index of the field that --over added; 0: none */
	const struct reader *reader; /* for what earlier lines of a file said; or NULL */
	bool no_text;                /* set before by_parse */
};

/* Reads `PATH,PATH,…`; NULL is no field. A wrong word ends the run with status 2. */
void by_parse(struct by *by, const char *text);
/* --over hour|day|week|month|session|block5h: one more field, behind the others. */
void by_over(struct by *by, const char *word);
/* The values of the row's fields as JSON texts, one after the other, a newline behind each; a
 * missing one is null. Two spellings of one string are one value. */
void by_key(
    const struct by *by, const struct record *r, const struct row *row, struct buf *key);
/* Do the model that answered, its price's row, the lane and the time tell the key? Then
 * [*from, *until) is narrowed to the span of the periods that by_key has just named for row. */
bool by_told(const struct by *by, const struct row *row, int64_t *from, int64_t *until);
/* Is one of the fields a period? */
bool by_periods(const struct by *by);
/* The i-th value of such a key. */
struct slice by_value(struct slice key, size_t i);
/* The same for people: a string without quotes, null as "-"; arena memory or the key's own. */
struct slice by_text(struct slice value, struct arena *a);

#endif
