/* SPDX-License-Identifier: MIT */
/* The counter of lib/tokens in a process of its own; prints one line of JSON. See tokens.py.
 *
 * tokens ENCODING text FILE    the whole file in one call, then the same again four times
 * tokens ENCODING lines FILE   one call for each string of a file of frames: a length in four
 *                              bytes, then the bytes; twice
 * tokens ENCODING run TEXT N   N bytes of TEXT over and over, in one call
 *
 * `load` is the time of the first count of one byte, `fresh` that of the first pass after it,
 * `warm` the least of the later ones, in seconds of processor time; `rss` is what the process
 * took at most beyond what it had with the text alone, in KiB, and `mapped` the part of it that
 * is its own file: the tables, shared with every other process. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "stream/file.h"
#include "tokens/encoding.h"

static struct buf text;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long
peak(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* A line of /proc/self/status, in KiB; 0 where there is none. */
static long
status(const char *name)
{
	char line[256];
	long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, name, strlen(name)) == 0)
			kib = strtol(line + strlen(name) + 1, NULL, 10);
	if (f)
		fclose(f);
	return kib;
}

static uint64_t
count_whole(const struct encoding *e)
{
	return encoding_count(e, buf_slice(&text));
}

static uint64_t
count_lines(const struct encoding *e)
{
	struct slice rest = buf_slice(&text);
	uint64_t sum = 0;
	uint32_t n;

	while (rest.len >= sizeof(n)) {
		memcpy(&n, rest.ptr, sizeof(n));
		rest = slice_drop(rest, sizeof(n));
		sum += encoding_count(e, slice_take(rest, n));
		rest = slice_drop(rest, n);
	}
	return sum;
}

static void
fill(struct slice unit, size_t size)
{
	while (text.len + unit.len <= size)
		buf_add(&text, unit);
}

int
main(int argc, char **argv)
{
	const struct encoding *e = argc > 3 ? encoding_find(slice_z(argv[1])) : NULL;
	bool lines = argc > 3 && strcmp(argv[2], "lines") == 0;
	uint64_t (*count)(const struct encoding *) = lines ? count_lines : count_whole;
	double start, load, fresh, warm = 1e9;
	long before, mapped;
	uint64_t sum;

	if (!e)
		return 2;
	if (strcmp(argv[2], "run") == 0)
		fill(slice_z(argv[3]), argc > 4 ? strtoul(argv[4], NULL, 10) : 1000000);
	else if (!file_read(argv[3], &text))
		return 3;
	before = status("VmRSS");
	mapped = status("RssFile");
	start = now();
	(void)encoding_count(e, SLICE("a"));
	load = now() - start;
	start = now();
	sum = count(e);
	fresh = now() - start;
	for (int i = 0; i < (lines ? 1 : 4); i++) {
		start = now();
		if (count(e) != sum)
			return 1;
		start = now() - start;
		warm = start < warm ? start : warm;
	}
	printf("{\"count\":%llu,\"load\":%.6f,\"fresh\":%.6f,\"warm\":%.6f,\"rss\":%ld,"
	       "\"mapped\":%ld}\n",
	    (unsigned long long)sum, load, fresh, warm, peak() - before,
	    status("RssFile") - mapped);
	return 0;
}
