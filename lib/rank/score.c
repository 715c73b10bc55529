/* SPDX-License-Identifier: MIT */
#include "rank/score_parts.h"

#include "text/find.h"

const struct rank_weights *
rank_weights_for(const struct units *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->count; i++)
		n += u->list[i].dialogue;
	return n * 2 > u->count ? &rank_dialogue : &rank_prose;
}

/* A capital behind a blank. */
static inline find_mask
names(find_bytes x, find_bytes y)
{
	return FIND_IS(x, ' ') & (find_mask)(y - FIND_ALL('A') < FIND_ALL(26));
}

/* Whether four digits stand alone somewhere. */
static bool
has_year(struct slice s)
{
	for (size_t i = 0; (i = find_next(s, i, find_digits)) < s.len;) {
		size_t from = i;

		while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9')
			i++;
		if (i - from == 4)
			return true;
	}
	return false;
}

/* Whether a capital begins a word that begins no sentence. */
static bool
has_name(struct slice s)
{
	for (size_t i = 2; (i = find_next(s, i, names)) < s.len; i++)
		if (s.ptr[i - 1] != '.')
			return true;
	return false;
}

/* Whether the unit has what is asked for: a number, a year, a name. */
static float
has_kind(const struct asked *q, struct slice s)
{
	return (q->number && find_next(s, 0, find_digits) < s.len) || (q->date && has_year(s)) ||
		       (q->name && has_name(s))
		   ? 1
		   : 0;
}

static void
kinds(const struct units *u, const struct asked *q, float *out)
{
	for (size_t i = 0; i < u->count; i++)
		out[i] = unit_is_body(&u->list[i]) ? has_kind(q, u->list[i].text) : 0;
}

static void
places(const struct units *u, float *out)
{
	size_t start = 0;

	for (size_t i = 0; i < u->count; i++) {
		if (i && u->list[i].section != u->list[i - 1].section)
			start = i;
		out[i] = unit_is_body(&u->list[i]) ? 1.f / (float)(1 + i - start) : 0;
	}
}

#define MEETING 4000 /* words: the kernels were fitted to dialogues of that length or more */

/* In a short dialogue, by its share of a long one, the kernels are narrower, and more is said in a
 * single turn. */
static struct rank_weights
narrowed(const struct rank_weights *w, uint32_t words)
{
	struct rank_weights n = *w;
	float share = (float)words / MEETING;

	if (n.across > 0 && share < 1) {
		n.width *= share;
		n.wide *= share;
		n.reach *= share;
		n.unit += (1 - share) * (1 - share);
	}
	return n;
}

void
rank_score(struct units *u, struct slice question, const struct rank_weights *weights,
    struct embed *embed, float *score)
{
	struct asked q;
	struct counted c = { .arena = u->arena };
	float *sign = arena_alloc(u->arena, (u->count + 1) * sizeof(*sign));
	struct rank_weights here;
	const struct rank_weights *w = &here;
	size_t n = u->count;

	question = said(question, u->arena);
	memset(score, 0, n * sizeof(*score));
	terms_open(&c.terms);
	asked_read(&q, question, &c.terms);
	counted_read(&c, u);
	here = narrowed(weights, c.from[n]);
	u->word = c.id;
	u->from = c.from;
	u->words = c.terms.count;
	u->common = c.terms.common;
	if (q.count) {
		float *unit = arena_alloc(u->arena, (n + 1) * sizeof(*unit));

		if (w->feedback > 0) {
			struct rank_weights near = *w;

			near.far = 0;
			counted_asked(&c, u, &q, w->heading);
			score_words(u, &c, &q, &near, score, unit);
			counted_spread(&c, u);
			asked_feedback(&q, &c, u, score, w->feedback);
			memset(score, 0, n * sizeof(*score));
		}
		counted_asked(&c, u, &q, w->heading);
		score_words(u, &c, &q, w, score, unit);
		if (q.number || q.date || q.name) {
			kinds(u, &q, sign);
			sign_add(score, sign, n, w->kind);
		}
		if (w->speaker != 0 && score_speakers(u, &c, question, w->reach, sign))
			sign_add(score, sign, n, w->speaker);
		if (embed && (w->meaning != 0 || w->meaning_section != 0))
			score_meaning(u, c.words, question, w, embed, score);
		score_identifiers(u, question, &c.terms, score);
	}
	places(u, sign);
	sign_add(score, sign, n, q.count ? w->first : 1);
	for (size_t i = 0; i < n; i++)
		if (!unit_is_body(&u->list[i]))
			score[i] = 0;
}
