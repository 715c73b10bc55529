/* SPDX-License-Identifier: MIT */
/* The audit for people; JSON and HTML have files of their own. */
#include "print.h"

#include <inttypes.h>

#include "page.h"
#include "figure.h"
#include "base/count.h"
#include "show/table.h"

static void print_people(const struct verdict_list *v, struct buf *out);
static void print_csv(const struct verdict_list *v, struct buf *out);

const char *const audit_formats[] = { "table", "json", "csv", "md", "html", NULL };
static void (*const printers[])(const struct verdict_list *, struct buf *) = { print_people,
	audit_json, print_csv, audit_markdown, audit_html };

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

/* --- the screen */

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
	struct slice x = audit_dollars(saved, decimals, &p->arena);
	struct slice y = has_month ? audit_dollars(month, monthly, &p->arena) : SLICE("-");

	page_color(p, PAGE_BOLD);
	buf_printf(p->out, "%12.*s %12.*s", SLICE_ARG(x), SLICE_ARG(y));
	page_color(p, PAGE_PLAIN);
}

static void
people_commands(struct page *p, const struct finding *f)
{
	const struct slice commands[] = { f->check, f->command, f->after };

	if (!f->command.ptr)
		return;
	page_color(p, PAGE_CYAN);
	for (size_t i = 0; i < 3; i++)
		if (commands[i].ptr)
			buf_printf(p->out, "    $ %.*s\n", SLICE_ARG(commands[i]));
	page_color(p, PAGE_PLAIN);
}

static void
people_finding(struct page *p, const struct verdict_list *v, const struct finding *f,
    unsigned decimals, unsigned monthly)
{
	char calls[32];

	amounts(p, f->saved, decimals, f->has_month, f->month, monthly);
	buf_printf(p->out, " %8.*s", SLICE_ARG(audit_percent(f->saved, v->spent, &p->arena)));
	buf_printf(p->out, " %9s  ", count_write(f->requests, calls));
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
	people_commands(p, f);
}

/* What their prompts alone can tell: no month, and no word of what was paid. */
static void
people_unsent(struct page *p, const struct verdict_list *v)
{
	unsigned decimals = usd_decimals(v->spent);
	char n[32], tokens[32];

	page_color(p, PAGE_BOLD);
	buf_printf(p->out, "not sent yet: %s requests", count_write(v->audit->calls, n));
	page_color(p, PAGE_PLAIN);
	buf_printf(p->out, ", %s tokens of input, %.*s; their answers come on top\n",
	    count_write(v->audit->input, tokens),
	    SLICE_ARG(audit_dollars(v->spent, decimals, &p->arena)));
	for (size_t i = 0; i < v->findings; i++) {
		const struct finding *f = &v->finding[i];

		amounts(p, f->saved, decimals, false, f->month, 0);
		buf_printf(p->out, " %8.*s %9s  %-8s  %s\n",
		    SLICE_ARG(audit_percent(f->saved, v->spent, &p->arena)),
		    count_write(f->requests, n), f->confidence, technique_names[f->technique]);
		people_commands(p, f);
	}
	if (!v->findings)
		buf_add(p->out, SLICE("    nothing to save on them was found\n"));
	buf_add_byte(p->out, '\n');
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
			SLICE_ARG(audit_dollars(v->parts, decimals, &p->arena))));
	else if (v->saved.units)
		page_wrap(
		    p, 4, 4, SLICE("the sum of its parts: no call is touched by two of them"));
	if (usd_cmp(v->with_guesses, v->saved) > 0)
		page_wrap(p, 4, 4,
		    arena_printf(&p->arena,
			"guesses are not in it; if all of them hold it is %.*s, %.*s",
			SLICE_ARG(audit_dollars(v->with_guesses, decimals, &p->arena)),
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
	struct output_group sum = groupings_sum(&v->audit->groups);
	const struct images *x = &v->audit->images;
	char n[32];

	if (sum.cut)
		page_wrap(p, 0, 4,
		    arena_printf(&p->arena, "%s answers were cut off or filtered: %.*s paid",
			count_write(sum.cut, n),
			SLICE_ARG(audit_dollars(sum.cut_cost, decimals, &p->arena))));
	if (sum.reasoning_cost.units)
		page_wrap(p, 0, 4,
		    arena_printf(&p->arena, "reasoning: %.*s, %.*s of all",
			SLICE_ARG(audit_dollars(sum.reasoning_cost, decimals, &p->arena)),
			SLICE_ARG(audit_percent(sum.reasoning_cost, v->spent, &p->arena))));
	if (x->more.units)
		page_wrap(p, 0, 4,
		    arena_printf(&p->arena,
			"%s images of known size: %.*s more than at low detail; whether the "
			"pixels are needed no log can tell",
			count_write(x->count, n),
			SLICE_ARG(audit_dollars(x->more, decimals, &p->arena))));
}

static void
people_head(struct page *p, const struct verdict_list *v, unsigned decimals)
{
	const struct audit *a = v->audit;
	char calls[32], bodies[32], spent[64];

	page_color(p, PAGE_BOLD);
	buf_printf(p->out, "%s calls, $%s", count_write(a->calls, calls),
	    usd_round(v->spent, decimals, spent));
	page_color(p, PAGE_PLAIN);
	buf_printf(p->out, "; %.*s; %s with the request\n", SLICE_ARG(v->period),
	    a->bodies == a->priced && a->bodies ? "all" : count_write(a->bodies, bodies));
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
	unsigned decimals = usd_decimals(v->spent), monthly = usd_decimals(v->spent_month);
	struct page p;
	bool commands = v->unsent && v->unsent->findings;

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
	if (v->unsent)
		people_unsent(&p, v->unsent);
	people_remarks(&p, v->unknown, v->unknowns, "cannot tell  ");
	people_remarks(&p, v->nothing, v->nothings, "nothing      ");
	page_wrap(&p, 0, 4, v->how);
	if (commands)
		page_wrap(&p, 0, 4,
		    SLICE("requests.jsonl: the requests that are about to be sent, one a line; "
			  "answered.jsonl: they and their answers; log.jsonl: this log"));
	left_people(&v->audit->left, "", out);
	page_close(&p);
}
