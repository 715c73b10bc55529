/* SPDX-License-Identifier: MIT */
#include "tokens/before.h"

#include <stdlib.h>

#include "base/mem.h"

void
before_add(struct before *b, const struct added *item, bool composed)
{
	struct added_set *set = composed ? &b->composed : &b->raw;

	if (!item->content.len)
		return;
	set->item = mem_grow(set->item, set->count + 1, sizeof *set->item);
	set->item[set->count++] = *item;
	set->plain |= !item->special;
	set->begins[(uint8_t)item->content.ptr[0]] = true;
}

static int
by_content(const void *a, const void *b)
{
	const struct added *x = a, *y = b;

	return slice_cmp(x->content, y->content);
}

bool
before_finish(struct before *b)
{
	if (b->raw.count)
		qsort(b->raw.item, b->raw.count, sizeof *b->raw.item, by_content);
	if (b->composed.count)
		qsort(b->composed.item, b->composed.count, sizeof *b->raw.item, by_content);
	return b->raw.plain || b->composed.plain || b->compose || b->blank;
}

void
before_free(struct before *b)
{
	free(b->raw.item);
	free(b->composed.item);
	*b = (struct before){ .compose = false };
}

/* The first of the items low … high, which agree in their first `depth` bytes, whose next byte
 * is at least c. */
static size_t
first_from(const struct added_set *set, size_t low, size_t high, size_t depth, unsigned c)
{
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct slice content = set->item[middle].content;

		if (content.len > depth && (uint8_t)content.ptr[depth] >= c)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The longest item that text begins with, or NULL. */
static const struct added *
longest(const struct added_set *set, struct slice text)
{
	const struct added *best = NULL;
	size_t low = 0, high = set->count;

	for (size_t depth = 0; depth < text.len && low < high; depth++) {
		unsigned c = (uint8_t)text.ptr[depth];

		low = first_from(set, low, high, depth, c);
		high = first_from(set, low, high, depth, c + 1);
		if (low < high && set->item[low].content.len == depth + 1)
			best = &set->item[low];
	}
	return best;
}

/* A text on its way to be cut. */
struct flow {
	const struct before *before;
	take_fn *take;
	void *context;
	struct buf composed, led;
	struct arena memory;
};

typedef void rest_fn(struct flow *f, struct slice rest);

/* Gives the items of the set in text, and what stands between them to rest. */
static void
search(struct flow *f, const struct added_set *set, struct slice text, rest_fn *rest)
{
	size_t from = 0, at = 0;

	while (set->plain && at < text.len) {
		const struct added *item = NULL;

		if (set->begins[(uint8_t)text.ptr[at]])
			item = longest(set, slice_drop(text, at));
		if (item && !item->special) {
			if (at > from)
				rest(f, slice_of(text.ptr + from, at - from));
			f->take(f->context, item->content, item->id);
			from = at + item->content.len;
		}
		at += item ? item->content.len : 1;
	}
	if (from < text.len)
		rest(f, slice_drop(text, from));
}

static void
give(struct flow *f, struct slice text)
{
	if (f->before->blank && text.ptr[0] != ' ') {
		buf_clear(&f->led);
		buf_add_byte(&f->led, ' ');
		buf_add(&f->led, text);
		text = buf_slice(&f->led);
	}
	f->take(f->context, text, VOCAB_NONE);
}

/* True where composing may change text: all below U+0300 stays as it is. */
static bool
may_change(struct slice text)
{
	unsigned char top = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		top = c > top ? c : top;
	}
	return top >= 0xcc;
}

static void
compose_rest(struct flow *f, struct slice text)
{
	if (f->before->compose && may_change(text)) {
		buf_clear(&f->composed);
		compose(text, &f->memory, &f->composed);
		text = buf_slice(&f->composed);
	}
	search(f, &f->before->composed, text, give);
}

void
before_parts(const void *rules, struct slice text, take_fn *take, void *context)
{
	struct flow f = { .before = rules, .take = take, .context = context };

	search(&f, &f.before->raw, text, compose_rest);
	buf_free(&f.composed);
	buf_free(&f.led);
	arena_close(&f.memory);
}
