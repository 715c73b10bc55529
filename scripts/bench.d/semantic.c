/* SPDX-License-Identifier: MIT */
/* Semantic hits on labelled questions, by the parts that llm-cache get --semantic is made of:
 * embedding, packed rows, lexical gate and learning rule of lib/meaning.
 *
 * usage: semantic lookup|stream|online|stream+online|swap|nearest FILE... [encoder=FILE]
 * [gate=0] [bound=0.05]... [seed=0] A FILE has lines of label, tab, text; swap takes lines of
 * text, tab, text. online takes one bound after another, all others the first.
 *
 * lookup TRAIN TEST: all of TRAIN is stored, TEST is looked up. The threshold is taken on a
 * random half of TEST (most hits with at most `bound` of them wrong), hits are counted on the
 * other half; mean of 20 splits. stream FILE...: seeded order, two halves, each replayed from
 * an empty cache; a miss is stored, a hit is not. The threshold is taken on the first half,
 * hits are counted on the second. online FILE...: the same order as one stream; a tenth of the
 * hits go through to be judged, and are stored; the rule of lib/meaning/learn.h learns from
 * them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "meaning/characters.h"
#include "meaning/embed.h"
#include "meaning/gate.h"
#include "meaning/learn.h"
#include "meaning/nearest.h"
#include "stats/interval.h"
#include "stats/random.h"

#define SEEDS 8
#define MOST 1024 /* neighbours that are remembered of one question */
#define LEAST 0.5F
#define BOUNDS 8

struct text {
	char *label, *text;
	int8_t *row;
	float inverse; /* 1 / length of the row */
	const struct gate_text *gate;
};

static struct text *texts;
static size_t count, dims;
static struct embed *embed;
static bool gated = true;
static double bound;
static uint64_t first_seed;
static float strict = .90F, ease = .18F;
static struct arena arena;

static void
die(const char *what)
{
	fprintf(stderr, "semantic: %s\n", what);
	exit(3);
}

static void
load(const char *name)
{
	static char line[65536];
	static float unit[EMBED_MAX];
	FILE *f = fopen(name, "r");

	if (!f)
		die(name);
	while (fgets(line, sizeof(line), f)) {
		char *tab = strchr(line, '\t');
		struct text *t;

		if (!tab)
			continue;
		*tab++ = 0;
		tab[strcspn(tab, "\n")] = 0;
		if ((count & (count - 1)) == 0)
			texts = realloc(texts, (count ? 2 * count : 1) * sizeof(*texts));
		t = &texts[count++];
		t->label = strdup(line);
		t->text = strdup(tab);
		t->row = calloc(1, (dims + 63) / 64 * 64);
		embed_text(embed, slice_z(t->text), unit);
		nearest_pack(unit, dims, t->row);
		t->inverse = 0;
		for (size_t i = 0; i < dims; i++)
			t->inverse += (float)(t->row[i] * t->row[i]);
		t->inverse = t->inverse > 0 ? 1 / sqrtf(t->inverse) : 0;
		t->gate = gate_read(slice_z(t->text), &arena);
	}
	fclose(f);
}

static bool
same(size_t a, size_t b)
{
	return strcmp(texts[a].label, texts[b].label) == 0;
}

struct pair {
	float score;
	uint32_t row;
	signed char passes; /* -1: not asked yet */
};

