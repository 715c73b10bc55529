/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/trained.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-route/learned/apgr.h"
#include "cmd/llm-route/learned/opinion.h"
#include "cmd/llm-route/learned/real.h"
#include "stats/order.h"

/* Of the examples, those with the least like another one: what is less familiar is new. Near
 * trusts what others gained a little there, more the more familiar a prompt is, and wholly from
 * the second share on. */
#define NEW_SHARE 0.05
#define RARE_SHARE 0.2
#define NEW_TRUST 0.25
#define COUNTS_TRUST 0.15 /* everywhere: more does harm in some domains */
/* One prompt tells little of whether its domain is that of the labels, many tell it surely: how
 * often one of the traffic is more familiar than an example, if half the equal ones are. Their
 * own like give .5, with a standard error of .03 for 100; subjects without a label .12 to .25.
 * There so little of what is learned is trusted that the gain is greatest beside its spread. */
#define TRAFFIC_UNLIKE_BELOW 0.33
#define TRAFFIC_LIKE_FROM 0.42
#define LESS_THAN_ANY (2 * OPINION_UNLIKE)
#define UNLIKE_TRUST 0.15
#define UNLIKE_COUNTS 0.1
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

struct opinions {
	struct opinion *of;
	size_t count;
};

void
trained_gains(const struct trained *t, const struct look *look, struct gain *out)
{
	struct opinion o;

	opinion_ask(t, t->linear, look, &o);
	opinion_settle(t, &o, out);
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

		opinion_ask(t, fold[linear_fold(e)], &e->look, &all[i]);
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

		opinion_settle(t, &all[i], &g);
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

		opinion_settle(t, &all[i], &g);
		square = (double)outcome[last] - outcome[0] - g.of[last];
		square *= square;
		sum += square;
	}
	return sum;
}

static void
trust_evenly(struct trained *t, double trust)
{
	t->least = t->trust = (float)trust;
}

/* Trusts the weights wholly where that clearly helps to tell what examples gained that they
 * were not fitted to. */
