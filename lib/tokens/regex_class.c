/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "text/unicode.h"
#include "tokens/regex_state.h"

/* Hexadecimal digits, at least one, at most `most`. */
static bool
take_hex(struct regex_state *p, int most, uint32_t *point)
{
	uint32_t n = 0;
	int i;

	for (i = 0; i < most && p->rest.len; i++) {
		char c = p->rest.ptr[0];

		if (c >= '0' && c <= '9')
			n = n * 16 + (uint32_t)(c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			n = n * 16 + (uint32_t)((c | 0x20) - 'a' + 10);
		else
			break;
		p->rest = slice_drop(p->rest, 1);
	}
	*point = n;
	return i > 0 && n < POINTS;
}

/* Behind \p or \P: {Name}, {^Name}. */
static bool
property(struct regex_state *p, bool invert, struct points *into)
{
	struct points *one;
	struct slice name;
	bool known;

	if (!regex_take(p, "{"))
		return regex_wrong(p, "a property without braces");
	if (regex_take(p, "^"))
		invert = !invert;
	name = slice_take(p->rest, slice_find(p->rest, '}'));
	one = mem_zero(sizeof *one);
	known = points_add_category(one, name);
	if (known) {
		if (invert)
			points_invert(one);
		points_unite(into, one);
		p->rest = slice_drop(p->rest, name.len + 1);
	}
	free(one);
	return known || regex_wrong(p, "a property other than a general category");
}

/* Shorthand classes; *known is false for any other letter. */
static bool
shorthand(struct regex_state *p, char c, struct points *into, bool *known)
{
	struct points *one;

	*known = true;
	if (c == 'p' || c == 'P')
		return property(p, c == 'P', into);
	*known = c == 's' || c == 'S' || c == 'd' || c == 'D';
	if (!*known)
		return true;
	one = mem_zero(sizeof *one);
	if (c == 's' || c == 'S')
		points_add_blank(one);
	else
		points_add_category(one, SLICE("Nd"));
	if (c == 'S' || c == 'D')
		points_invert(one);
	points_unite(into, one);
	free(one);
	return true;
}

bool
regex_escape(struct regex_state *p, struct points *into, uint32_t *point)
{
	static const char from[] = "rntfae", to[] = "\r\n\t\f\a\x1b";
	const char *at;
	bool known;
	char c;

	*point = REGEX_NO_POINT;
	if (!p->rest.len)
		return regex_wrong(p, "a backslash as its end");
	c = p->rest.ptr[0];
	if ((unsigned char)c >= 0x80)
		return regex_wrong(p, "an escape of a character beyond ASCII");
	p->rest = slice_drop(p->rest, 1);
	at = c ? strchr(from, c) : NULL;
	if (at) {
		*point = (uint32_t)to[at - from];
		return true;
	}
	if (c == 'u')
		return take_hex(p, 4, point) || regex_wrong(p, "no hexadecimal digits");
	if (c == 'x') {
		if (regex_take(p, "{"))
			return (take_hex(p, 8, point) && regex_take(p, "}")) ||
			       regex_wrong(p, "no hexadecimal digits");
		return take_hex(p, 2, point) || regex_wrong(p, "no hexadecimal digits");
	}
	if (!shorthand(p, c, into, &known))
		return false;
	if (known)
		return true;
	if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return regex_wrong(p, "an escape that is not taken");
	*point = (uint32_t)(unsigned char)c;
	return true;
}

void
regex_cases(struct points *into, uint32_t c)
{
	uint32_t small = c | 0x20;

	if (small < 'a' || small > 'z' || c >= 0x80)
		return;
	points_add(into, small, small);
	points_add(into, small - 32, small - 32);
	if (small == 's')
		points_add(into, 0x17f, 0x17f);
	if (small == 'k')
		points_add(into, 0x212a, 0x212a);
}

/* One character of a class, or a class inside it; *point is REGEX_NO_POINT for the latter. */
static bool
class_item(struct regex_state *p, struct points *into, uint32_t *point)
{
	if (regex_take(p, "\\"))
		return regex_escape(p, into, point);
	*point = p->rest.len ? unicode_next(&p->rest) : REGEX_NO_POINT;
	return true;
}

/* A run of items, up to "]" or "&&". */
static bool
class_items(struct regex_state *p, struct points *into, int depth)
{
	uint32_t from, to;

	while (!regex_starts(p, "]") && !regex_starts(p, "&&")) {
		if (!p->rest.len)
			return regex_wrong(p, "a class without an end");
		if (regex_starts(p, "[:"))
			return regex_wrong(p, "a POSIX class");
		if (regex_take(p, "[")) {
			if (!regex_class(p, into, depth + 1))
				return false;
			continue;
		}
		if (!class_item(p, into, &from))
			return false;
		to = from;
		if (from != REGEX_NO_POINT && regex_starts(p, "-") && !regex_starts(p, "-]") &&
		    !regex_starts(p, "-["))
			if (!regex_take(p, "-") || !class_item(p, into, &to) ||
			    to == REGEX_NO_POINT || to < from)
				return regex_wrong(p, "a range that is none");
		if (from != REGEX_NO_POINT)
			points_add(into, from, to);
	}
	return true;
}

bool
regex_class(struct regex_state *p, struct points *into, int depth)
{
	struct points *all = mem_zero(sizeof *all), *part = mem_zero(sizeof *part);
	bool invert = regex_take(p, "^"), good;

	if (depth == REGEX_DEPTH || regex_starts(p, "]"))
		good = regex_wrong(p, "a class that is not taken");
	else
		good = class_items(p, all, depth);
	while (good && regex_take(p, "&&")) {
		memset(part, 0, sizeof *part);
		good = class_items(p, part, depth);
		points_intersect(all, part);
	}
	if (good) {
		regex_take(p, "]");
		if (invert)
			points_invert(all);
		points_unite(into, all);
	}
	free(all);
	free(part);
	return good;
}
