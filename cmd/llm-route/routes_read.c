/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/routes_read.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/mem.h"
#include "cmd/llm-route/condition.h"

bool
read_wrong(struct reader *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->text, sizeof(r->text), format, args);
	va_end(args);
	r->why = r->text;
	return false;
}

bool
read_want(struct reader *r, struct slice *word, const char *what)
{
	const char *why = NULL;

	if (word_next(&r->rest, word, &why))
		return true;
	return why ? read_wrong(r, "%s", why) : read_wrong(r, "%s is missing", what);
}

bool
read_more(struct reader *r, struct slice *word)
{
	return word_next(&r->rest, word, &r->why);
}

bool
read_end(struct reader *r)
{
	struct slice word;

	if (read_more(r, &word))
		return read_wrong(
		    r, "nothing is wanted behind this, not '%s'", diag_clean(word));
	return r->why == NULL;
}

bool
read_pair(struct reader *r, struct slice word, struct slice *name, struct slice *value)
{
	size_t n = slice_find(word, '=');

	*name = slice_take(word, n);
	*value = word_unquote(slice_drop(word, n + 1), &r->routes->arena);
	if (n == word.len || !value->len)
		return read_wrong(r, "a setting is written KEY=VALUE");
	return true;
}

void *
read_append(void *list, size_t *count, size_t size)
{
	char *items;

	memcpy(&items, list, sizeof(items));
	if ((*count & (*count - 1)) == 0) {
		items = mem_grow(items, *count ? 2 * *count : 1, size);
		memcpy(list, &items, sizeof(items));
	}
	memset(items + *count * size, 0, size);
	return items + (*count)++ * size;
}
