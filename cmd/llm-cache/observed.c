/* SPDX-License-Identifier: MIT */
#include "observed.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "json/canon.h"
#include "keep.h"
#include "stats/interval.h"
#include "store/notes.h"
#include "stream/file.h"
#include "semantic.h"
#include "verdicts.h"

#define FORM 2
#define BYTES (1 + 1 + 4 + DIGEST_SIZE) /* form, flags, closeness, key of the entry */
#define RIGHT 1
#define EXPLORED 2

struct observed {
	double bound;
	struct hash_map names;
	struct learn **learned;
	uint64_t unsaid, unknown;
};

struct observed *
observed_open(double bound)
{
	struct observed *o = mem_zero(sizeof(*o));

	o->bound = bound;
	return o;
}

uint64_t
observed_entry(const unsigned char key[DIGEST_SIZE])
{
	uint64_t name = 0;

	for (int i = 0; i < 8; i++)
		name = name << 8 | key[i];
	return name;
}

static void
space_of(struct slice embedding, unsigned char space[NOTE_NAME])
{
	struct buf b = { 0 };
	unsigned char digest[DIGEST_SIZE];

	buf_add(&b, SLICE("verdicts "));
	buf_add(&b, embedding);
	digest_of(buf_slice(&b), digest);
	memcpy(space, digest, NOTE_NAME);
	buf_free(&b);
}

static void
name_of(const struct verdict_line *v, unsigned char name[NOTE_NAME])
{
	unsigned char both[2 * DIGEST_SIZE], digest[DIGEST_SIZE];

	memcpy(both, v->asked, DIGEST_SIZE);
	memcpy(both + DIGEST_SIZE, v->entry, DIGEST_SIZE);
	digest_of(slice_of((char *)both, sizeof(both)), digest);
	memcpy(name, digest, NOTE_NAME);
}

/* The entry that the wrong hit made for its own wording, if it still is that one. */
static void
end_alias(
    struct shelf *shelf, const struct verdict_line *v, struct slice scope, struct arena *a)
{
	struct store_entry e;
	struct note note;
	const char *why;

	if (!store_get(shelf->store, scope, v->asked, a, &e))
		return;
	note_read(e.meta, &note);
	if (!note.via.ptr)
		return;
	e.expires = e.stored;
	e.body = SLICE("null");
	if (!store_put(shelf->store, &e, &why))
		shelf_fail(shelf, why);
}

static void
keep(struct shelf *shelf, const struct verdict_line *v, struct arena *a)
{
	struct store_note note = { .about = false };
	unsigned char bytes[BYTES] = { FORM };
	float closeness = (float)v->closeness;
	uint32_t bits;
	struct slice before;
	const char *why;

	bytes[1] = (v->right ? RIGHT : 0) | (v->explored ? EXPLORED : 0);
	memcpy(&bits, &closeness, sizeof(bits));
	for (int i = 0; i < 4; i++)
		bytes[2 + i] = (unsigned char)(bits >> 8 * i);
	memcpy(bytes + 6, v->entry, DIGEST_SIZE);
	space_of(v->embedding, note.space);
	name_of(v, note.name);
	note.bytes = slice_of((char *)bytes, BYTES);
	if (!store_note_find(shelf->store, note.space, note.name, a, &before, &why)) {
		shelf_fail(shelf, why);
		return;
	}
	if (before.ptr && slice_eq(before, note.bytes))
		return;
	if (!store_note(shelf->store, &note, &why)) {
		shelf_fail(shelf, why);
		return;
	}
}

/* Judged to be another question than the one it was taken for, it is one of its own. */
static void
keep_question(struct shelf *shelf, struct value root, const struct verdict_line *v,
    struct slice scope, struct arena *a)
{
	struct value cache = json_get(json_get(root, "llm"), "cache");
	struct key k = { .scope = scope };
	const char *why;

	memcpy(k.digest, v->asked, DIGEST_SIZE);
	if (v->checked &&
	    !semantic_keep_signed(shelf->store, json_get(cache, "semantic"), &k, a, &why))
		shelf_fail(shelf, why);
}

static void
line_read(struct observed *o, struct shelf *shelf, struct slice line, struct arena *a)
{
	static struct json json;
	static struct buf scope;
	struct verdict_line v;
	struct value at;
	const char *why;
	size_t where;

	if (!json_scan(&json, line, &why, &where)) {
		o->unknown++;
		return;
	}
	switch (verdict_read(json_root(&json), a, &v)) {
	case VERDICT_NONE: return;
	case VERDICT_MISSING: o->unsaid++; return;
	case VERDICT_UNKNOWN: o->unknown++; return;
	case VERDICT_GOOD: break;
	}
	if (!v.has_keys || !v.has_score || v.embedding.len == 0) {
		o->unknown++;
		return;
	}
	/* folded and near hits are not made by score, and teach nothing about it */
	at = json_get(json_get(json_get(json_root(&json), "llm"), "cache"), "scope");
	buf_clear(&scope);
	if (json_type(at))
		canon_write(at, NULL, NULL, a, &scope);
	if (slice_eqz(v.tier, "vectors"))
		keep(shelf, &v, a);
	if (!v.right && shelf->store)
		keep_question(shelf, json_root(&json), &v, buf_slice(&scope), a);
	if (!v.right && shelf->store && !v.checked)
		end_alias(shelf, &v, buf_slice(&scope), a);
}

