/* SPDX-License-Identifier: MIT */
/* Encoder files of any small shape, llm-encoder(5), with weights that a formula gives: what
 * tests/unit/meaning_encoder.c and tests/fuzz/encoder.c read. */
#ifndef TESTS_ENCODER_TINY_H
#define TESTS_ENCODER_TINY_H

#include "base/buf.h"
#include "base/digest.h"

struct tiny {
	uint32_t pooling, hidden, heads, layers, inner, positions, most;
};

static const char tiny_words[] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhow\ndo\ni\nreset\nmy\npin\n##"
				 "s\ncard\nlost\n?\nwhere\nis\nthe\n"
				 "bank\n.\n,\nold\nnew\n##er\nten\na\nb\n";
#define TINY_TOKENS 26

/* What a number of the model is for. */
enum tiny_part {
	TINY_TOKEN,
	TINY_POSITION,
	TINY_TYPE,
	TINY_FIRST_GAIN,
	TINY_FIRST_BIAS,
	TINY_QKV, /* of layer 0; a layer has TINY_LAYER parts */
	TINY_ATTENDED,
	TINY_GAIN,
	TINY_NORM_BIAS,
	TINY_INNER,
	TINY_OUTER,
	TINY_OUTER_GAIN,
	TINY_OUTER_NORM_BIAS
};
#define TINY_LAYER 8
/* parts of a linear layer */
#define TINY_SCALE 1000
#define TINY_BIAS 2000

static inline uint32_t
tiny_hash(uint32_t part, uint32_t a, uint32_t b)
{
	uint32_t h = part * 0x9e3779b9u + a * 0x85ebca6bu + b * 0xc2b2ae35u + 1;

	for (int i = 0; i < 3; i++) {
		h ^= h >> 15;
		h *= 0x2c1b3c6du;
		h ^= h >> 12;
	}
	return h;
}

/* From -127 to 127. */
static inline int8_t
tiny_weight(uint32_t part, uint32_t in, uint32_t out)
{
	return (int8_t)((int)(tiny_hash(part, in, out) % 255) - 127);
}

/* Scales are small, gains around 1, biases around 0. */
static inline float
tiny_float(uint32_t part, uint32_t at)
{
	float unit = (float)(tiny_hash(part, at, 7) % 2001) / 1000.0f - 1.0f;
	uint32_t in_layer = part % TINY_SCALE < TINY_QKV
				? part
				: TINY_QKV + (part % TINY_SCALE - TINY_QKV) % TINY_LAYER;

	if (part >= TINY_BIAS)
		return unit * 0.2f;
	if (part >= TINY_SCALE)
		return 0.002f + 0.0005f * unit;
	if (in_layer == TINY_FIRST_GAIN || in_layer == TINY_GAIN || in_layer == TINY_OUTER_GAIN)
		return 1.0f + 0.5f * unit;
	return unit * 0.3f;
}

static inline uint32_t
tiny_padded(uint32_t n)
{
	return (n + 63) / 64 * 64;
}

static inline void
tiny_align(struct buf *b)
{
	while (b->len % 64)
		buf_add_byte(b, 0);
}

static inline void
tiny_number(struct buf *b, uint32_t n)
{
	buf_add(b, slice_of((const char *)&n, sizeof n));
}

static inline void
tiny_floats(struct buf *b, uint32_t part, uint32_t count, uint32_t padded)
{
	tiny_align(b);
	for (uint32_t i = 0; i < padded; i++) {
		float f = i < count ? tiny_float(part, i) : 0;

		buf_add(b, slice_of((const char *)&f, sizeof f));
	}
}

static inline void
tiny_rows(struct buf *b, uint32_t part, uint32_t count, uint32_t hidden)
{
	tiny_align(b);
	for (uint32_t r = 0; r < count; r++)
		for (uint32_t i = 0; i < tiny_padded(hidden); i++)
			buf_add_byte(b, i < hidden ? (char)tiny_weight(part, i, r) : 0);
	tiny_floats(b, part + TINY_SCALE, count, count);
}

