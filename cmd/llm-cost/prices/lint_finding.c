/* SPDX-License-Identifier: MIT */
#include "base/mem.h"
#include "json/write.h"
#include "money/price_accepted.h"
#include "lint.h"

/* Notes it where it was looked at and stands. */
static bool
stands(struct lint *l, const char *row, const char *kind, struct slice what)
{
	struct slice name = slice_z(row ? row : "-"), why = price_accepted(name, slice_z(kind));

	if (!why.ptr)
		return false;
	l->accepted = mem_grow(l->accepted, l->accepted_count + 1, sizeof(*l->accepted));
	l->accepted[l->accepted_count++] = (struct lint_accepted){ arena_copy(&l->arena, name),
		slice_z(kind), arena_copy(&l->arena, what), why };
	return true;
}

void
lint_finding(
    struct lint *l, const char *table, const char *row, const char *kind, struct slice what)
{
	struct slice *cell;

	if (l->compiled && stands(l, row, kind, what))
		return;
	l->findings++;
	if (!l->json) {
		cell = table_row(&l->table);
		cell[0] = slice_z(table);
		cell[1] = arena_copy(&l->arena, slice_z(row ? row : "-"));
		cell[2] = slice_z(kind);
		cell[3] = what;
		return;
	}
	write_object(l->json);
	write_name(l->json, "table");
	write_z(l->json, table);
	write_name(l->json, "row");
	write_z(l->json, row);
	write_name(l->json, "kind");
	write_z(l->json, kind);
	write_name(l->json, "text");
	write_string(l->json, what);
	write_object_end(l->json);
}
