/* SPDX-License-Identifier: MIT */
/* llm-cost report: one pass over the rows, sums by group, then the columns. */
#include "cmd/llm-cost/cost.h"

#include <stdlib.h>

#include "cmd/llm-cost/rows/agents.h"
#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-cost/rows/once.h"
#include "partial.h"
#include "bulk.h"
#include "cmd/llm-cost/rows/verdict.h"

static const char *by_option, *over_option, *mode_option, *since_option, *until_option;
static uint64_t month_option = 1;
static bool agents_option, no_text_option;
static struct option_list judged_option;

const struct option report_options[] = {
	{ 0, "by", OPTION_TEXT, "PATH,...", &by_option,
	    "group by these: jq paths, model, provider, lane, task, route, session, user, "
	    "prompt, pattern, hour, day, week, month, or an attribute",
	    NULL },
	{ 0, "over", OPTION_TEXT, "T", &over_option,
	    "and by time: hour, day, week, month, session or block5h", NULL },
	{ 0, "since", OPTION_TEXT, "T", &since_option,
	    "only calls from T on (a time, or 7d ago)", NULL },
	{ 0, "until", OPTION_TEXT, "T", &until_option, "only calls before T", NULL },
	{ 0, "month-start", OPTION_NUMBER, "DAY", &month_option,
	    "months begin on this day, 1 to 28 (1)", NULL },
	{ 0, "cost-mode", OPTION_TEXT, "M", &mode_option,
	    "compute the cost, take that of the log, or show both", NULL },
	{ 0, "agents", OPTION_FLAG, NULL, &agents_option,
	    "read the logs of Claude Code and Codex where these keep them", NULL },
	{ 0, "judged", OPTION_LIST, "F", &judged_option,
	    "verdicts on answers of the log: what judges and users said, by id", NULL },
	{ 0, "no-text", OPTION_FLAG, NULL, &no_text_option,
	    "fingerprints instead of any text of prompts and answers", NULL },
	VIEW_OPTIONS,
	ROW_OPTIONS,
	{ 0 },
};

/* The innards of one run beside the report that comes out. */
struct run {
	struct report *report;
	struct reader reader;
	struct once_book once;
	struct buf key;
	struct row row, old;
	struct verdict_book verdicts;
	unsigned wanted;
	bool days;    /* the timeline is needed */
	bool in_bulk; /* calls may be added up first: nobody asks for each one's dollars */
	struct bulks bulks;
};

/* --cost-mode log: the amount of the log is the cost. */
static void
take_logged(struct row *row, const struct traits *t)
{
	if (row->kind != ROW_CALL)
		return;
	row->unpriced = t->has_logged ? NULL : "no amount in dollars in the log";
	row->bill.usd = t->has_logged ? t->logged : (struct usd){ 0 };
	row->bill.note = NULL;
}

static bool
is_outside(struct report *p, const struct row *row)
{
	if (p->since == WHEN_NONE && p->until == WHEN_NONE)
		return false;
	if (!row->own_time) {
		p->no_time++;
		return true;
	}
	if ((p->since == WHEN_NONE || row->when >= p->since) &&
	    (p->until == WHEN_NONE || row->when < p->until))
		return false;
	p->outside++;
	return true;
}

/* A call on several lines has the largest of their amounts. */
static void
set_logged(const struct row *row, struct traits *t)
{
	if (t->has_credits) {
		t->credits = row->noted;
		t->has_credits = row->has_noted;
	} else {
		t->logged = row->noted;
		t->has_logged = row->has_noted;
	}
}

static void
note_logged(const struct record *r, struct row *row)
{
	struct traits t = { 0 };

	traits_logged(r, row, &t);
	row->has_noted = t.has_logged || t.has_credits;
	row->noted = t.has_credits ? t.credits : t.logged;
}

/* The record's own verdict, else what the files of verdicts say. */
static void
read_traits(const struct run *u, const struct record *r, const struct row *row, unsigned wanted,
    struct traits *t)
{
	traits_read(r, &u->reader, row, wanted, t);
	if (u->wanted & WANT_QUALITY && u->verdicts.said && t->judged == JUDGED_NOT)
		t->judged = verdict_book_find(&u->verdicts, r, row);
}

