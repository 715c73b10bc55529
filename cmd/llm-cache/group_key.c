/* SPDX-License-Identifier: MIT */
#include "group_key.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/hash.h"
#include "base/mem.h"
#include "model/moment.h"

#define MINUTE 60000
#define GROUPS_MOST 4096
#define SHARDS_MOST 1000
#define A_MINUTE_MOST 64

/* Times of the last requests of one key, the oldest at `next`. */
struct shard {
	int64_t times[A_MINUTE_MOST];
	unsigned next;
};
struct group {
	struct shard *shards;
	unsigned count;
};
struct group_keys {
	struct hash_map names;
	struct group *groups;
};

struct group_keys *
group_keys_open(void)
{
	return mem_zero(sizeof(struct group_keys));
}

void
group_keys_close(struct group_keys *keys)
{
	for (size_t i = 0; i < keys->names.count; i++)
		free(keys->groups[i].shards);
	free(keys->groups);
	hash_map_free(&keys->names);
	free(keys);
}

static bool
is_inside(struct value v, struct value list)
{
	return json_type(list) && v.entry > list.entry &&
	       v.entry <= list.json->mate[list.entry];
}

/* What is sent up to the place; a string of input is one message. */
static void
digest_up_to(const struct request *q, const struct place *place, struct arena *a,
    unsigned char digest[DIGEST_SIZE])
{
	static struct buf text;
	struct value list = request_messages(q), m = { 0 };

	buf_clear(&text);
	buf_add(&text, models_resolve(request_model(q, a)));
	buf_add_byte(&text, '\n');
	buf_add(&text, json_raw(request_tools(q)));
	buf_add_byte(&text, '\n');
	buf_add(&text, json_raw(json_get(q->body, "instructions")));
	if (is_inside(place->at, list))
		m = json_first(list);
	else if (place->kind == PLACE_MESSAGE)
		buf_add(&text, json_raw(place->at));
	for (; json_type(m) && m.entry < place->at.entry; m = json_next(m)) {
		buf_add_byte(&text, '\n');
		buf_add(&text, json_raw(m));
	}
	digest_of(buf_slice(&text), digest);
}

static struct group *
group_of(struct group_keys *keys, struct slice name)
{
	bool added;
	size_t i = hash_map_find(&keys->names, name);

	if (i == SIZE_MAX) {
		if (keys->names.count == GROUPS_MOST)
			return NULL;
		i = hash_map_add(&keys->names, name, &added);
		keys->groups = mem_grow(keys->groups, i + 1, sizeof(*keys->groups));
		keys->groups[i] = (struct group){ 0 };
	}
	return &keys->groups[i];
}

/* The first key of the group that has room at this time. */
static unsigned
shard_at(struct group *g, int64_t when, unsigned a_minute)
{
	struct shard *s;
	unsigned i;

	for (i = 0; i < g->count; i++) {
		s = &g->shards[i];
		if (s->times[s->next % a_minute] <= when - MINUTE)
			break;
	}
	if (i == SHARDS_MOST)
		return i - 1;
	if (i == g->count) {
		g->shards = mem_grow(g->shards, ++g->count, sizeof(*g->shards));
		g->shards[i].next = 0;
		for (unsigned k = 0; k < A_MINUTE_MOST; k++)
			g->shards[i].times[k] = INT64_MIN;
	}
	s = &g->shards[i];
	s->times[s->next++ % a_minute] = when;
	return i;
}

struct slice
group_key(struct group_keys *keys, const struct request *q, const struct place *place,
    unsigned a_minute, struct arena *a)
{
	int64_t when = moment_of_call(q, NULL, a);
	unsigned char digest[DIGEST_SIZE];
	char name[17];
	struct group *g;
	unsigned shard = 0;

	digest_up_to(q, place, a, digest);
	digest_hex(digest, 8, name);
	if (a_minute > A_MINUTE_MOST)
		a_minute = A_MINUTE_MOST;
	if (a_minute && when != WHEN_NONE && (g = group_of(keys, slice_z(name))))
		shard = shard_at(g, when, a_minute);
	return shard ? arena_printf(a, "\"prefix-%s-%u\"", name, shard)
		     : arena_printf(a, "\"prefix-%s\"", name);
}
