/* SPDX-License-Identifier: MIT */
/* Instructions that a request gives twice, in the same words or in others. */
#include <stdlib.h>

#include "cmd/llm-compress/look/audit.h"
#include "meaning/embed.h"
#include "meaning/gate.h"
#include "rank/units.h"
#include "text/unicode.h"

#define LEAST_WORDS 4
#define MOST_SENTENCES 400 /* of one request: each is compared with each */
#define NEAR 0.75f         /* cosine from which two sentences may say the same */

struct sentences {
	struct slice *list;
	size_t count;
};

static void
split_line(struct sentences *s, struct slice line)
{
	while (line.len && strchr("-*+# \t", line.ptr[0]))
		line = slice_drop(line, 1);
	while (line.len && s->count < MOST_SENTENCES) {
		size_t n = sentence_length(line);
		struct slice one = slice_trim(slice_take(line, n ? n : line.len));

		if (unicode_words(one) >= LEAST_WORDS && memchr(".!", one.ptr[one.len - 1], 2))
			s->list[s->count++] = one;
		line = slice_trim(slice_drop(line, n ? n : line.len));
	}
}

static struct sentences
sentences_of(const struct sampled *r, struct arena *a)
{
	struct sentences s = { 0 };

	s.list = arena_alloc(a, MOST_SENTENCES * sizeof(*s.list));
	for (size_t i = 0; i < r->system_count; i++)
		for (struct slice rest = r->system[i]; rest.len;) {
			size_t n = slice_find(rest, '\n');

			split_line(&s, slice_take(rest, n));
			rest = slice_drop(rest, n + 1);
		}
	return s;
}

struct findings
audit_repeated(const struct sampled *list, size_t count, size_t most, struct arena *a)
{
	struct collection c = { .arena = a };

	for (size_t i = 0; i < count; i++) {
		struct sentences s = sentences_of(&list[i], a);
		struct hash_map seen = { 0 };

		for (size_t k = 0; k < s.count; k++) {
			bool first;

			hash_map_add(&seen, s.list[k], &first);
			if (!first)
				finding_cost(collection_count(&c, s.list[k], i),
				    list[i].tokenizer, list[i].price, s.list[k]);
		}
		hash_map_free(&seen);
	}
	return collection_close(&c, most);
}

struct meant {
	const struct gate_text *gate;
	float *vector;
	size_t group; /* the first sentence that says the same */
};

/* Groups of one request: each sentence joins the first that it paraphrases. */
static void
group(const struct sentences *s, struct meant *m, struct arena *a)
{
	struct embed *embed = embed_table();
	size_t dims = embed_dims(embed);

	for (size_t i = 0; i < s->count; i++) {
		bool known;

		m[i].vector = arena_alloc(a, dims * sizeof(float));
		m[i].gate = gate_read(s->list[i], a);
		known = embed_text(embed, s->list[i], m[i].vector) == EMBED_OK;
		m[i].group = i;
		for (size_t k = 0; known && k < i; k++)
			if (m[k].group == k && !slice_eq(s->list[i], s->list[k]) &&
			    vector_dot(m[i].vector, m[k].vector, dims) >= NEAR &&
			    gate_conflict(m[i].gate, m[k].gate) == GATE_NONE) {
				m[i].group = k;
				break;
			}
	}
}

static void
add_member(struct finding *f, struct slice text, struct arena *a)
{
	struct slice *grown;

	for (size_t i = 0; i < f->member_count; i++)
		if (slice_eq(f->members[i], text))
			return;
	grown = arena_alloc(a, (f->member_count + 1) * sizeof(*grown));
	if (f->member_count)
		memcpy(grown, f->members, f->member_count * sizeof(*grown));
	grown[f->member_count++] = text;
	f->members = grown;
}

struct findings
audit_paraphrases(const struct sampled *list, size_t count, size_t most, struct arena *a)
{
	struct collection c = { .arena = a };
	struct arena scratch = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct sentences s = sentences_of(&list[i], a);
		struct meant *m = arena_zero(&scratch, s.count + 1, sizeof(*m));

		group(&s, m, &scratch);
		for (size_t k = 0; k < s.count; k++) {
			struct finding *f;

			if (m[k].group == k)
				continue;
			f = collection_count(&c, s.list[m[k].group], i);
			add_member(f, f->text, a);
			add_member(f, s.list[k], a);
			finding_cost(f, list[i].tokenizer, list[i].price, s.list[k]);
		}
		arena_reset(&scratch);
	}
	arena_close(&scratch);
	return collection_close(&c, most);
}
