/* SPDX-License-Identifier: MIT */
/* What the steps did, as edits of the record; and taking a step back. */
#include "cmd/llm-compress/work.h"
#include "cmd/llm-compress/annotate.h"
#include "json/write.h"

#include <assert.h>

struct work_mark {
	struct piece *pieces;
	struct message *messages;
	uint64_t tokens;
	struct done done[DONE_MAX];
	size_t done_count, rule_count, cut_count;
	struct slice notes;
};

struct work_mark *
work_mark(const struct work *w)
{
	struct work_mark *m = arena_alloc(w->arena, sizeof(*m));
	size_t pieces = w->count * sizeof(*w->pieces),
	       messages = w->message_count * sizeof(*w->messages);

	*m = (struct work_mark){ .pieces = arena_alloc(w->arena, pieces + 1),
		.messages = arena_alloc(w->arena, messages + 1),
		.tokens = w->tokens,
		.done_count = w->done_count,
		.rule_count = w->rule_count,
		.cut_count = w->cut_count,
		.notes = w->notes };
	if (pieces)
		memcpy(m->pieces, w->pieces, pieces);
	if (messages)
		memcpy(m->messages, w->messages, messages);
	memcpy(m->done, w->done, sizeof(w->done));
	return m;
}

void
work_back(struct work *w, const struct work_mark *m)
{
	if (w->count)
		memcpy(w->pieces, m->pieces, w->count * sizeof(*w->pieces));
	if (w->message_count)
		memcpy(w->messages, m->messages, w->message_count * sizeof(*w->messages));
	memcpy(w->done, m->done, sizeof(w->done));
	w->tokens = m->tokens;
	w->done_count = m->done_count;
	w->rule_count = m->rule_count;
	w->cut_count = m->cut_count;
	w->notes = m->notes;
	w->now = NULL;
}

static bool
inside_gone(const struct work *w, const struct piece *p)
{
	return p->message != NOWHERE && w->messages[p->message].gone;
}

/* The name of the member of the message that holds the piece's text. */
static struct value
member_of(const struct work *w, const struct piece *p)
{
	struct value message = w->messages[p->message].at, name;

	for (name = json_first(message); json_type(name); name = json_next(name))
		if (json_member_value(name).entry == p->part.text.entry)
			break;
	return name;
}

static bool
edit_piece(const struct work *w, const struct piece *p, struct edits *e)
{
	struct buf b = { 0 };

	if (inside_gone(w, p))
		return false;
	if (p->gone) {
		edits_remove(e, json_type(p->part.block) ? p->part.block : member_of(w, p));
		return true;
	}
	if (!p->now.ptr || slice_eq(p->now, p->old))
		return false;
	json_quote(&b, p->now);
	edits_replace(e, p->part.text, arena_copy(w->arena, buf_slice(&b)));
	buf_free(&b);
	return true;
}

bool
work_edit(const struct work *w, struct edits *e)
{
	struct value list = request_messages(w->request);
	bool any = w->cut_count > 0;

	for (size_t i = 0; i < w->cut_count; i++)
		edits_remove(e, w->cut[i]);
	for (size_t i = 0; i < w->message_count; i++) {
		const struct message *m = &w->messages[i];

		if (m->before.ptr)
			edits_insert(e, list, m->at, m->before);
		if (m->gone)
			edits_remove(e, m->at);
		any |= m->gone || m->before.ptr;
	}
	for (size_t i = 0; i < w->count; i++)
		any |= edit_piece(w, &w->pieces[i], e);
	return any;
}

bool
work_differs(const struct work *w)
{
	if (w->cut_count)
		return true;
	for (size_t i = 0; i < w->message_count; i++)
		if (w->messages[i].gone || w->messages[i].before.ptr)
			return true;
	for (size_t i = 0; i < w->count; i++)
		if (w->pieces[i].gone ||
		    (w->pieces[i].now.ptr && !slice_eq(w->pieces[i].now, w->pieces[i].old)))
			return true;
	return false;
}

bool
work_changed(const struct work *w)
{
	for (size_t i = 0; i < w->done_count; i++)
		if (w->done[i].changed)
			return true;
	return false;
}

void
work_reset(struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		w->pieces[i].now = w->pieces[i].old;
		w->pieces[i].gone = w->pieces[i].counted = false;
	}
	for (size_t i = 0; i < w->message_count; i++) {
		w->messages[i].gone = false;
		w->messages[i].before = (struct slice){ NULL, 0 };
	}
	w->tokens = w->before.count;
	w->done_count = w->rule_count = w->cut_count = 0;
	w->notes = SLICE("");
	w->unfolded = false;
}

bool
work_edited(struct work *w, struct request *q)
{
	struct edits e = { 0 };
	struct buf text = { 0 };
	const char *why;
	size_t where;
	bool fine = work_edit(w, &e);

	if (fine) {
		edits_apply(&e, w->request->json, &text);
		fine = json_scan(
			   &w->again, arena_copy(w->arena, buf_slice(&text)), &why, &where) &&
		       request_read(&w->again, q);
	}
	edits_free(&e);
	buf_free(&text);
	return fine;
}

/* An estimate of a whole is not the sum of its parts, and a message has a frame. */
void
work_recount(struct work *w)
{
	struct request q;

	w->counted =
	    work_edited(w, &q) ? tokens_request(w->tokenizer, &q, w->arena) : w->before;
	w->tokens = w->counted.count;
}

bool
work_has_run(const struct work *w)
{
	return w->changed_before || annotated(w->request, w->now->name);
}

bool
work_did(const struct work *w, const char *step)
{
	for (size_t i = 0; i < w->done_count; i++)
		if (w->done[i].changed && strcmp(w->done[i].name, step) == 0)
			return true;
	return annotated(w->request, step);
}

void
work_begin(struct work *w, const char *name)
{
	size_t i = 0;

	while (i < w->done_count && strcmp(w->done[i].name, name) != 0)
		i++;
	assert(i < DONE_MAX);
	w->at_begin = w->tokens;
	w->now = &w->done[i];
	if (i == w->done_count) {
		w->done_count++;
		*w->now = (struct done){ .name = name };
	}
	w->saved_before = w->now->saved;
	w->changed_before = w->now->changed;
	w->now->changed = false;
}

bool
work_end(struct work *w, bool whole)
{
	struct done *d = w->now;
	bool changed = d->changed;

	w->now = NULL;
	if (changed && whole) {
		work_recount(w);
		d->saved =
		    w->saved_before + (w->at_begin > w->tokens ? w->at_begin - w->tokens : 0);
	}
	d->changed |= w->changed_before;
	if (!d->changed)
		w->done_count--;
	return changed;
}
