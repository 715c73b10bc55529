/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <inttypes.h>

void
shelf_open(struct shelf *shelf, const char *name, bool read_only)
{
	const char *why;

	if (!name || !*name)
		tool_usage("no store: give --store FILE or set LLM_CACHE");
	*shelf = (struct shelf){ .name = name };
	shelf->store = store_open(name, read_only, &why);
	if (!shelf->store)
		shelf_fail(shelf, why);
}

void
shelf_fail(struct shelf *shelf, const char *why)
{
	const char *unused;

	diag_warn("%s: the store %s; going on without it", shelf->name, why);
	status_raise(STATUS_FAILED);
	if (shelf->store) {
		struct store *store = shelf->store;

		shelf->store = NULL;
		store_close(store, &unused);
	}
}

void
shelf_commit(struct shelf *shelf)
{
	const char *why;

	if (shelf->store && !store_commit(shelf->store, &why))
		shelf_fail(shelf, why);
}

void
shelf_close(struct shelf *shelf)
{
	const char *why;
	uint64_t damaged;

	if (!shelf->store)
		return;
	damaged = store_damaged(shelf->store);
	if (damaged) {
		diag_warn("%s: %" PRIu64 " damaged entr%s in the store, taken as unknown",
		    shelf->name, damaged, damaged == 1 ? "y" : "ies");
		status_raise(STATUS_FAILED);
	}
	if (!store_close(shelf->store, &why)) {
		diag_warn("%s: the store %s", shelf->name, why);
		status_raise(STATUS_FAILED);
	}
	shelf->store = NULL;
}
