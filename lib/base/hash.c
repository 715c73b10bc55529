/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <endian.h>
#include <stdlib.h>
#include <time.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/mem.h"

struct hash_slot {
	uint64_t hash;
	size_t index; /* + 1; 0 is free */
};

static uint64_t seed[2];

static void
make_seed(void)
{
	if (getrandom(seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed)) {
		struct timespec now;

		clock_gettime(CLOCK_MONOTONIC, &now);
		seed[0] = (uint64_t)now.tv_nsec * 0x9E3779B97F4A7C15u;
		seed[1] = (uint64_t)getpid() * 0xC2B2AE3D27D4EB4Fu + (uint64_t)now.tv_sec;
	}
	seed[0] |= 1; /* never zero: it tells that the seed is made */
}

static uint64_t
load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/* 0 to 8 bytes, by loads that overlap: a copy of a length that is not known is a call. */
static uint64_t
load_few(const char *p, size_t n)
{
	uint32_t low, high;

	if (n >= 4) {
		memcpy(&low, p, 4);
		memcpy(&high, p + n - 4, 4);
		return (uint64_t)le32toh(high) << 32 | le32toh(low);
	}
	if (!n)
		return 0;
	return (uint64_t)(unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8 |
	       (uint64_t)(unsigned char)p[n - 1] << 16;
}

/* Both halves of a 128-bit product folded together: the mixing step of wyhash. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
seeded(const uint64_t by[2], struct slice key)
{
	uint64_t h = by[0] ^ fold(by[1] ^ key.len, 0xA0761D6478BD642Fu);

	while (key.len > 16) {
		h = fold(load(key.ptr) ^ by[0], load(key.ptr + 8) ^ h ^ by[1]);
		key = slice_drop(key, 16);
	}
	if (key.len > 8)
		return fold(load(key.ptr) ^ by[0] ^ 0xE7037ED1A0B428DBu,
		    load(key.ptr + key.len - 8) ^ h);
	return fold(load_few(key.ptr, key.len) ^ by[0], h ^ 0x8EBC6AF09C88C6E3u);
}

uint64_t
hash_of(struct slice key)
{
	if (!seed[0])
		make_seed();
	return seeded(seed, key);
}

uint64_t
hash_stable(uint64_t before, struct slice bytes)
{
	const uint64_t by[2] = { 0x589965CC75374CC3u, before ^ 0x1D8E4E27C47D124Fu };

	return seeded(by, bytes);
}

static void
enlarge(struct hash_map *m)
{
	size_t size = m->size ? m->size * 2 : 16;
	struct hash_slot *slots = mem_zero(size * sizeof(*slots));

	for (size_t i = 0; i < m->size; i++) {
		size_t at = m->slots[i].hash & (size - 1);

		if (!m->slots[i].index)
			continue;
		while (slots[at].index)
			at = (at + 1) & (size - 1);
		slots[at] = m->slots[i];
	}
	free(m->slots);
	m->slots = slots;
	m->size = size;
}

/* The slot of key, or the free one where it belongs. */
static struct hash_slot *
slot_of(const struct hash_map *m, struct slice key, uint64_t hash)
{
	size_t at = hash & (m->size - 1);

	while (m->slots[at].index &&
	       !(m->slots[at].hash == hash && slice_eq(m->keys[m->slots[at].index - 1], key)))
		at = (at + 1) & (m->size - 1);
	return &m->slots[at];
}

size_t
hash_map_add(struct hash_map *m, struct slice key, bool *added)
{
	uint64_t hash = hash_of(key);
	struct hash_slot *slot;
	char *copy;

	if (m->count * 4 >= m->size * 3)
		enlarge(m);
	slot = slot_of(m, key, hash);
	if (added)
		*added = !slot->index;
	if (slot->index)
		return slot->index - 1;
	if (m->count == m->room) {
		m->room = m->room ? m->room * 2 : 16;
		m->keys = mem_grow(m->keys, m->room, sizeof(*m->keys));
	}
	copy = mem_alloc(key.len + 1);
	if (key.len)
		memcpy(copy, key.ptr, key.len);
	copy[key.len] = '\0';
	m->keys[m->count++] = slice_of(copy, key.len);
	*slot = (struct hash_slot){ hash, m->count };
	return m->count - 1;
}

size_t
hash_map_find(const struct hash_map *m, struct slice key)
{
	const struct hash_slot *slot;

	if (!m->count)
		return SIZE_MAX;
	slot = slot_of(m, key, hash_of(key));
	return slot->index ? slot->index - 1 : SIZE_MAX;
}

void
hash_map_free(struct hash_map *m)
{
	for (size_t i = 0; i < m->count; i++)
		free((void *)(uintptr_t)m->keys[i].ptr);
	free(m->keys);
	free(m->slots);
	*m = (struct hash_map){ 0 };
}
