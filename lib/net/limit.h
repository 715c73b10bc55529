/* SPDX-License-Identifier: MIT */
/* When to send: token buckets and backoff. Time comes from the caller (when_ticks). */
#ifndef NET_LIMIT_H
#define NET_LIMIT_H

#include "base/slice.h"

/* N per minute with a burst of one second's share (at least one). One request that is larger
 * than the burst goes when the bucket is full and leaves a debt that time pays back, so that
 * the mean rate is never above N. */
struct bucket {
	uint64_t per_minute; /* 0: no limit */
	int64_t level;       /* 1/60,000 of a unit, so that a millisecond adds per_minute */
	int64_t at;          /* ticks of the last change */
};
/* Full. per_minute above 10^12 counts as 10^12. */
void bucket_open(struct bucket *b, uint64_t per_minute, int64_t now);
/* 0 if n may go now (and takes them), else milliseconds to wait; -1 if n can never go, because
 * it is more than a minute's share. */
int64_t bucket_take(struct bucket *b, uint64_t n, int64_t now);
/* No more than n are left of it now. */
void bucket_lower(struct bucket *b, uint64_t n);
/* Back: n that were taken but not used. */
void bucket_return(struct bucket *b, uint64_t n);

/* Full jitter: a pause before try number attempt (1 is the first repeat), random in
 * [0, min(base * 2^(attempt-1), cap)] ms; base 500, cap 60,000. */
int64_t backoff_ms(unsigned attempt);
/* Retryable by status: 408, 409, 429, 5xx (529 too); 0 = the connection failed. */
bool retry_status(unsigned status);

/* Milliseconds that a Retry-After value asks for: seconds (a fraction is rounded up), or an
 * HTTP date against date, the answer's own Date value (empty or no date: against now, in ms).
 * What is past is 0, more than 100 years is 100 years, what is neither is -1. */
int64_t retry_after(struct slice value, struct slice date, int64_t now);

/* Milliseconds until a limit is whole again, from a value such as `6m0s`, `20ms`, plain
 * seconds, or a time (against now, in ms); 0 for what is none or past, at most a day. */
int64_t rate_reset(const char *text, int64_t now);

#endif
