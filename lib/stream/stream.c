/* SPDX-License-Identifier: MIT */
#include "stream/stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "stream/file.h"
#include "stream/lines.h"
#include "stream/rejects.h"

#define BLOCK (256u << 10) /* output is collected up to this */
#define MAX_LINE (UINT64_C(256) << 20)

struct stream {
	struct stream_options o;
	struct lines lines;
	bool stop;         /* --strict saw a reject */
	struct slice mark; /* byte-order mark that belongs to this line's output */
	/* the record in hand */
	struct record record;
	bool parked; /* stream_ready has it, stream_next has not given it yet */
	struct json json;
	struct arena arena;
	struct edits edits;
	/* output */
	int out_fd;
	struct file_out file_out;
	struct buf out;
	struct buf changed; /* a line that was edited, for hold */
	bool wrote;
	struct rejects *rejects;
	uint64_t skipped;
};

static void
flush_stream(void *context)
{
	stream_flush(context);
}

struct stream *
stream_open(const struct stream_options *o)
{
	static const char *const standard_input[] = { "-" };
	struct stream *s = mem_zero(sizeof(*s));

	s->o = *o;
	s->lines = (struct lines){ .files = o->file_count ? o->files : standard_input,
		.file_count = o->file_count ? o->file_count : 1,
		.max_line = o->max_line ? o->max_line : MAX_LINE,
		.required = o->required,
		.pause = flush_stream,
		.context = s };
	lines_open(&s->lines);
	s->out_fd = STDOUT_FILENO;
	s->file_out.fd = -1;
	if (o->output && strcmp(o->output, "-") != 0 && !o->no_output) {
		if (!file_out_open(&s->file_out, o->output, 0600))
			diag_die_errno(STATUS_FAILED, "%s", o->output);
		s->out_fd = s->file_out.fd;
	}
	s->rejects = rejects_open(o->rejects);
	json_expect_shapes(&s->json);
	s->json.behind = LINES_BEHIND;
	s->record = (struct record){
		.json = &s->json, .arena = &s->arena, .edits = &s->edits, .stream = s
	};
	return s;
}

/* Ends the run: what could not be written is lost, so nothing may claim success. */
static _Noreturn void
output_failed(struct stream *s)
{
	int saved = errno;
	const char *name = s->file_out.fd >= 0 ? s->o.output : "standard output";

	file_out_drop(&s->file_out);
	errno = saved;
	diag_die_errno(STATUS_FAILED, "%s", name);
}

void
stream_flush(struct stream *s)
{
	if (s->o.before_wait)
		s->o.before_wait(s->o.wait_context);
	if (s->out.len && !file_write_all(s->out_fd, buf_slice(&s->out)))
		output_failed(s);
	buf_clear(&s->out);
}

static void
emit_now(struct stream *s, struct slice head, struct slice line)
{
	if (s->o.no_output)
		return;
	s->wrote = true;
	buf_add(&s->out, head);
	if (line.len >= BLOCK) {
		/* a long line goes out without a second copy */
		stream_flush(s);
		if (!file_write_all(s->out_fd, line))
			output_failed(s);
	} else {
		buf_add(&s->out, line);
	}
	buf_add_byte(&s->out, '\n');
	if (s->out.len >= BLOCK)
		stream_flush(s);
}

/* A line that is due, unless the tool holds lines back. */
static void
emit(struct stream *s, struct slice head, struct slice line)
{
	if (s->o.hold)
		s->o.hold(s->o.hold_context, head, line);
	else
		emit_now(s, head, line);
	s->wrote = true;
}

void
stream_write(struct stream *s, struct slice line)
{
	emit_now(s, slice_of("", 0), line);
}

void
stream_write_text(struct stream *s, struct slice text)
{
	if (s->o.no_output)
		return;
	s->wrote = true;
	buf_add(&s->out, text);
	if (s->out.len >= BLOCK)
		stream_flush(s);
}

/* What every refusal ends with; its bytes are with the rejects already. */
static void
refused(
    struct stream *s, const char *file, uint64_t number, const char *kind, const char *reason)
{
	diag_repeated(kind, "%s:%llu: %s", file, (unsigned long long)number, reason);
	rejects_end(s->rejects, file, number, reason);
	s->stop = s->o.strict;
	status_raise(STATUS_REJECTED);
}

static void
reject(struct stream *s, const char *file, uint64_t number, struct slice line, const char *kind,
    const char *reason)
{
	rejects_part(s->rejects, line);
	rejects_part(s->rejects, SLICE("\n"));
	refused(s, file, number, kind, reason);
}

static bool
is_blank(struct slice line)
{
	return !line.len || (line.ptr[0] != '{' && slice_trim(line).len == 0);
}

/* Why a line that is no JSON is none, in words for who has to mend it. */
static const char *
name_fault(
    struct stream *s, struct slice line, const char *why, size_t where, const char **kind)
{
	*kind = why;
	if (json_is_utf16(line))
		return *kind = "UTF-16 text; convert it to UTF-8 first";
	if (slice_starts(line, SLICE("\xEF\xBB\xBF")))
		return *kind = "a byte-order mark inside the input (two files joined?)";
	return arena_printf(&s->arena, "invalid JSON: %s at byte %zu", why, where + 1).ptr;
}

