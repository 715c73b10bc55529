/* SPDX-License-Identifier: MIT */
#include "net/limit.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/when.h"

#define UNIT INT64_C(60000)
#define RATE_LIMIT UINT64_C(1000000000000)
#define RETRY_LIMIT (INT64_C(100) * 365 * 86400 * 1000)
#define BACKOFF_BASE 500
#define BACKOFF_CAP 60000

static int64_t
bucket_room(const struct bucket *b)
{
	int64_t second = (int64_t)b->per_minute * 1000;

	return second > UNIT ? second : UNIT;
}

void
bucket_open(struct bucket *b, uint64_t per_minute, int64_t now)
{
	b->per_minute = per_minute > RATE_LIMIT ? RATE_LIMIT : per_minute;
	b->level = bucket_room(b);
	b->at = now;
}

static void
bucket_fill(struct bucket *b, int64_t now)
{
	int64_t room = bucket_room(b), rate = (int64_t)b->per_minute;
	int64_t passed = now > b->at ? now - b->at : 0;
	int64_t missing = room - b->level;

	b->at = now > b->at ? now : b->at;
	if (passed > missing / rate)
		b->level = room;
	else
		b->level += passed * rate;
}

int64_t
bucket_take(struct bucket *b, uint64_t n, int64_t now)
{
	int64_t cost, needed, rate = (int64_t)b->per_minute;

	if (b->per_minute == 0)
		return 0;
	if (n > b->per_minute)
		return -1;
	bucket_fill(b, now);
	cost = (int64_t)n * UNIT;
	needed = cost < bucket_room(b) ? cost : bucket_room(b);
	if (b->level < needed)
		return (needed - b->level + rate - 1) / rate;
	b->level -= cost;
	return 0;
}

void
bucket_lower(struct bucket *b, uint64_t n)
{
	if (n < (uint64_t)(bucket_room(b) / UNIT) && b->level > (int64_t)n * UNIT)
		b->level = (int64_t)n * UNIT;
}

void
bucket_return(struct bucket *b, uint64_t n)
{
	int64_t room = bucket_room(b);

	if (b->per_minute == 0)
		return;
	if (n > b->per_minute)
		n = b->per_minute;
	b->level += (int64_t)n * UNIT;
	if (b->level > room)
		b->level = room;
}

static uint64_t
random_bits(void)
{
	struct timespec now = { 0 };
	uint64_t bits;

	if (getrandom(&bits, sizeof(bits), GRND_NONBLOCK) == (ssize_t)sizeof(bits))
		return bits;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_nsec * UINT64_C(0x9e3779b97f4a7c15) >> 16;
}

int64_t
backoff_ms(unsigned attempt)
{
	uint64_t most = BACKOFF_CAP;

	if (attempt == 0)
		attempt = 1;
	if (attempt <= 7)
		most = (uint64_t)BACKOFF_BASE << (attempt - 1);
	return (int64_t)(random_bits() % ((most < BACKOFF_CAP ? most : BACKOFF_CAP) + 1));
}

bool
retry_status(unsigned status)
{
	return status == 0 || status == 408 || status == 409 || status == 429 ||
	       (status >= 500 && status < 600);
}

/* Digits with an optional fraction, as milliseconds; false if it has another form. */
static bool
seconds_read(struct slice s, int64_t *ms)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
		n = n > RETRY_LIMIT ? n : n * 10 + (s.ptr[i] - '0');
	if (i == 0)
		return false;
	n = n > RETRY_LIMIT / 1000 ? RETRY_LIMIT : n * 1000;
	if (i < s.len && s.ptr[i] == '.') {
		int64_t unit = 100;
		bool rest = false;

		for (i++; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++, unit /= 10) {
			n += unit * (s.ptr[i] - '0');
			rest = rest || (unit == 0 && s.ptr[i] != '0');
		}
		n += rest;
	}
	*ms = n > RETRY_LIMIT ? RETRY_LIMIT : n;
	return i == s.len;
}

/* The three forms of RFC 9110, 5.6.7, in milliseconds since 1970; -1 if it is none. */
static int64_t
date_read(struct slice s)
{
	static const char *const forms[] = { "%a, %d %b %Y %H:%M:%S GMT",
		"%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y" };
	char text[64];

	if (s.len == 0 || s.len >= sizeof(text) || memchr(s.ptr, '\0', s.len))
		return -1;
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(text, forms[i], &tm);
		time_t t = end && !*end ? timegm(&tm) : -1;

		if (t >= 0)
			return (int64_t)t * 1000;
	}
	return -1;
}

int64_t
retry_after(struct slice value, struct slice date, int64_t now)
{
	struct slice s = slice_trim(value);
	int64_t ms, at;

	if (seconds_read(s, &ms))
		return ms;
	if (s.len > 1 && s.ptr[0] == '-' && seconds_read(slice_drop(s, 1), &ms))
		return 0;
	at = date_read(s);
	if (at < 0)
		return -1;
	/* the server's own clock, where it shows it: ours may differ */
	ms = date_read(slice_trim(date));
	ms = at - (ms >= 0 ? ms : now);
	return ms < 0 ? 0 : ms > RETRY_LIMIT ? RETRY_LIMIT : ms;
}

int64_t
rate_reset(const char *text, int64_t now)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = { { "ms", 1 }, { "h", 3600e3 }, { "m", 60e3 }, { "s", 1e3 }, { "", 1e3 } };
	double sum = 0, n;
	char *end;

	if (strchr(text, 'T')) {
		int64_t when = when_read(slice_z(text));

		sum = when == WHEN_NONE || when < now ? 0 : (double)(when - now);
		text = "";
	}
	while (*text) {
		size_t i = 0;

		n = strtod(text, &end);
		if (end == text || !(n >= 0 && n < 1e6))
			return 0;
		while (strncmp(end, units[i].unit, strlen(units[i].unit)) != 0)
			i++;
		sum += n * units[i].ms;
		text = end + strlen(units[i].unit);
		if (!units[i].unit[0])
			break;
	}
	return sum < 86400e3 ? (int64_t)sum : 86400 * 1000;
}
