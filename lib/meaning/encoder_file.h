/* SPDX-License-Identifier: MIT */
/*
 * The file of a sentence encoder, llm-encoder(5): a BERT encoder with 8-bit weights, laid out
 * so that it is used where it is mapped. Reading it takes the bytes and returns places in them.
 */
#ifndef LLM_MEANING_ENCODER_FILE_H
#define LLM_MEANING_ENCODER_FILE_H

#include <stdbool.h>

#include "base/slice.h"

#define ENCODER_MAGIC "llm-enc\n"
#define ENCODER_VERSION 1
#define ENCODER_HEADER 256 /* bytes */
#define ENCODER_NAME 64    /* bytes of the name in the header, padded with NUL */
#define ENCODER_ALIGN 64   /* where sections begin */
#define ENCODER_DIGEST 32  /* SHA-256 of all before it, at the end */

/* Numbers of a row that share a scale when a product is taken; sizes of rows are padded to it.
 */
#define ENCODER_GROUP 64
/* Outputs of a matrix that lie together: for each four inputs, four bytes of each of them. */
#define ENCODER_BLOCK 32

enum encoder_pooling { POOL_MEAN, POOL_CLS };

/* A linear layer: out = in × weights × scale + bias. Both sizes are multiples of 64. */
struct encoder_matrix {
	uint32_t in, out;
	const int8_t *weights; /* [out / 32][in / 4][32][4], from -127 to 127 */
	const float *scale;    /* [out] */
	const float *bias;     /* [out] */
	int16_t *sums;         /* [in / 64][out], of the weights of a group; not in the file */
};

struct encoder_norm {
	const float *gain, *bias; /* [wide] */
};

struct encoder_layer {
	struct encoder_matrix qkv, attended, inner, outer;
	struct encoder_norm after_attention, after_inner;
};

/* Rows of 8-bit numbers, a scale each. */
struct encoder_rows {
	const int8_t *rows; /* [count][wide] */
	const float *scale; /* [count] */
};

#define ENCODER_LAYERS 64

struct encoder_model {
	enum encoder_pooling pooling;
	uint32_t hidden, heads, layers, inner; /* as the model has them */
	uint32_t wide, inner_wide;             /* hidden and inner, padded */
	uint32_t positions, most;              /* most tokens of a text, [CLS] and [SEP] too */
	uint32_t tokens;
	float epsilon;
	struct slice name;
	struct slice words; /* one token a line */
	struct encoder_rows token, position;
	const float *type; /* [wide], added to each row */
	struct encoder_norm first;
	struct encoder_layer layer[ENCODER_LAYERS];
	unsigned char digest[ENCODER_DIGEST];
	int16_t *sums; /* of all matrices, the model's own */
};

/* Fills *m with places in FILE, which begins at a multiple of 64 in memory and stays; true only
 * if it is whole and as llm-encoder(5) says. false: *why (static) says what is wrong, and there
 * is nothing to free. */
bool encoder_read(struct slice file, struct encoder_model *m, const char **why);
void encoder_release(struct encoder_model *m);

#endif
