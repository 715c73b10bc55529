/* SPDX-License-Identifier: MIT */
/* Raw lines of several files in turn, read in large blocks. */
#ifndef STREAM_LINES_H
#define STREAM_LINES_H

#include "base/slice.h"

#define LINES_BEHIND 16 /* bytes behind each line that may be read, whatever they are */

struct lines {
	const char *const *files; /* "-" is standard input */
	size_t file_count;
	uint64_t max_line;
	bool required; /* a file that cannot be opened ends the run with status 3 */
	void (*pause)(void *context); /* called before anything waits for input */
	void *context;

	/* of the line that was given last */
	const char *name; /* of its file, as messages name it */
	uint64_t number;  /* in its file, from 1 */
	uint64_t ordinal; /* over all files, from 1 */
	uint64_t offset;  /* of its first byte in the file, from where reading began */
	int fd;           /* of the file that is read, -1: none */

	/* private */
	size_t file;
	char *block;
	size_t begin, end, cap; /* block[begin..end) is read and not yet used */
	size_t searched;        /* no newline stands in block[begin..searched) */
	uint64_t base;          /* offset of block[0] */
	bool ended;
};

enum lines_step {
	LINES_LINE,
	LINES_LONG, /* over max_line: lines_rest gives its bytes */
	LINES_WAIT, /* it would have to wait and may not */
	LINES_END
};

/* Sets the public members' start; files, pause and context are borrowed. */
void lines_open(struct lines *l);
/* The next line, without its newline, valid until the next call. A file that cannot be read
 * is named, raises status 3, and the next one follows; half a line of it is dropped. */
enum lines_step lines_next(struct lines *l, bool wait, struct slice *line);
/* After LINES_LONG, until it is false: a piece of that line, its newline in the last one. */
bool lines_rest(struct lines *l, struct slice *piece);
void lines_close(struct lines *l);

#endif
