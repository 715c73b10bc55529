/* SPDX-License-Identifier: MIT */
/* The learned router: looks, gains, thresholds, the file. */
#include "unit/check.h"

#include <math.h>
#include <stdio.h>

#include "cmd/llm-route/learned/apgr.c"
#include "cmd/llm-route/learned/axes.c"
#include "cmd/llm-route/learned/counts.c"
#include "cmd/llm-route/learned/curve.c"
#include "cmd/llm-route/learned/curve_svg.c"
#include "cmd/llm-route/learned/example.c"
#include "cmd/llm-route/learned/linear.c"
#include "cmd/llm-route/learned/look.c"
#include "cmd/llm-route/learned/near.c"
#include "cmd/llm-route/learned/opinion.c"
#include "cmd/llm-route/learned/trained.c"
#include "cmd/llm-route/learned/trained_file.c"

#define PROMPTS 200

static struct arena arena;

/* Sums gain from the strong model, greetings do not. */
static struct slice
prompt(size_t i)
{
	size_t x = i * 7 + 3, y = i * 13 + 1;
	char text[200];

	if (i & 1)
		snprintf(text, sizeof(text),
		    "Write a friendly greeting number %zu for the customer %zu in the shop", x,
		    y);
	else
		snprintf(text, sizeof(text),
		    "Please solve the equation %zu * x = %zu for x today", x, y);
	return arena_copy(&arena, slice_z(text));
}

static struct trained *
open_with_labels(enum kind kind, size_t arms, bool backwards)
{
	const struct slice names[] = { SLICE("weak"), SLICE("middle"), SLICE("strong") };
	struct trained *n = trained_open(kind, embed_table());

	n->lesson.arms = arms;
	for (size_t a = 0; a < arms; a++)
		n->arm[a] = names[a * 2 / (arms - 1)];
	for (size_t k = 0; k < PROMPTS; k++) {
		size_t i = backwards ? PROMPTS - 1 - k : k;
		bool hard = (i & 1) == 0;
		float outcome[LEARNED_ARMS] = { hard ? 0 : 1, hard ? 0.25f : 1, 1 };
		struct look look;

		outcome[arms - 1] = 1;
		look_at(&look, prompt(i), trained_part(n), embed_table(), &n->arena);
		lesson_add(&n->lesson, &look, outcome);
	}
	return n;
}

static struct trained *
train(enum kind kind, size_t arms, bool backwards)
{
	struct trained *n = open_with_labels(kind, arms, backwards);

	trained_fit(n);
	trained_finish(n);
	return n;
}

static struct gain
gain_of(const struct trained *n, const char *text)
{
	struct gain g;
	struct look look;

	look_at(&look, slice_z(text), trained_part(n), embed_table(), &arena);
	trained_gains(n, &look, &g);
	return g;
}

static void
check_look(void)
{
	struct look a, b;
	struct buf text = { 0 };

	check_group("look");
	CHECK(look_dims(LOOK_NEAR, embed_table()) == embed_dims(embed_table()) &&
	      look_dims(LOOK_LINEAR, embed_table()) == LOOK_TABLE &&
	      look_dims(LOOK_WORDS, embed_table()) == 0);
	look_at(&a, SLICE("The Cat sat"), LOOK_NEAR, embed_table(), &arena);
	look_at(&b, SLICE("the cat\tsat"), LOOK_NEAR, embed_table(), &arena);
	CHECK(a.gram_count == b.gram_count);
	CHECK(memcmp(a.grams, b.grams, a.gram_count * sizeof(*a.grams)) == 0);
	CHECK(a.hash != b.hash);
	for (size_t i = 1; i < a.gram_count; i++)
		CHECK(a.grams[i - 1].gram < a.grams[i].gram);
	CHECK(fabs((double)a.form[0] - log(12)) < 1e-6);
	for (double x = 1e-9; x < 1e9; x *= 3.7)
		CHECK(fabs(real_log(x) - log(x)) < 1e-11);
	/* of a long text the middle is not read */
	for (size_t i = 0; i < 8000; i++)
		buf_add(&text, SLICE("word "));
	look_at(&a, buf_slice(&text), LOOK_NEAR, embed_table(), &arena);
	memcpy(text.data + 20000, "other", 5);
	look_at(&b, buf_slice(&text), LOOK_NEAR, embed_table(), &arena);
	CHECK(a.hash == b.hash);
	look_at(&a, SLICE(""), LOOK_NEAR, embed_table(), &arena);
	CHECK(a.gram_count == 0);
	buf_free(&text);
}

