/* SPDX-License-Identifier: MIT */
/* From lines to cells. */
#include "cmd/llm-compress/log/log.h"

#include "cmd/llm-compress/table/columns.h"
#include "cmd/llm-compress/table/drop.h"
#include "json/write.h"
#include "text/find.h"

#define JUDGED 64 /* lines by which the number of columns is chosen */

struct writer_state {
	const struct line *line;
	size_t count;
	size_t *row;   /* of each line: its row in the grid; SIZE_MAX: it stands as it is */
	size_t *words; /* of each line; 0: an error, which stands as it is */
	struct grid grid;
	char end; /* of a cell */
	struct slice line_end;
	struct buf *out;
};

/* The word at the front of *rest, which loses it and the blank behind it. */
static struct slice
take_word(struct slice *rest)
{
	struct slice word = slice_take(*rest, slice_find(*rest, ' '));

	*rest = slice_drop(*rest, word.len + 1);
	return word;
}

static inline find_mask
is_space(find_bytes x, find_bytes y)
{
	(void)y;
	return FIND_IS(x, ' ');
}

/* Cells of a line that has as many words as the grid has columns, or more. */
static void
cut_line(struct slice rest, size_t width, struct slice *cell)
{
	for (size_t k = 0; k + 1 < width; k++)
		cell[k] = take_word(&rest);
	cell[width - 1] = rest;
}

/* The lines that are like others into a grid of so many columns; how many. */
static size_t
cut_lines(struct writer_state *w, size_t width, size_t most)
{
	struct grid *g = &w->grid;

	g->rows = 0;
	g->width = width;
	for (size_t i = 0; i < w->count && g->rows < most; i++) {
		struct slice s = w->line[i].text;

		w->row[i] = SIZE_MAX;
		if (w->words[i] < width)
			continue;
		w->row[i] = g->rows;
		cut_line(s, width, g->cell + g->rows++ * width);
	}
	return g->rows;
}

/* What may stand behind = without quotes. */
static bool
is_bare(struct slice s, char end)
{
	return s.len && !memchr(s.ptr, end, s.len) && s.ptr[0] != '"' &&
	       !memmem(s.ptr, s.len, "{}", 2);
}

static void
find_common(struct grid *g, char end)
{
	for (size_t k = 0; k < g->width; k++) {
		struct column *c = &g->column[k];

		*c = (struct column){ .standard = grid_most(g, k) };
		if (!c->standard.ptr && grid_shared(g, k) &&
		    !(is_bare(c->head, end) &&
			(!c->tail.len || (slice_find(c->tail, end) == c->tail.len &&
					     !memmem(c->tail.ptr, c->tail.len, "{}", 2)))))
			c->head = (struct slice){ NULL, 0 };
	}
}

/* Bytes of the rows, about. */
static size_t
size_of(const struct grid *g)
{
	size_t sum = 0;

	for (size_t i = 0; i < g->rows; i++)
		for (size_t k = 0; k < g->width; k++) {
			const struct column *c = &g->column[k];
			struct slice s = g->cell[i * g->width + k];

			sum += 1;
			if (c->head.ptr)
				sum += grid_own(g, i, k).len;
			else if (!c->standard.ptr || !slice_eq(s, c->standard))
				sum += s.len;
		}
	return sum;
}

