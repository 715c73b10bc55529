/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/count.h"
#include "cmd/llm-compress/look/audit.h"
#include "cmd/llm-compress/look/sheet.h"
#include "json/write.h"
#include "tool/tool.h"

#define SHOWN 72 /* bytes of a text in a table */

static void
write_findings(const char *name, const struct findings *f, struct writer *j)
{
	char usd[64];

	write_name(j, name);
	write_array(j);
	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->list[i];

		write_object(j);
		write_name(j, "text");
		write_string(j, x->text);
		write_name(j, "count");
		write_number(j, x->count);
		write_name(j, "requests");
		write_number(j, x->requests);
		write_name(j, "tokens");
		write_number(j, x->tokens);
		write_name(j, "usd");
		write_z(j, usd_write(x->usd, usd));
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
	write_name(&j, "requests");
	write_number(&j, a->requests);
	write_name(&j, "sampled");
	write_number(&j, a->sampled);
	write_name(&j, "tokens");
	write_number(&j, a->tokens);
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
	size_t n = SHOWN;
	char *copy;

	if (s.len > SHOWN)
		while (n && ((unsigned char)s.ptr[n] & 0xC0) == 0x80)
			n--;
	copy = arena_alloc(a, s.len + 1);
	memcpy(copy, s.ptr, s.len);
	for (size_t i = 0; i < s.len; i++)
		if (copy[i] == '\n' || copy[i] == '\t' || copy[i] == '\r')
			copy[i] = ' ';
	return s.len > SHOWN ? arena_printf(a, "%.*s…", (int)n, copy) : slice_of(copy, s.len);
}

static void
add_rows(struct sheet *s, const char *kind, const struct findings *f)
{
	char text[64];

	for (size_t i = 0; i < f->count; i++) {
		const struct finding *x = &f->list[i];
		struct slice *cell = sheet_row(s);

		cell[0] = slice_z(kind);
		cell[1] = arena_copy(s->arena, slice_z(count_write(x->tokens, text)));
		cell[2] = arena_copy(s->arena, slice_z(usd_round(x->usd, 6, text)));
		cell[3] = arena_copy(s->arena, slice_z(count_write(x->count, text)));
		cell[4] = arena_copy(s->arena, slice_z(count_write(x->requests, text)));
		cell[5] = shown(x->text, s->arena);
		for (size_t k = 1; k < x->member_count; k++)
			sheet_row(s)[5] = arena_printf(
			    s->arena, "= %.*s", SLICE_ARG(shown(x->members[k], s->arena)));
	}
}

static void
print_sheet(const struct audit *a, const char *format, struct buf *out)
{
	struct arena arena = { 0 };
	struct sheet s = { .columns = 6,
		.heading = { "what", "tokens", "$", "count", "requests", "text" },
		.text = { true, false, false, false, false, true },
		.arena = &arena };

	add_rows(&s, "repeated words", &a->phrases);
	add_rows(&s, "repeated instruction", &a->repeated);
	add_rows(&s, "paraphrases", &a->paraphrases);
	add_rows(&s, "unused tool", &a->tools);
	if (s.count || strcmp(format, "table") != 0)
		sheet_write(&s, format, out);
	arena_close(&arena);
}

static void
print_rest(const struct audit *a, struct buf *out)
{
	char n[32], all[32], tokens[32];

	buf_printf(out, "%s%s of %s requests, %s tokens%s\n", out->len ? "\n" : "",
	    count_write(a->sampled, n), count_write(a->requests, all),
	    count_write(a->tokens, tokens),
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
	else
		print_sheet(a, format, &out);
	if (strcmp(format, "table") == 0)
		print_rest(a, &out);
	stream_write_text(s, buf_slice(&out));
	buf_free(&out);
}
