/* SPDX-License-Identifier: MIT */
/* Calls of tools and their results: which belong together, and whether all have the other. */
#include "base/hash.h"
#include "cmd/llm-compress/history/history.h"
#include "cmd/llm-compress/shape.h"

struct pairing {
	struct hash_map calls; /* ids that were called */
	bool orphan;
};

static void
see_use(void *context, const struct tool_use *use)
{
	struct pairing *p = context;

	if (!use->result)
		hash_map_add(&p->calls, use->id, NULL);
	else if (hash_map_find(&p->calls, use->id) == SIZE_MAX)
		p->orphan = true;
}

bool
history_sound(struct work *w)
{
	struct pairing p = { 0 };

	for (size_t i = 0; i < w->message_count && !p.orphan; i++)
		if (!w->messages[i].gone)
			shape_tools(w->api, w->messages[i].at, w->arena, see_use, &p);
	hash_map_free(&p.calls);
	if (p.orphan)
		work_refuse(w, "a result of a tool has no call before it");
	return !p.orphan;
}
