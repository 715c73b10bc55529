/* SPDX-License-Identifier: MIT */
#include "json/path.h"

#include <stdlib.h>

#include "base/mem.h"

struct step {
	bool index;
	size_t number;     /* of an item */
	struct slice name; /* of a member */
};

struct path {
	struct step *steps;
	size_t count;
	struct arena names;
};

static bool
is_word(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

/* The number of bytes of the quoted string at the front of rest; 0 if it has no end. */
static size_t
quoted_length(struct slice rest)
{
	for (size_t i = 1; i < rest.len; i++) {
		if (rest.ptr[i] == '"')
			return i + 1;
		if (rest.ptr[i] == '\\')
			i++;
	}
	return 0;
}

/* Takes a quoted name off the front of rest. */
static const char *
take_quoted(struct path *p, struct slice *rest, struct slice *name)
{
	size_t length = quoted_length(*rest), where;
	const char *why = "string without an end";
	struct json j = { .room = 0 };

	if (!length)
		return why;
	if (json_scan(&j, slice_take(*rest, length), &why, &where)) {
		why = json_lone_surrogate(json_root(&j)) ? "lone surrogate in a name" : NULL;
		*name = arena_copy(&p->names, json_string(json_root(&j), &p->names));
	}
	json_free(&j);
	*rest = slice_drop(*rest, length);
	return why;
}

static const char *
take_index(struct slice *rest, struct step *s)
{
	size_t i = 0;

	s->index = true;
	for (; i < rest->len && rest->ptr[i] >= '0' && rest->ptr[i] <= '9'; i++) {
		if (s->number > UINT32_MAX)
			return "index too large";
		s->number = s->number * 10 + (size_t)(rest->ptr[i] - '0');
	}
	if (i == 0)
		return "no index or quoted name between the brackets";
	*rest = slice_drop(*rest, i);
	return NULL;
}

/* Takes [0] or ["name"] off the front of rest, which begins with the bracket. */
static const char *
take_bracket(struct path *p, struct slice *rest, struct step *s)
{
	const char *why;

	*rest = slice_drop(*rest, 1);
	if (rest->len && rest->ptr[0] == '"')
		why = take_quoted(p, rest, &s->name);
	else
		why = take_index(rest, s);
	if (why)
		return why;
	if (!rest->len || rest->ptr[0] != ']')
		return "no closing bracket";
	*rest = slice_drop(*rest, 1);
	return NULL;
}

static const char *
take_word(struct path *p, struct slice *rest, struct step *s)
{
	size_t i = 0;

	while (i < rest->len && is_word(rest->ptr[i], i == 0))
		i++;
	if (i == 0)
		return "no name behind the dot (other characters want quotes)";
	s->name = arena_copy(&p->names, slice_take(*rest, i));
	*rest = slice_drop(*rest, i);
	return NULL;
}

static const char *
take_step(struct path *p, struct slice *rest, struct step *s)
{
	if (rest->ptr[0] == '[' && p->count)
		return take_bracket(p, rest, s);
	if (rest->ptr[0] != '.')
		return p->count ? "no dot or bracket where one must stand" : "no dot in front";
	*rest = slice_drop(*rest, 1);
	if (rest->len && rest->ptr[0] == '[' && !p->count)
		return take_bracket(p, rest, s);
	if (rest->len && rest->ptr[0] == '"')
		return take_quoted(p, rest, &s->name);
	return take_word(p, rest, s);
}

struct path *
path_compile(const char *text, const char **why)
{
	struct path *p = mem_zero(sizeof(*p));
	struct slice rest = slice_z(text);

	*why = rest.len ? NULL : "empty path";
	if (slice_eqz(rest, "."))
		rest.len = 0;
	while (rest.len && !*why) {
		struct step s = { .number = 0 };

		*why = take_step(p, &rest, &s);
		p->steps = mem_grow(p->steps, p->count + 1, sizeof(*p->steps));
		p->steps[p->count++] = s;
	}
	if (!*why)
		return p;
	path_free(p);
	return NULL;
}

void
path_free(struct path *p)
{
	if (!p)
		return;
	arena_close(&p->names);
	free(p->steps);
	free(p);
}

static struct value
item_at(struct value array, size_t i)
{
	struct value k = { .json = NULL };

	if (json_type(array) != JSON_ARRAY)
		return k;
	for (k = json_first(array); k.json && i; i--)
		k = json_next(k);
	return k;
}

struct value
path_get(const struct path *p, struct value root)
{
	struct value v = root;

	for (size_t i = 0; i < p->count && v.json; i++) {
		const struct step *s = &p->steps[i];

		v = s->index ? item_at(v, s->number) : json_get_slice(v, s->name);
	}
	return v;
}

size_t
path_length(const struct path *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->steps[i].index)
			return SIZE_MAX;
	return p->count;
}

struct slice
path_name(const struct path *p, size_t i)
{
	return p->steps[i].name;
}
