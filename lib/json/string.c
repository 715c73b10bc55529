/* SPDX-License-Identifier: MIT */
#include "json/bytes.h"
#include "json/scan.h"
#include "json/text.h"
#include "text/find.h"

static bool
is_surrogate(uint32_t c)
{
	return c >> 11 == 0xD800 >> 11;
}

/* Writes what an escape stands for; returns what is behind it. */
static inline const char *
unescape(const char *escape, const char *end, char **to)
{
	struct slice raw = slice_of(escape, (size_t)(end - escape));
	char plain = bytes_escaped(escape[1]);
	uint32_t c;

	if (plain) {
		*(*to)++ = plain;
		return escape + 2;
	}
	c = text_take(&raw);
	*to += bytes_encode(is_surrogate(c) ? 0xFFFD : c, *to);
	return raw.ptr;
}

struct slice
json_string_unescaped(struct slice raw, struct arena *a)
{
	const char *from = raw.ptr, *end;
	size_t run = slice_find(raw, '\\');
	char *start, *to;

	if (run == raw.len)
		return raw;
	end = from + raw.len;
	start = to = arena_alloc(a, raw.len);
	memcpy(to, from, run);
	to += run;
	from = unescape(from + run, end, &to);
	/* a step writes no further than it reads: what is written is never longer */
	while (end - from >= BYTES_STEP) {
		run = bytes_copy_step(to, from);
		to += run;
		from += run;
		if (run < BYTES_STEP)
			from = unescape(from, end, &to);
	}
	while (from < end)
		if (*from == '\\')
			from = unescape(from, end, &to);
		else
			*to++ = *from++;
	return slice_of(start, (size_t)(to - start));
}

bool
json_is(struct value v, const char *text)
{
	struct slice raw = json_string_raw(v);

	if (!raw.ptr)
		return false;
	return v.json->escapes ? text_equals(raw, slice_z(text)) : slice_eqz(raw, text);
}

static inline find_mask
is_code_escape(find_bytes x, find_bytes y)
{
	return FIND_IS(x, '\\') & FIND_IS(y, 'u');
}

bool
json_lone_surrogate(struct value v)
{
	struct slice raw = json_string_raw(v);

	if (find_next(raw, 0, is_code_escape) == raw.len)
		return false;
	for (;;) {
		raw = slice_drop(raw, slice_find(raw, '\\'));
		if (!raw.len)
			return false;
		if (is_surrogate(text_take(&raw)))
			return true;
	}
}
