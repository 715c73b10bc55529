/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/check/verdicts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "cmd/llm-route/check/fault.h"
#include "model/judgement.h"
#include "tool/tool.h"

struct verdicts {
	struct hash_map ids;
	struct verdict_said *said;
	uint64_t dumb; /* lines that say nothing which is understood */
};

/* A score, or what llm-cost quality takes for a verdict. */
static void
read_value(struct verdict_said *s, struct value v, struct arena *a)
{
	enum judgement word;
	double d;

	if (json_type(v) == JSON_NUMBER && json_double(v, &d) && d >= 0 && d <= 1) {
		s->has_score = true;
		s->score = d;
		return;
	}
	word = judgement_value(v, UINT64_MAX, a);
	if (word == JUDGEMENT_FINE || word == JUDGEMENT_WORSE) {
		s->has_label = true;
		s->good = word == JUDGEMENT_FINE;
	}
}

/* The answer of a judge: JSON with a verdict or a score, in a fence or not, else its first word.
 */
static void
read_text(struct verdict_said *s, struct slice text, struct arena *a)
{
	struct json json = { 0 };
	enum judgement word;
	const char *why;
	size_t where;

	text = fault_unfence(text);
	if (json_scan(&json, text, &why, &where) && json_type(json_root(&json)) == JSON_OBJECT) {
		read_value(s, json_get(json_root(&json), "verdict"), a);
		read_value(s, json_get(json_root(&json), "score"), a);
	} else {
		word = judgement_text(text, UINT64_MAX, a);
		s->has_label = word == JUDGEMENT_FINE || word == JUDGEMENT_WORSE;
		s->good = word == JUDGEMENT_FINE;
	}
	json_free(&json);
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

/* Judges that contradict each other say nothing; of scores the last one counts. */
static void
add(struct verdict_said *all, const struct verdict_said *one)
{
	all->torn |= all->has_label && one->has_label && all->good != one->good;
	if (one->has_label) {
		all->has_label = true;
		all->good = one->good;
	}
	if (one->has_score) {
		all->has_score = true;
		all->score = one->score;
	}
	all->has_label &= !all->torn;
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
		read_text(&said, j.text, r->arena);
	}
	if (!id.len || (!said.has_label && !said.has_score)) {
		v->dumb++;
		return DROP;
	}
	at = hash_map_add(&v->ids, id, &added);
	if (added && (at & (at + 1)) == 0)
		v->said = mem_grow(v->said, 2 * (at + 1), sizeof(*v->said));
	if (added)
		v->said[at] = said;
	else
		add(&v->said[at], &said);
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
	if (v->dumb)
		diag_warn("%s: lines without a verdict or score that is understood: %" PRIu64, file,
		    v->dumb);
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
