/* SPDX-License-Identifier: MIT */
/* The audit for people; JSON and HTML have files of their own. */
#include "audit.h"

#include <inttypes.h>

#include "page.h"
#include "cmd/llm-cost/report/column.h"
#include "cmd/llm-cost/show/table.h"

static void print_people(const struct verdict_list *v, struct buf *out);
static void print_csv(const struct verdict_list *v, struct buf *out);
static void print_markdown(const struct verdict_list *v, struct buf *out);

const char *const audit_formats[] = { "table", "json", "csv", "md", "html", NULL };
static void (*const printers[])(const struct verdict_list *, struct buf *) = { print_people,
	audit_json, print_csv, print_markdown, audit_html };

void
audit_print(const char *format, const struct verdict_list *v, struct buf *out)
{
	size_t i = 0;

	while (strcmp(audit_formats[i], format) != 0)
		i++;
	printers[i](v, out);
}

/* --- tables */

static struct slice
exact(struct usd d, struct arena *a)
{
	char text[64];

	return arena_copy(a, slice_z(usd_write(d, text)));
}

static void
print_csv(const struct verdict_list *v, struct buf *out)
{
	static const char *const names[] = { "technique", "requests", "saved_usd",
		"saved_usd_month", "confidence", "stacked_usd", "command" };
	struct arena a = { 0 };
	struct table t;

	table_open(&t, sizeof(names) / sizeof(*names), &a);
	for (size_t c = 0; c < t.columns; c++)
		t.heading[c] = slice_z(names[c]);
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];
		struct slice *row = table_row(&t);

		row[0] = slice_z(technique_names[f->technique]);
		row[1] = arena_printf(&a, "%" PRIu64, f->requests);
		row[2] = exact(f->saved, &a);
		row[3] = f->has_month ? exact(f->month, &a) : SLICE("");
		row[4] = slice_z(f->confidence);
		row[5] = exact(f->stacked, &a);
		row[6] = f->command.ptr ? f->command : SLICE("");
	}
	table_csv(&t, out);
	table_close(&t);
	arena_close(&a);
}

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
markdown_lists(const struct verdict_list *v, struct buf *out)
{
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];

		buf_printf(out, "**%s**: ", technique_names[f->technique]);
		add_escaped(out, f->why);
		buf_add(out, SLICE(". Risk: "));
		add_escaped(out, f->risk);
		buf_add(out, SLICE(".\n\n"));
		if (f->command.ptr)
			buf_printf(out, "```sh\n%.*s\n```\n\n", SLICE_ARG(f->command));
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

static void
print_markdown(const struct verdict_list *v, struct buf *out)
{
	unsigned decimals = decimals_for(v->spent);
	struct arena a = { 0 };
	char x[64], y[64], z[64];

	buf_printf(out,
	    "### What could be saved\n\n%s calls, $%s spent (%.*s). "
	    "All that is measured or bounded, in the order of the pipe: **$%s**, %.*s.\n\n",
	    audit_count(v->audit->calls, x), usd_round(v->spent, decimals, y),
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
		    audit_count(f->requests, x), f->confidence);
	}
	buf_add_byte(out, '\n');
	markdown_lists(v, out);
	buf_printf(out, "\n%.*s.\n", SLICE_ARG(v->how));
	left_people(&v->audit->left, "- ", out);
	arena_close(&a);
}

/* --- the screen */

static struct slice
dollars(struct usd d, unsigned decimals, struct arena *a)
{
	char text[64];

	return arena_printf(a, "$%s", usd_round(d, decimals, text));
}

static const char *
color_of(const struct finding *f)
{
	if (strcmp(f->confidence, "guess") == 0)
		return PAGE_DIM;
	return strcmp(f->confidence, "measured") == 0 ? PAGE_GREEN : PAGE_YELLOW;
}

static void
amounts(struct page *p, struct usd saved, unsigned decimals, bool has_month, struct usd month,
    unsigned monthly)
{
	struct slice x = dollars(saved, decimals, &p->arena);
	struct slice y = has_month ? dollars(month, monthly, &p->arena) : SLICE("-");

	page_color(p, PAGE_BOLD);
	buf_printf(p->out, "%12.*s %12.*s", SLICE_ARG(x), SLICE_ARG(y));
	page_color(p, PAGE_PLAIN);
}