static int
by_score(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static bool
passes(size_t asked, struct pair *p)
{
	if (p->passes < 0)
		p->passes =
		    !gated || gate_conflict(texts[asked].gate, texts[p->row].gate) == GATE_NONE;
	return p->passes;
}

/* Neighbours of each text among all others, best first. */
struct near_list {
	struct pair *list;
	size_t count;
};
static struct near_list *lists;

/* As nearest_score, with the lengths worked out before. */
static float
score_of(const struct text *a, const struct text *b)
{
	int32_t sum = 0;

	for (size_t i = 0; i < dims; i++)
		sum += a->row[i] * b->row[i];
	return (float)sum * a->inverse * b->inverse;
}

static void
neighbours(size_t from)
{
	struct pair *all = malloc(count * sizeof(*all));

	lists = calloc(count, sizeof(*lists));
	for (size_t i = from; i < count; i++) {
		size_t kept = 0;

		for (size_t k = 0; k < (from ? from : count); k++) {
			float score;

			if (k == i)
				continue;
			score = score_of(&texts[i], &texts[k]);
			if (score >= LEAST)
				all[kept++] = (struct pair){ score, (uint32_t)k, -1 };
		}
		qsort(all, kept, sizeof(*all), by_score);
		kept = kept > MOST ? MOST : kept;
		lists[i].list = malloc((kept + 1) * sizeof(*all));
		memcpy(lists[i].list, all, kept * sizeof(*all));
		lists[i].count = kept;
	}
	free(all);
}

struct outcome {
	float score;
	bool right;
};

static int
by_outcome(const void *a, const void *b)
{
	const struct outcome *x = a, *y = b;

	return x->score < y->score ? 1 : x->score > y->score ? -1 : 0;
}

/* The lowest threshold at which at most the bound of the hits are wrong. */
static float
pick(struct outcome *o, size_t n)
{
	float best = 2;
	size_t wrong = 0;

	qsort(o, n, sizeof(*o), by_outcome);
	for (size_t i = 0; i < n; i++) {
		wrong += !o[i].right;
		if ((i + 1 == n || o[i + 1].score < o[i].score) &&
		    (double)wrong <= bound * (double)(i + 1))
			best = o[i].score;
	}
	return best;
}

static void
shuffle(uint32_t *order, size_t n, uint64_t seed)
{
	struct random r;

	random_open(&r, seed, 1);
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	for (size_t i = n; i > 1; i--) {
		size_t k = random_below(&r, i);
		uint32_t x = order[i - 1];

		order[i - 1] = order[k];
		order[k] = x;
	}
}

static void
lookup(const char *train, const char *test)
{
	struct outcome *all, *half;
	uint32_t *order;
	size_t stored, n, hits_all = 0, wrong_all = 0;
	double hits = 0, wrong = 0;

	load(train);
	stored = count;
	load(test);
	n = count - stored;
	neighbours(stored);
	all = calloc(n, sizeof(*all));
	half = calloc(n, sizeof(*half));
	order = calloc(n, sizeof(*order));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < lists[stored + i].count && k < 8; k++) {
			struct pair *p = &lists[stored + i].list[k];

			if (!passes(stored + i, p))
				continue;
			all[i] = (struct outcome){ p->score, same(stored + i, p->row) };
			break;
		}
	for (uint64_t seed = 0; seed < 20; seed++) {
		size_t h = 0, w = 0;
		float threshold;

		shuffle(order, n, seed);
		for (size_t i = 0; i < n / 2; i++)
			half[i] = all[order[i]];
		threshold = pick(half, n / 2);
		for (size_t i = n / 2; i < n; i++)
			if (all[order[i]].score >= threshold) {
				h++;
				w += !all[order[i]].right;
			}
		hits += (double)h / (double)(n - n / 2) / 20;
		wrong += h ? (double)w / (double)h / 20 : 0;
		hits_all += h;
		wrong_all += w;
	}
	printf("look-up, at most %.0f %% wrong on the half that is learned from: hits %.1f %% "
	       "(wrong %.1f %%)\n",
	    100 * bound, 100 * hits, 100 * wrong);
	hits_all = wrong_all = 0;
	for (size_t i = 0; i < n; i++)
		if (all[i].score >= strict) {
			hits_all++;
			wrong_all += !all[i].right;
		}
	printf("look-up at the strict default %.2f: hits %.1f %% (wrong %.1f %%)\n",
	    (double)strict, 100 * (double)hits_all / (double)n,
	    hits_all ? 100 * (double)wrong_all / (double)hits_all : 0);
}

/* Of neighbour k, among those that are stored. */
static float
closeness(size_t i, size_t k, const bool *stored)
{
	const struct pair *p = &lists[i].list[k];
	unsigned looked = 0;
	float crowd = 0;

	for (size_t n = 0; n < lists[i].count && looked < LEARN_LOOKED; n++) {
		const struct pair *other = &lists[i].list[n];

		if (!stored[other->row])
			continue;
		looked++;
		if (n != k)
			crowd += learn_crowding(p->score, other->score);
	}
	return learn_closeness(
	    p->score, crowd, gate_overlap(texts[i].gate, texts[p->row].gate));
}

