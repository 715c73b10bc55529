/* SPDX-License-Identifier: MIT */
/* What is an error, and what is unlike the others. */
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "cmd/llm-compress/table/drop.h"

#define FAR 8

static const char *const bad_words[] = { "error", "fail", "fatal", "exception", "critical",
	"panic", "timeout", "timed out", "denied", "refused", "warn", "traceback", "abort",
	"corrupt", "unavailable", "unauthorized", "forbidden", "crash", "severe", "emergency",
	"alert", "invalid", "rejected", "unreachable", "oom", "killed", "segfault", "deadlock",
	"unhealthy", "not found", "overflow", "degraded" };

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether one of the words begins at p, where a word may begin. */
static bool
bad_word(struct slice s)
{
	char first = (char)(s.ptr[0] | 0x20);

	for (size_t i = 0; i < sizeof(bad_words) / sizeof(*bad_words); i++) {
		size_t n = strlen(bad_words[i]);

		if (bad_words[i][0] == first && s.len >= n &&
		    strncasecmp(s.ptr, bad_words[i], n) == 0)
			return true;
	}
	return false;
}

/* Behind the string that begins at i comes a colon. */
static bool
is_name(struct slice s, size_t i)
{
	for (i++; i < s.len && s.ptr[i] != '"'; i++)
		i += s.ptr[i] == '\\';
	for (i++; i < s.len && s.ptr[i] == ' ';)
		i++;
	return i < s.len && s.ptr[i] == ':';
}

bool
drop_sounds_bad(struct slice s, bool json)
{
	for (size_t i = 0; i < s.len; i++) {
		if (json && s.ptr[i] == '"' && is_name(s, i)) {
			for (i++; i < s.len && s.ptr[i] != '"'; i++)
				i += s.ptr[i] == '\\';
			continue;
		}
		/* TimeoutError and read_failed count: a word may begin behind a small letter */
		if (is_letter(s.ptr[i]) &&
		    (!i || !is_letter(s.ptr[i - 1]) ||
			(s.ptr[i] <= 'Z' && s.ptr[i - 1] >= 'a')) &&
		    bad_word(slice_drop(s, i)))
			return true;
	}
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A run of letters and digits that goes from one to the other and back is a name that a
 * machine made up: 7d4b9, x2x9z. */
size_t
drop_made_up(struct slice s, size_t at)
{
	size_t i = at, turns = 0;

	if (at && (is_digit(s.ptr[at - 1]) || is_letter(s.ptr[at - 1])))
		return 0;
	for (; i < s.len && (is_digit(s.ptr[i]) || is_letter(s.ptr[i])); i++)
		turns += i > at && is_digit(s.ptr[i]) != is_digit(s.ptr[i - 1]);
	return turns > 1 && i - at > 4 ? i - at : 0;
}

uint64_t
drop_mask(struct slice s)
{
	uint64_t h = 0xCBF29CE484222325u;
	bool digit = false;

	for (size_t i = 0, made; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool now = is_digit(s.ptr[i]) ||
			   (digit && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));

		if ((made = drop_made_up(s, i)) != 0) {
			i += made - 1;
			now = true;
			digit = false;
		}
		if (now && digit)
			continue;
		digit = now;
		h = (h ^ (now ? '0' : c)) * 0x100000001B3u;
	}
	return h;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
drop_far(const double *v, size_t n, struct arena *a, bool *far)
{
	double *sorted = arena_alloc(a, (n + 1) * sizeof(*sorted)), middle, spread;

	if (n < 5)
		return;
	memcpy(sorted, v, n * sizeof(*v));
	qsort(sorted, n, sizeof(*sorted), by_value);
	middle = sorted[n / 2];
	for (size_t i = 0; i < n; i++)
		sorted[i] = fabs(v[i] - middle);
	qsort(sorted, n, sizeof(*sorted), by_value);
	spread = sorted[n / 2];
	if (spread <= 0) /* most are equal: whatever differs, if few do */
		spread = sorted[n - 1 - n / 50] > 0 ? sorted[n - 1 - n / 50] : 1e-9;
	for (size_t i = 0; i < n; i++)
		far[i] |= fabs(v[i] - middle) > FAR * spread;
}
