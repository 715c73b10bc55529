/* SPDX-License-Identifier: MIT */
#include "prompt_cache/warm.h"

#include <stdlib.h>

#include "base/mem.h"

#define HELD (1u << 20)

struct warm {
	struct sent {
		uint64_t print; /* 0: free */
		int64_t when;
	} * slot;
	size_t size, count;
};

struct warm *
warm_open(void)
{
	struct warm *w = mem_zero(sizeof *w);

	w->size = 1024;
	w->slot = mem_zero(w->size * sizeof *w->slot);
	return w;
}

void
warm_free(struct warm *w)
{
	free(w->slot);
	free(w);
}

static struct sent *
slot_of(const struct warm *w, uint64_t print)
{
	size_t i = print & (w->size - 1);

	while (w->slot[i].print && w->slot[i].print != print)
		i = (i + 1) & (w->size - 1);
	return &w->slot[i];
}

static bool
is_warm(const struct sent *s, uint64_t print, int64_t when, int64_t life)
{
	if (s->print != print)
		return false;
	if (life == INT64_MAX)
		return true;
	return when > s->when && when - s->when <= life;
}

uint64_t
warm_read(
    const struct warm *w, const struct chain *c, int64_t when, int64_t life, uint64_t minimum)
{
	for (size_t i = c->count; i-- > 0 && c->link[i].tokens >= minimum;)
		if (is_warm(slot_of(w, c->link[i].print), c->link[i].print, when, life))
			return c->link[i].tokens;
	return 0;
}

static void
grow(struct warm *w)
{
	struct warm more = { .size = w->size * 2, .count = w->count };

	more.slot = mem_zero(more.size * sizeof *more.slot);
	for (size_t i = 0; i < w->size; i++)
		if (w->slot[i].print)
			*slot_of(&more, w->slot[i].print) = w->slot[i];
	free(w->slot);
	*w = more;
}

void
warm_send(struct warm *w, const struct chain *c, int64_t when)
{
	for (size_t i = 0; i < c->count; i++) {
		struct sent *s = slot_of(w, c->link[i].print);

		if (!s->print) {
			if (w->count == HELD)
				continue;
			if (++w->count * 4 > w->size * 3) {
				grow(w);
				s = slot_of(w, c->link[i].print);
			}
			s->print = c->link[i].print;
		}
		s->when = when;
	}
}
