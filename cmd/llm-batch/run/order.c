/* SPDX-License-Identifier: MIT */
/* Which waiting request goes first: the one of the higher priority, which grows while it waits,
 * then the one whose deadline is nearer, then the earlier one. And the hours in which any may
 * go. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "run.h"
#include "tool/tool.h"

#define AGEING 10000 /* ms of waiting that are worth one step of priority */

struct hours {
	int begin, end; /* minutes of the day */
};

const struct hours *
hours_read(const char *text)
{
	static struct hours h;
	int a, b, c, d, n = 0;

	if (sscanf(text, "%2d:%2d-%2d:%2d%n", &a, &b, &c, &d, &n) != 4 || text[n] || a < 0 ||
	    a > 24 || b < 0 || b > 59 || c < 0 || c > 24 || d < 0 || d > 59 ||
	    a * 60 + b > 1440 || c * 60 + d > 1440)
		tool_usage("'--hours' is of the form HH:MM-HH:MM");
	h = (struct hours){ a * 60 + b, c * 60 + d };
	if (h.begin == h.end)
		tool_usage("'--hours' has no hour in it");
	return &h;
}

bool
hours_now(const struct hours *h)
{
	struct when_local local;
	int minute;

	if (!h)
		return true;
	when_local(when_now(), &local);
	minute = local.hour * 60 + local.minute;
	if (h->begin < h->end)
		return minute >= h->begin && minute < h->end;
	return minute >= h->begin || minute < h->end; /* over midnight */
}

static int64_t
priority_of(struct value v)
{
	static const struct {
		const char *word;
		int64_t level;
	} words[] = { { "urgent", 3 }, { "high", 2 }, { "normal", 1 }, { "low", 0 } };
	double d;

	if (json_double(v, &d) && d > -1e6 && d < 1e6)
		return (int64_t)d;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (json_is(v, words[i].word))
			return words[i].level;
	return 1;
}

void
order_read(struct run *run, struct slot *slot, const struct line *l, struct arena *a)
{
	struct value priority = request_attribute(&l->request, "priority");

	slot->priority = json_type(priority) > JSON_NULL ? priority_of(priority) : 1;
	slot->deadline = line_time(l, run->deadline, a);
	if (slot->priority != 1 || slot->deadline)
		run->prioritised = true;
}

static struct slot **window;
static size_t window_room;
static int64_t now;

static int64_t
rank(const struct slot *s)
{
	return s->priority * AGEING + (now - s->taken);
}

static int
earlier(const void *one, const void *two)
{
	const struct slot *a = *(struct slot *const *)one, *b = *(struct slot *const *)two;

	/* ageing in whole steps, so that deadlines decide among equals */
	if (rank(a) / AGEING != rank(b) / AGEING)
		return rank(a) > rank(b) ? -1 : 1;
	if (a->deadline != b->deadline)
		return !a->deadline                ? 1
		       : !b->deadline              ? -1
		       : a->deadline < b->deadline ? -1
						   : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

struct slot **
order_window(struct run *run)
{
	size_t n = 0;

	if (window_room < run->slots + 1) {
		window_room = 2 * run->slots + 16;
		window = mem_grow(window, window_room, sizeof(*window));
	}
	for (struct slot *s = run->head; s; s = s->next)
		if (s->state == SLOT_WAITING)
			window[n++] = s;
	window[n] = NULL;
	now = when_ticks();
	if (run->prioritised)
		qsort(window, n, sizeof(*window), earlier);
	return window;
}

void
order_free(void)
{
	free(window);
	window = NULL;
	window_room = 0;
}
