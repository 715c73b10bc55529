/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/check/verdicts.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "cmd/llm-route/check/fault.h"
#include "tool/tool.h"

struct verdicts {
	struct hash_map ids;
	struct verdict_said *said;
};

bool
verdict_word(struct slice text, bool *good)
{
	static const char *const fine[] = { "good", "fine", "ok", "pass", "passed", "correct",
		"yes", "true", "equal", "same", "better", "sufficient", "accept", "accepted" };
	static const char *const bad[] = { "bad", "worse", "fail", "failed", "incorrect",
		"wrong", "no", "false", "insufficient", "reject", "rejected", "escalate" };
	char room[16];

	text = slice_trim(text);
	while (text.len && strchr(".!\"'*`:", text.ptr[text.len - 1]) && text.ptr[text.len - 1])
		text.len--;
	while (text.len && strchr("\"'*`", text.ptr[0]) && text.ptr[0])
		text = slice_drop(text, 1);
	if (text.len > sizeof(room))
		return false;
	for (size_t i = 0; i < text.len; i++)
		room[i] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] | 0x20)
								   : text.ptr[i];
	text.ptr = room;
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++)
		if (slice_eqz(text, fine[i])) {
			*good = true;
			return true;
		}
	*good = false;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (slice_eqz(text, bad[i]))
			return true;
	return false;
}

static void
read_value(struct verdict_said *s, struct value v, struct arena *a)
{
	double d;

	if (json_type(v) == JSON_NUMBER && json_double(v, &d) && d >= 0 && d <= 1) {
		s->has_score = true;
		s->score = d;
	} else if (json_type(v) == JSON_TRUE || json_type(v) == JSON_FALSE) {
		s->has_label = true;
		s->good = json_type(v) == JSON_TRUE;
	} else if (json_type(v) == JSON_STRING) {
		s->has_label = verdict_word(json_string(v, a), &s->good) || s->has_label;
	}
}

static struct verdict_said
own(const struct request *r, struct value root, struct arena *a)
{
	struct value judge = json_get(json_get(root, "llm"), "judge");
	struct verdict_said s = { 0 };

	if (json_type(judge) == JSON_OBJECT) {
		read_value(&s, json_get(judge, "verdict"), a);
		read_value(&s, json_get(judge, "score"), a);
	} else {
		read_value(&s, judge, a);
	}
	read_value(&s, r ? request_attribute(r, "verdict") : json_get(root, "verdict"), a);
	read_value(&s, json_get(root, "score"), a);
	return s;
}

static enum verdict
read_line(void *context, struct record *r)
{
	struct verdicts *v = context;
	struct request q;
	bool known = request_read(r->json, &q), added;
	struct slice id = json_string(json_get(json_get(r->root, "llm"), "for"), r->arena);
	struct verdict_said said = own(known ? &q : NULL, r->root, r->arena);
	size_t at;

	if (!id.ptr)
		id = json_string(known ? q.id : json_get(r->root, "id"), r->arena);
	if (known && q.answered && !said.has_label && !said.has_score) {
		struct judged j;

		fault_read(&j, &q, r->arena);
		said.has_label = verdict_word(j.text, &said.good);
	}
	if (!id.len || (!said.has_label && !said.has_score))
		return DROP;
	at = hash_map_add(&v->ids, id, &added);
	if (added && (at & (at + 1)) == 0)
		v->said = mem_grow(v->said, 2 * (at + 1), sizeof(*v->said));
	v->said[at] = said; /* the last word counts */
	return DROP;
}

struct verdicts *
verdicts_open(const char *file)
{
	struct verdicts *v = mem_zero(sizeof(*v));
	struct stream_options o = { .files = &file,
		.file_count = 1,
		.required = true,
		.no_output = true,
		.no_object = NO_OBJECT_SKIP };

	v->said = mem_alloc(sizeof(*v->said));
	stream_each(&o, read_line, v);
	return v;
}

struct verdict_said
verdicts_of(const struct verdicts *v, const struct request *r, struct slice id, struct arena *a)
{
	struct verdict_said s = own(r, r->root, a);
	size_t at;

	if (s.has_label || s.has_score || !v || !id.len)
		return s;
	at = hash_map_find(&v->ids, id);
	return at == SIZE_MAX ? s : v->said[at];
}

void
verdicts_close(struct verdicts *v)
{
	if (!v)
		return;
	hash_map_free(&v->ids);
	free(v->said);
	free(v);
}
