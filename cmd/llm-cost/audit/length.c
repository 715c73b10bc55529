/* SPDX-License-Identifier: MIT */
#include "length.h"

#include <stdlib.h>

#include "base/mem.h"

#define BITS 6
#define EXACT (2u << BITS) /* values below have a class of their own */
#define CLASSES 2048

static size_t
class_of(uint64_t n)
{
	unsigned shift = 0;

	while (n >> shift >= EXACT)
		shift++;
	n = (shift << BITS) + (n >> shift);
	return n < CLASSES ? (size_t)n : CLASSES - 1;
}

static uint64_t
first_of(size_t class)
{
	unsigned shift = class < EXACT ? 0 : (unsigned)(class >> BITS) - 1;

	return (uint64_t)(class - (shift << BITS)) << shift;
}

void
lengths_add(struct lengths *l, uint64_t tokens)
{
	size_t c = class_of(tokens);

	if (!l->count) {
		l->count = mem_zero(CLASSES * sizeof(*l->count));
		l->sum = mem_zero(CLASSES * sizeof(*l->sum));
	}
	l->count[c]++;
	l->sum[c] += tokens;
	l->total++;
}

uint64_t
lengths_quantile(const struct lengths *l, unsigned permille)
{
	uint64_t seen = 0;

	for (size_t c = 0; c < CLASSES && l->total; c++) {
		seen += l->count[c];
		if (seen * 1000 >= l->total * permille && l->count[c])
			return l->sum[c] / l->count[c];
	}
	return 0;
}

uint64_t
lengths_edge(uint64_t tokens)
{
	return first_of(class_of(tokens) + 1) - 1;
}

uint64_t
lengths_over(const struct lengths *l, uint64_t edge, uint64_t *excess)
{
	uint64_t n = 0;

	*excess = 0;
	for (size_t c = class_of(edge) + 1; c < CLASSES && l->total; c++) {
		n += l->count[c];
		*excess += l->sum[c] - l->count[c] * edge;
	}
	return n;
}

void
lengths_free(struct lengths *l)
{
	free(l->count);
	free(l->sum);
	*l = (struct lengths){ 0 };
}
