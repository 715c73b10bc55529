/* SPDX-License-Identifier: MIT */
/* Reads one field of every line of a file, and edits it, by our scanner and by its rivals;
 * prints MB/s (the best of five rounds) and ratios. See json.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/edit.h"
#include "json/scan.h"

#define ROUNDS 5

/* json.cpp */
extern const size_t simdjson_padding;
const char *simdjson_version(void);
size_t simdjson_dom(const char *line, size_t length);
size_t simdjson_ondemand(const char *line, size_t length);

static struct buf text; /* with room behind it, which simdjson asks for */
static struct slice *lines;
static size_t line_count;

static void
load(const char *name)
{
	FILE *f = fopen(name, "rb");
	struct slice rest;
	size_t n;

	if (!f)
		exit(3);
	while ((n = fread(buf_room(&text, 1 << 20), 1, 1 << 20, f)) > 0)
		text.len += n;
	fclose(f);
	memset(buf_room(&text, simdjson_padding), 0, simdjson_padding);
	for (rest = buf_slice(&text); rest.len; line_count++) {
		if (line_count % 65536 == 0)
			lines = mem_grow(lines, line_count + 65536, sizeof(*lines));
		n = slice_find(rest, '\n');
		lines[line_count] = slice_take(rest, n);
		rest = slice_drop(rest, n + 1);
	}
}

/* Time of the processor, so that whatever else runs on the machine counts little. */
static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What a work returns is added up and printed, so that none can be left out; it is the same for
 * all that read. */
struct work {
	const char *what;
	size_t (*line)(struct slice line);
	const char *path; /* of our scanner */
	double least;
	size_t sum;
};

static double
speed(const struct work *w)
{
	return (double)text.len / 1e6 / w->least;
}

/* In turn and again, so that a slow minute of the machine is everybody's. */
static void
measure(struct work *works, size_t count)
{
	for (int round = 0; round < ROUNDS; round++)
		for (struct work *w = works; w < works + count; w++) {
			double start;

			if (w->path && !json_scan_use(w->path))
				continue;
			start = now();
			w->sum = 0;
			for (size_t i = 0; i < line_count; i++)
				w->sum += w->line(lines[i]);
			start = now() - start;
			if (w->least <= 0 || start < w->least)
				w->least = start;
		}
}

/* The first of them is the rival that the others are measured by. */
static void
print(const char *title, const struct work *works, size_t count)
{
	printf("  %-46s %12s %6s\n", title, "", "x");
	for (const struct work *w = works; w < works + count; w++)
		if (w->least > 0)
			printf("  %-46s %7.0f MB/s %6.2f   (%zu)\n", w->what, speed(w),
			    speed(w) / speed(works), w->sum);
}

static void
fail(const char *who)
{
	fprintf(stderr, "bench: %s refuses a line\n", who);
	exit(3);
}

static struct json json;

static size_t
read_ours(struct slice line)
{
	const char *why;
	size_t where;

	if (!json_scan(&json, line, &why, &where))
		fail("our scanner");
	return json_string_raw(json_get(json_get(json_root(&json), "body"), "model")).len;
}

static size_t
read_dom(struct slice line)
{
	return simdjson_dom(line.ptr, line.len);
}

static size_t
read_ondemand(struct slice line)
{
	return simdjson_ondemand(line.ptr, line.len);
}

static cJSON *
parse(struct slice line)
{
	cJSON *root = cJSON_ParseWithLength(line.ptr, line.len);

	if (!root)
		fail("cJSON");
	return root;
}

static size_t
read_cjson(struct slice line)
{
	cJSON *root = parse(line), *body = cJSON_GetObjectItemCaseSensitive(root, "body");
	size_t n = strlen(cJSON_GetObjectItemCaseSensitive(body, "model")->valuestring);

	cJSON_Delete(root);
	return n;
}

static size_t
edit_ours(struct slice line)
{
	static struct edits edits;
	static struct buf out;
	const char *why;
	size_t where;

	if (!json_scan(&json, line, &why, &where))
		fail("our scanner");
	edits_set(&edits, json_get(json_root(&json), "body"), "model", SLICE("\"other-2\""));
	buf_clear(&out);
	edits_apply(&edits, &json, &out);
	return out.len;
}

static size_t
edit_cjson(struct slice line)
{
	cJSON *root = parse(line), *body = cJSON_GetObjectItemCaseSensitive(root, "body");
	char *printed;
	size_t n;

	cJSON_ReplaceItemInObjectCaseSensitive(body, "model", cJSON_CreateString("other-2"));
	printed = cJSON_PrintUnformatted(root);
	n = strlen(printed);
	cJSON_free(printed);
	cJSON_Delete(root);
	return n;
}

int
main(int argc, char **argv)
{
	struct work reads[] = {
		{ .what = "cJSON parse + get", .line = read_cjson },
		{ .what = "simdjson DOM + get (validates all)", .line = read_dom },
		{ .what = "simdjson on-demand (validates what it reads)",
		    .line = read_ondemand },
		{ .what = "llm-tools scan + get, portable",
		    .line = read_ours,
		    .path = "portable" },
		{ .what = "llm-tools scan + get, avx2", .line = read_ours, .path = "avx2" },
		{ .what = "llm-tools scan + get, avx512", .line = read_ours, .path = "avx512" },
	};
	struct work edits[] = {
		{ .what = "cJSON parse + replace + print", .line = edit_cjson },
		{ .what = "llm-tools scan + edit, other bytes kept", .line = edit_ours },
	};
	const struct work *ours = reads;
	double jq;

	if (argc != 3)
		return 2;
	jq = strtod(argv[2], NULL);
	load(argv[1]);
	printf("JSON: %zu lines, %.0f MB, %.0f bytes a line, processor time; cJSON %s; "
	       "simdjson %s\n",
	    line_count, (double)text.len / 1e6, (double)text.len / (double)line_count,
	    cJSON_Version(), simdjson_version());
	measure(reads, 6);
	print("read .body.model of each line", reads, 6);
	for (const struct work *w = reads + 3; w < reads + 6; w++)
		if (w->least > 0)
			ours = w;
	printf("  to reach: 5 x cJSON; reached: %.1f x\n", speed(ours) / speed(reads));
	measure(edits, 2);
	print("set .body.model of each line", edits, 2);
	printf("  to reach: 10 x cJSON; reached: %.1f x\n", speed(&edits[1]) / speed(edits));
	if (jq > 0)
		printf("  jq -c on the first 20 MB: %.0f MB/s; to reach: 40 x jq; reached: "
		       "%.0f x\n",
		    jq, speed(&edits[1]) / jq);
	return 0;
}
