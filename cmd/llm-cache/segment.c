/* SPDX-License-Identifier: MIT */
#include "segment.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "meaning/shingle.h"

#define FRESH 1000             /* milliseconds in which others' new questions may go unseen */
#define HELD ((size_t)4 << 20) /* questions in memory, before segments are given back */
#define FORM 1                 /* first byte of a note; then key, dims (two bytes), row, text */
#define HEAD (1 + DIGEST_SIZE + 2)
#define NONE UINT32_MAX

struct segment {
	unsigned char space[16];
	struct nearest *nearest;
	struct item *items;
	size_t count, room, dims;
	struct hash_map folded; /* folded text to its place in at */
	struct hash_map bands;
	uint32_t *at, *first; /* newest item of a folded text, of a band */
	uint32_t *next;       /* SHINGLE_BANDS for each item: the one before it in the band */
	struct arena texts, scratch;
	int64_t since, fresh; /* fresh: ticks of the last look at the store, 0: none */
};

struct segments {
	struct hash_map names;
	struct segment **list;
};

struct segments *
segments_open(void)
{
	return mem_zero(sizeof(struct segments));
}

static void
segment_free(struct segment *s)
{
	nearest_free(s->nearest);
	free(s->items);
	hash_map_free(&s->folded);
	hash_map_free(&s->bands);
	free(s->at);
	free(s->first);
	free(s->next);
	arena_close(&s->texts);
	arena_close(&s->scratch);
	free(s);
}

static void
clear(struct segments *all)
{
	for (size_t i = 0; i < all->names.count; i++)
		segment_free(all->list[i]);
	free(all->list);
	all->list = NULL;
	hash_map_free(&all->names);
}

void
segments_free(struct segments *all)
{
	if (all)
		clear(all);
	free(all);
}

void
segment_space(
    const struct vector *v, const unsigned char rest[DIGEST_SIZE], unsigned char space[16])
{
	struct buf b = { 0 };
	unsigned char digest[DIGEST_SIZE];

	buf_printf(&b, "questions %zu ", v->dims);
	buf_add(&b, v->name);
	buf_add_byte(&b, '\n');
	buf_add(&b, slice_of((const char *)rest, DIGEST_SIZE));
	digest_of(buf_slice(&b), digest);
	memcpy(space, digest, 16);
	buf_free(&b);
}

static void
join_bands(struct segment *s, uint32_t item, struct slice folded)
{
	uint64_t bands[SHINGLE_BANDS];
	uint32_t *next = s->next + (size_t)item * SHINGLE_BANDS;
	bool has = shingle_sketch(folded, bands);

	for (size_t b = 0; b < SHINGLE_BANDS; b++) {
		bool added;
		size_t at;

		next[b] = NONE;
		if (!has)
			continue;
		at = hash_map_add(
		    &s->bands, slice_of((char *)&bands[b], sizeof(bands[b])), &added);
		if (added) {
			s->first = mem_grow(s->first, at + 1, sizeof(*s->first));
			s->first[at] = NONE;
		}
		next[b] = s->first[at];
		s->first[at] = item;
	}
}

static void
add(void *context, const unsigned char *name, struct slice bytes)
{
	struct segment *s = context;
	struct item *item;
	struct slice folded;
	size_t dims, at;
	bool added;

	(void)name;
	if (bytes.len < HEAD || bytes.ptr[0] != FORM)
		return;
	dims = (unsigned char)bytes.ptr[HEAD - 2] | (size_t)(unsigned char)bytes.ptr[HEAD - 1]
							<< 8;
	if (dims != s->dims || bytes.len < HEAD + dims)
		return;
	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->items = mem_grow(s->items, s->room, sizeof(*s->items));
		s->next = mem_grow(s->next, s->room * SHINGLE_BANDS, sizeof(*s->next));
	}
	item = &s->items[s->count];
	*item = (struct item){ .text = arena_copy(&s->texts, slice_drop(bytes, HEAD + dims)) };
	memcpy(item->key, bytes.ptr + 1, DIGEST_SIZE);
	nearest_add(s->nearest, (const int8_t *)bytes.ptr + HEAD);
	arena_reset(&s->scratch);
	folded = gate_fold(item->text, &s->scratch);
	at = hash_map_add(&s->folded, folded, &added);
	if (added)
		s->at = mem_grow(s->at, at + 1, sizeof(*s->at));
	s->at[at] = (uint32_t)s->count;
	join_bands(s, (uint32_t)s->count++, folded);
}

