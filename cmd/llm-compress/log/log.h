/* SPDX-License-Identifier: MIT */
/* Step "log": lines of a log as cells, and back.
 *
 *	[7 log lines as cells, each up to ,; an empty or missing one is what stands behind =, {}
 *	is the place of the cell, * N is the line above N times more, > is a line as it stands]
 *	=2026-03-14T09:{}Z,=INFO,=web-{},=request completed
 *	00:01,,1
 *	00:04,,2
 *	*2
 *	>2026-03-14T09:00:09Z ERROR web-1 upstream timed out
 *	00:11,,1,page not in the store
 *	00:12,,3
 *
 * (The first line is one.) A cell is a word, the last one the rest of the line. Errors, and
 * lines of another make, stand as they are. */
#ifndef LLM_COMPRESS_LOG_H
#define LLM_COMPRESS_LOG_H

#include "base/buf.h"
#include "text/lines.h"
#include "cmd/llm-compress/step.h"
#include "json/scan.h"

#define LOG_LINES 5    /* fewer are left as they are */
#define LOG_MOST 256   /* more are several blocks, so that none comes back that much larger */
#define LOG_COLUMNS 20 /* at most */
/* what stands behind the number of lines in the first line, on both sides of what ends a cell,
 * which is a comma or a bar */
#define LOG_CELLS " log lines as cells, each up to "
#define LOG_LEGEND                                                                           \
	"; an empty or missing one is what stands behind =, {} is the place of the cell, * " \
	"N is the line above N times more, > is a line as it stands]"

/* The lines, all ended by LF or all by CR LF, which the block has too, but none at its end,
 * appended; false, nothing appended, where they have no common make or it is no shorter.
 * Linear. json is scratch. */
bool log_write(
    const struct line *line, size_t count, struct json *json, struct arena *a, struct buf *out);
/* Reads a block at the start of text: its lines are appended, *length is what it took. False,
 * nothing appended, where none stands there. */
bool log_read(
    struct slice text, struct json *json, struct arena *a, struct buf *out, size_t *length);
/* All blocks of a text back to lines, appended; false, nothing appended, where there is none.
 */
bool log_undo(struct slice text, struct json *json, struct arena *a, struct buf *out);
/* Whether a line of the text says that a block begins. */
bool log_has(struct slice text);

/* The text without blocks: itself where it has none. A step that takes lines away works on
 * this.
 */
struct slice log_plain(struct work *w, struct slice text);

/* The step. */
#define STEP_LOG "log"
void log_run(struct work *w);

#endif
