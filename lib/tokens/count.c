/* SPDX-License-Identifier: MIT */
#include "tokens/count.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tokens/path.h"
#include "tokens/remember.h"

/* Cuts by a splitter that has no fast loop, from p on; it sees the whole text. */
static void
cut_slowly(const struct encoding *e, struct slice text, place p, struct pieces *out)
{
	size_t ends[64], from = (size_t)((const char *)p - text.ptr), at = 0;
	size_t n = e->split(e->pattern, text, from, ends, sizeof ends / sizeof *ends);

	out->count = 0;
	out->tokens = 0;
	for (size_t i = 0; i < n && (i == 0 || ends[i] - from <= UINT32_MAX); i++) {
		out->from[i] = (uint32_t)at;
		at = ends[i] - from;
		out->to[i] = at > UINT32_MAX ? UINT32_MAX : (uint32_t)at;
		out->count++;
	}
	out->next = p + at;
}

static path_cut *
cut_of(const struct encoding *e, const struct path *path)
{
	static const struct {
		split_fn *split;
		size_t at;
	} fast[] = {
		{ split_o200k, offsetof(struct path, o200k) },
		{ split_cl100k, offsetof(struct path, cl100k) },
		{ split_gpt2, offsetof(struct path, gpt2) },
		{ split_llama3, offsetof(struct path, llama3) },
		{ split_qwen, offsetof(struct path, qwen) },
		{ split_tekken, offsetof(struct path, tekken) },
	};
	path_cut *cut;

	for (size_t i = 0; i < sizeof fast / sizeof *fast; i++)
		if (e->split == fast[i].split) {
			memcpy(&cut, (const char *)path + fast[i].at, sizeof cut);
			return cut;
		}
	return NULL;
}

static struct slice
piece_at(const struct pieces *pieces, place p, size_t i)
{
	size_t from = pieces->from[i], to = pieces->to[i];

	if (to == UINT32_MAX) /* it may go on, see struct pieces */
		to = (size_t)(pieces->next - p);
	return slice_of((const char *)p + from, to - from);
}

uint64_t
count_text(const struct encoding *e, struct slice text)
{
	const struct path *path = path_chosen();
	path_cut *cut = cut_of(e, path);
	place p = (place)text.ptr, end = p + text.len;
	struct path_short known = { e->vocab && vocab_has_numbers(e->vocab),
		e->ranks ? e->ranks->of_two : NULL };
	struct pieces pieces;
	uint16_t missed[CUT_MOST];
	uint64_t sum = 0;
	size_t misses;
	struct later later;

	later.count = 0;
	for (; p < end; p = pieces.next) {
		if (cut)
			cut(p, end, &known, &pieces);
		else
			cut_slowly(e, text, p, &pieces);
		sum += pieces.tokens;
		sum += path->probe(remember_table(e), p, end, &pieces, missed, &misses);
		for (size_t i = 0; i < misses; i++)
			sum += remember_later(e, &later, piece_at(&pieces, p, missed[i]));
	}
	return sum + remember_all(e, &later);
}
