/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/recount.h"

bool
recount_can(const struct work *w)
{
	const struct encoding *e = tokenizer_encoding(w->tokenizer);

	return e && encoding_find(slice_z(encoding_name(e))) == e;
}

static bool
is_visible(char c)
{
	return c > ' ' && c < 0x7F;
}

bool
recount_cuts(struct slice text, size_t i)
{
	return i && i + 1 < text.len && text.ptr[i] == ' ' && is_visible(text.ptr[i - 1]) &&
	       is_visible(text.ptr[i + 1]);
}

/* The last place between offsets `low` and `high` at which the text is cut whatever stands
 * outside of them; `low` where there is none. */
static size_t
last_cut(struct slice text, size_t low, size_t high)
{
	struct slice s = slice_of(text.ptr + low, high - low);

	for (size_t i = s.len; i--;)
		if (recount_cuts(s, i))
			return low + i;
	return low;
}

/* The first one; SIZE_MAX where there is none. */
static size_t
first_cut(struct slice text, size_t low, size_t high)
{
	struct slice s = slice_of(text.ptr + low, high - low);

	for (size_t i = 0; i < s.len; i++)
		if (recount_cuts(s, i))
			return low + i;
	return SIZE_MAX;
}

/* How many changes from the first on stand too near to each other to be counted alone, and in
 * *to the place behind them. */
static size_t
together(struct slice old, const struct change *list, size_t count, size_t *to)
{
	for (size_t n = 1;; n++) {
		size_t end = list[n - 1].at + list[n - 1].len;

		*to = first_cut(old, end, n < count ? list[n].at : old.len);
		if (*to == SIZE_MAX && n == count)
			*to = old.len;
		if (*to != SIZE_MAX)
			return n;
	}
}

uint64_t
recount(const struct work *w, struct slice old, uint64_t tokens, struct slice now,
    const struct change *list, size_t count)
{
	size_t done = 0;

	if (count && !recount_can(w))
		return work_count(w, now);
	for (size_t i = 0; i < count;) {
		size_t from = last_cut(old, done, list[i].at), to, last;
		size_t new_from = from + list[i].new_at - list[i].at, new_to;

		i += together(old, list + i, count - i, &to);
		last = i - 1;
		done = list[last].at + list[last].len;
		new_to = to - done + list[last].new_at + list[last].new_len;
		tokens += work_count(w, slice_of(now.ptr + new_from, new_to - new_from));
		tokens -= work_count(w, slice_of(old.ptr + from, to - from));
	}
	return tokens;
}
