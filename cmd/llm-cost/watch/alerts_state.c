/* SPDX-License-Identifier: MIT */
/* What is found without a log: results that are about to vanish, prices that are old. */
#include <stdio.h>
#include <stdlib.h>

#include "alerts.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "model/limits.h"
#include "stream/file.h"
#include "tool/tool.h"

#define DAY INT64_C(86400000)
#define WARN_DAYS 5
#define STALE_DAYS 90

/* The fields of one job, gathered over the lines of a state file. */
struct job_seen {
	int64_t created;
	bool fetched, failed;
	char name[96];
};

static void
read_job(struct json *json, struct hash_map *numbers, struct job_seen **jobs, struct arena *a)
{
	struct value root = json_root(json), v;
	struct job_seen *job;
	struct slice text;
	bool added;
	size_t i;

	v = json_get(root, "job");
	if (!json_type(v))
		return;
	i = hash_map_add(numbers, json_raw(v), &added);
	if (added) {
		*jobs = mem_grow(*jobs, i + 1, sizeof **jobs);
		(*jobs)[i] = (struct job_seen){ 0 };
	}
	job = &(*jobs)[i];
	v = json_get(root, "created");
	if (json_type(v) == JSON_STRING)
		job->created = when_read(json_string(v, a));
	job->fetched |= json_type(json_get(root, "fetched")) == JSON_STRING;
	job->failed |= json_is(json_get(root, "status"), "failed");
	text = json_string(json_get(root, "name"), a);
	if (text.ptr)
		snprintf(job->name, sizeof job->name, "%s", diag_clean(text));
}

/* The first line says whose jobs they are; a state that was made before there were others is
 * OpenAI's. */
static const struct limits *
read_header(const char *file, struct json *json, struct arena *a)
{
	struct value root = json_root(json);
	struct slice name = json_string(json_get(root, "provider"), a);

	if (!json_is(json_get(root, "kind"), "jobs"))
		diag_die(STATUS_USAGE, "%s: not a state of jobs", file);
	return limits_of(name.len ? arena_printf(a, "%.*s", SLICE_ARG(name)).ptr : "openai");
}

static void
say_vanishing(const struct job_seen *job, const struct limits *limits, struct alerts *a)
{
	int64_t last = job->created + (int64_t)limits->keep_days * DAY;
	char when[25];

	if (job->created <= 0 || job->fetched || job->failed ||
	    when_now() < last - WARN_DAYS * DAY)
		return;
	when_write(last, when);
	alert_add(a, "expiring", last, slice_z(job->name), NULL, NULL,
	    "the results of batch %s are not fetched; their last day is %.10s", job->name,
	    when);
}

void
watch_state(const char *file, struct alerts *a)
{
	struct hash_map numbers = { 0 };
	struct job_seen *jobs = NULL;
	struct json json = { 0 };
	struct arena arena = { 0 };
	struct buf text = { 0 };
	struct slice rest;
	const char *why;
	size_t where;
	const struct limits *limits = NULL;
	bool begun = false;

	if (!file_read(file, &text))
		diag_die_errno(STATUS_USAGE, "%s", file);
	for (rest = buf_slice(&text); rest.len;) {
		struct slice line = slice_take(rest, slice_find(rest, '\n'));

		rest = slice_drop(rest, line.len + 1);
		if (!json_scan(&json, line, &why, &where))
			continue;
		if (begun)
			read_job(&json, &numbers, &jobs, &arena);
		else
			limits = read_header(file, &json, &arena);
		begun = true;
	}
	/* where the provider does not state how long it keeps results, nothing is due */
	for (size_t i = 0; limits && limits->keep_days && i < numbers.count; i++)
		say_vanishing(&jobs[i], limits, a);
	free(jobs);
	hash_map_free(&numbers);
	json_free(&json);
	arena_close(&arena);
	buf_free(&text);
}

void
watch_prices(struct alerts *a)
{
	int64_t age = (when_now() - when_read(slice_z(prices_date()))) / DAY;
	char value[24];

	if (tool_common()->prices.count || age <= STALE_DAYS)
		return;
	snprintf(value, sizeof value, "%lld", (long long)age);
	alert_add(a, "stale_prices", WHEN_NONE, SLICE(""), value, "90",
	    "the built-in prices are of %s, %s days ago", prices_date(), value);
}
