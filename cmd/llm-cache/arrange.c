/* SPDX-License-Identifier: MIT */
#include "arrange.h"

#include <stdlib.h>

#include "arrange_text.h"
#include "breaker.h"

struct item {
	struct value value;
	struct slice name;
	unsigned rank; /* first by this, */
	bool named;    /* then by name where both have one, */
	size_t at;     /* else as they stood */
};

static int
by_rank(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = x->rank < y->rank ? -1 : x->rank > y->rank;

	if (!order && x->named && y->named)
		order = slice_cmp(x->name, y->name);
	return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

typedef void (*describe_fn)(struct item *item, struct arena *a);

/* Puts what stands in other places where it belongs. */
static void
sort_list(struct value list, describe_fn describe, struct edits *e, struct arena *a)
{
	size_t count = json_type(list) == JSON_ARRAY ? json_length(list) : 0, i = 0;
	struct item *items = arena_zero(a, count + 1, sizeof(*items));
	struct value *old = arena_zero(a, count + 1, sizeof(*old));

	if (count < 2)
		return;
	for (struct value v = json_first(list); json_type(v); v = json_next(v), i++) {
		old[i] = v;
		items[i] = (struct item){ .value = v, .at = i };
		describe(&items[i], a);
	}
	qsort(items, count, sizeof(*items), by_rank);
	for (i = 0; i < count; i++)
		if (items[i].at != i)
			edits_replace(e, old[i], json_raw(items[i].value));
}

/* A tool that the provider knows by its type alone has that for a name. */
static void
describe_tool(struct item *item, struct arena *a)
{
	static const char *const outer[] = { "function", "toolSpec" };
	struct value v = item->value, name = json_get(v, "name");

	for (size_t i = 0; i < 2 && !json_type(name); i++)
		name = json_get(json_get(v, outer[i]), "name");
	if (!json_type(name))
		name = json_get(v, "type");
	item->name = json_string(name, a);
	item->named = item->name.ptr != NULL;
}

static void
describe_system(struct item *item, struct arena *a)
{
	struct slice text = json_string(json_get(item->value, "text"), a);

	item->rank = text.ptr && breaker_changes(text);
}

static bool
is_document(struct value v)
{
	struct value kind = json_get(v, "type");

	return json_is(kind, "document") || json_is(kind, "search_result") ||
	       json_type(json_get(v, "document")) == JSON_OBJECT;
}

static struct slice
document_name(struct value v, struct arena *a)
{
	static const char *const names[] = { "id", "title", "name", "source" };
	struct value inner = json_get(v, "document"), found = { 0 };

	if (json_type(inner) == JSON_OBJECT)
		v = inner;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		found = json_get(v, names[i]);
		if (json_type(found) == JSON_STRING)
			return json_string(found, a);
		if (json_type(found) == JSON_NUMBER)
			return json_raw(found);
	}
	return json_raw(v);
}

static void
describe_document(struct item *item, struct arena *a)
{
	item->rank = !is_document(item->value);
	item->named = item->rank == 0;
	if (item->named)
		item->name = document_name(item->value, a);
}

static void
describe_member(struct item *item, struct arena *a)
{
	item->named = true;
	item->name = document_name(item->value, a);
}

static void
sort_text(struct value text, struct edits *e, struct arena *a)
{
	struct slice sorted;

	if (json_type(text) == JSON_STRING && arrange_text(json_string_raw(text), a, &sorted))
		edits_replace(e, text, arena_printf(a, "\"%.*s\"", SLICE_ARG(sorted)));
}

/* One message at a time: what stands in another is said at another time. */
static void
sort_message(struct value message, struct edits *e, struct arena *a)
{
	struct value content = json_get(message, "content");
	size_t before = e->count;

	if (!json_is(json_get(message, "role"), "user"))
		return;
	sort_text(content, e, a);
	sort_list(content, describe_document, e, a);
	/* blocks that were moved stay as they are inside */
	if (json_type(content) == JSON_ARRAY && e->count == before)
		for (struct value b = json_first(content); json_type(b); b = json_next(b))
			sort_text(json_get(b, "text"), e, a);
}

void
arrange(const struct request *q, bool reorder, bool documents, struct edits *e, struct arena *a)
{
	struct value list = request_messages(q);

	if (reorder) {
		sort_list(request_tools(q), describe_tool, e, a);
		sort_list(request_system(q), describe_system, e, a);
	}
	if (!documents)
		return;
	sort_list(json_get(q->body, "documents"), describe_member, e, a);
	for (struct value m = json_first(list); json_type(m); m = json_next(m))
		sort_message(m, e, a);
}
