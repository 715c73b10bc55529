/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/filter.h"

#include <inttypes.h>

#include "cmd/llm-route/apply.h"
#include "cmd/llm-route/route.h"
#include "cmd/llm-route/split.h"

bool
route_is_open(struct record *r, struct request *q)
{
	return request_read(r->json, q) && !q->answered && q->shape != SHAPE_USAGE &&
	       q->api != API_NONE;
}

/* The model as it was asked before any pass of this tool. */
static struct slice
first_asked(const struct request *q, const struct facts *f)
{
	struct value before = json_get(json_get(q->llm, "route"), "asked");

	return json_type(before) ? json_string(before, f->arena) : f->asked;
}

static void
note_lane(struct filter *f, struct facts *facts, const struct decision *d)
{
	enum lane now = LANE_REALTIME;
	struct usd cost;
	const char *why;

	f->lanes.rows[d->lane]++;
	if (d->lane != LANE_REALTIME && d->priced && d->chosen &&
	    candidate_cost(facts, d->chosen, &d->settings, &now, &cost, &why))
		f->lanes.saved = usd_add(f->lanes.saved, usd_sub(cost, d->cost));
}

static void
note_observed(struct observed *o, struct facts *f, const struct decision *d)
{
	static const struct settings none;
	struct decision kept = *d;
	enum lane now = LANE_REALTIME;
	struct usd cost;
	const char *why;

	decide_keep(f, &kept, "");
	o->rows++;
	o->same += slice_eq(d->model, kept.model);
	if (d->priced && kept.chosen &&
	    candidate_cost(f, kept.chosen, &none, &now, &cost, &why)) {
		o->now = usd_add(o->now, cost);
		o->then = usd_add(o->then, d->cost);
	} else {
		o->unpriced++;
	}
}

static void
say_observed(const struct observed *o)
{
	char now[64], then[64];

	diag_note("observed: %" PRIu64
		  " request%s, %.1f %% keep their model; $%s as asked, $%s by "
		  "the rules; %" PRIu64 " without a price",
	    o->rows, o->rows == 1 ? "" : "s", o->rows ? 100 * (double)o->same / (double)o->rows : 100.0,
	    usd_write(o->now, now), usd_write(o->then, then), o->unpriced);
}

static enum verdict
say_only(const struct record *r, const struct facts *f, const struct decision *d)
{
	diag_note("%s:%" PRIu64 ": %s -> %s", r->file, r->number,
	    f->asked.ptr ? diag_clean(f->asked) : "(none)",
	    d->model.ptr ? diag_clean(d->model) : "(none)");
	return DROP;
}

/* The judgement of one record. */
static enum verdict
filter_record(void *context, struct record *r)
{
	struct filter *filter = context;
	struct request q;
	struct facts f;
	struct decision d;

	if (!route_is_open(r, &q))
		return PASS;
	facts_read(&f, filter->policy, &q, r->arena);
	decide(&f, &d);
	if (filter->revise)
		filter->revise(filter->context, &f, &d);
	if (d.limit)
		diag_repeated("pattern limit",
		    "%s:%" PRIu64 ": a pattern took too long on this text, the default decides",
		    r->file, r->number);
	if (filter->split) {
		bool routed = split_routes(&q, r->line, filter->share, filter->seed, r->arena);

		d.arm = routed ? "routed" : "kept";
		if (!routed)
			decide_keep(&f, &d, "kept by the split");
	}
	if (tool_common()->dry_run)
		return say_only(r, &f, &d);
	apply_decision(r, &q, &f, &d, filter->observe);
	apply_annotation(r, &f, &d, first_asked(&q, &f));
	if (filter->observe)
		note_observed(&filter->observed, &f, &d);
	note_lane(filter, &f, &d);
	decision_sent(&f, &d);
	return r->rejected ? DROP : EDIT;
}

void
filter_run(struct filter *f, const struct stream_options *o)
{
	struct stream_options options = *o;
	char text[64];

	if (tool_common()->dry_run)
		options.no_output = true;
	stream_each(&options, filter_record, f);
	if (f->observe && !tool_common()->dry_run)
		say_observed(&f->observed);
	diag_detail("lanes: %" PRIu64 " realtime, %" PRIu64 " flex, %" PRIu64 " batch, %" PRIu64
		    " priority; $%s less than all in real time",
	    f->lanes.rows[LANE_REALTIME], f->lanes.rows[LANE_FLEX], f->lanes.rows[LANE_BATCH],
	    f->lanes.rows[LANE_PRIORITY], usd_write(f->lanes.saved, text));
}