/* parts matrices beside each other, each padded: queries, keys and values. */
static inline void
tiny_matrix(struct buf *b, uint32_t part, uint32_t in, uint32_t out, uint32_t parts)
{
	uint32_t wide = tiny_padded(out);

	tiny_align(b);
	for (uint32_t block = 0; block < parts * wide; block += 32)
		for (uint32_t i = 0; i < tiny_padded(in); i += 4)
			for (uint32_t k = 0; k < 128; k++) {
				uint32_t o = block + k / 4, from = i + k % 4;
				bool there = o % wide < out && from < in;

				buf_add_byte(b, there ? (char)tiny_weight(part, from, o) : 0);
			}
	for (uint32_t what = TINY_SCALE; what <= TINY_BIAS; what += TINY_SCALE) {
		tiny_align(b);
		for (uint32_t o = 0; o < parts * wide; o++) {
			float f = o % wide < out ? tiny_float(part + what, o) : 0;

			buf_add(b, slice_of((const char *)&f, sizeof f));
		}
	}
}

/* The size that the header tells, and the checksum, made right. */
static inline void
tiny_seal(struct buf *b)
{
	uint64_t size = b->len;

	if (b->len < 256 + DIGEST_SIZE)
		return;
	memcpy(b->data + 56, &size, sizeof size);
	digest_of(slice_of(b->data, b->len - DIGEST_SIZE),
	    (unsigned char *)b->data + b->len - DIGEST_SIZE);
}

static inline void
tiny_file(struct buf *b, const struct tiny *t)
{
	const uint32_t header[] = { 1, t->pooling, t->hidden, t->heads, t->layers, t->inner,
		t->positions, t->most, TINY_TOKENS };
	const uint32_t wide = tiny_padded(t->hidden);
	const float epsilon = 1e-12f;

	buf_add(b, SLICE("llm-enc\n"));
	for (size_t i = 0; i < sizeof header / sizeof *header; i++)
		tiny_number(b, header[i]);
	buf_add(b, slice_of((const char *)&epsilon, sizeof epsilon));
	tiny_number(b, sizeof tiny_words - 1);
	for (int i = 0; i < 3; i++)
		tiny_number(b, 0);
	buf_add(b, SLICE("tiny"));
	while (b->len < 256)
		buf_add_byte(b, 0);
	buf_add(b, slice_z(tiny_words));
	tiny_rows(b, TINY_TOKEN, TINY_TOKENS, t->hidden);
	tiny_rows(b, TINY_POSITION, t->positions, t->hidden);
	for (uint32_t part = TINY_TYPE; part <= TINY_FIRST_BIAS; part++)
		tiny_floats(b, part, t->hidden, wide);
	for (uint32_t i = 0; i < t->layers; i++) {
		uint32_t l = i * TINY_LAYER;

		tiny_matrix(b, TINY_QKV + l, t->hidden, t->hidden, 3);
		tiny_matrix(b, TINY_ATTENDED + l, t->hidden, t->hidden, 1);
		tiny_floats(b, TINY_GAIN + l, t->hidden, wide);
		tiny_floats(b, TINY_NORM_BIAS + l, t->hidden, wide);
		tiny_matrix(b, TINY_INNER + l, t->hidden, t->inner, 1);
		tiny_matrix(b, TINY_OUTER + l, t->inner, t->hidden, 1);
		tiny_floats(b, TINY_OUTER_GAIN + l, t->hidden, wide);
		tiny_floats(b, TINY_OUTER_NORM_BIAS + l, t->hidden, wide);
	}
	tiny_align(b);
	memset(buf_room(b, DIGEST_SIZE), 0, DIGEST_SIZE);
	b->len += DIGEST_SIZE;
	tiny_seal(b);
}

#endif
