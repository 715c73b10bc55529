/* SPDX-License-Identifier: MIT */
#include "ids.h"

#include <assert.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"

struct ids_slot {
	uint64_t a, b;
	uint32_t place; /* index + 1; 0: free */
};

static struct ids_slot
key_of(struct slice text)
{
	unsigned char digest[DIGEST_SIZE];
	struct ids_slot k = { 0 };

	digest_of(text, digest);
	memcpy(&k.a, digest, 8);
	memcpy(&k.b, digest + 8, 8);
	return k;
}

/* Where the key stands, or the free slot where it would. */
static struct ids_slot *
probe(struct ids_slot *slots, size_t size, const struct ids_slot *k)
{
	size_t i = (size_t)k->a & (size - 1);

	while (slots[i].place && (slots[i].a != k->a || slots[i].b != k->b))
		i = (i + 1) & (size - 1);
	return &slots[i];
}

static void
grow(struct ids *s)
{
	size_t size = s->size ? s->size * 2 : 1024;
	struct ids_slot *slots = mem_grow(NULL, size, sizeof(*slots));

	memset(slots, 0, size * sizeof(*slots));
	for (size_t i = 0; i < s->size; i++)
		if (s->slots[i].place)
			*probe(slots, size, &s->slots[i]) = s->slots[i];
	free(s->slots);
	s->slots = slots;
	s->size = size;
}

size_t
ids_add(struct ids *s, struct slice text, bool *added)
{
	struct ids_slot k = key_of(text), *slot;

	if (s->count * 4 >= s->size * 3)
		grow(s);
	slot = probe(s->slots, s->size, &k);
	if (added)
		*added = !slot->place;
	if (!slot->place) {
		assert(s->count < UINT32_MAX - 1);
		*slot = k;
		slot->place = (uint32_t)++s->count;
	}
	return slot->place - 1;
}

size_t
ids_find(const struct ids *s, struct slice text)
{
	struct ids_slot k = key_of(text);
	const struct ids_slot *slot = s->size ? probe(s->slots, s->size, &k) : NULL;

	return slot && slot->place ? slot->place - 1 : SIZE_MAX;
}

void
ids_free(struct ids *s)
{
	free(s->slots);
	*s = (struct ids){ 0 };
}
