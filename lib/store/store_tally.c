/* SPDX-License-Identifier: MIT */
/* What look-ups came to, by scope, rule and model: added up in memory until a commit. */
#include <stdlib.h>

#include "base/mem.h"
#include "store/parts.h"

#define GROUPS 1000

static void
add_length(struct buf *b, size_t len)
{
	buf_add(b, slice_of((const char *)&len, sizeof(len)));
}

static size_t
take_length(struct slice *key)
{
	size_t len;

	memcpy(&len, key->ptr, sizeof(len));
	*key = slice_drop(*key, sizeof(len));
	return len;
}

static struct slice
take(struct slice *key)
{
	size_t len = take_length(key);
	struct slice part = slice_take(*key, len);

	*key = slice_drop(*key, len);
	return part;
}

void
store_count(struct store *s, const struct store_group *group, const struct store_tally *tally)
{
	const struct slice parts[] = { group->scope, group->rule, group->model };
	static struct buf key;
	struct store_tally *t;
	const char *why;
	bool added;
	size_t i;

	/* many tenants must not mean much memory; counts that cannot be written are let go */
	if (s->groups.count >= GROUPS && (!store_commit(s, &why) || s->groups.count))
		tally_clear(s);
	buf_clear(&key);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		add_length(&key, parts[i].len);
		buf_add(&key, parts[i]);
	}
	i = hash_map_add(&s->groups, buf_slice(&key), &added);
	if (added) {
		s->tallies = mem_grow(s->tallies, i + 1, sizeof(*s->tallies));
		s->tallies[i] = (struct store_tally){ 0 };
	}
	t = &s->tallies[i];
	t->cold += t->hits ? 0 : tally->misses;
	t->hits += tally->hits;
	t->misses += tally->misses;
	t->input += tally->input;
	t->output += tally->output;
	t->unpriced += tally->unpriced;
	t->usd = usd_add(t->usd, tally->usd);
}

struct store_group
tally_group(const struct store *s, size_t i)
{
	struct slice key = s->groups.keys[i];
	struct store_group group;

	group.scope = take(&key);
	group.rule = take(&key);
	group.model = take(&key);
	return group;
}

void
tally_clear(struct store *s)
{
	hash_map_free(&s->groups);
	s->groups = (struct hash_map){ 0 };
}
