/* SPDX-License-Identifier: MIT */
/* The normalizer and the added_tokens of a tokenizer.json. */
#include "tokens/made.h"

#define NESTED 4 /* sequences in sequences */

static bool
read_normalizer(struct made *m, struct value v, int depth)
{
	struct value type = json_get(v, "type");

	if (json_type(v) <= JSON_NULL)
		return true;
	if (json_is(type, "NFC")) {
		m->before.compose = true;
		return true;
	}
	if (!json_is(type, "Sequence") || depth == NESTED)
		return refuse(&m->why, "the normalizer '%.*s' cannot be reproduced",
		    SLICE_ARG(slice_take(json_string(type, &m->memory), 40)));
	for (struct value k = json_first(json_get(v, "normalizers")); json_type(k);
	     k = json_next(k))
		if (!read_normalizer(m, k, depth + 1))
			return false;
	return true;
}

static bool
is_true(struct value v, const char *name)
{
	return json_type(json_get(v, name)) == JSON_TRUE;
}

/* Its id in vocab, else one more than that of any other: what the file says is not asked. */
static uint32_t
id_of_added(const struct made *m, struct slice content, uint32_t most)
{
	uint32_t id = made_vocab_id(m, content);

	if (id != VOCAB_NONE)
		return id;
	return most != VOCAB_NONE && most >= m->vocab_size ? most + 1 : m->vocab_size;
}

static void
keep_added(struct made *m, struct added *item, struct slice content, bool composed)
{
	struct buf made = { 0 };
	struct arena scratch = { 0 };

	if (composed && m->before.compose) {
		compose(content, &scratch, &made);
		content = buf_slice(&made);
	}
	item->content = arena_copy(&m->memory, content);
	buf_free(&made);
	arena_close(&scratch);
	before_add(&m->before, item, composed);
	if (item->id >= m->bpe.ids || !m->bpe.spelled[item->id].ptr)
		bpe_spell(&m->bpe, item->id, item->content);
}

/* most is the highest id so far, VOCAB_NONE for none. */
static bool
read_added(struct made *m, struct value v, uint32_t *most)
{
	struct slice content = json_string(json_get(v, "content"), &m->memory);
	struct added item = { .special = is_true(v, "special") };

	if (!content.ptr)
		return refuse(&m->why, "one of its added_tokens has no content");
	if (!content.len)
		return true;
	item.id = id_of_added(m, content, *most);
	if (item.id > BPE_ID_MOST)
		return refuse(&m->why, "one of its added_tokens has too high an id");
	*most = *most == VOCAB_NONE || item.id > *most ? item.id : *most;
	if (!item.special &&
	    (is_true(v, "lstrip") || is_true(v, "rstrip") || is_true(v, "single_word")))
		return refuse(&m->why,
		    "the added token %u, which is not special, takes blanks or stands alone "
		    "(lstrip, rstrip, single_word)",
		    item.id);
	keep_added(m, &item, content, is_true(v, "normalized"));
	return true;
}

bool
made_before(struct made *m, struct value root)
{
	uint32_t most = VOCAB_NONE;

	if (!read_normalizer(m, json_get(root, "normalizer"), 0))
		return false;
	for (struct value v = json_first(json_get(root, "added_tokens")); json_type(v);
	     v = json_next(v))
		if (!read_added(m, v, &most))
			return false;
	if (before_finish(&m->before)) {
		m->parts.parts = before_parts;
		m->parts.rules = &m->before;
	}
	return true;
}
