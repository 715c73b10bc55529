/* SPDX-License-Identifier: MIT */
/* Files of a batch, filled side by side: one open part for each group (model and endpoint).
 * Nothing stands under its final name until parts_commit. */
#ifndef LLM_BATCH_PARTS_H
#define LLM_BATCH_PARTS_H

#include "cost.h"

struct part_limits {
	uint64_t requests, bytes, tokens, inputs; /* 0: none */
	bool counted; /* tokens and cost of the sizes are known, and go to the manifest */
};
struct part_size {
	uint64_t bytes, tokens, inputs;
	struct cost cost;
};

struct parts;

/* Makes the folder (0700) where it is missing and locks it; ends the process with status 3, or
 * 5 where another run packs into it. dry: nothing is created or written. */
struct parts *parts_open(
    const char *folder, const char *name, const struct part_limits *limits, bool dry);
/* The line (newline added) goes into the open part of its group, or opens the next one. */
void parts_add(struct parts *p, struct slice model, struct slice endpoint, struct slice line,
    struct part_size size);
/* Gives all parts their names, writes manifest.json with the extra members (text that begins
 * with a comma, or empty) and removes parts of an earlier run. Ends with status 3 on failure.
 */
void parts_commit(struct parts *p, const char *provider, struct slice extra);
/* Removes what has no final name yet. Frees p. */
void parts_close(struct parts *p);

#endif
