/* SPDX-License-Identifier: MIT */
#include "latency.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BITS 10 /* of a value that are kept above 2^11 */

/* Eight bytes, as there are many groups. A class with more values than a count can hold has
 * several slots. */
struct latency_slot {
	uint32_t class; /* + 1; 0 is free */
	uint32_t count;
};

static uint32_t
class_of(uint64_t ms)
{
	unsigned shift = 0;

	while (ms >> shift >= (UINT64_C(2) << BITS))
		shift++;
	return (shift << BITS) + (uint32_t)(ms >> shift);
}

/* The middle of the values of a class. */
static uint64_t
value_of(uint32_t class)
{
	unsigned shift = class >> BITS;
	uint64_t low;

	if (shift < 2)
		return class;
	shift--;
	low = (uint64_t)(class - (shift << BITS)) << shift;
	return low + ((UINT64_C(1) << shift) - 1) / 2;
}

static struct latency_slot *
slot_of(struct latency_slot *slots, size_t size, uint32_t class)
{
	size_t at = (class * 2654435761u) & (size - 1);

	while (
	    slots[at].class && (slots[at].class != class + 1 || slots[at].count == UINT32_MAX))
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static void
put(struct latency *l, uint32_t class, uint32_t count)
{
	struct latency_slot *slot = slot_of(l->slots, l->size, class);
	uint32_t room = UINT32_MAX - slot->count, first = count < room ? count : room;

	l->used += !slot->class;
	slot->class = class + 1;
	slot->count += first;
	if (count > first) {
		slot = slot_of(l->slots, l->size, class);
		l->used += !slot->class;
		slot->class = class + 1;
		slot->count += count - first;
	}
}

static void
enlarge(struct latency *l)
{
	struct latency old = *l;

	l->size = old.size ? old.size * 2 : 8;
	l->slots = mem_zero(l->size * sizeof(*l->slots));
	l->used = 0;
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].class)
			put(l, old.slots[i].class - 1, old.slots[i].count);
	free(old.slots);
}

void
latency_add_class(struct latency *l, uint32_t class, uint64_t count)
{
	l->count += count;
	while (count) {
		uint32_t part = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;

		/* room for two more */
		if ((l->used + 2) * 4 > l->size * 3)
			enlarge(l);
		put(l, class, part);
		count -= part;
	}
}

void
latency_each(const struct latency *l,
    void (*each)(void *context, uint32_t class, uint64_t count), void *context)
{
	for (size_t i = 0; i < l->size; i++)
		if (l->slots[i].class)
			each(context, l->slots[i].class - 1, l->slots[i].count);
}

void
latency_add(struct latency *l, uint64_t ms, uint64_t times)
{
	latency_add_class(l, class_of(ms), times);
}

void
latency_merge(struct latency *l, const struct latency *b)
{
	for (size_t i = 0; i < b->size; i++)
		if (b->slots[i].class)
			latency_add_class(l, b->slots[i].class - 1, b->slots[i].count);
}

static int
by_class(const void *a, const void *b)
{
	const struct latency_slot *x = a, *y = b;

	return x->class < y->class ? -1 : x->class > y->class;
}

bool
latency_quantile(const struct latency *l, unsigned permille, uint64_t *ms)
{
	uint64_t rank = l->count / 1000 * permille + (l->count % 1000 * permille + 999) / 1000,
		 seen = 0;
	struct latency_slot *sorted;
	size_t n = 0, i = 0;

	if (!l->count)
		return false;
	sorted = mem_alloc(l->used * sizeof(*sorted));
	for (size_t k = 0; k < l->size; k++)
		if (l->slots[k].class)
			sorted[n++] = l->slots[k];
	qsort(sorted, n, sizeof(*sorted), by_class);
	while (i + 1 < n && seen + sorted[i].count < rank)
		seen += sorted[i++].count;
	*ms = value_of(sorted[i].class - 1);
	free(sorted);
	return true;
}

void
latency_free(struct latency *l)
{
	free(l->slots);
	*l = (struct latency){ 0 };
}
