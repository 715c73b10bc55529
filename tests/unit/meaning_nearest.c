/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "meaning/characters.h"
#include "meaning/embed.h"
#include "meaning/nearest.h"
#include "stats/random.h"

static struct random numbers;

static void
make_row(size_t dims, float *unit, int8_t *row)
{
	for (size_t i = 0; i < dims; i++)
		unit[i] = (float)random_below(&numbers, 2001) / 1000 - 1;
	CHECK(vector_unit(unit, dims));
	nearest_pack(unit, dims, row);
}

static void
check_pack(void)
{
	float unit[4] = { .5F, -.5F, 0, .7071068F }, zero[4] = { 0 };
	int8_t row[4], none[4];

	check_group("a row holds the shape of its vector, and zero has no neighbour");
	nearest_pack(unit, 4, row);
	CHECK_NUMBER(row[3], 127);
	CHECK_NUMBER(row[0], 90);
	CHECK_NUMBER(row[1], -90);
	CHECK_NUMBER(row[2], 0);
	nearest_pack(zero, 4, none);
	CHECK(nearest_score(row, none, 4) == 0);
	CHECK(nearest_score(row, row, 4) > .9999F);
}

/* Every path must name the same rows with the same scores. */
static void
check_paths(size_t dims, size_t rows)
{
	static const char *const names[] = { "portable", "avx2", "avx512" };
	static float unit[512];
	static int8_t row[512];
	struct nearest *n = nearest_open(dims);
	struct near want[8], found[8];
	size_t best = 0;

	for (size_t i = 0; i < rows; i++) {
		make_row(dims, unit, row);
		CHECK_NUMBER(nearest_add(n, row), i);
	}
	for (unsigned q = 0; q < 20; q++) {
		float least;

		/* a row that is there, a little changed */
		memcpy(row, nearest_row(n, (uint32_t)(q * 37 % rows)), dims);
		for (size_t i = 0; i < dims; i += 5)
			row[i] = (int8_t)(row[i] / 2);
		CHECK(nearest_use("portable"));
		CHECK_NUMBER(nearest_find(n, row, want, 8), rows < 8 ? rows : 8);
		nearest_scan(n, row, found, 8);
		best += found[0].row == want[0].row;
		CHECK_NUMBER(want[0].row, q * 37 % rows);
		least = want[0].score;
		for (unsigned i = 0; i < 8 && i < rows; i++) {
			CHECK(want[i].score <= least);
			least = want[i].score;
		}
		for (unsigned p = 1; p < 3; p++) {
			if (!nearest_use(names[p]))
				continue;
			nearest_find(n, row, found, 8);
			CHECK(memcmp(found, want, sizeof(*found) * (rows < 8 ? rows : 8)) == 0);
		}
	}
	CHECK_NUMBER(best, 20);
	nearest_free(n);
}

static void
check_drop(void)
{
	static float unit[64];
	static int8_t row[64];
	struct nearest *n = nearest_open(64);
	struct near found[2];

	check_group("a dropped row is never found again");
	for (size_t i = 0; i < 5000; i++) {
		make_row(64, unit, row);
		nearest_add(n, row);
	}
	memcpy(row, nearest_row(n, 4321), 64);
	CHECK_NUMBER(nearest_find(n, row, found, 2), 2);
	CHECK_NUMBER(found[0].row, 4321);
	nearest_drop(n, 4321);
	CHECK_NUMBER(nearest_find(n, row, found, 2), 2);
	CHECK(found[0].row != 4321 && found[1].row != 4321);
	nearest_free(n);
}

/* All rows alike: there is no nearest, and it must come to an end. */
static void
check_alike(void)
{
	static float unit[128];
	static int8_t row[128];
	struct nearest *n = nearest_open(128);
	struct near found[4];

	check_group("a hundred thousand equal rows give some of them");
	make_row(128, unit, row);
	for (size_t i = 0; i < 100000; i++)
		nearest_add(n, row);
	CHECK_NUMBER(nearest_find(n, row, found, 4), 4);
	CHECK(found[3].score > .9999F);
	nearest_free(n);
	n = nearest_open(128);
	CHECK_NUMBER(nearest_find(n, row, found, 4), 0);
	nearest_free(n);
}

static float
alike(const char *a, const char *b)
{
	static float x[CHARACTERS_DIMS], y[CHARACTERS_DIMS];
	struct arena arena = { 0 };

	CHECK(characters_vector(slice_z(a), &arena, x));
	CHECK(characters_vector(slice_z(b), &arena, y));
	arena_close(&arena);
	return vector_dot(x, y, CHARACTERS_DIMS);
}

static void
check_characters(void)
{
	struct arena arena = { 0 };
	static float unit[CHARACTERS_DIMS];

	check_group("vectors of spelling: near where texts are written alike");
	CHECK(alike("Wie setze ich mein Passwort zurück?",
		  "wie setze ich mein passwort zurück") > .999F);
	CHECK(alike("Wie setze ich mein Passwort zurück?",
		  "Wie setze ich das Passwort zurück?") > .7F);
	CHECK(alike("Wie setze ich mein Passwort zurück?",
		  "Wo ist meine neue Karte geblieben?") < .4F);
	CHECK(!characters_vector(SLICE(""), &arena, unit) || unit[0] == unit[0]);
	arena_close(&arena);
}

int
main(void)
{
	random_open(&numbers, 1, 1);
	check_pack();
	check_group("few rows, 256 numbers");
	check_paths(256, 5);
	check_group("rows beyond the plain scan, 256 numbers");
	check_paths(256, 6000);
	check_group("384 numbers, and 100, which fill no word");
	check_paths(384, 3000);
	check_paths(100, 3000);
	check_drop();
	check_alike();
	check_characters();
	return check_finish();
}
