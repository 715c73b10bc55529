/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/output/setter.h"

#include <string.h>

void
setter_drop(struct decision *d, const char *name)
{
	for (size_t i = 0; i < d->dropped_count; i++)
		if (strcmp(d->dropped[i], name) == 0)
			return;
	if (d->dropped_count < DROPPED_MOST)
		d->dropped[d->dropped_count++] = name;
}

bool
setter_provider(const struct setter *s, const char *name)
{
	return s->d->chosen && s->d->chosen->facts.provider &&
	       strcmp(s->d->chosen->facts.provider, name) == 0;
}

void
setter_put(struct setter *s, const char *const path[], struct slice raw)
{
	size_t n = 0;

	while (path[n])
		n++;
	if (!s->observe)
		edits_set_path(s->r->edits, s->q->body, path, n, raw);
}

struct value
setter_at(const struct setter *s, const char *const path[])
{
	struct value v = s->q->body;

	for (size_t i = 0; path[i]; i++)
		v = json_get(v, path[i]);
	return v;
}
