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

void
answer_edit(const struct answer *x, struct value root, struct edits *e, struct arena *a)
{
	static const char *const batch[] = { "llm", "batch" }, *const version[] = { "llm",
		"v" };

	for (size_t i = 0; i < x->count; i++)
		edits_set(e, root, x->member[i].name, x->member[i].raw);
	if (!x->batch.len)
		return;
	if (json_type(json_get(root, "llm")) == JSON_OBJECT) {
		edits_set_path(e, root, version, 2, SLICE("1"));
		edits_set_path(e, root, batch, 2, x->batch);
	} else {
		edits_set(e, root, "llm",
		    arena_printf(a, "{\"v\":1,\"batch\":%.*s}", SLICE_ARG(x->batch)));
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
