/* SPDX-License-Identifier: MIT */
/* Lines below the table: what was cut off, left out, merged, or is to be taken with care. */
#include <inttypes.h>

#include "print.h"

static void
groups_remarks(const struct print *p, const char *bullet, struct buf *out)
{
	char text[64];

	if (p->pareto)
		buf_printf(out,
		    "%s%zu of %zu groups make $%s, at least %" PRIu64 " %% of the cost\n",
		    bullet, p->pareto_groups, p->pareto_of,
		    usd_round(p->pareto_cost, usd_decimals(p->pareto_cost), text),
		    p->pareto_share / 10000);
	if (p->shown < p->count)
		buf_printf(
		    out, "%sfurther groups, in the total: %zu\n", bullet, p->count - p->shown);
	for (size_t i = 0; i < p->groups->keys.count; i++)
		if (slice_eq(p->groups->keys.keys[i], GROUPS_REST))
			buf_printf(out,
			    "%s(other), requests of groups over the limit of %d: %" PRIu64 "\n",
			    bullet, GROUPS_LIMIT, p->groups->list[i].sums.requests);
}

static void
unallocated(const struct print *p, const char *bullet, struct buf *out)
{
	uint64_t requests;
	struct usd cost;
	char text[64];

	if (!p->by->count)
		return;
	print_unallocated(p, &requests, &cost);
	if (!requests || requests == p->groups->total.sums.requests)
		return;
	buf_printf(out, "%sunallocated (a field of --by is missing): %" PRIu64 ", $%s\n",
	    bullet, requests,
	    usd_round(cost, cost.units ? usd_decimals(p->groups->total.sums.cost) : 0, text));
}

static void
unrouted(const struct print *p, const char *bullet, struct buf *out)
{
	const struct detail *d = &p->groups->total.detail;
	const struct rare *e = group_rare(&p->groups->total);
	unsigned decimals = usd_decimals(p->groups->total.sums.cost);
	char text[64];

	if (d->unrouted && d->unrouted < d->calls)
		buf_printf(out, "%scalls that did not pass the router: %" PRIu64 ", $%s\n",
		    bullet, d->unrouted, usd_round(d->unrouted_cost, decimals, text));
	if (e->estimated)
		buf_printf(out, "%sestimated before sending: $%s for %" PRIu64 " calls,",
		    bullet, usd_round(e->estimated_cost, decimals, text), e->estimated);
	if (e->estimated)
		buf_printf(
		    out, " which cost $%s\n", usd_round(e->estimated_actual, decimals, text));
}

static void
log_remarks(const struct print *p, const char *bullet, struct buf *out)
{
	const struct rare *d = group_rare(&p->groups->total);
	char text[64];

	if (p->report->mode == COST_BOTH)
		buf_printf(out,
		    "%samounts in the log: %" PRIu64 ", with a price of ours: %" PRIu64 "\n",
		    bullet, d->logged, d->logged_known);
	if (d->credits)
		buf_printf(out,
		    "%samounts in credits, never added to dollars: %" PRIu64 ", %s in all\n",
		    bullet, d->credits, usd_write(d->credit_amount, text));
	committed_people(&p->report->committed, bullet, out);
	if (p->report->outside)
		buf_printf(out, "%scalls before --since or from --until on: %" PRIu64 "\n",
		    bullet, p->report->outside);
	if (p->report->no_time)
		buf_printf(out, "%scalls without a time, not counted: %" PRIu64 "\n", bullet,
		    p->report->no_time);
}

static void
units_remarks(const struct print *p, const char *bullet, struct buf *out)
{
	if (p->units->without_cost)
		buf_printf(out, "%sunits of groups without a cost: %" PRIu64 " lines\n", bullet,
		    p->units->without_cost);
	if (p->units->without_units)
		buf_printf(out, "%sgroups with a cost and without units: %" PRIu64 "\n", bullet,
		    p->units->without_units);
}

static void
forecast_remarks(const struct print *p, const char *bullet, struct buf *out)
{
	const struct forecast *f = p->forecast;
	unsigned decimals = f ? usd_decimals(f->to_date) : 0;
	char text[64];

	if (!f)
		return;
	buf_printf(out, "%smonth %s: $%s so far, %" PRIu64 " of %" PRIu64 " days are over\n",
	    bullet, f->month, usd_round(f->to_date, decimals, text), f->days_over, f->days);
	if (!f->known) {
		buf_printf(out, "%sno forecast: no day before today\n", bullet);
		return;
	}
	buf_printf(out, "%srun rate $%s a day, mean of %" PRIu64 " days\n", bullet,
	    usd_round(f->run_rate, decimals, text), f->sample);
	buf_printf(out, "%sforecast $%s", bullet, usd_round(f->expected, decimals, text));
	buf_printf(out, ", from $%s", usd_round(f->low, decimals, text));
	buf_printf(out, " to $%s (two standard errors%s)\n", usd_round(f->high, decimals, text),
	    f->weekdays ? ", by weekday" : "");
}

void
print_remarks(const struct print *p, const char *bullet, struct buf *out)
{
	const struct sums *s = &p->groups->total.sums;
	char text[64];

	groups_remarks(p, bullet, out);
	forecast_remarks(p, bullet, out);
	if (s->wasted)
		buf_printf(out,
		    "%scut, filtered or ended without a reason: %" PRIu64 ", $%s of the cost\n",
		    bullet, s->wasted, usd_round(s->wasted_cost, usd_decimals(s->cost), text));
	unallocated(p, bullet, out);
	unrouted(p, bullet, out);
	units_remarks(p, bullet, out);
	if (p->blocks)
		buf_printf(out,
		    "%sblocks are an estimate: five hours from the full UTC hour of a first "
		    "call\n",
		    bullet);
	if (*p->ongoing)
		buf_printf(out, "%sthe block of %s is not over\n", bullet, p->ongoing);
	log_remarks(p, bullet, out);
	left_people(p->left, bullet, out);
}
