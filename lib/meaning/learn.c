/* SPDX-License-Identifier: MIT */
#include "meaning/learn.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stats/logit.h"
#include "stats/interval.h"

/* Chosen on CLINC150 (150 intents, and questions out of all of them), streams of 12,000. */
#define STEP 0.022F     /* of the common threshold: eases */
#define HASTE 3         /* times that, while the bound is certainly not kept */
#define MARGIN 0.99     /* of the bound that is aimed at */
#define UNSURE 1.5F     /* of the first ease, over the root of the verdicts: withheld */
#define USUAL 0.05F     /* closeness begins so far below the strict score at this bound, */
#define COLD (1 / 30.F) /* and a stricter bound asks for up to this more score at first */
#define DEEP 1.8F       /* a score is never enough so much below: ease over this */
#define MOST 0.95F      /* closeness: more is asked of none, lest hits cease */
#define WINDOW 200      /* verdicts that tell whether the bound is kept */
#define SPACED 0.2F     /* a question this far behind takes nothing off */
#define CROWD 0.19F     /* of closeness: what a crowd of all takes off, */
#define WORDS 0.11F     /* and words that all differ */
#define PROVEN 0.4F     /* eases: closeness is worth more on an entry judged right once */
#define TIMES 4         /* the bound: so often wrong may be what the fit lets pass at most */
#define LOW 1.28        /* deviations below the common fit that this is asked of: 90 % sure */
#define OWN_LOW 0.5     /* below the entry's own */
#define EVIDENCE 3      /* verdicts, or one wrong: from then on an entry has a fit of its own */
#define LATEST 1024     /* verdicts of the common fit */
#define OWN_MOST 16     /* of an entry's */
#define SCALE 10.0      /* tenths of closeness */

struct seen {
	double x;
	bool right;
	size_t before; /* the entry's last one + 1; 0: none */
};
struct slot {
	uint64_t entry;
	size_t last; /* + 1; 0: free */
	unsigned count, wrong;
};

struct learn {
	double bound;
	float ease, part, floor, cold, threshold;
	double middle; /* closeness at which a fit's x is 0 */
	uint64_t seen, wrong;
	bool latest[WINDOW]; /* wrong ones, in a ring */
	struct seen *list;
	size_t count, room;
	struct slot *slots; /* open addressing */
	size_t size, used;
	struct logit common;
	bool fitted;
};

/* How far below the strict score closeness begins. */
static float
first_ease(const struct learn *l)
{
	return l->ease * l->part * l->part;
}

struct learn *
learn_open(float strict, float ease, double bound)
{
	struct learn *l = mem_zero(sizeof(*l));

	l->part = bound < (double)USUAL ? (float)bound / USUAL : 1;
	l->ease = ease;
	l->bound = bound;
	learn_tuned(l, strict);
	l->cold += COLD * (1 - l->part);
	return l;
}

void
learn_tuned(struct learn *l, float score)
{
	l->cold = score;
	l->floor = score - l->ease / DEEP;
	l->threshold = score - first_ease(l);
	l->middle = (double)l->threshold;
}

void
learn_free(struct learn *l)
{
	if (l) {
		free(l->list);
		free(l->slots);
	}
	free(l);
}

