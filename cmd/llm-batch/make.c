/* SPDX-License-Identifier: MIT */
/* llm-batch make: rows to requests. Every row becomes a JSON object first (CSV fields and text
 * lines too), so that one way of filling the template serves all three kinds. */
#include "batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "csv.h"
#include "ids.h"
#include "stream/file.h"
#include "template.h"

#define ROW_LIMIT (UINT64_C(256) << 20)

static const char *template_file, *model, *prompt;
static bool as_csv, as_text;

const struct option make_options[] = {
	{ 't', "template", OPTION_TEXT, "F", &template_file,
	    "a request with {field} in its strings", NULL },
	{ 0, "model", OPTION_TEXT, "M", &model, "model of a request made from --prompt", NULL },
	{ 0, "prompt", OPTION_TEXT, "TEXT", &prompt, "text of one user message, with {field}",
	    NULL },
	{ 0, "csv", OPTION_FLAG, NULL, &as_csv, "rows are CSV, the first one names the columns",
	    NULL },
	{ 0, "text", OPTION_FLAG, NULL, &as_text, "rows are lines of text: {line}", NULL },
	{ 0 },
};

struct maker {
	struct template *template;
	struct stream *stream;
	struct ids ids;
	uint64_t *times; /* by index of ids: how often that id came */
	size_t room;
	struct arena arena;
	struct buf id, out;
};

static struct template *
open_template(void)
{
	const char *why = NULL;
	struct template *t;
	struct buf text = { 0 };

	if (template_file && (model || prompt))
		tool_usage(
		    "'--template' stands for itself: no '--model', no '--prompt' beside it");
	if (!template_file && !(model && prompt))
		tool_usage("give '--template', or '--model' and '--prompt'");
	if (as_csv && as_text)
		tool_usage("'--csv' and '--text' are two kinds of rows");
	if (!template_file) {
		if (!(t = template_simple(model, prompt, &why)))
			diag_die(STATUS_USAGE, "'--prompt': %s", why);
		return t;
	}
	if (!file_read(template_file, &text))
		diag_die_errno(STATUS_USAGE, "%s", template_file);
	if (!(t = template_open(buf_slice(&text), &why)))
		diag_die(STATUS_USAGE, "%s: %s", template_file, why);
	buf_free(&text);
	return t;
}

/* Counts this id; *added says if it is new. */
static uint64_t *
count_id(struct maker *m, bool *added)
{
	size_t i = ids_add(&m->ids, buf_slice(&m->id), added);

	if (m->ids.count > m->room) {
		m->room = m->room ? m->room * 2 : 1024;
		m->times = mem_grow(m->times, m->room, sizeof(*m->times));
	}
	if (*added)
		m->times[i] = 0;
	m->times[i]++;
	return &m->times[i];
}

/* The n-th equal id gets -n; the first stays as it is. An id that a template wrote may itself
 * look like a numbered one, so the number goes on until the id is new. */
static void
number_id(struct maker *m)
{
	bool added;
	size_t plain = m->id.len;
	uint64_t n = *count_id(m, &added);

	while (!added) {
		m->id.len = plain;
		buf_printf(&m->id, "-%llu", (unsigned long long)n++);
		count_id(m, &added);
	}
}

static void
hash_id(struct maker *m, struct slice identity)
{
	unsigned char digest[DIGEST_SIZE];
	char hex[17];

	digest_of(identity, digest);
	digest_hex(digest, 8, hex);
	buf_add(&m->id, slice_z(hex));
}

/* The request of a row in m->out. False: *hole is what the row has not. */
static bool
fill(struct maker *m, struct value row, struct slice line, struct slice identity,
    const char **hole)
{
	buf_clear(&m->id);
	buf_clear(&m->out);
	if ((*hole = template_id(m->template, row, line, &m->id)))
		return false;
	if (!m->id.len)
		hash_id(m, identity);
	/* a row that cannot be filled must not use up a number */
	if ((*hole = template_fill(m->template, buf_slice(&m->id), row, line, &m->out)))
		return false;
	number_id(m);
	buf_clear(&m->out);
	*hole = template_fill(m->template, buf_slice(&m->id), row, line, &m->out);
	return true;
}

