/* SPDX-License-Identifier: MIT */
/* Names of keys. */
#include "store/redis.h"

void
redis_id(int64_t id, char out[REDIS_ID + 1])
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)((uint64_t)id >> (56 - 8 * i));
	digest_hex(bytes, 8, out);
}

struct slice
redis_key(char letter, int64_t id, char out[REDIS_KEY + 1])
{
	size_t n = sizeof(REDIS_NAME) - 1;

	memcpy(out, REDIS_NAME, n);
	out[n++] = letter;
	out[n++] = ':';
	redis_id(id, out + n);
	return slice_of(out, REDIS_KEY);
}
