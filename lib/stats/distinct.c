/* SPDX-License-Identifier: MIT */
#include "distinct.h"

#include <stdlib.h>

#include "base/mem.h"

uint64_t
distinct_hash(struct slice name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	/* FNV-1a, then the last steps of MurmurHash3, whose output bits are even */
	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.ptr[i]) * UINT64_C(0x100000001b3);
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 33;
	return h ? h : 1;
}

/* Up to so many are a list, as there are many groups of few names; then a hash table. */
#define LIST 64

static bool
put(uint64_t *table, uint32_t size, uint64_t hash)
{
	size_t at = size <= LIST ? 0 : hash & (size - 1);

	if (size <= LIST) {
		while (table[at] && table[at] != hash)
			at++; /* never full: see is_full */
		if (table[at])
			return false;
		table[at] = hash;
		return true;
	}
	while (table[at] && table[at] != hash)
		at = (at + 1) & (size - 1);
	if (table[at])
		return false;
	table[at] = hash;
	return true;
}

static void
enlarge(struct distinct *d)
{
	uint32_t size = d->size < LIST ? d->size + d->size / 2 + 3 : d->size * 2;
	uint64_t *table;

	if (d->size < LIST && size > LIST)
		size = LIST;
	table = mem_zero(size * sizeof(*table));

	for (uint32_t i = 0; i < d->size; i++)
		if (d->table[i])
			put(table, size, d->table[i]);
	if (!d->table && d->one)
		put(table, size, d->one);
	free(d->table);
	d->table = table;
	d->size = size;
}

/* A table may be three quarters full, a list has one free place for put. */
static bool
is_full(const struct distinct *d)
{
	return d->size <= LIST ? d->count + 1 >= d->size : (d->count + 1) * 4 > d->size * 3;
}

static int
by_hash(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t *
sorted(const struct distinct *d)
{
	uint64_t *list = mem_alloc((d->count + 1) * sizeof(*list));
	size_t n = 0;

	if (!d->table && d->count)
		list[n++] = d->one;
	for (uint32_t i = 0; i < d->size; i++)
		if (d->table[i])
			list[n++] = d->table[i];
	qsort(list, n, sizeof(*list), by_hash);
	return list;
}

/* Keeps the k smallest. */
static void
trim(struct distinct *d, uint32_t k)
{
	uint64_t *list = sorted(d);

	d->limit = list[k - 1] + 1;
	memset(d->table, 0, d->size * sizeof(*d->table));
	for (uint32_t i = 0; i < k; i++)
		put(d->table, d->size, list[i]);
	d->count = k;
	free(list);
}

bool
distinct_add(struct distinct *d, uint32_t k, uint64_t hash)
{
	if (!hash)
		return false;
	if (d->limit && hash >= d->limit)
		return true;
	if (!d->table) {
		if (d->count && d->one == hash)
			return false;
		if (!d->count) {
			d->one = hash;
			d->count = 1;
			return true;
		}
		enlarge(d);
	}
	if (is_full(d))
		enlarge(d);
	if (!put(d->table, d->size, hash))
		return false;
	d->count++;
	/* not at once, so that the sorting is paid by many */
	if (d->count == k + k / 2)
		trim(d, k);
	return true;
}

void
distinct_limit(struct distinct *d, uint32_t k, uint64_t limit)
{
	struct distinct kept = { 0 };

	if (!limit || (d->limit && d->limit <= limit))
		return;
	for (uint32_t i = 0; i < d->size; i++)
		if (d->table[i] && d->table[i] < limit)
			distinct_add(&kept, k, d->table[i]);
	if (!d->table && d->count && d->one < limit)
		distinct_add(&kept, k, d->one);
	free(d->table);
	*d = kept;
	if (!d->limit || d->limit > limit)
		d->limit = limit;
}

void
distinct_merge(struct distinct *d, uint32_t k, const struct distinct *more)
{
	distinct_limit(d, k, more->limit);
	if (!more->table && more->count)
		distinct_add(d, k, more->one);
	for (uint32_t i = 0; i < more->size; i++)
		distinct_add(d, k, more->table[i]);
}

bool
distinct_has(const struct distinct *d, uint64_t hash)
{
	size_t at = d->size <= LIST ? 0 : hash & (d->size - 1);

	if (!hash || !d->table)
		return hash && d->count && d->one == hash;
	while (d->table[at] && d->table[at] != hash)
		at = d->size <= LIST ? at + 1 : (at + 1) & (d->size - 1);
	return d->table[at] == hash;
}

uint64_t
distinct_count(const struct distinct *d, uint32_t k, bool *exact)
{
	uint64_t *list, last;

	*exact = !d->limit && d->count <= k;
	if (*exact)
		return d->count;
	if (d->count < k) /* a part that came from elsewhere dropped more than it should */
		return d->count;
	list = sorted(d);
	last = list[k - 1];
	free(list);
	/* (k - 1) * 2^64 / last, half up */
	return (uint64_t)((((unsigned __int128)(k - 1) << 64) + last / 2) / last);
}

uint64_t *
distinct_list(const struct distinct *d, uint32_t k, size_t *count)
{
	uint64_t *list = sorted(d);

	*count = d->count < k ? d->count : k;
	return list;
}

void
distinct_free(struct distinct *d)
{
	free(d->table);
	*d = (struct distinct){ 0 };
}
