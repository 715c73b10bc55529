/* SPDX-License-Identifier: MIT */
/* Look-ups and the walk through all entries. */
#include <inttypes.h>
#include <stdio.h>

#include "store/redis.h"

/* The server found an entry where that of the question belongs. */
static bool
found_entry(struct redis *s, struct store_ask *ask, struct slice bytes, struct arena *a)
{
	struct store_entry *e = &ask->entry;

	if (!entry_read(arena_copy(a, bytes), a, e, true)) {
		ask->damaged = true;
		return false;
	}
	if (entry_id(e->scope, e->key) != entry_id(ask->scope, ask->key)) {
		/* sound, but not where it belongs: this line mixes up its replies */
		s->base.trouble = "answers what was not asked";
		return false;
	}
	if (memcmp(e->key, ask->key, DIGEST_SIZE) != 0 || !slice_eq(e->scope, ask->scope))
		return false;
	if (s->bounded && !s->base.read_only)
		used_ids_add(&s->base.used, entry_id(ask->scope, ask->key));
	return true;
}

void
redis_look_up(struct store *base, struct store_ask *asks, size_t count, struct arena *a)
{
	struct redis *s = redis_of(base);
	char key[REDIS_KEY + 1];
	const char *why;

	for (size_t i = 0; i < count; i++) {
		wire_begin(s->wire, 2);
		wire_word(s->wire, SLICE("GET"));
		wire_word(s->wire, redis_key('e', entry_id(asks[i].scope, asks[i].key), key));
	}
	if (count && !wire_exchange(s->wire, &why)) {
		base->trouble = why;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct slice bytes = reply_text(wire_reply(s->wire, i));

		asks[i].found = bytes.ptr && found_entry(s, &asks[i], bytes, a);
	}
	/* none of the others is to be trusted then */
	for (size_t i = 0; base->trouble && i < count; i++)
		asks[i].found = false;
}

void
redis_ask_after(struct redis *s, struct slice key, int64_t seq, int most)
{
	char from[24] = "-inf", limit[16];

	if (seq != STORE_FIRST)
		snprintf(from, sizeof(from), "(%" PRId64, seq);
	snprintf(limit, sizeof(limit), "%d", most);
	wire_begin(s->wire, 8);
	wire_word(s->wire, SLICE("ZRANGEBYSCORE"));
	wire_word(s->wire, key);
	wire_word(s->wire, slice_z(from));
	wire_word(s->wire, SLICE("+inf"));
	wire_word(s->wire, SLICE("WITHSCORES"));
	wire_word(s->wire, SLICE("LIMIT"));
	wire_word(s->wire, SLICE("0"));
	wire_word(s->wire, slice_z(limit));
}

/* The ids that came after seq, as many as one exchange takes. */
static bool
steps_list(struct redis *s, int64_t seq, const char **why)
{
	const struct reply *list;

	s->step_count = s->step_next = 0;
	redis_ask_after(s, SLICE(REDIS_NAME "order"), seq, REDIS_CHUNK);
	if (!wire_exchange(s->wire, why))
		return false;
	list = wire_reply(s->wire, 0);
	for (size_t i = 0; i + 1 < reply_count(list) && s->step_count < REDIS_CHUNK; i += 2) {
		struct slice id = reply_text(reply_item(list, i));
		struct redis_step *step = &s->steps[s->step_count];

		if (id.len != REDIS_ID)
			continue;
		memcpy(step->id, id.ptr, REDIS_ID);
		step->id[REDIS_ID] = '\0';
		step->seq = reply_number(reply_item(list, i + 1));
		s->step_count++;
	}
	return true;
}

static bool
steps_fetch(struct redis *s, const char **why)
{
	char key[REDIS_KEY + 1];

	arena_reset(&s->arena);
	for (size_t i = 0; i < s->step_count; i++) {
		wire_begin(s->wire, 2);
		wire_word(s->wire, SLICE("GET"));
		snprintf(key, sizeof(key), REDIS_NAME "e:%s", s->steps[i].id);
		wire_word(s->wire, slice_z(key));
	}
	if (s->step_count && !wire_exchange(s->wire, why))
		return false;
	for (size_t i = 0; i < s->step_count; i++) {
		struct slice bytes = reply_text(wire_reply(s->wire, i));

		s->steps[i].bytes = bytes.ptr ? arena_copy(&s->arena, bytes) : bytes;
	}
	return true;
}

const struct redis_step *
redis_step(struct redis *s, int64_t seq, const char **why)
{
	*why = NULL;
	if (s->step_next == s->step_count || s->step_after != seq)
		if (!steps_list(s, seq, why) || !steps_fetch(s, why)) {
			s->step_count = s->step_next = 0;
			return NULL;
		}
	if (s->step_next == s->step_count)
		return NULL;
	s->step_after = s->steps[s->step_next].seq;
	return &s->steps[s->step_next++];
}

bool
redis_next(struct store *base, int64_t *at, struct arena *a, struct store_entry *e)
{
	struct redis *s = redis_of(base);
	const struct redis_step *step;
	const char *why;

	while ((step = redis_step(s, *at, &why))) {
		*at = step->seq;
		if (!step->bytes.ptr)
			continue;
		if (entry_read(arena_copy(a, step->bytes), a, e, true))
			return true;
		base->damaged++;
	}
	base->trouble = why;
	return false;
}
