/* SPDX-License-Identifier: MIT */
/* --examples K: greatest least distance, one of each label at least. Two good examples beat
 * five that say the same; the shortest are not the most diverse. */
#include "base/hash.h"
#include "cmd/llm-compress/light/rewrite.h"
#include "cmd/llm-compress/prompts/example.h"
#include "cmd/llm-compress/prompts/prompts.h"
#include "meaning/embed.h"

#define LABEL_BYTES 60 /* a longer answer is a text, not a label */

/* Numbers the labels; 0 where the answers are texts of their own. */
static size_t
label(struct examples *e)
{
	struct hash_map labels = { 0 };
	size_t count;
	bool short_ones = true;

	for (size_t i = 0; i < e->count; i++) {
		struct slice s = slice_trim(e->list[i].answer);

		short_ones &= s.len > 0 && s.len <= LABEL_BYTES;
		e->list[i].label = hash_map_add(&labels, s, NULL);
	}
	count = labels.count;
	hash_map_free(&labels);
	return short_ones && count < e->count ? count : 0;
}

struct choice {
	struct examples *e;
	float *vector;  /* count times dims */
	float *nearest; /* similarity to the nearest of those that are chosen; -2: none yet */
	size_t dims;
	bool *has; /* label is there */
};

static float *
vector_of(const struct choice *c, size_t i)
{
	return c->vector + i * c->dims;
}

/* The one in the middle: it begins. */
static size_t
middle(const struct choice *c, struct arena *a)
{
	float *sum = arena_zero(a, c->dims, sizeof(*sum)), best = -2;
	size_t at = 0;

	for (size_t i = 0; i < c->e->count; i++)
		for (size_t d = 0; d < c->dims; d++)
			sum[d] += vector_of(c, i)[d];
	vector_unit(sum, c->dims);
	for (size_t i = 0; i < c->e->count; i++) {
		float near = vector_dot(sum, vector_of(c, i), c->dims);

		if (near > best) {
			best = near;
			at = i;
		}
	}
	return at;
}

static void
take(struct choice *c, size_t i)
{
	c->e->list[i].keep = true;
	c->has[c->e->list[i].label] = true;
	for (size_t k = 0; k < c->e->count; k++) {
		float near = vector_dot(vector_of(c, i), vector_of(c, k), c->dims);

		if (near > c->nearest[k])
			c->nearest[k] = near;
	}
}

/* The farthest from all that are chosen; of a label that is missing, where one is. */
static size_t
farthest(const struct choice *c, bool missing)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < c->e->count; i++) {
		const struct example *x = &c->e->list[i];

		if (x->keep || (missing && c->has[x->label]))
			continue;
		if (best == SIZE_MAX || c->nearest[i] < c->nearest[best])
			best = i;
	}
	return best;
}

static void
choose(struct examples *e, size_t k, size_t labels, struct arena *a)
{
	struct embed *embed = embed_table();
	struct choice c = { .e = e, .dims = embed_dims(embed) };
	size_t taken = 0, next;

	c.vector = arena_alloc(a, e->count * c.dims * sizeof(*c.vector));
	c.nearest = arena_alloc(a, e->count * sizeof(*c.nearest));
	c.has = arena_zero(a, e->count + 1, sizeof(*c.has));
	for (size_t i = 0; i < e->count; i++) {
		embed_text(embed, e->list[i].text, vector_of(&c, i));
		c.nearest[i] = -2;
		e->list[i].keep = false;
	}
	for (next = middle(&c, a); next != SIZE_MAX && taken < k; taken++) {
		take(&c, next);
		next = farthest(&c, taken + 1 < labels);
	}
}

/* Fewer than K are left alone; of labels all stay, though K were less. */
static bool
choose_some(struct work *w, struct examples *e)
{
	size_t labels = label(e), k = (size_t)settings.examples;

	if (labels > k) {
		work_refuse(
		    w, "there are more labels than examples to keep: one of each stays");
		k = labels;
	}
	if (e->count <= k)
		return false;
	choose(e, k, labels, w->arena);
	return true;
}

static void
cut_text(struct work *w, struct piece *p, const struct examples *e)
{
	struct rewrite r = { .any = false };

	for (size_t i = 0; i < e->count; i++)
		if (!e->list[i].keep)
			rewrite_put(
			    &r, p->now, e->list[i].whole.ptr, e->list[i].whole.len, SLICE(""));
	work_offer(w, p, rewrite_end(&r, p->now, w));
}

void
examples_run(struct work *w)
{
	struct examples e = { 0 };
	bool found = false;

	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (!rewrite_may(w, p))
			continue;
		e.count = 0;
		examples_of_text(&e, p->now, w->arena);
		found |= e.count > 1;
		if (e.count > 1 && choose_some(w, &e))
			cut_text(w, p, &e);
	}
	if (found)
		return;
	e.count = 0;
	examples_of_turns(&e, w);
	if (e.count < 2 || !choose_some(w, &e))
		return;
	for (size_t i = 0; i < e.count; i++)
		for (size_t m = e.list[i].first; !e.list[i].keep && m < e.list[i].last; m++)
			work_remove(w, &w->messages[m]);
}
