/* SPDX-License-Identifier: MIT */
#include "tokens/merge_search.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

/* Merging by rank gives the only sequence in which every two neighbours stay two. So it is
 * found from the left: take the longest token; where it does not stay beside the one before,
 * the next shorter; where none is left, this place is dead, and the token before it is
 * taken back. Tokens may be tried in any order, as there is one answer. A place dies once, so
 * the work is linear (H. van Antwerpen and A. Neubeck, "So many tokens, so little time", 2024).
 */

#define FEW_WORDS (MERGE_FEW / 64 + 1)

static bool
is_dead(const uint64_t *dead, size_t at)
{
	return dead[at / 64] >> at % 64 & 1;
}

/* True where text begins with this token once more: in a run of one thing the answer mostly
 * is what it was before, however many longer tokens there are to try. */
static bool
repeats(const struct vocab *v, uint32_t id, struct slice text)
{
	return slice_starts(text, vocab_bytes(v, id));
}

/* Where it stands. */
struct search {
	const struct vocab *v;
	struct slice piece;
	struct merge *m;
	uint64_t *dead;
	size_t at;
	uint32_t twin;  /* a token that stays beside itself: not computed again and again */
	bool repeating; /* the token that is tried is the one before, not from the longest down
			 */
};

static uint32_t
top(const struct search *s)
{
	return s->m->id[s->m->count - 1];
}

static uint32_t
first_try(struct search *s)
{
	struct slice rest = slice_drop(s->piece, s->at);

	s->repeating = s->m->count && repeats(s->v, top(s), rest);
	return s->repeating ? top(s) : vocab_longest(s->v, rest);
}

static bool
stays(struct search *s, uint32_t next)
{
	if (s->m->count == 0 || (next == s->twin && top(s) == next))
		return true;
	if (!vocab_stays(s->v, top(s), next))
		return false;
	if (top(s) == next)
		s->twin = next;
	return true;
}

/* The next token to try after one that did not do; VOCAB_NONE if none is left. */
static uint32_t
next_try(struct search *s, uint32_t tried)
{
	struct slice bytes = vocab_bytes(s->v, tried);

	if (!s->repeating)
		return vocab_longest(s->v, slice_take(bytes, bytes.len - 1));
	s->repeating = false;
	return vocab_longest(s->v, slice_drop(s->piece, s->at));
}

/* Takes back the last token, as no sequence goes on from here. */
static uint32_t
take_back(struct search *s)
{
	uint32_t id = top(s);

	s->dead[s->at / 64] |= (uint64_t)1 << s->at % 64;
	s->m->count--;
	s->at -= vocab_bytes(s->v, id).len;
	s->repeating = s->m->count && top(s) == id;
	return id;
}

void
merge_search(const struct vocab *v, struct slice piece, struct merge *m)
{
	uint64_t few[FEW_WORDS] = { 0 };
	struct search s = { .v = v, .piece = piece, .m = m, .dead = few, .twin = VOCAB_NONE };
	uint32_t next;

	if (piece.len >= MERGE_FEW)
		s.dead = mem_zero((piece.len / 64 + 1) * sizeof *s.dead);
	m->count = 0;
	next = first_try(&s);
	for (;;) {
		size_t end = s.at + vocab_bytes(v, next).len;

		if (!is_dead(s.dead, end) && stays(&s, next)) {
			merge_push(m, next);
			s.at = end;
			if (end == piece.len)
				break;
			next = first_try(&s);
			continue;
		}
		while ((next = next_try(&s, next)) == VOCAB_NONE) {
			assert(m->count >
			       0); /* the bytes are tokens: there always is a sequence */
			next = take_back(&s);
		}
	}
	if (s.dead != few)
		free(s.dead);
}
