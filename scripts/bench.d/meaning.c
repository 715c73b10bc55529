/* SPDX-License-Identifier: MIT */
/* The built-in table as the tools see it.
 *
 * meaning vectors < LINES > FLOATS: 256 numbers a line.
 * meaning speed ROUNDS < LINES: texts a CPU second, the best of so many rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "meaning/embed.h"

static struct slice
read_all(void)
{
	static struct buf b;
	size_t got;

	do {
		got = fread(buf_room(&b, 1 << 16), 1, 1 << 16, stdin);
		b.len += got;
	} while (got);
	return buf_slice(&b);
}

static size_t
each_line(struct slice rest, FILE *out)
{
	size_t lines = 0;

	for (; rest.len; lines++) {
		struct slice line = slice_take(rest, slice_find(rest, '\n'));
		float unit[EMBED_MAX];

		rest = slice_drop(rest, line.len + 1);
		embed_text(embed_table(), line, unit);
		if (out)
			fwrite(unit, sizeof *unit, embed_dims(embed_table()), out);
	}
	return lines;
}

int
main(int argc, char **argv)
{
	struct slice lines = read_all();
	double best = 0;

	if (argc < 3) {
		each_line(lines, stdout);
		return fflush(stdout) ? 3 : 0;
	}
	for (long i = strtol(argv[2], NULL, 10); i > 0; i--) {
		clock_t from = clock();
		double rate = (double)each_line(lines, NULL) * CLOCKS_PER_SEC /
			      (double)(clock() - from + 1);

		best = rate > best ? rate : best;
	}
	printf("%.0f\n", best);
	return 0;
}
