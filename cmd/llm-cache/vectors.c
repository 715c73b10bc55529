/* SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "endpoint.h"
#include "json/path.h"
#include "meaning/characters.h"
#include "meaning/nearest.h"
#include "store/notes.h"
#include "stream/file.h"

/* Chosen on CLINC150: at these scores 3.1 of 100 hits of the table were wrong, of the encoder
 * 0.9; it asks for much less before hits are as often wrong, so that it may be eased further,
 * though by less than there: other questions are harder. */
#define STRICT_TABLE 0.90F
#define STRICT_SENTENCE 0.90F
#define STRICT_GIVEN 0.93F /* of vectors that nobody measured */
#define STRICT_CHARACTERS 0.92F
#define EASE 0.18F
#define EASE_SENTENCE 0.22F

struct vector_settings vector_settings;

const char *
vectors_option(void)
{
	if (vector_settings.encoder)
		return "encoder";
	if (vector_settings.given)
		return "vectors";
	return vector_settings.embed ? "embed" : NULL;
}

enum source { SOURCE_EMBED, SOURCE_MEMBER, SOURCE_FILE, SOURCE_ENDPOINT };

struct vectors {
	enum source source;
	struct embed *embed;
	struct path *member;
	struct hash_map texts; /* of the file, by digest */
	float *rows;
	struct endpoint *endpoint;
	struct slice name;
	struct buf made; /* name, where it had to be put together */
	size_t dims;     /* 0: the first vector tells */
	uint64_t skipped, unknown;
	float unit[EMBED_MAX];
};

/* Numbers of an array to unit; *dims says how many. */
static bool
read_numbers(struct value list, float *unit, size_t *dims)
{
	double d;

	*dims = 0;
	if (json_type(list) != JSON_ARRAY)
		return false;
	for (struct value item = json_first(list); json_type(item); item = json_next(item)) {
		if (*dims == EMBED_MAX || json_type(item) != JSON_NUMBER ||
		    !json_double(item, &d))
			return false;
		unit[(*dims)++] = (float)d;
	}
	return *dims > 0 && vector_unit(unit, *dims);
}

static bool
size_fits(struct vectors *v, size_t dims)
{
	if (v->dims == 0)
		v->dims = dims;
	return v->dims == dims;
}

static struct value
first_of(struct value a, struct value b)
{
	return json_type(a) ? a : b;
}

static void
file_line(struct vectors *v, struct slice line, struct arena *a)
{
	static struct json json;
	unsigned char digest[DIGEST_SIZE];
	struct value root, list;
	struct slice text;
	const char *why;
	size_t where, dims, at;
	bool added;

	if (slice_trim(line).len == 0)
		return;
	if (!json_scan(&json, line, &why, &where)) {
		v->skipped++;
		return;
	}
	root = json_root(&json);
	list = first_of(json_get(root, "vector"), json_get(root, "embedding"));
	text = json_string(json_get(root, "text"), a);
	if (!text.ptr || !read_numbers(list, v->unit, &dims) || !size_fits(v, dims)) {
		v->skipped++;
		return;
	}
	digest_of(text, digest);
	at = hash_map_add(&v->texts, slice_of((char *)digest, DIGEST_SIZE), &added);
	if (added)
		v->rows = mem_grow(v->rows, (at + 1) * dims, sizeof(*v->rows));
	memcpy(v->rows + at * dims, v->unit, dims * sizeof(*v->rows));
}

static void
file_load(struct vectors *v, const char *name)
{
	struct buf all = { 0 };
	struct slice rest;
	struct arena a = { 0 };

	if (!file_read(name, &all))
		diag_die(STATUS_USAGE, "'--vectors' '%s': %s", diag_clean(slice_z(name)),
		    strerror(errno));
	for (rest = buf_slice(&all); rest.len;) {
		size_t n = slice_find(rest, '\n');

		file_line(v, slice_take(rest, n), &a);
		arena_reset(&a);
		rest = slice_drop(rest, n + 1);
	}
	arena_close(&a);
	buf_free(&all);
}

static void
open_given(struct vectors *v)
{
	const char *why, *given = vector_settings.given;

	v->member = given[0] == '.' ? path_compile(given, &why) : NULL;
	v->source = v->member ? SOURCE_MEMBER : SOURCE_FILE;
	/* the path is part of the name; a file may be moved, its vectors are what they are */
	buf_add(&v->made, SLICE("given"));
	if (v->member)
		buf_printf(&v->made, " %s", given);
	v->name = buf_slice(&v->made);
	if (!v->member)
		file_load(v, given);
}

static void
open_endpoint(struct vectors *v)
{
	v->source = SOURCE_ENDPOINT;
	v->endpoint = endpoint_open(&vector_settings);
	v->name = endpoint_name(v->endpoint);
}

struct vectors *
vectors_open(void)
{
	struct vectors *v;
	int many = (vector_settings.encoder != NULL) + (vector_settings.given != NULL) +
		   (vector_settings.embed != NULL);
	const char *why;

	if (many > 1)
		tool_usage("only one of '--encoder', '--vectors' and '--embed'");
	v = mem_zero(sizeof(*v));
	if (vector_settings.given) {
		open_given(v);
		return v;
	}
	if (vector_settings.embed) {
		open_endpoint(v);
		return v;
	}
	v->embed =
	    vector_settings.encoder ? embed_open(vector_settings.encoder, &why) : embed_table();
	if (!v->embed)
		diag_die(STATUS_USAGE, "'--encoder' '%s': %s",
		    diag_clean(slice_z(vector_settings.encoder)), why);
	v->name = embed_name(v->embed);
	v->dims = embed_dims(v->embed);
	return v;
}

