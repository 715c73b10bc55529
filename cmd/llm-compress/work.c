/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/work.h"

#include "cmd/llm-compress/marks.h"
#include "cmd/llm-compress/shape.h"
#include "cmd/llm-compress/undo.h"
#include "json/write.h"

void
work_refuse_as(struct work *w, const char *step, const char *reason)
{
	for (size_t i = 0; i < w->refused_count; i++)
		if (strcmp(w->refused[i].step, step) == 0 &&
		    strcmp(w->refused[i].reason, reason) == 0)
			return;
	if (w->refused_count < REFUSED_MAX)
		w->refused[w->refused_count++] = (struct refusal){ step, reason };
}

void
work_refuse(struct work *w, const char *reason)
{
	work_refuse_as(w, w->now ? w->now->name : "all", reason);
}

static struct slice
text_of(struct work *w, struct value v)
{
	struct slice text;

	if (json_lone_surrogate(v)) {
		work_refuse(w, "a text has half of a surrogate pair");
		return (struct slice){ NULL, 0 };
	}
	text = json_string(v, w->arena);
	if (text.len && memchr(text.ptr, '\0', text.len)) {
		work_refuse(w, "a text has a NUL character");
		return (struct slice){ NULL, 0 };
	}
	return text;
}

static void
see_part(void *context, const struct part *part)
{
	struct work *w = context;
	struct piece *p;

	if (part->turn > w->last_turn)
		w->last_turn = part->turn;
	w->pieces = arena_more(w->arena, w->pieces, w->count, &w->room, sizeof(*w->pieces));
	p = &w->pieces[w->count++];
	*p = (struct piece){ .part = *part, .message = NOWHERE };
	if (part->kind <= PART_RESULT && json_type(part->text) == JSON_STRING)
		p->old = text_of(w, part->text);
	p->now = p->old;
}

static void
read_messages(struct work *w)
{
	struct value list = request_messages(w->request);
	size_t n = json_type(list) == JSON_ARRAY ? json_length(list) : 0, i = 0;

	w->messages = arena_zero(w->arena, n + 1, sizeof(*w->messages));
	w->message_count = n;
	for (struct value v = n ? json_first(list) : (struct value){ 0 }; json_type(v);
	     v = json_next(v), i++)
		w->messages[i] = (struct message){
			.at = v, .role = shape_role(w->api, v), .first = w->count
		};
}

static void
join_pieces(struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];
		struct message *m;

		if (!w->message_count || !json_type(p->part.message))
			continue;
		p->message = p->part.turn;
		m = &w->messages[p->message];
		if (!m->count++)
			m->first = i;
	}
}

static bool
says(const struct work *w, const struct message *m, struct slice begin)
{
	return m->count && slice_starts(w->pieces[m->first].now, begin);
}

/* Which messages begin a turn, and which we put in ourselves. */
static void
find_turns(struct work *w)
{
	for (size_t i = 0; i < w->message_count; i++) {
		struct message *m = &w->messages[i];

		if (m->role == ROLE_USER && says(w, m, SLICE(MARK_MEMORY)))
			m->pinned = true;
		else if (i && w->messages[i - 1].pinned && m->role == ROLE_ASSISTANT &&
			 says(w, m, SLICE(MARK_NOTED)))
			m->pinned = true;
		else if (m->role == ROLE_USER)
			m->starts = true;
		if (m->starts)
			w->last = i;
	}
}

static struct slice
last_of_user(const struct work *w)
{
	for (size_t i = w->count; i-- > 0;) {
		const struct piece *p = &w->pieces[i];

		if (p->part.kind == PART_USER && p->now.len &&
		    (!w->message_count || p->message == w->last))
			return p->now;
	}
	return SLICE("");
}

void
work_ask(struct work *w)
{
	struct value v =
	    settings.query ? path_get(settings.query, w->request->root) : (struct value){ 0 };

	w->asked = json_type(v) == JSON_STRING;
	/* what an earlier pass folded is asked as it was */
	w->question = undo_text(w, w->asked ? json_string(v, w->arena) : last_of_user(w));
	if (settings.query && !w->asked)
		work_refuse_as(w, "query", "no text stands where '--query' looks");
}

/* The whole, and each text of its own on the way. */
static void
count_all(struct work *w)
{
	uint64_t *each = arena_alloc(w->arena, (w->count + 1) * sizeof(*each));

	w->before = tokens_request_each(w->tokenizer, w->request, w->arena, each);
	for (size_t i = 0; i < w->count && w->before.count; i++) {
		struct piece *p = &w->pieces[i];

		p->counted = p->now.ptr && each[i] != TOKENS_UNTOLD;
		p->tokens = p->counted ? each[i] : 0;
	}
}

void
work_read(struct work *w, const struct request *q, struct arena *a)
{
	struct json json = w->json, again = w->again;

	*w = (struct work){ .arena = a,
		.json = json,
		.again = again,
		.request = q,
		.api = q->api,
		.last = NOWHERE,
		.target = UINT64_MAX };
	w->model = json_type(q->model) == JSON_STRING ? request_model(q, a) : SLICE("");
	w->tokenizer = tokenizer_for(w->model);
	w->adds_up = tokenizer_encoding(w->tokenizer) && !tokenizer_learns(w->tokenizer);
	request_parts(q, see_part, w);
	read_messages(w);
	join_pieces(w);
	find_turns(w);
	work_ask(w);
	count_all(w);
	w->counted = w->before;
	w->tokens = w->base = w->before.count;
}

