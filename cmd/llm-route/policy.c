/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/policy.h"

#include <stdlib.h>

#include "base/mem.h"

#define KEPT_MOST 4096

const struct model *
policy_model(struct policy *p, struct slice name)
{
	static struct model last;
	static const struct routes no_routes;
	const struct routes *routes = p->routes ? p->routes : &no_routes;
	bool added;
	size_t at;

	if (p->kept_names.count >= KEPT_MOST &&
	    hash_map_find(&p->kept_names, name) == SIZE_MAX) {
		arena_reset(&p->last);
		last = routes_model(routes, name, &p->last);
		return &last;
	}
	at = hash_map_add(&p->kept_names, name, &added);
	if (added) {
		if ((at & (at + 1)) == 0 || !p->kept)
			p->kept = mem_grow(p->kept, 2 * (at + 1), sizeof(struct model *));
		p->kept[at] = mem_alloc(sizeof(struct model));
		/* the map's copy of the name lives as long as the run */
		*p->kept[at] = routes_model(routes, p->kept_names.keys[at], &p->arena);
	}
	return p->kept[at];
}

void
policy_free(struct policy *p)
{
	for (size_t i = 0; i < p->kept_names.count; i++)
		free(p->kept[i]);
	free(p->kept);
	hash_map_free(&p->kept_names);
	arena_close(&p->arena);
	arena_close(&p->last);
	if (p->warm)
		warm_free(p->warm);
	routes_free(p->routes);
}
