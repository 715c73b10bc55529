/* SPDX-License-Identifier: MIT */
/* llm-cost calibrate: learns from a log what a provider bills for what we count. */
#include "cmd/llm-cost/cost.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "json/write.h"
#include "model/usage.h"
#include "money/price.h"
#include "show/table.h"
#include "tokens/learn.h"
#include "tokens/tokens.h"

#define PAIRS_MOST 65536u /* of a model; of more, every second is kept, then every fourth … */

static uint64_t least_option = LEARN_LEAST;

const struct option calibrate_options[] = {
	{ 0, "min-rows", OPTION_NUMBER, "N", &least_option,
	    "learn of models with at least N rows (20)", NULL },
	{ 0 },
};

/* What the rows of one model tell. */
struct subject {
	struct slice name;
	const struct tokenizer *tokenizer;
	struct learn_pair *pair;
	size_t pairs, room;
	uint64_t seen, step; /* rows that could be kept; every step-th is */
	uint64_t equal;      /* rows billed just as counted */
	struct learned result;
	bool learned;
};

/* Rows that teach nothing, by reason. */
struct reason {
	const char *name;
	uint64_t rows;
};
#define REASONS 24

struct calibration_run {
	struct hash_map names;
	struct subject *subject;
	struct reason reason[REASONS];
	uint64_t least;
};

static void
leave(struct calibration_run *c, const char *why)
{
	size_t i = 0;

	while (i < REASONS - 1 && c->reason[i].name && strcmp(c->reason[i].name, why) != 0)
		i++;
	c->reason[i].name = why;
	c->reason[i].rows++;
}

static struct subject *
subject_of(struct calibration_run *c, struct slice model)
{
	bool added;
	size_t i = hash_map_add(&c->names, model, &added);

	if (added) {
		c->subject = mem_grow(c->subject, i + 1, sizeof *c->subject);
		c->subject[i] = (struct subject){ .name = c->names.keys[i],
			.tokenizer = tokenizer_for(c->names.keys[i]),
			.step = 1 };
	}
	return &c->subject[i];
}

static void
keep_half(struct subject *s)
{
	for (size_t i = 0; i < s->pairs / 2; i++)
		s->pair[i] = s->pair[2 * i];
	s->pairs /= 2;
	s->step *= 2;
}

static void
add_pair(struct subject *s, uint64_t counted, uint64_t billed)
{
	s->equal += counted == billed;
	if (s->seen++ % s->step)
		return;
	if (s->pairs == PAIRS_MOST) {
		keep_half(s);
		if ((s->seen - 1) % s->step)
			return;
	}
	if (s->pairs == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->pair = mem_grow(s->pair, s->room, sizeof *s->pair);
	}
	s->pair[s->pairs++] = (struct learn_pair){ (uint32_t)counted, (uint32_t)billed };
}

/* Why the row cannot be set against its bill; NULL: it can. */
static const char *
why_not(const struct request *q, const struct usage *u)
{
	if (!json_type(q->body))
		return "no request beside the usage";
	if (!q->answered)
		return "not answered";
	if (request_replayed(q))
		return "answered by our own cache";
	if (!u->present || !u->input)
		return "no prompt tokens";
	if (u->flaw)
		return "usage that contradicts itself";
	if (u->audio_in || u->image_in)
		return "audio or images";
	return u->input > UINT32_MAX ? "too many tokens" : NULL;
}

static void
read_row(struct calibration_run *c, const struct record *r)
{
	struct request q;
	struct usage u;
	struct slice model;
	struct subject *s;
	struct tokens n;
	const char *why;

	if (!request_read(r->json, &q)) {
		leave(c, "no known shape");
		return;
	}
	u.present = usage_read(&q, &u);
	why = why_not(&q, &u);
	model = why ? SLICE("") : request_model(&q, r->arena);
	if (!why && !model.len)
		why = PRICE_NO_MODEL;
	if (why) {
		leave(c, why);
		return;
	}
	n = tokens_request_plain(tokenizer_for(model), &q, r->arena, &why);
	if (r->json->twice.ptr) /* rejected by the stream */
		return;
	if (!why && (!n.count || n.count > UINT32_MAX))
		why = "no text";
	if (why) {
		leave(c, why);
		return;
	}
	s = subject_of(c, model);
	add_pair(s, n.count, u.input);
}

static int
by_name(const void *a, const void *b)
{
	return slice_cmp(((const struct subject *)a)->name, ((const struct subject *)b)->name);
}

/* Says what became of one model; learns if it can. */
static void
conclude(struct calibration_run *c, struct subject *s)
{
	const char *name = diag_clean(s->name);
	struct learned *l = &s->result;

	if (!tokenizer_learns(s->tokenizer)) {
		diag_note("'%s': exact, nothing to learn: %" PRIu64 " of %" PRIu64
			  " rows are billed as counted",
		    name, s->equal, s->seen);
		return;
	}
	if (s->pairs < c->least) {
		diag_note("'%s': %" PRIu64 " rows are too few, %" PRIu64 " are needed", name,
		    s->seen, c->least);
		return;
	}
	learn(s->pair, s->pairs, l);
	if (l->factor < 0.01 || l->factor > 100 || l->high > 999) {
		diag_warn("'%s': billed %.4g times what is counted: nothing is learned", name,
		    l->factor);
		return;
	}
	s->learned = true;
	diag_note("'%s': factor %.4f, overhead %.0f, band %.4f to %.4f, from %" PRIu64
		  " rows, %zu of them outliers; tested on %zu: error %.2f %%, %zu inside",
	    name, l->factor, l->overhead, l->low, l->high, s->seen, l->outliers, l->tested,
	    100 * l->error, l->inside);
}

