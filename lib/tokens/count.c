/* SPDX-License-Identifier: MIT */
#include "tokens/count.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tokens/path.h"
#include "tokens/remember.h"

/* Cuts by a splitter that has no fast loop, from p on; it sees the whole text. */
static size_t
cut_slowly(const struct encoding *e, struct slice text, place p, uint32_t *ends, place *next)
{
	size_t far[64], n, used = 0, from = (size_t)((const char *)p - text.ptr);

	n = e->split(e->pattern, text, from, far, sizeof far / sizeof *far);
	while (used < n && far[used] - from <= UINT32_MAX) {
		ends[used] = (uint32_t)(far[used] - from);
		used++;
	}
	if (n > 0 && used == 0)
		used = 1;
	*next = used ? p + (far[used - 1] - from) : p;
	return used;
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

uint64_t
count_text(const struct encoding *e, struct slice text)
{
	const struct path *path = path_chosen();
	path_cut *cut = cut_of(e, path);
	place p = (place)text.ptr, end = p + text.len, next;
	uint32_t ends[CUT_MOST];
	uint16_t missed[CUT_MOST];
	uint64_t sum = 0;
	size_t n, misses;
	struct later later;

	later.count = 0;
	while ((n = cut ? cut(p, end, ends, &next) : cut_slowly(e, text, p, ends, &next))) {
		sum += path->probe(remember_table(e), p, end, ends, n, missed, &misses);
		for (size_t i = 0; i < misses; i++) {
			size_t at = missed[i], from = at ? ends[at - 1] : 0;
			/* the last one may be past 4 GiB */
			size_t to = at + 1 == n ? (size_t)(next - p) : ends[at];

			sum += remember_later(
			    e, &later, slice_of((const char *)p + from, to - from));
		}
		p = next;
	}
	return sum + remember_all(e, &later);
}
