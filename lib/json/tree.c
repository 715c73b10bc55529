/* SPDX-License-Identifier: MIT */
#include "json/tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

static void
use_our_memory(void)
{
	static bool done;
	cJSON_Hooks hooks = { mem_alloc, free };

	if (!done)
		cJSON_InitHooks(&hooks);
	done = true;
}

/* cJSON ends strings with a NUL. */
static bool
is_holdable(struct value string, struct arena *a)
{
	struct slice s = json_string(string, a);

	return slice_find(s, '\0') == s.len && !json_lone_surrogate(string);
}

static cJSON *
raw_node(struct value v, struct arena *a)
{
	return cJSON_CreateRaw(arena_copy(a, json_raw(v)).ptr);
}

/* Escapes keep their spelling: that of a template's brace means something. */
static cJSON *
string_node(struct value v, struct arena *a)
{
	struct slice raw = json_string_raw(v);

	if (slice_find(raw, '\\') < raw.len)
		return raw_node(v, a);
	return cJSON_CreateString(arena_copy(a, raw).ptr);
}

/* An object with a name that cJSON could not hold stays text as a whole. */
static cJSON *
object_node(struct value v, struct arena *a)
{
	for (struct value k = json_first(v); json_type(k); k = json_next(k))
		if (!is_holdable(k, a))
			return raw_node(v, a);
	return cJSON_CreateObject();
}

/* The node of one value; a container is still empty. */
static cJSON *
node_of(struct value v, struct arena *a)
{
	switch (json_type(v)) {
	case JSON_OBJECT: return object_node(v, a);
	case JSON_ARRAY: return cJSON_CreateArray();
	case JSON_STRING: return string_node(v, a);
	case JSON_NUMBER: return raw_node(v, a);
	case JSON_TRUE: return cJSON_CreateTrue();
	case JSON_FALSE: return cJSON_CreateFalse();
	default: return cJSON_CreateNull();
	}
}

static bool
is_container(const cJSON *node)
{
	return cJSON_IsObject(node) || cJSON_IsArray(node);
}

struct level {
	cJSON *node;
	struct value next; /* item or name */
};

cJSON *
tree_of(struct value v)
{
	struct arena a = { 0 };
	struct level *levels;
	size_t depth = 0;
	cJSON *root;

	if (!v.json)
		return NULL;
	use_our_memory();
	root = node_of(v, &a);
	levels = mem_alloc((JSON_DEPTH + 1) * sizeof(*levels));
	if (is_container(root))
		levels[depth++] = (struct level){ root, json_first(v) };
	while (depth) {
		struct level *top = &levels[depth - 1];
		struct value k = top->next, item;
		bool object = cJSON_IsObject(top->node);
		cJSON *node;

		if (!k.json) {
			depth--;
			continue;
		}
		top->next = json_next(k);
		item = object ? json_member_value(k) : k;
		node = node_of(item, &a);
		if (object)
			cJSON_AddItemToObject(
			    top->node, arena_copy(&a, json_string(k, &a)).ptr, node);
		else
			cJSON_AddItemToArray(top->node, node);
		if (is_container(node))
			levels[depth++] = (struct level){ node, json_first(item) };
	}
	free(levels);
	arena_close(&a);
	return root;
}

cJSON *
tree_object(void)
{
	use_our_memory();
	return cJSON_CreateObject();
}

bool
tree_is_object(const cJSON *node)
{
	return cJSON_IsObject(node);
}

void
tree_put(cJSON *object, const char *name, cJSON *node)
{
	cJSON_AddItemToObject(object, name, node);
}

void
tree_put_text(cJSON *object, const char *name, const char *text)
{
	cJSON_AddStringToObject(object, name, text);
}

void
tree_drop(cJSON *object, const char *name)
{
	cJSON_DeleteItemFromObjectCaseSensitive(object, name);
}

void
tree_free(cJSON *node)
{
	cJSON_Delete(node);
}

void
tree_write(const cJSON *node, struct buf *out)
{
	char *text;

	use_our_memory();
	text = cJSON_PrintUnformatted(node);
	if (!text)
		return;
	buf_add(out, slice_z(text));
	cJSON_free(text);
}

const char *
tree_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "cJSON %s", cJSON_Version());
	return text;
}
