/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/labels.h"

#include <inttypes.h>
#include <string.h>

#include "model/judgement.h"
#include "task/instructions.h"
#include "tool/tool.h"

static void
add_arm(struct arms *a, const char *option, struct slice name, const char *path)
{
	const char *why;

	if (a->count == LEARNED_ARMS)
		tool_usage("more than %d models", LEARNED_ARMS);
	a->path[a->count] = path_compile(path, &why);
	if (!a->path[a->count])
		tool_usage("%s '%s': %s", option, diag_clean(slice_z(path)), why);
	for (size_t i = 0; i < a->count; i++)
		if (slice_eq(a->name[i], name))
			tool_usage("model '%s' stands twice", diag_clean(name));
	a->name[a->count++] = name;
}

void
arms_read(
    struct arms *a, const char *weak, const char *strong, const struct option_list *between)
{
	if (weak)
		add_arm(a, "--weak", SLICE("weak"), weak);
	for (size_t i = 0; i < between->count; i++) {
		struct slice word = slice_z(between->item[i]);
		size_t n = slice_find(word, '=');

		if (!n || n == word.len)
			tool_usage("'--model' wants NAME=PATH");
		add_arm(a, "--model", slice_take(word, n), word.ptr + n + 1);
	}
	if (strong)
		add_arm(a, "--strong", SLICE("strong"), strong);
	if (a->count < 2)
		tool_usage(
		    "the outcomes of two models at least are wanted: '--weak' and '--strong', "
		    "or '--model' for each from the weakest on");
}

void
arms_free(struct arms *a)
{
	for (size_t i = 0; i < a->count; i++)
		path_free(a->path[i]);
}

static bool
outcome_of(struct value v, struct arena *a, float *out)
{
	double number;

	if (json_type(v) == JSON_NUMBER) {
		if (!json_double(v, &number) || !(number >= 0 && number <= 1))
			return false;
		*out = (float)number;
		return true;
	}
	switch (judgement_value(v, UINT64_MAX, a)) {
	case JUDGEMENT_FINE: *out = 1; return true;
	case JUDGEMENT_WORSE: *out = 0; return true;
	default: return false;
	}
}

static struct slice
prompt_of(struct record *r)
{
	struct request q;
	struct instructions texts;

	if (!request_read(r->json, &q))
		return json_string(json_get(r->root, "prompt"), r->arena);
	instructions_read(&texts, &q, r->arena);
	return instructions_last(&texts, r->arena);
}

void
labels_each(const struct option_list *files, const struct arms *a, enum look_part part,
    struct embed *embed, struct arena *keep, label_fn each, void *context)
{
	struct stream_options o = tool_stream(files, NO_OBJECT_SKIP);
	uint64_t no_prompt = 0, no_outcome = 0;
	struct stream *s;
	struct record *r;

	o.no_output = true;
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		struct slice prompt = prompt_of(r);
		float outcome[LEARNED_ARMS];
		struct look look;
		size_t i = 0;

		while (i < a->count &&
		       outcome_of(path_get(a->path[i], r->root), r->arena, &outcome[i]))
			i++;
		if (!prompt.len) {
			no_prompt++;
		} else if (i < a->count) {
			no_outcome++;
		} else if (!r->json->twice.ptr) {
			look_at(&look, prompt, part, embed, keep);
			each(context, &look, outcome);
		}
		stream_put(s, r, DROP);
	}
	stream_close(s);
	if (no_prompt)
		diag_note("rows without a prompt: %" PRIu64, no_prompt);
	if (no_outcome)
		diag_note("rows without the outcome of each model: %" PRIu64, no_outcome);
}