static void
choose_trust(struct trained *t, const struct opinion *all)
{
	double some, whole;

	trust_evenly(t, LINEAR_TRUST);
	some = error_of(t, all);
	trust_evenly(t, 1);
	whole = error_of(t, all);
	if (whole > some * (1 - TRUST_PAYS))
		trust_evenly(t, LINEAR_TRUST);
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

	trust_evenly(t, LINEAR_TRUST);
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

/* Makes familiar what examples are beyond what is usual for their length: least squares. */
static void
allow_for_length(struct trained *t, struct opinion *all)
{
	double n = 0, x = 0, y = 0, xx = 0, xy = 0;

	for (size_t i = 0; i < t->labels; i++) {
		double length = (double)form_bounded(all[i].form[0]) / FORM_ONE;

		if (!all[i].known)
			continue;
		n++;
		x += length;
		y += all[i].familiar;
		real_add(&xx, length, length);
		real_add(&xy, length, all[i].familiar);
	}
	real_add(&xx, -x, x / (n + 1e-9));
	real_add(&xy, -x, y / (n + 1e-9));
	t->longer = xx > n * 1e-6 ? (float)(xy / xx) : 0;
	for (size_t i = 0; i < t->labels; i++)
		if (all[i].known)
			all[i].familiar =
			    opinion_beyond_length(all[i].familiar, t->longer, all[i].form);
}

static double *
familiar_of(const struct opinions *all)
{
	double *list = mem_alloc((all->count + 1) * sizeof(*list));

	for (size_t i = 0; i < all->count; i++)
		list[i] = all->of[i].familiar;
	order_sort(list, all->count);
	return list;
}

void
trained_fit(struct trained *t)
{
	double *list;

	t->labels = t->lesson.count;
	assert(t->labels > 1 && t->lesson.arms > 1);
	lesson_make(&t->lesson);
	t->examples = mem_zero(sizeof(*t->examples));
	t->traffic = mem_zero(sizeof(*t->traffic));
	t->examples->count = t->labels;
	if (t->kind == KIND_NEAR) {
		t->least = NEW_TRUST;
		t->trust = 1;
		t->counts = COUNTS_TRUST;
		t->near = near_fit(&t->lesson);
		t->examples->of = ask_examples(t, 0);
		allow_for_length(t, t->examples->of);
	} else {
		t->examples->of = fit_weights(t);
	}
	list = familiar_of(t->examples);
	t->familiar = (float)order_quantile(list, t->labels, NEW_SHARE);
	t->usual = (float)order_quantile(list, t->labels, RARE_SHARE);
	free(list);
}

void
trained_meet(struct trained *t, const struct look *look)
{
	struct opinions *all = t->traffic;

	if ((all->count & (all->count - 1)) == 0)
		all->of = mem_grow(all->of, all->count ? all->count * 2 : 1, sizeof(*all->of));
	opinion_ask(t, t->linear, look, &all->of[all->count]);
	if (!all->of[all->count].known)
		all->of[all->count].familiar = LESS_THAN_ANY;
	all->count++;
}

size_t
trained_met(const struct trained *t)
{
	return t->traffic->count;
}

/* How often one of y is greater than one of x, both sorted; equal ones half (Mann and Whitney
 * 1947). */
static double
share_above(const double *x, size_t nx, const double *y, size_t ny)
{
	size_t below = 0, not_above = 0;
	double sum = 0;

	for (size_t i = 0; i < ny; i++) {
		while (below < nx && x[below] < y[i])
			below++;
		while (not_above < nx && x[not_above] <= y[i])
			not_above++;
		sum += (double)(below + not_above) / 2;
	}
	return sum / (double)nx / (double)ny;
}

static enum traffic
compare_traffic(const struct trained *t)
{
	double *x = familiar_of(t->examples), *y = familiar_of(t->traffic),
	       share = t->traffic->count ? share_above(x, t->examples->count, y,
					       t->traffic->count)
					 : (TRAFFIC_UNLIKE_BELOW + TRAFFIC_LIKE_FROM) / 2;

	free(x);
	free(y);
	return share < TRAFFIC_UNLIKE_BELOW ? TRAFFIC_UNLIKE
	       : share < TRAFFIC_LIKE_FROM  ? TRAFFIC_PARTLY
					    : TRAFFIC_LIKE;
}

/* Those that are new have a score only if most are: no threshold is theirs. */
static size_t
scores_of(const struct trained *t, const struct opinions *all, double *list)
{
	size_t count = 0;

	for (unsigned with_new = 0; with_new < 2 && count <= all->count / 2; with_new++) {
		count = 0;
		for (size_t i = 0; i < all->count; i++) {
			struct gain g;

			opinion_settle(t, &all->of[i], &g);
			if (!g.new || with_new)
				list[count++] = trained_score(t, &g);
		}
	}
	return count;
}

static void
set_thresholds(struct trained *t, const struct opinions *all)
{
	double *list = mem_alloc(all->count * sizeof(*list));
	size_t count = scores_of(t, all, list);

	order_sort(list, count);
	for (size_t q = 0; q < TRAINED_QUANTILES; q++)
		t->threshold[q] =
		    (float)order_quantile(list, count, (double)q / (TRAINED_QUANTILES - 1));
	free(list);
}

static void
opinions_free(struct opinions **all)
{
	if (*all)
		free((*all)->of);
	free(*all);
	*all = NULL;
}

enum traffic
trained_finish(struct trained *t)
{
	enum traffic traffic = compare_traffic(t);

	if (traffic == TRAFFIC_UNLIKE) {
		trust_evenly(t, UNLIKE_TRUST);
		t->counts = UNLIKE_COUNTS;
	} else if (traffic == TRAFFIC_LIKE) {
		trust_evenly(t, 1);
	}
	set_thresholds(t, t->traffic->count ? t->traffic : t->examples);
	opinions_free(&t->examples);
	opinions_free(&t->traffic);
	return traffic;
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
	opinions_free(&t->examples);
	opinions_free(&t->traffic);
	near_free(t->near);
	linear_free(t->linear);
	lesson_free(&t->lesson);
	arena_close(&t->arena);
	free(t);
}
