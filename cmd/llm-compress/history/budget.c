/* SPDX-License-Identifier: MIT */
/* Old turns under a budget: the best by recency times relevance stay, in order. */
#include <math.h>
#include <stdlib.h>

#include "cmd/llm-compress/history/history.h"
#include "rank/score.h"

#define HALF_LIFE 12.0 /* turns after which a turn counts half */
#define FLOOR 0.15     /* what a turn is worth that says nothing to the question */
#define ROUNDS 4       /* an estimate of a whole is not the sum of its parts */

struct turn {
	size_t first, last; /* messages; last is exclusive */
	uint64_t tokens;
	double score;
	bool named; /* it holds an identifier of the question */
	bool keep;
};

/* Turns before the last one of which something may go; what stands before the first is one too.
 */
static size_t
read_turns(struct work *w, struct turn *turns)
{
	size_t n = 0;

	for (size_t i = 0; i < w->last; i++) {
		struct message *m = &w->messages[i];

		if (!history_may_go(m))
			continue;
		if (!n || m->starts)
			turns[n++] = (struct turn){ .first = i, .keep = true };
		turns[n - 1].last = i + 1;
		turns[n - 1].tokens += work_message_tokens(w, m);
	}
	return n;
}

static struct slice
text_of(struct work *w, const struct turn *t)
{
	struct buf b = { 0 };

	for (size_t i = t->first; i < t->last; i++) {
		const struct message *m = &w->messages[i];

		for (size_t p = m->first; p < m->first + m->count && !m->gone; p++) {
			buf_add(&b, w->pieces[p].now.ptr ? w->pieces[p].now : SLICE(""));
			buf_add_byte(&b, '\n');
		}
	}
	return work_keep(w, &b);
}

static void
score_turns(struct work *w, struct turn *turns, size_t n)
{
	struct units u = { .arena = w->arena };
	float *score = arena_zero(w->arena, n, sizeof(*score)), best = 0;

	for (size_t i = 0; i < n; i++)
		units_push(&u, text_of(w, &turns[i]), UNIT_RECORD, true);
	if (w->question.len)
		rank_score(&u, w->question, &rank_prose, NULL, score);
	for (size_t i = 0; i < n; i++)
		best = score[i] > best ? score[i] : best;
	for (size_t i = 0; i < n; i++) {
		double relevance = best > 0 && score[i] > 0 ? (double)(score[i] / best) : 0;

		turns[i].named = u.list[i].pinned;
		turns[i].score =
		    (FLOOR + (1 - FLOOR) * relevance) * exp2(-(double)(n - i) / HALF_LIFE);
	}
}

/* Best first; of equals the later. */
static int
better(const void *a, const void *b)
{
	const struct turn *x = *(struct turn *const *)a, *y = *(struct turn *const *)b;

	if (x->score > y->score || x->score < y->score)
		return x->score > y->score ? -1 : 1;
	return x->first > y->first ? -1 : 1;
}

/* What the question names stays whatever it costs. */
static void
choose(struct turn **order, size_t n, uint64_t budget)
{
	for (size_t i = 0; i < n; i++)
		if (order[i]->named)
			budget -= order[i]->tokens < budget ? order[i]->tokens : budget;
	for (size_t i = 0; i < n; i++) {
		if (order[i]->named)
			continue;
		order[i]->keep = order[i]->tokens <= budget;
		if (order[i]->keep)
			budget -= order[i]->tokens;
	}
}

/* Of the messages that may go; true if one does. */
static bool
set_gone(struct work *w, const bool *may_go, const struct turn *turns, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		for (size_t m = turns[i].first; m < turns[i].last; m++)
			if (may_go[m]) {
				w->messages[m].gone = !turns[i].keep;
				any |= !turns[i].keep;
			}
	return any;
}

static uint64_t
kept(const struct turn *turns, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += turns[i].keep ? turns[i].tokens : 0;
	return sum;
}

/* The turns that stay, so that the whole is no larger than it may be. */
static void
fit(struct work *w, const bool *may_go, struct turn *turns, struct turn **order, size_t n)
{
	uint64_t budget = kept(turns, n);

	budget -= work_excess(w) < budget ? work_excess(w) : budget;

	for (int round = 0; round < ROUNDS; round++) {
		choose(order, n, budget);
		w->now->changed = set_gone(w, may_go, turns, n);
		work_recount(w);
		if (!work_excess(w) || !budget)
			break;
		budget -= work_excess(w) < budget ? work_excess(w) : budget;
	}
}

void
history_run(struct work *w)
{
	struct turn *turns, **order;
	bool *may_go;
	size_t n;

	if (w->last == NOWHERE || !w->last || !history_sound(w))
		return;
	turns = arena_zero(w->arena, w->last, sizeof(*turns));
	n = read_turns(w, turns);
	if (!n)
		return;
	may_go = arena_alloc(w->arena, w->last);
	for (size_t i = 0; i < w->last; i++)
		may_go[i] = history_may_go(&w->messages[i]);
	order = arena_alloc(w->arena, n * sizeof(struct turn *));
	for (size_t i = 0; i < n; i++)
		order[i] = &turns[i];
	score_turns(w, turns, n);
	qsort(order, n, sizeof(*order), better);
	fit(w, may_go, turns, order, n);
	if (!settings.fit || !work_excess(w))
		return;
	/* a request that does not fit fails as a whole */
	for (size_t i = 0; i < n; i++)
		turns[i].named = false;
	fit(w, may_go, turns, order, n);
}
