/* SPDX-License-Identifier: MIT */
/* A trained model as a file. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "cmd/llm-route/learned/near.h"
#include "json/scan.h"
#include "json/write.h"

#define VERSION 2
#define EXAMPLES_MOST 1000000

static void
put(struct buf *out, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_add_byte(out, (char)(v >> (8 * i)));
}

static void
put_float(struct buf *out, float f)
{
	uint32_t bits;

	memcpy(&bits, &f, sizeof(bits));
	put(out, bits, 4);
}

static void
head(const struct near *n, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "llm_route_model");
	write_number(&w, VERSION);
	write_name(&w, "arms");
	write_array(&w);
	for (size_t i = 0; i < n->arms; i++)
		write_string(&w, n->arm[i]);
	write_array_end(&w);
	write_name(&w, "embedding");
	write_string(&w, n->embedding);
	write_name(&w, "dimensions");
	write_number(&w, n->dims);
	write_name(&w, "examples");
	write_number(&w, n->count);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

void
near_write(const struct near *n, struct buf *out)
{
	unsigned char digest[DIGEST_SIZE];

	head(n, out);
	put_float(out, n->alike);
	for (size_t i = 0; i < NEAR_QUANTILES; i++)
		put_float(out, n->threshold[i]);
	for (size_t i = 0; i < n->count; i++) {
		const struct near_example *e = &n->example[i];

		put(out, e->look.hash, 8);
		for (size_t a = 0; a < n->arms; a++)
			put_float(out, e->outcome[a]);
		for (size_t f = 0; f < LOOK_FORMS; f++)
			put_float(out, e->look.form[f]);
		for (size_t d = 0; d < n->dims; d++)
			put(out, (uint16_t)e->look.vector[d], 2);
		put(out, e->look.gram_count, 4);
		for (size_t g = 0; g < e->look.gram_count; g++) {
			put(out, e->look.grams[g].gram, 2);
			put(out, e->look.grams[g].count, 2);
		}
	}
	digest_of(buf_slice(out), digest);
	buf_add(out, slice_of((const char *)digest, DIGEST_SIZE));
}

struct cursor {
	struct slice rest;
	bool good;
};

static uint64_t
get(struct cursor *c, unsigned bytes)
{
	uint64_t v = 0;

	if (c->rest.len < bytes) {
		c->good = false;
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		v |= (uint64_t)(unsigned char)c->rest.ptr[i] << (8 * i);
	c->rest = slice_drop(c->rest, bytes);
	return v;
}

/* A number that is none is damage. */
static float
get_float(struct cursor *c)
{
	uint32_t bits = (uint32_t)get(c, 4);
	float f;

	memcpy(&f, &bits, sizeof(f));
	if (!(f >= -1e6f && f <= 1e6f)) {
		c->good = false;
		return 0;
	}
	return f;
}

static bool
read_head(struct near *n, struct slice line, uint64_t *count)
{
	struct json json = { 0 };
	struct value root, arms;
	uint64_t version, dims;
	const char *why;
	size_t where;
	bool good;

	good = json_scan(&json, line, &why, &where);
	root = json_root(&json);
	arms = json_get(root, "arms");
	good = good && json_whole(json_get(root, "llm_route_model"), &version) &&
	       version == VERSION && json_whole(json_get(root, "dimensions"), &dims) &&
	       dims >= LOOK_TABLE && dims <= LOOK_TABLE + EMBED_MAX &&
	       json_whole(json_get(root, "examples"), count) && *count >= 2 &&
	       *count <= EXAMPLES_MOST && json_type(arms) == JSON_ARRAY;
	if (good) {
		n->dims = (size_t)dims;
		n->embedding =
		    arena_copy(&n->arena, json_string(json_get(root, "embedding"), &n->arena));
		for (struct value a = json_first(arms); json_type(a); a = json_next(a)) {
			if (n->arms == NEAR_ARMS || json_type(a) != JSON_STRING)
				n->arms = SIZE_MAX / 2;
			else if (n->arms < NEAR_ARMS)
				n->arm[n->arms++] =
				    arena_copy(&n->arena, json_string(a, &n->arena));
		}
		good = n->arms >= 2 && n->arms <= NEAR_ARMS;
	}
	json_free(&json);
	return good;
}

