/* SPDX-License-Identifier: MIT */
/* Single calls that cost far more than others of their kind. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "alerts.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"

#define BINS 4096                /* of 1 % each: from 10^-9 dollars on, 17 powers of ten */
#define LOWEST 1e-9              /* dollars */
#define STEP 0.00995033085316808 /* ln 1.01 */
#define GROUPS 256
#define DEAREST 64 /* of a group that are known by their line */
#define LEAST 20   /* calls of a group */
#define TIMES 5    /* the median */

struct dear {
	struct usd usd;
	int64_t when;
	uint64_t line;
	char *file;
};
struct spread {
	uint64_t bin[BINS];
	uint64_t count;
	struct dear dearest[DEAREST]; /* the last is the cheapest of them */
	size_t known;
};
struct watch_outliers {
	struct hash_map keys;
	struct spread *group[GROUPS];
	uint64_t times;
};

struct watch_outliers *
watch_outliers_open(uint64_t times)
{
	struct watch_outliers *w = mem_zero(sizeof *w);

	w->times = times;
	return w;
}

static double
dollars(struct usd usd)
{
	return (double)usd.units * 1e-20;
}

static size_t
bin_of(struct usd usd)
{
	double at = log(dollars(usd) / LOWEST) / STEP;

	return at < 0 ? 0 : at >= BINS ? BINS - 1 : (size_t)at;
}

static void
keep(struct spread *g, const struct watched *c)
{
	struct usd usd = c->row->bill.usd;
	size_t i = g->known;

	if (i == DEAREST) {
		if (usd_cmp(g->dearest[--i].usd, usd) >= 0)
			return;
		free(g->dearest[i].file);
	} else {
		g->known++;
	}
	for (; i > 0 && usd_cmp(g->dearest[i - 1].usd, usd) < 0; i--)
		g->dearest[i] = g->dearest[i - 1];
	g->dearest[i] = (struct dear){ usd, c->row->when, c->record->number, NULL };
	g->dearest[i].file = mem_alloc(strlen(c->record->file) + 1);
	memcpy(g->dearest[i].file, c->record->file, strlen(c->record->file) + 1);
}

void
watch_outliers_see(struct watch_outliers *w, const struct watched *c)
{
	struct spread *g;
	bool added;
	size_t i;

	if (c->row->unpriced || c->row->bill.usd.units <= 0)
		return;
	/* what is more than the groups that are told apart is one more */
	i = w->keys.count < GROUPS - 1 ? hash_map_add(&w->keys, c->key, &added)
				       : hash_map_find(&w->keys, c->key);
	if (i == SIZE_MAX)
		i = GROUPS - 1;
	if (!w->group[i])
		w->group[i] = mem_zero(sizeof **w->group);
	g = w->group[i];
	g->bin[bin_of(c->row->bill.usd)]++;
	g->count++;
	keep(g, c);
}

/* The bin of the median. */
static size_t
middle(const struct spread *g)
{
	uint64_t below = 0;
	size_t i = 0;

	while ((below += g->bin[i]) * 2 < g->count)
		i++;
	return i;
}

/* The median distance from the median, in bins; at least 5. */
static size_t
deviation(const struct spread *g, size_t from)
{
	uint64_t within = g->bin[from];
	size_t d = 0;

	while (within * 2 < g->count) {
		d++;
		within += from >= d ? g->bin[from - d] : 0;
		within += from + d < BINS ? g->bin[from + d] : 0;
	}
	return d < 5 ? 5 : d;
}

static void
judge(struct watch_outliers *w, const struct spread *g, struct slice key, struct alerts *a)
{
	size_t from = middle(g), mad = deviation(g, from);
	double usual = LOWEST * exp((double)from * STEP);
	double most = LOWEST * exp(((double)from + (double)w->times * (double)mad) * STEP);
	char value[64], limit[64], shown[64];

	if (g->count < LEAST)
		return;
	if (most < TIMES * usual)
		most = TIMES * usual;
	for (size_t i = 0; i < g->known && dollars(g->dearest[i].usd) > most; i++) {
		const struct dear *d = &g->dearest[i];

		usd_write(d->usd, value);
		snprintf(limit, sizeof limit, "%.6g", most);
		alert_add(a, "outlier", d->when, key, value, limit,
		    "%s:%" PRIu64 ": one call for $%s, %.0f times the usual $%.4g%s%s",
		    diag_clean(slice_z(d->file)), d->line,
		    usd_round(d->usd, usd_decimals(d->usd), shown), dollars(d->usd) / usual,
		    usual, key.len ? " of " : "", diag_clean(key));
	}
}

void
watch_outliers_close(struct watch_outliers *w, struct alerts *a)
{
	for (size_t i = 0; i < GROUPS; i++) {
		struct spread *g = w->group[i];

		if (!g)
			continue;
		judge(w, g, i < w->keys.count ? w->keys.keys[i] : SLICE("other groups"), a);
		for (size_t k = 0; k < g->known; k++)
			free(g->dearest[k].file);
		free(g);
	}
	hash_map_free(&w->keys);
	free(w);
}
