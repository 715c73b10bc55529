/* SPDX-License-Identifier: MIT */
#include "base/diag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define REPEATED_SAID 20
#define REPEATED_KINDS 64

static const char *tool = "llm-tools";
static bool quiet, verbose;
static enum status raised;
static struct {
	const char *kind;
	uint64_t count;
	char first[160]; /* the first message of the kind, to tell which one is counted */
} kinds[REPEATED_KINDS];

void
diag_tool(const char *name)
{
	tool = name;
}

const char *
diag_tool_name(void)
{
	return tool;
}

void
diag_quiet(bool on)
{
	quiet = on;
}

void
diag_verbose(bool on)
{
	verbose = on;
}

/* Length of the UTF-8 sequence at p that is safe to show, 0 if there is none. */
static size_t
shown_length(const unsigned char *p, size_t left)
{
	static const unsigned least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = p[0] < 0x80   ? 1
		   : p[0] < 0xC2 ? 0
		   : p[0] < 0xE0 ? 2
		   : p[0] < 0xF0 ? 3
		   : p[0] < 0xF5 ? 4
				 : 0;
	unsigned c;

	if (n <= 1)
		return n == 1 && p[0] >= 0x20 && p[0] != 0x7F;
	if (n > left)
		return 0;
	c = p[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3F);
	}
	/* C1 controls, surrogates, direction overrides and separators are as bad as an escape
	 */
	if (c < least[n] || c > 0x10FFFF || c < 0xA0 || (c >= 0xD800 && c < 0xE000) ||
	    (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
	    (c >= 0x2066 && c <= 0x2069))
		return 0;
	return n;
}

static size_t
clean(const char *from, size_t length, char *to, size_t room)
{
	size_t n = 0, i = 0;

	while (i < length) {
		size_t step = shown_length((const unsigned char *)from + i, length - i);

		if (n + (step ? step : 1) > room)
			break;
		if (step)
			memcpy(to + n, from + i, step);
		else
			to[n] = '?';
		n += step ? step : 1;
		i += step ? step : 1;
	}
	return n;
}

const char *
diag_clean(struct slice text)
{
	static char ring[8][208];
	static unsigned next;
	char *place = ring[next++ % 8];
	size_t n = clean(text.ptr, text.len > 4096 ? 4096 : text.len, place, 200);

	if (text.len > n && n >= 196)
		memcpy(place + n, "...", 3), n += 3;
	place[n] = '\0';
	return place;
}

/* One line, one write, so that the messages of several stages of a pipe do not mix. */
static void __attribute__((format(printf, 2, 0)))
say(const char *suffix, const char *format, va_list args)
{
	char text[2048], line[2304];
	int head, n = vsnprintf(text, sizeof(text), format, args);
	size_t length = n < 0 ? 0 : (size_t)n >= sizeof(text) ? sizeof(text) - 1 : (size_t)n;

	head = snprintf(line, 64, "%.60s: ", tool);
	length = (size_t)head + clean(text, length, line + head, 2048);
	if (suffix) {
		n = snprintf(line + length, sizeof(line) - length - 1, ": %s", suffix);
		length += n < 0 ? 0 : (size_t)n;
		if (length > sizeof(line) - 2)
			length = sizeof(line) - 2;
	}
	line[length++] = '\n';
	for (size_t done = 0; done < length;) {
		ssize_t w = write(STDERR_FILENO, line + done, length - done);

		if (w < 0 && errno != EINTR)
			return; /* nowhere is left to complain */
		done += w > 0 ? (size_t)w : 0;
	}
}

#define SAY(suffix)                         \
	do {                                \
		int saved_ = errno;         \
		va_list args_;              \
		va_start(args_, format);    \
		say(suffix, format, args_); \
		va_end(args_);              \
		errno = saved_;             \
	} while (0)

void
diag_warn(const char *format, ...)
{
	SAY(NULL);
}

void
diag_warn_errno(const char *format, ...)
{
	SAY(strerror(errno));
}

void
diag_note(const char *format, ...)
{
	if (!quiet)
		SAY(NULL);
}

void
diag_detail(const char *format, ...)
{
	if (verbose)
		SAY(NULL);
}

void
diag_die(enum status status, const char *format, ...)
{
	SAY(NULL);
	diag_finish();
	exit(status);
}

void
diag_die_errno(enum status status, const char *format, ...)
{
	SAY(strerror(errno));
	diag_finish();
	exit(status);
}

void
diag_repeated(const char *kind, const char *format, ...)
{
	size_t i = 0;

	while (i < REPEATED_KINDS - 1 && kinds[i].kind && strcmp(kinds[i].kind, kind) != 0)
		i++;
	if (!kinds[i].kind) {
		va_list args;

		kinds[i].kind = kind;
		va_start(args, format);
		vsnprintf(kinds[i].first, sizeof(kinds[i].first), format, args);
		va_end(args);
	}
	if (kinds[i].count++ < REPEATED_SAID)
		SAY(NULL);
}

void
diag_finish(void)
{
	for (size_t i = 0; i < REPEATED_KINDS && kinds[i].kind; i++) {
		uint64_t more =
		    kinds[i].count > REPEATED_SAID ? kinds[i].count - REPEATED_SAID : 0;

		if (more)
			diag_warn(
			    "%llu more like '%s'", (unsigned long long)more, kinds[i].first);
		kinds[i].count = 0;
	}
}

/* Where several statuses hold the order is 2, 3, 1, 5, 4. */
static int
weight(enum status s)
{
	static const int order[] = { [STATUS_OK] = 0,
		[STATUS_REJECTED] = 1,
		[STATUS_LATER] = 2,
		[STATUS_NO] = 3,
		[STATUS_FAILED] = 4,
		[STATUS_USAGE] = 5 };

	return order[s];
}

void
status_raise(enum status status)
{
	if (weight(status) > weight(raised))
		raised = status;
}

enum status
status_get(void)
{
	return raised;
}
