/* SPDX-License-Identifier: MIT */
#include "answer.h"

#include <assert.h>

#include "json/write.h"

void
answer_add(struct answer *x, const char *name, struct slice raw)
{
	assert(x->count < 3);
	x->member[x->count].name = name;
	x->member[x->count++].raw = raw;
}

static struct slice
error_object(const char *first, const char *code, const char *second, const char *message,
    struct arena *a)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };
	struct slice out;

	write_object(&w);
	write_name(&w, first);
	write_z(&w, code);
	write_name(&w, second);
	write_z(&w, message);
	write_object_end(&w);
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}

void
answer_error(
    struct answer *x, enum shape shape, const char *code, const char *message, struct arena *a)
{
	struct slice error;

	switch (shape) {
	case SHAPE_ANTHROPIC:
		error = error_object("type", code, "message", message, a);
		answer_add(x, "result",
		    arena_printf(a,
			"{\"type\":\"errored\",\"error\":{\"type\":\"error\",\"error\":%.*s}}",
			SLICE_ARG(error)));
		break;
	case SHAPE_BEDROCK:
		answer_add(
		    x, "error", error_object("errorCode", code, "errorMessage", message, a));
		break;
	case SHAPE_GEMINI:
		answer_add(x, "error", error_object("status", code, "message", message, a));
		break;
	default:
		answer_add(x, "response", SLICE("null"));
		answer_add(x, "error", error_object("code", code, "message", message, a));
		break;
	}
}

/* Names that are not in the list yet. */
static void
add_lost(struct buf *list, struct value names)
{
	for (struct value v = json_first(names); json_type(v); v = json_next(v)) {
		struct slice name = json_raw(v);

		if (list->len && memmem(list->data, list->len, name.ptr, name.len))
			continue;
		if (list->len)
			buf_add_byte(list, ',');
		buf_add(list, name);
	}
}

/* llm.batch with all that was left out: when the record was converted, and when it was sent. */
static struct slice
batch_with_lost(const struct answer *x, struct value root, struct arena *a)
{
	struct value before = json_get(json_get(json_get(root, "llm"), "batch"), "lost");
	struct json batch = { 0 };
	struct slice out = x->batch;
	struct buf list = { 0 }, text = { 0 };
	struct edits e = { 0 };
	const char *why;
	size_t where;

	if (json_type(before) != JSON_ARRAY)
		return out;
	add_lost(&list, before);
	if (json_scan(&batch, x->batch, &why, &where))
		add_lost(&list, json_get(json_root(&batch), "lost"));
	if (list.len) {
		edits_set(&e, json_root(&batch), "lost",
		    arena_printf(a, "[%.*s]", SLICE_ARG(buf_slice(&list))));
		edits_apply(&e, &batch, &text);
		out = arena_copy(a, buf_slice(&text));
	}
	edits_free(&e);
	buf_free(&list);
	buf_free(&text);
	json_free(&batch);
	return out;
}

void
answer_edit(const struct answer *x, struct value root, struct edits *e, struct arena *a)
{
	static const char *const batch[] = { "llm", "batch" }, *const version[] = { "llm",
		"v" };
	struct slice how;

	for (size_t i = 0; i < x->count; i++)
		edits_set(e, root, x->member[i].name, x->member[i].raw);
	if (!x->batch.len)
		return;
	how = batch_with_lost(x, root, a);
	if (json_type(json_get(root, "llm")) == JSON_OBJECT) {
		edits_set_path(e, root, version, 2, SLICE("1"));
		edits_set_path(e, root, batch, 2, how);
	} else {
		edits_set(e, root, "llm",
		    arena_printf(a, "{\"v\":1,\"batch\":%.*s}", SLICE_ARG(how)));
	}
}

void
answer_of(struct value root, struct answer *out)
{
	static const char *const names[] = { "response", "result", "modelOutput", "error" };

	*out = (struct answer){ 0 };
	for (size_t i = 0; i < 4 && out->count < 3; i++) {
		struct value v = json_get(root, names[i]);

		if (json_type(v))
			answer_add(out, names[i], json_raw(v));
	}
	out->batch = json_raw(json_get(json_get(root, "llm"), "batch"));
}
