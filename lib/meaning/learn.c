/* SPDX-License-Identifier: MIT */
#include "meaning/learn.h"

#include <stdlib.h>

#include "base/mem.h"
#include "stats/interval.h"

#define STEP 0.004F /* of the common threshold */
#define HASTE 3     /* times that, while the bound is certainly not kept */
#define PUSH 0.05F  /* of an entry that was wrong */
#define PUSH_MOST 0.3F
#define MARGIN 0.99F /* of the bound that is aimed at */
#define BELOW 0.17F /* closeness is so much below a score that says as much, */
#define USUAL 0.05F /* for this bound; less for a stricter one */
#define FLOOR 0.1F  /* a score so much below the strict one is never enough */
#define MOST 0.95F  /* closeness: more is asked of none, lest hits cease */
#define WINDOW 100  /* verdicts that tell whether the bound is kept */
#define SPACED 0.2F /* a second question this far behind takes nothing off */

struct pushed {
	uint64_t entry;
	float by;
};

struct learn {
	double bound;
	float strict, threshold;
	uint64_t seen, wrong;
	bool latest[WINDOW];   /* wrong ones, in a ring */
	struct pushed *pushed; /* open addressing; by 0: free */
	size_t size, count;
};

struct learn *
learn_open(float strict, double bound)
{
	struct learn *l = mem_zero(sizeof(*l));

	l->strict = strict;
	l->threshold = strict - (bound < (double)USUAL ? BELOW * (float)bound / USUAL : BELOW);
	l->bound = bound;
	return l;
}

void
learn_free(struct learn *l)
{
	if (l)
		free(l->pushed);
	free(l);
}

static struct pushed *
slot_of(struct pushed *slots, size_t size, uint64_t entry)
{
	size_t at = (size_t)(entry * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (size - 1);

	while (slots[at].by > 0 && slots[at].entry != entry)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static void
push(struct learn *l, uint64_t entry, float by)
{
	struct pushed *slot;

	if (l->count * 2 >= l->size) {
		size_t size = l->size ? l->size * 2 : 64;
		struct pushed *more = mem_zero(size * sizeof(*more));

		for (size_t i = 0; i < l->size; i++)
			if (l->pushed[i].by > 0)
				*slot_of(more, size, l->pushed[i].entry) = l->pushed[i];
		free(l->pushed);
		l->pushed = more;
		l->size = size;
	}
	slot = slot_of(l->pushed, l->size, entry);
	l->count += slot->by <= 0;
	slot->entry = entry;
	slot->by = slot->by + by < PUSH_MOST ? slot->by + by : PUSH_MOST;
}

/* Does the interval of the latest verdicts lie above the bound? */
static bool
is_late(const struct learn *l)
{
	unsigned n = l->seen < WINDOW ? (unsigned)l->seen : WINDOW, wrong = 0;

	for (unsigned i = 0; i < n; i++)
		wrong += l->latest[i];
	return interval_exact(wrong, n, .90).low > l->bound;
}

void
learn_see(struct learn *l, uint64_t entry, bool right)
{
	float step = STEP;

	l->latest[l->seen++ % WINDOW] = !right;
	l->wrong += !right;
	if (right) {
		l->threshold -= step * MARGIN * (float)l->bound;
		return;
	}
	if (is_late(l))
		step *= HASTE;
	l->threshold += step * (1 - MARGIN * (float)l->bound);
	if (l->threshold > MOST)
		l->threshold = MOST;
	push(l, entry, PUSH);
}

static float
pushed_by(const struct learn *l, uint64_t entry)
{
	return l->size ? slot_of(l->pushed, l->size, entry)->by : 0;
}

float
learn_floor(const struct learn *l)
{
	return l->seen < LEARN_LEAST ? l->strict : l->strict - FLOOR;
}

bool
learn_accepts(const struct learn *l, uint64_t entry, float score, float closeness)
{
	if (score < learn_floor(l))
		return false;
	return (l->seen < LEARN_LEAST ? score : closeness) >= learn_threshold(l, entry);
}

float
learn_threshold(const struct learn *l, uint64_t entry)
{
	return (l->seen < LEARN_LEAST ? l->strict : l->threshold) + pushed_by(l, entry);
}

float
learn_closeness(float score, float second, float overlap)
{
	float gap = score - second;

	gap = gap < 0 ? 0 : gap > SPACED ? SPACED : gap;
	return score - 0.5F * (SPACED - gap) - 0.2F * (1 - overlap);
}

uint64_t
learn_seen(const struct learn *l)
{
	return l->seen;
}

uint64_t
learn_wrong(const struct learn *l)
{
	return l->wrong;
}
