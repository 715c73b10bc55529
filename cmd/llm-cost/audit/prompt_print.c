/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <inttypes.h>
#include <stdio.h>

#include "figure.h"
#include "sheet.h"
#include "page.h"
#include "base/count.h"
#include "base/diag.h"
#include "show/table.h"
#include "json/write.h"

static struct slice
number(uint64_t n, struct arena *a)
{
	char text[32];

	return n ? arena_copy(a, slice_z(count_write(n, text))) : SLICE("-");
}

static struct slice
dollars(struct usd d, struct arena *a)
{
	return audit_dollars(d, usd_decimals(d), a);
}

/* --- JSON */

static void
member_count(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	write_number(w, n);
}

static void
longest_json(const struct prompt_sums *s, bool no_text, struct writer *w)
{
	write_name(w, "longest");
	write_array(w);
	for (size_t i = 0; i < s->longest_count; i++) {
		const struct prompt_long *l = &s->longest[i];
		char print[20];

		snprintf(print, sizeof(print), "%016" PRIx64, l->print.a);
		write_object(w);
		write_name(w, "place");
		write_string(w, l->name);
		member_count(w, "tokens", l->tokens);
		write_name(w, "why");
		write_z(w, l->why);
		member_count(w, "could_go", l->fewer);
		write_name(w, no_text ? "fingerprint" : "begins");
		if (no_text)
			write_z(w, print);
		else
			write_string(w, l->begin);
		write_object_end(w);
	}
	write_array_end(w);
}

static void
costs_json(const struct prompt_sums *s, struct writer *w)
{
	write_name(w, "cost_per_1k");
	write_object(w);
	for (size_t m = 0; prompt_models[m]; m++) {
		struct prompt_cost c;
		char text[64];

		if (!prompt_cost(s, m, &c))
			continue;
		write_name(w, prompt_models[m]);
		write_object(w);
		write_name(w, "input");
		write_z(w, usd_write(c.fresh, text));
		write_name(w, "input_cached");
		write_z(w, c.can_cache ? usd_write(c.cached, text) : NULL);
		write_name(w, "output_of_1k_tokens");
		write_z(w, c.has_output ? usd_write(c.output, text) : NULL);
		write_object_end(w);
	}
	write_object_end(w);
}

static void
sums_json(const struct prompt_sums *s, bool total, bool no_text, struct writer *w)
{
	write_object(w);
	if (!total) {
		write_name(w, "file");
		write_string(w, s->name);
		write_name(w, "model");
		write_z(w, s->model);
	}
	member_count(w, "requests", s->requests);
	member_count(w, "tokens", s->tokens);
	write_name(w, "parts");
	write_object(w);
	for (size_t i = 0; i < PROMPT_PARTS; i++)
		member_count(w, prompt_part_names[i], s->part[i]);
	write_object_end(w);
	member_count(w, "repeated", s->repeated);
	member_count(w, "compressible", s->blank);
	if (!total) {
		member_count(w, "cacheable_prefix", s->prefix);
		write_name(w, "prefix_ends_at");
		write_z(w, s->breaker);
		costs_json(s, w);
		longest_json(s, no_text, w);
	}
	write_object_end(w);
}

