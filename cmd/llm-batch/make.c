/* SPDX-License-Identifier: MIT */
/* llm-batch make: rows to requests. Every row becomes a JSON object first (CSV fields and text
 * lines too), so that one way of filling the template serves all three kinds. */
#include "batch.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"
#include "ids.h"
#include "rows.h"
#include "stream/file.h"
#include "template.h"

static const char *template_file, *model, *prompt;
static bool as_csv, as_text;

const struct option make_options[] = {
	{ 't', "template", OPTION_TEXT, "F", &template_file,
	    "a request with {field} in its strings", NULL },
	{ 0, "model", OPTION_TEXT, "M", &model, "model of a request made from --prompt", NULL },
	{ 0, "prompt", OPTION_TEXT, "TEXT", &prompt, "text of one user message, with {field}",
	    NULL },
	{ 0, "csv", OPTION_FLAG, NULL, &as_csv, "rows are CSV, the first one names the columns",
	    NULL },
	{ 0, "text", OPTION_FLAG, NULL, &as_text, "rows are lines of text: {line}", NULL },
	{ 0 },
};

struct maker {
	struct template *template;
	struct stream *stream;
	struct ids ids;
	uint64_t *times; /* by index of ids: how often that id came */
	size_t room;
	struct json json; /* of a row that is no record */
	struct arena arena;
	struct buf id, out;
};

static struct template *
open_template(void)
{
	const char *why = NULL;
	struct template *t;
	struct buf text = { 0 };

	if (template_file && (model || prompt))
		tool_usage(
		    "'--template' stands for itself: no '--model', no '--prompt' beside it");
	if (!template_file && !(model && prompt))
		tool_usage("give '--template', or '--model' and '--prompt'");
	if (as_csv && as_text)
		tool_usage("'--csv' and '--text' are two kinds of rows");
	if (!template_file) {
		if (!(t = template_simple(model, prompt, &why)))
			diag_die(STATUS_USAGE, "'--prompt': %s", why);
		return t;
	}
	if (!file_read(template_file, &text))
		diag_die_errno(STATUS_USAGE, "%s", template_file);
	if (!(t = template_open(buf_slice(&text), &why)))
		diag_die(STATUS_USAGE, "%s: %s", template_file, why);
	buf_free(&text);
	return t;
}

/* Counts this id; *added says if it is new. */
static uint64_t *
count_id(struct maker *m, bool *added)
{
	size_t i = ids_add(&m->ids, buf_slice(&m->id), added);

	if (m->ids.count > m->room) {
		m->room = m->room ? m->room * 2 : 1024;
		m->times = mem_grow(m->times, m->room, sizeof(*m->times));
	}
	if (*added)
		m->times[i] = 0;
	m->times[i]++;
	return &m->times[i];
}

/* The n-th equal id gets -n; the first stays as it is. An id that a template wrote may itself
 * look like a numbered one, so the number goes on until the id is new. */
static void
number_id(struct maker *m)
{
	bool added;
	size_t plain = m->id.len;
	uint64_t n = *count_id(m, &added);

	while (!added) {
		m->id.len = plain;
		buf_printf(&m->id, "-%llu", (unsigned long long)n++);
		count_id(m, &added);
	}
}

static void
hash_id(struct maker *m, struct slice identity)
{
	unsigned char digest[DIGEST_SIZE];
	char hex[17];

	digest_of(identity, digest);
	digest_hex(digest, 8, hex);
	buf_add(&m->id, slice_z(hex));
}

/* The request of a row in m->out. False: *hole is what the row has not. */
static bool
fill(struct maker *m, struct value row, struct slice line, struct slice identity,
    const char **hole)
{
	buf_clear(&m->id);
	buf_clear(&m->out);
	if ((*hole = template_id(m->template, row, line, &m->id)))
		return false;
	if (!m->id.len)
		hash_id(m, identity);
	/* a row that cannot be filled must not use up a number */
	if ((*hole = template_fill(m->template, buf_slice(&m->id), row, line, &m->out)))
		return false;
	number_id(m);
	buf_clear(&m->out);
	*hole = template_fill(m->template, buf_slice(&m->id), row, line, &m->out);
	return true;
}

static void
make_json(struct maker *m, const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct record *r;

	m->stream = stream_open(&o);
	while ((r = stream_next(m->stream))) {
		struct slice line = slice_trim(r->line);
		const char *hole;

		if (!fill(m, r->root, line, line, &hole))
			record_reject(r, "no field '%s'", hole);
		else if (!r->json->twice.ptr)
			stream_write(m->stream, buf_slice(&m->out));
		stream_put(m->stream, r, DROP);
	}
}

/* A row that is no record of its own: rejects are named by hand. */
static void
make_row(void *context, const struct row *row)
{
	struct maker *m = context;
	const char *why = NULL, *hole;
	size_t where;

	arena_reset(&m->arena);
	if (!json_scan(&m->json, row->object, &why, &where)) {
		stream_reject(m->stream, row->file, row->number, row->raw, why);
		return;
	}
	if (!fill(m, json_root(&m->json), row->raw, row->object, &hole))
		why = arena_printf(&m->arena, "no field '%s'", hole).ptr;
	else if (m->json.twice.ptr)
		why = "a column that is read stands twice";
	if (why)
		stream_reject(m->stream, row->file, row->number, row->raw, why);
	else
		stream_write(m->stream, buf_slice(&m->out));
}

/* The stream gets no input of its own here: it writes, and keeps the rejects. */
static void
make_other(struct maker *m, const struct option_list *operands)
{
	static const char *const nothing[] = { "/dev/null" };
	struct option_list none = { NULL, 0 };
	struct stream_options o = tool_stream(&none, NO_OBJECT_REJECT);

	o.files = nothing;
	o.file_count = 1;
	m->stream = stream_open(&o);
	rows_read(m->stream, operands, as_csv, make_row, m);
}

void
make_run(const struct option_list *operands)
{
	static struct maker m;

	m.template = open_template(); /* for the length of the run, as its paths */

	if (as_csv || as_text)
		make_other(&m, operands);
	else
		make_json(&m, operands);
	stream_close(m.stream);
	ids_free(&m.ids);
	free(m.times);
	json_free(&m.json);
	arena_close(&m.arena);
	buf_free(&m.id);
	buf_free(&m.out);
}
