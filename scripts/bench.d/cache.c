/* SPDX-License-Identifier: MIT */
/* Bare SQLite, as the measure of the cache: rows of the same sizes by a key of 64 bits, looked
 * up one by one in one transaction, in the order of the requests.
 *
 * usage: cache FILE ROWS BYTES */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t
key_of(uint64_t n)
{
	/* splitmix64: keys as far apart as digests are */
	n += 0x9e3779b97f4a7c15u;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9u;
	n = (n ^ n >> 27) * 0x94d049bb133111ebu;
	return n ^ n >> 31;
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
need(int good)
{
	if (!good) {
		fputs("bench: cache: SQLite failed\n", stderr);
		exit(3);
	}
}

static void
fill(sqlite3 *db, int rows, const char *bytes, int size)
{
	sqlite3_stmt *put;

	need(
	    sqlite3_exec(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, body BLOB NOT NULL);BEGIN",
		NULL, NULL, NULL) == SQLITE_OK);
	need(
	    sqlite3_prepare_v2(db, "INSERT INTO t VALUES(?1,?2)", -1, &put, NULL) == SQLITE_OK);
	for (int i = 0; i < rows; i++) {
		sqlite3_bind_int64(put, 1, (int64_t)key_of((uint64_t)i));
		sqlite3_bind_blob(put, 2, bytes, size, SQLITE_STATIC);
		need(sqlite3_step(put) == SQLITE_DONE);
		sqlite3_reset(put);
	}
	sqlite3_finalize(put);
	need(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
}

static double
look_up(sqlite3 *db, int rows)
{
	sqlite3_stmt *get;
	double began = seconds();
	int64_t sum = 0;

	need(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK);
	need(sqlite3_prepare_v2(db, "SELECT body FROM t WHERE id=?1", -1, &get, NULL) ==
	     SQLITE_OK);
	for (int i = 0; i < rows; i++) {
		sqlite3_bind_int64(get, 1, (int64_t)key_of((uint64_t)i));
		need(sqlite3_step(get) == SQLITE_ROW);
		sum += *(const char *)sqlite3_column_blob(get, 0);
		sqlite3_reset(get);
	}
	sqlite3_finalize(get);
	need(sum == 'x' * (int64_t)rows);
	need(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
	return seconds() - began;
}

int
main(int argc, char **argv)
{
	int rows = argc == 4 ? (int)strtol(argv[2], NULL, 10) : 0,
	    size = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0;
	double best = 1e9;
	char *bytes;
	sqlite3 *db;

	if (rows <= 0 || size <= 0)
		return 2;
	bytes = malloc((size_t)size);
	need(bytes != NULL);
	for (int i = 0; i < size; i++)
		bytes[i] = 'x';
	remove(argv[1]);
	need(sqlite3_open(argv[1], &db) == SQLITE_OK);
	fill(db, rows, bytes, size);
	for (int i = 0; i < 3; i++) {
		double t = look_up(db, rows);

		best = t < best ? t : best;
	}
	printf("%.0f\n", rows / best);
	sqlite3_close(db);
	free(bytes);
	return 0;
}
