/* SPDX-License-Identifier: MIT */
#include "tokens/merge.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tokens/merge_few.h"
#include "tokens/merge_many.h"
#include "tokens/merge_search.h"

/* Merging by rank gives the only sequence of tokens in which every two neighbours stay two (H.
 * van Antwerpen and A. Neubeck, "So many tokens, so little time", 2024). So a long piece is
 * merged a window at a time: where the last token before a window and the first one in it stay,
 * both together are the tokens of the piece up to there. Each window begins a few tokens before
 * the end of the one before, whose last tokens lacked what follows; where the seam does not
 * stay, it is moved to the left. If that goes too far, the piece is searched as a whole. */
#define BACK 2  /* tokens to begin with */
#define KEPT 64 /* tokens that may be taken back */

struct windows {
	const struct vocab *v;
	struct slice piece;
	struct merge *m;
	size_t at;     /* the tokens are those of the piece up to here */
	uint64_t gone; /* tokens that are no longer in m */
	uint32_t twin; /* a token that stays beside itself */
	bool only_count;
};

void
merge_push(struct merge *m, uint32_t id)
{
	if (m->count == m->room) {
		uint32_t *more =
		    mem_grow(m->id == m->few ? NULL : m->id, m->room * 2, sizeof *more);

		if (m->id == m->few)
			memcpy(more, m->few, sizeof m->few);
		m->id = more;
		m->room *= 2;
	}
	m->id[m->count++] = id;
}

/* The token that the last one or, as that may be cut short, one of the two before it repeats in
 * what follows; the tokens behind it are taken back. VOCAB_NONE: none. */
static uint32_t
find_twin(struct windows *w)
{
	struct merge *m = w->m;
	size_t at = w->at;

	for (size_t drop = 0; drop < 3 && drop < m->count; drop++) {
		uint32_t id = m->id[m->count - 1 - drop];
		struct slice token = vocab_bytes(w->v, id), rest = slice_drop(w->piece, at);

		if (slice_starts(rest, token) &&
		    slice_starts(slice_drop(rest, token.len), token) &&
		    at + 2 * token.len > w->at &&
		    (id == w->twin || vocab_stays(w->v, id, id))) {
			m->count -= drop;
			w->at = at;
			return w->twin = id;
		}
		at -= token.len;
	}
	return VOCAB_NONE;
}

/* In a run of one thing the next token mostly is the last one again. */
static void
repeat(struct windows *w)
{
	uint32_t id = find_twin(w);
	struct slice token = vocab_bytes(w->v, id), rest = slice_drop(w->piece, w->at);
	size_t times = 0;

	if (id == VOCAB_NONE)
		return;
	for (; slice_starts(rest, token); times++)
		rest = slice_drop(rest, token.len);
	w->at += times * token.len;
	if (w->only_count && times > KEPT) {
		w->gone += times - KEPT;
		times = KEPT;
	}
	while (times-- > 0)
		merge_push(w->m, id);
}

/* One window of at most so many bytes; false if no seam was found. */
static bool
extend(struct windows *w, size_t most)
{
	struct merge *m = w->m;
	uint32_t id[MANY_MOST], n;
	size_t from = w->at, kept = m->count, size;

	for (int i = 0; i < BACK && kept > 0; i++)
		from -= vocab_bytes(w->v, m->id[--kept]).len;
	for (;;) {
		size = w->piece.len - from;
		if (size > most)
			size = most;
		if (from + size < w->piece.len && from + size < w->at + most / 4)
			return false;
		n = most <= FEW_MOST
			? merge_few(w->v, slice_of(w->piece.ptr + from, size), id)
			: merge_many(w->v, slice_of(w->piece.ptr + from, size), id);
		if (kept == 0 ? from == 0 : vocab_stays(w->v, m->id[kept - 1], id[0]))
			break;
		if (kept == 0)
			return false;
		from -= vocab_bytes(w->v, m->id[--kept]).len;
	}
	m->count = kept;
	for (uint32_t i = 0; i < n; i++)
		merge_push(m, id[i]);
	w->at = from + size;
	return true;
}

/* Of a piece that is only counted the last tokens are enough. */
static void
let_go(struct windows *w)
{
	size_t gone = w->m->count - KEPT;

	memmove(w->m->id, w->m->id + gone, KEPT * sizeof *w->m->id);
	w->m->count = KEPT;
	w->gone += gone;
}

/* Tokens of piece; m has all of them, or with only_count the last. */
static uint64_t
merge_windows(const struct vocab *v, struct slice piece, struct merge *m, bool only_count)
{
	struct windows w = {
		.v = v, .piece = piece, .m = m, .twin = VOCAB_NONE, .only_count = only_count
	};

	m->count = 0;
	while (w.at < piece.len) {
		if (only_count && m->count > MERGE_FEW)
			let_go(&w);
		if (!extend(&w, FEW_MOST) && !extend(&w, MANY_MOST)) {
			merge_search(v, piece, m);
			return m->count;
		}
		repeat(&w);
	}
	return w.gone + m->count;
}

void
merge_piece(const struct vocab *v, struct slice piece, struct merge *m)
{
	if (piece.len <= FEW_MOST)
		m->count = merge_few(v, piece, m->id);
	else
		merge_windows(v, piece, m, false);
}

uint64_t
merge_count(const struct vocab *v, struct slice piece)
{
	struct merge m;
	uint64_t count;

	m.id = m.few;
	m.room = MERGE_FEW;
	if (piece.len <= FEW_MOST)
		return merge_few(v, piece, m.id);
	count = merge_windows(v, piece, &m, true);
	merge_free(&m);
	return count;
}

void
merge_set(struct merge *m, uint32_t id)
{
	m->id[0] = id;
	m->count = 1;
}

void
merge_free(struct merge *m)
{
	if (m->id != m->few)
		free(m->id);
}
