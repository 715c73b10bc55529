/* SPDX-License-Identifier: MIT */
#include "meaning/encoder_run.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "meaning/encoder_path.h"

#define STRIPES 16

struct encoder_run {
	const struct encoder_model *m;
	size_t room;                   /* rows */
	float *live;                   /* [wide] 1 for numbers of a row, 0 for its padding */
	float *state;                  /* [room][wide] what goes from layer to layer */
	float *qkv;                    /* [room][3 * wide] */
	float *mixed;                  /* [room][wide] */
	float *inner;                  /* [room][inner_wide] */
	float *keys, *values, *shares; /* of one head */
	struct encoder_packed packed;
	void *memory;
};

static const struct encoder_path *const paths[SIMD_FORMS] = {
	[SIMD_PORTABLE] = &encoder_portable,
#if SIMD_X86
	[SIMD_AVX2] = &encoder_avx2,
	[SIMD_AVX512] = &encoder_avx512,
#endif
};

static bool
machine_has(enum simd_form form)
{
#if SIMD_X86
	if (!__builtin_cpu_supports("avx2"))
		return false;
	return form != SIMD_AVX512 ||
	       (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
		   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
		   __builtin_cpu_supports("avx512vnni"));
#else
	(void)form;
	return false;
#endif
}

static struct simd simd = { .has = machine_has };

bool
encoder_use(const char *name)
{
	return simd_use(&simd, name);
}

const char *
encoder_path_name(void)
{
	return simd_name(simd_form(&simd));
}

static const struct encoder_path *
path(void)
{
	return paths[simd_form(&simd)];
}

static size_t
round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/* Counts bytes where base is NULL, and places the buffers where it is not. */
static size_t
lay_out(struct encoder_run *run, char *base)
{
	const struct encoder_model *m = run->m;
	size_t rows = run->room, most = m->wide > m->inner_wide ? m->wide : m->inner_wide;
	size_t positions = round_up(m->positions, STRIPES), dims = m->hidden / m->heads;
	size_t at = 0;

#define PLACE(member, count)                                               \
	do {                                                               \
		if (base)                                                  \
			(member) = (void *)(base + at);                    \
		at += round_up((count) * sizeof *(member), ENCODER_ALIGN); \
	} while (0)
	PLACE(run->live, m->wide);
	PLACE(run->state, rows * m->wide);
	PLACE(run->qkv, rows * m->wide * 3);
	PLACE(run->mixed, rows * m->wide);
	PLACE(run->inner, rows * m->inner_wide);
	PLACE(run->keys, positions * dims);
	PLACE(run->values, positions * round_up(dims, STRIPES));
	PLACE(run->shares, positions * 4);
	PLACE(run->packed.bytes, rows * most);
	PLACE(run->packed.scale, rows * most / ENCODER_GROUP);
	PLACE(run->packed.zero, rows * most / ENCODER_GROUP);
#undef PLACE
	return at;
}

struct encoder_run *
encoder_run_open(const struct encoder_model *m)
{
	struct encoder_run *run = mem_zero(sizeof *run);
	char *base;

	run->m = m;
	run->room = ENCODER_ROWS + m->most;
	run->memory = mem_zero(lay_out(run, NULL) + ENCODER_ALIGN);
	base = run->memory;
	base += (ENCODER_ALIGN - (uintptr_t)base % ENCODER_ALIGN) % ENCODER_ALIGN;
	lay_out(run, base);
	for (uint32_t i = 0; i < m->hidden; i++)
		run->live[i] = 1;
	return run;
}

void
encoder_run_close(struct encoder_run *run)
{
	if (!run)
		return;
	free(run->memory);
	free(run);
}

size_t
encoder_run_room(const struct encoder_run *run)
{
	return run->room;
}

/* Token and position; the type is added with the first norm. */
static void
start_row(struct encoder_run *run, uint32_t id, size_t position, float *row)
{
	const struct encoder_model *m = run->m;
	const int8_t *token = m->token.rows + (size_t)id * m->wide;
	const int8_t *place = m->position.rows + position * m->wide;
	float a = m->token.scale[id], b = m->position.scale[position];

	for (uint32_t i = 0; i < m->wide; i++) {
		float x = token[i] * a, y = place[i] * b;

		row[i] = x + y;
	}
}

static size_t
start(struct encoder_run *run, const uint32_t *ids, const size_t *lengths, size_t count)
{
	const struct encoder_model *m = run->m;
	size_t rows = 0;

	for (size_t t = 0; t < count; t++)
		for (size_t i = 0; i < lengths[t]; i++, rows++) {
			float *row = run->state + rows * m->wide;

			start_row(run, ids[rows], i, row);
			path()->norm(row, m->type, &m->first, run->live, m->wide, m);
		}
	return rows;
}

/* Each text looks only at itself. */
static void
attend(struct encoder_run *run, const size_t *lengths, size_t count)
{
	const struct encoder_model *m = run->m;
	size_t row = 0, dims = m->hidden / m->heads;
	struct encoder_head head = { .wide = m->wide,
		.dims = dims,
		.scale = 1.0f / sqrtf((float)dims),
		.keys = run->keys,
		.values = run->values,
		.shares = run->shares };

	for (size_t t = 0; t < count; t++, row += head.count) {
		head.count = lengths[t];
		head.qkv = run->qkv + row * 3 * m->wide;
		head.out = run->mixed + row * m->wide;
		for (head.offset = 0; head.offset < m->hidden; head.offset += dims)
			path()->attend(&head);
		for (size_t i = 0; i < head.count; i++)
			memset(head.out + i * m->wide + m->hidden, 0,
			    (m->wide - m->hidden) * sizeof *head.out);
	}
}

static void
multiply(struct encoder_run *run, const struct encoder_matrix *by, const float *in, size_t rows,
    float *out)
{
	path()->pack(in, rows, by->in, &run->packed);
	path()->multiply(by, &run->packed, rows, out);
}

static void
add_and_norm(struct encoder_run *run, const struct encoder_norm *norm, size_t rows)
{
	size_t wide = run->m->wide;

	for (size_t i = 0; i < rows; i++)
		path()->norm(run->state + i * wide, run->mixed + i * wide, norm, run->live,
		    wide, run->m);
}

static void
pool(const struct encoder_model *m, const float *rows, size_t count, float *out)
{
	memcpy(out, rows, m->hidden * sizeof *out);
	if (m->pooling == POOL_CLS)
		return;
	for (size_t i = 1; i < count; i++)
		for (uint32_t d = 0; d < m->hidden; d++)
			out[d] += rows[i * m->wide + d];
}

void
encoder_run(struct encoder_run *run, const uint32_t *ids, const size_t *lengths, size_t count,
    float *out)
{
	const struct encoder_model *m = run->m;
	size_t rows = start(run, ids, lengths, count), row = 0;

	for (uint32_t i = 0; i < m->layers; i++) {
		const struct encoder_layer *l = &m->layer[i];

		multiply(run, &l->qkv, run->state, rows, run->qkv);
		attend(run, lengths, count);
		multiply(run, &l->attended, run->mixed, rows, run->mixed);
		add_and_norm(run, &l->after_attention, rows);
		multiply(run, &l->inner, run->state, rows, run->inner);
		path()->gelu(run->inner, rows * m->inner_wide);
		multiply(run, &l->outer, run->inner, rows, run->mixed);
		add_and_norm(run, &l->after_inner, rows);
	}
	for (size_t t = 0; t < count; row += lengths[t++])
		pool(m, run->state + row * m->wide, lengths[t], out + t * m->hidden);
}
