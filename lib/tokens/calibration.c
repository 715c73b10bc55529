/* SPDX-License-Identifier: MIT */
#include "tokens/calibration.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/scan.h"
#include "tokens/families.h"
#include "tokens/refusal.h"
#include "tokens/tokens.h"

#define LINE_MOST (1u << 20)
#define OVERHEAD_MOST 1e7 /* tokens */

static struct calibration *calibrations;
static size_t calibration_count;
static struct refusal reason;

static bool
read_factor(struct value object, const char *name, double *factor)
{
	return json_double(json_get(object, name), factor) && *factor > 0 && *factor < 1000;
}

/* An absent overhead is none. */
static bool
read_overhead(struct value object, double *overhead)
{
	struct value v = json_get(object, "overhead");

	*overhead = 0;
	return !json_type(v) || (json_double(v, overhead) && fabs(*overhead) <= OVERHEAD_MOST);
}

static void
keep(struct calibration c)
{
	char *copy = mem_alloc(c.model.len + 1);

	memcpy(copy, c.model.ptr, c.model.len);
	c.model.ptr = copy;
	calibrations = mem_grow(calibrations, calibration_count + 1, sizeof *calibrations);
	calibrations[calibration_count++] = c;
}

/* One line of a calibration. */
static bool
read_calibration(struct json *j, struct slice line, struct arena *a)
{
	struct calibration c;
	struct value root;
	const char *why;
	size_t where;

	if (!json_scan(j, line, &why, &where))
		return refuse(&reason, "%s", why);
	root = json_root(j);
	c.model = json_string(json_get(root, "model"), a);
	if (!c.model.len)
		return refuse(&reason, "has no 'model'");
	if (!read_factor(root, "factor", &c.factor) || !read_factor(root, "low", &c.low) ||
	    !read_factor(root, "high", &c.high))
		return refuse(&reason, "wants 'factor', 'low' and 'high' between 0 and 1000");
	if (c.low > c.factor || c.factor > c.high)
		return refuse(&reason, "'factor' is not between 'low' and 'high'");
	if (!read_overhead(root, &c.overhead))
		return refuse(&reason, "'overhead' is no number of tokens");
	keep(c);
	return true;
}

static bool
read_lines(FILE *in)
{
	struct arena a = { 0 };
	struct json j = { 0 };
	char *text = NULL;
	size_t room = 0, number = 0;
	bool good = true;
	ssize_t n;

	while (good && (n = getline(&text, &room, in)) >= 0) {
		struct slice line = slice_trim(slice_of(text, (size_t)n));
		char wrong[160];

		number++;
		if (!line.len)
			continue;
		if (line.len <= LINE_MOST && read_calibration(&j, line, &a))
			continue;
		snprintf(wrong, sizeof wrong, "%.159s",
		    line.len > LINE_MOST ? "is too long" : reason.text);
		good = refuse(&reason, "line %zu: %s", number, wrong);
	}
	if (good && ferror(in))
		good = refuse(&reason, "%s", strerror(errno));
	free(text);
	json_free(&j);
	arena_close(&a);
	return good;
}

bool
calibration_load(const char *file, const char **why)
{
	FILE *in = fopen(file, "r");
	bool good;

	*why = reason.text;
	if (!in)
		return refuse(&reason, "%s", strerror(errno));
	good = read_lines(in);
	fclose(in);
	return good;
}

typedef struct slice shorten_fn(struct slice model, char room[FAMILY_NAME_MOST]);

static struct slice
as_it_is(struct slice model, char room[FAMILY_NAME_MOST])
{
	(void)room;
	return model;
}

static const struct calibration *
find(struct slice model, shorten_fn *shorten)
{
	char room[FAMILY_NAME_MOST], other[FAMILY_NAME_MOST];
	struct slice name = shorten(model, room);

	for (size_t i = calibration_count; i > 0; i--)
		if (slice_eq(shorten(calibrations[i - 1].model, other), name))
			return &calibrations[i - 1];
	return NULL;
}

const struct calibration *
calibration_of(struct slice model)
{
	static shorten_fn *const ways[] = { as_it_is, family_own_name, family_plain_name };
	const struct calibration *found = NULL;

	if (!model.len)
		return NULL;
	for (size_t i = 0; i < sizeof ways / sizeof *ways && !found; i++)
		found = find(model, ways[i]);
	return found;
}
