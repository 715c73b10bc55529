/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/side/talk.h"

#include "cmd/llm-compress/history/history.h"
#include "cmd/llm-compress/marks.h"
#include "cmd/llm-compress/shape.h"
#include "json/write.h"

#define TURNS 10 /* what --keep-turns is where it is not given */

static const char summary_task[] =
    "Summarize this conversation for the assistant who goes on with it, in 200 to 400 words. "
    "Keep what was decided, what was asked and is still open, and every name, number, date, "
    "path and identifier as it is written. Reply with the summary alone.";
static const char facts_task[] =
    "List the stable facts that this conversation tells about the user and the matter, as one "
    "JSON object of short snake_case names and string values. A value that changed has its "
    "last "
    "one; a fact that no longer holds is null. Leave out what will not matter later. Reply "
    "with "
    "the JSON object alone.";

/* The text of the message that an earlier apply put in, without our mark. */
static struct slice
pinned_text(const struct work *w)
{
	for (size_t i = 0; i < w->message_count; i++)
		if (w->messages[i].pinned && w->messages[i].role == ROLE_USER)
			return slice_drop(
			    w->pieces[w->messages[i].first].now, sizeof(MARK_MEMORY) - 1);
	return SLICE("");
}

/* What leaves the window, and what stands for some of it already. */
struct leaving {
	size_t cut;          /* the first message that stays; 0: nothing leaves */
	size_t from;         /* the first message that no summary stands for */
	struct slice before; /* the summary so far; "" if there is none */
};

/* r: NULL without a memory. */
static struct leaving
leaving_of(struct work *w, const struct remembered *r)
{
	struct leaving l = { .before = SLICE("") };
	uint64_t covered = r ? memory_covers(r, w) : 0;

	if (w->last == NOWHERE)
		return l;
	l.cut = history_window(
	    w, settings.keep_turns == SETTING_NONE ? TURNS : settings.keep_turns);
	l.before = pinned_text(w);
	if (covered && !l.before.len) {
		l.from = (size_t)covered;
		l.before = r->summary;
	}
	return l;
}

/* Is there something in front of the cut that is neither system text nor ours? */
static bool
any_between(const struct work *w, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (w->messages[i].role != ROLE_SYSTEM && !w->messages[i].pinned)
			return true;
	return false;
}

bool
talk_ask_summary(struct work *w, const struct remembered *r, struct side_request *out)
{
	struct leaving l = leaving_of(w, r);
	struct slice script;

	if (!any_between(w, l.from, l.cut) || !history_sound(w))
		return false;
	script = side_script(w, l.from, l.cut);
	out->kind = SIDE_SUMMARY;
	out->system = slice_z(summary_task);
	out->user = l.before.len ? arena_printf(w->arena,
				       "The summary so far:\n%.*s\n\nWhat was said then:\n%.*s",
				       SLICE_ARG(l.before), SLICE_ARG(script))
				 : script;
	return true;
}

static struct slice
facts_text(const struct remembered *r, bool json, struct arena *a)
{
	struct buf b = { 0 };
	struct slice out;

	for (size_t i = 0; r && i < r->fact_count; i++) {
		const struct fact *f = &r->facts[i];
		struct slice value = f->value;

		if (!json && value.len > 1 && value.ptr[0] == '"' &&
		    !memchr(value.ptr, '\\', value.len))
			value = slice_of(value.ptr + 1, value.len - 2);
		buf_printf(&b, "%s%.*s: ", b.len ? "; " : "", SLICE_ARG(f->name));
		buf_add(&b, value);
	}
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}

bool
talk_ask_facts(struct work *w, const struct remembered *r, struct side_request *out)
{
	struct slice script, known = facts_text(r, true, w->arena);

	if (!any_between(w, 0, w->message_count))
		return false;
	script = side_script(w, 0, w->message_count);
	out->kind = SIDE_FACTS;
	out->system = slice_z(facts_task);
	out->user = known.len ? arena_printf(w->arena, "Known so far: %.*s\n\n%.*s",
				    SLICE_ARG(known), SLICE_ARG(script))
			      : script;
	return true;
}

