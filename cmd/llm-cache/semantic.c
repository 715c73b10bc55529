/* SPDX-License-Identifier: MIT */
#include "semantic.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "keep.h"
#include "meaning/gate.h"
#include "meaning/shingle.h"
#include "observed.h"
#include "segment.h"

#define LOOKED 8       /* nearest questions that are tried */
#define NEAR_LISTED 16 /* near duplicates that are compared */
#define NEAR_SHARE 0.75F

struct semantic_settings semantic_settings = { .bound = 20000 };

struct semantic {
	struct shelf *shelf;
	struct vectors *vectors;
	struct segments *segments;
	struct observed *observed;
	uint64_t looked, hits, checks, tier[3];
};

struct semantic *
semantic_open(struct shelf *shelf)
{
	struct semantic *s;

	if (shelf->store && !store_has_notes(shelf->store)) {
		diag_note("%s: this kind of store holds no questions: only exact answers are "
			  "known",
		    store_shown(shelf->name));
		return NULL;
	}
	s = mem_zero(sizeof(*s));
	s->shelf = shelf;
	s->vectors = vectors_open();
	s->segments = segments_open();
	s->observed = observed_open((double)semantic_settings.bound / 1e6);
	for (size_t i = 0; i < semantic_settings.judged.count; i++)
		observed_read(s->observed, shelf, semantic_settings.judged.item[i]);
	return s;
}

/* One question that was asked, against one segment. */
struct
try {
	struct semantic *s;
	struct segment *segment;
	const struct gate_text *asked;
	struct slice folded;
	const struct key *key; /* its scope is that of the entries */
	const unsigned char *asked_key;
	struct arena *arena;
	struct semantic_found *found;
	struct learn *learn;
};

/* The entry of the item, if it may still be served. */
static bool
entry_of(struct try *t, uint32_t i)
{
	const struct item *item = segment_item(t->segment, i);
	struct store *store = t->s->shelf->store;
	struct store_entry *e = &t->found->entry;

	if (!store)
		return false;
	if (!store_get(store, t->key->scope, item->key, t->arena, e)) {
		if (store_trouble(store))
			shelf_fail(t->s->shelf, store_trouble(store));
		else
			segment_drop(t->segment, i);
		return false;
	}
	return entry_in_time(e, when_now()) &&
	       (!semantic_settings.answered_by ||
		   model_is(e->model, semantic_settings.answered_by));
}

static bool
passes(struct try *t, const struct gate_text *text)
{
	enum gate gate = gate_conflict(t->asked, text);

	if (gate == GATE_NONE)
		return true;
	if (!t->found->refused)
		t->found->refused = gate_name(gate);
	return false;
}

static bool
take(struct try *t, uint32_t i, const char *tier, float score)
{
	if (!entry_of(t, i))
		return false;
	t->found->tier = tier;
	t->found->score = score;
	t->found->has_score = true;
	t->found->text = segment_item(t->segment, i)->text;
	return true;
}

static bool
by_folded(struct try *t)
{
	uint32_t i = segment_folded(t->segment, t->folded);

	return i != UINT32_MAX &&
	       passes(t, gate_read(segment_item(t->segment, i)->text, t->arena)) &&
	       take(t, i, "folded", 1);
}

static bool
by_near(struct try *t)
{
	uint32_t list[NEAR_LISTED];
	size_t count = segment_near(t->segment, t->folded, list, NEAR_LISTED);

	for (size_t i = 0; i < count; i++) {
		const struct item *item = segment_item(t->segment, list[i]);
		struct slice other = gate_fold(item->text, t->arena);
		float share = shingle_share(t->folded, other, t->arena);

		const struct gate_text *text;

		if (share < NEAR_SHARE)
			continue;
		text = gate_read(item->text, t->arena);
		if (shingle_same(t->asked, text) && passes(t, text) &&
		    take(t, list[i], "near", share))
			return true;
	}
	return false;
}

/* The score of the next one behind i that asks for nothing else. */
static float
second_of(struct try *t, const struct near *near, size_t i, size_t count)
{
	for (size_t k = i + 1; k < count; k++) {
		const struct item *item = segment_item(t->segment, near[k].row);

		if (gate_conflict(t->asked, gate_read(item->text, t->arena)) == GATE_NONE)
			return near[k].score;
	}
	return 0;
}

/* The same share of all questions, and always the same ones. */
static bool
is_checked(const unsigned char key[DIGEST_SIZE])
{
	uint64_t place = 0;

	for (int i = 0; i < 8; i++)
		place = place << 8 | key[DIGEST_SIZE - 1 - i];
	return (double)place / 18446744073709551616.0 * 1e6 <
	       (double)semantic_settings.check_rate;
}

