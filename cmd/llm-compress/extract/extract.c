/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/extract/extract.h"

#include "base/ascii.h"
#include "rank/score.h"

#define LEAST 40 /* tokens: a text of fewer stays whole */
#define ROUNDS 8

struct extract {
	struct work *w;
	struct units units;
	struct extract_texts texts;
	uint64_t tokens; /* of these texts */
	bool *keep;
	uint64_t *cost;
	float *score;
	struct rank_order order;
	struct slice *out; /* the new texts, at the last of their stretches */
	uint64_t *left;    /* and their tokens */
};

static bool
is_last_of_user(const struct work *w, const struct piece *p)
{
	return p->part.kind == PART_USER && (!w->message_count || p->message == w->last);
}

/* Equal but for blanks, which a pass may have folded in one of them alone. */
static bool
same_words(struct slice a, struct slice b)
{
	for (;; a = slice_drop(a, 1), b = slice_drop(b, 1)) {
		while (a.len && ascii_blank(a.ptr[0]))
			a = slice_drop(a, 1);
		while (b.len && ascii_blank(b.ptr[0]))
			b = slice_drop(b, 1);
		if (!a.len || !b.len || a.ptr[0] != b.ptr[0])
			return !a.len && !b.len;
	}
}

/* Texts of the user, of tools, and old answers; not a text that --query's question is. */
static bool
may_extract(struct work *w, struct piece *p, struct slice question)
{
	return work_may_cut(w, p) &&
	       (p->part.kind == PART_USER || p->part.kind == PART_RESULT ||
		   p->part.kind == PART_ASSISTANT) &&
	       !(w->asked && same_words(p->now, question)) && work_piece_tokens(w, p) >= LEAST;
}

/* The stretches of one text, and what of it stays in any case. */
static void
add_text(struct extract *x, struct piece *p, struct slice question)
{
	struct work *w = x->w;
	size_t from = x->texts.count, first = x->units.count, last;

	if (!extract_add(w, &x->units, &x->texts, p))
		return;
	last = x->units.count;
	x->tokens += work_piece_tokens(w, p);
	if (is_last_of_user(w, p) &&
	    !(from + 1 == x->texts.count && x->texts.list[from].json.ptr))
		extract_pin_task(&x->units, first, last, question);
	if (settings.protect && *settings.protect)
		for (size_t i = first; i < last; i++)
			x->units.list[i].pinned |= work_protected(x->units.list[i].text);
}

/* What each unit costs, by its share of the bytes of its text. */
static void
guess_costs(struct extract *x)
{
	x->cost = arena_alloc(x->w->arena, (x->units.count + 1) * sizeof(*x->cost));
	for (size_t k = 0; k < x->texts.count; k++) {
		const struct extract_text *t = &x->texts.list[k];
		uint64_t tokens = work_piece_tokens(x->w, t->piece);
		uint64_t bytes = t->piece->now.len;

		for (size_t i = t->first; i < t->last; i++)
			x->cost[i] =
			    ((x->units.list[i].text.len + 1) * tokens + bytes / 2) / bytes;
	}
}

/* Tokens of the units that are kept, each with the blank before it. */
static void
count_costs(struct extract *x)
{
	for (size_t k = 0; k < x->texts.count; k++) {
		const struct extract_text *t = &x->texts.list[k];

		for (size_t i = t->first; i < t->last; i++) {
			struct slice s = x->units.list[i].text;

			if (!x->keep[i])
				continue;
			if (s.ptr > t->text.ptr && !t->json.ptr)
				s = slice_of(s.ptr - 1, s.len + 1);
			x->cost[i] = work_count(x->w, s) + (t->json.ptr != NULL);
		}
	}
}

static void
write_text(struct extract *x, const struct extract_text *t, struct buf *b)
{
	if (t->json.ptr)
		buf_add(b, extract_write_records(&x->units, t->first, t->last, x->keep, t->json,
			       &x->w->json, x->w->arena));
	else
		rank_write(&x->units, t->first, t->last, x->keep, t->text, b);
}

static uint64_t
write_texts(struct extract *x)
{
	struct buf b = { 0 };
	uint64_t sum = 0;

	for (size_t k = 0; k < x->texts.count; k++) {
		const struct extract_text *t = &x->texts.list[k];
		const char *end = t->text.ptr + t->text.len;

		write_text(x, t, &b);
		if (t->more) {
			buf_add(&b, slice_of(end, (size_t)(t[1].text.ptr - end)));
			continue;
		}
		x->out[k] = arena_copy(x->w->arena, buf_slice(&b));
		sum += x->left[k] = work_count(x->w, x->out[k]);
		buf_clear(&b);
	}
	buf_free(&b);
	return sum;
}

/* Only units that may come into the choice are counted. Then for less and less, until the texts
 * as they are written fit. */
static void
choose(struct extract *x, uint64_t budget, float diverse)
{
	struct rank_budget b = { .cost = x->cost,
		.mark = work_count(x->w, SLICE(" " RANK_MARK "\n")),
		.diverse = diverse };
	uint64_t want = budget;

	b.total = budget + budget / 4;
	rank_choose(&x->units, &x->order, &b, x->keep);
	count_costs(x);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t got, over;

		b.total = want;
		rank_choose(&x->units, &x->order, &b, x->keep);
		got = write_texts(x);
		/* a little less may be the same choice: each time for twice as much */
		over = got > budget ? (got - budget) << round : 0;
		if (!over || want <= over)
			return;
		want -= over;
	}
}

