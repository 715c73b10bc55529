/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/linear.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/llm-route/learned/real.h"

#define RIDGE 10.0
#define EXAMPLES_FEWEST 2 /* a word of fewer examples tells nothing */
#define FORM_WEIGHT 0.05  /* squared, of all forms against all words */
#define STEPS 40

/* Examples side by side: the columns are the words, then the vector, then the forms. */
struct column {
	uint32_t at;
	float value;
};
struct design {
	struct column *word; /* of row i: from[i] to from[i + 1] */
	size_t *from;
	float *dense; /* vector and forms, width each */
	size_t rows, width, columns;
	double trust; /* squared, of the vector against all words */
	double *y;
};

unsigned
linear_fold(const struct example *e)
{
	return (unsigned)(e->look.hash % LINEAR_FOLDS);
}

void
linear_free(struct linear *l)
{
	if (!l)
		return;
	free(l->idf);
	free(l->word);
	free(l->vector);
	free(l);
}

static void
weigh_words(struct linear *l, const struct lesson *lesson, unsigned fold)
{
	uint32_t *documents = mem_zero(LOOK_GRAMS * sizeof(*documents));
	size_t count = 0;

	for (size_t i = 0; i < lesson->count; i++) {
		if (linear_fold(&lesson->example[i]) == fold)
			continue;
		count++;
		for (size_t k = 0; k < lesson->example[i].look.word_count; k++)
			documents[lesson->example[i].look.words[k].gram]++;
	}
	for (size_t w = 0; w < LOOK_GRAMS; w++)
		if (documents[w] >= EXAMPLES_FEWEST)
			l->idf[w] = (float)(1 + real_log((1 + (double)count) /
							 (1 + (double)documents[w])));
	free(documents);
}

/* Of the words that are known, as a vector: the inverse of its length. */
static double
inverse_norm(const struct linear *l, const struct look *look)
{
	double sum = 0;

	for (size_t i = 0; i < look->word_count; i++) {
		double w = look_damped(look->words[i].count) * l->idf[look->words[i].gram];

		real_add(&sum, w, w);
	}
	return sum > 0 ? 1 / sqrt(sum) : 0;
}

static void
add_row(struct design *d, const struct linear *l, const struct lesson *lesson, size_t i)
{
	const struct look *look = &lesson->example[i].look;
	float *dense = &d->dense[d->rows * d->width];
	double inverse = inverse_norm(l, look);
	size_t n = d->from[d->rows];

	for (size_t k = 0; k < look->word_count; k++) {
		struct look_gram w = look->words[k];

		if (l->idf[w.gram] > 0)
			d->word[n++] = (struct column){ w.gram,
				(float)(look_damped(w.count) * l->idf[w.gram] * inverse) };
	}
	for (size_t k = 0; k < l->stride; k++)
		dense[k] = (float)(sqrt(d->trust) / LOOK_SCALE * look->vector[k]);
	for (size_t k = 0; k < LOOK_COUNTS; k++)
		dense[l->stride + k] = (float)(sqrt(FORM_WEIGHT / LOOK_COUNTS) / FORM_ONE *
					       form_bounded(lesson->form[i * LOOK_FORMS + k]));
	d->from[++d->rows] = n;
}

/* out = X'(X in) + RIDGE in. */
static void
multiply(const struct design *d, const double *in, double *out)
{
	for (size_t k = 0; k < d->columns; k++)
		out[k] = RIDGE * in[k];
	for (size_t i = 0; i < d->rows; i++) {
		const float *dense = &d->dense[i * d->width];
		double sum = 0;

		for (size_t k = d->from[i]; k < d->from[i + 1]; k++)
			real_add(&sum, d->word[k].value, in[d->word[k].at]);
		for (size_t k = 0; k < d->width; k++)
			real_add(&sum, dense[k], in[LOOK_GRAMS + k]);
		for (size_t k = d->from[i]; k < d->from[i + 1]; k++)
			real_add(&out[d->word[k].at], d->word[k].value, sum);
		for (size_t k = 0; k < d->width; k++)
			real_add(&out[LOOK_GRAMS + k], dense[k], sum);
	}
}

static double
dot(const double *a, const double *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		real_add(&sum, a[i], b[i]);
	return sum;
}

/* w, which is zero, becomes the weights. */
static void
solve(const struct design *d, double *w)
{
	size_t n = d->columns;
	double *rest = mem_zero(n * sizeof(*rest)), *way = mem_alloc(n * sizeof(*way)),
	       *image = mem_alloc(n * sizeof(*image)), length;

	for (size_t i = 0; i < d->rows; i++) {
		for (size_t k = d->from[i]; k < d->from[i + 1]; k++)
			real_add(&rest[d->word[k].at], d->word[k].value, d->y[i]);
		for (size_t k = 0; k < d->width; k++)
			real_add(&rest[LOOK_GRAMS + k], d->dense[i * d->width + k], d->y[i]);
	}
	memcpy(way, rest, n * sizeof(*way));
	length = dot(rest, rest, n);
	for (int step = 0; step < STEPS && length > 0; step++) {
		double size, before = length;

		multiply(d, way, image);
		size = length / dot(way, image, n);
		for (size_t k = 0; k < n; k++) {
			real_add(&w[k], size, way[k]);
			real_add(&rest[k], -size, image[k]);
		}
		length = dot(rest, rest, n);
		for (size_t k = 0; k < n; k++) {
			way[k] *= length / before;
			way[k] += rest[k];
		}
	}
	free(rest);
	free(way);
	free(image);
}