static void
check_gains(enum kind kind)
{
	struct trained *n = train(kind, 2, false);
	struct gain sum = gain_of(n, "Please solve the equation 5 * x = 6 for x today"),
		    hello =
			gain_of(n, "Write a friendly greeting number 1 for the customer 2 in "
				   "the shop"),
		    strange = gain_of(n, "Qvqv zxzx wkwk"), empty = gain_of(n, "");

	check_group("gains");
	CHECK(sum.of[1] > 0.8 && !sum.new);
	CHECK(hello.of[1] < 0.2 && !hello.new);
	CHECK(strange.new &&empty.new);
	CHECK(fabs(strange.of[1] - 0.5) < 0.6);
	CHECK(trained_choose(n, &sum, trained_threshold(n, 0.5)) == 1);
	CHECK(trained_choose(n, &hello, trained_threshold(n, 0.5)) == 0);
	CHECK(trained_choose(n, &hello, trained_threshold(n, 1)) == 1);
	CHECK(trained_choose(n, &sum, trained_threshold(n, 0)) == 0);
	CHECK(trained_rank(n, trained_score(n, &sum)) > 0.4 && trained_rank(n, -9) <= 0);
	CHECK(trained_rank(n, 9) >= 1);
	trained_free(n);
	/* a middle model that brings a quarter is worth it where steps are cheap */
	n = train(kind, 3, false);
	sum = gain_of(n, "Please solve the equation 5 * x = 6 for x today");
	CHECK(trained_choose(n, &sum, 0.01) == 2);
	CHECK(trained_choose(n, &sum, 9) == 0);
	sum.of[1] = 0.7, sum.of[2] = 0.8;
	CHECK(trained_choose(n, &sum, 0.4) == 1);
	trained_free(n);
}

/* What is said of the gain, as a share of what the examples say of themselves. */
static double
trust_of(const struct trained *n, double familiar)
{
	struct opinion o = { .beyond = { 0, 0.5 }, .familiar = familiar };
	struct gain g;

	opinion_settle(n, &o, &g);
	return (g.of[1] - lesson_by_length(n->lesson.gain, 1, o.form)) / 0.5;
}

static void
check_trust(void)
{
	struct trained *near = train(KIND_NEAR, 2, false),
		       *linear = train(KIND_LINEAR, 2, false);
	double half = ((double)near->familiar + (double)near->usual) / 2;

	check_group("trust");
	CHECK(near->usual > near->familiar && near->familiar > OPINION_UNLIKE);
	CHECK(fabs(trust_of(near, near->usual) - 1) < 1e-9);
	CHECK(fabs(trust_of(near, half) - 0.625) < 1e-6);
	CHECK(fabs(trust_of(near, near->familiar) - 0.25) < 1e-9);
	CHECK(fabs(trust_of(near, OPINION_UNLIKE) - 0.25) < 1e-9);
	/* words tell all here, and nothing where outcomes are a coin's */
	CHECK(fabs(trust_of(linear, 0) - 1) < 1e-6);
	for (size_t i = 0; i < PROMPTS; i++)
		linear->lesson.example[i].outcome[0] =
		    linear->lesson.example[i].look.hash >> 40 & 1;
	linear_free(linear->linear);
	free(linear->lesson.form);
	free(linear->lesson.beyond);
	trained_fit(linear);
	trained_finish(linear);
	CHECK(fabs(trust_of(linear, 0) - 0.5) < 1e-6);
	trained_free(near);
	trained_free(linear);
}

