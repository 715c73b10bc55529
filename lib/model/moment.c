/* SPDX-License-Identifier: MIT */
#include "model/moment.h"

static int64_t
without_zone(struct slice text, struct arena *a)
{
	if (text.len < 19 || text.len > 40)
		return WHEN_NONE;
	return when_read(arena_printf(a, "%.*sZ", SLICE_ARG(text)));
}

int64_t
moment_read(struct value v, bool utc, struct arena *a)
{
	struct slice text = json_type(v) == JSON_STRING   ? json_string(v, a)
			    : json_type(v) == JSON_NUMBER ? json_raw(v)
							  : (struct slice){ 0 };
	int64_t when;

	if (!text.ptr)
		return WHEN_NONE;
	if (text.len == 19 && text.ptr[4] != '-')
		text = slice_take(text, 13);
	when = when_read(text);
	return when == WHEN_NONE && utc ? without_zone(text, a) : when;
}

int64_t
moment_of_call(const struct request *r, const struct usage *u, struct arena *a)
{
	int64_t when = WHEN_NONE;

	if (request_fields())
		when = moment_read(request_attribute(r, "time"), false, a);
	if (when == WHEN_NONE && u && u->present)
		when = moment_read(u->time, u->utc, a);
	if (when == WHEN_NONE)
		when = moment_read(request_attribute(r, "time"), false, a);
	return when;
}