/* Checks a line; true if it is a record for the tool. */
static bool
take_line(struct stream *s, struct slice line)
{
	struct record *r = &s->record;
	struct slice whole = line;
	const char *why = NULL, *kind;
	size_t where = 0;

	s->mark = slice_of("", 0);
	if (s->lines.number == 1 && slice_starts(line, SLICE("\xEF\xBB\xBF"))) {
		/* a mark in the middle of our output would be refused by the next stage */
		if (s->o.no_object == NO_OBJECT_PASS && !s->wrote)
			s->mark = slice_take(line, 3);
		line = slice_drop(line, 3);
	}
	if (is_blank(line)) {
		if (s->o.no_object == NO_OBJECT_PASS)
			emit(s, s->mark, line);
		return false;
	}
	arena_reset(&s->arena);
	edits_clear(&s->edits);
	r->line = line;
	r->file = s->lines.name;
	r->number = s->lines.number;
	r->offset = s->lines.offset + (uint64_t)(line.ptr - whole.ptr);
	r->ordinal = s->lines.ordinal;
	r->rejected = false;
	if (!json_scan(&s->json, line, &why, &where)) {
		why = name_fault(s, line, why, where, &kind);
		reject(s, s->lines.name, s->lines.number, whole, kind, why);
		return false;
	}
	r->root = json_root(&s->json);
	if (json_type(r->root) != JSON_OBJECT) {
		stream_put(s, r, record_no_shape(r));
		return false;
	}
	return true;
}

/* A line over the limit: its bytes stream to the rejects and are never held as a whole. */
static void
refuse_long(struct stream *s)
{
	static const char reason[] = "line over the limit of --max-line";
	struct slice piece;
	bool more;

	do {
		more = lines_rest(&s->lines, &piece);
		rejects_part(s->rejects, piece);
	} while (more);
	refused(s, s->lines.name, s->lines.number, reason, reason);
}

static enum lines_step
advance(struct stream *s, bool wait)
{
	struct slice line;

	while (!s->stop) {
		enum lines_step step = lines_next(&s->lines, wait, &line);

		if (step == LINES_LONG)
			refuse_long(s);
		else if (step != LINES_LINE || take_line(s, line))
			return step;
	}
	return LINES_END;
}

struct record *
stream_next(struct stream *s)
{
	if (!s->parked && advance(s, true) != LINES_LINE)
		return NULL;
	s->parked = false;
	return &s->record;
}

bool
stream_ready(struct stream *s)
{
	enum lines_step step;

	if (s->parked)
		return true;
	step = advance(s, false);
	s->parked = step == LINES_LINE;
	return step != LINES_WAIT;
}

int
stream_descriptor(struct stream *s)
{
	return s->stop ? -1 : s->lines.fd;
}

enum verdict
record_reject(struct record *r, const char *format, ...)
{
	char text[512];
	va_list args;

	if (r->rejected)
		return DROP;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	r->rejected = true;
	reject(r->stream, r->file, r->number, r->line, format, text);
	return DROP;
}

enum verdict
record_no_shape(struct record *r)
{
	struct stream *s = r->stream;
	bool object = json_type(r->root) == JSON_OBJECT;

	if (s->o.strict || s->o.no_object == NO_OBJECT_REJECT)
		return record_reject(
		    r, object ? "an object of no known shape" : "not an object");
	s->skipped++;
	return s->o.no_object == NO_OBJECT_PASS ? PASS : DROP;
}

void
stream_reject(
    struct stream *s, const char *file, uint64_t number, struct slice line, const char *reason)
{
	reject(s, file, number, line, reason, reason);
}

void
stream_put(struct stream *s, struct record *r, enum verdict v)
{
	if (r->rejected)
		return;
	if (s->json.twice.ptr) {
		record_reject(r, "member '%s' stands twice", diag_clean(s->json.twice));
		return;
	}
	if (v == PASS || (v == EDIT && !s->edits.count)) {
		emit(s, s->mark, r->line);
	} else if (v == EDIT && s->o.hold) {
		buf_clear(&s->changed);
		edits_apply(&s->edits, &s->json, &s->changed);
		emit(s, s->mark, buf_slice(&s->changed));
	} else if (v == EDIT && !s->o.no_output) {
		s->wrote = true;
		buf_add(&s->out, s->mark);
		edits_apply(&s->edits, &s->json, &s->out);
		buf_add_byte(&s->out, '\n');
		if (s->out.len >= BLOCK)
			stream_flush(s);
	}
}

uint64_t
stream_skipped(const struct stream *s)
{
	return s->skipped;
}

void
stream_close(struct stream *s)
{
	if (!s)
		return;
	if (!s->o.no_output)
		stream_flush(s);
	if (s->file_out.fd >= 0) {
		if (status_get() == STATUS_FAILED)
			file_out_drop(&s->file_out);
		else if (!file_out_commit(&s->file_out))
			output_failed(s);
	}
	rejects_close(s->rejects);
	lines_close(&s->lines);
	json_free(&s->json);
	arena_close(&s->arena);
	edits_free(&s->edits);
	buf_free(&s->out);
	buf_free(&s->changed);
	free(s);
}

void
stream_each(const struct stream_options *o, judge_fn judge, void *context)
{
	struct stream *s = stream_open(o);
	struct record *r;

	while ((r = stream_next(s)) != NULL)
		stream_put(s, r, judge(context, r));
	stream_close(s);
}
