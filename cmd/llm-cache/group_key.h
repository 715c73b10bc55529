/* SPDX-License-Identifier: MIT */
/* prompt_cache_key: one for the requests that share a prefix, so that they meet one machine's
 * cache; several for a group that is too busy for one. */
#ifndef GROUP_KEY_H
#define GROUP_KEY_H

#include "places.h"

struct group_keys;
struct group_keys *group_keys_open(void);
void group_keys_close(struct group_keys *keys);
/* The key as JSON text, in the arena: digits of SHA-256 over model and prompt up to the place,
 * so it tells nothing of either and is the same in each run; `-1`, `-2` … behind it where the
 * keys before it served `a_minute` requests within the last minute by the records' own times.
 * Requests without a time, and a_minute 0, all get the first. */
struct slice group_key(struct group_keys *keys, const struct request *q,
    const struct place *place, unsigned a_minute, struct arena *a);

#endif
