/* SPDX-License-Identifier: MIT */
#include "past.h"

#include <stdlib.h>

#include "base/mem.h"
#include "once.h"
#include "tool/tool.h"

/* One call; `group` is an index of the keys. */
struct call {
	uint32_t group, output;
	bool cut;
};

struct past_reader {
	struct past *past;
	struct reader reader;
	struct once_book once;
	struct call *calls;
	size_t count, room;
	struct buf key;
	struct row row, old;
};

static uint32_t
output_of(const struct row *row)
{
	return row->usage.output > UINT32_MAX ? UINT32_MAX : (uint32_t)row->usage.output;
}

static void
add_call(struct past_reader *p, const struct row *row, const struct record *r, uint32_t *place)
{
	struct call *c;

	if (p->count == p->room) {
		p->room = p->room ? p->room * 2 : 1024;
		p->calls = mem_grow(p->calls, p->room, sizeof(*p->calls));
	}
	by_key(&p->past->by, r, row, &p->key);
	*place = (uint32_t)p->count;
	c = &p->calls[p->count++];
	*c = (struct call){ (uint32_t)hash_map_add(&p->past->keys, buf_slice(&p->key), NULL),
		output_of(row), answer_ending(&row->request) == ENDING_CUT };
}

static void
see(struct past_reader *p, const struct record *r)
{
	struct row *row = &p->row;
	uint32_t *place;

	if (row->kind == ROW_NOTHING) {
		p->past->skipped++;
		return;
	}
	if (row->kind == ROW_UNANSWERED) {
		p->past->unanswered++;
		return;
	}
	if (row->kind != ROW_CALL || row->failed || r->json->twice.ptr)
		return;
	if (!row->has_usage || row->usage.flaw) {
		p->past->unknown++;
		return;
	}
	row_price(row);
	switch (once_judge(&p->once, &p->reader, row, &place, &p->old)) {
	case ONCE_AGAIN: break;
	case ONCE_FIRST: add_call(p, row, r, place); break;
	case ONCE_LARGER: p->calls[*place].output = output_of(row); break;
	}
}

static int
by_output(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
put(struct past_group *g, const struct call *c)
{
	g->output[g->count++] = c->output;
	g->sum += c->output;
	g->cut += c->cut;
}

static void
sort(struct past_group *g)
{
	if (g->count)
		qsort(g->output, g->count, sizeof(*g->output), by_output);
}

static void
collect(struct past_reader *p)
{
	struct past *past = p->past;
	size_t *sizes = mem_zero((past->keys.count + 1) * sizeof(*sizes));

	past->list = mem_zero((past->keys.count + 1) * sizeof(*past->list));
	for (size_t i = 0; i < p->count; i++)
		sizes[p->calls[i].group]++;
	for (size_t i = 0; i < past->keys.count; i++)
		past->list[i].output = mem_grow(NULL, sizes[i] + 1, sizeof(uint32_t));
	past->all.output = mem_grow(NULL, p->count + 1, sizeof(uint32_t));
	for (size_t i = 0; i < p->count; i++) {
		put(&past->list[p->calls[i].group], &p->calls[i]);
		put(&past->all, &p->calls[i]);
	}
	for (size_t i = 0; i < past->keys.count; i++)
		sort(&past->list[i]);
	sort(&past->all);
	free(sizes);
}

void
past_read(struct past *p, const struct option_list *files, const char *by, bool required)
{
	struct stream_options o = tool_stream(files, NO_OBJECT_SKIP);
	struct past_reader *reader = mem_zero(sizeof(*reader));
	struct stream *s;
	struct record *r;

	*p = (struct past){ 0 };
	by_parse(&p->by, by);
	reader->past = p;
	reader_open(&reader->reader);
	o.output = NULL;
	o.no_output = true;
	o.required = required;
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&reader->reader, r, &reader->row);
		do
			see(reader, r);
		while (row_next(&reader->reader, r, &reader->row));
		stream_put(s, r, DROP);
	}
	p->skipped += stream_skipped(s);
	stream_close(s);
	collect(reader);
	once_free(&reader->once);
	buf_free(&reader->key);
	free(reader->calls);
	free(reader);
}

const struct past_group *
past_find(const struct past *p, struct slice key)
{
	size_t i = p->keys.count ? hash_map_find(&p->keys, key) : SIZE_MAX;

	return i == SIZE_MAX ? NULL : &p->list[i];
}

uint64_t
past_quantile(const struct past_group *g, uint64_t millionths)
{
	unsigned __int128 rank = (unsigned __int128)millionths * g->count;
	size_t i = (size_t)((rank + 999999) / 1000000);

	return g->output[i ? i - 1 : 0];
}

uint64_t
past_mean(const struct past_group *g)
{
	return (g->sum + g->count / 2) / g->count;
}

uint64_t
past_above(const struct past_group *g, uint64_t cap)
{
	size_t low = 0, high = g->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (g->output[middle] > cap)
			high = middle;
		else
			low = middle + 1;
	}
	return g->count - low;
}

void
past_free(struct past *p)
{
	for (size_t i = 0; i < p->keys.count; i++)
		free(p->list[i].output);
	free(p->list);
	free(p->all.output);
	hash_map_free(&p->keys);
	p->list = NULL;
	p->all = (struct past_group){ 0 };
	p->keys = (struct hash_map){ 0 }; /* the paths of `by` live as long as the run */
}
