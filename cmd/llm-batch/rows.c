/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/diag.h"
#include "json/scan.h"

#define ROW_LIMIT (UINT64_C(256) << 20)

struct reader {
	struct stream *stream;
	struct csv csv;
	struct buf object;
	const char *file;
	bool stop; /* the rest of the file is no row */
	void (*each)(void *context, const struct row *row);
	void *context;
};

static void
reject(struct reader *r, const char *why)
{
	stream_reject(r->stream, r->file, r->csv.line, csv_raw(&r->csv), why);
}

/* What spreadsheets write in many countries is no CSV. */
static void
note_separator(const struct reader *r)
{
	struct slice first = csv_raw(&r->csv);
	bool tab = slice_find(first, '\t') < first.len;

	if (r->csv.names.count == 1 && (tab || slice_find(first, ';') < first.len))
		diag_warn("%s:%llu: one column, with a %s in its name: commas separate columns",
		    r->file, (unsigned long long)r->csv.line, tab ? "tab" : "';'");
}

/* As a JSON string whose bytes above ASCII stay as they are, valid or not: the scan of the
 * object rejects what is no UTF-8. */
static void
quote(struct buf *out, struct slice text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if (byte == '"' || byte == '\\')
			buf_add_byte(out, '\\');
		if (byte == '\n')
			buf_add(out, SLICE("\\n"));
		else if (byte == '\t')
			buf_add(out, SLICE("\\t"));
		else if (byte < ' ')
			buf_printf(out, "\\u%04x", byte);
		else
			buf_add_byte(out, (char)byte);
	}
	buf_add_byte(out, '"');
}

static void
add_member(struct buf *out, struct slice name, struct slice value)
{
	buf_add(out, out->len > 1 ? SLICE(",") : SLICE(""));
	quote(out, name);
	buf_add_byte(out, ':');
	quote(out, value);
}

/* The object of the row at hand; false and *why (static). */
static bool
make_object(struct reader *r, const char **why)
{
	const struct csv *c = &r->csv;

	*why = c->fault;
	if (!*why && !c->lines && c->row.count != c->names.count)
		*why = c->row.count < c->names.count ? "fewer fields than the first row"
						     : "more fields than the first row";
	if (*why)
		return false;
	buf_clear(&r->object);
	buf_add_byte(&r->object, '{');
	if (c->lines)
		add_member(&r->object, SLICE("line"), csv_raw(c));
	for (size_t i = 0; i < c->row.count && !c->lines; i++)
		if (csv_name(c, i).len)
			add_member(&r->object, csv_name(c, i), csv_cell(c, i));
	buf_add_byte(&r->object, '}');
	return true;
}

static void
take_names(struct reader *r)
{
	if (csv_header(&r->csv)) {
		note_separator(r);
		return;
	}
	reject(r, r->csv.fault);
	r->stop = true;
}

static void
take_row(struct reader *r)
{
	struct csv *c = &r->csv;
	const char *why;

	if (csv_blank(c))
		;
	else if (!c->lines && !c->names.count)
		take_names(r);
	else if (make_object(r, &why))
		r->each(r->context,
		    &(struct row){ r->file, c->line, csv_raw(c), buf_slice(&r->object) });
	else
		reject(r, why);
	csv_next(c);
	if (tool_common()->strict && status_get() == STATUS_REJECTED)
		r->stop = true;
}

static void
feed(struct reader *r, struct slice bytes)
{
	uint64_t limit = tool_common()->max_line ? tool_common()->max_line : ROW_LIMIT;

	for (size_t i = 0; i < bytes.len && !r->stop; i++) {
		if (csv_byte(&r->csv, bytes.ptr[i])) {
			take_row(r);
		} else if (r->csv.raw.len > limit) {
			reject(r, "a row over the limit of --max-line; the rest of the file is "
				  "not read");
			r->stop = true;
		}
	}
}

static void
read_file(struct reader *r, int fd)
{
	static char block[1 << 16];
	bool first = true;
	ssize_t n;

	csv_reset(&r->csv);
	while (!r->stop && (n = read(fd, block, sizeof(block))) != 0) {
		struct slice bytes = slice_of(block, n > 0 ? (size_t)n : 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			diag_warn_errno("%s", r->file);
			status_raise(STATUS_FAILED);
			return;
		}
		if (first && json_is_utf16(bytes)) {
			stream_reject(r->stream, r->file, 1,
			    slice_take(bytes, slice_find(bytes, '\n')),
			    "UTF-16 text; convert it to UTF-8 first");
			r->stop = true;
		}
		first = false;
		feed(r, bytes);
		/* a live input: what is done leaves before the next wait */
		stream_flush(r->stream);
	}
	if (!r->stop && csv_end(&r->csv))
		take_row(r);
}

void
rows_read(struct stream *s, const struct option_list *files, bool csv,
    void (*each)(void *context, const struct row *row), void *context)
{
	static const char *const standard[] = { "-" };
	const char *const *names = files->count ? (const char *const *)files->item : standard;
	struct reader r = { .stream = s, .each = each, .context = context };

	r.csv.lines = !csv;
	for (size_t i = 0; i < (files->count ? files->count : 1) && !r.stop; i++) {
		bool input = strcmp(names[i], "-") == 0;
		int fd = input ? STDIN_FILENO : open(names[i], O_RDONLY | O_CLOEXEC | O_NOCTTY);

		r.file = input ? "<stdin>" : names[i];
		if (fd < 0) {
			diag_warn_errno("%s", names[i]);
			status_raise(STATUS_FAILED);
			continue;
		}
		read_file(&r, fd);
		if (!tool_common()->strict)
			r.stop = false;
		if (!input)
			close(fd);
	}
	csv_free(&r.csv);
	buf_free(&r.object);
}
