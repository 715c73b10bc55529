/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/compress.h"

#include "cmd/llm-compress/fold.h"
#include "cmd/llm-compress/whitespace.h"
#include "json/write.h"

const char *const step_names[STEP_COUNT] = { "json", "tables", "whitespace", "blocks" };

void
compress_refuse(struct work *w, const char *step, const char *reason)
{
	for (size_t i = 0; i < w->refused_count; i++)
		if (strcmp(w->refused[i].step, step) == 0 &&
		    strcmp(w->refused[i].reason, reason) == 0)
			return;
	if (w->refused_count < REFUSED_MAX)
		w->refused[w->refused_count++] = (struct refusal){ step, reason };
}

static struct slice
text_of(struct work *w, struct value v)
{
	struct slice text;

	if (json_lone_surrogate(v)) {
		compress_refuse(w, "all", "a text has half of a surrogate pair");
		return (struct slice){ NULL, 0 };
	}
	text = json_string(v, w->arena);
	if (text.len && memchr(text.ptr, '\0', text.len)) {
		compress_refuse(w, "all", "a text has a NUL character");
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
	if (part->kind > PART_RESULT || json_type(part->text) != JSON_STRING)
		return;
	if (w->count == w->room) {
		struct piece *grown;

		w->room = w->room ? 2 * w->room : 16;
		grown = arena_alloc(w->arena, w->room * sizeof(*grown));
		if (w->count)
			memcpy(grown, w->pieces, w->count * sizeof(*grown));
		w->pieces = grown;
	}
	p = &w->pieces[w->count++];
	*p = (struct piece){ .part = *part };
	p->old = text_of(w, part->text);
	p->now = p->old;
}

void
compress_collect(struct work *w, const struct request *q, struct arena *a)
{
	struct json json = w->json;

	*w = (struct work){ .arena = a, .json = json, .api = q->api };
	w->tokenizer =
	    tokenizer_for(json_type(q->model) == JSON_STRING ? request_model(q, a) : SLICE(""));
	request_parts(q, see_part, w);
}

/* The last message of the assistant is the begin of the answer: the model goes on from it. */
static bool
is_prefill(const struct work *w, const struct piece *p)
{
	return p->part.kind == PART_ASSISTANT && p->part.turn == w->last_turn;
}

static uint64_t
count(const struct work *w, struct slice text)
{
	return tokens_text(w->tokenizer, text).count;
}

/* Takes the new text where it is fewer tokens. */
static void
offer(struct work *w, struct piece *p, enum step step, struct slice text)
{
	uint64_t tokens;

	if (slice_eq(text, p->now))
		return;
	if (!p->counted)
		p->tokens = count(w, p->now);
	p->counted = true;
	tokens = count(w, text);
	if (tokens >= p->tokens || !text.len) {
		compress_refuse(w, step_names[step], "no fewer tokens");
		return;
	}
	w->saved[step] += p->tokens - tokens;
	w->ran[step] = true;
	p->tokens = tokens;
	p->now = text;
}

static struct slice
kept(struct work *w, struct buf *b)
{
	struct slice out = arena_copy(w->arena, buf_slice(b));

	buf_free(b);
	return out;
}

/* The shortest form of the value in w->json; *made: it has tables. */
static struct slice
shortest(struct work *w, bool tables, bool *made)
{
	struct buf b = { 0 };

	*made = fold_write(json_root(&w->json), tables, w->arena, &b);
	return kept(w, &b);
}

static bool
scan(struct work *w, struct slice text)
{
	const char *why;
	size_t where;

	if (!text.len || (text.ptr[0] != '{' && text.ptr[0] != '['))
		return false;
	return json_scan(&w->json, text, &why, &where);
}

/* JSON that stands between other lines. */
static struct slice
fold_stretches(struct work *w, struct slice text, bool tables)
{
	struct json_search search;
	struct slice found;
	struct buf out = { 0 };
	const char *from = text.ptr;

	if (!fold_search(&search, text, w->arena))
		return text;
	while (fold_find(&search, &found)) {
		struct slice value;
		bool made;

		if (!scan(w, found))
			continue;
		value = shortest(w, tables, &made);
		if (slice_eq(value, found) || made != tables ||
		    count(w, value) >= count(w, found))
			continue;
		buf_add(&out, slice_of(from, (size_t)(found.ptr - from)));
		buf_add(&out, value);
		from = found.ptr + found.len;
	}
	if (from == text.ptr)
		return text;
	buf_add(&out, slice_of(from, (size_t)(text.ptr + text.len - from)));
	return kept(w, &out);
}

/* Earlier answers keep their form, so that the next one does not copy ours. */
static void
step_json(struct work *w, struct piece *p, enum step step)
{
	bool tables = step == STEP_TABLES, made;
	struct slice value;

	if (p->part.kind == PART_ASSISTANT || (tables && p->part.kind == PART_SYSTEM))
		return;
	if (scan(w, slice_trim(p->now))) {
		value = shortest(w, tables, &made);
		if (made == tables)
			offer(w, p, step, value);
	} else if (p->part.kind != PART_RESULT) {
		offer(w, p, step, fold_stretches(w, p->now, tables));
	}
}

/* What a tool gave back may be a file that is edited by its exact bytes. */
static void
step_whitespace(struct work *w, struct piece *p)
{
	if (p->part.kind != PART_RESULT)
		offer(w, p, STEP_WHITESPACE,
		    whitespace_fold(p->now, w->api == API_COMPLETION, w->arena));
}

static void
step_blocks(struct work *w)
{
	struct blocks *b = blocks_new(w->arena);
	size_t lines = 0;

	for (size_t i = 0; i < w->count; i++) {
		if (w->pieces[i].now.ptr && blocks_referred(w->pieces[i].now)) {
			compress_refuse(w, "blocks", "a text has such a reference already");
			return;
		}
		for (struct slice s = w->pieces[i].now; s.len && lines < 2 * BLOCK_LINES;
		     lines++)
			s = slice_drop(s, slice_find(s, '\n') + 1);
	}
	if (lines < 2 * BLOCK_LINES)
		return;
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (!p->now.ptr || p->part.kind == PART_RESULT)
			continue;
		if (p->part.kind == PART_ASSISTANT)
			blocks_add(b, p->now);
		else
			offer(w, p, STEP_BLOCKS, blocks_fold(b, p->now));
	}
}

