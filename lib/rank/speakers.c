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

/* The share of the words of the speaker's name that are asked for; a turn begins with it. */
static float
share_named(const struct counted *c, const bool *asked, size_t turn, struct slice name)
{
	const uint32_t *id = c->id + c->from[turn];
	size_t n = 0, known = 0, most = c->from[turn + 1] - c->from[turn];
	struct slice word;

	while (n < most && term_next(&name, &word))
		known += asked[id[n++]];
	return n ? (float)known / (float)n : 0;
}

bool
score_speakers(
    const struct units *u, struct counted *c, struct slice question, float reach, float *sign)
{
	const bool *asked = terms_of(question, c);
	float *share = arena_zero(c->arena, u->count + 1, sizeof(*share)), best = 0;

	for (size_t i = 0; i < u->count; i++) {
		struct slice text = u->list[i].text;

		if (u->list[i].kind != UNIT_TURN)
			continue;
		share[i] = share_named(c, asked, i, slice_take(text, look_speaker(text)));
		best = share[i] > best ? share[i] : best;
	}
	if (best < .5f)
		return false;
	for (size_t i = 0; i < u->count; i++)
		share[i] = share[i] == best ? 1 : 0;
	sign_smooth(u, c->words, share, reach, true, sign);
	return true;
}
