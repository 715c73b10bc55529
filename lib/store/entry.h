/* SPDX-License-Identifier: MIT */
/* What every engine of the store shares: the number of an entry, and its checksum. */
#ifndef STORE_ENTRY_H
#define STORE_ENTRY_H

#include "base/digest.h"

#define ENTRY_SUM 16
#define ENTRY_PARTS 6

/* 64 bits of the key (of key and scope, where there is one), so that a look-up is one walk down
 * one tree. Two entries that meet there are told apart by the whole key, and the later one
 * stays. */
int64_t entry_id(struct slice scope, const unsigned char key[DIGEST_SIZE]);
/* Over all that is stored: both times, and each part with its length (key, scope, model, meta,
 * packed request, packed body). Tells damage of the disk; whoever may write the file is not
 * kept from writing a right one. */
void entry_sum(int64_t stored, int64_t expires, const struct slice parts[ENTRY_PARTS],
    unsigned char sum[ENTRY_SUM]);
/* Is it their sum, be it one of an earlier version? */
bool entry_sound(int64_t stored, int64_t expires, const struct slice parts[ENTRY_PARTS],
    const unsigned char sum[ENTRY_SUM]);

#endif
