/* SPDX-License-Identifier: MIT */
#include "json/bytes.h"
#include "json/scan.h"
#include "json/text.h"

static bool
is_surrogate(uint32_t c)
{
	return c >> 11 == 0xD800 >> 11;
}

struct slice
json_string(struct value v, struct arena *a)
{
	struct slice raw = json_string_raw(v);
	size_t run = raw.ptr ? slice_find(raw, '\\') : 0;
	char *start, *to;

	if (run == raw.len)
		return raw;
	start = to = arena_alloc(a, raw.len);
	for (;;) {
		uint32_t c;

		memcpy(to, raw.ptr, run);
		to += run;
		raw = slice_drop(raw, run);
		if (!raw.len)
			return slice_of(start, (size_t)(to - start));
		c = text_take(&raw);
		to += bytes_encode(is_surrogate(c) ? 0xFFFD : c, to);
		run = slice_find(raw, '\\');
	}
}

bool
json_is(struct value v, const char *text)
{
	struct slice raw = json_string_raw(v);

	return raw.ptr && text_equals(raw, slice_z(text));
}

bool
json_lone_surrogate(struct value v)
{
	struct slice raw = json_string_raw(v);

	for (;;) {
		raw = slice_drop(raw, slice_find(raw, '\\'));
		if (!raw.len)
			return false;
		if (is_surrogate(text_take(&raw)))
			return true;
	}
}
