/* SPDX-License-Identifier: MIT */
/* Compares the ways of counting tokens with the plain ones, for the unit test and the fuzzer.
 */
#ifndef TOKENS_COMPARE_H
#define TOKENS_COMPARE_H

#include <stdio.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "tokens/encoding_parts.h"
#include "tokens/merge_few.h"
#include "tokens/merge_many.h"
#include "tokens/merge_search.h"
#include "tokens/path.h"
#include "tokens/utf8.h"

static const struct {
	const char *name;
	const struct split_family *family;
	size_t cut; /* in struct path */
} compared_families[] = {
	{ "o200k", &family_o200k, offsetof(struct path, o200k) },
	{ "cl100k", &family_cl100k, offsetof(struct path, cl100k) },
	{ "gpt2", &family_gpt2, offsetof(struct path, gpt2) },
	{ "llama3", &family_llama3, offsetof(struct path, llama3) },
	{ "qwen", &family_qwen, offsetof(struct path, qwen) },
	{ "tekken", &family_tekken, offsetof(struct path, tekken) },
};
static const char *const compared_paths[] = { "portable", "avx2", "avx512" };
#define COMPARED(array) (sizeof array / sizeof *array)

static char compared_wrong[160]; /* what a comparison found */

/* The tokens of a piece that cut did not list; 0: it should have. */
static inline uint64_t
tokens_of_short(
    const struct split_family *f, struct slice piece, const struct path_short *known)
{
	const unsigned char *p = (const unsigned char *)piece.ptr;
	size_t digits = 0;

	while (digits < piece.len && ascii_digit(piece.ptr[digits]))
		digits++;
	if (piece.len == 1 || (known->numbers && f->digits == 3 && digits == piece.len))
		return 1;
	if (!known->two || piece.len != 2)
		return 0;
	return 1 + (known->two[p[0] << 8 | p[1]] == VOCAB_NONE);
}

/* The pieces of the chosen path are those of one exact step after another. text is valid. */
static inline bool
same_cuts(struct slice text, size_t family, const struct path_short *known)
{
	const struct split_family *f = compared_families[family].family;
	place p = (place)text.ptr, end = p + text.len, at = p;
	struct pieces found;
	path_cut *cut;

	memcpy(&cut, (const char *)path_chosen() + compared_families[family].cut, sizeof cut);
	for (; p < end; p = found.next) {
		uint64_t tokens = 0;
		size_t i = 0;

		cut(p, end, known, &found);
		while (at < found.next) {
			size_t len = split_piece(f, at, end);
			uint64_t few =
			    tokens_of_short(f, slice_of((const char *)at, len), known);

			if (i < found.count && at == p + found.from[i] &&
			    at + len == p + found.to[i])
				i++;
			else if (few)
				tokens += few;
			else
				break;
			at += len;
		}
		if (at != found.next || i != found.count || tokens != found.tokens) {
			snprintf(compared_wrong, sizeof compared_wrong,
			    "%s cuts %s otherwise at %zu", path_chosen_name(),
			    compared_families[family].name, (size_t)(at - (place)text.ptr));
			return false;
		}
	}
	return true;
}

/* Lowest rank first, then leftmost, until nothing merges. */
static inline uint32_t
merge_by_definition(const struct vocab *v, struct slice s, uint32_t *cut)
{
	uint32_t symbols = (uint32_t)s.len;

	for (uint32_t i = 0; i <= symbols; i++)
		cut[i] = i;
	for (;;) {
		uint32_t lowest = VOCAB_NONE, where = 0;

		for (uint32_t i = 0; i + 2 <= symbols; i++) {
			struct slice pair = slice_of(s.ptr + cut[i], cut[i + 2] - cut[i]);
			uint32_t rank = vocab_find(v, pair);

			if (rank < lowest) {
				lowest = rank;
				where = i;
			}
		}
		if (lowest == VOCAB_NONE)
			return symbols;
		memmove(&cut[where + 1], &cut[where + 2], (symbols - where - 1) * sizeof *cut);
		symbols--;
	}
}

