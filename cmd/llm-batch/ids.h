/* SPDX-License-Identifier: MIT */
/* A set of texts that were seen, 24 bytes to a slot however long the texts are: it keeps
 * those under 16 bytes, and of longer ones the first 15 bytes of their SHA-256. A zeroed struct
 * is empty and ready. */
#ifndef LLM_BATCH_IDS_H
#define LLM_BATCH_IDS_H

#include "cells.h"

struct ids {
	struct cells slots;
	size_t size, count;
	uint64_t memory; /* bytes that it may take, set before the first text; 0: no bound */
};

/* The index of text in order of first sight, 0, 1, 2 …; *added (may be NULL) says if it is new.
 */
size_t ids_add(struct ids *s, struct slice text, bool *added);
/* The index, or SIZE_MAX. */
size_t ids_find(struct ids *s, struct slice text);
void ids_free(struct ids *s);

#endif
