/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/semantic.h"

#include <float.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "meaning/embed.h"
#include "meaning/nearest.h"

#define TEXT_MOST 2000 /* bytes at each end of the last message that are embedded */

struct intent {
	struct slice name;
	struct nearest *rows;
	uint64_t least; /* millionths */
};

struct semantic {
	struct embed *embed; /* NULL: vectors are given */
	struct path *path;
	size_t dims;
	uint64_t least, margin;
	struct intent *intent;
	size_t count, rows;
	struct arena arena;
};

/* What is being read: a line of the file. */
struct line_of {
	struct semantic *s;
	const struct semantic_options *options;
	const char *why;
	uint64_t line;
};

static struct intent *
intent_of(struct semantic *s, struct slice name)
{
	for (size_t i = 0; i < s->count; i++)
		if (slice_eq(s->intent[i].name, name))
			return &s->intent[i];
	s->intent = mem_grow(s->intent, s->count + 1, sizeof(*s->intent));
	s->intent[s->count] = (struct intent){ arena_copy(&s->arena, name), NULL, s->least };
	return &s->intent[s->count++];
}

/* NULL, or why the value is no array of 1 to EMBED_MAX numbers; fills out and n. */
static const char *
read_numbers(struct value v, float *out, size_t *n)
{
	*n = 0;
	if (json_type(v) <= JSON_NULL)
		return "there is no vector";
	if (json_type(v) != JSON_ARRAY)
		return "the vector is no array";
	for (struct value k = json_first(v); json_type(k); k = json_next(k)) {
		double d;

		if (*n == EMBED_MAX)
			return "the vector has more than 4096 numbers";
		if (json_type(k) != JSON_NUMBER)
			return "the vector has an item that is no number";
		/* beyond a float it would be infinite */
		if (!json_double(k, &d) || d > FLT_MAX || d < -FLT_MAX)
			return "the vector has a number that is too large";
		out[(*n)++] = (float)d;
	}
	return *n ? NULL : "the vector is empty";
}

/* To unit length; false and *why where it is no such vector. */
static bool
read_vector(struct value v, size_t dims, float *out, size_t *n, const char **why)
{
	*why = read_numbers(v, out, n);
	if (*why)
		return false;
	*why = "the vector has another length than the others";
	if (dims && *n != dims)
		return false;
	*why = "the vector is zero";
	return vector_unit(out, *n);
}

static void
add_row(struct line_of *l, struct intent *intent, const float *unit)
{
	struct semantic *s = l->s;
	int8_t row[EMBED_MAX];

	nearest_pack(unit, s->dims, row);
	if (!intent->rows)
		intent->rows = nearest_open(s->dims);
	nearest_add(intent->rows, row);
	s->rows++;
}

static bool
add_text(struct line_of *l, struct slice name, struct value text)
{
	struct semantic *s = l->s;
	float unit[EMBED_MAX];
	struct slice plain = json_string(text, &s->arena);

	if (!s->embed) {
		l->why = "with --vectors each utterance has a member vector";
		return false;
	}
	if (!plain.len) {
		l->why = "an utterance is a text";
		return false;
	}
	if (embed_text(s->embed, plain, unit) != EMBED_OK) {
		diag_warn("%s:%" PRIu64
			  ": left out: the embedding does not know the words of this utterance",
		    l->options->file, l->line);
		intent_of(s, name);
		return true;
	}
	add_row(l, intent_of(s, name), unit);
	return true;
}

static bool
add_vector(struct line_of *l, struct slice name, struct value v)
{
	float unit[EMBED_MAX];
	size_t n;

	if (l->s->embed) {
		l->why = "a vector without --vectors, which says where the records have theirs";
		return false;
	}
	if (!read_vector(v, l->s->dims, unit, &n, &l->why))
		return false;
	l->s->dims = n;
	add_row(l, intent_of(l->s, name), unit);
	return true;
}

static struct value
one_of_names(struct value root, const char *const names[])
{
	struct value v = { 0 };

	for (size_t i = 0; names[i] && !json_type(v); i++)
		v = json_get(root, names[i]);
	return v;
}

static bool
read_threshold(struct line_of *l, struct slice name, struct value v)
{
	double d;

	if (json_type(v) <= JSON_NULL)
		return true;
	l->why = "score_threshold is a number from 0 to 1";
	if (!json_double(v, &d) || !(d >= 0 && d <= 1))
		return false;
	intent_of(l->s, name)->least = (uint64_t)(d * 1e6 + 0.5);
	return true;
}