/* A model likes to put its JSON into a fence. */
static struct slice
object_in(struct slice text)
{
	size_t from = slice_find(text, '{');

	while (text.len && text.ptr[text.len - 1] != '}')
		text.len--;
	return slice_drop(text, from);
}

static bool
learn(struct work *w, struct memory *m, struct remembered *r, struct slice text)
{
	struct value root;
	const char *why;
	size_t where;

	if (!json_scan(&w->json, object_in(text), &why, &where) ||
	    json_type(root = json_root(&w->json)) != JSON_OBJECT)
		return false;
	for (struct value n = json_first(root); json_type(n); n = json_next(n)) {
		struct value v = json_member_value(n);

		if (json_type(v) != JSON_OBJECT && json_type(v) != JSON_ARRAY)
			memory_fact(m, r, json_string(n, w->arena), json_raw(v));
	}
	return true;
}

/* What stands for the messages that leave. */
static struct slice
memory_text(struct work *w, struct slice summary, struct slice facts)
{
	return arena_printf(w->arena, MARK_MEMORY "%.*s%s%s%.*s", SLICE_ARG(summary),
	    summary.len && facts.len ? "\n" : "", facts.len ? "Known facts: " : "",
	    SLICE_ARG(facts));
}

static struct slice
messages_of(struct work *w, struct slice text)
{
	struct buf b = { 0 };

	shape_write(w->api, false, text, &b);
	buf_add_byte(&b, ',');
	shape_write(w->api, true, SLICE(MARK_NOTED), &b);
	return work_keep(w, &b);
}

static void
replace(struct work *w, size_t cut, struct slice text)
{
	for (size_t i = 0; i < cut; i++)
		if (w->messages[i].role != ROLE_SYSTEM)
			work_remove(w, &w->messages[i]);
	work_insert(w, cut, messages_of(w, text));
}

/* Where the new summary cannot be used, that of the memory still stands for what it covers. */
static struct slice
usable(struct work *w, const struct side_answer *answer, const struct leaving *l, size_t *cut)
{
	if (answer && answer->text.ptr)
		return answer->text;
	work_refuse(w, answer ? answer->why : "no answer came for it");
	if (l->from && l->from <= l->cut) {
		*cut = l->from;
		return l->before;
	}
	return SLICE("");
}

void
talk_apply(struct work *w, struct memory *m, struct remembered *r,
    const struct side_answer *summary, const struct side_answer *facts)
{
	struct leaving l;
	struct slice text = SLICE(""), known;
	size_t cut;
	uint64_t old = 0;

	if (facts && !facts->text.ptr)
		work_refuse(w, facts->why);
	if (facts && facts->text.ptr && r && !learn(w, m, r, facts->text))
		work_refuse(w, "the answer is no JSON object");
	l = leaving_of(w, r);
	cut = l.cut;
	if (!any_between(w, 0, cut) || !history_sound(w))
		return;
	known = facts_text(r, false, w->arena);
	if (any_between(w, l.from, l.cut) || !l.from)
		text = summary || !known.len ? usable(w, summary, &l, &cut) : SLICE("");
	else
		text = l.before; /* all that leaves is in the summary already */
	if (!text.len && !known.len)
		return;
	for (size_t i = 0; i < cut; i++)
		if (w->messages[i].role != ROLE_SYSTEM)
			old += work_message_tokens(w, &w->messages[i]);
	if (work_count(w, memory_text(w, text, known)) + 8 >= old) {
		work_refuse(w, "it is no shorter than what it stands for");
		return;
	}
	if (r && summary && summary->text.ptr)
		memory_summary(m, r, w, cut, text);
	replace(w, cut, memory_text(w, text, known));
}
