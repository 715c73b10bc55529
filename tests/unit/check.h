/* SPDX-License-Identifier: MIT */
/* TAP for unit tests in C: one line for each group of checks, details of what failed. */
#ifndef UNIT_CHECK_H
#define UNIT_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/slice.h"

static int check_groups, check_failed;
static const char *check_name;
static bool check_bad;

static inline void
check_close(void)
{
	if (!check_name)
		return;
	check_failed += check_bad;
	printf("%sok %d - %s\n", check_bad ? "not " : "", ++check_groups, check_name);
	fflush(stdout);
	check_name = NULL;
	check_bad = false;
}

/* What the next checks are about. */
static inline void
check_group(const char *name)
{
	check_close();
	check_name = name;
}

static inline void
check_skip(const char *name, const char *why)
{
	check_close();
	printf("ok %d - %s # SKIP %s\n", ++check_groups, name, why);
}

static inline int
check_finish(void)
{
	check_close();
	printf("1..%d\n", check_groups);
	return check_failed ? 1 : 0;
}

#define CHECK(expression)                                                                     \
	do {                                                                                  \
		if (!(expression)) {                                                          \
			check_bad = true;                                                     \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #expression);             \
		}                                                                             \
	} while (0)

#define CHECK_NUMBER(got, want)                                                               \
	do {                                                                                  \
		int64_t got_ = (int64_t)(got), want_ = (int64_t)(want);                       \
		if (got_ != want_) {                                                          \
			check_bad = true;                                                     \
			printf("# %s:%d: %s is %" PRId64 ", not %" PRId64 "\n", __FILE__,     \
			    __LINE__, #got, got_, want_);                                     \
		}                                                                             \
	} while (0)

#define CHECK_SLICE(got, want)                                                                \
	do {                                                                                  \
		struct slice got_ = (got), want_ = slice_z(want);                             \
		if (!slice_eq(got_, want_)) {                                                 \
			check_bad = true;                                                     \
			printf("# %s:%d: %s is '%.*s', not '%s'\n", __FILE__, __LINE__, #got, \
			    SLICE_ARG(got_), want);                                           \
		}                                                                             \
	} while (0)

#endif