static bool
read_line(struct line_of *l, struct value root)
{
	static const char *const intents[] = { "intent", "name", "route", "label", NULL };
	static const char *const texts[] = { "text", "utterance", NULL };
	struct slice name = json_string(one_of_names(root, intents), &l->s->arena);
	struct value list = json_get(root, "utterances"), text = one_of_names(root, texts);
	struct value vector = json_get(root, "vector");

	if (!name.len || slice_eqz(name, "none")) {
		l->why = "an utterance has an intent, which is not 'none'";
		return false;
	}
	if (!read_threshold(l, name, json_get(root, "score_threshold")))
		return false;
	if (json_type(vector))
		return add_vector(l, name, vector);
	if (json_type(list) != JSON_ARRAY) {
		l->why = "a line has text, vector or utterances";
		return json_type(text) && add_text(l, name, text);
	}
	for (struct value u = json_first(list); json_type(u); u = json_next(u))
		if (!(json_type(u) == JSON_ARRAY ? add_vector(l, name, u)
						 : add_text(l, name, u)))
			return false;
	return true;
}

static bool
open_embedding(struct semantic *s, const struct semantic_options *o, const char **why)
{
	if (o->vectors) {
		s->path = path_compile(o->vectors, why);
		return s->path != NULL;
	}
	s->embed = o->encoder ? embed_open(o->encoder, why) : embed_table();
	if (!s->embed)
		return false;
	s->dims = embed_dims(s->embed);
	return true;
}

struct semantic *
semantic_read(
    struct slice text, const struct semantic_options *o, const char **why, uint64_t *line)
{
	struct semantic *s = mem_zero(sizeof(*s));
	struct line_of l = { s, o, NULL, 0 };
	struct json json = { 0 };
	bool fine;

	*line = 0;
	s->least = o->least;
	s->margin = o->margin;
	fine = open_embedding(s, o, why);
	while (fine && text.len) {
		size_t n = slice_find(text, '\n'), where;
		struct slice raw = slice_trim(slice_take(text, n));

		text = slice_drop(text, n + 1);
		l.line = ++*line;
		if (!raw.len)
			continue;
		fine = json_scan(&json, raw, &l.why, &where) && read_line(&l, json_root(&json));
		*why = l.why;
	}
	if (fine && !s->rows) {
		*why = "there is no utterance that the embedding knows";
		*line = *line ? *line : 1;
		fine = false;
	}
	json_free(&json);
	if (fine)
		return s;
	semantic_free(s);
	return NULL;
}

/* The last message of the user: its beginning and its end, where what is wanted is said. */
static struct slice
last_message(struct facts *f)
{
	const struct instructions *t = &f->texts;
	struct buf b = { 0 };
	struct slice out;

	if (t->user_count == t->last_at + 1 && t->user[t->last_at].len <= 2 * TEXT_MOST)
		return t->user[t->last_at];
	for (size_t i = t->last_at; i < t->user_count; i++) {
		struct slice text = t->user[i];

		if (b.len)
			buf_add_byte(&b, '\n');
		if (text.len > 2 * TEXT_MOST) {
			buf_add(&b, slice_head(text, TEXT_MOST));
			buf_add_byte(&b, '\n');
			text = slice_tail(text, TEXT_MOST);
		}
		buf_add(&b, text);
	}
	out = arena_copy(f->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

static bool
vector_of(const struct semantic *s, struct facts *f, float *unit)
{
	size_t n;

	if (s->path)
		return read_vector(path_get(s->path, f->request->root), s->dims, unit, &n,
		    &f->intent_why);
	f->intent_why = "the embedding does not know the words of the text";
	return embed_text(s->embed, last_message(f), unit) == EMBED_OK;
}

static uint64_t
millionths(float score)
{
	return score <= 0 ? 0 : score >= 1 ? 1000000 : (uint64_t)((double)score * 1e6 + 0.5);
}

void
semantic_look(const struct semantic *s, struct facts *f)
{
	float unit[EMBED_MAX];
	int8_t row[EMBED_MAX];
	const struct intent *best = NULL;
	uint64_t first = 0, second = 0;

	if (!vector_of(s, f, unit))
		return;
	nearest_pack(unit, s->dims, row);
	for (size_t i = 0; i < s->count; i++) {
		struct near near;
		uint64_t score;

		if (!s->intent[i].rows || !nearest_scan(s->intent[i].rows, row, &near, 1))
			continue;
		score = millionths(near.score);
		if (!best || score > first) {
			second = best ? first : 0;
			first = score;
			best = &s->intent[i];
		} else if (score > second) {
			second = score;
		}
	}
	f->intent_why = NULL;
	if (!best)
		return;
	f->intent_score = (unsigned)(first / 10000);
	if (first < best->least)
		f->intent_why = "no utterance is near enough";
	else if (first - second < s->margin || (s->count > 1 && first == second))
		f->intent_why = "two intents are as near";
	else
		f->intent = best->name;
}

void
semantic_free(struct semantic *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		nearest_free(s->intent[i].rows);
	free(s->intent);
	path_free(s->path);
	embed_close(s->embed);
	arena_close(&s->arena);
	free(s);
}
