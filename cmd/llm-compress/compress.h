/* SPDX-License-Identifier: MIT */
/* The work on one record: its texts, the steps, what they saved. */
#ifndef LLM_COMPRESS_COMPRESS_H
#define LLM_COMPRESS_COMPRESS_H

#include "cmd/llm-compress/blocks.h"
#include "stream/stream.h"
#include "tokens/tokens.h"

enum step { STEP_JSON, STEP_TABLES, STEP_WHITESPACE, STEP_BLOCKS, STEP_COUNT };
extern const char *const step_names[STEP_COUNT];

/* One text of the request. */
struct piece {
	struct part part;
	struct slice old; /* unescaped; ptr NULL: it must stay as it is */
	struct slice now;
	uint64_t tokens; /* of now, once it is counted */
	bool counted;
};

#define REFUSED_MAX 8
struct refusal {
	const char *step; /* a step's name, or "all" */
	const char *reason;
};

struct work {
	struct arena *arena;
	const struct tokenizer *tokenizer;
	enum api api;
	struct piece *pieces;
	size_t count, room;
	size_t last_turn;
	uint64_t saved[STEP_COUNT]; /* tokens */
	bool ran[STEP_COUNT];       /* it changed a text */
	struct refusal refused[REFUSED_MAX];
	size_t refused_count;
	struct json json; /* scratch */
};

/* Collects the texts of a request and runs the steps on them. w->json is kept between records.
 */
void compress_request(struct work *w, const struct request *q, struct arena *a);
/* Collects only. */
void compress_collect(struct work *w, const struct request *q, struct arena *a);
/* Puts the changed texts into edits; true if there are any. */
bool compress_edit(const struct work *w, struct edits *e);
void compress_refuse(struct work *w, const char *step, const char *reason);

/* --undo: lossless forms back to values. True if a text changed. */
bool compress_undo(struct work *w, const struct request *q, struct arena *a);
/* --diff: what goes and what comes, for people; content is cleaned. */
void compress_show(const struct work *w, const struct record *r);

#endif
