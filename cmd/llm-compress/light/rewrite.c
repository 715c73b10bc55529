/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/light/rewrite.h"

static void
record(struct rewrite *r, size_t at, size_t len, size_t new_len)
{
	r->changes =
	    arena_more(r->arena, r->changes, r->count, &r->room, sizeof(*r->changes));
	r->changes[r->count++] = (struct change){ at, len, r->out.len, new_len };
}

void
rewrite_put(
    struct rewrite *r, struct slice text, const char *ptr, size_t len, struct slice with)
{
	if (!r->from)
		r->from = text.ptr;
	if (ptr < r->from) {
		size_t done = (size_t)(r->from - ptr);

		len = len > done ? len - done : 0;
		ptr = r->from;
	}
	buf_add(&r->out, slice_of(r->from, (size_t)(ptr - r->from)));
	if (r->arena)
		record(r, (size_t)(ptr - text.ptr), len, with.len);
	buf_add(&r->out, with);
	r->from = ptr + len;
	r->any = true;
}

struct slice
rewrite_end(struct rewrite *r, struct slice text, struct work *w)
{
	if (!r->any)
		return text;
	buf_add(&r->out, slice_of(r->from, (size_t)(text.ptr + text.len - r->from)));
	return work_keep(w, &r->out);
}

bool
rewrite_may(const struct work *w, const struct piece *p)
{
	return work_may(w, p, true) && p->now.len &&
	       (p->part.kind == PART_SYSTEM || p->part.kind == PART_USER);
}
