/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/trained.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-route/learned/apgr.h"
#include "stats/order.h"

/* Of the examples, those with the least like another one: what is less familiar is new. Near
 * trusts what others gained a little there, more the more familiar a prompt is, and wholly from
 * the second share on. */
#define NEW_SHARE 0.05
#define RARE_SHARE 0.2
#define NEW_TRUST 0.25
/* Weights of words hold as well for one familiar prompt as for another. Trusted wholly they
 * lose among prompts unlike the labelled ones, so it must pay among these. */
#define LINEAR_TRUST 0.5
#define TRUST_PAYS 0.05 /* of the squared error */

enum look_part
trained_part(const struct trained *t)
{
	if (t->kind == KIND_NEAR)
		return LOOK_NEAR;
	return t->lesson.dims ? LOOK_LINEAR : LOOK_WORDS;
}

struct trained *
trained_open(enum kind kind, struct embed *embed)
{
	struct trained *t = mem_zero(sizeof(*t));

	t->kind = kind;
	t->lesson.dims = look_dims(kind == KIND_NEAR ? LOOK_NEAR : LOOK_LINEAR, embed);
	t->embedding = look_vectors(trained_part(t), embed, &t->arena);
	return t;
}

/* What is thought of a prompt before it is known what is new. */
struct opinion {
	int16_t form[LOOK_FORMS];
	double beyond[LEARNED_ARMS];
	double familiar; /* 0 to 1 */
};

static void
ask(const struct trained *t, const struct linear *linear, const struct look *look,
    struct opinion *o)
{
	forms_standardise(&t->lesson.forms, look, o->form);
	if (linear) {
		linear_ask(linear, look, o->form, o->beyond);
		o->familiar = linear_known(linear, look);
	} else {
		o->familiar = near_ask(t->near, look, o->form, o->beyond);
	}
}

/* How far what is learned holds for a prompt. */
static double
trust_in(const struct trained *t, double familiar)
{
	double over = familiar - t->familiar, room = (double)t->usual - t->familiar;

	if (t->kind == KIND_LINEAR)
		return t->trust;
	if (over >= room)
		return 1;
	return over > 0 ? NEW_TRUST + (1 - NEW_TRUST) * (over / room) : NEW_TRUST;
}

static void
settle(const struct trained *t, const struct opinion *o, struct gain *out)
{
	double trust = trust_in(t, o->familiar);

	*out = (struct gain){ .new = (float)o->familiar < t->familiar || !(o->familiar > 0) };
	for (size_t a = 1; a < t->lesson.arms; a++) {
		double beyond = o->beyond[a] * trust;

		out->of[a] = lesson_by_length(t->lesson.gain, a, o->form) + beyond;
	}
}

void
trained_gains(const struct trained *t, const struct look *look, struct gain *out)
{
	struct opinion o;

	ask(t, t->linear, look, &o);
	settle(t, &o, out);
}

/* What each example is thought of by the others. */
static struct opinion *
ask_examples(const struct trained *t, double trust)
{
	struct opinion *all = mem_alloc(t->labels * sizeof(*all));
	struct linear *fold[LINEAR_FOLDS] = { NULL };

	for (unsigned f = 0; f < LINEAR_FOLDS && t->kind == KIND_LINEAR; f++)
		fold[f] = linear_fit(&t->lesson, trust, f);
	for (size_t i = 0; i < t->labels; i++) {
		const struct example *e = &t->lesson.example[i];

		ask(t, fold[linear_fold(e)], &e->look, &all[i]);
	}
	for (unsigned f = 0; f < LINEAR_FOLDS; f++)
		linear_free(fold[f]);
	return all;
}

/* How well examples are put in order by what they were thought to gain. */
static double
order_quality(const struct trained *t, const struct opinion *all)
{
	double *score = mem_alloc(t->labels * sizeof(*score)),
	       *gain = mem_alloc(t->labels * sizeof(*gain)), area;
	size_t *order;

	for (size_t i = 0; i < t->labels; i++) {
		const float *outcome = t->lesson.example[i].outcome;
		struct gain g;

		settle(t, &all[i], &g);
		score[i] = trained_score(t, &g);
		gain[i] = (double)outcome[t->lesson.arms - 1] - outcome[0];
	}
	order = apgr_order(score, t->labels);
	area = apgr_of(gain, order, t->labels, NULL);
	free(order);
	free(score);
	free(gain);
	return area;
}

/* How far the gains that were thought of are from what was gained: squared, in all. */
static double
error_of(const struct trained *t, const struct opinion *all)
{
	size_t last = t->lesson.arms - 1;
	double sum = 0;

	for (size_t i = 0; i < t->labels; i++) {
		const float *outcome = t->lesson.example[i].outcome;
		struct gain g;
		double square;

		settle(t, &all[i], &g);
		square = (double)outcome[last] - outcome[0] - g.of[last];
		square *= square;
		sum += square;
	}
	return sum;
}

