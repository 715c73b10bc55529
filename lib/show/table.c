/* SPDX-License-Identifier: MIT */
#include "show/table.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"

void
table_open(struct table *t, size_t columns, struct arena *a)
{
	*t = (struct table){ .columns = columns, .rule = SIZE_MAX, .arena = a };
	t->heading = arena_zero(a, columns, sizeof(*t->heading));
	t->right = arena_zero(a, columns, sizeof(*t->right));
}

struct slice *
table_row(struct table *t)
{
	struct slice *row;

	if (t->rows == t->room) {
		t->room = t->room ? t->room * 2 : 64;
		t->cell = mem_grow(t->cell, t->room * t->columns, sizeof(*t->cell));
	}
	row = &t->cell[t->rows++ * t->columns];
	memset(row, 0, t->columns * sizeof(*row));
	return row;
}

/* Characters, not bytes: continuation bytes of UTF-8 take no place. */
static size_t
width(struct slice text)
{
	const char *clean = diag_clean(text);
	size_t n = 0;

	for (; *clean; clean++)
		n += ((unsigned char)*clean & 0xC0) != 0x80;
	return n;
}

static size_t *
widths(const struct table *t)
{
	size_t *w = mem_zero(t->columns * sizeof(*w));

	for (size_t c = 0; c < t->columns; c++) {
		w[c] = width(t->heading[c]);
		for (size_t r = 0; r < t->rows; r++) {
			size_t n = width(t->cell[r * t->columns + c]);

			w[c] = n > w[c] ? n : w[c];
		}
	}
	return w;
}

static size_t
line_width(const struct table *t, const size_t *w)
{
	size_t sum = 0;

	for (size_t c = 0; c < t->columns; c++)
		sum += w[c] + (c ? 2 : 0);
	return sum;
}

size_t
table_width(const struct table *t)
{
	size_t *w = widths(t), sum = line_width(t, w);

	free(w);
	return sum;
}

#define NARROWEST 8

/* The first characters of text, the last of them an ellipsis. */
static struct slice
shortened(const struct table *t, struct slice text, size_t most)
{
	const char *clean = diag_clean(text), *end = clean;
	size_t n = 0;

	if (width(text) <= most)
		return text;
	for (; *end; end++)
		if (((unsigned char)*end & 0xC0) != 0x80 && n++ == most - 1)
			break;
	return arena_printf(t->arena, "%.*s\xE2\x80\xA6", (int)(end - clean), clean);
}

static void
shorten_column(struct table *t, size_t c, size_t most)
{
	t->heading[c] = shortened(t, t->heading[c], most);
	for (size_t r = 0; r < t->rows; r++) {
		struct slice *cell = &t->cell[r * t->columns + c];

		*cell = shortened(t, *cell, most);
	}
}

void
table_narrow(struct table *t, size_t columns, size_t most)
{
	size_t *w = widths(t), sum = line_width(t, w);

	while (sum > most) {
		size_t longest = 0;

		for (size_t c = 1; c < columns; c++)
			if (w[c] > w[longest])
				longest = c;
		if (w[longest] <= NARROWEST)
			break;
		w[longest]--;
		sum--;
	}
	for (size_t c = 0; c < columns; c++)
		shorten_column(t, c, w[c]);
	free(w);
}

void
table_cap(struct table *t, size_t columns, size_t most)
{
	for (size_t c = 0; c < columns; c++)
		shorten_column(t, c, most);
}

static void
fill(struct buf *out, char c, size_t n)
{
	while (n--)
		buf_add_byte(out, c);
}

static void
people_line(const struct table *t, const struct slice *cells, const size_t *w, struct buf *out)
{
	for (size_t c = 0; c < t->columns; c++) {
		size_t space = w[c] - width(cells[c]);

		if (c)
			buf_add(out, SLICE("  "));
		if (t->right[c])
			fill(out, ' ', space);
		buf_add(out, slice_z(diag_clean(cells[c])));
		if (!t->right[c] && c + 1 < t->columns)
			fill(out, ' ', space);
	}
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_add_byte(out, '\n');
}

static void
people_rule(const struct table *t, const size_t *w, struct buf *out)
{
	for (size_t c = 0; c < t->columns; c++) {
		if (c)
			buf_add(out, SLICE("  "));
		fill(out, '-', w[c]);
	}
	buf_add_byte(out, '\n');
}

static void
paint(const struct table *t, const char *code, struct buf *out)
{
	if (t->color)
		buf_add(out, slice_z(code));
}

void
table_people(const struct table *t, struct buf *out)
{
	size_t *w = widths(t);

	paint(t, "\033[1m", out);
	people_line(t, t->heading, w, out);
	paint(t, "\033[0;2m", out);
	people_rule(t, w, out);
	paint(t, "\033[0m", out);
	for (size_t r = 0; r < t->rows; r++) {
		if (r == t->rule && r) {
			paint(t, "\033[2m", out);
			people_rule(t, w, out);
			paint(t, "\033[0m", out);
		}
		people_line(t, t->cell + r * t->columns, w, out);
	}
	free(w);
}

static void
csv_cell(struct slice text, struct buf *out)
{
	bool quote = false;

	for (size_t i = 0; i < text.len && !quote; i++)
		quote = strchr(",\"\r\n", text.ptr[i]) != NULL;
	if (!quote) {
		buf_add(out, text);
		return;
	}
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, text.ptr[i]);
	}
	buf_add_byte(out, '"');
}

void
table_csv_line(const struct slice *cells, size_t count, struct buf *out)
{
	for (size_t c = 0; c < count; c++) {
		if (c)
			buf_add_byte(out, ',');
		csv_cell(cells[c], out);
	}
	buf_add_byte(out, '\n');
}

void
table_csv(const struct table *t, struct buf *out)
{
	table_csv_line(t->heading, t->columns, out);
	for (size_t r = 0; r < t->rows; r++)
		table_csv_line(t->cell + r * t->columns, t->columns, out);
}

static void
markdown_line(const struct table *t, const struct slice *cells, struct buf *out)
{
	buf_add_byte(out, '|');
	for (size_t c = 0; c < t->columns; c++) {
		buf_add_byte(out, ' ');
		for (const char *p = diag_clean(cells[c]); *p; p++) {
			if (strchr("|\\`*_<>[]", *p))
				buf_add_byte(out, '\\');
			buf_add_byte(out, *p);
		}
		buf_add(out, SLICE(" |"));
	}
	buf_add_byte(out, '\n');
}

void
table_markdown(const struct table *t, struct buf *out)
{
	markdown_line(t, t->heading, out);
	buf_add_byte(out, '|');
	for (size_t c = 0; c < t->columns; c++)
		buf_add(out, t->right[c] ? SLICE(" ---: |") : SLICE(" --- |"));
	buf_add_byte(out, '\n');
	for (size_t r = 0; r < t->rows; r++)
		markdown_line(t, t->cell + r * t->columns, out);
}

void
table_close(struct table *t)
{
	free(t->cell);
	*t = (struct table){ 0 };
}
