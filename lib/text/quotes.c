/* SPDX-License-Identifier: MIT */
#include "text/quotes.h"

size_t
quote_mark(const char *p, size_t left, char *kind)
{
	if (*p == '\\' && left > 1 && p[1] == '"') {
		*kind = 0;
		return 2;
	}
	if (*p == '"' || *p == '`') {
		*kind = *p;
		return 1;
	}
	if (left > 2 && p[0] == '\xE2' && p[1] == '\x80' && (p[2] & '\xFC') == '\x9C' &&
	    p[2] != '\x9F') {
		*kind = '\xE2';
		return 3;
	}
	if (left > 1 && p[0] == '\xC2' && (p[1] == '\xAB' || p[1] == '\xBB')) {
		*kind = '\xC2';
		return 2;
	}
	return 0;
}

size_t
quote_single(struct slice s, size_t i)
{
	if (s.ptr[i] != '\'' || (i && !strchr(" ([{=,:", s.ptr[i - 1])) || i + 1 >= s.len ||
	    s.ptr[i + 1] == ' ')
		return 0;
	for (size_t k = i + 1; k < s.len; k++)
		if (s.ptr[k] == '\'' && (k + 1 == s.len || strchr(" )]},.;:!?", s.ptr[k + 1])))
			return k + 1 - i;
	return SIZE_MAX;
}
