/* SPDX-License-Identifier: MIT */
/* llm-cost count: tokens of requests, or with --text of whole files, as wc counts words.
 *
 * Files are walked here; count_row.c prints sums and rows, count_pieces.c the text cut into
 * tokens, count_show.c makes one token visible. */
#include "count.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/llm-cost/cost.h"
#include "stream/file.h"

static const char *model_option;
static bool text_option, ids_option, pieces_option;

const struct option count_options[] = {
	{ 0, "model", OPTION_TEXT, "M", &model_option,
	    "count as M does, whatever a record asks", NULL },
	{ 0, "text", OPTION_FLAG, NULL, &text_option, "files are texts, not records", NULL },
	{ 0, "ids", OPTION_FLAG, NULL, &ids_option,
	    "print the ids of the tokens, one line a text", NULL },
	{ 0, "pieces", OPTION_FLAG, NULL, &pieces_option,
	    "print the texts cut into their tokens (with -v their ids too)", NULL },
	{ 0 },
};

static void
end_file(struct counter *c)
{
	if (!c->now.file)
		return;
	count_sum_put(c, &c->now);
	c->all.tokens += c->now.tokens;
	c->all.low += c->now.low;
	c->all.high += c->now.high;
	c->all.estimate |= c->now.estimate;
	c->all.template |= c->now.template;
	c->now = (struct count_sum){ 0 };
}

static void
put_ids(struct counter *c, const struct tokenizer *t, struct slice text)
{
	size_t count = count_ids(c, t, text);

	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_byte(&c->line, ' ');
		buf_add_number(&c->line, c->ids[i]);
	}
	count_put_line(c);
}

static void
count_text(struct counter *c, const char *name)
{
	const struct tokenizer *t = tokenizer_for(slice_z(model_option));
	struct buf text = { 0 };
	struct tokens n;

	if (!file_read(name, &text)) {
		diag_warn_errno("%s", name);
		status_raise(STATUS_FAILED);
		buf_free(&text);
		return;
	}
	c->now.file = name;
	n = tokens_text(t, buf_slice(&text));
	count_sum_add(&c->now, &n);
	if (ids_option)
		put_ids(c, t, buf_slice(&text));
	else if (pieces_option)
		pieces_put(c, t, buf_slice(&text), &(struct count_place){ 0 });
	else
		count_row(c, 1, slice_z(name), &n);
	end_file(c);
	buf_free(&text);
}

struct texts {
	struct counter *c;
	const struct tokenizer *t;
	const struct record *r;
	struct count_place place;
};

static void
each_text(void *context, const struct part *part)
{
	static const char *const kinds[] = { [PART_SYSTEM] = "system",
		[PART_USER] = "user",
		[PART_ASSISTANT] = "assistant",
		[PART_RESULT] = "result",
		[PART_CALL] = "call",
		[PART_THINKING] = "thinking" };
	struct texts *x = context;
	struct slice text = json_string(part->text, x->r->arena);

	if (!text.ptr)
		return;
	if (ids_option) {
		put_ids(x->c, x->t, text);
		return;
	}
	x->place.text = part->text;
	x->place.kind =
	    part->kind < sizeof(kinds) / sizeof(*kinds) ? kinds[part->kind] : "other";
	pieces_put(x->c, x->t, text, &x->place);
}

static struct slice
id_of(const struct request *q, const struct record *r)
{
	struct slice id = json_string(q->id, r->arena);

	if (!id.ptr)
		id = json_raw(q->id);
	return id.ptr ? id : arena_printf(r->arena, "r-%llu", (unsigned long long)r->number);
}

static void
count_record(struct counter *c, struct record *r)
{
	struct request q;
	const struct tokenizer *t;
	struct slice model;
	struct tokens n;

	if (!request_read(r->json, &q) || q.shape == SHAPE_USAGE) {
		c->now.skipped++;
		return;
	}
	model =
	    model_option ? slice_z(model_option) : models_resolve(request_model(&q, r->arena));
	t = tokenizer_for(model);
	n = tokens_request(t, &q, r->arena);
	if (r->json->twice.ptr)
		return;
	count_sum_add(&c->now, &n);
	if (ids_option || pieces_option) {
		struct texts x = { c, t, r,
			{ .number = r->number, .id = id_of(&q, r), .root = r->root } };

		request_parts(&q, each_text, &x);
	} else if (c->format != COUNT_PEOPLE || n.missing) {
		count_row(c, r->number, id_of(&q, r), &n);
	}
}

static bool
readable(const char *name)
{
	struct stat st;

	return strcmp(name, "-") == 0 ||
	       (stat(name, &st) == 0 && !S_ISDIR(st.st_mode) && access(name, R_OK) == 0);
}

/* Closes the sums of the operands before `until`; one that held no record counts 0. */
static void
pass_files(struct counter *c, const struct option_list *operands, size_t *at, size_t until)
{
	for (; *at < until; (*at)++) {
		if (!c->now.file && readable(operands->item[*at]))
			c->now.file = operands->item[*at];
		end_file(c);
	}
}

/* The operand that the stream is reading; it is never before `at`. */
static size_t
operand_of(const struct option_list *operands, size_t at, const char *file)
{
	for (size_t i = at; i < operands->count; i++)
		if (operands->item[i] == file ||
		    (strcmp(operands->item[i], "-") == 0 && strcmp(file, "<stdin>") == 0))
			return i;
	return at;
}

static void
count_records(struct counter *c, const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct record *r;
	uint64_t before = 0;
	size_t at = 0;

	c->out = stream_open(&o);
	count_heading(c);
	while ((r = stream_next(c->out))) {
		pass_files(c, operands, &at, operand_of(operands, at, r->file));
		c->now.file = r->file;
		c->now.skipped += stream_skipped(c->out) - before;
		before = stream_skipped(c->out);
		count_record(c, r);
		stream_put(c->out, r, DROP);
	}
	c->now.skipped += stream_skipped(c->out) - before;
	pass_files(c, operands, &at, operands->count);
	if (!operands->count) {
		c->now.file = "-";
		end_file(c);
	}
}

static void
count_texts(struct counter *c, const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);

	c->out = stream_open(&o); /* for its output: nothing is read through it */
	count_heading(c);
	if (!operands->count)
		count_text(c, "-");
	for (size_t i = 0; i < operands->count; i++)
		count_text(c, operands->item[i]);
}

static void
check_options(const struct counter *c)
{
	if (text_option && !model_option)
		tool_usage("'--text' needs '--model'");
	if (ids_option && pieces_option)
		tool_usage("'--ids' and '--pieces' are two outputs; choose one");
	if (ids_option && c->format != COUNT_PEOPLE)
		tool_usage("'--ids' has one form: a line of numbers a text");
	if (pieces_option && c->format == COUNT_CSV)
		tool_usage("'--pieces' is for eyes, or with '--format json' for programs");
}

void
count_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "csv", "json", NULL };
	const char *format = tool_format(formats);
	struct counter c = { .several = operands->count > 1 };

	c.format = *format == 'c' ? COUNT_CSV : *format == 'j' ? COUNT_JSON : COUNT_PEOPLE;
	c.lines = c.format == COUNT_PEOPLE && !ids_option && !pieces_option;
	check_options(&c);
	if (text_option)
		count_texts(&c, operands);
	else
		count_records(&c, operands);
	c.all.file = "total";
	if (c.several)
		count_sum_put(&c, &c.all);
	stream_close(c.out);
	buf_free(&c.line);
	free(c.ids);
}