static struct slot *
slot_of(struct slot *slots, size_t size, uint64_t entry)
{
	size_t at = (size_t)(entry * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (size - 1);

	while (slots[at].last && slots[at].entry != entry)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static void
slots_grow(struct learn *l)
{
	size_t size = l->size ? l->size * 2 : 64;
	struct slot *more = mem_zero(size * sizeof(*more));

	for (size_t i = 0; i < l->size; i++)
		if (l->slots[i].last)
			*slot_of(more, size, l->slots[i].entry) = l->slots[i];
	free(l->slots);
	l->slots = more;
	l->size = size;
}

static double
place_of(const struct learn *l, float closeness)
{
	return ((double)closeness - l->middle) * SCALE;
}

static void
remember(struct learn *l, uint64_t entry, float closeness, bool right)
{
	struct slot *slot;

	if (l->used * 2 >= l->size)
		slots_grow(l);
	if (l->count == l->room) {
		l->room = l->room ? l->room * 2 : 64;
		l->list = mem_grow(l->list, l->room, sizeof(*l->list));
	}
	slot = slot_of(l->slots, l->size, entry);
	l->used += slot->last == 0;
	l->list[l->count++] = (struct seen){ place_of(l, closeness), right, slot->last };
	*slot = (struct slot){ entry, l->count, slot->count + 1, slot->wrong + !right };
	l->fitted = false; /* worked out when it is asked for */
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

/* The share of wrong ones that the threshold is to tend to: where all hits so far are above the
 * bound, as much below it. */
static float
aim(const struct learn *l)
{
	double most = MARGIN * l->bound, over = (double)l->wrong / (double)l->seen - most;

	if (over <= 0 || l->seen < LEARN_LEAST)
		return (float)most;
	return (float)fmax(most - over, l->bound / 2);
}

/* Hits on an entry that was judged right are half as often wrong as those on others. */
static float
worth(const struct learn *l, uint64_t entry, float closeness)
{
	const struct slot *slot = l->size ? slot_of(l->slots, l->size, entry) : NULL;

	if (!slot || !slot->last)
		return closeness;
	return closeness + PROVEN * l->ease * log2f((float)(1 + slot->count - slot->wrong));
}

void
learn_see(struct learn *l, uint64_t entry, float closeness, bool right, bool hit)
{
	float step = STEP * l->ease;

	remember(l, entry, worth(l, entry, closeness), right);
	if (!hit)
		return;
	l->latest[l->seen++ % WINDOW] = !right;
	l->wrong += !right;
	if (right) {
		l->threshold -= step * aim(l);
		return;
	}
	if (is_late(l))
		step *= HASTE;
	l->threshold = fminf(l->threshold + step * (1 - aim(l)), MOST);
}

/* The fit of the latest verdicts of all entries. */
static const struct logit *
common_fit(struct learn *l)
{
	static struct logit_point points[LATEST];
	struct logit prior = { logit_of(1 - l->bound), 1.5, 2, 0, 4 };
	size_t n = l->count < LATEST ? l->count : LATEST;

	if (l->fitted)
		return &l->common;
	for (size_t i = 0; i < n; i++) {
		const struct seen *s = &l->list[l->count - n + i];

		points[i] = (struct logit_point){ s->x, s->right };
	}
	l->common = logit_fit(&prior, points, n);
	l->fitted = true;
	return &l->common;
}

/* The fit of the entry's own verdicts, drawn to the common one; false: too few. */
static bool
own_fit(struct learn *l, uint64_t entry, struct logit *own)
{
	const struct slot *slot = l->size ? slot_of(l->slots, l->size, entry) : NULL;
	struct logit prior = *common_fit(l);
	struct logit_point points[OWN_MOST];
	size_t n = 0;

	if (!slot || !slot->last || (slot->count < EVIDENCE && !slot->wrong))
		return false;
	prior.ll = .25;
	prior.ls = 0;
	prior.ss = 4;
	for (size_t at = slot->last; at && n < OWN_MOST; at = l->list[at - 1].before)
		points[n++] = (struct logit_point){ l->list[at - 1].x, l->list[at - 1].right };
	*own = logit_fit(&prior, points, n);
	return true;
}

float
learn_floor(const struct learn *l)
{
	return l->seen < LEARN_LEAST ? l->cold : l->floor;
}

/* The common threshold, and more the fewer verdicts it rests on. */
static float
asked(const struct learn *l)
{
	return fminf(l->threshold + first_ease(l) * UNSURE / sqrtf((float)l->seen + 1), MOST);
}

/* Does the fit of all verdicts, and the threshold, let it pass? */
static bool
common_accepts(struct learn *l, float score, float closeness, double least)
{
	if (score < learn_floor(l))
		return false;
	if (l->seen < LEARN_LEAST)
		return score >= l->cold;
	return closeness >= asked(l) &&
	       (closeness >= MOST ||
		   logit_low(common_fit(l), place_of(l, closeness), LOW) >= least);
}

enum learn_say
learn_ask(struct learn *l, uint64_t entry, float score, float closeness)
{
	double share = TIMES * l->bound < .9 ? 1 - TIMES * l->bound : .1;
	double least = logit_of(share), need, low;
	struct logit own;

	if (score < learn_floor(l))
		return LEARN_NO;
	closeness = worth(l, entry, closeness);
	if (!own_fit(l, entry, &own))
		return common_accepts(l, score, closeness, least) ? LEARN_YES : LEARN_NO;
	/* as sure as the common fit is at the threshold, and at the least */
	need = logit_low(common_fit(l), place_of(l, asked(l)), 0);
	low = logit_low(&own, place_of(l, closeness), OWN_LOW);
	if ((l->seen >= LEARN_LEAST ? low >= need : score >= l->cold) && low >= least)
		return LEARN_YES;
	return common_accepts(l, score, closeness, least) ? LEARN_JUDGE : LEARN_NO;
}

float
learn_threshold(const struct learn *l)
{
	return l->seen < LEARN_LEAST ? l->cold : asked(l);
}

float
learn_crowding(float score, float other)
{
	return 1 - fminf(fmaxf((score - other) / SPACED, 0), 1);
}

float
learn_closeness(float score, float crowd, float overlap)
{
	return score - CROWD * crowd / LEARN_LOOKED - WORDS * (1 - overlap);
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
