/* SPDX-License-Identifier: MIT */
/* What the user says about models: rank files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tokens/refusal.h"
#include "tokens/tokenizer.h"

#define FILE_MOST (64u << 20)

static struct given {
	struct slice model;
	const struct encoding *encoding;
} * given;
static size_t given_count;
static struct refusal reason;

static struct slice
keep(struct slice s)
{
	char *copy = mem_alloc(s.len + 1);

	memcpy(copy, s.ptr, s.len);
	return slice_of(copy, s.len);
}

/* The whole file; false and the reason if it cannot be read. */
static bool
read_whole(const char *name, struct buf *into)
{
	FILE *file = fopen(name, "rb");
	size_t got;

	if (!file)
		return refuse(&reason, "%s", strerror(errno));
	while ((got = fread(buf_room(into, 1 << 16), 1, 1 << 16, file)) > 0) {
		into->len += got;
		if (into->len > FILE_MOST)
			break;
	}
	if (ferror(file)) {
		refuse(&reason, "%s", strerror(errno));
		fclose(file);
		return false;
	}
	fclose(file);
	return into->len <= FILE_MOST || refuse(&reason, "is larger than 64 MiB");
}

/* What stands before ",split=NAME" at the end; *split is NAME, or absent. */
static struct slice
take_split(struct slice file, struct slice *split)
{
	static const struct slice word = { ",split=", 7 };

	*split = slice_of(NULL, 0);
	for (size_t at = file.len; at-- > 0;) {
		if (slice_starts(slice_drop(file, at), word)) {
			*split = slice_drop(file, at + word.len);
			return slice_take(file, at);
		}
	}
	return file;
}

static const struct encoding *
encoding_from(struct slice definition, const char **why)
{
	struct slice split, place = take_split(definition, &split);
	const struct encoding *e = encoding_find(definition);
	struct buf file = { 0 };
	char *name;

	if (e)
		return e;
	name = mem_zero(place.len + 1);
	memcpy(name, place.ptr, place.len);
	*why = reason.text;
	if (read_whole(name, &file))
		e = encoding_of_file(buf_slice(&file), split, why);
	buf_free(&file);
	free(name);
	return e;
}

bool
encodings_load(const char *definition, const char **why)
{
	struct slice all = slice_z(definition);
	size_t equals = slice_find(all, '=');
	const struct encoding *e;

	*why = reason.text;
	if (equals == 0 || equals + 1 >= all.len)
		return refuse(&reason, "wants MODEL=FILE or MODEL=o200k_base");
	e = encoding_from(slice_drop(all, equals + 1), why);
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