static void
make_json(struct maker *m, const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct record *r;

	m->stream = stream_open(&o);
	while ((r = stream_next(m->stream))) {
		struct slice line = slice_trim(r->line);
		const char *hole;

		if (!fill(m, r->root, line, line, &hole))
			record_reject(r, "no field '%s'", hole);
		else if (!r->json->twice.ptr)
			stream_write(m->stream, buf_slice(&m->out));
		stream_put(m->stream, r, DROP);
	}
}

/* A row that is no record of its own: rejects are named by hand. */
static void
make_row(struct maker *m, struct json *json, const char *file, uint64_t number,
    struct slice raw, struct slice object)
{
	const char *why = NULL, *hole;
	size_t where;

	arena_reset(&m->arena);
	if (!json_scan(json, object, &why, &where)) {
		stream_reject(m->stream, file, number, raw, why);
		return;
	}
	why = NULL;
	if (!fill(m, json_root(json), raw, object, &hole))
		why = arena_printf(&m->arena, "no field '%s'", hole).ptr;
	else if (json->twice.ptr)
		why = "a column that is read stands twice";
	if (why)
		stream_reject(m->stream, file, number, raw, why);
	else
		stream_write(m->stream, buf_slice(&m->out));
}

struct rows {
	struct maker *maker;
	struct csv csv;
	struct json json;
	struct buf object;
	const char *file;
	bool stop; /* the rest of the file is no row */
};

/* What spreadsheets write in many countries is no CSV. */
static void
note_separator(const struct rows *rows)
{
	struct slice first = csv_raw(&rows->csv);
	bool tab = slice_find(first, '\t') < first.len;

	if (rows->csv.name_count == 1 && (tab || slice_find(first, ';') < first.len))
		diag_warn("%s:%llu: one column, with a %s in its name: commas separate columns",
		    rows->file, (unsigned long long)rows->csv.line, tab ? "tab" : "';'");
}

static void
csv_row(struct rows *rows)
{
	struct csv *c = &rows->csv;
	const char *why;

	if (csv_blank(c))
		return;
	if (!c->name_count) {
		if (!csv_header(c, &why)) {
			stream_reject(
			    rows->maker->stream, rows->file, c->line, csv_raw(c), why);
			rows->stop = true;
		}
		note_separator(rows);
		return;
	}
	buf_clear(&rows->object);
	if (!csv_object(c, &rows->object, &why))
		stream_reject(rows->maker->stream, rows->file, c->line, csv_raw(c), why);
	else
		make_row(rows->maker, &rows->json, rows->file, c->line, csv_raw(c),
		    buf_slice(&rows->object));
}

/* Text lines use the reader's raw bytes and line numbers only. */
static void
text_row(struct rows *rows)
{
	struct csv *c = &rows->csv;

	if (slice_trim(csv_raw(c)).len == 0)
		return;
	buf_clear(&rows->object);
	buf_add(&rows->object, SLICE("{\"line\":"));
	csv_quote(&rows->object, csv_raw(c));
	buf_add(&rows->object, SLICE("}"));
	make_row(rows->maker, &rows->json, rows->file, c->line, csv_raw(c),
	    buf_slice(&rows->object));
}

static bool
text_byte(struct csv *c, char byte)
{
	if (!c->row_open)
		c->line = ++c->lines;
	c->row_open = true;
	buf_add_byte(&c->raw, byte);
	return byte == '\n';
}

static void
row_done(struct rows *rows)
{
	if (as_csv)
		csv_row(rows);
	else
		text_row(rows);
	csv_next(&rows->csv);
	if (tool_common()->strict && status_get() == STATUS_REJECTED)
		rows->stop = true;
}

