/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/output/output.h"

void
output_drop(struct decision *d, const char *name)
{
	for (size_t i = 0; i < d->dropped_count; i++)
		if (strcmp(d->dropped[i], name) == 0)
			return;
	if (d->dropped_count < DROPPED_MOST)
		d->dropped[d->dropped_count++] = name;
}

bool
output_provider(const struct setter *s, const char *name)
{
	return s->d->chosen && s->d->chosen->facts.provider &&
	       strcmp(s->d->chosen->facts.provider, name) == 0;
}

bool
output_put(struct setter *s, const char *const path[], struct slice raw)
{
	size_t n = 0;

	while (path[n])
		n++;
	return s->observe || edits_set_path(s->r->edits, s->q->body, path, n, raw);
}

struct value
output_at(const struct setter *s, const char *const path[])
{
	struct value v = s->q->body;

	for (size_t i = 0; path[i]; i++)
		v = json_get(v, path[i]);
	return v;
}

void
output_set(struct setter *s)
{
	if (!s->d->chosen)
		return;
	output_cap(s);
	output_stop(s);
	output_format(s);
	output_effort(s);
	output_concise(s);
	output_detail(s);
}
