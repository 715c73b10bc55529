/* SPDX-License-Identifier: MIT */
/* What the headers of an answer tell: when to come again, how fast, and who it was. */
#ifndef NET_TOLD_H
#define NET_TOLD_H

#include "net/http.h"

/* A zeroed struct knows nothing. Values that are too long are cut. */
struct told {
	char retry_after[64], retry_after_ms[32], date[64], request_id[128];
	char wanted[2048];
	char rates[6][48]; /* limit, left, reset of requests, then of tokens */
};

/* Takes one header line as it came; a status line forgets what came before it (a proxy's answer
 * and 1xx ones come first, and only the last counts). wanted: a header to keep, or NULL. */
void told_line(struct told *t, struct slice line, const char *wanted);
/* Milliseconds from now, -1 if not told. */
int64_t told_retry(const struct told *t);
struct http_rates told_rates(const struct told *t);

#endif