/* Trusts the weights wholly where that clearly helps to tell what examples gained that they
 * were not fitted to. */
static void
choose_trust(struct trained *t, const struct opinion *all)
{
	double some, whole;

	t->trust = LINEAR_TRUST;
	some = error_of(t, all);
	t->trust = 1;
	whole = error_of(t, all);
	if (whole > some * (1 - TRUST_PAYS))
		t->trust = LINEAR_TRUST;
}

/* Trusts the vector as far as it helps to order examples that the weights were not fitted to;
 * an encoder, which was asked for, always somewhat. */
static struct opinion *
fit_weights(struct trained *t)
{
	static const double trusts[] = { 0, 0.05, 0.5 };
	bool encoder = t->lesson.dims > LOOK_TABLE;
	struct opinion *best = NULL;
	double most = 0, trust = 0;

	t->trust = LINEAR_TRUST;
	for (size_t i = encoder; i < sizeof(trusts) / sizeof(*trusts); i++) {
		struct opinion *all = ask_examples(t, trusts[i]), *worse = all;
		double quality = order_quality(t, all);

		if (!best || quality > most) {
			worse = best;
			best = all;
			most = quality;
			trust = trusts[i];
		}
		free(worse);
	}
	choose_trust(t, best);
	t->linear = linear_fit(&t->lesson, trust, LINEAR_FOLDS);
	if (!(trust > 0)) {
		t->lesson.dims = 0;
		t->embedding = SLICE("");
	}
	return best;
}

void
trained_make(struct trained *t)
{
	struct opinion *all;
	double *list;
	size_t count =
	    0; /* without those that are new, unless most are: no threshold is theirs */
	struct gain g;

	t->labels = t->lesson.count;
	assert(t->labels > 1 && t->lesson.arms > 1);
	lesson_make(&t->lesson);
	if (t->kind == KIND_NEAR) {
		t->near = near_fit(&t->lesson);
		all = ask_examples(t, 0);
	} else {
		all = fit_weights(t);
	}
	list = mem_alloc(t->labels * sizeof(*list));
	for (size_t i = 0; i < t->labels; i++)
		list[i] = all[i].familiar;
	order_sort(list, t->labels);
	t->familiar = (float)order_quantile(list, t->labels, NEW_SHARE);
	t->usual = (float)order_quantile(list, t->labels, RARE_SHARE);
	for (size_t i = 0; i < t->labels; i++) {
		settle(t, &all[i], &g);
		if (!g.new || !(t->usual > 0))
			list[count++] = trained_score(t, &g);
	}
	order_sort(list, count);
	for (size_t q = 0; q < TRAINED_QUANTILES; q++)
		t->threshold[q] =
		    (float)order_quantile(list, count, (double)q / (TRAINED_QUANTILES - 1));
	free(list);
	free(all);
}

double
trained_score(const struct trained *t, const struct gain *g)
{
	size_t last = t->lesson.arms - 1;
	double least = g->of[last] - g->of[0];

	for (size_t k = 1; k < last; k++) {
		double s = (g->of[last] - g->of[k]) * (double)last / (double)(last - k);

		least = s < least ? s : least;
	}
	return least;
}

size_t
trained_choose(const struct trained *t, const struct gain *g, double threshold)
{
	double step = threshold / (double)(t->lesson.arms - 1), best = g->of[0];
	size_t at = 0;

	for (size_t a = 1; a < t->lesson.arms; a++)
		if (g->of[a] - step * (double)a > best) {
			best = g->of[a] - step * (double)a;
			at = a;
		}
	return at;
}

double
trained_threshold(const struct trained *t, double share)
{
	double at = (1 - share) * (TRAINED_QUANTILES - 1);
	size_t low = (size_t)at;

	if (share >= 1)
		return -2; /* no gain is so small */
	if (low >= TRAINED_QUANTILES - 1)
		return 2;
	return t->threshold[low] +
	       (at - (double)low) * ((double)t->threshold[low + 1] - t->threshold[low]);
}

double
trained_rank(const struct trained *t, double score)
{
	size_t low = 0, high = TRAINED_QUANTILES;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (t->threshold[middle] < score)
			low = middle + 1;
		else
			high = middle;
	}
	return low < TRAINED_QUANTILES ? (double)low / (TRAINED_QUANTILES - 1) : 1;
}

void
trained_free(struct trained *t)
{
	if (!t)
		return;
	near_free(t->near);
	linear_free(t->linear);
	lesson_free(&t->lesson);
	arena_close(&t->arena);
	free(t);
}
