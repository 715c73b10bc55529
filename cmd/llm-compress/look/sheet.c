/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/look/sheet.h"

#include "text/unicode.h"

struct slice *
sheet_row(struct sheet *s)
{
	if (s->count == s->room) {
		size_t size = sizeof(*s->rows);
		void *grown;

		s->room = s->room ? 2 * s->room : 16;
		grown = arena_alloc(s->arena, s->room * size);
		if (s->count)
			memcpy(grown, s->rows, s->count * size);
		s->rows = grown;
	}
	for (size_t i = 0; i < SHEET_COLUMNS; i++)
		s->rows[s->count][i] = SLICE("");
	return s->rows[s->count++];
}

static size_t
width_of(struct slice s)
{
	size_t n = 0;

	for (; s.len; n++)
		s = slice_drop(s, unicode_grapheme(s));
	return n;
}

/* What a terminal could obey is not printed. */
static void
add_clean(struct buf *out, struct slice s)
{
	while (s.len) {
		struct slice before = s;
		uint32_t c = unicode_next(&s);

		if (c < 0x20 || c == 0x7F || (c >= 0x80 && unicode_class(c) == UNICODE_OTHER))
			buf_add_byte(out, '?');
		else
			buf_add(out, slice_take(before, before.len - s.len));
	}
}

static void
add_padded(struct buf *out, struct slice s, size_t width, bool left, bool last)
{
	size_t pad = width - width_of(s);

	for (size_t i = 0; !left && i < pad; i++)
		buf_add_byte(out, ' ');
	add_clean(out, s);
	for (size_t i = 0; left && !last && i < pad; i++)
		buf_add_byte(out, ' ');
	buf_add(out, last ? SLICE("\n") : SLICE("  "));
}

static void
write_people(const struct sheet *s, struct buf *out)
{
	size_t width[SHEET_COLUMNS];

	for (size_t c = 0; c < s->columns; c++) {
		width[c] = width_of(slice_z(s->heading[c]));
		for (size_t r = 0; r < s->count; r++)
			if (width_of(s->rows[r][c]) > width[c])
				width[c] = width_of(s->rows[r][c]);
	}
	for (size_t c = 0; c < s->columns; c++)
		add_padded(
		    out, slice_z(s->heading[c]), width[c], s->text[c], c + 1 == s->columns);
	for (size_t r = 0; r < s->count; r++)
		for (size_t c = 0; c < s->columns; c++)
			add_padded(
			    out, s->rows[r][c], width[c], s->text[c], c + 1 == s->columns);
}

/* RFC 4180. */
static void
add_csv(struct buf *out, struct slice s)
{
	bool quote = memchr(s.ptr, ',', s.len) || memchr(s.ptr, '"', s.len) ||
		     memchr(s.ptr, '\n', s.len) || memchr(s.ptr, '\r', s.len);

	if (!quote) {
		buf_add(out, s);
		return;
	}
	buf_add_byte(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, s.ptr[i]);
	}
	buf_add_byte(out, '"');
}

static void
add_markdown(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '|')
			buf_add_byte(out, '\\');
		buf_add_byte(out, s.ptr[i] == '\n' ? ' ' : s.ptr[i]);
	}
}

static void
write_line(const struct sheet *s, const struct slice *row, bool csv, struct buf *out)
{
	for (size_t c = 0; c < s->columns; c++) {
		struct slice cell = row ? row[c] : slice_z(s->heading[c]);

		buf_add(out, csv ? (c ? SLICE(",") : SLICE("")) : SLICE("| "));
		if (csv)
			add_csv(out, cell);
		else
			add_markdown(out, cell);
		if (!csv)
			buf_add_byte(out, ' ');
	}
	buf_add(out, csv ? SLICE("\n") : SLICE("|\n"));
}

void
sheet_write(const struct sheet *s, const char *format, struct buf *out)
{
	bool csv = strcmp(format, "csv") == 0;

	if (strcmp(format, "table") == 0) {
		write_people(s, out);
		return;
	}
	write_line(s, NULL, csv, out);
	for (size_t c = 0; !csv && c < s->columns; c++)
		buf_add(out, s->text[c] ? SLICE("| --- ") : SLICE("| ---: "));
	if (!csv)
		buf_add(out, SLICE("|\n"));
	for (size_t r = 0; r < s->count; r++)
		write_line(s, s->rows[r], csv, out);
}
