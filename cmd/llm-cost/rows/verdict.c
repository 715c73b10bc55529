/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tool/tool.h"

static struct slice
text_of(struct value v, struct arena *a)
{
	struct slice s = json_string(v, a);

	return s.ptr ? s : json_type(v) == JSON_NUMBER ? json_raw(v) : s;
}

static struct value
first_of(struct value a, struct value b)
{
	return json_type(a) > JSON_NULL ? a : b;
}

static struct value
id_of(const struct record *r, const struct row *row)
{
	if (json_type(row->usage.span))
		return row_span_id(row);
	if (row->request.shape != SHAPE_NONE && json_type(row->request.id))
		return row->request.id;
	return first_of(json_get(r->root, "custom_id"), json_get(r->root, "id"));
}

static struct value
verdict_at(const struct record *r, const struct row *row, const struct path *at)
{
	struct value llm = json_get(r->root, "llm"), judge = json_get(llm, "judge"), v = { 0 };

	if (at)
		return path_get(at, r->root);
	if (row->request.shape != SHAPE_NONE)
		v = request_attribute(&row->request, "verdict");
	else
		v = json_get(r->root, "verdict");
	v = first_of(v, json_type(judge) == JSON_OBJECT ? json_get(judge, "verdict") : judge);
	v = first_of(v, json_get(judge, "score"));
	return first_of(v, json_get(r->root, "score"));
}

struct first_text {
	struct slice text;
	struct arena *arena;
};

static void
take_text(void *context, const struct part *part)
{
	struct first_text *t = context;

	if (!t->text.ptr && part->kind != PART_THINKING)
		t->text = json_string(part->text, t->arena);
}

void
verdict_read(const struct record *r, const struct row *row, const struct path *at,
    uint64_t least, struct verdict_line *out)
{
	struct first_text t = { .arena = r->arena };
	struct value parent = json_get(json_get(r->root, "llm"), "for");

	out->of = text_of(parent, r->arena);
	out->side = out->of.ptr != NULL;
	if (!out->side)
		out->of = text_of(id_of(r, row), r->arena);
	out->word = judgement_value(verdict_at(r, row, at), least, r->arena);
	if (out->word != JUDGEMENT_NONE || !out->side || !row->request.answered)
		return;
	answer_parts(&row->request, take_text, &t);
	out->word = t.text.ptr ? judgement_text(t.text, least, r->arena) : JUDGEMENT_UNKNOWN;
}

static void
add(struct verdict_book *b, const struct verdict_line *v)
{
	bool added;
	size_t i;

	if (!v->of.ptr || (v->word != JUDGEMENT_FINE && v->word != JUDGEMENT_WORSE))
		return;
	i = hash_map_add(&b->ids, v->of, &added);
	if (added) {
		/* by powers of two */
		if (!(i & (i - 1)))
			b->said = mem_grow(b->said, i ? i * 2 : 1, 1);
		b->said[i] = 0;
	}
	b->said[i] |= v->word == JUDGEMENT_WORSE ? 2 : 1;
}

void
verdict_book_load(struct verdict_book *b, const struct option_list *files)
{
	struct stream_options o = tool_stream(files, NO_OBJECT_SKIP);
	static struct row row; /* large */
	struct reader reader;
	struct verdict_line v;
	struct stream *s;
	struct record *r;

	reader_open(&reader);
	o.output = NULL;
	o.no_output = o.required = true;
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&reader, r, &row);
		do {
			verdict_read(r, &row, NULL, UINT64_MAX, &v);
			if (!r->json->twice.ptr)
				add(b, &v);
		} while (row_next(&reader, r, &row));
		stream_put(s, r, DROP);
	}
	stream_close(s);
}

enum judged
verdict_book_find(const struct verdict_book *b, const struct record *r, const struct row *row)
{
	struct slice id = text_of(id_of(r, row), r->arena);
	size_t i = id.ptr && b->ids.count ? hash_map_find(&b->ids, id) : SIZE_MAX;

	if (i == SIZE_MAX || b->said[i] == 3)
		return JUDGED_NOT;
	return b->said[i] == 2 ? JUDGED_WORSE : JUDGED_FINE;
}

void
verdict_book_free(struct verdict_book *b)
{
	hash_map_free(&b->ids);
	free(b->said);
}