static void
print_json(const struct prompt_report *r, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "total");
	sums_json(&r->total, true, r->no_text, &w);
	write_name(&w, "repeated_across_files");
	write_number(&w, r->across);
	write_name(&w, "prompts");
	write_array(&w);
	for (size_t i = 0; i < r->files; i++)
		sums_json(&r->file[i], false, r->no_text, &w);
	write_array_end(&w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* --- tables */

static void
parts_table(const struct prompt_report *r, struct table *t, struct arena *a)
{
	static const char *const more[] = { "all", "repeated", "loose", "prefix" };

	table_open(t, PROMPT_PARTS + 5, a);
	t->heading[0] = SLICE("tokens of");
	for (size_t c = 1; c < t->columns; c++) {
		t->right[c] = true;
		t->heading[c] = c <= PROMPT_PARTS ? slice_z(prompt_part_names[c - 1])
						  : slice_z(more[c - PROMPT_PARTS - 1]);
	}
	for (size_t i = 0; i <= r->files; i++) {
		const struct prompt_sums *s = i < r->files ? &r->file[i] : &r->total;
		struct slice *row;

		if (i == r->files && r->files < 2)
			break;
		if (i == r->files)
			t->rule = t->rows;
		row = table_row(t);
		row[0] = i < r->files ? s->name : SLICE("total");
		if (row[0].len > 28)
			row[0] = arena_printf(a, "...%.*s", SLICE_ARG(slice_tail(row[0], 25)));
		for (size_t k = 0; k < PROMPT_PARTS; k++)
			row[1 + k] = number(s->part[k], a);
		row[PROMPT_PARTS + 1] = number(s->tokens, a);
		row[PROMPT_PARTS + 2] = number(s->repeated, a);
		row[PROMPT_PARTS + 3] = number(s->blank, a);
		row[PROMPT_PARTS + 4] = i < r->files ? number(s->prefix, a) : SLICE("");
	}
}

/* Of all files together, so that a folder is one line a model. */
static void
costs_table(const struct prompt_report *r, struct table *t, struct arena *a)
{
	const struct prompt_sums *s = r->files == 1 ? &r->file[0] : &r->total;
	bool one = r->files == 1; /* several prompts have no prefix in common */

	table_open(t, one ? 4 : 3, a);
	t->heading[0] = SLICE("1,000 calls");
	t->heading[1] = SLICE("input");
	if (one)
		t->heading[2] = SLICE("prefix cached");
	t->heading[t->columns - 1] = SLICE("1,000 tokens out each");
	for (size_t c = 1; c < t->columns; c++)
		t->right[c] = true;
	for (size_t m = 0; prompt_models[m]; m++) {
		struct prompt_cost c;
		struct slice *row;

		if (!prompt_cost(s, m, &c))
			continue;
		row = table_row(t);
		row[0] = slice_z(prompt_models[m]);
		row[1] = dollars(c.fresh, a);
		if (one)
			row[2] = c.can_cache ? dollars(c.cached, a) : SLICE("-");
		row[t->columns - 1] = c.has_output ? dollars(c.output, a) : SLICE("-");
	}
}

static struct slice
base_name(struct slice name)
{
	size_t at = name.len;

	while (at && name.ptr[at - 1] != '/')
		at--;
	return slice_drop(name, at);
}

/* Is the prefix long enough for one of the models' caches? */
static bool
can_cache(const struct prompt_sums *s)
{
	struct prompt_cost c;

	for (size_t m = 0; prompt_models[m]; m++)
		if (prompt_cost(s, m, &c) && c.can_cache)
			return true;
	return false;
}

static void
say_prompt(struct page *p, const struct prompt_report *r, const struct prompt_sums *s,
    const char *bullet)
{
	struct arena *a = &p->arena;

	page_wrap(p, 0, 4,
	    arena_printf(a, "%s%.*s: %.*s of %.*s tokens a call come first in each%s%s%s",
		bullet, SLICE_ARG(base_name(s->name)),
		SLICE_ARG(s->prefix ? number(s->prefix, a) : SLICE("0")),
		SLICE_ARG(number(s->requests ? s->tokens / s->requests : 0, a)),
		can_cache(s) ? "" : ", too few for a provider's cache",
		s->breaker ? "; the prefix ends at " : "", s->breaker ? s->breaker : ""));
	for (size_t i = 0; i < s->longest_count && i < 3; i++) {
		const struct prompt_long *l = &s->longest[i];
		struct buf shown = { 0 };

		if (r->no_text)
			buf_printf(&shown, "#%016" PRIx64, l->print.a);
		else
			buf_printf(&shown, "\"%s\"",
			    diag_clean(slice_take(l->begin, slice_find(l->begin, '\n'))));
		page_wrap(p, 4, 8,
		    arena_printf(a, "%s%.*s tokens: %.*s, %.*s: %s", bullet,
			SLICE_ARG(number(l->tokens, a)), SLICE_ARG(l->name),
			SLICE_ARG(buf_slice(&shown)), l->why));
		buf_free(&shown);
	}
}

#define FILES_SAID 10

static void
print_people(const struct prompt_report *r, struct buf *out)
{
	struct table parts, costs;
	struct page p;

	page_open(&p, out);
	parts_table(r, &parts, &p.arena);
	table_people(&parts, out);
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < r->files && i < FILES_SAID; i++)
		say_prompt(&p, r, &r->file[i], "");
	if (r->files > FILES_SAID)
		page_wrap(&p, 0, 4,
		    arena_printf(&p.arena, "and %zu files more: --format json has all",
			r->files - FILES_SAID));
	if (r->across)
		page_wrap(&p, 0, 4,
		    arena_printf(&p.arena,
			"%.*s tokens are paragraphs that stand in another file too",
			SLICE_ARG(number(r->across, &p.arena))));
	buf_add_byte(out, '\n');
	costs_table(r, &costs, &p.arena);
	table_people(&costs, out);
	page_wrap(&p, 0, 4,
	    SLICE(
		"loose: tokens that llm-compress takes out without loss; prefix: tokens at the "
		"front that are the same in each call; how long answers are no prompt tells"));
	table_close(&parts);
	table_close(&costs);
	page_close(&p);
}

