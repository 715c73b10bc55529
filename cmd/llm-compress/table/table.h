/* SPDX-License-Identifier: MIT */
/* Step "rows": arrays of like objects as lines of cells, and back.
 *
 *	[5 rows as a table; an empty cell is the value after =, {} is the place of the cell, -
 *is missing] time=2026-03-14T09:{}Z,level=INFO,host,status=200 00:01,,web-1,
 *	00:04,ERROR,web-2,503
 *
 * The second line names the members in their order. A cell is the value's JSON, where a string
 * drops its quotes unless it would be taken for another value, has a comma, a quote, a
 *backslash or blanks that stand at its ends or side by side, or is empty. The value of most
 *rows stands once, behind the name and =. Where all values are strings that begin and end
 *alike, what they share stands there with {} in it. Inside other JSON the lines are one string.
 */
#ifndef LLM_COMPRESS_TABLE_H
#define LLM_COMPRESS_TABLE_H

#include "base/buf.h"
#include "cmd/llm-compress/step.h"
#include "json/scan.h"

#define TABLE_ROWS 5     /* fewer are no table */
#define TABLE_COLUMNS 64 /* at most; no more than a grid has */

/* The array as such lines, appended without a line end at the end; false, nothing appended,
 * where it is none of TABLE_ROWS or more objects whose members stand in one order (some may be
 * missing in some), have names of their own, and are at most TABLE_COLUMNS. Linear. */
bool table_write(struct value array, struct arena *a, struct buf *out);
/* Reads a table at the start of text: its JSON is appended, *length is what it took. False,
 * nothing appended, where none stands there. */
bool table_read(struct slice text, struct arena *a, struct buf *json, size_t *length);

/* All topmost arrays of JSON that can be tables; false where none can. json is scratch. */
bool table_fold(struct slice text, struct json *json, struct arena *a, struct buf *out);
/* Tables of a text, wherever they stand, back to arrays; false where there are none. */
bool table_undo(struct slice text, struct json *json, struct arena *a, struct buf *out);

/* The step. */
#define STEP_ROWS "rows"
void rows_run(struct work *w);

#endif
