/* SPDX-License-Identifier: MIT */
/* Rows that are no records: lines of CSV or of text, each as a JSON object. */
#ifndef LLM_BATCH_ROWS_H
#define LLM_BATCH_ROWS_H

#include "stream/stream.h"
#include "text/csv.h"
#include "tool/tool.h"

/* A row; all of it lives until the next one. */
struct row {
	const char *file;
	uint64_t number;     /* of the line on which it begins */
	struct slice raw;    /* its bytes, without the line end */
	struct slice object; /* {"column":"field", …}, or {"line":"…"} of a text */
};

/* Calls each for the rows of all files, in their order; what is no row goes to the rejects of
 * the stream. A column without a name, which spreadsheets write before or behind the others, is
 * left out. */
void rows_read(struct stream *s, const struct option_list *files, bool csv,
    void (*each)(void *context, const struct row *row), void *context);

#endif
