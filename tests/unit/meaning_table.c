/* SPDX-License-Identifier: MIT */
/* The built-in table: vectors, what it does not know, and the same bytes with each path. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check.h"
#include "meaning/embed.h"
#include "meaning/rows.h"
#include "meaning/table.h"

#define DIMS 256

static enum embed_state
state_of(const char *text)
{
	float unit[DIMS];

	return embed_text(embed_table(), slice_z(text), unit);
}

static float
alike(const char *a, const char *b)
{
	float x[DIMS], y[DIMS];

	embed_text(embed_table(), slice_z(a), x);
	embed_text(embed_table(), slice_z(b), y);
	return vector_dot(x, y, DIMS);
}

static void
check_vectors(void)
{
	float unit[DIMS];

	check_group("vectors have length one and know their name");
	CHECK_NUMBER(embed_dims(embed_table()), DIMS);
	CHECK(slice_starts(embed_name(embed_table()), SLICE("table-256-")));
	CHECK(embed_text(embed_table(), SLICE("Where is my card?"), unit) == EMBED_OK);
	CHECK(fabsf(vector_dot(unit, unit, DIMS) - 1) < 1e-5f);
	CHECK(embed_table() == embed_table());
	embed_close(embed_table());
	CHECK(embed_text(embed_table(), SLICE("Where is my card?"), unit) == EMBED_OK);
}

static void
check_meaning(void)
{
	check_group("what means the same is nearer than what shares words");
	CHECK(alike("What is the capital of France?",
		  "Can you tell me the French capital city?") >
	      alike("What is the capital of France?", "What is the price of bread?"));
	CHECK(alike("my car broke down", "the automobile needs repair") >
	      alike("my car broke down", "my cat sat down"));
	CHECK(alike("how do I reset my password", "HOW DO I RESET MY PASSWORD") > .99999f);
}

static void
check_unknown(void)
{
	float unit[DIMS];

	check_group("text that the table does not know is noticed");
	CHECK(state_of("I don't know how to top up my card, can you help me?") == EMBED_OK);
	CHECK(state_of("I'm a student at O'Reilly's") == EMBED_OK);
	CHECK(state_of("Wie kann ich meine PIN \303\244ndern?") == EMBED_UNKNOWN);
	CHECK(
	    state_of("\346\263\225\345\233\275\347\232\204\351\246\226\351\203\275\346\230\257"
		     "\344\273\200\344\271\210") == EMBED_UNKNOWN);
	CHECK(state_of("\320\223\320\264\320\265 \320\274\320\276\321\217 "
		       "\320\272\320\260\321\200\321\202\320\260?") == EMBED_UNKNOWN);
	CHECK(state_of("\360\237\231\202") == EMBED_UNKNOWN);
	CHECK(embed_text(embed_table(), SLICE(" \001\t"), unit) == EMBED_EMPTY);
	for (size_t j = 0; j < DIMS; j++)
		CHECK(unit[j] == 0);
	CHECK(state_of("") == EMBED_EMPTY);
}

static void
check_long(void)
{
	size_t times = 30001, len = times * 9;
	char *text = mem_alloc(len);
	float once[DIMS], often[DIMS];

	check_group("a long text is summed as a whole");
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * 9, "my card? ", 9);
	embed_text(embed_table(), SLICE("my card?"), once);
	CHECK(embed_text(embed_table(), slice_of(text, len), often) == EMBED_OK);
	CHECK(vector_dot(once, often, DIMS) > .99999f);
	free(text);
}

/* Every row, in runs of each length up to 70. */
static void
check_paths(void)
{
#if SIMD_X86
	struct rows r = { table_rows, NULL };
	uint32_t count = (uint32_t)(table_rows_size / (ROW_BYTES + 2)), ids[70], at = 0;
	int32_t a[ROW_DIMS], b[ROW_DIMS];
	float x[ROW_DIMS], y[ROW_DIMS];

	if (!__builtin_cpu_supports("avx2")) {
		check_skip("sums and vectors are the same with AVX2", "this machine has none");
		return;
	}
	check_group("sums and vectors are the same with AVX2");
	r.scale = table_rows + (size_t)count * ROW_BYTES;
	for (size_t n = 0; at < count; n = (n + 1) % 71) {
		for (size_t i = 0; i < n; i++)
			ids[i] = at++ % count;
		rows_sum_portable(&r, ids, n, a);
		rows_sum_avx2(&r, ids, n, b);
		CHECK(memcmp(a, b, sizeof a) == 0);
		CHECK(rows_unit_portable(a, x) == rows_unit_avx2(b, y));
		CHECK(memcmp(x, y, sizeof x) == 0);
	}
#else
	check_skip("sums and vectors are the same with AVX2", "not this kind of machine");
#endif
}

/* The digits of rows that go to the ends: 15, 15, … and 0, 0, … with the largest scale. */
static void
check_extremes(void)
{
#if SIMD_X86
	static uint8_t rows[2 * ROW_BYTES], scales[4] = { 0xff, 0x3f, 0xff, 0x3f };
	static uint32_t ids[ROWS_MOST];
	struct rows r = { rows, scales };
	int32_t a[ROW_DIMS], b[ROW_DIMS];

	if (!__builtin_cpu_supports("avx2"))
		return;
	memset(rows, 0xff, ROW_BYTES);
	for (uint32_t which = 0; which < 2; which++) {
		for (size_t i = 0; i < ROWS_MOST; i++)
			ids[i] = which;
		rows_sum_portable(&r, ids, ROWS_MOST, a);
		rows_sum_avx2(&r, ids, ROWS_MOST, b);
		CHECK_NUMBER(a[0], (which ? -8 : 7) * 0x3fff * ROWS_MOST);
		CHECK(memcmp(a, b, sizeof a) == 0);
	}
#endif
}

static void
check_given(void)
{
	float v[3] = { 3, 0, 4 }, zero[2] = { 0, -0.f }, bad[2] = { 1, (float)NAN },
	      huge[2] = { 3e38f, 3e38f }, tiny[2] = { 0, 1e-44f };

	check_group("a vector from outside is brought to length one or refused");
	CHECK(vector_unit(v, 3) && v[0] == .6f && v[2] == .8f);
	CHECK(!vector_unit(zero, 2));
	CHECK(!vector_unit(bad, 2) && bad[0] == 1);
	bad[1] = (float)-INFINITY;
	CHECK(!vector_unit(bad, 2));
	CHECK(vector_unit(huge, 2) && fabsf(huge[0] - .70710678f) < 1e-6f);
	CHECK(vector_unit(tiny, 2) && tiny[1] == 1);
	CHECK(vector_dot(v, v, 0) == 0);
}

int
main(void)
{
	check_vectors();
	check_meaning();
	check_unknown();
	check_long();
	check_paths();
	check_extremes();
	check_given();
	return check_finish();
}
