/* SPDX-License-Identifier: MIT */
/* The model, normalizer and added_tokens of a tokenizer.json, as PyPI tokenizers 0.23.3 reads
 * them with encode_special_tokens set. */
#include "base/mem.h"
#include "text/unicode.h"
#include "tokens/made.h"

/* The byte that a character of the byte-level alphabet stands for, or -1: printable ones of
 * Latin-1 stand for themselves, the others are U+0100 and on. */
static int
byte_of(uint32_t c)
{
	static int16_t beyond[68];
	static bool made;

	if (!made) {
		int n = 0;

		for (int byte = 0; byte < 256; byte++)
			if (byte < 33 || (byte > 126 && byte < 161) || byte == 173)
				beyond[n++] = (int16_t)byte;
		made = true;
	}
	if ((c >= 33 && c <= 126) || (c >= 161 && c <= 255 && c != 173))
		return (int)c;
	return c >= 256 && c < 256 + 68 ? beyond[c - 256] : -1;
}

/* The bytes that a token of the file stands for. False if it stands for none. */
static bool
spell(struct slice text, struct buf *bytes)
{
	buf_clear(bytes);
	while (text.len) {
		int byte = byte_of(unicode_next(&text));

		if (byte < 0)
			return false;
		buf_add_byte(bytes, (char)byte);
	}
	return true;
}

/* A string that spells no bytes: no text has it, but an added token may. */
static bool
add_other(struct made *m, struct slice string, uint32_t id)
{
	bool added;
	size_t i = hash_map_add(&m->others, string, &added);

	if (!added)
		return refuse(&m->why, "its vocab has a token twice");
	m->other_id = mem_grow(m->other_id, i + 1, sizeof *m->other_id);
	m->other_id[i] = id;
	return true;
}

uint32_t
made_vocab_id(const struct made *m, struct slice string)
{
	struct buf bytes = { 0 };
	size_t i =
	    spell(string, &bytes) ? hash_map_find(&m->bpe.names, buf_slice(&bytes)) : SIZE_MAX;
	uint32_t id = i != SIZE_MAX ? m->bpe.id[i] : VOCAB_NONE;

	buf_free(&bytes);
	if (id == VOCAB_NONE && (i = hash_map_find(&m->others, string)) != SIZE_MAX)
		id = m->other_id[i];
	return id;
}

static bool
read_vocab(struct made *m, struct value vocab, struct arena *scratch)
{
	struct buf bytes = { 0 };
	bool good = true;

	for (struct value k = json_first(vocab); good && json_type(k); k = json_next(k)) {
		struct slice string = json_string(k, scratch);
		uint64_t id;

		m->vocab_size++;
		if (!json_whole(json_member_value(k), &id) || id > BPE_ID_MOST)
			good = refuse(&m->why, "its vocab has an id that is none");
		else if (spell(string, &bytes) && bytes.len)
			good = bpe_add(&m->bpe, buf_slice(&bytes), (uint32_t)id, &m->why);
		else
			good = add_other(m, string, (uint32_t)id);
		arena_reset(scratch);
	}
	buf_free(&bytes);
	return good;
}

/* "a b" or ["a","b"]; without bytes where it is neither. */
static void
take_pair(struct value v, struct arena *scratch, struct slice *left, struct slice *right)
{
	if (json_type(v) == JSON_ARRAY) {
		struct value first = json_first(v);

		*left = json_string(first, scratch);
		*right = json_length(v) == 2 ? json_string(json_next(first), scratch)
					     : slice_of(NULL, 0);
		return;
	}
	*left = json_string(v, scratch);
	*right = slice_drop(*left, slice_find(*left, ' ') + 1);
	*left = slice_take(*left, slice_find(*left, ' '));
}

static bool
read_merges(struct made *m, struct value merges, struct arena *scratch)
{
	struct buf left = { 0 }, right = { 0 };
	size_t number = 0;
	bool good = true;

	for (struct value v = json_first(merges); good && json_type(v); v = json_next(v)) {
		struct refusal why = { "is no pair of byte-level tokens" };
		struct slice l, r;

		number++;
		take_pair(v, scratch, &l, &r);
		good = l.len && r.len && spell(l, &left) && spell(r, &right) &&
		       bpe_merge(&m->bpe, buf_slice(&left), buf_slice(&right), &why);
		if (!good)
			refuse(&m->why, "merge %zu %.200s", number, why.text);
		arena_reset(scratch);
	}
	buf_free(&left);
	buf_free(&right);
	return good;
}

static bool
is_unset(struct value v)
{
	return json_type(v) <= JSON_FALSE || json_is(v, "") ||
	       (json_type(v) == JSON_NUMBER && slice_eqz(json_raw(v), "0")) ||
	       slice_eqz(json_raw(v), "0.0");
}

/* What would make tokens otherwise. unk_token and fuse_unk are not among it: each byte has a
 * token. */
static bool
check_model(struct made *m, struct value model)
{
	static const char *const unset[] = { "dropout", "continuing_subword_prefix",
		"end_of_word_suffix", "byte_fallback" };
	struct value type = json_get(model, "type");

	if (json_type(model) != JSON_OBJECT)
		return refuse(&m->why, "is no tokenizer.json: it has no model");
	if (json_type(type) != JSON_ABSENT && !json_is(type, "BPE"))
		return refuse(&m->why,
		    "its model is '%.*s': only byte-level BPE can be reproduced",
		    SLICE_ARG(slice_take(json_string(type, &m->memory), 40)));
	for (size_t i = 0; i < sizeof unset / sizeof *unset; i++)
		if (!is_unset(json_get(model, unset[i])))
			return refuse(
			    &m->why, "its model has '%s', which is not reproduced", unset[i]);
	if (json_type(json_get(model, "vocab")) != JSON_OBJECT ||
	    json_type(json_get(model, "merges")) != JSON_ARRAY)
		return refuse(&m->why, "its model has no vocab and merges");
	return true;
}

bool
made_of_huggingface(struct made *m, struct value root)
{
	struct value model = json_get(root, "model");
	struct arena scratch = { 0 };
	bool good = check_model(m, model) && made_cut(m, json_get(root, "pre_tokenizer")) &&
		    read_vocab(m, json_get(model, "vocab"), &scratch) &&
		    read_merges(m, json_get(model, "merges"), &scratch) &&
		    bpe_finish(&m->bpe,
			json_type(json_get(model, "ignore_merges")) == JSON_TRUE, &m->why);

	arena_close(&scratch);
	if (!good || !made_before(m, root))
		return false;
	m->parts.name = "tokenizer.json";
	bpe_parts(&m->bpe, &m->parts);
	return true;
}
