/* SPDX-License-Identifier: MIT */
/* llm-cost count: tokens of requests, or with --text of whole files, as wc counts words. */
#include "cost.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "json/write.h"
#include "stream/file.h"
#include "tokens/tokens.h"

static const char *model_option;
static bool text_option, ids_option;

const struct option count_options[] = {
	{ 0, "model", OPTION_TEXT, "M", &model_option,
	    "count as M does, whatever a record asks", NULL },
	{ 0, "text", OPTION_FLAG, NULL, &text_option, "files are texts, not records", NULL },
	{ 0, "ids", OPTION_FLAG, NULL, &ids_option,
	    "print the ids of the tokens, one line a text", NULL },
	{ 0 },
};

enum count_format { COUNT_PEOPLE, COUNT_CSV, COUNT_JSON };

/* Sums of one file, or of all. */
struct tally {
	const char *file;
	uint64_t tokens, low, high, records, skipped;
	bool estimate, template;
};

struct counter {
	struct stream *out;
	enum count_format format;
	bool several; /* files: JSON rows say which */
	struct buf line;
	struct tally now, all;
	uint32_t *ids;
	size_t room;
};

static void
tally_add(struct tally *t, const struct tokens *n)
{
	t->tokens += n->count;
	t->low += n->low;
	t->high += n->high;
	t->records++;
	t->estimate |= n->class == TOKENS_ESTIMATE;
	t->template |= n->class == TOKENS_TEMPLATE;
}

static const char *
tally_class(const struct tally *t)
{
	return token_class_name(t->estimate   ? TOKENS_ESTIMATE
				: t->template ? TOKENS_TEMPLATE
					      : TOKENS_EXACT);
}

static void
put_line(struct counter *c)
{
	stream_write(c->out, buf_slice(&c->line));
	buf_clear(&c->line);
}

/* `N FILE`; standard input has no name, as with wc. */
static void
put_tally(struct counter *c, const struct tally *t)
{
	bool named = t->file && strcmp(t->file, "-") != 0 && strcmp(t->file, "<stdin>") != 0;

	if (c->format == COUNT_PEOPLE && !ids_option) {
		buf_add_number(&c->line, t->tokens);
		if (named)
			buf_printf(&c->line, " %s", t->file);
		put_line(c);
	}
	if (t->estimate)
		diag_detail("%s: %s, %" PRIu64 " to %" PRIu64, named ? t->file : "<stdin>",
		    tally_class(t), t->low, t->high);
	else
		diag_detail("%s: %s", named ? t->file : "<stdin>", tally_class(t));
	if (t->skipped)
		diag_note("%s: %" PRIu64 " lines are no request, skipped",
		    named ? t->file : "<stdin>", t->skipped);
}

static void
end_file(struct counter *c)
{
	if (!c->now.file)
		return;
	put_tally(c, &c->now);
	c->all.tokens += c->now.tokens;
	c->all.low += c->now.low;
	c->all.high += c->now.high;
	c->all.estimate |= c->now.estimate;
	c->all.template |= c->now.template;
	c->now = (struct tally){ 0 };
}

static void
row_csv(struct counter *c, uint64_t number, struct slice id, const struct tokens *n)
{
	buf_printf(&c->line, "%" PRIu64 ",", number);
	if (memchr(id.ptr, ',', id.len) || memchr(id.ptr, '"', id.len) ||
	    memchr(id.ptr, '\n', id.len) || memchr(id.ptr, '\r', id.len)) {
		buf_add_byte(&c->line, '"');
		for (size_t i = 0; i < id.len; i++) {
			if (id.ptr[i] == '"')
				buf_add_byte(&c->line, '"');
			buf_add_byte(&c->line, id.ptr[i]);
		}
		buf_add_byte(&c->line, '"');
	} else {
		buf_add(&c->line, id);
	}
	buf_printf(&c->line, ",%" PRIu64 ",%s,", n->count, token_class_name(n->class));
	if (n->class == TOKENS_ESTIMATE)
		buf_printf(&c->line, "%" PRIu64 ",%" PRIu64, n->low, n->high);
	else
		buf_add_byte(&c->line, ',');
	put_line(c);
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
	put_line(c);
}

