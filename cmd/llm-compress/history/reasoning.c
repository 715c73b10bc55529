/* SPDX-License-Identifier: MIT */
/* Reasoning of old turns, and of answers. An open tool loop needs its own: Anthropic's signed
 * thinking, OpenAI's reasoning items, Gemini's signatures go back unchanged until it ends. */
#include "cmd/llm-compress/commands.h"
#include "cmd/llm-compress/history/history.h"
#include "json/write.h"

static bool
is_thinking(const struct part *p)
{
	return p->kind == PART_THINKING ||
	       (p->kind == PART_OTHER &&
		   json_is(json_get(p->block, "type"), "redacted_thinking"));
}

/* Behind <think> … </think> at the begin of a text; the text itself where there is none. */
static struct slice
behind_think(struct slice text)
{
	struct slice s = slice_trim(text);
	const char *end;

	if (!slice_starts(s, SLICE("<think>")))
		return text;
	end = memmem(s.ptr, s.len, "</think>", 8);
	return end ? slice_trim(slice_drop(s, (size_t)(end - s.ptr) + 8)) : text;
}

/* An item that was stored by the provider must stand behind its reasoning. */
static bool
is_wanted(const struct work *w, size_t i)
{
	return i + 1 < w->message_count &&
	       json_type(json_get(w->messages[i + 1].at, "id")) == JSON_STRING;
}

static void
strip_items(struct work *w)
{
	for (size_t i = 0; i < w->last; i++) {
		struct message *m = &w->messages[i];

		if (m->gone || !json_is(json_get(m->at, "type"), "reasoning"))
			continue;
		if (is_wanted(w, i))
			work_refuse(w, "the item behind it has an id and wants its reasoning");
		else
			work_remove(w, m);
	}
}

void
reasoning_run(struct work *w)
{
	if (w->last == NOWHERE)
		return;
	if (w->api == API_RESPONSES)
		strip_items(w);
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (p->message == NOWHERE || p->message >= w->last || p->gone ||
		    w->messages[p->message].gone || w->api == API_RESPONSES)
			continue;
		if (is_thinking(&p->part))
			work_take_out(w, p);
		else if (p->part.kind == PART_ASSISTANT && p->now.ptr)
			work_offer(w, p, behind_think(p->now));
	}
}

struct answer {
	struct edits *edits;
	struct arena *arena;
	bool calls;  /* it asks for tools: the loop is open */
	size_t kept; /* parts that are none of it */
	bool any;
};

static void
look(void *context, const struct part *p)
{
	struct answer *a = context;

	a->calls |= p->kind == PART_CALL;
	a->kept += !is_thinking(p);
}

static void
remove_member(struct answer *a, struct value message, struct value text)
{
	for (struct value n = json_first(message); json_type(n); n = json_next(n))
		if (json_member_value(n).entry == text.entry) {
			edits_remove(a->edits, n);
			a->any = true;
		}
}

static void
strip(void *context, const struct part *p)
{
	struct answer *a = context;
	struct slice text;

	if (is_thinking(p)) {
		if (json_is(json_get(p->message, "type"), "reasoning"))
			return;
		if (json_type(p->block))
			edits_remove(a->edits, p->block);
		else
			remove_member(a, p->message, p->text);
		a->any = true;
	} else if (p->kind == PART_ASSISTANT && json_type(p->text) == JSON_STRING &&
		   !json_lone_surrogate(p->text)) {
		struct buf b = { 0 };

		text = json_string(p->text, a->arena);
		if (slice_eq(behind_think(text), text) || !behind_think(text).len)
			return;
		json_quote(&b, behind_think(text));
		edits_replace(a->edits, p->text, arena_copy(a->arena, buf_slice(&b)));
		buf_free(&b);
		a->any = true;
	}
}

enum verdict
answer_strip(const struct request *q, struct record *r)
{
	struct answer a = { .edits = r->edits, .arena = r->arena };
	struct value output = json_get(q->answer, "output");

	if (json_type(q->answer) != JSON_OBJECT)
		return PASS;
	answer_parts(q, look, &a);
	if (a.calls || !a.kept)
		return PASS;
	answer_parts(q, strip, &a);
	for (struct value i =
		 json_first(json_type(output) == JSON_ARRAY ? output : (struct value){ 0 });
	     json_type(i); i = json_next(i))
		if (json_is(json_get(i, "type"), "reasoning")) {
			edits_remove(r->edits, i);
			a.any = true;
		}
	return a.any ? EDIT : PASS;
}
