/* SPDX-License-Identifier: MIT */
#include "rank/score_parts.h"

const struct rank_weights *
rank_weights_for(const struct units *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->count; i++)
		n += u->list[i].dialogue;
	return n * 2 > u->count ? &rank_dialogue : &rank_prose;
}

/* Whether the unit has what is asked for: a number, a year or a month, a name. */
static float
has_kind(const struct asked *q, struct slice s)
{
	size_t digits = 0;
	bool number = false, year = false, name = false;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c >= '0' && c <= '9') {
			digits++;
			number = true;
			continue;
		}
		year |= digits == 4;
		digits = 0;
		name |=
		    i > 2 && c >= 'A' && c <= 'Z' && s.ptr[i - 1] == ' ' && s.ptr[i - 2] != '.';
	}
	year |= digits == 4;
	return (q->number && number) || (q->date && year) || (q->name && name) ? 1 : 0;
}

static void
kinds(const struct units *u, const struct asked *q, float *out)
{
	bool any = q->number || q->date || q->name;

	for (size_t i = 0; i < u->count; i++)
		out[i] = any && unit_is_body(&u->list[i]) ? has_kind(q, u->list[i].text) : 0;
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

void
rank_score(struct units *u, struct slice question, const struct rank_weights *w,
    struct embed *embed, float *score)
{
	struct asked q;
	struct counted c = { .arena = u->arena };
	float *sign = arena_alloc(u->arena, (u->count + 1) * sizeof(*sign));
	size_t n = u->count;

	memset(score, 0, n * sizeof(*score));
	terms_open(&c.terms, u->arena);
	asked_read(&q, question, &c.terms);
	counted_read(&c, u);
	u->word = c.id;
	u->from = c.from;
	u->words = c.terms.count;
	u->common = c.terms.common;
	if (q.count) {
		float *unit = arena_alloc(u->arena, (n + 1) * sizeof(*unit));

		counted_asked(&c, u, &q, w->heading);
		score_words(u, &c, &q, w, score, unit);
		if (w->feedback > 0) {
			size_t known = q.count;

			asked_feedback(&q, &c, u, score, w->feedback);
			if (q.count > known) {
				memset(score, 0, n * sizeof(*score));
				counted_asked(&c, u, &q, w->heading);
				score_words(u, &c, &q, w, score, unit);
			}
		}
		kinds(u, &q, sign);
		sign_add(score, sign, n, w->kind);
		if (embed && (w->meaning != 0 || w->meaning_section != 0))
			score_meaning(u, c.words, question, w, embed, score);
		score_identifiers(u, question, score);
	}
	places(u, sign);
	sign_add(score, sign, n, q.count ? w->first : 1);
	for (size_t i = 0; i < n; i++)
		if (!unit_is_body(&u->list[i]))
			score[i] = 0;
}