static void
price_and_key(struct run *u, const struct record *r)
{
	row_price(&u->row);
	by_key(&u->report->by, r, &u->row, &u->key);
}

/* Adds the call to its bulk; false if it is odd after all. */
static bool
count_alike(struct run *u, const struct record *r, struct bulk *bulk, uint32_t *group)
{
	struct traits t;

	if (u->wanted)
		read_traits(
		    u, r, &u->row, u->wanted & ~(unsigned)(WANT_CLASS | WANT_BASELINE), &t);
	if (!bulk_add(&u->bulks, bulk, &u->row, u->wanted ? &t : NULL))
		return false;
	*group = bulk_group(bulk);
	return true;
}

static void
count(struct run *u, const struct record *r, enum once once, uint32_t *group)
{
	const struct row *old = once == ONCE_LARGER ? &u->old : NULL;
	struct report *p = u->report;
	struct traits t, old_t;

	read_traits(u, r, &u->row, u->wanted, &t);
	if (old)
		read_traits(u, r, old, u->wanted, &old_t);
	if (old && u->wanted & WANT_LOGGED) {
		set_logged(&u->row, &t);
		set_logged(old, &old_t);
	}
	if (p->mode == COST_LOG) {
		take_logged(&u->row, &t);
		if (old)
			take_logged(&u->old, &old_t);
	}
	if (once == ONCE_FIRST) {
		*group = groups_find(&p->groups, buf_slice(&u->key));
		left_count(&p->left, &u->row);
		committed_add(&p->committed, &u->row);
	}
	groups_add(&p->groups, *group, &u->row, old);
	if (u->wanted)
		groups_note(&p->groups, *group, &u->row, &t, old, &old_t);
	if (u->days)
		timeline_add(&p->days, *group, &u->row, old);
	if (p->focus.wanted) {
		focus_add(&p->focus, &u->row, buf_slice(&u->key), 1);
		if (old)
			focus_add(&p->focus, old, buf_slice(&u->key), -1);
	}
	if (u->in_bulk && once == ONCE_FIRST)
		bulk_learn(&u->bulks, r, &u->row, u->wanted ? &t : NULL, *group);
}

/* Members that only traits look up must not stand twice either. */
static void
judge(struct run *u, const struct record *r)
{
	struct report *p = u->report;
	struct row *row = &u->row;
	struct bulk *bulk;
	enum once once;
	uint32_t *group;

	if (row->kind == ROW_NOTHING || row->kind == ROW_UNANSWERED) {
		if (!r->json->twice.ptr)
			left_count(&p->left, row);
		return;
	}
	bulk = bulk_find(&u->bulks, row);
	if (!bulk)
		price_and_key(u, r);
	if (r->json->twice.ptr || is_outside(p, row))
		return;
	if (u->wanted & WANT_LOGGED)
		note_logged(r, row);
	once = once_judge(&u->once, &u->reader, row, &group, &u->old);
	if (once == ONCE_AGAIN ||
	    (once == ONCE_FIRST && bulk && count_alike(u, r, bulk, group)))
		return;
	if (once == ONCE_FIRST && bulk)
		price_and_key(u, r);
	count(u, r, once, group);
}

/* A time, a date (its start in the zone), or a duration before now. */
static int64_t
read_bound(const char *option, const char *text)
{
	int64_t when, ago;

	if (!text)
		return WHEN_NONE;
	when = when_read_local(slice_z(text));
	if (when != WHEN_NONE && text[strspn(text, "0123456789")])
		return when;
	if (options_duration(text, &ago) && ago >= 0 && ago != INT64_MAX &&
	    text[strlen(text) - 1] > '9')
		return when_now() - ago;
	if (when == WHEN_NONE)
		tool_usage("--%s wants a time, a date or a duration, not '%s'", option,
		    diag_clean(slice_z(text)));
	return when;
}

