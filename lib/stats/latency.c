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

static bool
is_list(const struct latency *l)
{
	return l->size <= LATENCY_LIST;
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

	l->size = is_list(&old) ? LATENCY_LIST * 2 : old.size * 2;
	l->slots = mem_zero(l->size * sizeof(*l->slots));
	l->used = 0;
	for (size_t i = 0; is_list(&old) && i < old.used; i++)
		put(l, old.list[i], 1);
	for (size_t i = 0; !is_list(&old) && i < old.size; i++)
		if (old.slots[i].class)
			put(l, old.slots[i].class - 1, old.slots[i].count);
	free(is_list(&old) ? (void *)old.list : (void *)old.slots);
}

/* False if the list has no room for them. */
static bool
append(struct latency *l, uint32_t class, uint64_t count)
{
	if (!is_list(l) || class > UINT16_MAX || count > LATENCY_LIST - l->used)
		return false;
	if (l->used + count > l->size) {
		size_t size = l->size + l->size / 2 + 4;

		if (size < l->used + count)
			size = (size_t)(l->used + count);
		l->size = size < LATENCY_LIST ? (uint32_t)size : LATENCY_LIST;
		l->list = mem_grow(l->list, l->size, sizeof(*l->list));
	}
	while (count--)
		l->list[l->used++] = (uint16_t) class;
	return true;
}

void
latency_add_class(struct latency *l, uint32_t class, uint64_t count)
{
	l->count += count;
	if (append(l, class, count))
		return;
	while (count) {
		uint32_t part = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;

		/* room for two more */
		if (is_list(l) || ((uint64_t)l->used + 2) * 4 > (uint64_t)l->size * 3)
			enlarge(l);
		put(l, class, part);
		count -= part;
	}
}

void
latency_add(struct latency *l, uint64_t ms, uint64_t times)
{
	latency_add_class(l, class_of(ms), times);
}

static int
by_class(const void *a, const void *b)
{
	const struct latency_slot *x = a, *y = b;

	return x->class < y->class ? -1 : x->class > y->class;
}

/* Classes in order, each as often as it has slots; the caller frees. */
static struct latency_slot *
in_order(const struct latency *l, size_t *count)
{
	struct latency_slot *sorted = mem_alloc((l->used + 1) * sizeof(*sorted));
	size_t n = 0, kept = 0;

	for (size_t k = 0; is_list(l) && k < l->used; k++)
		sorted[n++] = (struct latency_slot){ l->list[k] + 1u, 1 };
	for (size_t k = 0; !is_list(l) && k < l->size; k++)
		if (l->slots[k].class)
			sorted[n++] = l->slots[k];
	qsort(sorted, n, sizeof(*sorted), by_class);
	for (size_t i = 0; is_list(l) && i < n; i++)
		if (kept && sorted[kept - 1].class == sorted[i].class)
			sorted[kept - 1].count++;
		else
			sorted[kept++] = sorted[i];
	*count = is_list(l) ? kept : n;
	return sorted;
}

void
latency_each(const struct latency *l,
    void (*each)(void *context, uint32_t class, uint64_t count), void *context)
{
	size_t n;
	struct latency_slot *sorted = in_order(l, &n);

	for (size_t i = 0; i < n; i++)
		each(context, sorted[i].class - 1, sorted[i].count);
	free(sorted);
}

void
latency_merge(struct latency *l, const struct latency *b)
{
	for (size_t i = 0; is_list(b) && i < b->used; i++)
		latency_add_class(l, b->list[i], 1);
	for (size_t i = 0; !is_list(b) && i < b->size; i++)
		if (b->slots[i].class)
			latency_add_class(l, b->slots[i].class - 1, b->slots[i].count);
}

bool
latency_quantile(const struct latency *l, unsigned permille, uint64_t *ms)
{
	uint64_t rank = l->count / 1000 * permille + (l->count % 1000 * permille + 999) / 1000,
		 seen = 0;
	struct latency_slot *sorted;
	size_t n, i = 0;

	if (!l->count)
		return false;
	sorted = in_order(l, &n);
	while (i + 1 < n && seen + sorted[i].count < rank)
		seen += sorted[i++].count;
	*ms = value_of(sorted[i].class - 1);
	free(sorted);
	return true;
}

void
latency_free(struct latency *l)
{
	free(is_list(l) ? (void *)l->list : (void *)l->slots);
	*l = (struct latency){ 0 };
}
