/* SPDX-License-Identifier: MIT */
#include "meaning/encoder_file.h"

#include <math.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"
#include "meaning/embed.h"
#include "meaning/vocabulary.h"

#define INNER_MOST 16384
#define POSITIONS_MOST 8192

/* Sections follow each other; each begins at a multiple of ENCODER_ALIGN. */
struct cursor {
	struct slice file;
	size_t at;
	const char *why; /* the first thing that was wrong */
};

static uint32_t
number_at(struct slice file, size_t at)
{
	uint32_t n;

	memcpy(&n, file.ptr + at, sizeof n);
	return n;
}

static uint32_t
pad(uint32_t n)
{
	return (n + ENCODER_GROUP - 1) / ENCODER_GROUP * ENCODER_GROUP;
}

static bool
wrong(struct cursor *c, const char *why)
{
	if (!c->why)
		c->why = why;
	return false;
}

/* count things of size bytes; NULL if the file ends before. */
static const void *
take(struct cursor *c, size_t count, size_t size)
{
	size_t at = (c->at + ENCODER_ALIGN - 1) / ENCODER_ALIGN * ENCODER_ALIGN;
	size_t end = c->file.len - ENCODER_DIGEST;

	if (c->why)
		return NULL;
	/* no size in the header is large enough for count * size to overflow */
	if (at > end || count * size > end - at) {
		wrong(c, "the file is shorter than its header says");
		return NULL;
	}
	for (size_t i = c->at; i < at; i++)
		if (c->file.ptr[i])
			wrong(c, "there is something between the sections");
	c->at = at + count * size;
	return c->file.ptr + at;
}

static const float *
take_floats(struct cursor *c, size_t count)
{
	const float *v = take(c, count, sizeof *v);
	bool fine = true;

	for (size_t i = 0; v && i < count; i++)
		fine &= isfinite(v[i]) != 0;
	if (!fine)
		wrong(c, "a number is infinite or none");
	return v;
}

static struct encoder_matrix
take_matrix(struct cursor *c, uint32_t in, uint32_t out)
{
	struct encoder_matrix m = { .in = in, .out = out };

	m.weights = take(c, (size_t)in * out, 1);
	m.scale = take_floats(c, out);
	m.bias = take_floats(c, out);
	return m;
}

static struct encoder_norm
take_norm(struct cursor *c, uint32_t wide)
{
	struct encoder_norm n;

	n.gain = take_floats(c, wide);
	n.bias = take_floats(c, wide);
	return n;
}

static struct encoder_rows
take_rows(struct cursor *c, uint32_t count, uint32_t wide)
{
	struct encoder_rows r;

	r.rows = take(c, (size_t)count * wide, 1);
	r.scale = take_floats(c, count);
	return r;
}

static void
take_layer(struct cursor *c, const struct encoder_model *m, struct encoder_layer *l)
{
	l->qkv = take_matrix(c, m->wide, 3 * m->wide);
	l->attended = take_matrix(c, m->wide, m->wide);
	l->after_attention = take_norm(c, m->wide);
	l->inner = take_matrix(c, m->wide, m->inner_wide);
	l->outer = take_matrix(c, m->inner_wide, m->wide);
	l->after_inner = take_norm(c, m->wide);
}

static void
take_sections(struct cursor *c, struct encoder_model *m, size_t words)
{
	c->at = ENCODER_HEADER;
	m->words = slice_of(take(c, words, 1), words);
	m->token = take_rows(c, m->tokens, m->wide);
	m->position = take_rows(c, m->positions, m->wide);
	m->type = take_floats(c, m->wide);
	m->first = take_norm(c, m->wide);
	for (uint32_t i = 0; i < m->layers; i++)
		take_layer(c, m, &m->layer[i]);
	take(c, 0, 1);
	if (!c->why && c->at + ENCODER_DIGEST != c->file.len)
		wrong(c, "the file is longer than its header says");
}

static bool
between(uint32_t n, uint32_t least, uint32_t most)
{
	return n >= least && n <= most;
}

/* The name is printed in messages and kept in stores: visible ASCII, then NULs. */
static bool
read_name(struct slice field, struct encoder_model *m)
{
	size_t n = slice_find(field, '\0');

	m->name = slice_take(field, n);
	for (size_t i = 0; i < field.len; i++)
		if (i < n ? field.ptr[i] <= ' ' || field.ptr[i] > '~' : field.ptr[i] != 0)
			return false;
	return n > 0 && n < field.len;
}

