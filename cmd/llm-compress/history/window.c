/* SPDX-License-Identifier: MIT */
/* Sliding windows: the last turns, the last messages. */
#include "cmd/llm-compress/history/history.h"
#include "cmd/llm-compress/shape.h"

bool
history_may_go(const struct message *m)
{
	return m->role != ROLE_SYSTEM && !m->pinned && !m->gone;
}

size_t
history_window(const struct work *w, uint64_t turns)
{
	uint64_t seen = 0;

	for (size_t i = w->message_count; i-- > 0;)
		if (w->messages[i].starts && !w->messages[i].gone && ++seen == turns)
			return i;
	return 0;
}

/* Is there a turn before the window, or something that stands before the first turn? */
static bool
cut_before(struct work *w, size_t first)
{
	bool any = false;

	for (size_t i = 0; i < first; i++)
		if (history_may_go(&w->messages[i])) {
			work_remove(w, &w->messages[i]);
			any = true;
		}
	return any;
}

void
turns_run(struct work *w)
{
	if (w->last != NOWHERE && history_sound(w))
		cut_before(w, history_window(w, settings.keep_turns));
}

/* A reasoning item belongs to the item behind it. */
static bool
follows_reasoning(const struct work *w, size_t i)
{
	return i && w->api == API_RESPONSES &&
	       json_is(json_get(w->messages[i - 1].at, "type"), "reasoning");
}

/* Parallel calls of the responses interface are items side by side, with their results behind.
 */
static bool
inside_calls(const struct work *w, size_t i)
{
	return i && w->api == API_RESPONSES && w->messages[i - 1].role == ROLE_ASSISTANT &&
	       json_type(json_get(w->messages[i - 1].at, "call_id")) == JSON_STRING;
}

static size_t
first_of_last(const struct work *w, uint64_t keep)
{
	uint64_t seen = 0;
	size_t i = w->message_count;

	while (i > 0 && seen < keep)
		seen += history_may_go(&w->messages[--i]);
	while (i < w->last &&
	       (!history_may_go(&w->messages[i]) || !shape_may_begin(w->api, &w->messages[i]) ||
		   follows_reasoning(w, i) || inside_calls(w, i)))
		i++;
	return i < w->last ? i : w->last;
}

void
messages_run(struct work *w)
{
	if (w->last != NOWHERE && history_sound(w))
		cut_before(w, first_of_last(w, settings.keep_messages));
}