/* Best stored neighbour that the gate lets pass, or NULL. */
static struct pair *
best(size_t i, const bool *stored, float least, struct learn *l, float *close, bool *judge)
{
	unsigned tried = 0;
	enum learn_say say = LEARN_YES;

	for (size_t k = 0; k < lists[i].count && tried < LEARN_LOOKED; k++) {
		struct pair *p = &lists[i].list[k];

		if (p->score < (l ? learn_floor(l) : least))
			break;
		if (!stored[p->row])
			continue;
		tried++;
		if (l) {
			*close = closeness(i, k, stored);
			say = learn_ask(l, p->row, p->score, *close);
			*judge = say == LEARN_JUDGE;
		}
		if (say != LEARN_NO && passes(i, p))
			return p;
	}
	return NULL;
}

static void
replay(const uint32_t *order, size_t n, float threshold, size_t *hits, size_t *wrong)
{
	bool *stored = calloc(count, sizeof(*stored));

	*hits = *wrong = 0;
	for (size_t i = 0; i < n; i++) {
		struct pair *p = best(order[i], stored, threshold, NULL, NULL, NULL);

		if (p) {
			++*hits;
			*wrong += !same(order[i], p->row);
		} else {
			stored[order[i]] = true;
		}
	}
	free(stored);
}

static void
stream(void)
{
	uint32_t *order = calloc(count, sizeof(*order));
	double hits = 0, wrong = 0, plain = 0, plain_wrong = 0;

	for (uint64_t seed = 0; seed < 3; seed++) {
		size_t h, w, most = 0;
		float threshold = 2;

		shuffle(order, count, seed);
		for (int step = 0; step < 100; step++) {
			float t = .55F + .0045F * (float)step;

			replay(order, count / 2, t, &h, &w);
			if (h >= 20 && (double)w <= bound * (double)h && h > most) {
				most = h;
				threshold = t;
			}
		}
		replay(order + count / 2, count - count / 2, threshold, &h, &w);
		hits += (double)h / (double)(count - count / 2) / 3;
		wrong += h ? (double)w / (double)h / 3 : 0;
		replay(order + count / 2, count - count / 2, strict, &h, &w);
		plain += (double)h / (double)(count - count / 2) / 3;
		plain_wrong += h ? (double)w / (double)h / 3 : 0;
	}
	printf(
	    "stream from an empty cache, threshold of the other half: hits %.1f %% (wrong %.1f "
	    "%%)\n",
	    100 * hits, 100 * wrong);
	printf("stream at the strict default %.2f: hits %.1f %% (wrong %.1f %%)\n",
	    (double)strict, 100 * plain, 100 * plain_wrong);
	free(order);
}

static void
online(double rate)
{
	uint32_t *order = calloc(count, sizeof(*order));
	bool *stored = calloc(count, sizeof(*stored));
	double hits = 0, wrong = 0, late = 0, late_wrong = 0, served_all = 0;
	unsigned above = 0;

	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		struct learn *l = learn_open(strict, ease, bound);
		struct random r;
		size_t h = 0, w = 0, lh = 0, lw = 0, checked = 0, aside = 0;
		float close = 0;
		bool judge = false;
		struct interval range;

		random_open(&r, seed, 2);
		shuffle(order, count, seed);
		memset(stored, 0, count * sizeof(*stored));
		for (size_t i = 0; i < count; i++) {
			struct pair *p = best(order[i], stored, 0, l, &close, &judge);
			bool right;

			if (p && judge) {
				/* unanswered in any case; judged as often as hits are */
				if ((double)random_below(&r, 1000000) < rate * 1e6) {
					aside++;
					learn_see(
					    l, p->row, close, same(order[i], p->row), false);
				}
				p = NULL;
			}
			if (!p) {
				stored[order[i]] = true;
				continue;
			}
			right = same(order[i], p->row);
			h++;
			w += !right;
			if (i >= count / 2) {
				lh++;
				lw += !right;
			}
			if ((double)random_below(&r, 1000000) >= rate * 1e6)
				continue;
			checked++;
			/* what was judged to be the same need not be asked for again */
			stored[order[i]] = !right;
			learn_see(l, p->row, close, right, true);
		}
		range = interval_exact(w, h, .95);
		above += range.low > bound;
		printf("  seed %u: hits %.1f %%, wrong %.2f %% (%.2f to %.2f); second half "
		       "%.1f %% "
		       "(%.2f); %zu judged, %zu aside; score %.3f\n",
		    (unsigned)seed, 100. * (double)h / (double)count,
		    100. * (double)w / (double)(h ? h : 1), 100 * range.low, 100 * range.high,
		    200. * (double)lh / (double)count,
		    100. * (double)lw / (double)(lh ? lh : 1), checked, aside,
		    (double)learn_threshold(l));
		hits += (double)h / (double)count / SEEDS;
		served_all += (double)(h - checked) / (double)count / SEEDS;
		wrong += h ? (double)w / (double)h / SEEDS : 0;
		late += 2. * (double)lh / (double)count / SEEDS;
		late_wrong += lh ? (double)lw / (double)lh / SEEDS : 0;
		learn_free(l);
	}
	printf(
	    "online, bound %.0f %%, %.0f %% judged, mean of %u seeds: hits %.1f %% (wrong %.2f "
	    "%%), answered without being judged %.1f %%; second half %.1f %% (%.2f %%); seeds "
	    "whose interval is above the bound: %u\n",
	    100 * bound, 100 * rate, SEEDS, 100 * hits, 100 * wrong, 100 * served_all,
	    100 * late, 100 * late_wrong, above);
	free(order);
	free(stored);
}