static enum cost_mode
read_mode(void)
{
	static const char *const names[] = { "compute", "log", "both" };

	if (!mode_option)
		return COST_COMPUTE;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(names[i], mode_option) == 0)
			return (enum cost_mode)i;
	tool_usage("'--cost-mode' wants compute, log or both, not '%s'",
	    diag_clean(slice_z(mode_option)));
}

/* The page and the picture have time as an axis of their charts, not as groups. */
static bool
has_charts(const char *format)
{
	return strcmp(format, "html") == 0 || strcmp(format, "svg") == 0;
}

static void
read_fields(struct report *p, const char *format)
{
	enum period period = over_option ? period_named(over_option) : PERIOD_NONE;

	p->by.no_text = no_text_option;
	if (view.weekly && over_option)
		tool_usage("'--weekly' and '--over' are one too many");
	if (view.weekly)
		over_option = "week";
	else if (p->agents && !by_option && !over_option && !has_charts(format))
		over_option = "day";
	by_parse(&p->by, by_option ? by_option : view.weekly ? "route" : NULL);
	p->days.period = PERIOD_DAY;
	p->days.by_group = has_charts(format);
	if (has_charts(format) && period) {
		p->days.period = period;
		over_option = NULL;
	}
	if (over_option)
		by_over(&p->by, over_option);
}

static void
open_report(struct report *p, const char *format)
{
	p->agents = agents_option;
	p->mode = read_mode();
	p->since = read_bound("since", since_option);
	p->until = read_bound("until", until_option);
	if (month_option < 1 || month_option > 28)
		tool_usage("'--month-start' wants a day from 1 to 28");
	period_month_start((unsigned)month_option);
	read_fields(p, format);
	view_open(&p->by);
	p->groups.total.whole = true;
	p->focus.wanted = strcmp(format, "focus") == 0;
}

static void
read_all(struct run *u, struct stream *s)
{
	struct record *r;

	while ((r = stream_next(s))) {
		row_read(&u->reader, r, &u->row);
		do
			judge(u, r);
		while (row_next(&u->reader, r, &u->row));
		stream_put(s, r, DROP);
	}
	bulks_close(&u->bulks);
	groups_total(&u->report->groups);
	left_close(&u->report->left, s, &u->once);
	if (!view.partial)
		committed_close(&u->report->committed);
	once_free(&u->once);
}

void
report_run(const struct option_list *operands)
{
	const char *format = view_check();
	static struct report report; /* the paths of --by live as long as the run */
	static struct run run;
	struct report *p = &report;
	struct option_list files = *operands;
	struct stream_options o;
	struct buf out = { 0 };
	struct stream *s;

	if (view.partial && strcmp(format, "focus") == 0)
		tool_usage("'--partial' keeps sums by group, not the charges by price that "
			   "'--format focus' is made of: make that of all logs in one run");
	open_report(p, format);
	if (p->agents)
		agents_files(&files);
	o = tool_stream(&files, NO_OBJECT_SKIP);
	run.report = p;
	run.wanted = view.partial ? WANT_ALL : view_wanted(format);
	if (p->mode != COST_COMPUTE)
		run.wanted |= WANT_LOGGED;
	run.days = view_days(format);
	run.in_bulk = !run.days && !p->focus.wanted && p->mode == COST_COMPUTE;
	run.bulks = (struct bulks){ .by = &p->by, .groups = &p->groups, .wanted = run.wanted };
	if (view.partial)
		run.once.ids = &p->ids;
	reader_open(&run.reader);
	p->by.reader = &run.reader;
	if (judged_option.count)
		verdict_book_load(&run.verdicts, &judged_option);
	s = stream_open(&o);
	read_all(&run, s);
	if (view.partial)
		partial_write(p, &out);
	else
		view_print(format, p, s, &out);
	stream_write_text(s, buf_slice(&out));
	stream_close(s);
	buf_free(&out);
	buf_free(&run.key);
	verdict_book_free(&run.verdicts);
	groups_free(&p->groups);
	timeline_free(&p->days);
	focus_free(&p->focus);
	left_free(&p->left);
	committed_free(&p->committed);
	distinct_free(&p->ids);
}