/* The share of all that speaks for the units which stays; 1 where nothing does. */
static float
told(const struct extract *x)
{
	double all = 0, kept = 0;

	for (size_t i = 0; i < x->units.count; i++) {
		all += (double)x->score[i];
		kept += x->keep[i] ? (double)x->score[i] : 0;
	}
	return all > 0 ? (float)(kept / all) : 1;
}

#define MILLION 1000000.f

/* Tokens, about, of the best units that tell so much; at least `least`. */
static uint64_t
budget_for(struct extract *x, uint64_t least, float floor, float diverse)
{
	struct rank_budget b = { .cost = x->cost, .diverse = diverse };
	uint64_t most = x->tokens;

	while (most > least + most / 64 + 1) {
		b.total = least + (most - least) / 2;
		rank_choose(&x->units, &x->order, &b, x->keep);
		if (told(x) < floor)
			least = b.total;
		else
			most = b.total;
	}
	return most;
}

/* Chooses for the budget, or for more where --floor wants it. */
static void
choose_above_floor(struct extract *x, uint64_t budget, float diverse)
{
	float floor = (float)settings.floor / MILLION;

	budget = budget_for(x, budget, floor, diverse);
	choose(x, budget, diverse);
	while (told(x) < floor && budget < x->tokens) {
		budget += budget / 32 + 1;
		choose(x, budget, diverse);
	}
	work_note(x->w, "extracted",
	    arena_printf(x->w->arena, "{\"relevance_kept\":%.3f}", (double)told(x)));
}

/* Whether the last message of the user has a text that none of the choice is made of. */
static bool
says_more(const struct extract *x)
{
	const struct work *w = x->w;

	for (size_t i = 0; i < w->count; i++) {
		bool chosen = !is_last_of_user(w, &w->pieces[i]) || !w->pieces[i].now.len;

		for (size_t k = 0; k < x->texts.count && !chosen; k++)
			chosen = x->texts.list[k].piece == &w->pieces[i];
		if (!chosen)
			return true;
	}
	return false;
}

/* The last message of the user says something: where no unit of it is in the choice, the best is
 * pinned. True if one was. */
static bool
pin_best(struct extract *x)
{
	size_t best = SIZE_MAX;

	for (size_t k = 0; k < x->texts.count; k++) {
		const struct extract_text *t = &x->texts.list[k];

		for (size_t i = t->first; is_last_of_user(x->w, t->piece) && i < t->last; i++) {
			enum unit_kind kind = x->units.list[i].kind;

			if (slice_eq(x->units.list[i].text, SLICE(RANK_MARK)) ||
			    kind == UNIT_HEADING || kind == UNIT_END)
				continue;
			if (x->keep[i])
				return false;
			if (best == SIZE_MAX || x->score[i] > x->score[best])
				best = i;
		}
	}
	if (best == SIZE_MAX || says_more(x))
		return false;
	x->units.list[best].pinned = true;
	return true;
}

static void
offer(struct extract *x)
{
	struct work *w = x->w;
	uint64_t out = 0, saved = 0;
	size_t first = 0; /* unit of this piece */

	for (size_t k = 0; k < x->texts.count; k++) {
		const struct extract_text *t = &x->texts.list[k];
		uint64_t before = work_piece_tokens(w, t->piece);

		if (t->more)
			continue;
		if (work_offer_counted(w, t->piece, x->out[k], x->left[k])) {
			saved += before - work_piece_tokens(w, t->piece);
			for (size_t i = first; i < t->last; i++)
				out += !x->keep[i];
		}
		first = t->last;
	}
	if (out)
		work_rule(w, SLICE("units left out"), out, saved);
}

void
extract_run(struct work *w)
{
	struct extract x = { .w = w, .units = { .arena = w->arena } };
	struct slice question = extract_question(w->question);
	const struct rank_weights *weights;
	uint64_t excess = work_excess(w), budget;

	if (!excess)
		return;
	if (!question.len) {
		work_refuse(w, "there is no question to choose by");
		return;
	}
	/* a share of a share would be less than the floor */
	if (settings.floor != SETTING_NONE && work_has_run(w)) {
		work_refuse(w, "done in an earlier pass");
		return;
	}
	for (size_t i = 0; i < w->count; i++)
		if (may_extract(w, &w->pieces[i], question))
			add_text(&x, &w->pieces[i], question);
	if (!x.texts.count)
		return;
	budget = x.tokens > excess ? x.tokens - excess : 0;
	guess_costs(&x);
	weights = rank_weights_for(&x.units);
	x.score = arena_alloc(w->arena, (x.units.count + 1) * sizeof(*x.score));
	x.keep = arena_zero(w->arena, x.units.count + 1, 1);
	x.out = arena_zero(w->arena, x.texts.count + 1, sizeof(*x.out));
	x.left = arena_zero(w->arena, x.texts.count + 1, sizeof(*x.left));
	rank_score(&x.units, question, weights, embed_table(), x.score);
	x.order = rank_order(&x.units, x.score);
	if (settings.floor == SETTING_NONE)
		choose(&x, budget, weights->diverse);
	else
		choose_above_floor(&x, budget, weights->diverse);
	if (pin_best(&x))
		choose(&x, budget, weights->diverse);
	offer(&x);
}
