/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "partial.h"

static const char broken[] = "a line of no partial report";

/* A row of one file while it is read. */
struct input {
	struct report *report;
	struct json json;
	struct arena arena;
	struct buf key;
	bool header, ended;
	size_t lines;
};

static bool
read_members(struct value v, void *to, const struct sums_member *m, struct arena *a)
{
	for (; m->name; m++) {
		struct value member = json_get(v, m->name);
		char *at = (char *)to + m->offset;

		if (!json_type(member))
			continue;
		if (m->usd ? !usd_read(json_string(member, a), (struct usd *)(void *)at)
			   : !json_whole(member, (uint64_t *)(void *)at))
			return false;
	}
	return json_type(v) == JSON_OBJECT;
}

static bool
read_latency(struct value v, struct latency *l)
{
	for (struct value k = json_first(v); json_type(k); k = json_next(k)) {
		struct value first = json_first(k);
		uint64_t class, count;

		if (!json_whole(first, &class) || class > UINT32_MAX - 2 ||
		    !json_whole(json_next(first), &count))
			return false;
		latency_add_class(l, (uint32_t) class, count);
	}
	return true;
}

static bool
read_distinct(struct value v, uint32_t k, struct distinct *d, struct arena *a)
{
	struct value item = json_first(v);
	bool cut = json_type(item) == JSON_TRUE;
	uint64_t hash = 0;

	if (!json_type(v))
		return true;
	for (item = json_next(item); json_type(item); item = json_next(item)) {
		struct slice text = json_string(item, a);
		char hex[17];

		if (text.len != 16)
			return false;
		memcpy(hex, text.ptr, 16);
		hex[16] = '\0';
		hash = strtoull(hex, NULL, 16);
		distinct_add(d, k, hash);
	}
	if (cut)
		distinct_limit(d, k, hash + 1);
	return true;
}

static bool
read_times(struct value v, struct group *g)
{
	struct value item = json_first(v);
	int64_t *const to[] = { &g->first, &g->last };

	if (!json_type(v))
		return true;
	for (size_t i = 0; i < 2; i++, item = json_next(item)) {
		struct slice raw = json_raw(item);
		char text[24];

		if (json_type(item) != JSON_NUMBER || raw.len >= sizeof(text))
			return false;
		memcpy(text, raw.ptr, raw.len);
		text[raw.len] = '\0';
		*to[i] = strtoll(text, NULL, 10);
	}
	return json_whole(item, &g->timed);
}

static bool
read_lengths(struct value v, struct group *g)
{
	struct value item = json_first(v);
	uint64_t n;

	for (size_t i = 0; i < LENGTHS; i++, item = json_next(item)) {
		if (!json_whole(item, &n) || n > UINT32_MAX)
			return false;
		g->lengths[i] = (uint32_t)n;
	}
	return true;
}

static bool
read_group(struct input *in, struct value root, struct group *g)
{
	struct value detail = json_get(root, "detail");

	return read_members(json_get(root, "sums"), &g->sums, sums_members, &in->arena) &&
	       read_members(detail, &g->detail, detail_members, &in->arena) &&
	       read_members(detail, group_rare_make(g), rare_members, &in->arena) &&
	       read_latency(json_get(root, "latency"), &g->latency) &&
	       read_distinct(json_get(root, "users"), group_k(g), &g->users, &in->arena) &&
	       read_distinct(
		   json_get(root, "sessions"), group_k(g), &g->sessions, &in->arena) &&
	       read_times(json_get(root, "times"), g) &&
	       read_lengths(json_get(root, "lengths"), g);
}

static bool
add_group(struct input *in, struct value root, struct value key)
{
	struct report *p = in->report;
	struct group g = { 0 };
	size_t fields = 0;
	bool fine;

	buf_clear(&in->key);
	if (json_type(key) == JSON_NULL)
		buf_add(&in->key, GROUPS_REST);
	for (struct value k = json_first(key); json_type(k); k = json_next(k), fields++) {
		buf_add(&in->key, json_raw(k));
		buf_add_byte(&in->key, '\n');
	}
	fine =
	    (json_type(key) == JSON_NULL || fields == p->by.count) && read_group(in, root, &g);
	if (fine) {
		uint32_t index = groups_find(&p->groups, buf_slice(&in->key));

		group_merge(&p->groups.list[index], &g);
	}
	group_free(&g);
	return fine;
}

static bool
add_total(struct input *in, struct value root)
{
	struct group g = { .whole = true };
	bool fine = read_group(in, root, &g);

	if (fine)
		group_merge(&in->report->groups.total, &g);
	group_free(&g);
	return fine;
}

static bool
add_day(struct input *in, struct value day)
{
	struct value start = json_first(day), requests = json_next(start),
		     input = json_next(requests), cached = json_next(input),
		     cost = json_next(cached);
	struct point d = { 0 }, *to;
	uint64_t n;

	if (!json_whole(start, &n) || !json_whole(requests, &d.requests) ||
	    !json_whole(input, &d.input) || !json_whole(cached, &d.cached) ||
	    !usd_read(json_string(cost, &in->arena), &d.cost))
		return false;
	to = timeline_point(&in->report->days, (int64_t)n);
	if (!to)
		return true;
	to->requests += d.requests;
	to->input += d.input;
	to->cached += d.cached;
	to->cost = usd_add(to->cost, d.cost);
	return true;
}

/* Both sketches are cut at the same hash first, so that they tell of the same share of all ids.
 */
