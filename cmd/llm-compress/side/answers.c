/* SPDX-License-Identifier: MIT */
/* The answers to side requests, held by parent. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "cmd/llm-compress/side/side.h"
#include "stream/file.h"

struct side_answers {
	struct hash_map keys; /* kind, part, parent */
	struct side_answer *list;
	size_t room;
	struct arena arena; /* of the run */
	struct arena scratch;
	bool has[SIDE_KINDS];
};

/* Ids may be used twice, by two tenants too; session may be anything, so it stands last. */
static struct slice
key_of(struct side_answers *a, enum side_kind kind, uint64_t part, struct slice parent,
    struct slice tenant, struct slice session)
{
	return arena_printf(&a->scratch, "%d %" PRIu64 " %zu %zu %.*s %.*s %.*s", (int)kind, part,
	    parent.len, tenant.len, SLICE_ARG(parent), SLICE_ARG(tenant), SLICE_ARG(session));
}

static void
add_text(void *context, const struct part *part)
{
	struct buf *b = context;
	struct arena a = { 0 };

	if (part->kind == PART_ASSISTANT && json_type(part->text) == JSON_STRING)
		buf_add(b, json_string(part->text, &a));
	arena_close(&a);
}

/* Of what was only read the answer is what the model knew of it, and always cut off. */
static struct side_answer
scores_of(struct side_answers *a, const struct request *q)
{
	struct value scores = json_get(json_first(json_get(q->answer, "choices")), "logprobs");

	if (answer_ending(q) == ENDING_FAILED)
		return (struct side_answer){ .why = "the call failed" };
	if (json_type(scores) != JSON_OBJECT)
		return (struct side_answer){ .why = "the answer has no log-probabilities" };
	return (struct side_answer){ .text = arena_copy(&a->arena, json_raw(scores)) };
}

static struct side_answer
answer_of(struct side_answers *a, const struct request *q)
{
	static const char *const whys[] = { [ENDING_NONE] = "it has no answer",
		[ENDING_CUT] = "the answer was cut off",
		[ENDING_FILTERED] = "the answer was refused or filtered",
		[ENDING_UNKNOWN] = "the answer does not say that it is whole",
		[ENDING_FAILED] = "the call failed" };
	struct side_answer out = { .why = whys[answer_ending(q)] };
	struct buf b = { 0 };
	struct slice text;

	answer_parts(q, add_text, &b);
	text = slice_trim(buf_slice(&b));
	if (!out.why && !text.len)
		out.why = "the answer is empty";
	if (!out.why)
		out.text = arena_copy(&a->arena, text);
	buf_free(&b);
	return out;
}

/* Which request it answers: by what `ask` wrote, else by the id that it gave. */
static bool
which(struct side_answers *a, const struct request *q, enum side_kind *kind,
    struct slice *parent, uint64_t *part, uint64_t *of)
{
	struct slice name = json_string(json_get(q->llm, "ask"), &a->scratch);
	struct slice id = json_string(q->id, &a->scratch);

	*parent = json_string(json_get(q->llm, "for"), &a->scratch);
	*part = *of = 0;
	json_whole(json_get(q->llm, "part"), part);
	json_whole(json_get(q->llm, "of"), of);
	if (parent->ptr && name.ptr)
		return side_named(name, kind);
	for (size_t i = 0; id.ptr && i < SIDE_MAP; i++) {
		struct slice tail = arena_printf(
		    &a->scratch, "%s%s", q->shape == SHAPE_BEDROCK ? "" : "-", side_names[i]);

		if (!slice_ends(id, tail))
			continue;
		*parent = slice_take(id, id.len - tail.len);
		*kind = (enum side_kind)i;
		return true;
	}
	return false;
}

static bool
add_line(struct side_answers *a, struct json *json, struct slice line)
{
	struct request q;
	struct slice parent;
	struct value tags;
	enum side_kind kind;
	struct side_answer answer;
	uint64_t part, of;
	const char *why;
	size_t where, i;
	bool added;

	if (!json_scan(json, line, &why, &where) || !request_read(json, &q) || !q.answered ||
	    !which(a, &q, &kind, &parent, &part, &of))
		return false;
	answer = kind == SIDE_LOGPROBS ? scores_of(a, &q) : answer_of(a, &q);
	a->has[kind] = true;
	answer.part = part;
	answer.of = of;
	tags = json_get(q.llm, "tags");
	i = hash_map_add(&a->keys,
	    key_of(a, kind, part, parent, side_word(json_get(tags, "tenant"), &a->scratch),
		side_word(json_get(tags, "session"), &a->scratch)),
	    &added);
	if (i >= a->room) {
		a->room = a->room ? 2 * a->room : 64;
		a->list = mem_grow(a->list, a->room, sizeof(*a->list));
	}
	if (added || (!a->list[i].text.ptr && answer.text.ptr))
		a->list[i] = answer;
	return true;
}

struct side_answers *
side_read(const char *file)
{
	struct side_answers *a = mem_zero(sizeof(*a));
	struct buf text = { 0 };
	struct json json = { 0 };
	uint64_t number = 0;

	if (!file_read(file, &text))
		diag_die_errno(STATUS_FAILED, "%s", file);
	for (struct slice rest = buf_slice(&text); rest.len;) {
		size_t n = slice_find(rest, '\n');
		struct slice line = slice_trim(slice_take(rest, n));

		number++;
		arena_reset(&a->scratch);
		if (line.len && !add_line(a, &json, line)) {
			diag_repeated("answer", "%s:%" PRIu64 ": no answer to a side request",
			    file, number);
			status_raise(STATUS_REJECTED);
		}
		rest = slice_drop(rest, n + 1);
	}
	json_free(&json);
	buf_free(&text);
	return a;
}

const struct side_answer *
side_find(struct side_answers *a, enum side_kind kind, const struct request *q,
    struct slice parent, uint64_t part)
{
	size_t i;

	arena_reset(&a->scratch);
	i = hash_map_find(&a->keys,
	    key_of(a, kind, part, parent,
		side_word(request_attribute(q, "tenant"), &a->scratch),
		side_word(request_attribute(q, "session"), &a->scratch)));
	/* an answer that is known by its id alone */
	if (i == SIZE_MAX)
		i = hash_map_find(
		    &a->keys, key_of(a, kind, part, parent, SLICE(""), SLICE("")));
	if (i == SIZE_MAX)
		return NULL;
	a->list[i].used = true;
	return &a->list[i];
}

bool
side_has(const struct side_answers *a, enum side_kind kind)
{
	return a->has[kind];
}

void
side_close(struct side_answers *a)
{
	uint64_t strangers = 0;

	for (size_t i = 0; i < a->keys.count; i++)
		strangers += !a->list[i].used;
	if (strangers) {
		diag_warn("%" PRIu64 " answer%s to no request of the input", strangers,
		    strangers == 1 ? " belongs" : "s belong");
		status_raise(STATUS_REJECTED);
	}
	hash_map_free(&a->keys);
	arena_close(&a->arena);
	arena_close(&a->scratch);
	free(a->list);
	free(a);
}
