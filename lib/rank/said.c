/* SPDX-License-Identifier: MIT */
/* Characters that stand as escapes of JSON, as in lines of a log. */
#include "rank/score_parts.h"

#include <ctype.h>

#include "json/scan.h"

#define ESCAPE 6 /* bytes of \u017d */

/* Bytes up to the next escape; s.len where there is none. */
static size_t
before_escape(struct slice s)
{
	return s.len ? slice_find(s, '\\') : 0;
}

static bool
is_escape(struct slice s)
{
	bool hex = s.len >= ESCAPE && s.ptr[0] == '\\' && s.ptr[1] == 'u';

	for (size_t i = 2; hex && i < ESCAPE; i++)
		hex = isxdigit((unsigned char)s.ptr[i]);
	return hex;
}

/* Bytes of the escapes side by side that s begins with. */
static size_t
escapes(struct slice s)
{
	size_t n = 0;

	while (is_escape(slice_drop(s, n)))
		n += ESCAPE;
	return n;
}

struct slice
said(struct slice text, struct arena *a)
{
	size_t n = before_escape(text), done = 0;
	char *out;

	if (n == text.len)
		return text;
	out = arena_alloc(a, text.len);
	for (struct slice rest = text; rest.len; n = before_escape(rest)) {
		size_t raw = escapes(slice_drop(rest, n));
		struct slice plain = json_string_unescaped(slice_of(rest.ptr + n, raw), a);

		n += raw ? 0 : (n < rest.len); /* a backslash of another kind */
		memcpy(out + done, rest.ptr, n);
		done += n;
		memcpy(out + done, plain.ptr, plain.len);
		done += plain.len;
		rest = slice_drop(rest, n + raw);
	}
	return slice_of(out, done);
}