void
work_free(struct work *w)
{
	json_free(&w->json);
	json_free(&w->again);
}

uint64_t
work_count(const struct work *w, struct slice text)
{
	return tokens_text(w->tokenizer, text).count;
}

uint64_t
work_piece_tokens(struct work *w, struct piece *p)
{
	struct slice text = p->now;

	if (p->counted)
		return p->tokens;
	if (!text.ptr && json_type(p->part.text) == JSON_STRING)
		text = json_string(p->part.text, w->arena);
	else if (!text.ptr)
		text = json_raw(json_type(p->part.text) ? p->part.text : p->part.block);
	p->tokens = text.ptr ? work_count(w, text) : 0;
	p->counted = true;
	return p->tokens;
}

uint64_t
work_message_tokens(struct work *w, const struct message *m)
{
	uint64_t n = 4; /* what begins and ends it, and its role */

	for (size_t i = m->first; i < m->first + m->count; i++)
		if (!w->pieces[i].gone)
			n += work_piece_tokens(w, &w->pieces[i]);
	return n;
}

/* The last message of the assistant is the begin of the answer: the model goes on from it. */
static bool
is_prefill(const struct work *w, const struct piece *p)
{
	return p->part.kind == PART_ASSISTANT && p->part.turn == w->last_turn;
}

static bool
is_last_of_user(const struct work *w, const struct piece *p)
{
	return p->part.kind == PART_USER && (!w->message_count || p->message == w->last);
}

bool
work_gone(const struct work *w, const struct piece *p)
{
	return p->gone || (p->message != NOWHERE && w->messages[p->message].gone);
}

bool
work_may(const struct work *w, const struct piece *p, bool lossy)
{
	if (!p->now.ptr || work_gone(w, p) || is_prefill(w, p))
		return false;
	if (lossy && p->message != NOWHERE && w->messages[p->message].pinned)
		return false;
	return !lossy || !w->ladder || w->asked || !is_last_of_user(w, p);
}

#define SHORT_TURN 250 /* tokens */

bool
work_may_cut(struct work *w, struct piece *p)
{
	bool talk = p->message != NOWHERE && p->message < w->last && w->last != NOWHERE &&
		    (p->part.kind == PART_USER || p->part.kind == PART_ASSISTANT);

	if (!work_may(w, p, true))
		return false;
	return !talk || !w->ladder || w->asked || work_piece_tokens(w, p) > SHORT_TURN;
}

bool
work_offer(struct work *w, struct piece *p, struct slice text)
{
	return !slice_eq(text, p->now) && work_offer_counted(w, p, text, work_count(w, text));
}

bool
work_offer_counted(struct work *w, struct piece *p, struct slice text, uint64_t tokens)
{
	uint64_t old;

	if (slice_eq(text, p->now))
		return false;
	old = work_piece_tokens(w, p);
	if (tokens >= old || !text.len) {
		work_refuse(w, "no fewer tokens");
		return false;
	}
	w->now->saved += old - tokens;
	w->now->changed = true;
	w->tokens -= w->tokens < old - tokens ? w->tokens : old - tokens;
	p->tokens = tokens;
	p->now = text;
	return true;
}

void
work_remove(struct work *w, struct message *m)
{
	m->gone = true;
	w->now->changed = true;
}

bool
work_take_out(struct work *w, struct piece *p)
{
	struct message *m = p->message == NOWHERE ? NULL : &w->messages[p->message];
	size_t left = 0;

	if (!m)
		return false;
	for (size_t i = m->first; i < m->first + m->count; i++)
		left += !w->pieces[i].gone;
	if (left < 2 || (json_type(p->part.block) && w->api == API_GEMINI &&
			    json_type(json_get(m->at, "parts")) != JSON_ARRAY))
		return false;
	p->gone = true;
	w->now->changed = true;
	return true;
}

void
work_cut(struct work *w, struct value v)
{
	w->cut = arena_more(w->arena, w->cut, w->cut_count, &w->cut_room, sizeof(*w->cut));
	w->cut[w->cut_count++] = v;
	w->now->changed = true;
}

void
work_insert(struct work *w, size_t i, struct slice raw)
{
	w->messages[i].before = raw;
	w->now->changed = true;
}

uint64_t
work_excess(const struct work *w)
{
	return w->tokens > w->target ? w->tokens - w->target : 0;
}

void
work_rule(struct work *w, struct slice name, uint64_t count, uint64_t saved)
{
	for (size_t i = 0; i < w->rule_count; i++)
		if (w->rules[i].of == w->now && slice_eq(w->rules[i].name, name)) {
			w->rules[i].count += count;
			w->rules[i].saved += saved;
			return;
		}
	w->rules =
	    arena_more(w->arena, w->rules, w->rule_count, &w->rule_room, sizeof(*w->rules));
	w->rules[w->rule_count++] =
	    (struct rule){ .name = name, .count = count, .saved = saved, .of = w->now };
}

void
work_note(struct work *w, const char *name, struct slice raw)
{
	w->notes = arena_printf(
	    w->arena, "%.*s,\"%s\":%.*s", SLICE_ARG(w->notes), name, SLICE_ARG(raw));
}

bool
work_protected(struct slice text)
{
	for (struct pattern **p = settings.protect; p && *p; p++)
		if (pattern_search(*p, text, NULL, NULL) != PATTERN_MISSED)
			return true;
	return false;
}

struct slice
work_keep(struct work *w, struct buf *b)
{
	struct slice out = arena_copy(w->arena, buf_slice(b));

	buf_free(b);
	return out;
}