static void
put_row(struct counter *c, uint64_t number, struct slice id, const struct tokens *n)
{
	if (n->missing)
		diag_repeated("not countable", "%s:%" PRIu64 ": not countable: %s", c->now.file,
		    number, n->missing);
	if (c->format == COUNT_CSV)
		row_csv(c, number, id, n);
	else if (c->format == COUNT_JSON)
		row_json(c, number, id, n);
}

static void
put_ids(struct counter *c, const struct tokenizer *t, struct slice text)
{
	const struct encoding *e = tokenizer_encoding(t);
	size_t count;

	if (!e)
		diag_die(STATUS_USAGE,
		    "the ids of '%s' are not public; --model names what counts",
		    tokenizer_family(t));
	count = encoding_ids(e, text, c->ids, c->room);
	if (count > c->room) {
		c->room = count;
		c->ids = mem_grow(c->ids, c->room, sizeof(*c->ids));
		encoding_ids(e, text, c->ids, c->room);
	}
	for (size_t i = 0; i < count; i++)
		buf_printf(&c->line, i ? " %" PRIu32 : "%" PRIu32, c->ids[i]);
	put_line(c);
}

static void
put_heading(struct counter *c)
{
	if (c->format != COUNT_CSV)
		return;
	buf_add(&c->line, SLICE("line,id,tokens,class,low,high"));
	put_line(c);
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
	tally_add(&c->now, &n);
	if (ids_option)
		put_ids(c, t, buf_slice(&text));
	else
		put_row(c, 1, slice_z(name), &n);
	end_file(c);
	buf_free(&text);
}

struct part_ids {
	struct counter *c;
	const struct tokenizer *t;
	struct arena *arena;
};

static void
part_ids(void *context, const struct part *part)
{
	struct part_ids *p = context;
	struct slice text = json_string(part->text, p->arena);

	if (text.ptr)
		put_ids(p->c, p->t, text);
}

static struct slice
id_of(const struct request *q, const struct record *r)
{
	struct slice id = json_string(q->id, r->arena);

	if (!id.ptr)
		id = json_raw(q->id);
	return id.ptr ? id : arena_printf(r->arena, "r-%" PRIu64, r->number);
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
	tally_add(&c->now, &n);
	if (ids_option)
		request_parts(&q, part_ids, &(struct part_ids){ c, t, r->arena });
	else
		put_row(c, r->number, id_of(&q, r), &n);
}

static bool
readable(const char *name)
{
	struct stat st;

	return strcmp(name, "-") == 0 ||
	       (stat(name, &st) == 0 && !S_ISDIR(st.st_mode) && access(name, R_OK) == 0);
}

/* Closes the tallies of the operands before `until`; one that held no record counts 0. */
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
	put_heading(c);
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
	put_heading(c);
	if (!operands->count)
		count_text(c, "-");
	for (size_t i = 0; i < operands->count; i++)
		count_text(c, operands->item[i]);
}

void
count_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "csv", "json", NULL };
	const char *format = tool_format(formats);
	struct counter c = { .several = operands->count > 1 };

	c.format = *format == 'c' ? COUNT_CSV : *format == 'j' ? COUNT_JSON : COUNT_PEOPLE;
	if (text_option && !model_option)
		tool_usage("--text needs --model");
	if (ids_option && c.format != COUNT_PEOPLE)
		tool_usage("--ids has one form: a line of numbers a text");
	if (text_option)
		count_texts(&c, operands);
	else
		count_records(&c, operands);
	c.all.file = "total";
	if (c.several)
		put_tally(&c, &c.all);
	stream_close(c.out);
	buf_free(&c.line);
	free(c.ids);
}
