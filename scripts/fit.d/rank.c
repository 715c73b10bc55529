/* SPDX-License-Identifier: MIT */
/* Scores the ranking of lib/rank on questions with known answers, or fits its weights.
 *
 * usage: rank score|fit|bare FILE odd|even|all [NAME=VALUE...]
 * FILE has lines {"query","text","answers":[...]} (share of questions with an answer left) or
 * {"query","text","gold":[lines],"group"} (share of the words of these lines left). Halves are
 * by group, or by line. score prints the shares at 10, 20 and 33 % of the words and the speed;
 * fit climbs from the weights given, one weight at a time, and prints them. bare: no vectors.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "json/scan.h"
#include "rank/choose.h"
#include "rank/score.h"

static const double shares[] = { .10, .20, .33 };
#define SHARES 3

struct test {
	struct slice text, query;
	struct slice *answers;
	size_t answer_count;
	unsigned char *gold; /* by line */
	size_t lines, group;
};
static struct test *tests;
static size_t test_count;
static struct embed *embed;
static struct arena forever;

static const struct {
	const char *name;
	size_t offset;
	float least, most;
} names[] = {
#define W(field, least, most)                                             \
	{                                                                 \
#field, offsetof(struct rank_weights, field), least, most \
	}
	W(k1, .2f, 4),
	W(b, 0, 1),
	W(section_b, 0, 1),
	W(heading, 0, 4),
	W(width, 2, 2000),
	W(wide, 2, 2000),
	W(reach, 2, 2000),
	W(window_k1, .2f, 500),
	W(window, 0, 4),
	W(unit, 0, 4),
	W(section, 0, 4),
	W(near, 0, 4),
	W(far, 0, 4),
	W(phrase, 0, 2),
	W(kind, 0, 1),
	W(first, 0, 1),
	W(meaning, 0, 4),
	W(meaning_section, 0, 4),
	W(speaker, 0, 2),
	W(part, 0, 2),
	W(feedback, 0, 2),
	W(rare, .3f, 3),
	W(diverse, 0, 1),
	W(across, 0, 1),
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static float *
field(struct rank_weights *w, size_t i)
{
	return (float *)(void *)((char *)w + names[i].offset);
}

/* Small letters, no punctuation, no articles, one blank between words and at both ends. */
static struct slice
normal(struct slice s, struct arena *a)
{
	char *p = arena_alloc(a, s.len + 3), *word;
	size_t n = 0;

	p[n++] = ' ';
	word = p + n;
	for (size_t i = 0; i <= s.len; i++) {
		unsigned char c = (unsigned char)(i < s.len ? s.ptr[i] : ' ');
		size_t k;

		if (c > ' ' && !ispunct(c)) {
			p[n++] = (char)tolower(c);
			continue;
		}
		if (c > ' ' || p + n == word)
			continue;
		k = (size_t)(p + n - word);
		if ((k == 1 && *word == 'a') || (k == 2 && memcmp(word, "an", 2) == 0) ||
		    (k == 3 && memcmp(word, "the", 3) == 0))
			n -= k;
		else
			p[n++] = ' ';
		word = p + n;
	}
	return slice_of(p, n);
}

static bool
answered(const struct test *t, struct slice text, struct arena *a)
{
	struct slice whole = normal(text, a);

	for (size_t i = 0; i < t->answer_count; i++) {
		struct slice s = slice_trim(normal(t->answers[i], a));

		if (s.len && memmem(whole.ptr, whole.len, s.ptr, s.len))
			return true;
	}
	return false;
}

static double
gold_kept(const struct test *t, const struct units *u, const bool *keep)
{
	double all = 0, kept = 0;
	const char *p = t->text.ptr, *end = p + t->text.len;
	size_t unit = 0;

	for (size_t line = 0; line < t->lines && p < end; line++) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));

		stop = stop ? stop : end;
		for (; unit < u->count && u->list[unit].text.ptr < stop; unit++) {
			double words = (double)rank_words(u->list[unit].text);

			if (t->gold[line]) {
				all += words;
				kept += keep[unit] ? words : 0;
			}
		}
		p = stop + 1;
	}
	return all > 0 ? kept / all : 1;
}

static void
run(const struct test *t, const struct rank_weights *w, double result[SHARES])
{
	static struct arena a;
	struct units u = { .arena = &a };
	struct rank_budget b = { .mark = 1 };
	struct rank_order order;
	struct buf out = { 0 };
	uint64_t *cost;
	float *score;
	bool *keep;

	units_add(&u, t->text);
	score = arena_alloc(&a, (u.count + 1) * sizeof(*score));
	keep = arena_alloc(&a, u.count + 1);
	cost = arena_alloc(&a, (u.count + 1) * sizeof(*cost));
	for (size_t i = 0; i < u.count; i++)
		cost[i] = rank_words(u.list[i].text);
	if (!w)
		w = rank_weights_for(&u);
	rank_score(&u, t->query, w, embed, score);
	order = rank_order(&u, score);
	b.cost = cost;
	b.diverse = w->diverse;
	for (size_t k = 0; k < SHARES; k++) {
		b.total = (uint64_t)(shares[k] * (double)rank_words(t->text));
		rank_choose(&u, &order, &b, keep);
		buf_clear(&out);
		rank_write(&u, 0, u.count, keep, t->text, &out);
		if (rank_words(buf_slice(&out)) > b.total) {
			fprintf(stderr, "over the budget: %zu, not %zu\n",
			    (size_t)rank_words(buf_slice(&out)), (size_t)b.total);
			exit(1);
		}
		result[k] =
		    t->answer_count ? answered(t, buf_slice(&out), &a) : gold_kept(t, &u, keep);
	}
	buf_free(&out);
	arena_reset(&a);
}

