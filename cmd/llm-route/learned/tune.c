/* SPDX-License-Identifier: MIT */
/* llm-route tune: how good a trained model is on labels, and which threshold keeps a promise.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/llm-route/learned/curve.h"
#include "cmd/llm-route/learned/labels.h"
#include "cmd/llm-route/learned/learned.h"
#include "stats/paired.h"
#include "stream/file.h"
#include "tool/tool.h"

#define ROWS_LEAST 30
#define SURE 1.645 /* of the normal distribution: 95 % on one side */

static const char *model_file, *weak, *strong, *encoder;
static struct option_list between;
static uint64_t share = UINT64_MAX, regression = UINT64_MAX, seed;

const struct option tune_options[] = {
	{ 0, "model-file", OPTION_TEXT, "M", &model_file, "what llm-route train wrote", NULL },
	{ 0, "weak", OPTION_TEXT, "PATH", &weak, "where the weak model's outcome stands",
	    NULL },
	{ 0, "strong", OPTION_TEXT, "PATH", &strong, "where the strong model's outcome stands",
	    NULL },
	{ 0, "model", OPTION_LIST, "NAME=PATH", &between,
	    "another model's outcome, the weakest first", NULL },
	{ 0, "strong-share", OPTION_SHARE, "P", &share, "mark the point of this share", NULL },
	{ 0, "max-regression", OPTION_SHARE, "P", &regression,
	    "mark the least share that surely loses no more than this", NULL },
	{ 0, "encoder", OPTION_TEXT, "F", &encoder, "embed by the sentence encoder in F",
	    NULL },
	{ 0, "seed", OPTION_NUMBER, "N", &seed, "of the resamples", NULL },
	{ 0 },
};

struct tuner {
	const struct trained *trained;
	struct curve_row *rows;
	size_t count;
};

static void
add(void *context, const struct look *look, const float *outcome)
{
	struct tuner *t = context;
	struct curve_row *r;

	if ((t->count & (t->count - 1)) == 0)
		t->rows = mem_grow(t->rows, t->count ? t->count * 2 : 1, sizeof(*t->rows));
	r = &t->rows[t->count++];
	*r = (struct curve_row){ .length = look->form[0] };
	memcpy(r->outcome, outcome, t->trained->lesson.arms * sizeof(*outcome));
	trained_gains(t->trained, look, &r->gain);
	r->score = trained_score(t->trained, &r->gain);
}

static const struct curve_point *
of_share(const struct curve *c, double want)
{
	const struct curve_point *best = &c->point[0];

	for (size_t i = 1; i < CURVE_POINTS; i++)
		if (fabs(c->point[i].share - want) < fabs(best->share - want))
			best = &c->point[i];
	return best;
}

/* What the point loses against the last model is surely within the limit. */
static bool
keeps(const struct curve *c, const struct curve_point *p, double limit)
{
	return paired_below(p->lost, p->won, (double)c->rows, limit) >= SURE;
}

/* From the greatest share down, no further than the first that fails: with each share tried for
 * itself the luckiest of many would be taken, and be surer than it is. */
static const struct curve_point *
of_regression(const struct curve *c, double limit)
{
	size_t i = CURVE_POINTS - 1;

	while (i > 0 && keeps(c, &c->point[i - 1], limit))
		i--;
	return i + 1 < CURVE_POINTS ? &c->point[i] : NULL;
}

/* So many labels would be needed for a point that loses nothing at all. */
static void
refuse(const struct curve *c, double limit)
{
	const struct curve_point *p = &c->point[CURVE_POINTS - 2];
	double need = paired_below_rows((p->lost + p->won) / (double)c->rows, limit, SURE);

	status_raise(STATUS_NO);
	if (isfinite(need) && need > (double)c->rows)
		diag_warn(
		    "%zu labels cannot show a loss of at most %.2f points: about %.0f are "
		    "needed",
		    c->rows, limit * 100, need);
	else
		diag_warn(
		    "no share under 100 %% surely loses at most %.2f points", limit * 100);
}

static bool
same_arms(const struct trained *t, const struct arms *a)
{
	for (size_t i = 0; i < t->lesson.arms && t->lesson.arms == a->count; i++)
		if (!slice_eq(t->arm[i], a->name[i]))
			return false;
	return t->lesson.arms == a->count;
}

static void
print(const struct curve *c, const struct trained *t)
{
	const struct curve_point *chosen = NULL;
	struct buf out = { 0 };

	if (share != UINT64_MAX)
		chosen = of_share(c, (double)share / 1e6);
	if (regression != UINT64_MAX) {
		chosen = of_regression(c, (double)regression / 1e6);
		if (!chosen)
			refuse(c, (double)regression / 1e6);
	}
	curve_print(tool_format(curve_formats), c, t, chosen, &out);
	if (!file_write_all(1, buf_slice(&out)))
		diag_die_errno(STATUS_FAILED, "standard output");
	buf_free(&out);
}

void
tune_run(const struct option_list *operands)
{
	struct embed *embed = learned_embed(encoder);
	struct arms arms = { 0 };
	struct tuner tuner = { 0 };
	struct trained *t;
	struct curve *c;

	if (!model_file)
		tool_usage("'--model-file' is wanted: what llm-route train wrote");
	tool_format(curve_formats);
	c = mem_zero(sizeof(*c));
	arms_read(&arms, weak, strong, &between);
	t = learned_load(model_file, embed);
	if (!same_arms(t, &arms))
		tool_usage("the model was trained on other names, or on another order of them");
	tuner.trained = t;
	labels_each(operands, &arms, trained_part(t), embed, &t->arena, add, &tuner);
	arms_free(&arms);
	if (tuner.count < ROWS_LEAST) {
		diag_warn("%zu labelled prompts show nothing: %d at least are wanted",
		    tuner.count, ROWS_LEAST);
		status_raise(STATUS_NO);
	} else {
		curve_make(c, t, tuner.rows, tuner.count, seed);
		print(c, t);
	}
	free(tuner.rows);
	free(c);
	trained_free(t);
	embed_close(embed);
}
