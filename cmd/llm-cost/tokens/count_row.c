/* SPDX-License-Identifier: MIT */
/* Sums and rows of llm-cost count. */
#include <inttypes.h>

#include "count.h"

#include "base/diag.h"
#include "json/write.h"

void
count_put_line(struct counter *c)
{
	stream_write(c->out, buf_slice(&c->line));
	buf_clear(&c->line);
}

void
count_sum_add(struct count_sum *s, const struct tokens *n)
{
	s->tokens += n->count;
	s->low += n->low;
	s->high += n->high;
	s->estimate |= n->class == TOKENS_ESTIMATE;
	s->template |= n->class == TOKENS_TEMPLATE;
}

static const char *
sum_class(const struct count_sum *s)
{
	return token_class_name(s->estimate   ? TOKENS_ESTIMATE
				: s->template ? TOKENS_TEMPLATE
					      : TOKENS_EXACT);
}

void
count_sum_put(struct counter *c, const struct count_sum *s)
{
	/* standard input has no name, as with wc */
	bool named = s->file && strcmp(s->file, "-") != 0 && strcmp(s->file, "<stdin>") != 0;
	const char *name = named ? s->file : "<stdin>";

	if (c->lines) {
		buf_add_number(&c->line, s->tokens);
		if (named)
			buf_printf(&c->line, " %s", s->file);
		count_put_line(c);
	}
	if (s->estimate)
		diag_detail(
		    "%s: %s, %" PRIu64 " to %" PRIu64, name, sum_class(s), s->low, s->high);
	else
		diag_detail("%s: %s", name, sum_class(s));
	if (s->skipped)
		diag_note("%s: %" PRIu64 " lines are no request, skipped", name, s->skipped);
}

/* A field of CSV (RFC 4180), in quotes where it must be. */
static void
add_field(struct buf *out, struct slice field)
{
	if (slice_find(field, ',') == field.len && slice_find(field, '"') == field.len &&
	    slice_find(field, '\n') == field.len && slice_find(field, '\r') == field.len) {
		buf_add(out, field);
		return;
	}
	buf_add_byte(out, '"');
	for (size_t i = 0; i < field.len; i++) {
		if (field.ptr[i] == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, field.ptr[i]);
	}
	buf_add_byte(out, '"');
}

static void
row_csv(struct counter *c, uint64_t number, struct slice id, const struct tokens *n)
{
	bool band = n->class == TOKENS_ESTIMATE;

	buf_add_number(&c->line, number);
	buf_add_byte(&c->line, ',');
	add_field(&c->line, id);
	buf_add_byte(&c->line, ',');
	buf_add_number(&c->line, n->count);
	buf_add_byte(&c->line, ',');
	buf_add(&c->line, slice_z(token_class_name(n->class)));
	buf_add_byte(&c->line, ',');
	if (band)
		buf_add_number(&c->line, n->low);
	buf_add_byte(&c->line, ',');
	if (band)
		buf_add_number(&c->line, n->high);
	count_put_line(c);
}

static void
row_json(struct counter *c, uint64_t number, struct slice id, const struct tokens *n)
{
	struct writer w = { .out = &c->line };

	write_object(&w);
	if (c->several) {
		write_name(&w, "file");
		write_string(&w, slice_z(c->now.file));
	}
	write_name(&w, "line");
	write_number(&w, number);
	write_name(&w, "id");
	write_string(&w, id);
	write_name(&w, "tokens");
	write_number(&w, n->count);
	write_name(&w, "class");
	write_z(&w, token_class_name(n->class));
	if (n->class == TOKENS_ESTIMATE) {
		write_name(&w, "low");
		write_number(&w, n->low);
		write_name(&w, "high");
		write_number(&w, n->high);
	}
	if (n->missing) {
		write_name(&w, "missing");
		write_z(&w, n->missing);
	}
	write_object_end(&w);
	count_put_line(c);
}

void
count_row(struct counter *c, uint64_t number, struct slice id, const struct tokens *n)
{
	if (n->missing)
		diag_repeated("not countable", "%s:%" PRIu64 ": not countable: %s", c->now.file,
		    number, n->missing);
	if (c->format == COUNT_CSV)
		row_csv(c, number, id, n);
	else if (c->format == COUNT_JSON)
		row_json(c, number, id, n);
}

void
count_heading(struct counter *c)
{
	if (c->format != COUNT_CSV)
		return;
	buf_add(&c->line, SLICE("line,id,tokens,class,low,high"));
	count_put_line(c);
}