/* The number of columns that makes the first lines shortest; 0 if too few are alike. */
static size_t
best_width(struct writer_state *w)
{
	size_t best = 0, least = SIZE_MAX;

	for (size_t width = 2; width <= LOG_COLUMNS; width++) {
		size_t rows = cut_lines(w, width, JUDGED), size, bare = 0;

		if (rows < LOG_LINES)
			break;
		find_common(&w->grid, w->end);
		size = size_of(&w->grid);
		for (size_t i = 0, n = 0; i < w->count && n < JUDGED; i++, n++)
			bare += w->row[i] == SIZE_MAX ? w->line[i].text.len : 0;
		if (size + bare < least) {
			least = size + bare;
			best = width;
		}
	}
	return best;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A cell; an empty one stands for another, so what is empty has quotes, or may be empty once
 * the blanks at the end of its line went. */
static void
write_cell(struct buf *out, struct slice s, char end, bool first, bool last)
{
	bool quoted = !s.len || s.ptr[0] == '"' || is_blank(s.ptr[s.len - 1]) ||
		      (!last && memchr(s.ptr, end, s.len)) ||
		      (first && (s.ptr[0] == '>' || s.ptr[0] == '*'));

	if (quoted)
		json_quote(out, s);
	else
		buf_add(out, s);
}

static void
write_head(const struct grid *g, char end, struct buf *out)
{
	for (size_t k = 0; k < g->width; k++) {
		const struct column *c = &g->column[k];

		if (k)
			buf_add_byte(out, end);
		if (c->head.ptr) {
			buf_add_byte(out, '=');
			buf_add(out, c->head);
			buf_add(out, SLICE("{}"));
			buf_add(out, c->tail);
		} else if (c->standard.ptr) {
			buf_add_byte(out, '=');
			if (is_bare(c->standard, end))
				buf_add(out, c->standard);
			else
				json_quote(out, c->standard);
		}
	}
}

/* The cells of a row; what ends those behind the last one goes, but for one where there is
 * none. */
static void
write_row(const struct grid *g, size_t row, char end, struct buf *out)
{
	size_t start = out->len, full = start;

	for (size_t k = 0; k < g->width; k++) {
		const struct column *c = &g->column[k];
		struct slice s = g->cell[row * g->width + k];

		if (k)
			buf_add_byte(out, end);
		if (c->standard.ptr && slice_eq(s, c->standard))
			continue;
		write_cell(
		    out, c->head.ptr ? grid_own(g, row, k) : s, end, !k, k + 1 == g->width);
		full = out->len;
	}
	out->len = full > start ? full : start + 1;
}

static void
write_lines(struct writer_state *w)
{
	for (size_t i = 0; i < w->count;) {
		struct slice s = w->line[i].text;
		size_t again = 0;

		buf_add(w->out, w->line_end);
		if (w->row[i] == SIZE_MAX) {
			buf_add_byte(w->out, '>');
			buf_add(w->out, s);
		} else {
			write_row(&w->grid, w->row[i], w->end, w->out);
		}
		for (i++; i < w->count && slice_eq(w->line[i].text, s); i++)
			again++;
		if (again)
			buf_printf(w->out, "%.*s*%zu", SLICE_ARG(w->line_end), again);
	}
}

/* Whether what was written says what the lines say. */
static bool
comes_back(struct writer_state *w, struct slice form, struct json *json)
{
	const struct line *last = &w->line[w->count - 1];
	struct slice lines = slice_of(
	    w->line->text.ptr, (size_t)(last->text.ptr + last->text.len - w->line->text.ptr));
	struct buf back = { 0 };
	size_t length;
	bool same = log_read(form, json, w->grid.arena, &back, &length) && length == form.len &&
		    slice_eq(buf_slice(&back), lines);

	buf_free(&back);
	return same && form.len < lines.len;
}

/* A comma, unless more lines have one than have a bar. */
static char
choose_end(const struct line *line, size_t count)
{
	size_t commas = 0, bars = 0;

	for (size_t i = 0; i < count; i++) {
		struct slice s = line[i].text;

		commas += slice_find(s, ',') < s.len;
		bars += slice_find(s, '|') < s.len;
	}
	return commas > bars ? '|' : ',';
}

/* Where no lines are alike but some stand again and again, there are no columns. */
static void
cut_all(struct writer_state *w)
{
	struct grid *g = &w->grid;
	size_t width;

	g->cell = arena_alloc(g->arena, JUDGED * LOG_COLUMNS * sizeof(*g->cell));
	width = best_width(w);
	g->cell = arena_alloc(g->arena, (w->count * width + 1) * sizeof(*g->cell));
	g->rows = 0;
	if (width) {
		cut_lines(w, width, w->count);
		find_common(g, w->end);
		return;
	}
	g->width = 1;
	g->column[0] = (struct column){ .standard = SLICE("") };
	memset(w->row, 0xFF, w->count * sizeof(*w->row));
}

bool
log_write(
    const struct line *line, size_t count, struct json *json, struct arena *a, struct buf *out)
{
	struct writer_state w = { .line = line,
		.count = count,
		.row = arena_alloc(a, count * sizeof(*w.row)),
		.words = arena_alloc(a, count * sizeof(*w.words)),
		.grid.arena = a,
		.end = choose_end(line, count),
		.line_end = line->end == 2 ? SLICE("\r\n") : SLICE("\n"),
		.out = out };
	size_t start = out->len;

	for (size_t i = 0; i < count; i++)
		w.words[i] = drop_says_bad(line[i].text)
				 ? 0
				 : find_count(line[i].text, is_space) + 1;
	memset(w.row, 0xFF, count * sizeof(*w.row));
	cut_all(&w);
	buf_printf(
	    out, "[%zu" LOG_CELLS "%c" LOG_LEGEND "%.*s", count, w.end, SLICE_ARG(w.line_end));
	write_head(&w.grid, w.end, out);
	write_lines(&w);
	if (comes_back(&w, slice_drop(buf_slice(out), start), json))
		return true;
	out->len = start;
	return false;
}
