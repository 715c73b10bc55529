/* SPDX-License-Identifier: MIT */
/* Records in, records out: the part of a filter that all five tools share.
 *
 * Lines are read in large blocks from the operands in turn ("-" or none: standard input),
 * checked and scanned, given to the tool, and written whole. Bad lines are named on standard
 * error, their bytes go to the rejects file, and the stream goes on. Output is flushed when
 * the input pauses. Verdicts on odd lines: llm-tools(7). */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include "base/arena.h"
#include "base/buf.h"
#include "json/edit.h"
#include "json/scan.h"

struct path;
struct stream;

/* What to do with a line of valid JSON that is no object. */
enum no_object {
	NO_OBJECT_PASS,   /* filters */
	NO_OBJECT_REJECT, /* validate, pack, submit, run */
	NO_OBJECT_SKIP    /* llm-cost: counted, not written */
};

struct stream_options {
	const char *const *files; /* operands */
	size_t file_count;
	bool required;      /* an option named them: one that cannot be opened ends the run with
			       status 3 */
	const char *output; /* -o; NULL or "-": standard output */
	bool no_output;     /* reports: records are not written */
	const char *rejects; /* --rejects, or NULL */
	bool strict;         /* stop at the first reject */
	uint64_t max_line;   /* bytes; 0: the default of 256 MiB */
	enum no_object no_object;
	bool any_json; /* the records are rows of any kind (make): no duplicate check needed */
	/* not NULL: gets each line that would be written (blank ones and no objects too; head
	 * is a byte-order mark or empty) instead, so that a tool can look ahead without
	 * changing the order; it writes them later by stream_write. The bytes are valid during
	 * the call. */
	void (*hold)(void *context, struct slice head, struct slice line);
	void *hold_context;
	/* not NULL: called before anything that may wait, which is reading and writing */
	void (*before_wait)(void *context);
	void *wait_context;
};

struct record {
	struct slice line; /* without its newline; a CR before that is part of it */
	struct json *json; /* the scanned line; its root is an object */
	struct value root;
	const char *file;    /* as messages name it */
	uint64_t number;     /* line number in that file, from 1 */
	uint64_t ordinal;    /* line number over all operands, from 1 */
	uint64_t offset;     /* of line in its file, in bytes from where reading began */
	struct arena *arena; /* reset before the next record */
	struct edits *edits; /* changes that EDIT applies */
	struct stream *stream;
	bool rejected; /* record_reject was called */
};

enum verdict {
	PASS, /* the line leaves byte for byte */
	EDIT, /* the line leaves with r->edits applied */
	DROP  /* nothing leaves (or the tool wrote by stream_write) */
};

/* Opens output and rejects; if that fails the run ends with status 3. An operand that cannot
 * be read is named, raises status 3, and the others are read. o is copied, its strings not. */
struct stream *stream_open(const struct stream_options *o);
/* The next record that the tool must judge, or NULL at the end. Blank lines, values that are
 * no object (as no_object says) and bad lines are dealt with inside. Before it waits for
 * input, standard output is flushed. The record is valid until the next call of stream_next or
 * stream_ready. */
struct record *stream_next(struct stream *s);
/* Ends the judgement of the record: writes it as the verdict says. If a member that was read
 * stands twice the record is rejected instead, whatever the verdict. */
void stream_put(struct stream *s, struct record *r, enum verdict v);
/* The record goes to the rejects with this reason, the message is said, status 4 is raised;
 * stream_put and all else do nothing more with it. Always returns DROP. Messages of one format
 * are of one kind (diag_repeated). The reason must quote no content. */
enum verdict record_reject(struct record *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What becomes of an object of no known shape: as no_object says (with --strict always a
 * reject). Returns the verdict. */
enum verdict record_no_shape(struct record *r);
/* A line (without newline) that is not the record's own: written whole, newline added. */
void stream_write(struct stream *s, struct slice line);
/* A piece of a report as it stands: no newline is added. */
void stream_write_text(struct stream *s, struct slice text);
/* Rejects a line that was read earlier; the bytes must still be there. */
void stream_reject(
    struct stream *s, const char *file, uint64_t number, struct slice line, const char *reason);
/* True if stream_next would answer without waiting; the descriptor to poll otherwise (-1: at
 * the end). For loops that wait for other things too. */
bool stream_ready(struct stream *s);
int stream_descriptor(struct stream *s);
void stream_flush(struct stream *s);
/* How many lines were no object, or of no known shape, so far. */
uint64_t stream_skipped(const struct stream *s);
/* Flushes, syncs and renames -o, closes the rejects; failures raise status 3 and are said.
 * Where an error ended the run early call it too: -o then leaves nothing under the final
 * name if status_get() is STATUS_FAILED. Frees s; NULL is fine. */
void stream_close(struct stream *s);

/* The usual main loop: judge(context, record) for each record, then stream_close. */
typedef enum verdict (*judge_fn)(void *context, struct record *r);
void stream_each(const struct stream_options *o, judge_fn judge, void *context);

#endif
