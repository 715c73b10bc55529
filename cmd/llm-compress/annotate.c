/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/annotate.h"

#include "json/write.h"

static struct value
old_of(const struct request *q)
{
	return json_get(q->llm, "compress");
}

static bool
old_count(const struct request *q, const char *name, uint64_t *n)
{
	return json_whole(json_get(old_of(q), name), n);
}

uint64_t
annotate_base(const struct request *q, uint64_t tokens)
{
	uint64_t before, after;

	if (old_count(q, "tokens_before", &before) && old_count(q, "tokens_after", &after) &&
	    after == tokens && before > tokens)
		return before;
	return tokens;
}

bool
annotated(const struct request *q, const char *step)
{
	struct value steps = json_get(old_of(q), "steps");

	for (struct value i = json_first(steps); json_type(i); i = json_next(i))
		if (json_is(json_get(i, "name"), step))
			return true;
	return false;
}

static void
write_rules(const struct work *w, const struct done *d, struct writer *j)
{
	bool any = false;

	for (size_t i = 0; i < w->rule_count; i++) {
		const struct rule *r = &w->rules[i];

		if (r->of != d)
			continue;
		if (!any) {
			write_name(j, "rules");
			write_array(j);
		}
		any = true;
		write_object(j);
		write_name(j, "name");
		write_string(j, r->name);
		write_name(j, "count");
		write_number(j, r->count);
		write_name(j, "saved");
		write_number(j, r->saved);
		write_object_end(j);
	}
	if (any)
		write_array_end(j);
}

static void
write_steps(const struct work *w, struct writer *j)
{
	struct value old = json_get(old_of(w->request), "steps");

	write_array(j);
	for (struct value i = json_first(old); json_type(i); i = json_next(i))
		if (!w->unfolded || !json_is(json_get(i, "name"), "blocks"))
			write_raw(j, json_raw(i));
	for (size_t i = 0; i < w->done_count; i++) {
		const struct done *d = &w->done[i];

		write_object(j);
		write_name(j, "name");
		write_z(j, d->name);
		write_name(j, "saved");
		write_number(j, d->saved);
		write_rules(w, d, j);
		write_object_end(j);
	}
	write_array_end(j);
}

static void
write_annotation(const struct work *w, struct buf *out)
{
	struct writer j = { out, false };

	write_object(&j);
	write_name(&j, "tokens_before");
	write_number(&j, annotate_base(w->request, w->before.count));
	write_name(&j, "tokens_after");
	write_number(&j, w->tokens);
	write_name(&j, "class");
	write_z(&j, token_class_name(w->before.class));
	write_name(&j, "steps");
	write_steps(w, &j);
	write_name(&j, "refused");
	write_array(&j);
	for (size_t i = 0; i < w->refused_count; i++) {
		write_object(&j);
		write_name(&j, "step");
		write_z(&j, w->refused[i].step);
		write_name(&j, "reason");
		write_z(&j, w->refused[i].reason);
		write_object_end(&j);
	}
	write_array_end(&j);
	buf_add(out, w->notes);
	write_object_end(&j);
}

bool
annotate(const struct work *w, struct record *r)
{
	static const char *const version[] = { "llm", "v" }, *const own[] = { "llm",
		"compress" };
	struct buf b = { 0 };
	bool fine;

	write_annotation(w, &b);
	fine = edits_set_path(r->edits, r->root, version, 2, SLICE("1")) &&
	       edits_set_path(r->edits, r->root, own, 2, arena_copy(r->arena, buf_slice(&b)));
	buf_free(&b);
	return fine;
}