void
observed_read(struct observed *o, struct shelf *shelf, const char *file)
{
	struct buf all = { 0 };
	struct arena a = { 0 };
	struct slice rest;

	if (!file_read(file, &all))
		diag_die(STATUS_USAGE, "'--judged' '%s': %s", diag_clean(slice_z(file)),
		    strerror(errno));
	for (rest = buf_slice(&all); rest.len;) {
		size_t n = slice_find(rest, '\n');
		struct slice line = slice_trim(slice_take(rest, n));

		if (line.len && shelf->store && !store_read_only(shelf->store))
			line_read(o, shelf, line, &a);
		arena_reset(&a);
		rest = slice_drop(rest, n + 1);
	}
	shelf_commit(shelf);
	if (o->unsaid)
		diag_note("%s: %" PRIu64 " lines of semantic hits without a verdict", file,
		    o->unsaid);
	if (o->unknown)
		diag_warn("%s: %" PRIu64 " lines whose verdict or hit is not known", file,
		    o->unknown);
	o->unsaid = o->unknown = 0;
	arena_close(&a);
	buf_free(&all);
}

static void
see(void *context, const unsigned char *name, struct slice bytes)
{
	const unsigned char *b = (const unsigned char *)bytes.ptr;
	uint32_t bits = 0;
	float closeness;

	(void)name;
	if (bytes.len != BYTES || b[0] != FORM)
		return;
	for (int i = 0; i < 4; i++)
		bits |= (uint32_t)b[2 + i] << 8 * i;
	memcpy(&closeness, &bits, sizeof(bits));
	learn_see(context, observed_entry(b + 6), closeness, b[1] & RIGHT, !(b[1] & EXPLORED));
}

static void
tuned_place(
    struct slice embedding, unsigned char space[NOTE_NAME], unsigned char name[NOTE_NAME])
{
	struct buf b = { 0 };

	buf_add(&b, SLICE("score of "));
	buf_add(&b, embedding);
	space_of(buf_slice(&b), space);
	memset(name, 0, NOTE_NAME);
	buf_free(&b);
}

void
observed_tune(const char *store_name, struct slice embedding, float score)
{
	struct store *store = shelf_need(store_name, false);
	struct store_note note = { .about = false };
	char text[16];
	const char *why = "";

	snprintf(text, sizeof(text), "%.4f", (double)score);
	tuned_place(embedding, note.space, note.name);
	note.bytes = slice_z(text);
	if (!store_note(store, &note, &why) || !store_close(store, &why))
		diag_die(STATUS_FAILED, "%s: the store %s", store_shown(store_name), why);
}

/* What tune found for the embedding. */
static void
take_tuned(struct learn *l, struct shelf *shelf, struct slice embedding)
{
	unsigned char space[NOTE_NAME], name[NOTE_NAME];
	struct arena a = { 0 };
	struct slice bytes = { NULL, 0 };
	const char *why;

	tuned_place(embedding, space, name);
	if (shelf->store && !store_note_find(shelf->store, space, name, &a, &bytes, &why))
		shelf_fail(shelf, why);
	if (bytes.ptr)
		learn_tuned(l, strtof(bytes.ptr, NULL)); /* arena_copy ends it with a NUL */
	arena_close(&a);
}

struct learn *
observed_learn(struct observed *o, struct shelf *shelf, const struct vector *v)
{
	unsigned char space[NOTE_NAME];
	int64_t since = 0;
	const char *why;
	bool added;
	size_t at = hash_map_add(&o->names, v->name, &added);

	if (!added)
		return o->learned[at];
	o->learned = mem_grow(o->learned, at + 1, sizeof(struct learn *));
	o->learned[at] = learn_open(v->strict, v->ease, o->bound);
	take_tuned(o->learned[at], shelf, v->name);
	space_of(v->name, space);
	if (shelf->store &&
	    !store_notes(shelf->store, space, &since, see, o->learned[at], &why))
		shelf_fail(shelf, why);
	return o->learned[at];
}

void
observed_say(const struct observed *o, uint64_t hits, uint64_t looked)
{
	for (size_t i = 0; i < o->names.count; i++) {
		const struct learn *l = o->learned[i];
		uint64_t seen = learn_seen(l), wrong = learn_wrong(l);
		struct interval range = interval_exact(wrong, seen, .95);
		double rate = seen ? (double)wrong / (double)seen : 0;

		if (seen == 0) {
			diag_note("semantic: %s: no verdicts yet: the strict default, score "
				  "%.2f",
			    diag_clean(o->names.keys[i]), (double)learn_threshold(l));
			continue;
		}
		diag_note("semantic: %s: %" PRIu64 " of %" PRIu64
			  " judged hits wrong, %.1f%% of hits (%.1f%% to %.1f%%), %.1f%% of "
			  "look-ups; bound %.1f%%, score %.3f",
		    diag_clean(o->names.keys[i]), wrong, seen, 100 * rate, 100 * range.low,
		    100 * range.high, looked ? 100 * rate * (double)hits / (double)looked : 0,
		    100 * o->bound, (double)learn_threshold(l));
	}
}

void
observed_close(struct observed *o)
{
	for (size_t i = 0; i < o->names.count; i++)
		learn_free(o->learned[i]);
	free(o->learned);
	hash_map_free(&o->names);
	free(o);
}