/* Weights of the columns become weights of what is seen. */
static void
set_weights(struct linear *l, double trust, size_t arm, const double *w, double mean)
{
	const double *vector = w + LOOK_GRAMS, *form = vector + l->stride;
	double size = sqrt(dot(vector, vector, l->stride));
	int16_t *out = &l->vector[(arm - 1) * l->stride];

	for (size_t k = 0; k < LOOK_GRAMS; k++)
		l->word[k * (l->arms - 1) + arm - 1] = (float)(w[k] * l->idf[k]);
	for (size_t k = 0; k < l->stride && size > 0; k++)
		out[k] = (int16_t)(vector[k] / size * (LOOK_SCALE - 1));
	l->scale[arm] = (float)(sqrt(trust) * size / ((double)LOOK_SCALE * (LOOK_SCALE - 1)));
	for (size_t k = 0; k < LOOK_COUNTS; k++)
		l->form[arm][k] = (float)(sqrt(FORM_WEIGHT / LOOK_COUNTS) / FORM_ONE * form[k]);
	l->base[arm] = (float)mean;
}

struct linear *
linear_new(size_t arms, size_t dims)
{
	struct linear *l = mem_zero(sizeof(*l));

	l->arms = arms;
	l->stride = look_stride(dims);
	l->idf = mem_zero(LOOK_GRAMS * sizeof(*l->idf));
	l->word = mem_zero(LOOK_GRAMS * (arms - 1) * sizeof(*l->word));
	l->vector = mem_zero((arms - 1) * l->stride * sizeof(*l->vector));
	return l;
}

static void
design_free(struct design *d)
{
	free(d->word);
	free(d->from);
	free(d->dense);
	free(d->y);
}

static void
design_make(
    struct design *d, const struct linear *l, const struct lesson *lesson, unsigned fold)
{
	size_t words = 0;

	for (size_t i = 0; i < lesson->count; i++)
		words += lesson->example[i].look.word_count;
	d->width = l->stride + LOOK_COUNTS;
	d->columns = LOOK_GRAMS + d->width;
	d->word = mem_alloc((words + 1) * sizeof(*d->word));
	d->from = mem_zero((lesson->count + 1) * sizeof(*d->from));
	d->dense = mem_alloc((lesson->count + 1) * d->width * sizeof(*d->dense));
	d->y = mem_zero((lesson->count + 1) * sizeof(*d->y));
	for (size_t i = 0; i < lesson->count; i++)
		if (linear_fold(&lesson->example[i]) != fold)
			add_row(d, l, lesson, i);
}

static void
fit_arm(
    struct linear *l, struct design *d, const struct lesson *lesson, unsigned fold, size_t arm)
{
	double *w = mem_zero(d->columns * sizeof(*w)), mean = 0;
	size_t rows = 0;

	for (size_t i = 0; i < lesson->count; i++)
		if (linear_fold(&lesson->example[i]) != fold)
			d->y[rows++] = lesson->beyond[i * lesson->arms + arm];
	for (size_t i = 0; i < rows; i++)
		mean += d->y[i] / (double)rows;
	for (size_t i = 0; i < rows; i++)
		d->y[i] -= mean;
	solve(d, w);
	set_weights(l, d->trust, arm, w, mean);
	free(w);
}

struct linear *
linear_fit(const struct lesson *lesson, double trust, unsigned fold)
{
	struct linear *l = linear_new(lesson->arms, trust > 0 ? lesson->dims : 0);
	struct design d = { .trust = trust };

	weigh_words(l, lesson, fold);
	design_make(&d, l, lesson, fold);
	for (size_t a = 1; a < l->arms; a++)
		fit_arm(l, &d, lesson, fold, a);
	design_free(&d);
	return l;
}

void
linear_ask(const struct linear *l, const struct look *look, const int16_t *form, double *beyond)
{
	double square = 0, words[LEARNED_ARMS] = { 0 };

	for (size_t i = 0; i < look->word_count; i++) {
		size_t word = look->words[i].gram;
		const float *weight = &l->word[word * (l->arms - 1)];
		double damped = look_damped(look->words[i].count), size = damped * l->idf[word];

		real_add(&square, size, size);
		for (size_t a = 1; a < l->arms; a++)
			real_add(&words[a], damped, weight[a - 1]);
	}
	for (size_t a = 1; a < l->arms; a++) {
		int32_t meaning =
		    look_product(look->vector, &l->vector[(a - 1) * l->stride], l->stride);

		beyond[a] = l->base[a];
		real_add(&beyond[a], words[a], square > 0 ? 1 / sqrt(square) : 0);
		real_add(&beyond[a], l->scale[a], meaning);
		for (size_t k = 0; k < LOOK_COUNTS; k++)
			real_add(&beyond[a], l->form[a][k], form_bounded(form[k]));
	}
}

double
linear_known(const struct linear *l, const struct look *look)
{
	size_t words = 0, known = 0;

	for (size_t i = 0; i < look->word_count; i++) {
		words += look->words[i].gram < LOOK_PAIRS;
		known += look->words[i].gram < LOOK_PAIRS && l->idf[look->words[i].gram] > 0;
	}
	return words ? (double)known / (double)words : 0;
}
