/* SPDX-License-Identifier: MIT */
#include "ids.h"

#include <assert.h>

#include "base/digest.h"
#include "base/hash.h"

#define KEY_SIZE 16

struct ids_slot {
	uint64_t a, b;
	uint32_t place; /* index + 1; 0: free */
};

/* A short text is its own key; a digest ends in a byte that is no length of one. */
static struct ids_slot
key_of(struct slice text)
{
	unsigned char bytes[DIGEST_SIZE] = { 0 };
	struct ids_slot k = { 0 };

	if (text.len < KEY_SIZE) {
		if (text.len)
			memcpy(bytes, text.ptr, text.len);
		bytes[KEY_SIZE - 1] = (unsigned char)text.len;
	} else {
		digest_of(text, bytes);
		bytes[KEY_SIZE - 1] = 0xff;
	}
	memcpy(&k.a, bytes, 8);
	memcpy(&k.b, bytes + 8, 8);
	return k;
}

/* Where the search for a key begins. */
static size_t
home_of(const struct ids_slot *k, size_t size)
{
	uint64_t both[2] = { k->a, k->b };
	uint64_t hash = hash_of(slice_of((const char *)both, sizeof(both)));

	return (size_t)(((unsigned __int128)hash * size) >> 64);
}

/* Where the key stands, or the free slot where it would. The order of slots is that of the
 * hashes, so that a table that grows is read and written from one end to the other. */
static size_t
probe(struct cells *slots, size_t size, const struct ids_slot *k)
{
	size_t i = home_of(k, size);

	for (;; i = (i + 1) & (size - 1)) {
		const struct ids_slot *slot = cells_get(slots, i);

		if (!slot->place || (slot->a == k->a && slot->b == k->b))
			return i;
	}
}

static void
grow(struct ids *s)
{
	size_t size = s->size ? s->size * 2 : 1024;
	struct cells slots;

	/* two of them stand side by side for a while */
	cells_open(&slots, sizeof(struct ids_slot), size, s->memory / 2);
	for (size_t i = 0; i < s->size; i++) {
		struct ids_slot old = *(const struct ids_slot *)cells_get(&s->slots, i);

		if (old.place)
			*(struct ids_slot *)cells_change(&slots, probe(&slots, size, &old)) =
			    old;
	}
	cells_close(&s->slots);
	s->slots = slots;
	s->size = size;
}

size_t
ids_add(struct ids *s, struct slice text, bool *added)
{
	struct ids_slot k = key_of(text);
	uint32_t place;
	size_t i;

	if (s->count * 4 >= s->size * 3)
		grow(s);
	i = probe(&s->slots, s->size, &k);
	place = ((const struct ids_slot *)cells_get(&s->slots, i))->place;
	if (added)
		*added = !place;
	if (!place) {
		assert(s->count < UINT32_MAX - 1);
		k.place = place = (uint32_t)++s->count;
		*(struct ids_slot *)cells_change(&s->slots, i) = k;
	}
	return place - 1;
}

size_t
ids_find(struct ids *s, struct slice text)
{
	struct ids_slot k = key_of(text);
	uint32_t place = 0;

	if (s->size)
		place = ((const struct ids_slot *)cells_get(
			     &s->slots, probe(&s->slots, s->size, &k)))
			    ->place;
	return place ? place - 1 : SIZE_MAX;
}

void
ids_free(struct ids *s)
{
	cells_close(&s->slots);
	*s = (struct ids){ 0 };
}
