/* SPDX-License-Identifier: MIT */
/*
 * Private to the encoder: what an instruction set brings. Products are of whole numbers; all
 * else is single multiplications and additions of floats in an order that is the same for each
 * width of registers, so every path gives the same bytes.
 *
 * Rows of floats begin at a multiple of 64 bytes and are padded with zeros to 64 numbers.
 */
#ifndef LLM_MEANING_ENCODER_PATH_H
#define LLM_MEANING_ENCODER_PATH_H

#include "base/simd.h"
#include "meaning/encoder_file.h"

/* Rows at 8 bits: number = (byte - zero) * scale, one scale and zero for each group of 64. */
struct encoder_packed {
	uint8_t *bytes; /* [count][wide] */
	float *scale;   /* [count][wide / 64] */
	int32_t *zero;  /* [count][wide / 64], 0 to 255 */
};

/* One head of attention over the rows of one text. */
struct encoder_head {
	const float *qkv; /* [count][3 * wide]: queries, keys, values */
	size_t count, wide;
	size_t offset, dims; /* of the head in a row */
	float scale;         /* of a product of query and key */
	float *keys;         /* scratch [dims][count padded to 16] */
	float *values;       /* scratch [count][dims padded to 16] */
	float *shares;       /* scratch [4][count padded to 16] */
	float *out;          /* [count][wide] */
};

struct encoder_path {
	/* Packs count rows of wide floats. */
	void (*pack)(const float *in, size_t count, size_t wide, struct encoder_packed *out);
	/* out[count][m->out] = rows × matrix + bias. */
	void (*multiply)(const struct encoder_matrix *m, const struct encoder_packed *rows,
	    size_t count, float *out);
	void (*gelu)(float *v, size_t n);
	/* v = norm(v + add), of a row; live[wide] is 1 for its numbers, 0 for padding. */
	void (*norm)(float *v, const float *add, const struct encoder_norm *norm,
	    const float *live, size_t wide, const struct encoder_model *m);
	void (*attend)(const struct encoder_head *h);
};

extern const struct encoder_path encoder_portable;
#if SIMD_X86
extern const struct encoder_path encoder_avx2, encoder_avx512;
#endif

#endif
