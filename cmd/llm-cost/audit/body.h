/* SPDX-License-Identifier: MIT */
/* One request's body, looked at once for all that the techniques ask of it. */
#ifndef COST_AUDIT_BODY_H
#define COST_AUDIT_BODY_H

#include "imprint.h"
#include "cmd/llm-cost/rows/row.h"
#include "task/classify.h"

/* One request's body, looked at once. Slices live in the arena. */
struct body {
	uint64_t bytes;           /* of all texts and tools */
	uint64_t old_bytes;       /* of turns before the last AUDIT_TURNS */
	size_t turns;             /* texts of the user */
	struct slice prefix;      /* tools and system, as they stand */
	struct slice prefix_text; /* the same, unescaped, to be counted */
	struct slice canonical,
	    folded;               /* the request as llm-cache keys it; and its texts folded */
	uint64_t blank_tokens;    /* that llm-compress would take */
	uint64_t again_tokens;    /* of sentences that its system text says again */
	uint64_t repeated_bytes;  /* of texts that stood in an earlier request */
	uint64_t prefix_repeated; /* of the prefix, likewise */
	bool several;             /* n > 1: several answers are wanted */
	bool warm;                /* a temperature over 0 is set */
	bool waits;               /* streams, calls tools or goes on: somebody waits */
	bool capped;              /* has an output cap */
	const char *effort;       /* "high" …, or NULL */
	enum level level; /* by its words; LEVEL_NONE too where the record brings a label */
};
#define AUDIT_TURNS 10
/* Texts that were seen before. */
struct body_memory {
	struct imprint_map texts;
	struct imprint system; /* the last system text, and its again_tokens */
	uint64_t system_again;
	uint64_t bytes, repeated, prefix_repeated;
	struct json folded;
};
void body_read(struct body *b, struct body_memory *m, const struct row *row, struct arena *a);

#endif