/* With so many digits that nothing is lost that matters; never 1e-05. */
static void
member_decimal(struct writer *w, const char *name, double n, int digits)
{
	char text[64];

	snprintf(text, sizeof text, "%.*f", digits, n);
	write_name(w, name);
	write_raw(w, slice_z(text));
}

static void
member_number(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	write_number(w, n);
}

static void
write_subject(struct stream *out, const struct subject *s)
{
	const struct learned *l = &s->result;
	struct buf line = { 0 };
	struct writer w = { .out = &line };

	write_object(&w);
	write_name(&w, "model");
	write_string(&w, s->name);
	member_decimal(&w, "factor", l->factor, 4);
	member_decimal(&w, "low", floor(l->low * 10000) / 10000, 4);
	member_decimal(&w, "high", ceil(l->high * 10000) / 10000, 4);
	member_decimal(&w, "overhead", l->overhead, 0);
	write_name(&w, "family");
	write_z(&w, tokenizer_family(s->tokenizer));
	member_number(&w, "rows", s->seen);
	member_number(&w, "outliers", l->outliers);
	write_name(&w, "held_out");
	write_object(&w);
	member_number(&w, "rows", l->tested);
	member_decimal(&w, "error", l->error, 4);
	member_number(&w, "inside", l->inside);
	write_object_end(&w);
	write_object_end(&w);
	stream_write(out, buf_slice(&line));
	buf_free(&line);
}

static void
set_cells(struct slice *cell, const struct subject *s, struct arena *a)
{
	const struct learned *l = &s->result;

	cell[0] = s->name;
	cell[1] = slice_z(tokenizer_family(s->tokenizer));
	cell[2] = arena_printf(a, "%" PRIu64, s->seen);
	cell[3] = arena_printf(a, "%.4f", l->factor);
	cell[4] = arena_printf(a, "%.0f", l->overhead);
	cell[5] = arena_printf(a, "%.4f", l->low);
	cell[6] = arena_printf(a, "%.4f", l->high);
	cell[7] = arena_printf(a, "%zu", l->outliers);
	cell[8] = arena_printf(a, "%.2f %%", 100 * l->error);
	cell[9] = arena_printf(a, "%zu of %zu", l->inside, l->tested);
}

static void
write_table(const struct calibration_run *c, struct stream *out)
{
	static const char *const headings[] = { "model", "family", "rows", "factor", "overhead",
		"low", "high", "outliers", "error", "inside" };
	struct arena a = { 0 };
	struct buf text = { 0 };
	struct table t;

	table_open(&t, sizeof headings / sizeof *headings, &a);
	for (size_t i = 0; i < t.columns; i++) {
		t.heading[i] = slice_z(headings[i]);
		t.right[i] = i > 1;
	}
	for (size_t i = 0; i < c->names.count; i++)
		if (c->subject[i].learned)
			set_cells(table_row(&t), &c->subject[i], &a);
	table_people(&t, &text);
	stream_write(out, slice_take(buf_slice(&text), text.len - (text.len > 0)));
	table_close(&t);
	buf_free(&text);
	arena_close(&a);
}

static void
write_all(const struct calibration_run *c, bool table)
{
	struct stream_options o = { .output = tool_common()->output };
	struct stream *out = stream_open(&o);

	if (table)
		write_table(c, out);
	for (size_t i = 0; !table && i < c->names.count; i++)
		if (c->subject[i].learned)
			write_subject(out, &c->subject[i]);
	stream_close(out);
}

static void
say_left(const struct calibration_run *c)
{
	for (size_t i = 0; i < REASONS && c->reason[i].name; i++)
		diag_note(
		    "%" PRIu64 " rows teach nothing: %s", c->reason[i].rows, c->reason[i].name);
}

void
calibrate_run(const struct option_list *operands)
{
	static const char *const formats[] = { "jsonl", "json", "table", NULL };
	bool table = *tool_format(formats) == 't', learned = false;
	struct calibration_run c = { .least = least_option };
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct stream *in;
	struct record *r;

	if (least_option < LEARN_LEAST)
		tool_usage("'--min-rows' wants at least %d", LEARN_LEAST);
	o.no_output = true;
	in = stream_open(&o);
	while ((r = stream_next(in))) {
		read_row(&c, r);
		stream_put(in, r, DROP);
	}
	stream_close(in);
	if (c.names.count)
		qsort(c.subject, c.names.count, sizeof *c.subject, by_name);
	for (size_t i = 0; i < c.names.count; i++) {
		conclude(&c, &c.subject[i]);
		learned |= c.subject[i].learned;
		free(c.subject[i].pair);
	}
	say_left(&c);
	/* an old calibration is not replaced by an empty one */
	if (learned)
		write_all(&c, table);
	else
		status_raise(STATUS_NO);
	free(c.subject);
	hash_map_free(&c.names);
}