static void
people_finding(struct page *p, const struct verdict_list *v, const struct finding *f,
    unsigned decimals, unsigned monthly)
{
	char calls[32];

	amounts(p, f->saved, decimals, f->has_month, f->month, monthly);
	buf_printf(p->out, " %8.*s", SLICE_ARG(audit_percent(f->saved, v->spent, &p->arena)));
	buf_printf(p->out, " %9s  ", audit_count(f->requests, calls));
	page_color(p, color_of(f));
	buf_printf(p->out, "%-8s", f->confidence);
	page_color(p, PAGE_PLAIN);
	buf_add(p->out, SLICE("  "));
	page_color(p, PAGE_BOLD);
	buf_printf(p->out, "%s\n", technique_names[f->technique]);
	page_color(p, PAGE_PLAIN);
	page_wrap(p, 4, 4, f->why);
	page_color(p, PAGE_DIM);
	page_wrap(p, 4, 10,
	    arena_printf(&p->arena, "risk: %.*s%s", SLICE_ARG(f->risk),
		f->command.ptr ? "" : " (none of these tools does it by a command yet)"));
	page_color(p, PAGE_PLAIN);
	if (!f->command.ptr)
		return;
	page_color(p, PAGE_CYAN);
	buf_printf(p->out, "    $ %.*s\n", SLICE_ARG(f->command));
	page_color(p, PAGE_PLAIN);
}

static void
people_total(struct page *p, const struct verdict_list *v, unsigned decimals, unsigned monthly)
{
	page_rule(p);
	amounts(p, v->saved, decimals, v->has_month, v->saved_month, monthly);
	page_color(p, PAGE_BOLD);
	buf_printf(p->out, " %8.*s %21s total\n",
	    SLICE_ARG(audit_percent(v->saved, v->spent, &p->arena)), "");
	page_color(p, PAGE_PLAIN);
	if (usd_cmp(v->saved, v->parts) < 0)
		page_wrap(p, 4, 4,
		    arena_printf(&p->arena,
			"less than the %.*s of its parts: each call was walked through the "
			"techniques in the order of the pipe, and what one saved the next "
			"cannot "
			"save again",
			SLICE_ARG(dollars(v->parts, decimals, &p->arena))));
	else if (v->saved.units)
		page_wrap(
		    p, 4, 4, SLICE("the sum of its parts: no call is touched by two of them"));
	if (usd_cmp(v->with_guesses, v->saved) > 0)
		page_wrap(p, 4, 4,
		    arena_printf(&p->arena,
			"guesses are not in it; if all of them hold it is %.*s, %.*s",
			SLICE_ARG(dollars(v->with_guesses, decimals, &p->arena)),
			SLICE_ARG(audit_percent(v->with_guesses, v->spent, &p->arena))));
}

/* Techniques with one and the same remark share a line. */
static void
people_remarks(struct page *p, const struct remark *list, size_t n, const char *heading)
{
	bool done[TECHNIQUES] = { false };

	for (size_t i = 0; i < n; i++) {
		struct buf line = { 0 };

		if (done[i])
			continue;
		buf_printf(&line, "%s%s", heading, technique_names[list[i].technique]);
		for (size_t k = i + 1; k < n; k++)
			if (slice_eq(list[i].text, list[k].text)) {
				buf_printf(&line, ", %s", technique_names[list[k].technique]);
				done[k] = true;
			}
		buf_printf(&line, ": %.*s", SLICE_ARG(list[i].text));
		page_wrap(p, 0, 4, arena_copy(&p->arena, buf_slice(&line)));
		buf_free(&line);
	}
}

static void
people_purposes(struct page *p, const struct verdict_list *v)
{
	static const char *const said[PURPOSES] = { "fresh input", "cache reads",
		"cache writes", "output", "searches, images and the like" };
	struct buf line = { 0 };

	buf_add(&line, SLICE("spent for "));
	for (enum purpose i = 0; i < PURPOSES; i++) {
		struct usd d = v->audit->by_purpose[i];

		if (d.units)
			buf_printf(&line, "%s%s %.*s", line.len > 10 ? ", " : "", said[i],
			    SLICE_ARG(audit_percent(d, v->spent, &p->arena)));
	}
	if (line.len > 10)
		page_wrap(p, 0, 4, arena_copy(&p->arena, buf_slice(&line)));
	buf_free(&line);
}

