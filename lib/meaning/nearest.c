/* SPDX-License-Identifier: MIT */
#include "meaning/nearest.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "meaning/nearest_path.h"

#define FEW 2048     /* so many rows are all compared at 8 bits */
#define COMPARED 224 /* of more, so many */
#define HEAD 2       /* words of a row in the first pass: what it reads stays in a near cache */
#define SAMPLE 256   /* blocks from which the first bound is told */
#define MOST 64
#define MOST_DIMS 4096
#define HUGE_PAGE ((size_t)2 << 20)

struct nearest {
	size_t dims, stride, words; /* stride: bytes of a row, a multiple of 64 */
	size_t count, room;         /* rows; room is a multiple of BLOCK_ROWS */
	size_t head; /* words in the first pass; the rest stand in tail, by row */
	uint64_t *blocks, *tail;
	int8_t *rows;
	float *inverse; /* 1 / length of a row, 0: dropped or all zero */
};

static const struct nearest_path *const paths[SIMD_FORMS] = {
	[SIMD_PORTABLE] = &nearest_portable,
#if SIMD_X86
	[SIMD_AVX2] = &nearest_avx2,
	[SIMD_AVX512] = &nearest_avx512,
#endif
};

static bool
machine_has(enum simd_form form)
{
#if SIMD_X86
	if (form == SIMD_AVX2)
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vpopcntdq");
#else
	(void)form;
	return false;
#endif
}

static struct simd simd = { .has = machine_has };

bool
nearest_use(const char *name)
{
	return simd_use(&simd, name);
}

const char *
nearest_path(void)
{
	return simd_name(simd_form(&simd));
}

static inline const struct nearest_path *
path(void)
{
	return paths[simd_form(&simd)];
}

static size_t
padded(size_t dims)
{
	return (dims + 63) / 64 * 64;
}

void
nearest_pack(const float *unit, size_t dims, int8_t *row)
{
	float most = 0;

	for (size_t i = 0; i < dims; i++)
		most = fmaxf(most, fabsf(unit[i]));
	for (size_t i = 0; i < dims; i++)
		row[i] = most > 0 ? (int8_t)lrintf(unit[i] / most * 127) : 0;
}

static float
inverse_length(const int8_t *row, size_t dims)
{
	int32_t sum = 0;

	for (size_t i = 0; i < dims; i++)
		sum += row[i] * row[i];
	return sum ? 1 / sqrtf((float)sum) : 0;
}

float
nearest_score(const int8_t *a, const int8_t *b, size_t dims)
{
	int32_t sum = 0;

	for (size_t i = 0; i < dims; i++)
		sum += a[i] * b[i];
	return (float)sum * inverse_length(a, dims) * inverse_length(b, dims);
}

struct nearest *
nearest_open(size_t dims)
{
	struct nearest *n = mem_zero(sizeof(*n));

	assert(dims > 0 && dims <= MOST_DIMS);
	n->dims = dims;
	n->stride = padded(dims);
	n->words = n->stride / 64;
	n->head = n->words < HEAD ? n->words : HEAD;
	return n;
}

void
nearest_free(struct nearest *n)
{
	if (!n)
		return;
	free(n->blocks);
	free(n->tail);
	free(n->rows);
	free(n->inverse);
	free(n);
}

/* Large arrays stand on large pages: the pass over the sign bits is bound by memory. */
static void *
enlarged(void *old, size_t used, size_t size)
{
	size_t align = size >= HUGE_PAGE ? HUGE_PAGE : 64;
	void *new = NULL;

	size = (size + align - 1) / align * align;
	if (posix_memalign(&new, align, size) != 0) {
		free(old);
		return mem_alloc(SIZE_MAX / 2); /* says that memory is exhausted */
	}
#ifdef MADV_HUGEPAGE
	if (align == HUGE_PAGE)
		madvise(new, size, MADV_HUGEPAGE);
#endif
	if (used)
		memcpy(new, old, used);
	memset((char *)new + used, 0, size - used);
	free(old);
	return new;
}

static void
make_room(struct nearest *n)
{
	size_t head = n->head * sizeof(uint64_t),
	       tail = (n->words - n->head) * sizeof(uint64_t);
	size_t used = n->room;

	n->room = n->room ? n->room * 2 : 64;
	n->blocks = enlarged(n->blocks, used * head, n->room * head);
	if (tail)
		n->tail = enlarged(n->tail, used * tail, n->room * tail);
	n->rows = enlarged(n->rows, used * n->stride, n->room * n->stride);
	n->inverse = mem_grow(n->inverse, n->room, sizeof(*n->inverse));
}

static void
sign_bits(const int8_t *row, size_t dims, uint64_t *bits)
{
	for (size_t i = 0; i < dims; i++)
		bits[i / 64] |= (uint64_t)(row[i] < 0) << i % 64;
}

uint32_t
nearest_add(struct nearest *n, const int8_t *row)
{
	uint32_t at = (uint32_t)n->count;
	uint64_t bits[MOST_DIMS / 64] = { 0 }, *block;

	assert(n->count < UINT32_MAX);
	if (n->count == n->room)
		make_room(n);
	sign_bits(row, n->dims, bits);
	block = n->blocks + at / BLOCK_ROWS * BLOCK_ROWS * n->head;
	for (size_t w = 0; w < n->head; w++)
		block[w * BLOCK_ROWS + at % BLOCK_ROWS] = bits[w];
	for (size_t w = n->head; w < n->words; w++)
		n->tail[at * (n->words - n->head) + w - n->head] = bits[w];
	memcpy(n->rows + at * n->stride, row, n->dims);
	n->inverse[at] = inverse_length(row, n->dims);
	n->count++;
	return at;
}