static bool
by_vectors(struct try *t)
{
	struct near near[LOOKED];
	size_t count = segment_nearest(t->segment, t->found->vector.row, near, LOOKED);

	for (size_t i = 0; i < count && near[i].score >= learn_floor(t->learn); i++) {
		const struct item *item = segment_item(t->segment, near[i].row);
		const struct gate_text *text = gate_read(item->text, t->arena);
		uint64_t name = observed_entry(item->key);
		float closeness;

		if (!passes(t, text))
			continue;
		closeness = learn_closeness(
		    near[i].score, second_of(t, near, i, count), gate_overlap(t->asked, text));
		switch (learn_ask(t->learn, name, near[i].score, closeness)) {
		case LEARN_NO: continue;
		case LEARN_JUDGE:
			/* judged as often as hits are, and never an answer */
			if (!is_checked(t->asked_key))
				continue;
			t->found->explored = true;
			break;
		case LEARN_YES: t->found->explored = false; break;
		}
		t->found->closeness = closeness;
		t->found->threshold = learn_threshold(t->learn);
		if (take(t, near[i].row, "vectors", near[i].score))
			return true;
	}
	return false;
}

static void
write_via(struct writer *w, const struct semantic_found *f)
{
	char key[KEY_TEXT], score[16];

	key_write(f->entry.key, key);
	snprintf(score, sizeof(score), "%.4f", (double)f->score);
	write_name(w, "tier");
	write_z(w, f->tier);
	write_name(w, "score");
	write_raw(w, slice_z(score));
	write_name(w, "from");
	write_z(w, key);
	write_name(w, "embedding");
	write_string(w, f->vector.name);
	if (strcmp(f->tier, "vectors") == 0) {
		snprintf(score, sizeof(score), "%.4f", (double)f->closeness);
		write_name(w, "closeness");
		write_raw(w, slice_z(score));
	}
}

/* The new wording gets an entry of its own, so that it is found at once the next time; with the
 * age and the end of the answer, and word of where it is from. */
static void
promote(struct semantic *s, const struct key *k, const struct semantic_found *f)
{
	static struct buf meta;
	struct store_entry e = f->entry;
	struct writer w = { .out = &meta };
	const char *why;

	if (!s->shelf->store || store_read_only(s->shelf->store) || tool_common()->dry_run ||
	    e.meta.len < 2)
		return;
	buf_clear(&meta);
	buf_add(&meta, slice_take(e.meta, e.meta.len - 1));
	w.comma = e.meta.len > 2;
	write_name(&w, "via");
	write_object(&w);
	write_via(&w, f);
	write_object_end(&w);
	buf_add_byte(&meta, '}');
	e.meta = buf_slice(&meta);
	e.request = k->request;
	e.scope = k->scope;
	memcpy(e.key, k->digest, DIGEST_SIZE);
	if (!store_put(s->shelf->store, &e, &why))
		shelf_fail(s->shelf, why);
}

static bool
find(struct try *t, const unsigned char space[16])
{
	const char *why;

	t->segment =
	    segment_of(t->s->segments, t->s->shelf->store, space, t->found->vector.dims, &why);
	if (!t->segment) {
		shelf_fail(t->s->shelf, why);
		return false;
	}
	t->learn = observed_learn(t->s->observed, t->s->shelf, &t->found->vector);
	return by_folded(t) || by_near(t) || by_vectors(t);
}

/* Where the scope knows none, what every scope may read. */
static bool
find_vetted(struct try *t, const struct request *q)
{
	unsigned char space[16];
	const struct key *own = t->key;
	struct question question;
	struct key k;
	bool found;

	if (!t->s->shelf->store ||
	    question_read(q, key_vetted(), semantic_settings.turns, t->arena, &question) ||
	    !key_make(q, key_vetted(), t->arena, &k))
		return false;
	segment_space(&t->found->vector, question.rest, space);
	t->key = &k;
	found = find(t, space);
	t->key = own;
	return found;
}

