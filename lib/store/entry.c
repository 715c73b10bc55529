/* SPDX-License-Identifier: MIT */
#include "store/entry.h"

#include <endian.h>

#include "base/buf.h"
#include "base/hash.h"

int64_t
entry_id(struct slice scope, const unsigned char key[DIGEST_SIZE])
{
	unsigned char digest[DIGEST_SIZE];
	struct buf both = { 0 };
	uint64_t id = 0;

	memcpy(digest, key, DIGEST_SIZE);
	if (scope.len) {
		buf_add(&both, slice_of((const char *)key, DIGEST_SIZE));
		buf_add(&both, scope);
		digest_of(buf_slice(&both), digest);
		buf_free(&both);
	}
	for (int i = 0; i < 8; i++)
		id = id << 8 | digest[i];
	return (int64_t)id;
}

static void
sum_number(struct buf *b, uint64_t n)
{
	uint64_t little = htole64(n);

	buf_add(b, slice_of((const char *)&little, sizeof(little)));
}

/* What version 2 of the store has: the first bytes of SHA-256. */
static void
old_sum(int64_t stored, int64_t expires, const struct slice parts[ENTRY_PARTS],
    unsigned char sum[ENTRY_SUM])
{
	unsigned char digest[DIGEST_SIZE];
	struct buf all = { 0 };

	sum_number(&all, (uint64_t)stored);
	sum_number(&all, (uint64_t)expires);
	for (int i = 0; i < ENTRY_PARTS; i++) {
		sum_number(&all, parts[i].len);
		buf_add(&all, parts[i]);
	}
	digest_of(buf_slice(&all), digest);
	memcpy(sum, digest, ENTRY_SUM);
	buf_free(&all);
}

static const unsigned char kind[8] = { 0, 0, 0, 0, 0, 0, 0, 3 };

void
entry_sum(int64_t stored, int64_t expires, const struct slice parts[ENTRY_PARTS],
    unsigned char sum[ENTRY_SUM])
{
	uint64_t head[] = { htole64((uint64_t)stored), htole64((uint64_t)expires) };
	uint64_t h = hash_stable(0, slice_of((const char *)head, sizeof(head)));

	for (int i = 0; i < ENTRY_PARTS; i++)
		h = hash_stable(h, parts[i]);
	h = htole64(h);
	memcpy(sum, &h, 8);
	memcpy(sum + 8, kind, 8);
}

bool
entry_sound(int64_t stored, int64_t expires, const struct slice parts[ENTRY_PARTS],
    const unsigned char sum[ENTRY_SUM])
{
	bool now = memcmp(sum + 8, kind, 8) == 0;
	unsigned char want[ENTRY_SUM];

	(now ? entry_sum : old_sum)(stored, expires, parts, want);
	return memcmp(sum, want, ENTRY_SUM) == 0;
}
