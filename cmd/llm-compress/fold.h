/* SPDX-License-Identifier: MIT */
/* Step "json": JSON inside a text to its shortest exact form, and back.
 *
 * Blanks between values go; \/ becomes /, and an escape of a visible character beyond ASCII
 * becomes the character. Numbers, names, order and doubled members stay as they are. An array
 * of three or more objects that have the same two or more names in the same order can become a
 * table: {"columns":["a","b"],"rows":[[1,2],[3,4],[5,6]]}. It is JSON still. */
#ifndef LLM_COMPRESS_FOLD_H
#define LLM_COMPRESS_FOLD_H

#include "base/buf.h"
#include "text/lines.h"
#include "json/scan.h"

/* The shortest form of v, appended; tables: with tables where they are possible. True if one
 * was made. Linear. */
bool fold_write(struct value v, bool tables, struct arena *a, struct buf *out);
/* The shortest form with every table turned back, appended. */
void fold_undo(struct value v, struct arena *a, struct buf *out);
/* False where text, if it is JSON, has no array that begins with an object. */
bool fold_may_have_rows(struct slice text);
/* True if some object in v has the form of a table. */
bool fold_has_table(struct value v);

/* Bytes of the value that begins s with a bracket or a quote, by its brackets alone; 0 where it
 * does not end, or a string has a line end; *stop is how far that is known. */
size_t fold_length(struct slice s, size_t *stop);

/* Stretches of JSON in a text: objects and arrays that begin a line and end a line, have no
 * empty line inside and stand outside fences and literals. */
struct json_search {
	struct lines lines;
	size_t line, end;           /* of this paragraph: the first line behind it */
	size_t quotes[QUOTE_KINDS]; /* in this paragraph so far */
};
/* False, at once, where no line begins with a bracket. */
bool fold_search(struct json_search *s, struct slice text, struct arena *a);
/* The next one; false if there is none. Its grammar is not checked yet. Linear over all calls.
 */
bool fold_find(struct json_search *s, struct slice *found);

#endif
