/* SPDX-License-Identifier: MIT */
/* The loops of path.h, for a file that has defined what a machine does its own way:
 *
 *   spread          see window.h
 *   window_load     the window at p
 *   ends_store      writes base + the number of each bit of m to `to`, room for 64
 *   line_find       tokens of the key in its line of the table; 0: not there */
#include "tokens/path.h"
#include "tokens/window.h"

WINDOW_INLINE size_t
cut_windows(const struct split_family *f, place p, place end, uint32_t *ends, place *next)
{
	place base = p;
	size_t n = 0;

	while (n < CUT_WANTED && p < end) {
		struct window w;
		uint64_t cuts;
		size_t len;

		window_load(&w, f, p, end);
		cuts = window_cuts(f, &w, p, end);
		if (w.begins != UINT64_MAX)
			cuts = spread(cuts, w.begins);
		if (cuts) {
			ends_store(ends + n, (uint32_t)(p - base), cuts);
			n += (size_t)__builtin_popcountll(cuts);
			p += 63 - __builtin_clzll(cuts);
			continue;
		}
		len = split_piece(f, p, end);
		if (len > UINT32_MAX - (size_t)(p - base) && n > 0)
			break;
		p += len;
		ends[n++] = (uint32_t)(p - base);
		if (len > UINT32_MAX)
			break;
	}
	*next = p;
	return n;
}

#define PATH_CUT(name)                                                  \
	static WINDOW_TARGET size_t cut_##name(                         \
	    place p, place end, uint32_t *ends, place *next)            \
	{                                                               \
		return cut_windows(&family_##name, p, end, ends, next); \
	}
PATH_CUT(o200k)
PATH_CUT(cl100k)
PATH_CUT(gpt2)
PATH_CUT(llama3)
PATH_CUT(qwen)
PATH_CUT(tekken)
#undef PATH_CUT

/* Lines are asked for this many pieces before they are read. */
static WINDOW_TARGET uint64_t
probe(const struct table *t, place p, place end, const uint32_t *ends, size_t count,
    uint16_t *missed, size_t *misses)
{
	struct table_key key[CUT_MOST];
	uint32_t line[CUT_MOST];
	uint64_t sum = 0;
	size_t from = 0, none = 0, i;
	/* before it a key is one load of 16 bytes */
	size_t safe = (size_t)(end - p) < 16 ? 0 : (size_t)(end - p) - 15;

	for (i = 0; i < count; i++) {
		size_t to = ends[i];

		key[i] = from < safe ? table_key_fast(p + from, to - from)
				     : table_key(p + from, to - from);
		line[i] = table_line_of(t, key[i]);
		__builtin_prefetch(&t->line[line[i]]);
		from = to;
	}
	for (i = 0; i < count; i++) {
		unsigned tokens = line_find(&t->line[line[i]], &key[i]);

		sum += tokens;
		missed[none] = (uint16_t)i;
		none += tokens == 0;
	}
	*misses = none;
	return sum;
}
