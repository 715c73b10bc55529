/* SPDX-License-Identifier: MIT */
#include "store/entry.h"

#include <endian.h>

#include "base/buf.h"

#define KEPT ((size_t)4 << 20) /* of the buffer, from one entry to the next */

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

void
entry_sum(int64_t stored, int64_t expires, const struct slice parts[ENTRY_PARTS],
    unsigned char sum[ENTRY_SUM])
{
	static struct buf all;
	unsigned char digest[DIGEST_SIZE];

	buf_clear(&all);
	sum_number(&all, (uint64_t)stored);
	sum_number(&all, (uint64_t)expires);
	for (int i = 0; i < ENTRY_PARTS; i++) {
		sum_number(&all, parts[i].len);
		buf_add(&all, parts[i]);
	}
	digest_of(buf_slice(&all), digest);
	memcpy(sum, digest, ENTRY_SUM);
	if (all.cap > KEPT)
		buf_free(&all);
}
