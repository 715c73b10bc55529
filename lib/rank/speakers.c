/* SPDX-License-Identifier: MIT */
/* Whose turns the question names: "What did Grad F say about ..." */
#include "rank/score_parts.h"
#include "rank/units_parts.h"

/* The terms of the question, by number; the common ones too, as the A of "Grad A". */
static bool *
terms_of(struct slice question, struct counted *c)
{
	uint32_t *number =
	    arena_alloc(c->arena, (TERMS_MOST(question.len) + 1) * sizeof(*number));
	size_t n = terms_all(&c->terms, question, number);
	bool *asked = arena_zero(c->arena, c->terms.count + 1, 1);

	while (n)
		asked[number[--n]] = true;
	return asked;
}

#define NAMES 32 /* that are remembered */

/* Names that were looked at, each with the share of its words that is asked for. */
struct names {
	const struct counted *c;
	const bool *asked;
	struct slice name[NAMES];
	float share[NAMES];
	size_t count;
};

/* A turn begins with the words of its speaker's name. */
static float
share_read(const struct names *k, struct slice name, size_t turn)
{
	const uint32_t *id = k->c->id + k->c->from[turn];
	size_t n = 0, known = 0, most = k->c->from[turn + 1] - k->c->from[turn];
	struct slice word;

	while (n < most && term_next(&name, &word))
		known += k->asked[id[n++]];
	return n ? (float)known / (float)n : 0;
}

static float
share_of(struct names *k, struct slice name, size_t turn)
{
	float share;

	for (size_t i = 0; i < k->count; i++)
		if (slice_eq(k->name[i], name))
			return k->share[i];
	share = share_read(k, name, turn);
	if (k->count < NAMES) {
		k->name[k->count] = name;
		k->share[k->count++] = share;
	}
	return share;
}

bool
score_speakers(
    const struct units *u, struct counted *c, struct slice question, float reach, float *sign)
{
	struct names known = { .c = c, .asked = terms_of(question, c) };
	float *share = arena_zero(c->arena, u->count + 1, sizeof(*share)), best = 0;

	for (size_t i = 0; i < u->count; i++) {
		struct slice turn = u->list[i].text;
		size_t end, colon = look_colon(turn, &end);

		if (u->list[i].kind != UNIT_TURN || !colon)
			continue;
		share[i] = share_of(&known, slice_take(turn, colon), i);
		best = share[i] > best ? share[i] : best;
	}
	if (best < .5f)
		return false;
	for (size_t i = 0; i < u->count; i++)
		share[i] = share[i] == best ? 1 : 0;
	sign_smooth(u, c->words, share, reach, true, sign);
	return true;
}