void
semantic_look(struct semantic *s, struct value root, const struct request *q,
    const struct key *k, struct value scope, struct arena *a, struct semantic_found *f)
{
	struct try t = { .s = s, .key = k, .asked_key = k->digest, .arena = a, .found = f };

	*f = (struct semantic_found){ .state = SEMANTIC_MISS };
	if (!s->shelf->store)
		return;
	f->reason = question_read(q, scope, semantic_settings.turns, a, &f->question);
	if (f->reason || !vectors_of(s->vectors, root, f->question.text, s->shelf->store, a,
			     &f->vector, &f->reason))
		return;
	f->has_question = true;
	segment_space(&f->vector, f->question.rest, f->space);
	t.asked = gate_read(f->question.text, a);
	t.folded = gate_fold(f->question.text, a);
	s->looked++;
	if (!find(&t, f->space) && !(json_type(scope) && find_vetted(&t, q)))
		return;
	f->state = f->explored || is_checked(k->digest) ? SEMANTIC_CHECK : SEMANTIC_HIT;
	if (f->state == SEMANTIC_CHECK) {
		s->checks++;
		return;
	}
	s->hits++;
	promote(s, k, f);
}

void
semantic_write_writer(struct writer *w, struct slice meta)
{
	struct slice writer = note_writer(meta);

	if (!writer.ptr)
		return;
	write_name(w, "vetted");
	write_bool(w, true);
	write_name(w, "writer");
	write_raw(w, writer);
}

void
semantic_write_hit(struct writer *w, const struct semantic_found *f)
{
	char when[25], number[16];

	write_via(w, f);
	if (strcmp(f->tier, "vectors") == 0) {
		snprintf(number, sizeof(number), "%.4f", (double)f->threshold);
		write_name(w, "threshold");
		write_raw(w, slice_z(number));
	}
	if (f->explored) {
		write_name(w, "explored");
		write_bool(w, true);
	}
	semantic_write_writer(w, f->entry.meta);
	write_name(w, "question");
	write_string(w, f->text);
	when_write(f->entry.stored, when);
	write_name(w, "stored");
	write_z(w, when);
}

static void
write_hex(struct writer *w, const void *bytes, size_t n, struct buf *room)
{
	char *out;

	buf_clear(room);
	out = buf_room(room, 2 * n + 1);
	digest_hex(bytes, n, out);
	write_z(w, out);
}

void
semantic_write_miss(struct writer *w, const struct semantic_found *f)
{
	static struct buf hex;

	if (f->state == SEMANTIC_CHECK) {
		write_name(w, "check");
		write_object(w);
		semantic_write_hit(w, f);
		write_name(w, "answer");
		write_raw(w, f->entry.body);
		write_object_end(w);
	}
	if (f->refused && f->state == SEMANTIC_MISS) {
		write_name(w, "gate");
		write_z(w, f->refused);
	}
	if (!f->has_question)
		return;
	write_name(w, "semantic");
	write_object(w);
	write_name(w, "embedding");
	write_string(w, f->vector.name);
	write_name(w, "space");
	write_hex(w, f->space, sizeof(f->space), &hex);
	write_name(w, "text");
	write_string(w, f->question.text);
	write_name(w, "vector");
	write_hex(w, f->vector.row, f->vector.dims, &hex);
	write_object_end(w);
}

void
semantic_write_via(struct writer *w, struct slice meta)
{
	struct slice via = note_via(meta);

	if (!via.ptr)
		return;
	write_name(w, "via");
	write_raw(w, via);
}

void
semantic_close(struct semantic *s)
{
	if (!s)
		return;
	diag_note("semantic: %" PRIu64 " of %" PRIu64 " questions answered, %" PRIu64
		  " let through to be judged",
	    s->hits, s->looked, s->checks);
	observed_say(s->observed, s->hits + s->checks, s->looked);
	observed_close(s->observed);
	vectors_close(s->vectors);
	segments_free(s->segments);
	free(s);
}

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_hex(struct value v, unsigned char *out, size_t room, size_t *n)
{
	struct slice hex = json_string_raw(v);

	if (!hex.ptr || hex.len % 2 || hex.len / 2 > room)
		return false;
	for (size_t i = 0; i < hex.len; i += 2) {
		int high = digit(hex.ptr[i]), low = digit(hex.ptr[i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i / 2] = (unsigned char)(high << 4 | low);
	}
	*n = hex.len / 2;
	return true;
}

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
	size_t n;

	s->text = json_string(json_get(from, "text"), a);
	s->vector = (struct vector){ .name = json_string(json_get(from, "embedding"), a) };
	if (!s->text.ptr || s->text.len > QUESTION_MOST || !s->vector.name.ptr ||
	    !read_hex(json_get(from, "space"), s->space, sizeof(s->space), &n) ||
	    n != sizeof(s->space) ||
	    !read_hex(json_get(from, "vector"), s->row, sizeof(s->row), &s->vector.dims) ||
	    s->vector.dims == 0)
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