static void
feed(struct rows *rows, struct slice bytes)
{
	uint64_t limit = tool_common()->max_line ? tool_common()->max_line : ROW_LIMIT;

	for (size_t i = 0; i < bytes.len && !rows->stop; i++) {
		if (as_csv ? csv_byte(&rows->csv, bytes.ptr[i])
			   : text_byte(&rows->csv, bytes.ptr[i])) {
			row_done(rows);
		} else if (rows->csv.raw.len > limit) {
			stream_reject(rows->maker->stream, rows->file, rows->csv.line,
			    csv_raw(&rows->csv),
			    "a row over the limit of --max-line; the rest of the file is not "
			    "read");
			rows->stop = true;
		}
	}
}

/* Of the first bytes of a file: what is behind the byte-order mark; nothing where it is of
 * another encoding, which is refused as a whole. */
static struct slice
begin(struct rows *rows, struct slice bytes)
{
	if (!json_is_utf16(bytes))
		return slice_drop(bytes, slice_starts(bytes, SLICE("\xEF\xBB\xBF")) ? 3 : 0);
	stream_reject(rows->maker->stream, rows->file, 1,
	    slice_take(bytes, slice_find(bytes, '\n')),
	    "UTF-16 text; convert it to UTF-8 first");
	rows->stop = true;
	return SLICE("");
}

static void
read_rows(struct rows *rows, int fd)
{
	static char block[1 << 16];
	bool first = true;
	ssize_t n;

	csv_reset(&rows->csv);
	while (!rows->stop && (n = read(fd, block, sizeof(block))) != 0) {
		struct slice bytes = slice_of(block, n > 0 ? (size_t)n : 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			diag_warn_errno("%s", rows->file);
			status_raise(STATUS_FAILED);
			return;
		}
		if (first)
			bytes = begin(rows, bytes);
		first = false;
		feed(rows, bytes);
		/* a live input: what is done leaves before the next wait */
		stream_flush(rows->maker->stream);
	}
	if (!rows->stop && (as_csv ? csv_end(&rows->csv) : rows->csv.row_open))
		row_done(rows);
}

/* The stream gets no input of its own here: it writes, and keeps the rejects. */
static void
make_other(struct maker *m, const struct option_list *operands)
{
	static const char *const nothing[] = { "/dev/null" }, *const standard[] = { "-" };
	struct option_list none = { NULL, 0 };
	struct stream_options o = tool_stream(&none, NO_OBJECT_REJECT);
	struct rows rows = { .maker = m };
	const char *const *files =
	    operands->count ? (const char *const *)operands->item : standard;

	o.files = nothing;
	o.file_count = 1;
	m->stream = stream_open(&o);
	for (size_t i = 0; i < (operands->count ? operands->count : 1) && !rows.stop; i++) {
		bool input = strcmp(files[i], "-") == 0;
		int fd = input ? STDIN_FILENO : open(files[i], O_RDONLY | O_CLOEXEC | O_NOCTTY);

		rows.file = input ? "<stdin>" : files[i];
		if (fd < 0) {
			diag_warn_errno("%s", files[i]);
			status_raise(STATUS_FAILED);
			continue;
		}
		read_rows(&rows, fd);
		if (!tool_common()->strict)
			rows.stop = false;
		if (!input)
			close(fd);
	}
	csv_free(&rows.csv);
	json_free(&rows.json);
	buf_free(&rows.object);
}

void
make_run(const struct option_list *operands)
{
	static struct maker m;

	m.template = open_template(); /* for the length of the run, as its paths */

	if (as_csv || as_text)
		make_other(&m, operands);
	else
		make_json(&m, operands);
	stream_close(m.stream);
	ids_free(&m.ids);
	free(m.times);
	arena_close(&m.arena);
	buf_free(&m.id);
	buf_free(&m.out);
}