/* Vectors tell what words do not: half of them gain. */
static void
check_vectors(void)
{
	struct lesson l = { .arms = 2, .dims = LOOK_TABLE };
	struct linear *linear;
	int16_t vector[2][LOOK_TABLE] = { { LOOK_SCALE }, { 0, LOOK_SCALE } };
	double gain[2][2];

	check_group("vectors");
	for (size_t i = 0; i < PROMPTS; i++) {
		struct look look = { .vector = vector[i & 1], .hash = i };
		float outcome[2] = { i & 1, 1 };

		lesson_add(&l, &look, outcome);
	}
	lesson_make(&l);
	linear = linear_fit(&l, 0.05, LINEAR_FOLDS);
	for (size_t i = 0; i < 2; i++)
		linear_ask(linear, &l.example[i].look, l.form, gain[i]);
	CHECK(gain[0][1] > gain[1][1] + 0.1);
	linear_free(linear);
	lesson_free(&l);
}

/* What all vectors have in common is nothing, what they differ in is told apart. */
/* Two forms apart, one of which gains: its weight is that of the regression, with the ridge. */
static void
check_counts(void)
{
	struct lesson l = { .arms = 2, .count = 400 };
	struct counts c;
	int16_t far[LOOK_FORMS] = { 0 };

	check_group("counts");
	l.form = mem_zero(l.count * LOOK_FORMS * sizeof(*l.form));
	l.beyond = mem_zero(l.count * 2 * sizeof(*l.beyond));
	for (size_t i = 0; i < l.count; i++) {
		int16_t *form = &l.form[i * LOOK_FORMS];

		form[3] = i & 1 ? FORM_ONE : -FORM_ONE;
		form[5] = i & 2 ? FORM_ONE : -FORM_ONE;
		l.beyond[i * 2 + 1] = i & 1 ? 0.5f : -0.5f;
	}
	counts_fit(&c, &l);
	CHECK(fabs(counts_ask(&c, 1, &l.form[LOOK_FORMS]) - 0.5 * 400 / 640) < 1e-6);
	CHECK(fabs((double)c.weight[1][5]) < 1e-6);
	/* what is farther than three deviations counts like three */
	far[3] = 8 * FORM_ONE;
	CHECK(fabs(counts_ask(&c, 1, far) - 3 * 0.5 * 400 / 640) < 1e-6);
	/* one of which the other is a part: no division by nothing */
	for (size_t i = 0; i < l.count; i++)
		l.form[i * LOOK_FORMS + 5] = l.form[i * LOOK_FORMS + 3];
	counts_fit(&c, &l);
	CHECK(fabs(counts_ask(&c, 1, &l.form[LOOK_FORMS]) - 0.5 * 800 / 1040) < 1e-6);
	lesson_free(&l);
}

/* Prompts twice as alike for each deviation of length are all as familiar as any. */
static void
check_allowance(void)
{
	struct trained t = { .labels = 5 };
	struct opinion all[5] = { { .known = false, .familiar = OPINION_UNLIKE } };

	check_group("allowance for length");
	for (int i = 1; i < 5; i++) {
		all[i].known = true;
		all[i].form[0] = (int16_t)((i - 3) * FORM_ONE);
		all[i].familiar = -4 + (i - 3) * REAL_LN2;
	}
	allow_for_length(&t, all);
	CHECK(fabs((double)t.longer - REAL_LN2) < 1e-6);
	for (int i = 1; i < 5; i++)
		CHECK(fabs(all[i].familiar + 4) < 1e-6);
	CHECK(fabs(all[0].familiar - OPINION_UNLIKE) < 1e-9);
	/* none known, one length */
	for (int i = 0; i < 5; i++)
		all[i] = (struct opinion){ .known = i > 4 };
	allow_for_length(&t, all);
	CHECK(fabs((double)t.longer) < 1e-9);
	all[0].known = all[1].known = true;
	allow_for_length(&t, all);
	CHECK(fabs((double)t.longer) < 1e-9);
}

/* Weights of more labels than examples fit into memory are read like any. */
static void
check_many(void)
{
	struct trained *n = train(KIND_LINEAR, 2, false), *again;
	struct buf file = { 0 };
	const char *why = NULL;

	check_group("many labels");
	n->labels = 30000000;
	trained_write(n, &file);
	again = trained_read(buf_slice(&file), embed_table(), &why);
	CHECK(again && again->labels == n->labels);
	trained_free(n);
	trained_free(again);
	buf_free(&file);
}