void
nearest_drop(struct nearest *n, uint32_t row)
{
	assert(row < n->count);
	n->inverse[row] = 0;
}

const int8_t *
nearest_row(const struct nearest *n, uint32_t row)
{
	assert(row < n->count);
	return n->rows + row * n->stride;
}

/* A list of the best so far, best first. */
struct best {
	struct near *list;
	size_t count, most;
};

static void
best_take(struct best *b, uint32_t row, float score)
{
	size_t at;

	if (b->count == b->most && score <= b->list[b->count - 1].score)
		return;
	at = b->count < b->most ? b->count++ : b->count - 1;
	for (; at > 0 && b->list[at - 1].score < score; at--)
		b->list[at] = b->list[at - 1];
	b->list[at] = (struct near){ row, score };
}

struct asked {
	int8_t row[MOST_DIMS];
	uint64_t bits[MOST_DIMS / 64];
	float inverse;
};

static void
asked_make(const struct nearest *n, const int8_t *row, struct asked *q)
{
	memcpy(q->row, row, n->dims);
	memset(q->row + n->dims, 0, n->stride - n->dims);
	memset(q->bits, 0, n->words * sizeof(*q->bits));
	sign_bits(row, n->dims, q->bits);
	q->inverse = inverse_length(row, n->dims);
}

static void
compare(const struct nearest *n, const struct asked *q, uint32_t row, struct best *b)
{
	int32_t sum;

	if (n->inverse[row] == 0)
		return;
	sum = path()->dot(q->row, n->rows + row * n->stride, n->stride);
	best_take(b, row, (float)sum * q->inverse * n->inverse[row]);
}

struct chosen {
	struct candidate *list;
	size_t count, room;
};

/* The least distance that leaves at least `wanted` of the list. */
static uint32_t
distance_of(const struct candidate *list, size_t count, size_t wanted)
{
	static uint32_t at[MOST_DIMS + 1];
	uint32_t bound = 0, most = 0;
	size_t seen;

	for (size_t i = 0; i < count; i++)
		most = list[i].distance > most ? list[i].distance : most;
	memset(at, 0, (most + 1) * sizeof(*at));
	for (size_t i = 0; i < count; i++)
		at[list[i].distance]++;
	for (seen = at[0]; seen < wanted && bound < most; seen += at[bound])
		bound++;
	return bound;
}

static void
keep_within(struct chosen *c, uint32_t bound)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->count; i++)
		if (c->list[i].distance <= bound)
			c->list[kept++] = c->list[i];
	c->count = kept;
}

/* The distance within which about so many rows will stand, from blocks all over the list. */
static uint32_t
first_bound(const struct nearest *n, const struct asked *q, size_t blocks, size_t wanted)
{
	static struct candidate list[SAMPLE * BLOCK_ROWS];
	size_t step = (blocks + SAMPLE - 1) / SAMPLE, count = 0;

	for (size_t block = 0; block < blocks; block += step)
		path()->bits(n->blocks, block, block + 1, n->head, q->bits, UINT32_MAX >> 1,
		    list, &count, SAMPLE * BLOCK_ROWS);
	return distance_of(list, count, wanted / step + 4);
}

/* The rows whose heads are nearest: about n / 64 of them, and never none. */
static void
head_pass(const struct nearest *n, const struct asked *q, struct chosen *c)
{
	size_t blocks = (n->count + BLOCK_ROWS - 1) / BLOCK_ROWS, block = 0;
	size_t wanted = n->count / 128 < COMPARED * 2 ? COMPARED * 2 : n->count / 128;
	uint32_t bound;

	wanted = wanted < c->room / 4 ? wanted : c->room / 4;
	bound = first_bound(n, q, blocks, wanted);
	for (c->count = 0; block < blocks;) {
		block = path()->bits(n->blocks, block, blocks, n->head, q->bits, bound, c->list,
		    &c->count, c->room);
		if (block < blocks) {
			/* more than were foreseen: the far ones make room, and where all stand
			 * at one distance the first of them must do */
			bound = distance_of(c->list, c->count, wanted);
			keep_within(c, bound);
			if (c->count > c->room / 2)
				c->count = c->room / 2;
		}
	}
}

static void
tail_pass(const struct nearest *n, const struct asked *q, struct chosen *c)
{
	if (n->words > n->head)
		path()->tail(n->tail, n->words - n->head, q->bits + n->head, c->list, c->count);
	keep_within(c, distance_of(c->list, c->count, COMPARED));
}

size_t
nearest_find(const struct nearest *n, const int8_t *row, struct near *found, size_t most)
{
	static struct candidate list[1 << 15];
	struct chosen c = { list, 0, sizeof(list) / sizeof(*list) };
	struct best b = { found, 0, most };
	struct asked q;

	assert(most > 0 && most <= MOST);
	if (n->count <= FEW)
		return nearest_scan(n, row, found, most);
	asked_make(n, row, &q);
	head_pass(n, &q, &c);
	tail_pass(n, &q, &c);
	for (size_t i = 0; i < c.count; i++)
		__builtin_prefetch(n->rows + c.list[i].row * n->stride);
	for (size_t i = 0; i < c.count; i++)
		if (c.list[i].row < n->count)
			compare(n, &q, c.list[i].row, &b);
	return b.count;
}

size_t
nearest_scan(const struct nearest *n, const int8_t *row, struct near *found, size_t most)
{
	struct best b = { found, 0, most };
	struct asked q;

	assert(most > 0 && most <= MOST);
	asked_make(n, row, &q);
	for (uint32_t i = 0; i < n->count; i++)
		compare(n, &q, i, &b);
	return b.count;
}