static bool
has_tables(const struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct slice s = w->pieces[i].now;

		if (s.len && memmem(s.ptr, s.len, "\"columns\"", 9) &&
		    memmem(s.ptr, s.len, "\"rows\"", 6))
			return true;
	}
	return false;
}

void
compress_request(struct work *w, const struct request *q, struct arena *a)
{
	bool tables;

	compress_collect(w, q, a);
	if (q->api == API_EMBEDDING) {
		compress_refuse(w, "all", "an embedding is made of the text as it is");
		return;
	}
	tables = !has_tables(w);
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (!p->now.ptr || is_prefill(w, p))
			continue;
		step_json(w, p, STEP_JSON);
		if (tables)
			step_json(w, p, STEP_TABLES);
		step_whitespace(w, p);
	}
	if (q->api != API_COMPLETION)
		step_blocks(w);
}

bool
compress_edit(const struct work *w, struct edits *e)
{
	bool any = false;

	for (size_t i = 0; i < w->count; i++) {
		const struct piece *p = &w->pieces[i];
		struct buf b = { 0 };

		if (!p->now.ptr || slice_eq(p->now, p->old))
			continue;
		json_quote(&b, p->now);
		edits_replace(e, p->part.text, arena_copy(w->arena, buf_slice(&b)));
		buf_free(&b);
		any = true;
	}
	return any;
}
