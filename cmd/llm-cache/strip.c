/* SPDX-License-Identifier: MIT */
#include "key.h"

#include "json/edit.h"

/* content of a tool result inside content of a message: no marks are read below that */
#define LEVELS 2

/* A mark is a member of a block or tool, or (Bedrock) a block of its own. */
static bool
is_mark_block(struct value item)
{
	struct value name = json_first(item);

	return json_type(item) == JSON_OBJECT && json_is(name, "cachePoint") &&
	       !json_type(json_next(name));
}

static void
strip_members(struct value object, struct edits *e)
{
	for (struct value k = json_first(object); json_type(k); k = json_next(k))
		if (json_is(k, "cache_control") || json_is(k, "prompt_cache_breakpoint"))
			edits_remove(e, k);
}

static void
strip_list(struct value list, int levels, struct edits *e)
{
	if (json_type(list) != JSON_ARRAY)
		return;
	for (struct value item = json_first(list); json_type(item); item = json_next(item)) {
		if (json_type(item) != JSON_OBJECT)
			continue;
		if (is_mark_block(item)) {
			edits_remove(e, item);
			continue;
		}
		strip_members(item, e);
		if (levels > 0)
			strip_list(json_get(item, "content"), levels - 1, e);
	}
}

/* What all marks have in their names; hardly any request without marks has it. */
static bool
may_have_marks(struct slice body)
{
	return memmem(body.ptr, body.len, "cache", 5) != NULL;
}

struct slice
strip_marks(const struct request *r, struct arena *a)
{
	static struct edits edits;
	static struct buf out;
	struct slice body = json_raw(r->body);

	if (!may_have_marks(body))
		return slice_of(NULL, 0);
	strip_list(json_get(r->body, "system"), 0, &edits);
	strip_list(json_get(r->body, "tools"), 0, &edits);
	strip_list(json_get(json_get(r->body, "toolConfig"), "tools"), 0, &edits);
	strip_list(json_get(r->body, "messages"), LEVELS, &edits);
	strip_list(json_get(r->body, "input"), LEVELS, &edits);
	if (edits.count == 0)
		return slice_of(NULL, 0);
	buf_clear(&out);
	edits_apply(&edits, r->json, &out);
	return arena_copy(a, buf_slice(&out));
}
