/* SPDX-License-Identifier: MIT */
/* llm-cost alerts: what in a log somebody should look at. Opens no connection. */
#include "alerts.h"

#include "cmd/llm-cost/cost.h"
#include "cmd/llm-cost/rows/once.h"

static const char *by_option = "model", *hour_option, *events_file, *state_file;
static uint64_t outlier = 10, over = 200000, repeats = 10, growth = 100, drop = 100000,
		spike = 500000;
static int64_t window = INT64_C(600000);

const struct option alerts_options[] = {
	{ 0, "by", OPTION_TEXT, "PATH,...", &by_option,
	    "groups that are judged by themselves (model)", NULL },
	{ 0, "hour-usd", OPTION_TEXT, "X", &hour_option, "dollars in one hour at most", NULL },
	{ 0, "over", OPTION_SHARE, "P", &over, "a day this much over its forecast (20%)",
	    NULL },
	{ 0, "outlier", OPTION_NUMBER, "N", &outlier,
	    "a call this many deviations over the median (10)", NULL },
	{ 0, "repeats", OPTION_NUMBER, "N", &repeats, "the same request so often (10)", NULL },
	{ 0, "window", OPTION_DURATION, "T", &window, "within this time (10m)", NULL },
	{ 0, "growth", OPTION_NUMBER, "N", &growth,
	    "a session whose context grows in so many calls (100)", NULL },
	{ 0, "hit-drop", OPTION_SHARE, "P", &drop,
	    "the provider cache's share, week over week (10%)", NULL },
	{ 0, "events", OPTION_TEXT, "F", &events_file, "deploys: lines of a time and a name",
	    NULL },
	{ 0, "spike", OPTION_SHARE, "P", &spike, "tokens a call after an event (50%)", NULL },
	{ 0, "state", OPTION_TEXT, "F", &state_file,
	    "state of llm-batch, for results that are about to vanish", NULL },
	ROW_OPTIONS,
	{ 0 },
};

struct watches {
	struct watch_hours *hours;
	struct watch_days *days;
	struct watch_outliers *outliers;
	struct watch_loops *loops;
	struct watch_models *models;
	struct watch_hits *hits;
	struct watch_events *events;
	struct by by;
	struct reader reader;
	struct once_book once;
	struct row row, old;
	struct buf key;
};

static struct slice
key_for_people(struct watches *p, struct arena *a)
{
	struct buf text = { 0 };
	struct slice key;

	for (size_t i = 0; i < p->by.count; i++) {
		if (i)
			buf_add(&text, SLICE(" / "));
		buf_add(&text, by_text(by_value(buf_slice(&p->key), i), a));
	}
	key = arena_copy(a, buf_slice(&text));
	buf_free(&text);
	return key;
}

static void
judge(struct watches *p, struct record *r)
{
	struct row *row = &p->row;
	struct watched c = { .record = r, .row = row };
	enum once once;
	uint32_t *place;

	if (row->kind == ROW_NOTHING || row->kind == ROW_UNANSWERED)
		return;
	row_price(row);
	by_key(&p->by, r, row, &p->key);
	if (r->json->twice.ptr)
		return;
	/* a snapshot that grew is the call that was seen already, a little larger */
	once = once_judge(&p->once, &p->reader, row, &place, &p->old);
	if (once != ONCE_FIRST)
		return;
	*place = 0;
	c.key = key_for_people(p, r->arena);
	watch_hours_see(p->hours, &c);
	watch_days_see(p->days, &c);
	watch_outliers_see(p->outliers, &c);
	watch_loops_see(p->loops, &c);
	watch_models_see(p->models, &c);
	watch_hits_see(p->hits, &c);
	watch_events_see(p->events, &c);
}

static void
open_watches(struct watches *p)
{
	static struct usd most;

	if (hour_option && (!usd_read(slice_z(hour_option), &most) || most.units < 0))
		tool_usage("'--hour-usd' wants dollars, such as 25");
	by_parse(&p->by, by_option);
	p->hours = watch_hours_open(hour_option ? &most : NULL);
	p->days = watch_days_open(over);
	p->outliers = watch_outliers_open(outlier);
	p->loops = watch_loops_open(repeats, window, growth);
	p->models = watch_models_open();
	p->hits = watch_hits_open(drop);
	p->events = watch_events_open(events_file, spike);
	reader_open(&p->reader);
}

static void
close_watches(struct watches *p, struct alerts *a)
{
	watch_hours_close(p->hours, a);
	watch_days_close(p->days, a);
	watch_outliers_close(p->outliers, a);
	watch_loops_close(p->loops, a);
	watch_models_close(p->models, a);
	watch_hits_close(p->hits, a);
	watch_events_close(p->events, a);
	once_free(&p->once);
	buf_free(&p->key);
}

void
alerts_run(const struct option_list *operands)
{
	static const char *const formats[] = { "json", "slack", NULL };
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	const char *format = tool_format(formats);
	static struct watches watches; /* the paths of --by live as long as the run */
	struct alerts found = { 0 };
	struct buf out = { 0 };
	struct stream *s;
	struct record *r;

	open_watches(&watches);
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&watches.reader, r, &watches.row);
		do
			judge(&watches, r);
		while (row_next(&watches.reader, r, &watches.row));
		stream_put(s, r, DROP);
	}
	close_watches(&watches, &found);
	if (state_file)
		watch_state(state_file, &found);
	watch_prices(&found);
	alerts_sort(&found);
	if (strcmp(format, "slack") == 0)
		alerts_slack(&found, &out);
	else
		alerts_json(&found, &out);
	if (out.len)
		stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	if (found.count)
		status_raise(STATUS_NO);
	stream_close(s);
	alerts_free(&found);
	buf_free(&out);
}
