/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/count.h"
#include "cmd/llm-compress/look/audit.h"
#include "show/members.h"
#include "tool/tool.h"

#define SHOWN 72 /* bytes of a text in a table */

static void
write_findings(const char *name, const struct findings *f, struct writer *j)
{
	write_name(j, name);
	write_array(j);
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->list[i];

		write_object(j);
		write_name(j, "text");
		write_string(j, x->text);
		member_count(j, "count", x->count);
		member_count(j, "requests", x->requests);
		member_count(j, "tokens", x->tokens);
		member_usd(j, "usd", x->usd);
		if (x->member_count) {
			write_name(j, "wordings");
			write_array(j);
			for (size_t k = 0; k < x->member_count; k++)
				write_string(j, x->members[k]);
			write_array_end(j);
		}
		write_object_end(j);
	}
	write_array_end(j);
}

static void
print_json(const struct audit *a, struct buf *out)
{
	struct writer j = { out, false };

	write_object(&j);
	member_count(&j, "requests", a->requests);
	member_count(&j, "sampled", a->sampled);
	member_count(&j, "tokens", a->tokens);
	write_findings("repeated_words", &a->phrases, &j);
	write_findings("repeated_instructions", &a->repeated, &j);
	write_findings("paraphrases", &a->paraphrases, &j);
	write_findings("unused_tools", &a->tools, &j);
	write_object_end(&j);
	buf_add_byte(out, '\n');
}

static struct slice
shown(struct slice s, struct arena *a)
{
	size_t n = slice_head(s, SHOWN).len;
	char *copy = arena_alloc(a, s.len + 1);

	memcpy(copy, s.ptr, s.len);
	for (size_t i = 0; i < s.len; i++)
		if (copy[i] == '\n' || copy[i] == '\t' || copy[i] == '\r')
			copy[i] = ' ';
	return s.len > SHOWN ? arena_printf(a, "%.*s…", (int)n, copy) : slice_of(copy, s.len);
}

static void
add_rows(struct table *t, const char *kind, const struct findings *f, unsigned decimals)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->list[i];
		struct slice *cell = table_row(t);

		cell[0] = slice_z(kind);
		cell[1] = cell_count(x->tokens, t->arena);
		cell[2] = cell_usd(x->usd, decimals, t->arena);
		cell[3] = cell_count(x->count, t->arena);
		cell[4] = cell_count(x->requests, t->arena);
		cell[5] = shown(x->text, t->arena);
		for (size_t k = 1; k < x->member_count; k++)
			table_row(t)[5] = arena_printf(
			    t->arena, "= %.*s", SLICE_ARG(shown(x->members[k], t->arena)));
	}
}

/* The dearest finding tells the decimals. */
static unsigned
decimals_of(const struct audit *a)
{
	const struct findings *const kinds[] = { &a->phrases, &a->repeated, &a->paraphrases,
		&a->tools };
	struct usd most = { 0 };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		for (size_t k = 0; k < kinds[i]->count; k++)
			if (usd_cmp(kinds[i]->list[k].usd, most) > 0)
				most = kinds[i]->list[k].usd;
	return usd_decimals(most);
}

static void
add_plain(struct table *t, const char *kind, const struct findings *f)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->list[i];
		const uint64_t counts[] = { x->count, x->requests, x->tokens };
		struct slice *cell = table_row(t);

		cell[0] = slice_z(kind);
		cell[1] = x->text;
		for (size_t k = 0; k < 3; k++)
			cell[2 + k] = arena_printf(t->arena, "%" PRIu64, counts[k]);
		cell[5] = cell_figure(
		    (struct figure){ .kind = FIGURE_USD, .usd = x->usd }, false, 0, t->arena);
	}
}

/* For programs: whole texts, exact numbers, names as in JSON. */
static void
print_csv(const struct audit *a, struct buf *out)
{
	static const char *const headings[] = { "what", "text", "count", "requests", "tokens",
		"usd" };
	struct arena arena = { 0 };
	struct table t;

	table_open(&t, sizeof(headings) / sizeof(*headings), &arena);
	for (size_t i = 0; i < t.columns; i++)
		t.heading[i] = slice_z(headings[i]);
	add_plain(&t, "repeated_words", &a->phrases);
	add_plain(&t, "repeated_instructions", &a->repeated);
	add_plain(&t, "paraphrases", &a->paraphrases);
	add_plain(&t, "unused_tools", &a->tools);
	table_as("csv", &t, out);
	table_close(&t);
	arena_close(&arena);
}

static void
print_table(const struct audit *a, const char *format, struct buf *out)
{
	static const char *const headings[] = { "what", "tokens", "$", "count", "requests",
		"text" };
	unsigned decimals = decimals_of(a);
	struct arena arena = { 0 };
	struct table t;

	table_open(&t, sizeof(headings) / sizeof(*headings), &arena);
	for (size_t i = 0; i < t.columns; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i > 0 && i + 1 < t.columns;
	}
	add_rows(&t, "repeated words", &a->phrases, decimals);
	add_rows(&t, "repeated instruction", &a->repeated, decimals);
	add_rows(&t, "paraphrases", &a->paraphrases, decimals);
	add_rows(&t, "unused tool", &a->tools, decimals);
	if (t.rows || strcmp(format, "md") == 0)
		table_as(format, &t, out);
	table_close(&t);
	arena_close(&arena);
}

static void
print_rest(const struct audit *a, struct buf *out)
{
	char n[32], all[32], tokens[32];

	buf_printf(out, "%s%s of %s request%s, %s token%s%s\n", out->len ? "\n" : "",
	    count_write(a->sampled, n), count_write(a->requests, all),
	    a->requests == 1 ? "" : "s", count_write(a->tokens, tokens),
	    a->tokens == 1 ? "" : "s",
	    a->answers ? "" : "; no answer is there, so no tool can be told to be unused");
}

void
audit_print(const struct audit *a, struct stream *s)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };
	const char *format = tool_format(formats);
	struct buf out = { 0 };

	if (strcmp(format, "json") == 0)
		print_json(a, &out);
	else if (strcmp(format, "csv") == 0)
		print_csv(a, &out);
	else
		print_table(a, format, &out);
	if (strcmp(format, "table") == 0)
		print_rest(a, &out);
	stream_write_text(s, buf_slice(&out));
	buf_free(&out);
}
