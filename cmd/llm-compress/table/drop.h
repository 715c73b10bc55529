/* SPDX-License-Identifier: MIT */
/* Step "drop" (--drop): of rows and log lines in results of tools that are like others, some
 * stay.
 *
 * A row is an object, a string, or an array with a string in it. What always stays: errors, by
 * their words, their level or their status; outliers, a value that one or two rows have, a
 * number far from the others, a row of another shape; what the question names; the first and
 * the last two, and one in twenty of the rest. How many went is said in their place. */
#ifndef LLM_COMPRESS_DROP_H
#define LLM_COMPRESS_DROP_H

#include "cmd/llm-compress/step.h"
#include "json/scan.h"

#define DROP_ROWS 20 /* fewer rows or lines stay */

void drop_run(struct work *w);
bool drop_asked(const struct settings *s);

/* --- inside --- */

/* stay[i] becomes true for each row of an array of count objects, or of count arrays, that is
 * an error or an outlier. */
void drop_judge_rows(struct value array, size_t count, struct arena *a, bool *stay);
/* The same for lines of a log; false where they are no log: few lines are like others. */
bool drop_judge_lines(const struct slice *line, size_t count, struct arena *a, bool *stay);
/* Words of the text sound like an error or a warning. */
bool drop_says_bad(struct slice text);
/* The same, and members of JSON, whose names do not count as words, or the status of a request
 * tell of one. */
bool drop_tells_bad(struct slice text);
/* far[i] becomes true where v[i] is far from the others: more than eight times the median
 * distance from the median. */
void drop_far(const double *v, size_t count, struct arena *a, bool *far);
/* A number for the text with its digits taken as one, and names that were made up as well, so
 * that a1 and b27 differ and a1 and a27 do not. */
uint64_t drop_mask(struct slice text);
/* Bytes of a made-up name that begins at offset `at`, as pods and jobs have; 0: none does. */
size_t drop_made_up(struct slice text, size_t at);

#endif