/* Not longer than one, but for rounding: see near.c on its sums. */
static bool
is_short(const int16_t *v, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (int32_t)v[i] * v[i];
	return sum <= (int64_t)LOOK_SCALE * LOOK_SCALE / 2 * 3;
}

static void
read_example(struct near *n, struct cursor *c)
{
	float outcome[NEAR_ARMS];
	struct look look = { 0 };
	uint16_t last = 0;

	look.hash = get(c, 8);
	for (size_t a = 0; a < n->arms; a++) {
		outcome[a] = get_float(c);
		c->good &= outcome[a] >= 0 && outcome[a] <= 1;
	}
	for (size_t f = 0; f < LOOK_FORMS; f++)
		look.form[f] = get_float(c);
	if (c->rest.len < n->dims * 2) {
		c->good = false;
		return;
	}
	look.vector = arena_alloc(&n->arena, n->dims * sizeof(*look.vector));
	for (size_t d = 0; d < n->dims; d++) {
		look.vector[d] = (int16_t)get(c, 2);
		c->good &= look.vector[d] >= -LOOK_SCALE;
	}
	c->good &= is_short(look.vector, LOOK_TABLE) &&
		   is_short(look.vector + LOOK_TABLE, n->dims - LOOK_TABLE);
	look.gram_count = (size_t)get(c, 4);
	if (look.gram_count > c->rest.len / 4) {
		c->good = false;
		return;
	}
	look.grams = arena_alloc(&n->arena, (look.gram_count + 1) * sizeof(*look.grams));
	for (size_t g = 0; g < look.gram_count; g++) {
		look.grams[g].gram = (uint16_t)get(c, 2);
		look.grams[g].count = (uint16_t)get(c, 2);
		c->good &= look.grams[g].count > 0 && (!g || look.grams[g].gram > last);
		last = look.grams[g].gram;
	}
	if (c->good)
		near_add(n, &look, outcome);
}

/* The digest is that of the bytes before it. */
static bool
is_whole(struct slice file)
{
	unsigned char digest[DIGEST_SIZE];

	if (file.len < DIGEST_SIZE)
		return false;
	digest_of(slice_take(file, file.len - DIGEST_SIZE), digest);
	return memcmp(digest, file.ptr + file.len - DIGEST_SIZE, DIGEST_SIZE) == 0;
}

static const char *
read_all(struct near *n, struct slice file, const struct embed *embed)
{
	size_t line = slice_find(file, '\n');
	struct cursor c = { .good = true };
	uint64_t count;

	if (!slice_starts(file, SLICE("{\"llm_route_model\":")))
		return "is no model of llm-route train";
	if (!is_whole(file))
		return "is damaged: its checksum is another";
	if (line == file.len || !read_head(n, slice_take(file, line), &count))
		return "is of another version, or damaged";
	if (!slice_eq(n->embedding, look_vectors(embed, &n->arena)) ||
	    n->dims != look_dims(embed))
		return "was trained with other vectors: give the same --encoder, or train "
		       "again";
	c.rest = slice_take(slice_drop(file, line + 1), file.len - line - 1 - DIGEST_SIZE);
	n->alike = get_float(&c);
	for (size_t i = 0; i < NEAR_QUANTILES; i++)
		n->threshold[i] = get_float(&c);
	for (uint64_t i = 0; i < count && c.good; i++)
		read_example(n, &c);
	if (!c.good || c.rest.len)
		return "is of another version, or damaged";
	near_prepare(n);
	return NULL;
}

struct near *
near_read(struct slice file, const struct embed *embed, const char **why)
{
	struct near *n = mem_zero(sizeof(*n));

	*why = read_all(n, file, embed);
	if (!*why)
		return n;
	near_free(n);
	return NULL;
}
