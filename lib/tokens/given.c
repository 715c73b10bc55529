/* SPDX-License-Identifier: MIT */
/* What the user says about models: rank files and calibrations. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "json/scan.h"
#include "tokens/tokenizer.h"

#define FILE_MOST (64u << 20)

static struct given {
	struct slice model;
	const struct encoding *encoding;
} * given;
static size_t given_count;
static struct calibration *calibrations;
static size_t calibration_count;
static char reason[256];

static bool refuse(const char **why, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
refuse(const char **why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof reason, format, args);
	va_end(args);
	*why = reason;
	return false;
}

static struct slice
keep(struct slice s)
{
	char *copy = mem_alloc(s.len + 1);

	memcpy(copy, s.ptr, s.len);
	return slice_of(copy, s.len);
}

/* The whole file; false and *why if it cannot be read. */
static bool
read_whole(const char *name, struct buf *into, const char **why)
{
	FILE *file = fopen(name, "rb");
	size_t got;

	if (!file)
		return refuse(why, "%s", strerror(errno));
	while ((got = fread(buf_room(into, 1 << 16), 1, 1 << 16, file)) > 0) {
		into->len += got;
		if (into->len > FILE_MOST)
			break;
	}
	if (ferror(file)) {
		refuse(why, "%s", strerror(errno));
		fclose(file);
		return false;
	}
	fclose(file);
	return into->len <= FILE_MOST || refuse(why, "is larger than 64 MiB");
}

static const struct encoding *
encoding_from(const char *name, const char **why)
{
	const struct encoding *e = encoding_find(slice_z(name));
	struct buf file = { 0 };

	if (e)
		return e;
	if (read_whole(name, &file, why))
		e = encoding_of_ranks(buf_slice(&file), why);
	buf_free(&file);
	return e;
}

bool
encodings_load(const char *definition, const char **why)
{
	struct slice all = slice_z(definition);
	size_t equals = slice_find(all, '=');
	const struct encoding *e;

	if (equals == 0 || equals + 1 >= all.len)
		return refuse(why, "wants MODEL=FILE or MODEL=o200k_base");
	e = encoding_from(definition + equals + 1, why);
	if (!e)
		return false;
	given = mem_grow(given, given_count + 1, sizeof *given);
	given[given_count++] = (struct given){ keep(slice_take(all, equals)), e };
	return true;
}

const struct encoding *
encoding_given(struct slice model)
{
	for (size_t i = given_count; i > 0; i--)
		if (slice_eq(given[i - 1].model, model))
			return given[i - 1].encoding;
	return NULL;
}

static bool
read_factor(struct value object, const char *name, double *factor)
{
	return json_double(json_get(object, name), factor) && *factor > 0 && *factor < 1000;
}

/* One line of a calibration. */
static bool
read_calibration(struct json *j, struct slice line, struct arena *a, const char **why)
{
	struct calibration c;
	struct slice model;
	size_t where;

	if (!json_scan(j, line, why, &where))
		return false;
	model = json_string(json_get(json_root(j), "model"), a);
	if (!model.len)
		return refuse(why, "has no 'model'");
	if (!read_factor(json_root(j), "factor", &c.factor) ||
	    !read_factor(json_root(j), "low", &c.low) ||
	    !read_factor(json_root(j), "high", &c.high))
		return refuse(why, "wants 'factor', 'low' and 'high' between 0 and 1000");
	if (c.low > c.factor || c.factor > c.high)
		return refuse(why, "'factor' is not between 'low' and 'high'");
	c.model = keep(model);
	calibrations = mem_grow(calibrations, calibration_count + 1, sizeof *calibrations);
	calibrations[calibration_count++] = c;
	return true;
}

bool
calibration_load(const char *file, const char **why)
{
	struct buf text = { 0 };
	struct arena a = { 0 };
	struct json j = { 0 };
	struct slice rest;
	bool good = read_whole(file, &text, why);
	size_t number = 0;

	for (rest = buf_slice(&text); good && rest.len;) {
		struct slice line = slice_take(rest, slice_find(rest, '\n'));
		const char *wrong;

		rest = slice_drop(rest, line.len + 1);
		number++;
		if (slice_trim(line).len && !read_calibration(&j, line, &a, &wrong)) {
			char copy[160];

			snprintf(copy, sizeof copy, "%s", wrong);
			good = refuse(why, "line %zu: %s", number, copy);
		}
	}
	json_free(&j);
	arena_close(&a);
	buf_free(&text);
	return good;
}

const struct calibration *
calibration_of(struct slice model)
{
	for (size_t i = calibration_count; i > 0; i--)
		if (slice_eq(calibrations[i - 1].model, model))
			return &calibrations[i - 1];
	return NULL;
}
