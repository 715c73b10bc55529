/* SPDX-License-Identifier: MIT */
/* The audit as Markdown, for issues and chats. */
#include "print.h"

#include "figure.h"
#include "base/count.h"

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

static void
markdown_unsent(const struct verdict_list *v, struct arena *a, struct buf *out)
{
	unsigned decimals = usd_decimals(v->spent);
	char x[64], y[64];

	buf_printf(out, "\n### Not sent yet\n\n%s requests, $%s of input.\n\n",
	    count_write(v->audit->calls, x), usd_round(v->spent, decimals, y));
	buf_add(out, SLICE("| technique | saved | of input | requests | sure |\n"
			   "| --- | ---: | ---: | ---: | --- |\n"));
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];

		buf_printf(out, "| %s | $%s | %.*s | %s | %s |\n",
		    technique_names[f->technique], usd_round(f->saved, decimals, x),
		    SLICE_ARG(audit_percent(f->saved, v->spent, a)),
		    count_write(f->requests, y), f->confidence);
	}
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
	unsigned decimals = usd_decimals(v->spent);
	struct arena a = { 0 };
	char x[64], y[64], z[64];

	buf_printf(out,
	    "### What could be saved\n\n%s calls, $%s spent (%.*s). "
	    "All that is measured or bounded, in the order of the pipe: **$%s**, %.*s.\n\n",
	    count_write(v->audit->calls, x), usd_round(v->spent, decimals, y),
	    SLICE_ARG(v->period), usd_round(v->saved, decimals, z),
	    SLICE_ARG(audit_percent(v->saved, v->spent, &a)));
	buf_add(out, SLICE("| technique | saved | a month | of spend | calls | sure |\n"
			   "| --- | ---: | ---: | ---: | ---: | --- |\n"));
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];

		buf_printf(out, "| %s | $%s | ", technique_names[f->technique],
		    usd_round(f->saved, decimals, x));
		buf_printf(out, "%s%s | ", f->has_month ? "$" : "-",
		    f->has_month ? usd_round(f->month, decimals, y) : "");
		buf_printf(out, "%.*s | %s | %s |\n",
		    SLICE_ARG(audit_percent(f->saved, v->spent, &a)),
		    count_write(f->requests, x), f->confidence);
	}
	buf_add_byte(out, '\n');
	markdown_lists(v, out);
	if (v->unsent)
		markdown_unsent(v->unsent, &a, out);
	buf_printf(out, "\n%.*s.\n", SLICE_ARG(v->how));
	left_people(&v->audit->left, "- ", out);
	arena_close(&a);
}