static double
run_all(const char *half, const struct rank_weights *w, double sum[SHARES])
{
	size_t n = 0;

	memset(sum, 0, SHARES * sizeof(*sum));
	for (size_t i = 0; i < test_count; i++) {
		double one[SHARES];

		if (half[0] != 'a' && (tests[i].group % 2 == 1) != (half[0] == 'o'))
			continue;
		run(&tests[i], w, one);
		for (size_t k = 0; k < SHARES; k++)
			sum[k] += one[k];
		n++;
	}
	for (size_t k = 0; k < SHARES; k++)
		sum[k] /= (double)n;
	return (sum[0] * 1.2 + sum[1] + sum[2] * .8) / 3;
}

static void
print_weights(const struct rank_weights *w)
{
	struct rank_weights copy = *w;

	for (size_t i = 0; i < NAMES; i++)
		printf("%s=%.4g ", names[i].name, (double)*field(&copy, i));
	printf("\n");
}

static void
fit(const char *half, struct rank_weights *w)
{
	double sum[SHARES], best = run_all(half, w, sum);
	static const float factors[] = { .5f, .75f, 1.33f, 2 };

	for (int round = 0; round < 3; round++) {
		double before = best;

		for (size_t i = 0; i < NAMES; i++) {
			for (size_t k = 0; k < 5; k++) {
				struct rank_weights other = *w;
				float *f = field(&other, i);
				double got;

				if (strcmp(names[i].name, "across") == 0)
					break;
				if (k == 4)
					*f = *f > 0 ? 0 : .15f * names[i].most;
				else if (*f == 0)
					continue;
				else
					*f *= factors[k];
				if (*f < names[i].least || *f > names[i].most)
					continue;
				got = run_all(half, &other, sum);
				if (got > best + 1e-5) {
					best = got;
					*w = other;
					fprintf(stderr, "%.4f %s=%.3g\n", best, names[i].name,
					    (double)*f);
				}
			}
		}
		print_weights(w);
		fflush(stdout);
		if (best < before + 5e-4)
			break;
	}
}

static void
load(const char *file)
{
	FILE *f = fopen(file, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t got;

	if (!f) {
		perror(file);
		exit(1);
	}
	while ((got = getline(&line, &room, f)) > 0) {
		struct json *j = mem_zero(sizeof(*j));
		struct value root, list;
		struct test t = { 0 };
		const char *why;
		size_t where;
		uint64_t n;

		if (!json_scan(
			j, arena_copy(&forever, slice_of(line, (size_t)got)), &why, &where))
			exit(1);
		root = json_root(j);
		t.text = arena_copy(&forever, json_string(json_get(root, "text"), &forever));
		t.query = arena_copy(&forever, json_string(json_get(root, "query"), &forever));
		t.group = json_whole(json_get(root, "group"), &n) ? n : test_count;
		list = json_get(root, "answers");
		t.answers = arena_zero(&forever, json_length(list) + 1, sizeof(*t.answers));
		for (struct value v = json_first(list); json_type(v); v = json_next(v))
			t.answers[t.answer_count++] = json_string(v, &forever);
		for (size_t i = 0; i < t.text.len; i++)
			t.lines += t.text.ptr[i] == '\n';
		t.lines++;
		t.gold = arena_zero(&forever, t.lines, 1);
		list = json_get(root, "gold");
		for (struct value v = json_first(list); json_type(v); v = json_next(v))
			if (json_whole(v, &n) && n < t.lines)
				t.gold[n] = 1;
		tests = mem_grow(tests, test_count + 1, sizeof(*tests));
		tests[test_count++] = t;
		json_free(j);
		free(j);
	}
	free(line);
	fclose(f);
}

static bool
set(struct rank_weights *w, const char *text)
{
	const char *equals = strchr(text, '=');

	for (size_t i = 0; i < NAMES && equals; i++)
		if (slice_eqz(slice_of(text, (size_t)(equals - text)), names[i].name)) {
			*field(w, i) = strtof(equals + 1, NULL);
			return true;
		}
	return false;
}

int
main(int argc, char **argv)
{
	struct rank_weights w;
	double sum[SHARES], bytes = 0, seconds;
	clock_t start;

	if (argc < 4)
		return 2;
	load(argv[2]);
	w = test_count && tests[0].answer_count ? rank_prose : rank_dialogue;
	for (int i = 4; i < argc; i++)
		if (!set(&w, argv[i])) {
			fprintf(stderr, "no weight: %s\n", argv[i]);
			return 2;
		}
#ifndef RANK_BARE
	if (strcmp(argv[1], "bare") != 0)
		embed = embed_table();
#endif
	if (strcmp(argv[1], "fit") == 0)
		fit(argv[3], &w);
	start = clock();
	run_all(argv[3], argc > 4 || strcmp(argv[1], "fit") == 0 ? &w : NULL, sum);
	seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	for (size_t i = 0; i < test_count; i++)
		bytes += argv[3][0] == 'a' || (tests[i].group % 2 == 1) == (argv[3][0] == 'o')
			     ? (double)tests[i].text.len
			     : 0;
	printf("%s %s: %.4f %.4f %.4f  (%.1f MB/s)\n", argv[2], argv[3], sum[0], sum[1], sum[2],
	    bytes / 1e6 / seconds);
	return 0;
}
