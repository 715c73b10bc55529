/* SPDX-License-Identifier: MIT */
#include "partial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/write.h"

#define VERSION 1

static void
members(const void *from, const struct sums_member *m, struct writer *w)
{
	char text[64];

	for (; m->name; m++) {
		const char *at = (const char *)from + m->offset;
		bool empty = m->usd ? ((const struct usd *)(const void *)at)->units == 0
				    : *(const uint64_t *)(const void *)at == 0;

		if (empty)
			continue;
		write_name(w, m->name);
		if (m->usd)
			write_z(w, usd_write(*(const struct usd *)(const void *)at, text));
		else
			write_number(w, *(const uint64_t *)(const void *)at);
	}
}

struct pair {
	uint32_t class;
	uint64_t count;
};
struct pairs {
	struct pair *list;
	size_t count;
};

static void
add_pair(void *context, uint32_t class, uint64_t count)
{
	struct pairs *p = context;

	p->list[p->count++] = (struct pair){ class, count };
}

static void
write_latency(const struct latency *l, struct writer *w)
{
	struct pairs p = { mem_alloc((l->used + 1) * sizeof(struct pair)), 0 };

	latency_each(l, add_pair, &p);
	write_array(w);
	for (size_t i = 0; i < p.count; i++) {
		write_array(w);
		write_number(w, p.list[i].class);
		write_number(w, p.list[i].count);
		write_array_end(w);
	}
	write_array_end(w);
	free(p.list);
}

static void
write_hash(uint64_t hash, struct writer *w)
{
	char text[20];

	snprintf(text, sizeof(text), "%016" PRIx64, hash);
	write_z(w, text);
}

static void
write_distinct(const char *name, const struct distinct *d, uint32_t k, struct writer *w)
{
	size_t count;
	uint64_t *list;

	if (!d->count)
		return;
	list = distinct_list(d, k, &count);
	write_name(w, name);
	write_array(w);
	/* the first item: whether hashes were dropped behind the last */
	write_bool(w, d->limit || d->count > k);
	for (size_t i = 0; i < count; i++)
		write_hash(list[i], w);
	write_array_end(w);
	free(list);
}

static void
group_members(const struct group *g, struct writer *w)
{
	write_name(w, "sums");
	write_object(w);
	members(&g->sums, sums_members, w);
	write_object_end(w);
	write_name(w, "detail");
	write_object(w);
	members(&g->detail, detail_members, w);
	members(group_rare(g), rare_members, w);
	write_object_end(w);
	if (g->latency.count) {
		write_name(w, "latency");
		write_latency(&g->latency, w);
	}
	write_distinct("users", &g->users, group_k(g), w);
	write_distinct("sessions", &g->sessions, group_k(g), w);
	write_name(w, "lengths");
	write_array(w);
	for (size_t i = 0; i < LENGTHS; i++)
		write_number(w, g->lengths[i]);
	write_array_end(w);
	if (g->timed) {
		write_name(w, "times");
		write_array(w);
		write_signed(w, g->first);
		write_signed(w, g->last);
		write_number(w, g->timed);
		write_array_end(w);
	}
}

static void
write_group(const struct report *p, size_t i, struct buf *out)
{
	struct slice key = p->groups.keys.keys[i];
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "group");
	if (slice_eq(key, GROUPS_REST)) {
		write_null(&w);
	} else {
		write_array(&w);
		for (size_t f = 0; f < p->by.count; f++)
			write_raw(&w, by_value(key, f));
		write_array_end(&w);
	}
	group_members(&p->groups.list[i], &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
write_header(const struct report *p, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "llm_cost_partial");
	write_number(&w, VERSION);
	write_name(&w, "by");
	write_array(&w);
	for (size_t f = 0; f < p->by.count - (p->by.over ? 1 : 0); f++)
		write_z(&w, p->by.field[f].text);
	write_array_end(&w);
	write_name(&w, "over");
	write_z(&w, p->by.over ? p->by.field[p->by.over - 1].text : NULL);
	write_name(&w, "timezone");
	write_z(&w, when_zone_name());
	write_name(&w, "cost_mode");
	write_number(&w, p->mode);
	write_name(&w, "month_start");
	write_number(&w, period_months_start());
	write_name(&w, "outside");
	write_number(&w, p->outside);
	write_name(&w, "no_time");
	write_number(&w, p->no_time);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
write_total(const struct report *p, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "total");
	write_bool(&w, true);
	group_members(&p->groups.total, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
write_days(const struct report *p, struct buf *out)
{
	char text[64];

	for (size_t i = 0; i < p->days.count; i++) {
		const struct point *d = &p->days.list[i];

		buf_printf(out,
		    "{\"day\":[%" PRId64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",\"%s\"]}\n",
		    d->start, d->requests, d->input, d->cached, usd_write(d->cost, text));
	}
}

static void
write_ids(const struct report *p, struct buf *out)
{
	struct writer w = { .out = out };

	if (!p->ids.count)
		return;
	write_object(&w);
	write_distinct("ids", &p->ids, ONCE_IDS, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static const struct hash_map *ordering_keys;

static int
by_bytes(const void *a, const void *b)
{
	return slice_cmp(
	    ordering_keys->keys[*(const size_t *)a], ordering_keys->keys[*(const size_t *)b]);
}

void
partial_write(const struct report *p, struct buf *out)
{
	size_t *order = mem_alloc((p->groups.keys.count + 1) * sizeof(*order)), lines;

	write_header(p, out);
	for (size_t i = 0; i < p->groups.keys.count; i++)
		order[i] = i;
	ordering_keys = &p->groups.keys;
	qsort(order, p->groups.keys.count, sizeof(*order), by_bytes);
	for (size_t i = 0; i < p->groups.keys.count; i++)
		write_group(p, order[i], out);
	write_total(p, out);
	write_days(p, out);
	left_partial(&p->left, out);
	committed_partial(&p->committed, out);
	write_ids(p, out);
	lines = 0;
	for (size_t i = 0; i < out->len; i++)
		lines += out->data[i] == '\n';
	buf_printf(out, "{\"end\":%zu}\n", lines);
	free(order);
}
