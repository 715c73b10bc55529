/* SPDX-License-Identifier: MIT */
/* Questions go to the store with their vectors. */
#include "keep.h"
#include "segment.h"
#include "semantic.h"

/* A costly vector is found again by its text, whatever the rest of the request. */
static bool
keep_vector(struct store *store, const struct vector *v, struct slice text, const struct key *k,
    const char **why)
{
	struct store_note note = { .about = true, .scope = k->scope };

	if (!v->costly)
		return true;
	vectors_place(v, text, note.space, note.name);
	memcpy(note.key, k->digest, DIGEST_SIZE);
	note.bytes = slice_of((char *)v->row, v->dims);
	return store_note(store, &note, why);
}

/* What get --semantic signed: a vector in row, its text and its space. */
struct signed_note {
	unsigned char space[16], row[EMBED_MAX];
	struct slice text;
	struct vector vector;
};

static bool
signed_read(struct value from, struct arena *a, struct signed_note *s)
{
	struct slice space = json_string_raw(json_get(from, "space")),
		     row = json_string_raw(json_get(from, "vector"));

	s->text = json_string(json_get(from, "text"), a);
	s->vector = (struct vector){ .name = json_string(json_get(from, "embedding"), a),
		.dims = row.len / 2 };
	if (!s->text.ptr || s->text.len > QUESTION_MOST || !s->vector.name.ptr ||
	    s->vector.dims == 0 || s->vector.dims > sizeof(s->row) ||
	    !digest_unhex(space, s->space, sizeof(s->space)) ||
	    !digest_unhex(row, s->row, s->vector.dims))
		return false;
	s->vector.row = (int8_t *)s->row;
	s->vector.costly = vectors_cost(s->vector.name);
	return true;
}

static bool
keep_row(struct store *store, const struct vector *v, const unsigned char space[16],
    struct slice text, const struct key *k, const char **why)
{
	return keep_vector(store, v, text, k, why) &&
	       segment_keep(store, space, k->scope, k->digest, text,
		   slice_of((char *)v->row, v->dims), why);
}

bool
semantic_keep_signed(struct store *store, struct value signed_by, const struct key *k,
    struct arena *a, const char **why)
{
	static struct signed_note s;

	return !signed_read(signed_by, a, &s) ||
	       keep_row(store, &s.vector, s.space, s.text, k, why);
}

/* The same vector, in the space that all scopes read. */
static bool
keep_vetted(struct store *store, struct value signed_by, const struct request *q,
    const struct key *k, struct value scope, struct arena *a, const char **why)
{
	static struct signed_note s;
	struct question question;

	if (!signed_read(signed_by, a, &s) || question_read(q, scope, true, a, &question) ||
	    !slice_eq(s.text, question.text))
		return true;
	segment_space(&s.vector, question.rest, s.space);
	return keep_row(store, &s.vector, s.space, s.text, k, why);
}

bool
semantic_keep(struct store *store, struct vectors *vectors, struct value root,
    const struct request *q, const struct key *k, struct value scope, bool vetted,
    struct arena *a, const char **why)
{
	struct value cache = json_get(q->llm, "cache"), note = json_get(cache, "semantic");
	struct question question;
	struct vector v;
	unsigned char space[16];
	const char *reason;

	if (!store_has_notes(store))
		return true;
	if (json_type(note) == JSON_OBJECT && vetted)
		return keep_vetted(store, note, q, k, scope, a, why);
	if (json_type(note) == JSON_OBJECT)
		/* one that is judged is kept once its verdict says that it was another question
		 */
		return json_type(json_get(cache, "check")) == JSON_OBJECT ||
		       semantic_keep_signed(store, note, k, a, why);
	/* without its request as it was asked there is no question to keep */
	if (!vectors || k->request.len == 0 ||
	    question_read(q, scope, semantic_settings.turns, a, &question) ||
	    !vectors_of(vectors, root, question.text, store, a, &v, &reason))
		return true;
	segment_space(&v, question.rest, space);
	return keep_row(store, &v, space, question.text, k, why);
}