static void
swap(const char *name)
{
	static char line[65536], why[64];
	static float a[EMBED_MAX], b[EMBED_MAX];
	static int8_t x[EMBED_MAX + 64], y[EMBED_MAX + 64];
	size_t pairs = 0, near = 0, hits = 0, refused = 0;
	FILE *f = fopen(name, "r");

	if (!f)
		die(name);
	while (fgets(line, sizeof(line), f)) {
		char *tab = strchr(line, '\t'), *kind;
		enum gate gate;
		float score;

		if (!tab)
			continue;
		*tab++ = 0;
		tab[strcspn(tab, "\n")] = 0;
		snprintf(why, sizeof(why), "pair");
		kind = strchr(tab, '\t');
		if (kind)
			*kind++ = 0;
		embed_text(embed, slice_z(line), a);
		embed_text(embed, slice_z(tab), b);
		nearest_pack(a, dims, x);
		nearest_pack(b, dims, y);
		score = nearest_score(x, y, dims);
		gate = gate_conflict(
		    gate_read(slice_z(line), &arena), gate_read(slice_z(tab), &arena));
		arena_reset(&arena);
		pairs++;
		near += score >= strict;
		refused += gate != GATE_NONE;
		if (score >= strict && gate == GATE_NONE) {
			hits++;
			if (getenv("SHOW"))
				printf("hit %.3f %s | %s | %s\n", (double)score,
				    kind ? kind : "", line, tab);
		} else if (getenv("SHOW_ALL")) {
			printf("no %s %.3f %s | %s | %s\n", gate_name(gate), (double)score,
			    kind ? kind : "", line, tab);
		}
	}
	fclose(f);
	printf("%s: %zu pairs, %.1f %% reach %.2f, %.1f %% are refused by the gate, %zu hits "
	       "(%.2f %%)\n",
	    name, pairs, 100. * (double)near / (double)pairs, (double)strict,
	    100. * (double)refused / (double)pairs, hits, 100. * (double)hits / (double)pairs);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Texts of the files, and mixtures of two of them until there are enough, as rows; then texts
 * with a little noise as queries. */
static void
nearest(size_t rows)
{
	static float unit[EMBED_MAX], other[EMBED_MAX], query[200][EMBED_MAX];
	static int8_t packed[EMBED_MAX], asked[200][EMBED_MAX];
	struct nearest *n = nearest_open(dims);
	float *all = malloc(rows * dims * sizeof(*all));
	size_t good = 0, exact = 0;
	struct near found[8];
	double best_find = 1e9, best_scan = 1e9;
	struct random r;

	random_open(&r, 1, 3);
	for (size_t i = 0; i < rows; i++) {
		size_t a = i < count ? i : random_below(&r, count), b = random_below(&r, count);
		float share = i < count ? 0 : (float)random_below(&r, 1000) / 2000;

		embed_text(embed, slice_z(texts[a].text), unit);
		embed_text(embed, slice_z(texts[b].text), other);
		for (size_t d = 0; d < dims; d++)
			unit[d] +=
			    share * other[d] +
			    (i < count ? 0 : .02F * ((float)random_below(&r, 2001) / 1000 - 1));
		vector_unit(unit, dims);
		memcpy(all + i * dims, unit, dims * sizeof(*all));
		nearest_pack(unit, dims, packed);
		nearest_add(n, packed);
	}
	for (size_t q = 0; q < 200; q++) {
		size_t a = random_below(&r, rows);

		for (size_t d = 0; d < dims; d++)
			query[q][d] = all[a * dims + d] +
				      .05F * ((float)random_below(&r, 2001) / 1000 - 1);
		vector_unit(query[q], dims);
		nearest_pack(query[q], dims, asked[q]);
	}
	for (size_t q = 0; q < 200; q++) {
		float top = -2;
		size_t at = 0;

		for (size_t i = 0; i < rows; i++) {
			float s = vector_dot(query[q], all + i * dims, dims);

			if (s > top) {
				top = s;
				at = i;
			}
		}
		nearest_find(n, asked[q], found, 8);
		good += found[0].row == at;
		nearest_scan(n, asked[q], found, 8);
		exact += found[0].row == at;
	}
	for (int round = 0; round < 9; round++) {
		double began = now();

		for (size_t q = 0; q < 200; q++)
			nearest_find(n, asked[q], found, 8);
		began = (now() - began) / 200;
		best_find = began < best_find ? began : best_find;
	}
	for (int round = 0; round < 3; round++) {
		double began = now();

		for (size_t q = 0; q < 20; q++)
			nearest_scan(n, asked[q], found, 8);
		began = (now() - began) / 20;
		best_scan = began < best_scan ? began : best_scan;
	}
	printf("nearest of %zu x %zu (%s): %.3f ms, recall@1 %.3f against float; int8 scan "
	       "%.3f ms, "
	       "recall@1 %.3f\n",
	    rows, dims, nearest_path(), best_find, (double)good / 200, best_scan,
	    (double)exact / 200);
}

int
main(int argc, char **argv)
{
	const char *files[8];
	size_t file_count = 0, rows = 100000, bound_count = 0;
	double rate = .1, bounds[BOUNDS] = { .05 };
	const char *why;

	embed = embed_table();
	for (int i = 2; i < argc; i++) {
		if (strncmp(argv[i], "encoder=", 8) == 0) {
			embed = embed_open(argv[i] + 8, &why);
			if (!embed)
				die(why);
			strict = .90F;
			ease = .22F;
		} else if (strncmp(argv[i], "gate=", 5) == 0)
			gated = argv[i][5] == '1';
		else if (strncmp(argv[i], "bound=", 6) == 0)
			bounds[bound_count++ % BOUNDS] = strtod(argv[i] + 6, NULL);
		else if (strncmp(argv[i], "seed=", 5) == 0)
			first_seed = strtoull(argv[i] + 5, NULL, 10);
		else if (strncmp(argv[i], "ease=", 5) == 0)
			ease = strtof(argv[i] + 5, NULL);
		else if (strncmp(argv[i], "rate=", 5) == 0)
			rate = strtod(argv[i] + 5, NULL);
		else if (strncmp(argv[i], "rows=", 5) == 0)
			rows = strtoul(argv[i] + 5, NULL, 10);
		else if (strncmp(argv[i], "strict=", 7) == 0)
			strict = strtof(argv[i] + 7, NULL);
		else if (file_count < 8)
			files[file_count++] = argv[i];
	}
	bound_count = bound_count == 0 ? 1 : bound_count < BOUNDS ? bound_count : BOUNDS;
	bound = bounds[0];
	dims = embed_dims(embed);
	if (argc < 3 || file_count == 0)
		die("usage: semantic lookup|stream|online|stream+online|swap|nearest FILE...");
	if (strcmp(argv[1], "lookup") == 0 && file_count == 2) {
		lookup(files[0], files[1]);
		return 0;
	}
	if (strcmp(argv[1], "swap") == 0) {
		swap(files[0]);
		return 0;
	}
	for (size_t i = 0; i < file_count; i++)
		load(files[i]);
	if (strcmp(argv[1], "nearest") == 0) {
		nearest(rows);
		return 0;
	}
	neighbours(0);
	if (strstr(argv[1], "stream"))
		stream();
	for (size_t i = 0; strstr(argv[1], "online") && i < bound_count; i++) {
		bound = bounds[i];
		online(rate);
	}
	return 0;
}
