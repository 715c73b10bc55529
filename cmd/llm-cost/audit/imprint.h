/* SPDX-License-Identifier: MIT */
/* Texts that were seen before, in bounded memory. */
#ifndef COST_AUDIT_IMPRINT_H
#define COST_AUDIT_IMPRINT_H

#include "base/slice.h"

/* SHA-256, the first half: no two texts are ever merged by it. */
struct imprint {
	uint64_t a, b;
};
struct imprint imprint_of(struct slice text);
/* Prints in order of first sight; a full table takes no more. Zeroed is empty. */
struct imprint_map {
	struct imprint *keys;
	uint32_t *slots;
	size_t size, room, count, limit;
};
/* Index of the print, added if there is room (*added); SIZE_MAX if there is none. */
size_t imprint_map_add(struct imprint_map *m, struct imprint p, bool *added);
void imprint_map_free(struct imprint_map *m);

#endif