static bool
add_ids(struct input *in, struct value v)
{
	struct report *p = in->report;
	struct distinct more = { 0 };
	bool fine = read_distinct(v, ONCE_IDS, &more, &in->arena);

	distinct_limit(&p->ids, ONCE_IDS, more.limit);
	distinct_limit(&more, ONCE_IDS, p->ids.limit);
	for (uint32_t i = 0; i < more.size; i++)
		p->shared += distinct_has(&p->ids, more.table[i]);
	if (!more.table && more.count)
		p->shared += distinct_has(&p->ids, more.one);
	distinct_merge(&p->ids, ONCE_IDS, &more);
	distinct_free(&more);
	return fine;
}

static void
join_fields(struct value by, struct arena *a, struct buf *out)
{
	for (struct value k = json_first(by); json_type(k); k = json_next(k)) {
		if (out->len)
			buf_add_byte(out, ',');
		buf_add(out, json_string(k, a));
	}
	buf_add_byte(out, '\0');
}

/* The first header sets what the others must have too. */
static const char *
set_up(struct input *in, struct value root, uint64_t mode, uint64_t month)
{
	struct report *p = in->report;
	struct slice zone = json_string(json_get(root, "timezone"), &in->arena);
	struct slice over = json_string(json_get(root, "over"), &in->arena);
	struct buf fields = { 0 };

	if (!zone.ptr || !when_zone(arena_copy(&in->arena, zone).ptr))
		return "the time zone of the partial report is not known here";
	if (mode > COST_BOTH || month < 1 || month > 28)
		return broken;
	period_month_start((unsigned)month);
	p->mode = (enum cost_mode)mode;
	join_fields(json_get(root, "by"), &in->arena, &fields);
	by_parse(&p->by, fields.len > 1 ? fields.data : NULL);
	if (over.ptr)
		by_over(&p->by, arena_copy(&in->arena, over).ptr);
	buf_free(&fields);
	return NULL;
}

static const char *
compare(struct input *in, struct value root, uint64_t mode, uint64_t month)
{
	struct report *p = in->report;
	struct slice over = json_string(json_get(root, "over"), &in->arena);
	size_t f = 0, fields = p->by.count - (p->by.over ? 1 : 0);
	struct value k = json_first(json_get(root, "by"));

	for (; json_type(k) && f < fields; k = json_next(k), f++)
		if (!json_is(k, p->by.field[f].text))
			return "partial reports have different fields";
	if (json_type(k) || f < fields || (over.ptr != NULL) != (p->by.over != 0) ||
	    (over.ptr && !slice_eqz(over, p->by.field[p->by.over - 1].text)))
		return "partial reports have different fields";
	if (!json_is(json_get(root, "timezone"), when_zone_name()))
		return "partial reports have different time zones";
	if (mode != (uint64_t)p->mode || month != period_months_start())
		return "partial reports have different cost modes or months";
	return NULL;
}

static const char *
read_header(struct input *in, struct value root, bool first)
{
	struct report *p = in->report;
	uint64_t version, mode, month, outside = 0, no_time = 0;
	const char *why;

	if (!json_whole(json_get(root, "llm_cost_partial"), &version))
		return "no partial report: llm-cost report --partial writes them";
	if (version != 1)
		return "a partial report of another version";
	if (!json_whole(json_get(root, "cost_mode"), &mode) ||
	    !json_whole(json_get(root, "month_start"), &month))
		return broken;
	why = first ? set_up(in, root, mode, month) : compare(in, root, mode, month);
	json_whole(json_get(root, "outside"), &outside);
	json_whole(json_get(root, "no_time"), &no_time);
	p->outside += outside;
	p->no_time += no_time;
	in->header = true;
	return why;
}

static const char *
read_line(struct input *in, struct slice line, bool first)
{
	struct value root, v;
	const char *why;
	size_t where;
	uint64_t n;
	bool fine;

	if (in->ended)
		return "lines behind the end";
	if (!json_scan(&in->json, line, &why, &where))
		return why;
	root = json_root(&in->json);
	if (!in->header)
		return read_header(in, root, first);
	if (json_type(v = json_get(root, "group")))
		fine = add_group(in, root, v);
	else if (json_type(json_get(root, "total")))
		fine = add_total(in, root);
	else if (json_type(v = json_get(root, "day")))
		fine = add_day(in, v);
	else if (json_whole(json_get(root, "end"), &n))
		fine = in->ended = n == in->lines;
	else if (json_type(v = json_get(root, "ids")))
		fine = add_ids(in, v);
	else if (json_type(json_get(root, "committed")))
		fine = committed_read_partial(&in->report->committed, root, &in->arena);
	else
		fine = left_read_partial(&in->report->left, root, &in->arena);
	in->lines++;
	return fine ? NULL : broken;
}

bool
partial_read(struct report *p, bool first, struct slice text, const char **why, size_t *line)
{
	struct input in = { .report = p, .lines = 1 };

	*line = 0;
	*why = NULL;
	while (text.len && !*why) {
		size_t end = slice_find(text, '\n');

		++*line;
		*why = read_line(&in, slice_take(text, end), first);
		text = slice_drop(text, end + 1);
		arena_reset(&in.arena);
	}
	if (!*why && !in.ended)
		*why = "the partial report is cut short";
	json_free(&in.json);
	arena_close(&in.arena);
	buf_free(&in.key);
	return !*why;
}
