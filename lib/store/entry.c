/* SPDX-License-Identifier: MIT */
#include "store/entry.h"

#include <endian.h>

#include "base/hash.h"
#include "store/pack.h"

int64_t
entry_id(struct slice scope, const unsigned char key[DIGEST_SIZE])
{
	unsigned char digest[DIGEST_SIZE];
	struct buf both = { 0 };
	uint64_t id;

	if (scope.len) {
		buf_add(&both, slice_of((const char *)key, DIGEST_SIZE));
		buf_add(&both, scope);
		digest_of(buf_slice(&both), digest);
		buf_free(&both);
	}
	memcpy(&id, scope.len ? digest : key, sizeof(id));
	return (int64_t)be64toh(id);
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

static void
head_write(char *head, const unsigned char sum[ENTRY_SUM], int64_t stored, int64_t expires,
    const struct slice parts[ENTRY_PARTS])
{
	uint64_t numbers[2 + ENTRY_PARTS] = { htole64((uint64_t)stored),
		htole64((uint64_t)expires) };

	for (int i = 0; i < ENTRY_PARTS; i++)
		numbers[2 + i] = htole64((uint64_t)parts[i].len);
	memcpy(head, sum, ENTRY_SUM);
	memcpy(head + ENTRY_SUM, numbers, sizeof(numbers));
}

void
entry_join(const unsigned char sum[ENTRY_SUM], int64_t stored, int64_t expires,
    const struct slice parts[ENTRY_PARTS], struct buf *out)
{
	char head[ENTRY_HEAD];

	head_write(head, sum, stored, expires, parts);
	buf_add(out, slice_of(head, sizeof(head)));
	for (int i = 0; i < ENTRY_PARTS; i++)
		buf_add(out, parts[i]);
}

void
entry_write(const struct store_entry *e, struct buf *out)
{
	const struct slice plain[] = { slice_of((const char *)e->key, DIGEST_SIZE), e->scope,
		e->model, e->meta };
	size_t start = out->len, at[ENTRY_PARTS + 1];
	struct slice parts[ENTRY_PARTS];
	unsigned char sum[ENTRY_SUM];

	buf_room(out, ENTRY_HEAD);
	out->len += ENTRY_HEAD;
	for (int i = 0; i < 4; i++) {
		at[i] = out->len;
		buf_add(out, plain[i]);
	}
	at[4] = out->len;
	pack_write(e->request, out);
	at[5] = out->len;
	pack_write(e->body, out);
	at[6] = out->len;
	for (int i = 0; i < ENTRY_PARTS; i++)
		parts[i] = slice_of(out->data + at[i], at[i + 1] - at[i]);
	entry_sum(e->stored, e->expires, parts, sum);
	head_write(out->data + start, sum, e->stored, e->expires, parts);
}

static bool
parts_read(struct slice bytes, const uint64_t *lengths, struct slice parts[ENTRY_PARTS])
{
	bytes = slice_drop(bytes, ENTRY_HEAD);
	for (int i = 0; i < ENTRY_PARTS; i++) {
		uint64_t length = le64toh(lengths[i]);

		if (length > bytes.len)
			return false;
		parts[i] = slice_take(bytes, (size_t)length);
		bytes = slice_drop(bytes, (size_t)length);
	}
	return bytes.len == 0 && parts[0].len == DIGEST_SIZE;
}

bool
entry_read(struct slice bytes, struct arena *a, struct store_entry *e, bool whole)
{
	uint64_t numbers[2 + ENTRY_PARTS];
	struct slice parts[ENTRY_PARTS];

	if (bytes.len < ENTRY_HEAD)
		return false;
	memcpy(numbers, bytes.ptr + ENTRY_SUM, sizeof(numbers));
	e->stored = (int64_t)le64toh(numbers[0]);
	e->expires = (int64_t)le64toh(numbers[1]);
	if (!parts_read(bytes, numbers + 2, parts) ||
	    (whole &&
		!entry_sound(e->stored, e->expires, parts, (const unsigned char *)bytes.ptr)))
		return false;
	memcpy(e->key, parts[0].ptr, DIGEST_SIZE);
	e->scope = parts[1];
	e->model = parts[2];
	e->meta = parts[3];
	return !whole ||
	       (pack_read(parts[4], a, &e->request) && pack_read(parts[5], a, &e->body));
}

bool
entry_has_key(struct slice bytes, const unsigned char key[DIGEST_SIZE])
{
	return slice_eq(slice_take(slice_drop(bytes, ENTRY_HEAD), DIGEST_SIZE),
	    slice_of((const char *)key, DIGEST_SIZE));
}
