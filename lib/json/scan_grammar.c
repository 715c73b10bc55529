/* SPDX-License-Identifier: MIT */
#include "json/bytes.h"
#include "json/scan_stages.h"

#define NO_PARENT UINT32_MAX

static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && (unsigned char)(*p - '0') < 10)
		p++;
	return p;
}

/* The end of the number at p, or NULL; RFC 8259 section 6. */
static const char *
number_end(const char *p, const char *end)
{
	const char *digits;

	p += *p == '-';
	digits = p;
	p = skip_digits(p, end);
	if (p == digits || (*digits == '0' && p - digits > 1))
		return NULL;
	if (p < end && *p == '.') {
		digits = ++p;
		p = skip_digits(p, end);
		if (p == digits)
			return NULL;
	}
	if (p < end && (*p == 'e' || *p == 'E')) {
		p++;
		p += p < end && (*p == '+' || *p == '-');
		digits = p;
		p = skip_digits(p, end);
		if (p == digits)
			return NULL;
	}
	return p;
}

/* Only the first of a run of bytes that are neither blank nor structural is an entry, so one
 * blank behind the scalar is proof enough. */
static inline bool
is_scalar(const char *p, const char *end)
{
	size_t left = (size_t)(end - p);

	if (!left)
		return false;
	if (*p == 't')
		p = left >= 4 && memcmp(p, "true", 4) == 0 ? p + 4 : NULL;
	else if (*p == 'n')
		p = left >= 4 && memcmp(p, "null", 4) == 0 ? p + 4 : NULL;
	else if (*p == 'f')
		p = left >= 5 && memcmp(p, "false", 5) == 0 ? p + 5 : NULL;
	else
		p = number_end(p, end);
	return p && (p == end || bytes_blank(*p));
}

bool
scan_is_scalar(const char *p, const char *end)
{
	return is_scalar(p, end);
}

/* How many entries the value at an entry has that is no container: 2 for a string, 1 for a
 * scalar, 0 if it is bad. */
static inline __attribute__((always_inline)) uint32_t
leaf_entries(const char *text, const uint32_t *at, uint32_t entry, char c)
{
	return c == '"' ? 2 : is_scalar(text + at[entry], text + at[entry + 1]);
}

static const char *
scalar_fault(char c)
{
	if (c == '-' || (c >= '0' && c <= '9'))
		return "bad number";
	return c == 't' || c == 'f' || c == 'n' ? "bad literal"
						: "no value where one must stand";
}

/* Says what is wrong at an entry; behind the last one it is that the text ends. */
static bool
refuse(
    const struct json *j, uint32_t entry, const char *reason, const char **why, size_t *where)
{
	*why = entry < j->count ? reason : "text ends inside the value";
	*where = j->at[entry];
	return false;
}

/* One walk over the index. mate serves as the stack: at an open bracket stands its parent
 * until it closes. Behind the last entry stand marks that no grammar allows. */
static bool
walk(struct json *j, const char **why, size_t *where)
{
	const char *text = j->text.ptr, *mark = j->mark;
	const uint32_t *at = j->at, count = j->count;
	uint32_t *mate = j->mate, i = 0, open = NO_PARENT, depth = 0;
	uint32_t value = 0, leaf;
	char c;

	goto container;
member:
	if (mark[i] != '"')
		return refuse(j, i, "no member name where one must stand", why, where);
	if (mark[i + 2] != ':')
		return refuse(j, i + 2, "no colon behind a member name", why, where);
	value = i + 3;
	c = mark[value];
	if (c == '{' || c == '[')
		goto container;
	leaf = leaf_entries(text, at, value, c);
	if (!leaf)
		return refuse(j, value, scalar_fault(c), why, where);
	mate[i] = mate[value] = value + leaf - 1;
	i = value + leaf;
behind_member:
	if (mark[i] == ',') {
		i++;
		goto member;
	}
	if (mark[i] == '}')
		goto close;
	return refuse(j, i, "no comma or closing brace behind a member", why, where);
item:
	value = i;
	c = mark[value];
	if (c == '{' || c == '[')
		goto container;
	leaf = leaf_entries(text, at, value, c);
	if (!leaf)
		return refuse(j, value, scalar_fault(c), why, where);
	mate[value] = value + leaf - 1;
	i = value + leaf;
behind_item:
	if (mark[i] == ',') {
		i++;
		goto item;
	}
	if (mark[i] != ']')
		return refuse(j, i, "no comma or closing bracket behind an item", why, where);
close:
	value = open;
	open = mate[value];
	mate[value] = i++;
	depth--;
	if (open == NO_PARENT)
		return i == count || refuse(j, i, "more text behind the value", why, where);
	if (i >= count)
		return refuse(j, count, "", why, where);
	if (mark[open] == '[')
		goto behind_item;
	mate[value - 3] = i - 1;
	goto behind_member;
container:
	i = value + 1;
	if (depth++ == JSON_DEPTH)
		return refuse(j, value, "nested deeper than 1024", why, where);
	mate[value] = open;
	open = value;
	if (mark[value] == '{') {
		if (mark[i] != '}')
			goto member;
	} else if (mark[i] != ']') {
		goto item;
	}
	goto close;
}

static bool
walk_scalar(struct json *j, const char **why, size_t *where)
{
	const char *text = j->text.ptr;
	uint32_t leaf = leaf_entries(text, j->at, 0, text[j->at[0]]);

	if (!leaf)
		return refuse(j, 0, scalar_fault(text[j->at[0]]), why, where);
	j->mate[0] = leaf - 1;
	return j->count == leaf || refuse(j, leaf, "more text behind the value", why, where);
}

bool
scan_grammar(struct json *j, const char **why, size_t *where)
{
	char first = j->mark[0];

	if (!j->count) {
		*why = "no value";
		*where = j->text.len;
		return false;
	}
	if (first != '{' && first != '[')
		return walk_scalar(j, why, where);
	return walk(j, why, where);
}
