/* SPDX-License-Identifier: MIT */
/* The only file that knows zstd: stored bytes, made smaller where that pays.
 *
 * A packed run begins with one byte: 0, then the bytes as they are; or 1, then a zstd frame
 * that carries its size and a checksum of what it holds. */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "base/arena.h"
#include "base/buf.h"

/* Appends the packed form. */
void pack_write(struct slice plain, struct buf *out);
/* The bytes, in the arena or in packed itself; false where packed is damaged or would give
 * more than 1 GiB. */
bool pack_read(struct slice packed, struct arena *a, struct slice *plain);
const char *pack_version(void); /* "zstd 1.5.4" */

#endif