static bool
member_vector(struct vectors *v, struct value root, const char **why)
{
	struct value list = path_get(v->member, root);
	size_t dims;

	if (!json_type(list)) {
		*why = "no vector at --vectors";
		return false;
	}
	if (read_numbers(list, v->unit, &dims) && size_fits(v, dims))
		return true;
	v->skipped++;
	*why = "its vector is none: zero, not finite or of another size";
	return false;
}

static bool
file_vector(struct vectors *v, struct slice text, const char **why)
{
	unsigned char digest[DIGEST_SIZE];
	size_t at;

	digest_of(text, digest);
	at = hash_map_find(&v->texts, slice_of((char *)digest, DIGEST_SIZE));
	if (at == SIZE_MAX) {
		*why = "no vector of this text in the file of --vectors";
		return false;
	}
	memcpy(v->unit, v->rows + at * v->dims, v->dims * sizeof(*v->unit));
	return true;
}

static bool
endpoint_vector(struct vectors *v, struct slice text, const char **why)
{
	struct value list;
	size_t dims;

	if (!endpoint_ask(v->endpoint, text, &list, why))
		return false;
	if (read_numbers(list, v->unit, &dims) && size_fits(v, dims))
		return true;
	v->skipped++;
	*why = "the vector that came is none: zero, not finite or of another size";
	return false;
}

static void
pack(struct vectors *v, size_t dims, struct arena *a, struct vector *out)
{
	out->dims = dims;
	out->row = arena_alloc(a, dims);
	nearest_pack(v->unit, dims, out->row);
}

void
vectors_place(
    const struct vector *v, struct slice text, unsigned char space[16], unsigned char name[16])
{
	static struct buf b;
	unsigned char digest[DIGEST_SIZE];

	buf_clear(&b);
	buf_add(&b, SLICE("vector of "));
	buf_add(&b, v->name);
	digest_of(buf_slice(&b), digest);
	memcpy(space, digest, 16);
	digest_of(text, digest);
	memcpy(name, digest, 16);
}

bool
vectors_cost(struct slice name)
{
	return !slice_starts(name, SLICE("table")) && !slice_starts(name, SLICE("given")) &&
	       !slice_starts(name, SLICE("characters"));
}

/* One that was kept: false where there is none. */
static bool
kept_vector(struct vectors *v, struct slice text, struct store *store, struct arena *a,
    struct vector *out)
{
	unsigned char space[16], name[16];
	struct slice bytes;
	const char *why;

	vectors_place(out, text, space, name);
	if (!store || !store_note_find(store, space, name, a, &bytes, &why) || !bytes.ptr ||
	    bytes.len == 0 || bytes.len > EMBED_MAX || !size_fits(v, bytes.len))
		return false;
	out->dims = bytes.len;
	out->row = arena_alloc(a, bytes.len);
	memcpy(out->row, bytes.ptr, bytes.len);
	return true;
}

static bool
spelling_vector(
    struct vectors *v, struct slice text, struct arena *a, struct vector *out, const char **why)
{
	v->unknown++;
	*why = "the embedding does not know this text";
	if (!characters_vector(text, a, v->unit))
		return false;
	out->name = SLICE(CHARACTERS_NAME);
	out->strict = STRICT_CHARACTERS;
	out->ease = EASE;
	out->costly = false;
	pack(v, CHARACTERS_DIMS, a, out);
	return true;
}

bool
vectors_of(struct vectors *v, struct value root, struct slice text, struct store *store,
    struct arena *a, struct vector *out, const char **why)
{
	bool good = true;

	*out = (struct vector){ .name = v->name, .strict = STRICT_GIVEN, .ease = EASE };
	out->costly = v->source == SOURCE_ENDPOINT ||
		      (v->source == SOURCE_EMBED && vector_settings.encoder);
	if (v->source == SOURCE_EMBED) {
		out->strict = out->costly ? STRICT_SENTENCE : STRICT_TABLE;
		out->ease = out->costly ? EASE_SENTENCE : EASE;
	}
	if (out->costly && kept_vector(v, text, store, a, out))
		return true;
	switch (v->source) {
	case SOURCE_EMBED:
		if (embed_text(v->embed, text, v->unit) != EMBED_OK)
			return spelling_vector(v, text, a, out, why);
		break;
	case SOURCE_MEMBER: good = member_vector(v, root, why); break;
	case SOURCE_FILE: good = file_vector(v, text, why); break;
	case SOURCE_ENDPOINT: good = endpoint_vector(v, text, why); break;
	}
	if (good)
		pack(v, v->dims, a, out);
	return good;
}

void
vectors_close(struct vectors *v)
{
	if (!v)
		return;
	if (v->skipped)
		diag_note("%" PRIu64 " vector%s skipped: zero, not finite or of another size",
		    v->skipped, v->skipped == 1 ? "" : "s");
	if (v->unknown)
		diag_note("%" PRIu64 " text%s that the embedding does not know, compared by "
			  "spelling",
		    v->unknown, v->unknown == 1 ? "" : "s");
	embed_close(v->embed);
	path_free(v->member);
	hash_map_free(&v->texts);
	free(v->rows);
	endpoint_close(v->endpoint);
	buf_free(&v->made);
	free(v);
}
