/* SPDX-License-Identifier: MIT */
#include "semantic.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "gather.h"
#include "keep.h"
#include "meaning/gate.h"
#include "meaning/shingle.h"
#include "observed.h"
#include "segment.h"

#define NEAR_LISTED 16 /* near duplicates that are compared */
#define NEAR_SHARE 0.75F

#define BOUND 20000
#define NO_BOUND UINT64_MAX /* given */

struct semantic_settings semantic_settings = { .bound = NO_BOUND };

struct semantic {
	struct shelf *shelf;
	struct vectors *vectors;
	struct segments *segments;
	struct observed *observed;
	uint64_t looked, hits, checks, tier[3];
};

void
semantic_check_bound(uint64_t millionths)
{
	if (millionths == 0 || millionths >= 1000000)
		tool_usage("'--error-bound' must be above 0 and below 100%%");
}

/* Whoever asks for a bound and gets no semantic hit at all must know why. */
static const char *
option_alone(void)
{
	if (semantic_settings.bound != NO_BOUND)
		return "error-bound";
	if (semantic_settings.check_rate)
		return "check-rate";
	if (semantic_settings.judged.count)
		return "judged";
	if (semantic_settings.turns)
		return "multi-turn";
	return vectors_option();
}

void
semantic_check_options(void)
{
	const char *alone = semantic_settings.on ? NULL : option_alone();

	if (alone)
		tool_usage("'--%s' says nothing without '--semantic'", alone);
	if (semantic_settings.bound == NO_BOUND)
		semantic_settings.bound = BOUND;
	semantic_check_bound(semantic_settings.bound);
	if (semantic_settings.check_rate > 1000000)
		tool_usage("'--check-rate' is a share of at most 100%%");
}

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
	gather(shelf, s->vectors, semantic_settings.turns);
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

static float
crowd_of(const struct near *near, size_t count, size_t i)
{
	float crowd = 0;

	for (size_t k = 0; k < count; k++)
		if (k != i)
			crowd += learn_crowding(near[i].score, near[k].score);
	return crowd;
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
	struct near near[LEARN_LOOKED];
	size_t count = segment_nearest(t->segment, t->found->vector.row, near, LEARN_LOOKED);

	for (size_t i = 0; i < count && near[i].score >= learn_floor(t->learn); i++) {
		const struct item *item = segment_item(t->segment, near[i].row);
		const struct gate_text *text = gate_read(item->text, t->arena);
		uint64_t name = observed_entry(item->key);
		float closeness;

		if (!passes(t, text))
			continue;
		closeness = learn_closeness(
		    near[i].score, crowd_of(near, count, i), gate_overlap(t->asked, text));
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
	semantic_write_found(&w, f);
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
