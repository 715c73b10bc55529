/* SPDX-License-Identifier: MIT */
/* A trained model as a file. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "cmd/llm-route/learned/trained.h"
#include "json/scan.h"
#include "json/write.h"

#define VERSION 7

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

static const char *const kinds[] = { "near", "linear" };

bool
kind_named(const char *name, enum kind *kind)
{
	for (unsigned k = KIND_NEAR; k <= KIND_LINEAR; k++)
		if (strcmp(name, kinds[k]) == 0) {
			*kind = (enum kind)k;
			return true;
		}
	return false;
}

static void
head(const struct trained *t, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "llm_route_model");
	write_number(&w, VERSION);
	write_name(&w, "kind");
	write_z(&w, kinds[t->kind]);
	write_name(&w, "arms");
	write_array(&w);
	for (size_t i = 0; i < t->lesson.arms; i++)
		write_string(&w, t->arm[i]);
	write_array_end(&w);
	write_name(&w, "embedding");
	write_string(&w, t->embedding);
	write_name(&w, "dimensions");
	write_number(&w, t->lesson.dims);
	write_name(&w, "examples");
	write_number(&w, t->labels);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
put_floats(struct buf *out, const float *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_float(out, f[i]);
}

static void
put_numbers(struct buf *out, const int16_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put(out, (uint16_t)v[i], 2);
}

static void
put_axes(struct buf *out, const struct axes *a)
{
	put_floats(out, a->mean, a->dims);
	put_floats(out, a->axis, a->dims * AXES);
}

static void
put_example(
    struct buf *out, const struct lesson *l, const struct example *e, const int16_t *place)
{
	put(out, e->look.hash, 8);
	put_floats(out, e->outcome, l->arms);
	put_floats(out, e->look.form, LOOK_FORMS);
	put_numbers(out, place, near_axes(l->dims) * AXES);
	put(out, e->look.gram_count, 4);
	for (size_t g = 0; g < e->look.gram_count; g++) {
		put(out, e->look.grams[g].gram, 2);
		put(out, e->look.grams[g].count, 2);
	}
}

static void
put_linear(struct buf *out, const struct linear *l)
{
	size_t known = 0;

	for (size_t w = 0; w < LOOK_GRAMS; w++)
		known += l->idf[w] > 0;
	put(out, known, 4);
	for (size_t w = 0; w < LOOK_GRAMS; w++) {
		if (!(l->idf[w] > 0))
			continue;
		put(out, w, 2);
		put_float(out, l->idf[w]);
		put_floats(out, &l->word[w * (l->arms - 1)], l->arms - 1);
	}
	put_numbers(out, l->vector, (l->arms - 1) * l->stride);
	for (size_t a = 1; a < l->arms; a++) {
		put_float(out, l->scale[a]);
		put_float(out, l->base[a]);
		put_floats(out, l->form[a], LOOK_COUNTS);
	}
}

void
trained_write(const struct trained *t, struct buf *out)
{
	const struct lesson *l = &t->lesson;
	unsigned char digest[DIGEST_SIZE];

	head(t, out);
	put_float(out, t->familiar);
	put_float(out, t->usual);
	put_float(out, t->longer);
	put_float(out, t->least);
	put_float(out, t->trust);
	put_float(out, t->counts);
	put_floats(out, t->threshold, TRAINED_QUANTILES);
	put_floats(out, l->forms.mean, LOOK_FORMS);
	put_floats(out, l->forms.spread, LOOK_FORMS);
	put_floats(out, l->gain, l->arms);
	if (t->linear)
		put_linear(out, t->linear);
	if (t->near) {
		for (size_t i = 0; i < near_axes(l->dims); i++)
			put_axes(out, t->near->axes[i]);
		for (size_t i = 0; i < l->count; i++)
			put_example(out, l, &l->example[i],
			    &t->near->places[i * near_axes(l->dims) * AXES]);
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

static void
get_floats(struct cursor *c, float *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		f[i] = get_float(c);
}

static bool
read_arms(struct trained *t, struct value arms)
{
	struct lesson *l = &t->lesson;

	for (struct value a = json_first(arms); json_type(a); a = json_next(a)) {
		if (l->arms == LEARNED_ARMS || json_type(a) != JSON_STRING)
			return false;
		t->arm[l->arms++] = arena_copy(&t->arena, json_string(a, &t->arena));
	}
	return l->arms >= 2;
}

static bool
read_head(struct trained *t, struct slice line)
{
	struct json json = { 0 };
	struct value root;
	uint64_t version, dims, labels;
	const char *why;
	size_t where;
	bool good;

	good = json_scan(&json, line, &why, &where);
	root = json_root(&json);
	good = good && json_whole(json_get(root, "llm_route_model"), &version) &&
	       version == VERSION && json_whole(json_get(root, "dimensions"), &dims) &&
	       dims <= LOOK_TABLE + EMBED_MAX &&
	       json_whole(json_get(root, "examples"), &labels) && labels >= 2 &&
	       read_arms(t, json_get(root, "arms")) &&
	       json_type(json_get(root, "kind")) == JSON_STRING &&
	       kind_named(
		   arena_copy(&t->arena, json_string(json_get(root, "kind"), &t->arena)).ptr,
		   &t->kind);
	if (good) {
		t->lesson.dims = (size_t)dims;
		t->labels = (size_t)labels;
		t->embedding =
		    arena_copy(&t->arena, json_string(json_get(root, "embedding"), &t->arena));
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

/* A vector of LOOK_SCALE or less, as look_product() wants it. */
static void
get_vector(struct cursor *c, int16_t *v, size_t n)
{
	for (size_t d = 0; d < n; d++) {
		v[d] = (int16_t)get(c, 2);
		c->good &= v[d] >= -LOOK_SCALE;
	}
	c->good &= is_short(v, n);
}

