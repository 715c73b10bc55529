/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#define ALONE 5000 /* milliseconds: a command about the store alone has time */

int64_t shelf_timeout;

static void
check_name(const char *name)
{
	const char *why;

	if (!name || !*name)
		tool_usage("no store: give '--store' or set LLM_CACHE");
	if (!store_url_good(name, &why))
		tool_usage("the store '%s' %s", diag_clean(slice_z(store_shown(name))), why);
}

void
shelf_open(struct shelf *shelf, const char *name, bool read_only)
{
	const char *why;

	check_name(name);
	*shelf = (struct shelf){ .name = store_shown(name) };
	/* a file that the run would make is empty before it */
	if (tool_common()->dry_run && !store_is_remote(name) && access(name, F_OK) != 0 &&
	    errno == ENOENT)
		return;
	shelf->store = store_open_within(name, read_only, shelf_timeout, &why);
	if (!shelf->store)
		shelf_fail(shelf, why);
}

struct store *
shelf_need(const char *name, bool read_only)
{
	struct store *store;
	const char *why;

	check_name(name);
	store = store_open_within(name, read_only,
	    shelf_timeout           ? shelf_timeout
	    : store_is_remote(name) ? ALONE
				    : 0,
	    &why);
	if (!store)
		diag_die(STATUS_FAILED, "%s: the store %s", store_shown(name), why);
	return store;
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
		diag_warn("%s: damage was met %" PRIu64
			  " time%s in the store, taken as unknown",
		    shelf->name, damaged, damaged == 1 ? "" : "s");
		status_raise(STATUS_FAILED);
	}
	if (!store_close(shelf->store, &why)) {
		diag_warn("%s: the store %s", shelf->name, why);
		status_raise(STATUS_FAILED);
	}
	shelf->store = NULL;
}

bool
model_is(struct slice model, const char *want)
{
	struct slice rest;
	size_t digits = 0;

	if (!slice_starts(model, slice_z(want)))
		return false;
	rest = slice_drop(model, strlen(want));
	if (rest.len == 0)
		return true;
	if (rest.ptr[0] != '-' && rest.ptr[0] != '@')
		return false;
	for (rest = slice_drop(rest, 1); digits < rest.len; digits++)
		if (rest.ptr[digits] < '0' || rest.ptr[digits] > '9')
			break;
	return digits >= 4;
}

bool
entry_in_time(const struct store_entry *e, int64_t now)
{
	return e->expires == INT64_MAX || (e->stored <= now && now < e->expires);
}

bool
share_reached(uint64_t hits, uint64_t all, uint64_t share)
{
	return (unsigned __int128)hits * 1000000 >= (unsigned __int128)all * share;
}