static void
print_tables(const struct prompt_report *r, struct buf *out,
    void (*print)(const struct table *, struct buf *))
{
	struct arena a = { 0 };
	struct table t;

	parts_table(r, &t, &a);
	print(&t, out);
	table_close(&t);
	if (print == table_markdown) {
		struct page p;

		buf_add_byte(out, '\n');
		page_open(&p, out);
		p.width = SIZE_MAX / 2;
		for (size_t i = 0; i < r->files; i++)
			say_prompt(&p, r, &r->file[i], "- ");
		page_close(&p);
		buf_add_byte(out, '\n');
		costs_table(r, &t, &a);
		print(&t, out);
		table_close(&t);
	}
	arena_close(&a);
}

static void
print_html(const struct prompt_report *r, struct buf *out)
{
	const struct prompt_sums *s = &r->total;
	struct arena a = { 0 };
	struct buf lines = { 0 };
	struct page p;
	struct table t;

	sheet_open(out, "Prompt audit");
	sheet_heading(out, "Tokens by part");
	sheet_bars_open(out, PROMPT_PARTS);
	for (size_t i = 0; i < PROMPT_PARTS; i++)
		sheet_bar(out, i, prompt_part_names[i],
		    s->tokens ? (unsigned)(s->part[i] * 1000 / s->tokens) : 0,
		    number(s->part[i], &a), "bounded");
	sheet_bars_close(out);
	parts_table(r, &t, &a);
	sheet_table(out, &t);
	table_close(&t);
	page_open(&p, &lines);
	p.width = SIZE_MAX / 2;
	for (size_t i = 0; i < r->files; i++)
		say_prompt(&p, r, &r->file[i], "");
	sheet_heading(out, "What is long, and why");
	sheet_list(out, buf_slice(&lines));
	page_close(&p);
	buf_free(&lines);
	sheet_heading(out, "What it costs");
	costs_table(r, &t, &a);
	sheet_table(out, &t);
	table_close(&t);
	sheet_close(out);
	arena_close(&a);
}

void
prompt_print(const char *format, const struct prompt_report *r, struct buf *out)
{
	if (strcmp(format, "json") == 0)
		print_json(r, out);
	else if (strcmp(format, "csv") == 0)
		print_tables(r, out, table_csv);
	else if (strcmp(format, "md") == 0)
		print_tables(r, out, table_markdown);
	else if (strcmp(format, "html") == 0)
		print_html(r, out);
	else
		print_people(r, out);
}
