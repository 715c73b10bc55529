/* SPDX-License-Identifier: MIT */
/* An entry as a value of Redis: the sum, both times and six lengths (numbers of 64 bits, least
 * byte first), then the parts. */
#include "store/pack.h"
#include "store/redis.h"

#define HEAD (ENTRY_SUM + 8 * (2 + ENTRY_PARTS))

static void
add_number(struct buf *b, uint64_t n)
{
	char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (char)(n >> 8 * i);
	buf_add(b, slice_of(bytes, 8));
}

static uint64_t
take_number(struct slice *bytes)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n |= (uint64_t)(unsigned char)bytes->ptr[i] << 8 * i;
	*bytes = slice_drop(*bytes, 8);
	return n;
}

void
redis_entry_write(const struct row *r, const struct slice parts[ENTRY_PARTS], struct buf *out)
{
	buf_add(out, slice_of((const char *)r->sum, ENTRY_SUM));
	add_number(out, (uint64_t)r->stored);
	add_number(out, (uint64_t)r->expires);
	for (int i = 0; i < ENTRY_PARTS; i++)
		add_number(out, parts[i].len);
	for (int i = 0; i < ENTRY_PARTS; i++)
		buf_add(out, parts[i]);
}

static bool
parts_read(struct slice rest, struct slice parts[ENTRY_PARTS])
{
	uint64_t lengths[ENTRY_PARTS];

	for (int i = 0; i < ENTRY_PARTS; i++)
		lengths[i] = take_number(&rest);
	for (int i = 0; i < ENTRY_PARTS; i++) {
		if (lengths[i] > rest.len)
			return false;
		parts[i] = slice_take(rest, (size_t)lengths[i]);
		rest = slice_drop(rest, (size_t)lengths[i]);
	}
	return rest.len == 0 && parts[0].len == DIGEST_SIZE;
}

bool
redis_entry_read(struct slice bytes, struct arena *a, struct store_entry *e, bool whole)
{
	struct slice parts[ENTRY_PARTS], rest = slice_drop(bytes, ENTRY_SUM);

	if (bytes.len < HEAD)
		return false;
	e->stored = (int64_t)take_number(&rest);
	e->expires = (int64_t)take_number(&rest);
	if (!parts_read(rest, parts))
		return false;
	if (whole &&
	    !entry_sound(e->stored, e->expires, parts, (const unsigned char *)bytes.ptr))
		return false;
	memcpy(e->key, parts[0].ptr, DIGEST_SIZE);
	e->scope = arena_copy(a, parts[1]);
	e->model = arena_copy(a, parts[2]);
	e->meta = arena_copy(a, parts[3]);
	return !whole || (pack_read(arena_copy(a, parts[4]), a, &e->request) &&
			     pack_read(arena_copy(a, parts[5]), a, &e->body));
}

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
