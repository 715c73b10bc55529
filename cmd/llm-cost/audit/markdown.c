/* SPDX-License-Identifier: MIT */
/* The audit as Markdown, for issues and chats. */
#include "print.h"

#include "figure.h"
#include "base/count.h"
#include "show/table.h"

/* Text with what Markdown would take for marks made plain. */
static void
add_escaped(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("|\\`*_<>[]", text.ptr[i]) && text.ptr[i])
			buf_add_byte(out, '\\');
		buf_add_byte(out, text.ptr[i]);
	}
}

static void
markdown_commands(const struct finding *f, struct buf *out)
{
	const struct slice commands[] = { f->check, f->command, f->after };

	if (!f->command.ptr)
		return;
	buf_add(out, SLICE("```sh\n"));
	for (size_t i = 0; i < 3; i++)
		if (commands[i].ptr)
			buf_printf(out, "%.*s\n", SLICE_ARG(commands[i]));
	buf_add(out, SLICE("```\n\n"));
}

/* All but the first and the last column are numbers. */
static void
open_table(struct table *t, const char *const headings[], size_t columns, struct arena *a)
{
	table_open(t, columns, a);
	for (size_t i = 0; i < columns; i++) {
		t->heading[i] = slice_z(headings[i]);
		t->right[i] = i > 0 && i + 1 < columns;
	}
}

static void
markdown_unsent(const struct verdict_list *v, struct arena *a, struct buf *out)
{
	static const char *const unsent_headings[] = { "technique", "saved", "of input",
		"requests", "sure" };
	unsigned decimals = usd_decimals(v->spent);
	struct table t;
	char x[64], y[64];

	buf_printf(out, "\n### Not sent yet\n\n%s requests, $%s of input.\n\n",
	    count_write(v->audit->calls, x), usd_round(v->spent, decimals, y));
	open_table(&t, unsent_headings, 5, a);
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];
		struct slice *cell = table_row(&t);

		cell[0] = slice_z(technique_names[f->technique]);
		cell[1] = audit_dollars(f->saved, decimals, a);
		cell[2] = audit_percent(f->saved, v->spent, a);
		cell[3] = arena_copy(a, slice_z(count_write(f->requests, x)));
		cell[4] = slice_z(f->confidence);
	}
	table_markdown(&t, out);
	table_close(&t);
}

static void
markdown_lists(const struct verdict_list *v, struct buf *out)
{
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];

		buf_printf(out, "**%s**: ", technique_names[f->technique]);
		add_escaped(out, f->why);
		buf_add(out, SLICE(". Risk: "));
		add_escaped(out, f->risk);
		buf_add(out, SLICE(".\n\n"));
		markdown_commands(f, out);
	}
	for (size_t i = 0; i < v->unknowns; i++) {
		buf_printf(
		    out, "- %s: cannot tell, ", technique_names[v->unknown[i].technique]);
		add_escaped(out, v->unknown[i].text);
		buf_add_byte(out, '\n');
	}
	for (size_t i = 0; i < v->nothings; i++) {
		buf_printf(out, "- %s: nothing, ", technique_names[v->nothing[i].technique]);
		add_escaped(out, v->nothing[i].text);
		buf_add_byte(out, '\n');
	}
}

void
audit_markdown(const struct verdict_list *v, struct buf *out)
{
	static const char *const headings[] = { "technique", "saved", "a month", "of spend",
		"calls", "sure" };
	unsigned decimals = usd_decimals(v->spent);
	struct arena a = { 0 };
	struct table t;
	char x[64], y[64], z[64];

	buf_printf(out,
	    "### What could be saved\n\n%s calls, $%s spent (%.*s). "
	    "All that is measured or bounded, in the order of the pipe: **$%s**, %.*s.\n\n",
	    count_write(v->audit->calls, x), usd_round(v->spent, decimals, y),
	    SLICE_ARG(v->period), usd_round(v->saved, decimals, z),
	    SLICE_ARG(audit_percent(v->saved, v->spent, &a)));
	open_table(&t, headings, 6, &a);
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];
		struct slice *cell = table_row(&t);

		cell[0] = slice_z(technique_names[f->technique]);
		cell[1] = audit_dollars(f->saved, decimals, &a);
		cell[2] = f->has_month ? audit_dollars(f->month, decimals, &a) : SLICE("-");
		cell[3] = audit_percent(f->saved, v->spent, &a);
		cell[4] = arena_copy(&a, slice_z(count_write(f->requests, x)));
		cell[5] = slice_z(f->confidence);
	}
	table_markdown(&t, out);
	table_close(&t);
	buf_add_byte(out, '\n');
	markdown_lists(v, out);
	if (v->unsent)
		markdown_unsent(v->unsent, &a, out);
	buf_printf(out, "\n%.*s.\n", SLICE_ARG(v->how));
	left_people(&v->audit->left, "- ", out);
	arena_close(&a);
}
