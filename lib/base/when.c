/* SPDX-License-Identifier: MIT */
#include "base/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define DAY_MS INT64_C(86400000)

static int64_t fixed = WHEN_NONE;

/* Howard Hinnant's days_from_civil: a year that starts in March makes leap days last. */
int64_t
when_days(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Exactly n digits from the head of *s; -1 if they are not there. */
static inline int
digits(struct slice *s, size_t n)
{
	int value = 0;

	if (s->len < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s->ptr[i] < '0' || s->ptr[i] > '9')
			return -1;
		value = value * 10 + (s->ptr[i] - '0');
	}
	*s = slice_drop(*s, n);
	return value;
}

static inline bool
is_any(char c, const char *any)
{
	while (*any && *any != c)
		any++;
	return *any;
}

static inline bool
skip(struct slice *s, const char *any)
{
	if (!s->len || !is_any(s->ptr[0], any))
		return false;
	*s = slice_drop(*s, 1);
	return true;
}

static bool
read_date(struct slice *s, int64_t *ms)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = digits(s, 4), month, day;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (year < 0 || !skip(s, "-") || (month = digits(s, 2)) < 1 || month > 12 ||
	    !skip(s, "-") || (day = digits(s, 2)) < 1 ||
	    day > length[month - 1] + (month == 2 && leap))
		return false;
	*ms = when_days(year, month, day) * DAY_MS;
	return true;
}

static bool
read_clock(struct slice *s, int64_t *ms)
{
	int hour = digits(s, 2), minute, second = 0, fraction = 0, scale = 100;

	if (hour < 0 || hour > 24 || !skip(s, ":") || (minute = digits(s, 2)) < 0 ||
	    minute > 59)
		return false;
	if (skip(s, ":")) {
		if ((second = digits(s, 2)) < 0 || second > 60)
			return false;
		if (skip(s, ".,")) {
			if (!s->len || s->ptr[0] < '0' || s->ptr[0] > '9')
				return false;
			for (; s->len && s->ptr[0] >= '0' && s->ptr[0] <= '9'; scale /= 10) {
				fraction += (s->ptr[0] - '0') * scale;
				*s = slice_drop(*s, 1);
			}
		}
	}
	*ms += ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + fraction;
	return true;
}

static bool
read_zone(struct slice *s, int64_t *ms)
{
	bool west;
	int hour, minute = 0;

	if (skip(s, " ") && slice_eqz(*s, "UTC")) {
		*s = slice_drop(*s, 3);
		return true;
	}
	if (skip(s, "Zz"))
		return true;
	if (!s->len || !strchr("+-", s->ptr[0]))
		return false;
	west = s->ptr[0] == '-';
	*s = slice_drop(*s, 1);
	if ((hour = digits(s, 2)) < 0 || hour > 18)
		return false;
	if (s->len && (skip(s, ":"), (minute = digits(s, 2)) < 0 || minute > 59))
		return false;
	*ms += (west ? 1 : -1) * (hour * 60 + minute) * INT64_C(60000);
	return true;
}

/* Seconds or milliseconds since 1970, with a fraction of seconds. */
static int64_t
read_epoch(struct slice s)
{
	int64_t whole = 0, fraction = 0, scale = 100;
	bool minus = skip(&s, "-");
	size_t n = 0;

	for (; s.len && s.ptr[0] >= '0' && s.ptr[0] <= '9'; s = slice_drop(s, 1)) {
		if (++n > 15)
			return WHEN_NONE;
		whole = whole * 10 + (s.ptr[0] - '0');
	}
	if (n && skip(&s, "."))
		for (; s.len && s.ptr[0] >= '0' && s.ptr[0] <= '9';
		     s = slice_drop(s, 1), scale /= 10)
			fraction += (s.ptr[0] - '0') * scale;
	if (!n || s.len)
		return WHEN_NONE;
	whole = whole >= INT64_C(100000000000) ? whole : whole * 1000 + fraction;
	return minus ? -whole : whole;
}

/* Records of few days stand side by side, so days that were read are remembered. */
static bool
read_day(struct slice *s, int64_t *ms)
{
	enum { LENGTH = 10 };
	static struct day {
		char text[LENGTH]; /* without a NUL, empty: free */
		int64_t start;
	} known[64];
	const char *text = s->ptr;
	struct day *day;

	if (s->len < LENGTH)
		return false;
	day = &known[(unsigned)(text[9] + 10 * text[8] + 6 * text[6]) % 64];
	if (*day->text && memcmp(text, day->text, LENGTH) == 0) {
		*ms = day->start;
		*s = slice_drop(*s, LENGTH);
		return true;
	}
	if (!read_date(s, ms))
		return false;
	memcpy(day->text, text, LENGTH);
	day->start = *ms;
	return true;
}

/* Two digits, or a number that is too large for all that has two. */
static inline unsigned
pair(const char *p)
{
	unsigned tens = (unsigned)(p[0] - '0'), ones = (unsigned)(p[1] - '0');

	return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

/* What stands behind the day of nearly all times: Thh:mm:ssZ or Thh:mm:ss.mmmZ. False where it
 * has another form or a number in it is too large. */
static bool
read_plain(struct slice s, int64_t *ms)
{
	const char *p = s.ptr;
	unsigned hour, minute, second, tenths = 0, rest = 0;

	if ((s.len != 10 && s.len != 14) || p[0] != 'T' || p[3] != ':' || p[6] != ':' ||
	    p[s.len - 1] != 'Z')
		return false;
	hour = pair(p + 1);
	minute = pair(p + 4);
	second = pair(p + 7);
	if (s.len == 14) {
		tenths = (unsigned)(p[10] - '0');
		rest = pair(p + 11);
		if (p[9] != '.' || tenths > 9 || rest > 99)
			return false;
	}
	if (hour > 24 || minute > 59 || second > 60)
		return false;
	*ms += ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + tenths * 100 + rest;
	return true;
}

int64_t
when_read(struct slice text)
{
	int64_t ms;
	struct slice s = text;

	if (!read_day(&s, &ms))
		return read_epoch(text);
	if (!s.len || read_plain(s, &ms))
		return ms;
	if (!skip(&s, "Tt ") || !read_clock(&s, &ms) || !read_zone(&s, &ms) || s.len)
		return WHEN_NONE;
	return ms;
}

void
when_write(int64_t when, char out[25])
{
	int64_t days = when / DAY_MS - (when % DAY_MS < 0), rest = when - days * DAY_MS;
	time_t seconds;
	struct tm tm;

	/* years of four digits only: 0000 to 9999 */
	if (days < -719528 || days > 2932896)
		days = rest = 0;
	seconds = (time_t)(days * 86400 + rest / 1000);
	gmtime_r(&seconds, &tm);
	snprintf(out, 25, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
	    (unsigned)(tm.tm_year + 1900) % 10000u, (unsigned)(tm.tm_mon + 1) % 100u,
	    (unsigned)tm.tm_mday % 100u, (unsigned)tm.tm_hour % 100u,
	    (unsigned)tm.tm_min % 100u, (unsigned)tm.tm_sec % 100u, (unsigned)(rest % 1000));
}

static int64_t
clock_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
when_now(void)
{
	return fixed != WHEN_NONE ? fixed : clock_ms(CLOCK_REALTIME);
}

void
when_fix(int64_t when)
{
	fixed = when;
}

int64_t
when_ticks(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}
