/* SPDX-License-Identifier: MIT */
/* The steps that lose nothing: JSON to its shortest form, tables, blanks, repeated blocks. */
#ifndef LLM_COMPRESS_LOSSLESS_H
#define LLM_COMPRESS_LOSSLESS_H

#include "cmd/llm-compress/step.h"

#define STEP_TABLES "tables"
#define STEP_BLOCKS "blocks"

void json_run(struct work *w);
void tables_run(struct work *w);
void whitespace_run(struct work *w);
void blocks_run(struct work *w);

/* The text with each stretch of JSON between its lines (fold.h) as `shorter` gives it back:
 * found itself where it is to stay. */
typedef struct slice stretch_fn(struct work *w, struct slice found);
struct slice stretches_rewrite(struct work *w, struct slice text, stretch_fn *shorter);

#endif
