/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/look/findings.h"

#include <stdlib.h>

struct finding *
collection_count(struct collection *c, struct slice text, size_t request)
{
	bool added;
	size_t i = hash_map_add(&c->map, text, &added);
	struct finding *f;

	c->out.list = arena_more(c->arena, c->out.list, i, &c->room, sizeof(*c->out.list));
	c->out.count = c->map.count;
	f = &c->out.list[i];
	if (added)
		*f = (struct finding){ .count = 0 };
	f->text = text;
	f->count++;
	f->requests += f->last != request + 1;
	f->last = request + 1;
	return f;
}

struct findings
collection_close(struct collection *c, size_t most)
{
	struct findings out = c->out;

	hash_map_free(&c->map);
	*c = (struct collection){ .arena = c->arena };
	findings_sort(&out, most);
	return out;
}

void
finding_cost(struct finding *f, const struct tokenizer *t, struct usd price, struct slice text)
{
	uint64_t tokens = tokens_text(t, text).count;

	f->tokens += tokens;
	f->usd = usd_add(f->usd, usd_times(price, tokens));
}

static int
dearer(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->tokens != y->tokens)
		return x->tokens > y->tokens ? -1 : 1;
	return slice_cmp(x->text, y->text);
}

void
findings_sort(struct findings *f, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < f->count; i++)
		if (f->list[i].tokens)
			f->list[n++] = f->list[i];
	f->count = n;
	if (n)
		qsort(f->list, n, sizeof(*f->list), dearer);
	if (f->count > most)
		f->count = most;
}