static size_t
held(const struct segments *all)
{
	size_t count = 0;

	for (size_t i = 0; i < all->names.count; i++)
		count += all->list[i]->count;
	return count;
}

static struct segment *
find(struct segments *all, const unsigned char space[16], size_t dims)
{
	struct slice name = slice_of((const char *)space, 16);
	size_t at = hash_map_find(&all->names, name);

	if (at == SIZE_MAX) {
		if (all->names.count % 256 == 255 && held(all) + all->names.count > HELD)
			clear(all);
		at = hash_map_add(&all->names, name, NULL);
		all->list = mem_grow(all->list, at + 1, sizeof(struct segment *));
		all->list[at] = mem_zero(sizeof(struct segment));
		memcpy(all->list[at]->space, space, 16);
		all->list[at]->dims = dims;
		all->list[at]->nearest = nearest_open(dims);
	}
	return all->list[at];
}

struct segment *
segment_of(struct segments *all, struct store *store, const unsigned char space[16],
    size_t dims, const char **why)
{
	struct segment *s = find(all, space, dims);
	int64_t now = when_ticks() + 1;

	if (s->fresh && now - s->fresh < FRESH)
		return s;
	if (!store_notes(store, space, &s->since, add, s, why))
		return NULL;
	s->fresh = now;
	return s;
}

const struct item *
segment_item(const struct segment *s, uint32_t i)
{
	return &s->items[i];
}

void
segment_drop(struct segment *s, uint32_t i)
{
	s->items[i].gone = true;
	nearest_drop(s->nearest, i);
}

uint32_t
segment_folded(const struct segment *s, struct slice folded)
{
	size_t at = hash_map_find(&s->folded, folded);

	return at == SIZE_MAX || s->items[s->at[at]].gone ? NONE : s->at[at];
}

static bool
is_listed(const uint32_t *list, size_t count, uint32_t item)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == item)
			return true;
	return false;
}

size_t
segment_near(const struct segment *s, struct slice folded, uint32_t *list, size_t most)
{
	uint64_t bands[SHINGLE_BANDS];
	size_t count = 0;

	if (!shingle_sketch(folded, bands))
		return 0;
	for (size_t b = 0; b < SHINGLE_BANDS; b++) {
		size_t at =
		    hash_map_find(&s->bands, slice_of((char *)&bands[b], sizeof(bands[b])));
		uint32_t i = at == SIZE_MAX ? NONE : s->first[at];

		for (unsigned steps = 0; i != NONE && count < most && steps < 64; steps++) {
			if (!s->items[i].gone && !is_listed(list, count, i))
				list[count++] = i;
			i = s->next[(size_t)i * SHINGLE_BANDS + b];
		}
	}
	return count;
}

size_t
segment_nearest(const struct segment *s, const int8_t *row, struct near *found, size_t most)
{
	return nearest_find(s->nearest, row, found, most);
}

bool
segment_keep(struct store *store, const unsigned char space[16], struct slice scope,
    const unsigned char key[DIGEST_SIZE], struct slice text, struct slice row, const char **why)
{
	static struct buf bytes;
	struct store_note note = { .about = true, .scope = scope };

	buf_clear(&bytes);
	buf_add_byte(&bytes, FORM);
	buf_add(&bytes, slice_of((const char *)key, DIGEST_SIZE));
	buf_add_byte(&bytes, (char)(row.len & 0xff));
	buf_add_byte(&bytes, (char)(row.len >> 8));
	buf_add(&bytes, row);
	buf_add(&bytes, text);
	memcpy(note.space, space, 16);
	memcpy(note.name, key, 16);
	memcpy(note.key, key, DIGEST_SIZE);
	note.bytes = buf_slice(&bytes);
	return store_note(store, &note, why);
}
