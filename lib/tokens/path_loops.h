/* SPDX-License-Identifier: MIT */
/* The loops of path.h, for a file that has defined what a machine does its own way:
 *
 *   spread          see window.h
 *   window_load     the window at p
 *   places_store    writes base + the number of each bit of m to `to`, room for 64
 *   line_find       tokens of the key in its line of the table; 0: not there */
#include "tokens/path.h"
#include "tokens/window.h"

/* Bytes from which on a call of cut begins no piece. */
#define CUT_FAR (1u << 30)

/* The tokens of the pieces of two bytes that begin at the bits of m. */
WINDOW_INLINE uint64_t
count_twos(const uint32_t *two, place p, uint64_t m)
{
	uint64_t sum = (uint64_t)__builtin_popcountll(m);

	for (; m; m &= m - 1) {
		place q = p + lowest_bit(m);

		sum += two[q[0] << 8 | q[1]] == VOCAB_NONE;
	}
	return sum;
}

/* Adds the pieces of the window at p, `base` bytes behind the first one. Bit i of cuts, of which
 * there are some, is the i-th byte, and so it is of those digits that make numbers. */
WINDOW_INLINE void
pieces_add(struct pieces *out, place p, uint32_t base, uint64_t cuts, uint64_t digits,
    const uint32_t *two)
{
	uint64_t last = (uint64_t)1 << (63 - __builtin_clzll(cuts));
	uint64_t starts = (cuts | 1) ^ last, one = starts & cuts >> 1;
	uint64_t known = starts & (one | digits), twos = 0;

	out->tokens += (uint64_t)__builtin_popcountll(known);
	starts ^= known;
	if (two) {
		twos = starts & cuts >> 2;
		out->tokens += count_twos(two, p, twos);
		starts ^= twos;
	}
	/* numbers are pieces of their own: what ends behind a digit is one */
	cuts &= ~((one | digits) << 1 | twos << 2);
	places_store(out->from + out->count, base, starts);
	places_store(out->to + out->count, base, cuts);
	out->count += (size_t)__builtin_popcountll(starts);
}

WINDOW_INLINE void
cut_windows(const struct split_family *f, place p, place end, const struct path_short *s,
    struct pieces *out)
{
	place base = p;

	out->count = 0;
	out->tokens = 0;
	while (out->count < CUT_WANTED && p < end && p - base <= CUT_FAR) {
		struct window w;
		uint64_t cuts;
		size_t len, far;

		window_load(&w, f, p, end);
		cuts = window_cuts(f, &w, p, end);
		if (w.begins != UINT64_MAX)
			cuts = spread(cuts, w.begins);
		if (cuts) {
			pieces_add(out, p, (uint32_t)(p - base), cuts,
			    s->numbers && f->digits == 3 ? w.digits : 0, s->two);
			p += 63 - __builtin_clzll(cuts);
			continue;
		}
		len = split_piece(f, p, end);
		if (len > UINT32_MAX - CUT_FAR && p > base)
			break;
		out->from[out->count] = (uint32_t)(p - base);
		p += len;
		far = (size_t)(p - base);
		out->to[out->count++] = far > UINT32_MAX ? UINT32_MAX : (uint32_t)far;
	}
	out->next = p;
}

#define PATH_CUT(name)                                                              \
	static WINDOW_TARGET void cut_##name(                                       \
	    place p, place end, const struct path_short *s, struct pieces *out)     \
	{                                                                           \
		cut_windows(&family_##name, p, end, s, out);                        \
	}
PATH_CUT(o200k)
PATH_CUT(cl100k)
PATH_CUT(gpt2)
PATH_CUT(llama3)
PATH_CUT(qwen)
PATH_CUT(tekken)
#undef PATH_CUT

/* All lines are asked for before the first is read. */
static WINDOW_TARGET uint64_t
probe(const struct table *t, place p, place end, const struct pieces *pieces,
    uint16_t *missed, size_t *misses)
{
	struct table_key key[CUT_MOST];
	uint32_t line[CUT_MOST];
	uint64_t sum = 0;
	size_t count = pieces->count, none = 0, i;
	/* before it a key is one load of 16 bytes */
	size_t safe = (size_t)(end - p) < 16 ? 0 : (size_t)(end - p) - 15;

	for (i = 0; i < count; i++) {
		size_t from = pieces->from[i], to = pieces->to[i];

		key[i] = from < safe ? table_key_fast(p + from, to - from)
				     : table_key(p + from, to - from);
		line[i] = table_line_of(t, key[i]);
		__builtin_prefetch(&t->line[line[i]]);
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