static void
read_example(struct trained *t, struct cursor *c, int16_t *place)
{
	struct lesson *l = &t->lesson;
	float outcome[LEARNED_ARMS];
	struct look look = { 0 };
	uint16_t last = 0;

	look.hash = get(c, 8);
	/* in their order, so that the places stand beside them */
	c->good &= !l->count || look.hash >= l->example[l->count - 1].look.hash;
	get_floats(c, outcome, l->arms);
	for (size_t a = 0; a < l->arms; a++)
		c->good &= outcome[a] >= 0 && outcome[a] <= 1;
	get_floats(c, look.form, LOOK_FORMS);
	for (size_t k = 0; k < near_axes(l->dims) * AXES; k += AXES)
		get_vector(c, place + k, AXES);
	look.gram_count = (size_t)get(c, 4);
	if (look.gram_count > c->rest.len / 4) {
		c->good = false;
		return;
	}
	look.grams = arena_alloc(&t->arena, (look.gram_count + 1) * sizeof(*look.grams));
	for (size_t g = 0; g < look.gram_count; g++) {
		look.grams[g].gram = (uint16_t)get(c, 2);
		look.grams[g].count = (uint16_t)get(c, 2);
		c->good &= look.grams[g].count > 0 && (!g || look.grams[g].gram > last);
		last = look.grams[g].gram;
	}
	if (c->good)
		lesson_add(l, &look, outcome);
}

static struct axes *
read_axes(struct cursor *c, size_t dims)
{
	struct axes *a = axes_new(dims);

	get_floats(c, a->mean, dims);
	get_floats(c, a->axis, dims * AXES);
	return a;
}

static void
read_near(struct trained *t, struct cursor *c)
{
	struct lesson *l = &t->lesson;
	size_t numbers = near_axes(l->dims) * AXES;
	struct axes *axes[NEAR_AXES] = { NULL };
	int16_t *places;

	for (size_t i = 0; i < near_axes(l->dims); i++)
		axes[i] = read_axes(c, near_dims(l->dims, i));
	c->good &= t->labels <= c->rest.len / (numbers * sizeof(*places));
	places = mem_zero(c->good ? t->labels * numbers * sizeof(*places) : 1);
	for (size_t i = 0; i < t->labels && c->good; i++)
		read_example(t, c, &places[i * numbers]);
	if (c->good)
		lesson_make(l);
	else
		l->count = 0; /* nothing is made of damage */
	t->near = near_open(l, axes, places);
}

static void
read_linear(struct trained *t, struct cursor *c)
{
	struct linear *l = t->linear = linear_new(t->lesson.arms, t->lesson.dims);
	uint64_t known = get(c, 4);

	for (uint64_t i = 0; i < known && c->good; i++) {
		size_t w = (size_t)get(c, 2);

		l->idf[w] = get_float(c);
		c->good &= l->idf[w] > 0;
		get_floats(c, &l->word[w * (l->arms - 1)], l->arms - 1);
	}
	for (size_t a = 1; a < l->arms; a++)
		get_vector(c, &l->vector[(a - 1) * l->stride], l->stride);
	for (size_t a = 1; a < l->arms; a++) {
		l->scale[a] = get_float(c);
		l->base[a] = get_float(c);
		get_floats(c, l->form[a], LOOK_COUNTS);
	}
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
read_all(struct trained *t, struct slice file, const struct embed *embed)
{
	size_t line = slice_find(file, '\n');
	struct cursor c = { .good = true };
	struct lesson *l = &t->lesson;

	if (!slice_starts(file, SLICE("{\"llm_route_model\":")))
		return "is no model of llm-route train";
	if (!is_whole(file))
		return "is damaged: its checksum is another";
	if (line == file.len || !read_head(t, slice_take(file, line)))
		return "is of another version, or damaged";
	if (!slice_eq(t->embedding, look_vectors(trained_part(t), embed, &t->arena)) ||
	    l->dims != look_dims(trained_part(t), embed))
		return "was trained with other vectors: give the same --encoder, or train "
		       "again";
	c.rest = slice_take(slice_drop(file, line + 1), file.len - line - 1 - DIGEST_SIZE);
	t->familiar = get_float(&c);
	t->usual = get_float(&c);
	t->longer = get_float(&c);
	t->least = get_float(&c);
	t->trust = get_float(&c);
	t->counts = get_float(&c);
	get_floats(&c, t->threshold, TRAINED_QUANTILES);
	get_floats(&c, l->forms.mean, LOOK_FORMS);
	get_floats(&c, l->forms.spread, LOOK_FORMS);
	get_floats(&c, l->gain, l->arms);
	if (t->kind == KIND_LINEAR)
		read_linear(t, &c);
	else
		read_near(t, &c);
	return c.good && !c.rest.len ? NULL : "is of another version, or damaged";
}

struct trained *
trained_read(struct slice file, const struct embed *embed, const char **why)
{
	struct trained *t = mem_zero(sizeof(*t));

	*why = read_all(t, file, embed);
	if (!*why)
		return t;
	trained_free(t);
	return NULL;
}