static void
people_paid(struct page *p, const struct verdict_list *v, unsigned decimals)
{
	struct output_group sum = audit_outputs(v->audit);
	const struct images *x = &v->audit->images;
	char n[32];

	if (sum.cut)
		page_wrap(p, 0, 4,
		    arena_printf(&p->arena, "%s answers were cut off or filtered: %.*s paid",
			audit_count(sum.cut, n),
			SLICE_ARG(dollars(sum.cut_cost, decimals, &p->arena))));
	if (sum.reasoning_cost.units)
		page_wrap(p, 0, 4,
		    arena_printf(&p->arena, "reasoning: %.*s, %.*s of all",
			SLICE_ARG(dollars(sum.reasoning_cost, decimals, &p->arena)),
			SLICE_ARG(audit_percent(sum.reasoning_cost, v->spent, &p->arena))));
	if (x->more.units)
		page_wrap(p, 0, 4,
		    arena_printf(&p->arena,
			"%s images of known size: %.*s more than at low detail; whether the "
			"pixels are needed no log can tell",
			audit_count(x->count, n),
			SLICE_ARG(dollars(x->more, decimals, &p->arena))));
}

static void
people_head(struct page *p, const struct verdict_list *v, unsigned decimals)
{
	const struct audit *a = v->audit;
	char calls[32], bodies[32], spent[64];

	page_color(p, PAGE_BOLD);
	buf_printf(p->out, "%s calls, $%s", audit_count(a->calls, calls),
	    usd_round(v->spent, decimals, spent));
	page_color(p, PAGE_PLAIN);
	buf_printf(p->out, "; %.*s; %s with the request\n", SLICE_ARG(v->period),
	    a->bodies == a->priced && a->bodies ? "all" : audit_count(a->bodies, bodies));
	people_purposes(p, v);
	if (a->memory.repeated) {
		struct usd part = { (__int128)a->memory.repeated },
			   prefix = { (__int128)a->memory.prefix_repeated },
			   whole = { (__int128)a->memory.bytes };

		page_wrap(p, 0, 4,
		    arena_printf(&p->arena,
			"%.*s of the bytes sent stood in an earlier request already, %.*s of "
			"them all as tools and system text",
			SLICE_ARG(audit_percent(part, whole, &p->arena)),
			SLICE_ARG(audit_percent(prefix, whole, &p->arena))));
	}
	people_paid(p, v, decimals);
	page_color(p, PAGE_DIM);
	buf_printf(p->out, "\n%12s %12s %8s %9s  %-8s  %s\n", "saved", "a month", "of spend",
	    "calls", "sure", "technique");
	page_color(p, PAGE_PLAIN);
}

static void
print_people(const struct verdict_list *v, struct buf *out)
{
	unsigned decimals = decimals_for(v->spent), monthly = decimals_for(v->spent_month);
	struct page p;
	bool commands = false;

	page_open(&p, out);
	people_head(&p, v, decimals);
	for (size_t i = 0; i < v->findings; i++) {
		if (v->finding[i].in_total)
			people_finding(&p, v, &v->finding[i], decimals, monthly);
		commands |= v->finding[i].command.ptr != NULL;
	}
	people_total(&p, v, decimals, monthly);
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < v->findings; i++)
		if (!v->finding[i].in_total)
			people_finding(&p, v, &v->finding[i], decimals, monthly);
	if (v->findings && !v->finding[v->findings - 1].in_total)
		buf_add_byte(out, '\n');
	people_remarks(&p, v->unknown, v->unknowns, "cannot tell  ");
	people_remarks(&p, v->nothing, v->nothings, "nothing      ");
	page_wrap(&p, 0, 4, v->how);
	if (commands)
		page_wrap(&p, 0, 4,
		    SLICE(
			"requests.jsonl: the requests that are about to be sent, one a line"));
	left_people(&v->audit->left, "", out);
	page_close(&p);
}
