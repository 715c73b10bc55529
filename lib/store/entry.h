/* SPDX-License-Identifier: MIT */
/* What every engine of the store shares: the number of an entry, and its bytes. They are the
 * sum, both times and the lengths of six parts (numbers of 64 bits, least byte first), then the
 * parts: key, scope, model, meta, packed request, packed body. */
#ifndef STORE_ENTRY_H
#define STORE_ENTRY_H

#include "base/buf.h"
#include "store/store.h"

#define ENTRY_SUM 16
#define ENTRY_PARTS 6
#define ENTRY_HEAD (ENTRY_SUM + 8 * (2 + ENTRY_PARTS))

/* 64 bits of the key (of key and scope, where there is one), so that a look-up is one walk down
 * one tree. Two entries that meet there are told apart by the whole key, and the later one
 * stays. */
int64_t entry_id(struct slice scope, const unsigned char key[DIGEST_SIZE]);
/* Appends the bytes. */
void entry_write(const struct store_entry *e, struct buf *out);
/* The same of parts that are packed, and whose sum is known. */
void entry_join(const unsigned char sum[ENTRY_SUM], int64_t stored, int64_t expires,
    const struct slice parts[ENTRY_PARTS], struct buf *out);
/* False where they are damaged. Slices of e are in bytes or in the arena; without `whole`
 * request and body are left out, and the sum is not checked. */
bool entry_read(struct slice bytes, struct arena *a, struct store_entry *e, bool whole);
/* Are these, whole or not, the bytes of an entry with this key? */
bool entry_has_key(struct slice bytes, const unsigned char key[DIGEST_SIZE]);

/* Over all that is stored: both times, and each part with its length. Tells damage of the disk;
 * whoever may write the file is not kept from writing a right one. */
void entry_sum(int64_t stored, int64_t expires, const struct slice parts[ENTRY_PARTS],
    unsigned char sum[ENTRY_SUM]);
/* Is it their sum, be it one of an earlier version? */
bool entry_sound(int64_t stored, int64_t expires, const struct slice parts[ENTRY_PARTS],
    const unsigned char sum[ENTRY_SUM]);

#endif