/* What the traffic is to the labels, and what is made of it. */
static void
check_traffic(void)
{
	const double x[] = { 1, 2, 2, 3 }, y[] = { 0, 2, 5 };

	check_group("traffic");
	CHECK(fabs(share_above(x, 4, y, 3) - (0 + 2 + 4) / 12.0) < 1e-9);
	for (int like = 0; like < 2; like++) {
		struct trained *n = open_with_labels(KIND_NEAR, 2, false);
		struct look look;
		char text[100];

		trained_fit(n);
		for (size_t i = 0; i < 100; i++) {
			snprintf(text, sizeof(text), "¿Dónde está la biblioteca %zu?", i);
			look_at(&look, like ? prompt(PROMPTS + i) : slice_z(text), LOOK_NEAR,
			    embed_table(), &n->arena);
			trained_meet(n, &look);
		}
		CHECK(trained_met(n) == 100);
		CHECK(trained_finish(n) == (like ? TRAFFIC_LIKE : TRAFFIC_UNLIKE));
		CHECK(fabs(trust_of(n, OPINION_UNLIKE) - (like ? 1 : 0.15)) < 1e-6);
		CHECK(fabs(trust_of(n, n->usual) - (like ? 1 : 0.15)) < 1e-6);
		/* the thresholds are those of its scores */
		for (size_t i = 0; i < 2 && like; i++) {
			struct gain g;

			look_at(&look, prompt(PROMPTS + i), LOOK_NEAR, embed_table(), &n->arena);
			trained_gains(n, &look, &g);
			CHECK((trained_score(n, &g) > trained_threshold(n, 0.5)) == !i);
		}
		trained_free(n);
	}
	/* where the labels are not even like each other, traffic is not like them either */
	{
		struct trained *n = open_with_labels(KIND_NEAR, 2, false);
		struct look look;

		for (size_t i = 0; i < PROMPTS; i++)
			n->lesson.example[i].look.gram_count = 0;
		trained_fit(n);
		look_at(&look, prompt(PROMPTS), LOOK_NEAR, embed_table(), &n->arena);
		for (size_t i = 0; i < 100; i++)
			trained_meet(n, &look);
		CHECK(trained_finish(n) == TRAFFIC_UNLIKE);
		trained_free(n);
	}
}

static void
check_axes(void)
{
	struct lesson l = { .arms = 2, .dims = LOOK_TABLE };
	int16_t vector[4][LOOK_TABLE] = { { 0 } }, place[4][AXES];
	struct axes *a, *again;

	check_group("axes");
	for (size_t i = 0; i < PROMPTS; i++) {
		int16_t *v = vector[i & 3];
		struct look look = { .vector = v, .hash = i };
		float outcome[2] = { 0, 1 };

		v[0] = 30000; /* all alike */
		v[7] = i & 1 ? 9000 : -9000;
		v[9] = i & 2 ? 900 : -900;
		lesson_add(&l, &look, outcome);
	}
	a = axes_fit(&l, 0, LOOK_TABLE);
	again = axes_fit(&l, 0, LOOK_TABLE);
	CHECK(memcmp(a->axis, again->axis, LOOK_TABLE * AXES * sizeof(*a->axis)) == 0);
	for (size_t i = 0; i < 4; i++)
		axes_place(a, vector[i], place[i]);
	/* opposite in both, in the greater one, in the smaller one, which is not lost */
	CHECK(look_product(place[0], place[3], AXES) < -LOOK_SCALE * (LOOK_SCALE - 9));
	CHECK(look_product(place[0], place[1], AXES) < -LOOK_SCALE * (LOOK_SCALE / 2));
	CHECK(look_product(place[0], place[2], AXES) > LOOK_SCALE * (LOOK_SCALE / 2));
	CHECK(look_product(place[0], place[2], AXES) < LOOK_SCALE * (LOOK_SCALE / 10 * 9));
	/* there is no third */
	for (size_t k = 2; k < AXES; k++)
		CHECK(place[0][k] == 0);
	axes_free(a);
	axes_free(again);
	lesson_free(&l);
}

