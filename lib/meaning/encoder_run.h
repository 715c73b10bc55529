/* SPDX-License-Identifier: MIT */
/* From token ids to sentence vectors, in the memory of one encoder. */
#ifndef LLM_MEANING_ENCODER_RUN_H
#define LLM_MEANING_ENCODER_RUN_H

#include "meaning/encoder_file.h"

/* Rows (tokens) that are worth gathering to go through the layers together. */
#define ENCODER_ROWS 96

struct encoder_run;

/* Memory for a model, which stays. Never NULL. */
struct encoder_run *encoder_run_open(const struct encoder_model *m);
void encoder_run_close(struct encoder_run *run);

/* Tokens that encoder_run() takes at once: ENCODER_ROWS and one text more. */
size_t encoder_run_room(const struct encoder_run *run);

/* The texts' ids follow each other in IDS, lengths[i] >= 1 of the i-th; each below the model's
 * count, together at most encoder_run_room(), each text at most m->positions.
 * out[count][hidden] receives what pooling gives, not yet of length 1. */
void encoder_run(struct encoder_run *run, const uint32_t *ids, const size_t *lengths,
    size_t count, float *out);

/* "avx512", "avx2" or "portable": the variable LLM_SIMD names one, else the best of this
 * machine. encoder_use picks one for tests; false if the machine has it not. */
const char *encoder_path_name(void);
bool encoder_use(const char *name);

#endif
