/* SPDX-License-Identifier: MIT */
/* A question as weighted terms: its parts, what kind of thing it asks for, words of feedback.
 */
#include "rank/score_parts.h"

#include <assert.h>
#include <math.h>

/* what a question says about itself, not about its subject */
static const char filler[] =
    "discuss discussion talk summarize summary meeting group team opinion think thought "
    "mention "
    "say said conclude decide decision conclusion reason agree agreed introduce present "
    "detail information question answer according context document text passage following "
    "provide content topic regarding relevant concerning attitude view point reach "
    "propose suggest opinion participant speaker conversation way thing kind people";

static bool
starts_word(struct slice text, const char *word)
{
	size_t n = strlen(word);

	return text.len >= n && strncasecmp(text.ptr, word, n) == 0 &&
	       (text.len == n || text.ptr[n] == ' ');
}

static void
read_kind(struct asked *q, struct slice text)
{
	text = slice_trim(text);
	for (size_t i = 0; i + 3 < text.len; i++) {
		struct slice rest = slice_drop(text, i);

		if (i && text.ptr[i - 1] != ' ')
			continue;
		q->date |= starts_word(rest, "when") || starts_word(rest, "what year") ||
			   starts_word(rest, "what date") || starts_word(rest, "which year");
		q->number |= starts_word(rest, "how many") || starts_word(rest, "how much") ||
			     starts_word(rest, "how old") || starts_word(rest, "how long") ||
			     starts_word(rest, "how far") || starts_word(rest, "how tall");
		q->name |= starts_word(rest, "who") || starts_word(rest, "where") ||
			   starts_word(rest, "whose") || starts_word(rest, "whom");
	}
}

/* The number of the part in which offset `at` lies; parts end at ? ; and " and ". */
static size_t
part_end(struct slice text, size_t at)
{
	for (; at < text.len; at++) {
		if (text.ptr[at] == '?' || text.ptr[at] == ';')
			return at + 1;
		if (slice_starts(slice_drop(text, at), SLICE(" and ")))
			return at + 5;
	}
	return text.len;
}

static void
add(struct asked *q, uint32_t term, float weight, size_t part)
{
	for (size_t i = 0; i < q->count; i++)
		if (q->term[i] == term) {
			q->parts[i] |= (unsigned char)(1u << part);
			return;
		}
	if (q->count == ASKED_MAX)
		return;
	q->term[q->count] = term;
	q->weight[q->count] = weight;
	q->parts[q->count] = (unsigned char)(1u << part);
	q->next[q->count] = (uint32_t)q->count;
	q->count++;
}

#define FILLERS 100

static bool
is_filler(uint64_t term)
{
	static uint64_t list[FILLERS];
	static size_t count;
	struct slice rest = slice_z(filler), word;

	if (!count)
		for (; (list[count] = term_next(&rest, &word)) != 0; count++)
			assert(count + 1 < FILLERS);
	for (size_t i = 0; i < count; i++)
		if (list[i] == term)
			return true;
	return false;
}

static void
read_words(struct asked *q, struct slice text, struct terms *t, bool all)
{
	size_t part = 0, end = part_end(text, 0);
	struct slice rest = text, word;
	uint64_t term;
	uint32_t last = TERM_NONE;

	while ((term = term_next(&rest, &word)) != 0) {
		uint32_t number = terms_add(t, term);

		while ((size_t)(word.ptr - text.ptr) >= end && end < text.len) {
			end = part_end(text, end);
			part += part + 1 < PARTS_MAX;
		}
		if (!all && (number < t->common || is_filler(term))) {
			last = TERM_NONE;
			continue;
		}
		add(q, number, 1, part);
		for (size_t i = 0; i < q->count && last != TERM_NONE; i++)
			if (q->term[i] == last)
				for (size_t k = 0; k < q->count; k++)
					if (q->term[k] == number && q->next[i] == i)
						q->next[i] = (uint32_t)k;
		last = number;
	}
	q->part_count = part + 1;
}

void
asked_read(struct asked *q, struct slice question, struct terms *t)
{
	memset(q, 0, sizeof(*q));
	read_kind(q, question);
	read_words(q, question, t, false);
	if (!q->count) /* nothing but common words: they are all there is */
		read_words(q, question, t, true);
}

#define BEST 24
#define ADDED 10

void
asked_feedback(struct asked *q, const struct counted *c, const struct units *u,
    const float *score, float weight)
{
	size_t best[BEST], n = 0, known = q->count;
	float *mass = arena_zero(c->arena, c->terms.count, sizeof(*mass));

	for (size_t i = 0; i < u->count; i++) {
		size_t k = n < BEST ? n++ : BEST - 1;

		if (k == BEST - 1 && n == BEST && k < n && i >= BEST &&
		    score[best[k]] >= score[i])
			continue;
		for (; k && score[best[k - 1]] < score[i]; k--)
			best[k] = best[k - 1];
		best[k] = i;
	}
	for (size_t k = 0; k < n; k++)
		for (uint32_t j = c->from[best[k]]; j < c->from[best[k] + 1]; j++)
			mass[c->id[j]] += score[best[k]];
	for (size_t round = 0; round < ADDED && q->count < ASKED_MAX; round++) {
		uint32_t top = TERM_NONE;
		float most = 0;

		for (uint32_t id = c->terms.common; id < c->terms.count; id++) {
			float idf, m;

			if (mass[id] <= most * .05f || c->df[id] < 3)
				continue;
			idf = logf(1 + ((float)u->count - (float)c->df[id] + .5f) /
					   ((float)c->df[id] + .5f));
			m = mass[id] * idf;
			if (m > most) {
				most = m;
				top = id;
			}
		}
		if (top == TERM_NONE)
			return;
		mass[top] = 0;
		for (size_t i = 0; i < known; i++)
			if (q->term[i] == top)
				top = TERM_NONE;
		if (top != TERM_NONE)
			add(q, top, weight, PARTS_MAX);
	}
}
