/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "json/scan.h"
#include "json/text.h"

/* Objects of at most this many members are compared pair by pair. */
#define FEW 12

/* A name as it compares: unescaped only where it has an escape. */
static struct slice
plain_name(struct value name, struct arena *a)
{
	struct slice raw = json_string_raw(name);
	char *to;

	if (slice_find(raw, '\\') == raw.len)
		return raw;
	to = arena_alloc(a, raw.len);
	return slice_of(to, text_wtf8(raw, to));
}

static bool
few_unique(struct value object, struct arena *a)
{
	struct slice seen[FEW];
	size_t n = 0;

	for (struct value k = json_first(object); k.json; k = json_next(k)) {
		seen[n] = plain_name(k, a);
		for (size_t i = 0; i < n; i++)
			if (slice_eq(seen[i], seen[n])) {
				object.json->twice = json_string_raw(k);
				return false;
			}
		n++;
	}
	return true;
}

struct slot {
	uint64_t hash;
	struct slice name; /* ptr NULL: free */
};

static bool
many_unique(struct value object, size_t count, struct arena *a)
{
	size_t size = 64;
	struct slot *slots;
	bool unique = true;

	while (size < count * 2)
		size *= 2;
	slots = mem_zero(size * sizeof(*slots));
	for (struct value k = json_first(object); k.json && unique; k = json_next(k)) {
		struct slice name = plain_name(k, a);
		uint64_t hash = hash_of(name);
		size_t i = hash & (size - 1);

		for (; slots[i].name.ptr; i = (i + 1) & (size - 1))
			if (slots[i].hash == hash && slice_eq(slots[i].name, name))
				unique = false;
		slots[i] = (struct slot){ hash, name };
		if (!unique)
			object.json->twice = json_string_raw(k);
	}
	free(slots);
	return unique;
}

bool
json_check_unique(struct value v)
{
	struct arena a = { 0 };
	bool unique = true;
	uint32_t end;

	if (json_type(v) != JSON_OBJECT && json_type(v) != JSON_ARRAY)
		return true;
	end = v.json->mate[v.entry];
	for (struct value k = v; k.entry < end && unique; k.entry++) {
		size_t count;

		/* quotes hide nothing: what is inside a string is no entry */
		if (json_type(k) != JSON_OBJECT)
			continue;
		count = json_length(k);
		unique = count <= FEW ? few_unique(k, &a) : many_unique(k, count, &a);
	}
	arena_close(&a);
	return unique;
}
