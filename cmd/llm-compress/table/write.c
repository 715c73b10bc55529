/* SPDX-License-Identifier: MIT */
/* From values to cells. */
#include "cmd/llm-compress/table/parts.h"
#include "text/find.h"

bool
table_is_value(struct slice s)
{
	size_t i = 0, digits;

	if (slice_eqz(s, "true") || slice_eqz(s, "false") || slice_eqz(s, "null"))
		return true;
	i += i < s.len && s.ptr[i] == '-';
	for (digits = i; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9';)
		i++;
	if (i == digits || (i - digits > 1 && s.ptr[digits] == '0'))
		return false;
	if (i < s.len && s.ptr[i] == '.') {
		for (digits = ++i; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9';)
			i++;
		if (i == digits)
			return false;
	}
	if (i < s.len && (s.ptr[i] | 0x20) == 'e') {
		i++;
		i += i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+');
		for (digits = i; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9';)
			i++;
		if (i == digits)
			return false;
	}
	return i == s.len;
}

static inline find_mask
needs_quotes(find_bytes x, find_bytes y)
{
	return FIND_IS(x, ',') | FIND_IS(x, '"') | FIND_IS(x, '\\') | FIND_IS(x, 0x7F) |
	       (find_mask)(x < FIND_ALL(' ')) | (FIND_IS(x, ' ') & FIND_IS(y, ' '));
}

/* Whether the characters of a string (as they stand between its quotes) can do without them. */
static bool
is_bare(struct slice s)
{
	if (!s.len || s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ' || s.ptr[0] == '{' ||
	    s.ptr[0] == '[' || slice_eqz(s, "-"))
		return false;
	return find_next(s, 0, needs_quotes) == s.len && !table_is_value(s);
}

/* A name or a default also ends at =, and {} in it is the place of the cell. */
static bool
is_bare_head(struct slice s)
{
	return is_bare(s) && slice_find(s, '=') == s.len && !memmem(s.ptr, s.len, "{}", 2);
}

/* What stands in the cell for v; absent gives the sign of what is missing. */
static struct slice
cell_of(struct value v)
{
	struct slice s;

	if (!json_type(v))
		return SLICE("-");
	if (json_type(v) != JSON_STRING)
		return json_raw(v);
	s = json_string_raw(v);
	return is_bare(s) ? s : json_raw(v);
}

static bool
has_line_end(struct slice s)
{
	return slice_find(s, '\n') < s.len || slice_find(s, '\r') < s.len;
}

/* Reads the cells of all rows; false where they are no table. */
static bool
read_cells(struct grid *g, struct value array)
{
	struct value longest = { 0 };
	size_t most = 0, row = 0;

	for (struct value i = json_first(array); json_type(i); i = json_next(i), g->rows++) {
		size_t n = json_length(i);

		if (json_type(i) != JSON_OBJECT)
			return false;
		if (n > most) {
			most = n;
			longest = i;
		}
	}
	if (g->rows < TABLE_ROWS || most < 1 || most > TABLE_COLUMNS)
		return false;
	for (struct value n = json_first(longest); json_type(n); n = json_next(n)) {
		for (size_t k = 0; k < g->width; k++)
			if (slice_eq(g->column[k].name, json_raw(n)))
				return false;
		g->column[g->width++] = (struct column){ .name = json_raw(n), .strings = true };
	}
	g->cell = arena_alloc(g->arena, g->rows * g->width * sizeof(*g->cell));
	for (struct value i = json_first(array); json_type(i); i = json_next(i), row++) {
		struct value n = json_first(i);

		for (size_t k = 0; k < g->width; k++) {
			struct column *c = &g->column[k];
			struct slice *cell = &g->cell[row * g->width + k];
			bool here = json_type(n) && slice_eq(json_raw(n), c->name);
			struct value v = here ? json_member_value(n) : (struct value){ 0 };

			*cell = cell_of(v);
			if (has_line_end(*cell))
				return false;
			c->strings &= json_type(v) == JSON_STRING && cell->ptr[0] != '"';
			n = here ? json_next(n) : n;
		}
		if (json_type(n))
			return false;
	}
	return true;
}

/* The value that half of the rows or more have. */
static void
find_default(struct grid *g, size_t k)
{
	struct slice lead = grid_most(g, k);

	if (!lead.ptr || slice_eqz(lead, "-"))
		return;
	if (lead.ptr[0] != '"' && !table_is_value(lead) && lead.ptr[0] != '{' &&
	    lead.ptr[0] != '[' && !is_bare_head(lead))
		return;
	g->column[k].standard = lead;
}

/* What all strings of the column begin and end with. */
static void
find_shared(struct grid *g, size_t k)
{
	struct column *c = &g->column[k];
	bool fine;

	if (!grid_shared(g, k))
		return;
	fine = is_bare_head(c->head) && !memmem(c->tail.ptr, c->tail.len, "{}", 2) &&
	       !(c->tail.len && c->tail.ptr[c->tail.len - 1] == ' ');
	for (size_t i = 0; i < g->rows && fine; i++) {
		struct slice s = grid_own(g, i, k);

		fine = !slice_eqz(s, "-") && s.ptr[0] != ' ' && s.ptr[s.len - 1] != ' ';
	}
	if (!fine)
		c->head = (struct slice){ NULL, 0 };
}

static void
write_head(const struct grid *g, struct buf *out)
{
	for (size_t k = 0; k < g->width; k++) {
		const struct column *c = &g->column[k];
		struct slice name = slice_of(c->name.ptr + 1, c->name.len - 2);

		if (k)
			buf_add_byte(out, ',');
		buf_add(out, is_bare_head(name) ? name : c->name);
		if (c->head.ptr) {
			buf_add_byte(out, '=');
			buf_add(out, c->head);
			buf_add(out, SLICE("{}"));
			buf_add(out, c->tail);
		} else if (c->standard.ptr) {
			buf_add_byte(out, '=');
			buf_add(out, c->standard);
		}
	}
}

static void
write_row(const struct grid *g, size_t row, struct buf *out)
{
	buf_add_byte(out, '\n');
	for (size_t k = 0; k < g->width; k++) {
		const struct column *c = &g->column[k];
		struct slice s = g->cell[row * g->width + k];

		if (k)
			buf_add_byte(out, ',');
		if (c->head.ptr)
			buf_add(out, grid_own(g, row, k));
		else if (!c->standard.ptr || !slice_eq(s, c->standard))
			buf_add(out, s);
	}
}

/* Most values are no tables: only for one that may be is there a grid. */
static bool
may_be_table(struct value v)
{
	return json_type(v) == JSON_ARRAY && json_type(json_first(v)) == JSON_OBJECT;
}

static bool
write_grid(struct value array, struct arena *a, struct buf *out)
{
	struct grid g = { .arena = a };

	if (!read_cells(&g, array))
		return false;
	for (size_t k = 0; k < g.width; k++) {
		find_default(&g, k);
		if (!g.column[k].standard.ptr && g.column[k].strings)
			find_shared(&g, k);
	}
	buf_printf(out, "[%zu" TABLE_LEGEND "\n", g.rows);
	write_head(&g, out);
	for (size_t i = 0; i < g.rows; i++)
		write_row(&g, i, out);
	return true;
}

bool
table_write(struct value array, struct arena *a, struct buf *out)
{
	return may_be_table(array) && write_grid(array, a, out);
}
