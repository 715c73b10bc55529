/* SPDX-License-Identifier: MIT */
#include "window.h"

#include <stdlib.h>

#include "base/mem.h"

#define PAST_MOST ((size_t)1 << 20) /* prefixes: 8 MiB */
#define PAST_RECORDS ((size_t)1 << 17)

/* A record that waits, and later one of the past, without its line. */
struct held {
	char *line;
	size_t len;
	struct waiting what;
	uint64_t *prints;
	size_t count;
	uint64_t marked[MARKS_MOST];
	unsigned marks;
};
struct queue {
	struct held *ring; /* of size `room`, a power of two */
	size_t first, count, room;
};
struct slot {
	uint64_t print; /* 0: free */
	uint32_t before, after, marked;
};

struct window {
	uint64_t ahead;
	size_t most, bytes; /* held */
	window_release release;
	void *context;
	struct queue waiting, past;
	uint64_t records; /* among those that wait */
	size_t past_prints;
	struct held now; /* the record that is released */
	/* all prefixes of the window; some of its slots may be of none any more */
	struct slot *slots;
	size_t size, used;
};

struct window *
window_open(uint64_t ahead, size_t bytes, window_release release, void *context)
{
	struct window *w = mem_zero(sizeof(*w));

	w->ahead = ahead;
	w->most = bytes;
	w->release = release;
	w->context = context;
	w->size = 1024;
	w->slots = mem_zero(w->size * sizeof(*w->slots));
	return w;
}

static struct held *
queue_at(const struct queue *q, size_t i)
{
	return &q->ring[(q->first + i) & (q->room - 1)];
}

static struct held *
queue_add(struct queue *q)
{
	if (q->count == q->room) {
		size_t room = q->room ? q->room * 2 : 64;
		struct held *ring = mem_alloc(room * sizeof(*ring));

		for (size_t i = 0; i < q->count; i++)
			ring[i] = *queue_at(q, i);
		free(q->ring);
		*q = (struct queue){ ring, 0, q->count, room };
	}
	return queue_at(q, q->count++);
}

static struct held
queue_take(struct queue *q)
{
	struct held h = *queue_at(q, 0);

	q->first++;
	q->count--;
	return h;
}

static struct slot *
slot_of(const struct window *w, uint64_t print)
{
	size_t i = (print >> 1) & (w->size - 1);

	while (w->slots[i].print && w->slots[i].print != print)
		i = (i + 1) & (w->size - 1);
	return &w->slots[i];
}

/* A table for what is still in the window, at most a quarter full. */
static void
slots_renew(struct window *w)
{
	struct slot *old = w->slots;
	size_t size = w->size, live = 0;

	for (size_t i = 0; i < size; i++)
		live += old[i].before || old[i].after;
	while (w->size < live * 4)
		w->size *= 2;
	w->slots = mem_zero(w->size * sizeof(*w->slots));
	w->used = live;
	for (size_t i = 0; i < size; i++)
		if (old[i].before || old[i].after)
			*slot_of(w, old[i].print) = old[i];
	free(old);
}

static struct slot *
slot_make(struct window *w, uint64_t print)
{
	struct slot *s = slot_of(w, print);

	if (s->print)
		return s;
	if (w->used * 2 >= w->size) {
		slots_renew(w);
		s = slot_of(w, print);
	}
	w->used++;
	s->print = print;
	return s;
}

struct window_seen
window_seen(const struct window *w, uint64_t print)
{
	const struct slot *s = slot_of(w, print);

	return (struct window_seen){ s->before, s->after, s->marked };
}

void
window_marked(struct window *w, uint64_t print)
{
	struct held *h = &w->now;

	if (h->marks < MARKS_MOST)
		h->marked[h->marks++] = print;
}

static void
past_drop(struct window *w)
{
	struct held h = queue_take(&w->past);

	for (size_t i = 0; i < h.count; i++)
		slot_of(w, h.prints[i])->before--;
	for (unsigned i = 0; i < h.marks; i++)
		slot_of(w, h.marked[i])->marked--;
	w->past_prints -= h.count;
	free(h.prints);
}

static void
past_add(struct window *w, const struct held *h)
{
	*queue_add(&w->past) = *h;
	w->past_prints += h->count;
	for (size_t i = 0; i < h->count; i++)
		slot_make(w, h->prints[i])->before++;
	for (unsigned i = 0; i < h->marks; i++)
		slot_of(w, h->marked[i])->marked++;
	while (w->past.count && (w->past.count > w->ahead || w->past.count > PAST_RECORDS ||
				    w->past_prints > PAST_MOST))
		past_drop(w);
}

static size_t
weight(const struct held *h)
{
	return h->len + h->count * sizeof(*h->prints);
}

static void
release_first(struct window *w)
{
	struct held *h = &w->now;

	*h = queue_take(&w->waiting);
	for (size_t i = 0; i < h->count; i++)
		slot_of(w, h->prints[i])->after--;
	w->bytes -= weight(h);
	w->records -= h->what.record;
	w->release(w->context, slice_of(h->line, h->len), &h->what);
	free(h->line);
	if (h->what.record && w->ahead)
		past_add(w, h);
	else
		free(h->prints);
}

void
window_push(struct window *w, struct slice head, struct slice line, const struct waiting *what,
    const struct places *places)
{
	struct held *h = queue_add(&w->waiting);

	*h = (struct held){ .len = head.len + line.len, .what = *what, .count = places->count };
	h->line = mem_alloc(h->len);
	if (head.len)
		memcpy(h->line, head.ptr, head.len);
	if (line.len)
		memcpy(h->line + head.len, line.ptr, line.len);
	if (h->count)
		h->prints = mem_alloc(h->count * sizeof(*h->prints));
	for (size_t i = 0; i < h->count; i++) {
		h->prints[i] = places->list[i].print;
		slot_make(w, h->prints[i])->after++;
	}
	w->bytes += weight(h);
	w->records += what->record;
	while (w->waiting.count && (w->records > w->ahead || w->bytes > w->most))
		release_first(w);
}

void
window_close(struct window *w)
{
	while (w->waiting.count)
		release_first(w);
	while (w->past.count)
		past_drop(w);
	free(w->waiting.ring);
	free(w->past.ring);
	free(w->slots);
	free(w);
}
