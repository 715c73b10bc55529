/* SPDX-License-Identifier: MIT */
#include "base/when.h"
#include "money/price_find.h"

/* What a table above does not say, one below may. */
#define SAY(out, row, fact)                                      \
	do {                                                     \
		if (!(out)->says_##fact && (row)->says_##fact) { \
			(out)->says_##fact = true;               \
			(out)->fact = (row)->fact;               \
		}                                                \
	} while (0)

static void
merge(struct model_facts *f, const struct model_facts *row)
{
	f->known = true;
	f->embeds |= row->embeds;
	f->provider = f->provider ? f->provider : row->provider;
	f->context = f->context ? f->context : row->context;
	f->max_output = f->max_output ? f->max_output : row->max_output;
	SAY(f, row, vision);
	SAY(f, row, tools);
	SAY(f, row, audio);
	SAY(f, row, files);
	SAY(f, row, schema);
	SAY(f, row, reasoning);
}

struct model_facts
model_facts(struct slice model, struct slice provider)
{
	struct price_found found = price_find(model, provider);
	struct model_facts f = { 0 };
	int64_t now = when_now();
	bool early;

	if (!found.group)
		return f;
	merge(&f, &price_at(found.group, now, &early)->facts);
	for (size_t i = price_layer_count(); i-- > 0;) {
		const struct price_group *group = price_find_in(i, model, provider);

		if (group && group->count)
			merge(&f, &price_at(group, now, &early)->facts);
	}
	return f;
}

bool
model_thinks_unasked(struct slice model, const struct model_facts *f)
{
	return f->says_reasoning && f->reasoning && !memmem(model.ptr, model.len, "claude", 6);
}
