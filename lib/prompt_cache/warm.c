/* SPDX-License-Identifier: MIT */
#include "prompt_cache/warm.h"

#include <stdlib.h>

#include "base/mem.h"

#define HELD (1u << 20)

struct warm {
	struct sent {
		uint64_t print; /* 0: free */
		struct warm_times times;
	} * slot;
	size_t size, count;
};

void
warm_times_add(struct warm_times *t, int64_t when)
{
	if (when == t->last)
		return;
	/* a clock that went back knows nothing of before */
	t->before = when > t->last ? t->last : WHEN_NONE;
	t->last = when;
}

bool
warm_times_within(const struct warm_times *t, int64_t when, int64_t life)
{
	int64_t sent = when > t->last ? t->last : t->before;

	return life == INT64_MAX || (sent != WHEN_NONE && sent < when && when - sent <= life);
}

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

uint64_t
warm_read(
    const struct warm *w, const struct chain *c, int64_t when, int64_t life, uint64_t minimum)
{
	for (size_t i = c->count; i-- > 0 && c->link[i].tokens >= minimum;) {
		const struct sent *s = slot_of(w, c->link[i].print);

		if (s->print && warm_times_within(&s->times, when, life))
			return c->link[i].tokens;
	}
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
			*s = (struct sent){ c->link[i].print, { WHEN_NONE, WHEN_NONE } };
		}
		warm_times_add(&s->times, when);
	}
}
