/* SPDX-License-Identifier: MIT */
/* What the files of db.h share, and the only place that knows SQLite's interface. */
#ifndef STORE_DB_PARTS_H
#define STORE_DB_PARTS_H

#include <sqlite3.h>

#include "store/db.h"

struct db {
	sqlite3 *handle;
	const struct db_format *format;
	bool read_only;
	bool wal;
	bool roomy; /* it has written */
	int version;
	int64_t busy_since, patience; /* ticks */
	uint64_t waits;
};

/* What a code of SQLite means to a user. */
const char *db_reason(int code);
/* SQL without results; SQLite's code. */
int db_run(struct db *d, const char *sql);
/* The first number of SQL's first row, 0 where there is none; SQLite's code. */
int db_ask(struct db *d, const char *sql, int *number);

#endif