/* A known prompt is not asked about itself. */
static void
check_left_out(void)
{
	struct trained *n = train(KIND_NEAR, 2, false);
	struct look look;
	struct gain with, without;
	float wrong[LEARNED_ARMS] = { 1, 0 };

	check_group("left out");
	look_at(&look, prompt(0), LOOK_NEAR, embed_table(), &n->arena);
	trained_gains(n, &look, &without);
	for (size_t i = 0; i < n->labels; i++)
		if (n->lesson.example[i].look.hash == look.hash)
			memcpy(&n->lesson.beyond[i * 2], wrong, 2 * sizeof(float));
	trained_gains(n, &look, &with);
	CHECK(fabs(with.of[1] - without.of[1]) == 0);
	trained_free(n);
}

static void
check_file(enum kind kind)
{
	struct trained *n = train(kind, 3, false), *m = train(kind, 3, true), *again;
	struct buf a = { 0 }, b = { 0 }, damaged = { 0 };
	const char *why = NULL;

	check_group("file");
	trained_write(n, &a);
	trained_write(m, &b);
	CHECK(a.len == b.len && memcmp(a.data, b.data, a.len) == 0);
	again = trained_read(buf_slice(&a), embed_table(), &why);
	CHECK(again && again->lesson.arms == 3 && again->labels == PROMPTS);
	if (again) {
		struct gain x = gain_of(n, "Solve x = 3 today"),
			    y = gain_of(again, "Solve x = 3 today");

		CHECK(memcmp(x.of, y.of, sizeof(x.of)) == 0);
		CHECK_SLICE(again->arm[1], "middle");
	}
	for (size_t at = 0; at < a.len; at += a.len / 60 + 1) {
		buf_clear(&damaged);
		buf_add(&damaged, buf_slice(&a));
		damaged.data[at] ^= 4;
		CHECK(!trained_read(buf_slice(&damaged), embed_table(), &why) && why);
		CHECK(!trained_read(slice_take(buf_slice(&a), at), embed_table(), &why) && why);
	}
	trained_free(n);
	trained_free(m);
	trained_free(again);
	buf_free(&a);
	buf_free(&b);
	buf_free(&damaged);
}

/* Rows of known order: the areas by hand. */
static void
check_curve(void)
{
	struct trained *n = train(KIND_NEAR, 2, false);
	struct curve c;
	struct curve_row rows[40] = { { .score = 0 } };
	struct buf svg = { 0 };

	check_group("curve");
	for (size_t i = 0; i < 40; i++) {
		rows[i].score = rows[i].gain.of[1] = (double)i / 40;
		rows[i].length = (float)(40 - i);
		rows[i].outcome[0] = i < 30;
		rows[i].outcome[1] = 1;
	}
	curve_make(&c, n, rows, 40, 1);
	/* a quarter gains and stands first: 1 - 1/8; last: 1/8 */
	CHECK(fabs(c.apgr - 0.875) < 1e-9);
	CHECK(fabs(c.apgr_length - 0.125) < 1e-9);
	CHECK(fabs(c.first - 0.75) < 1e-9 && fabs(c.last - 1) < 1e-9);
	CHECK(fabs(c.point[5].quality - 1) < 1e-9 && fabs(c.point[5].share - 0.25) < 1e-9);
	CHECK(c.point[0].share <= 0 && c.point[CURVE_POINTS - 1].share >= 1);
	CHECK(c.apgr_range.low <= c.apgr && c.apgr <= c.apgr_range.high);
	curve_svg(&c, NULL, &svg);
	CHECK(slice_starts(buf_slice(&svg), SLICE("<svg ")));
	buf_free(&svg);
	trained_free(n);
}

int
main(void)
{
	check_look();
	check_gains(KIND_NEAR);
	check_gains(KIND_LINEAR);
	check_trust();
	check_counts();
	check_allowance();
	check_traffic();
	check_many();
	check_vectors();
	check_axes();
	check_left_out();
	check_file(KIND_NEAR);
	check_file(KIND_LINEAR);
	check_curve();
	arena_close(&arena);
	return check_finish();
}
