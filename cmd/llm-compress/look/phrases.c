/* SPDX-License-Identifier: MIT */
/* Runs of words that stand more than once: every run of NGRAM words is counted, and runs that
 * overlap and are as frequent are one. */
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/llm-compress/look/audit.h"
#include "text/unicode.h"

struct word_list {
	struct slice *list;
	size_t count;
};

static struct word_list
words_of(struct slice text, struct arena *a)
{
	struct slice rest = text, word;
	struct word_list w = { 0 };
	size_t room = text.len / 4 + 8;

	w.list = arena_alloc(a, room * sizeof(*w.list));
	while (unicode_word(&rest, &word)) {
		w.list = arena_more(a, w.list, w.count, &room, sizeof(*w.list));
		w.list[w.count++] = word;
	}
	return w;
}

/* The text from word i to word k, both inclusive. */
static struct slice
stretch(const struct word_list *w, size_t i, size_t k)
{
	return slice_of(
	    w->list[i].ptr, (size_t)(w->list[k].ptr + w->list[k].len - w->list[i].ptr));
}

struct counts {
	struct hash_map grams;
	uint32_t *count;
	size_t room;
};

static void
count_text(struct counts *c, struct slice text, struct arena *a)
{
	struct word_list w = words_of(text, a);

	for (size_t i = 0; i + NGRAM <= w.count; i++) {
		bool added;
		size_t at = hash_map_add(&c->grams, stretch(&w, i, i + NGRAM - 1), &added);

		if (at >= c->room) {
			c->room = c->room ? 2 * c->room : 1024;
			c->count = mem_grow(c->count, c->room, sizeof(*c->count));
		}
		c->count[at] = added ? 1 : c->count[at] + 1;
	}
}

static uint32_t
count_of(const struct counts *c, const struct word_list *w, size_t i)
{
	size_t at;

	if (i + NGRAM > w->count)
		return 0;
	at = hash_map_find(&c->grams, stretch(w, i, i + NGRAM - 1));
	return at == SIZE_MAX ? 0 : c->count[at];
}

static void
see_phrase(struct collection *p, struct slice text, const struct sampled *from, size_t request)
{
	struct finding *f = collection_count(p, text, request);

	if (f->count > 1)
		finding_cost(f, from->tokenizer, from->price, text);
}

static void
see_text(const struct counts *c, struct collection *p, struct slice text,
    const struct sampled *from, size_t request, struct arena *scratch)
{
	struct word_list w = words_of(text, scratch);

	for (size_t i = 0; i + NGRAM <= w.count;) {
		uint32_t n = count_of(c, &w, i);
		size_t k = i;

		if (n < 2) {
			i++;
			continue;
		}
		while (count_of(c, &w, k + 1) == n)
			k++;
		see_phrase(p, stretch(&w, i, k + NGRAM - 1), from, request);
		i = k + NGRAM;
	}
}

struct findings
audit_phrases(const struct sampled *list, size_t count, size_t most, struct arena *a)
{
	struct counts c = { 0 };
	struct collection p = { .arena = a };
	struct arena scratch = { 0 };

	for (size_t i = 0; i < count; i++)
		for (size_t t = 0; t < list[i].count; t++) {
			count_text(&c, list[i].texts[t], &scratch);
			arena_reset(&scratch);
		}
	for (size_t i = 0; i < count; i++)
		for (size_t t = 0; t < list[i].count; t++) {
			see_text(&c, &p, list[i].texts[t], &list[i], i, &scratch);
			arena_reset(&scratch);
		}
	hash_map_free(&c.grams);
	free(c.count);
	arena_close(&scratch);
	return collection_close(&p, most);
}