static inline bool
same_ids(const struct vocab *v, struct slice piece, const uint32_t *cut, uint32_t count,
    const uint32_t *ids, size_t found, const char *way)
{
	bool same = count == found;

	for (uint32_t i = 0; same && i < count; i++)
		same = slice_eq(
		    vocab_bytes(v, ids[i]), slice_of(piece.ptr + cut[i], cut[i + 1] - cut[i]));
	if (!same)
		snprintf(compared_wrong, sizeof compared_wrong,
		    "%s gives %zu tokens and not %u of %zu bytes", way, found, count,
		    piece.len);
	return same;
}

/* All ways of merging a piece, of at most MANY_MOST bytes, give what the definition says. */
static inline bool
same_merges(const struct vocab *v, struct slice piece)
{
	static uint32_t cut[MANY_MOST + 1], ids[MANY_MOST];
	uint32_t count = merge_by_definition(v, piece, cut);
	struct few few[3] = { { piece, 0 }, { slice_take(piece, 1), 0 }, { piece, 0 } };
	struct merge m = { .id = m.few, .room = MERGE_FEW };
	bool same;

	merge_piece(v, piece, &m);
	same = same_ids(v, piece, cut, count, m.id, m.count, "merge_piece");
	merge_search(v, piece, &m);
	same = same && same_ids(v, piece, cut, count, m.id, m.count, "merge_search");
	merge_free(&m);
	same = same &&
	       same_ids(v, piece, cut, count, ids, merge_many(v, piece, ids), "merge_many");
	if (piece.len <= FEW_MOST)
		same = same && same_ids(v, piece, cut, count, ids, merge_few(v, piece, ids),
				   "merge_few");
	if (same && merge_count(v, piece) != count) {
		snprintf(compared_wrong, sizeof compared_wrong, "merge_count differs");
		same = false;
	}
	if (utf8_valid(piece) < piece.len)
		return same;
	merge_side_by_side(v, few, (unsigned char)piece.ptr[0] < 0x80 ? 3 : 1);
	if (same && few[0].count && few[0].count != count) {
		snprintf(compared_wrong, sizeof compared_wrong, "merge_side_by_side differs");
		same = false;
	}
	return same;
}

/* Each path of this machine agrees: is the text valid, its cuts, its tokens. */
static inline bool
same_on_paths(const struct encoding *e, struct slice text, bool valid)
{
	struct path_short none = { false, NULL }, all = { true, e->vocab->of_two };
	uint64_t count = 0;
	bool same = true;

	for (size_t i = 0; same && i < COMPARED(compared_paths); i++) {
		uint64_t found;

		if (!path_use(compared_paths[i]))
			continue;
		if (path_utf8(text) != valid) {
			snprintf(compared_wrong, sizeof compared_wrong, "%s: valid UTF-8?",
			    compared_paths[i]);
			return false;
		}
		for (size_t f = 0; same && valid && f < COMPARED(compared_families); f++)
			same = same_cuts(text, f, &none) && same_cuts(text, f, &all);
		found = encoding_count(e, text);
		count = i ? count : found;
		if (found != count) {
			snprintf(compared_wrong, sizeof compared_wrong,
			    "%s counts %llu and not %llu", compared_paths[i],
			    (unsigned long long)found, (unsigned long long)count);
			return false;
		}
	}
	return same;
}

/* The tokens of valid text, piece by piece and each by the definition. */
static inline uint64_t
count_by_definition(const struct encoding *e, const struct split_family *f, struct slice text)
{
	static uint32_t cut[MANY_MOST + 1];
	place p = (place)text.ptr, end = p + text.len;
	uint64_t count = 0;

	while (p < end) {
		size_t len = split_piece(f, p, end);
		struct slice piece = slice_of((const char *)p, len);

		if (len > MANY_MOST)
			return UINT64_MAX;
		count += vocab_find(e->vocab, piece) != VOCAB_NONE
			     ? 1
			     : merge_by_definition(e->vocab, piece, cut);
		p += len;
	}
	return count;
}

#endif
