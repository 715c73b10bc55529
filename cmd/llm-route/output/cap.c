/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "cmd/llm-route/output/parts.h"

static size_t
path_size(const char *const *path)
{
	size_t n = 0;

	while (path[n])
		n++;
	return n;
}

static void
rename_cap(struct setter *s, const char *now, const char *want, struct slice raw)
{
	for (struct value m = json_first(s->q->body); json_type(m); m = json_next(m))
		if (json_is(m, now))
			edits_remove(s->r->edits, m);
	edits_set(s->r->edits, s->q->body, want, raw);
}

/* The cap of the rule where the user's is not lower; under the name that the model takes. */
void
output_cap(struct setter *s)
{
	const struct request *q = s->q;
	const char *const *now = NULL, *const * want;
	struct value cap = request_cap(q, &now);
	uint64_t old = 0, limit;
	bool has = json_type(cap) > JSON_NULL, renamed, lower;
	struct slice raw;

	want = request_cap_path(q->api, s->d->chosen->own);
	if (s->observe || !want || (has && !json_whole(cap, &old)))
		return;
	/* within chat alone a model's cap has two names */
	renamed = has && !s->d->keep && q->api == API_CHAT && now &&
		  strcmp(now[0], want[0]) != 0 && strcmp(want[0], "max_completion_tokens") == 0;
	limit = effective_cap(s->facts, &s->d->settings, s->d->chosen);
	lower = s->d->settings.max_tokens && limit && (!has || limit < old);
	if (!renamed && !lower)
		return;
	raw = lower ? arena_printf(s->r->arena, "%" PRIu64, limit) : json_raw(cap);
	if (renamed)
		rename_cap(s, now[0], want[0], raw);
	else if (has)
		edits_replace(s->r->edits, cap, raw);
	else
		edits_set_path(s->r->edits, q->body, want, path_size(want), raw);
}