static bool
read_header(struct cursor *c, struct encoder_model *m, size_t *words)
{
	struct slice f = c->file;
	uint64_t bytes;

	if (number_at(f, 8) != ENCODER_VERSION)
		return wrong(c, "it has another version of the format, or other byte order");
	m->pooling = number_at(f, 12) ? POOL_CLS : POOL_MEAN;
	m->hidden = number_at(f, 16);
	m->heads = number_at(f, 20);
	m->layers = number_at(f, 24);
	m->inner = number_at(f, 28);
	m->positions = number_at(f, 32);
	m->most = number_at(f, 36);
	m->tokens = number_at(f, 40);
	memcpy(&m->epsilon, f.ptr + 44, sizeof m->epsilon);
	memcpy(&bytes, f.ptr + 48, sizeof bytes);
	if (number_at(f, 12) > POOL_CLS)
		return wrong(c, "the way of pooling is not known");
	if (!between(m->hidden, 1, EMBED_MAX) || !between(m->heads, 1, m->hidden) ||
	    m->hidden % m->heads || !between(m->layers, 1, ENCODER_LAYERS) ||
	    !between(m->inner, 1, INNER_MOST) || !between(m->positions, 3, POSITIONS_MOST) ||
	    !between(m->most, 3, m->positions) || !between(m->tokens, 3, VOCABULARY_MOST) ||
	    !(m->epsilon >= 0 && m->epsilon <= 1) || bytes > f.len)
		return wrong(c, "a size in the header cannot be");
	if (!read_name(slice_of(f.ptr + 64, ENCODER_NAME), m))
		return wrong(c, "the name in the header is none");
	for (size_t i = 64 + ENCODER_NAME; i < ENCODER_HEADER; i++)
		if (f.ptr[i])
			return wrong(c, "a reserved byte of the header is not 0");
	m->wide = pad(m->hidden);
	m->inner_wide = pad(m->inner);
	*words = (size_t)bytes;
	return true;
}

/* Sums of the weights of one block of outputs, for each group of inputs; false at -128. */
static bool
sum_block(const struct encoder_matrix *m, uint32_t block)
{
	const int8_t *w = m->weights + (size_t)block * m->in;
	int8_t least = 0;

	for (uint32_t g = 0; g < m->in / ENCODER_GROUP; g++) {
		int16_t sum[4 * ENCODER_BLOCK] = { 0 };
		int16_t *out = m->sums + (size_t)g * m->out + block;

		for (size_t k = 0; k < ENCODER_GROUP; k += 4, w += 4 * ENCODER_BLOCK)
			for (size_t i = 0; i < 4 * ENCODER_BLOCK; i++) {
				sum[i] = (int16_t)(sum[i] + w[i]);
				least = w[i] < least ? w[i] : least;
			}
		for (size_t i = 0; i < ENCODER_BLOCK; i++)
			out[i] = (int16_t)(sum[4 * i] + sum[4 * i + 1] + sum[4 * i + 2] +
					   sum[4 * i + 3]);
	}
	return least >= -127;
}

static bool
sum_matrix(struct encoder_matrix *m, int16_t **sums)
{
	bool fine = true;

	m->sums = *sums;
	*sums += (size_t)m->in / ENCODER_GROUP * m->out;
	for (uint32_t block = 0; block < m->out; block += ENCODER_BLOCK)
		fine &= sum_block(m, block);
	return fine;
}

static bool
sum_matrices(struct encoder_model *m)
{
	size_t each = (4 * (size_t)m->wide + 2 * (size_t)m->inner_wide) * m->wide;
	int16_t *next = mem_alloc(m->layers * each / ENCODER_GROUP * sizeof *next);
	bool fine = true;

	m->sums = next;
	for (uint32_t i = 0; i < m->layers; i++) {
		struct encoder_layer *l = &m->layer[i];

		fine &= sum_matrix(&l->qkv, &next) && sum_matrix(&l->attended, &next) &&
			sum_matrix(&l->inner, &next) && sum_matrix(&l->outer, &next);
	}
	return fine;
}

void
encoder_release(struct encoder_model *m)
{
	free(m->sums);
	m->sums = NULL;
}

bool
encoder_read(struct slice file, struct encoder_model *m, const char **why)
{
	struct cursor c = { .file = file };
	uint64_t bytes;
	size_t words;

	*m = (struct encoder_model){ 0 };
	*why = "it is no encoder file";
	if (file.len < ENCODER_HEADER + ENCODER_DIGEST ||
	    !slice_starts(file, SLICE(ENCODER_MAGIC)))
		return false;
	memcpy(&bytes, file.ptr + 56, sizeof bytes);
	*why = "it is cut, or longer than it says";
	if (number_at(file, 8) == ENCODER_VERSION && bytes != file.len)
		return false;
	if (read_header(&c, m, &words)) {
		take_sections(&c, m, words);
		digest_of(slice_take(file, file.len - ENCODER_DIGEST), m->digest);
		if (!c.why &&
		    memcmp(m->digest, file.ptr + file.len - ENCODER_DIGEST, ENCODER_DIGEST))
			wrong(&c, "it is damaged: the checksum is another");
	}
	if (!c.why && !sum_matrices(m))
		wrong(&c, "a weight is -128");
	if (c.why)
		encoder_release(m);
	*why = c.why;
	return !c.why;
}
