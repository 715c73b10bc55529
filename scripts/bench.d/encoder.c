/* SPDX-License-Identifier: MIT */
/* Vectors of the lines of a file: encoder FILE.encoder TEXTS OUT [ROUNDS]. OUT receives them as
 * floats; said is how many texts a CPU second went through, one at a time and together, the
 * best of ROUNDS (3); with 1 only together. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "meaning/embed.h"
#include "meaning/encoder_run.h"
#include "stream/file.h"

struct work {
	struct embed *embed;
	struct slice *texts;
	size_t count;
	float *units;
	enum embed_state *states;
};

static void
one_at_a_time(struct work *w)
{
	size_t dims = embed_dims(w->embed);

	for (size_t i = 0; i < w->count; i++)
		w->states[i] = embed_text(w->embed, w->texts[i], w->units + i * dims);
}

static void
together(struct work *w)
{
	embed_texts(w->embed, w->texts, w->count, w->units, w->states);
}

static void
measure(const char *what, void (*go)(struct work *), struct work *w, int rounds)
{
	double best = 0;

	for (int round = 0; round < rounds; round++) {
		clock_t began = clock();
		double rate;

		go(w);
		rate = (double)w->count * CLOCKS_PER_SEC / (double)(clock() - began);
		best = rate > best ? rate : best;
	}
	printf("%s %.1f\n", what, best);
}

int
main(int argc, char **argv)
{
	struct work w = { 0 };
	struct buf lines = { 0 };
	struct slice rest;
	const char *why;
	FILE *out;
	int rounds = argc == 5 ? (int)strtol(argv[4], NULL, 10) : 3;

	if (argc < 4 || argc > 5 || !file_read(argv[2], &lines) ||
	    !(out = fopen(argv[3], "wb")))
		return 2;
	w.embed = embed_open(argv[1], &why);
	if (!w.embed) {
		fprintf(stderr, "encoder: %s: %s\n", argv[1], why);
		return 2;
	}
	for (rest = buf_slice(&lines); rest.len; w.count++) {
		size_t n = slice_find(rest, '\n');

		w.texts = mem_grow(w.texts, w.count + 1, sizeof *w.texts);
		w.texts[w.count] = slice_take(rest, n);
		rest = slice_drop(rest, n + 1);
	}
	w.units = mem_grow(NULL, w.count * embed_dims(w.embed), sizeof *w.units);
	w.states = mem_grow(NULL, w.count, sizeof *w.states);
	printf("path %s\n", encoder_path_name());
	if (rounds > 1)
		measure("one", one_at_a_time, &w, rounds);
	measure("many", together, &w, rounds);
	if (fwrite(w.units, sizeof *w.units * embed_dims(w.embed), w.count, out) != w.count ||
	    fclose(out) != 0)
		return 3;
	embed_close(w.embed);
	free(w.units);
	free(w.states);
	free(w.texts);
	buf_free(&lines);
	return 0;
}
