/* SPDX-License-Identifier: MIT */
#include "window.h"

#include <stdlib.h>

#include "base/mem.h"

struct held {
	char *line;
	size_t len;
	struct waiting what;
};

struct window {
	uint64_t ahead;
	size_t most, bytes; /* held */
	window_release release;
	void *context;
	struct held *ring; /* of size `room`, a power of two */
	size_t first, count, room;
	uint64_t records; /* among the held */
	uint64_t *past;   /* prints of the last records that were released */
	size_t past_next, past_count, past_room;
};

struct window *
window_open(uint64_t ahead, size_t bytes, window_release release, void *context)
{
	struct window *w = mem_zero(sizeof(*w));

	w->ahead = ahead;
	w->most = bytes;
	w->release = release;
	w->context = context;
	return w;
}

static struct held *
held_at(const struct window *w, size_t i)
{
	return &w->ring[(w->first + i) & (w->room - 1)];
}

static void
enlarge(struct window *w)
{
	size_t room = w->room ? w->room * 2 : 64;
	struct held *ring = mem_alloc(room * sizeof(*ring));

	for (size_t i = 0; i < w->count; i++)
		ring[i] = *held_at(w, i);
	free(w->ring);
	w->ring = ring;
	w->first = 0;
	w->room = room;
}

/* The past grows to `ahead` records and is a ring from then on. */
static void
past_add(struct window *w, uint64_t print)
{
	if (w->past_count < w->ahead) {
		if (w->past_count == w->past_room) {
			w->past_room = w->past_room ? w->past_room * 2 : 64;
			w->past = mem_grow(w->past, w->past_room, sizeof(*w->past));
		}
		w->past[w->past_count++] = print;
	} else if (w->ahead) {
		w->past[w->past_next] = print;
		w->past_next = (w->past_next + 1) % w->past_count;
	}
}

static uint64_t
seen_of(const struct window *w, uint64_t print)
{
	uint64_t n = 0;

	if (!print)
		return 0;
	for (size_t i = 0; i < w->past_count; i++)
		n += w->past[i] == print;
	for (size_t i = 0; i < w->count; i++)
		n += held_at(w, i)->what.print == print;
	return n;
}

static void
release_first(struct window *w)
{
	struct held h = *held_at(w, 0);

	w->release(w->context, slice_of(h.line, h.len), &h.what, seen_of(w, h.what.print));
	if (h.what.record) {
		past_add(w, h.what.print);
		w->records--;
	}
	w->bytes -= h.len;
	w->first++;
	w->count--;
	free(h.line);
}

void
window_push(struct window *w, struct slice head, struct slice line, const struct waiting *what)
{
	struct held *h;

	if (w->count == w->room)
		enlarge(w);
	h = held_at(w, w->count++);
	h->len = head.len + line.len;
	h->line = mem_alloc(h->len);
	if (head.len)
		memcpy(h->line, head.ptr, head.len);
	if (line.len)
		memcpy(h->line + head.len, line.ptr, line.len);
	h->what = *what;
	w->bytes += h->len;
	w->records += what->record;
	while (w->count && (w->records > w->ahead || w->bytes > w->most))
		release_first(w);
}

void
window_close(struct window *w)
{
	while (w->count)
		release_first(w);
	free(w->ring);
	free(w->past);
	free(w);
}
