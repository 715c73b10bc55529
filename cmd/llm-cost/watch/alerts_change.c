/* SPDX-License-Identifier: MIT */
/* What changed under a name that stayed: the model behind an alias, the hits of the provider's
 * cache, the size of prompts after a deploy. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "alerts.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-cost/rows/fingerprint.h"
#include "stream/file.h"

#define MILLION 1000000
#define KEYS 16384 /* pairs that are told apart; later ones are not watched */
#define DAY INT64_C(86400000)
#define SKEW INT64_C(300000)
#define LEAST_WEEK 20
#define LEAST_SIDE 10
#define EVENTS 1000

/* Index of the key, or SIZE_MAX where there are too many. */
static size_t
place_of(struct hash_map *m, struct slice key, bool *added)
{
	*added = false;
	return m->count < KEYS ? hash_map_add(m, key, added) : hash_map_find(m, key);
}

/* The text before the newline of a key, and that behind it. */
static struct slice
head_of(struct slice key)
{
	return slice_take(key, slice_find(key, '\n'));
}
static struct slice
tail_of(struct slice key)
{
	return slice_drop(key, slice_find(key, '\n') + 1);
}

/* Answers of one model under one alias. */
struct reign {
	int64_t first, last;
	uint64_t calls;
};
struct watch_models {
	struct hash_map pairs; /* alias, newline, model */
	struct reign *reign;
	struct buf key;
};

struct watch_models *
watch_models_open(void)
{
	return mem_zero(sizeof(struct watch_models));
}

void
watch_models_see(struct watch_models *w, const struct watched *c)
{
	struct arena *a = c->record->arena;
	struct slice alias = request_model(&c->row->request, a);
	struct slice model = request_answer_model(&c->row->request, a);
	struct reign *r;
	bool added;
	size_t i;

	if (!alias.ptr || !model.ptr || !c->row->own_time ||
	    c->row->request.shape == SHAPE_USAGE || c->row->kind != ROW_CALL)
		return;
	buf_clear(&w->key);
	buf_add(&w->key, alias);
	buf_add_byte(&w->key, '\n');
	buf_add(&w->key, model);
	i = place_of(&w->pairs, buf_slice(&w->key), &added);
	if (i == SIZE_MAX)
		return;
	if (added) {
		w->reign = mem_grow(w->reign, i + 1, sizeof *w->reign);
		w->reign[i] = (struct reign){ c->row->when, c->row->when, 0 };
	}
	r = &w->reign[i];
	r->calls++;
	r->first = c->row->when < r->first ? c->row->when : r->first;
	r->last = c->row->when > r->last ? c->row->when : r->last;
}

/* The reign of the same alias that ended last before this one began; SIZE_MAX where another
 * goes on beside it, or none was before. */
static size_t
before(const struct watch_models *w, size_t of)
{
	struct slice alias = head_of(w->pairs.keys[of]);
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < w->pairs.count; i++) {
		if (i == of || !slice_eq(head_of(w->pairs.keys[i]), alias) ||
		    w->reign[i].first >= w->reign[of].first)
			continue;
		if (w->reign[i].last > w->reign[of].first + SKEW)
			return SIZE_MAX;
		if (found == SIZE_MAX || w->reign[i].last > w->reign[found].last)
			found = i;
	}
	return found;
}

void
watch_models_close(struct watch_models *w, struct alerts *a)
{
	char value[256], limit[256];

	for (size_t i = 0; i < w->pairs.count; i++) {
		size_t old = before(w, i);
		struct slice alias = head_of(w->pairs.keys[i]);

		if (old == SIZE_MAX)
			continue;
		snprintf(value, sizeof value, "%s", diag_clean(tail_of(w->pairs.keys[i])));
		snprintf(limit, sizeof limit, "%s", diag_clean(tail_of(w->pairs.keys[old])));
		alert_add(a, "model_drift", w->reign[i].first, alias, value, limit,
		    "'%s' is answered by %s now, %s before", diag_clean(alias), value, limit);
	}
	hash_map_free(&w->pairs);
	free(w->reign);
	buf_free(&w->key);
	free(w);
}

/* One prompt in one week. */
struct week {
	int64_t number; /* weeks since 1970, from Monday */
	uint64_t calls, input, cached;
};
struct watch_hits {
	struct hash_map keys; /* prompt, newline, week */
	struct week *week;
	struct buf key;
	uint64_t points;
	int64_t newest;
};

struct watch_hits *
watch_hits_open(uint64_t points)
{
	struct watch_hits *w = mem_zero(sizeof *w);

	w->points = points;
	w->newest = INT64_MIN;
	return w;
}

void
watch_hits_see(struct watch_hits *w, const struct watched *c)
{
	struct when_local local;
	struct week *week;
	int64_t number;
	bool added;
	size_t i;

	if (!c->row->has_usage || !c->row->own_time || c->row->kind != ROW_CALL)
		return;
	when_local(c->row->when, &local);
	number = (local.days - (local.weekday - 1) + 3) / 7;
	buf_clear(&w->key);
	if (!fingerprint_prompt(&c->row->request, false, c->record->arena, &w->key))
		buf_add(&w->key, c->key);
	buf_printf(&w->key, "\n%" PRId64, number);
	i = place_of(&w->keys, buf_slice(&w->key), &added);
	if (i == SIZE_MAX)
		return;
	if (added) {
		w->week = mem_grow(w->week, i + 1, sizeof *w->week);
		w->week[i] = (struct week){ .number = number };
	}
	week = &w->week[i];
	week->calls++;
	week->input += c->row->usage.input;
	week->cached += c->row->usage.cached;
	w->newest = c->row->when > w->newest ? c->row->when : w->newest;
}

static double
rate_of(const struct week *week)
{
	return week->input ? (double)week->cached / (double)week->input : 0;
}

static void
judge_week(struct watch_hits *w, size_t i, struct alerts *a)
{
	struct slice prompt = head_of(w->keys.keys[i]);
	const struct week *now = &w->week[i], *old;
	char value[24], limit[24];
	int64_t start;
	size_t k;

	buf_clear(&w->key);
	buf_add(&w->key, prompt);
	buf_printf(&w->key, "\n%" PRId64, now->number - 1);
	k = hash_map_find(&w->keys, buf_slice(&w->key));
	if (k == SIZE_MAX)
		return;
	old = &w->week[k];
	if (now->calls < LEAST_WEEK || old->calls < LEAST_WEEK ||
	    rate_of(old) - rate_of(now) <= (double)w->points / MILLION + 1e-9)
		return;
	start = when_day_start(now->number * 7 - 3);
	snprintf(value, sizeof value, "%.4f", rate_of(now));
	snprintf(limit, sizeof limit, "%.4f", rate_of(old));
	alert_add(a, "hit_rate", start, prompt, value, limit,
	    "the provider's cache gave %.0f %% of the input of %s, %.0f %% the week before%s",
	    100 * rate_of(now), diag_clean(prompt), 100 * rate_of(old),
	    w->newest < start + 6 * DAY ? " (this week is not whole yet)" : "");
}

void
watch_hits_close(struct watch_hits *w, struct alerts *a)
{
	for (size_t i = 0; i < w->keys.count; i++)
		judge_week(w, i, a);
	hash_map_free(&w->keys);
	free(w->week);
	buf_free(&w->key);
	free(w);
}

/* Calls of one group around one event. */
struct side {
	uint64_t calls, input;
};
struct event {
	int64_t when;
	char *name;
};
struct watch_events {
	struct event *event;
	size_t count;
	struct hash_map keys; /* event, newline, group */
	struct around {
		struct side before, after;
	} * around;
	uint64_t share;
	struct buf key;
};

static void
add_event(struct watch_events *w, int64_t when, struct slice name)
{
	struct event *e;

	w->event = mem_grow(w->event, w->count + 1, sizeof *w->event);
	e = &w->event[w->count++];
	e->when = when;
	e->name = mem_alloc(name.len + 1);
	memcpy(e->name, name.ptr, name.len);
	e->name[name.len] = '\0';
}

/* False where the line is no event. */
static bool
read_event(struct watch_events *w, struct slice line, struct json *json, struct arena *a)
{
	struct slice name;
	struct value v;
	const char *why;
	size_t where;
	int64_t when;

	if (*line.ptr != '{') {
		name = slice_trim(slice_drop(line, slice_find(line, ' ')));
		when = when_read(slice_take(line, slice_find(line, ' ')));
	} else {
		if (!json_scan(json, line, &why, &where))
			return false;
		v = json_get(json_root(json), "time");
		when = when_read(json_type(v) == JSON_STRING ? json_string(v, a) : json_raw(v));
		v = json_get(json_root(json), "name");
		name = json_type(v) == JSON_STRING ? json_string(v, a) : slice_of("", 0);
	}
	if (when == WHEN_NONE)
		return false;
	add_event(w, when, name.len ? name : SLICE("an event"));
	return true;
}

static void
read_events(struct watch_events *w, const char *file)
{
	struct buf text = { 0 };
	struct json json = { 0 };
	struct arena a = { 0 };
	struct slice rest;
	size_t number = 0;

	if (!file_read(file, &text))
		diag_die_errno(STATUS_USAGE, "%s", file);
	for (rest = buf_slice(&text); rest.len;) {
		struct slice line = slice_take(rest, slice_find(rest, '\n'));

		rest = slice_drop(rest, line.len + 1);
		number++;
		line = slice_trim(line);
		if (!line.len || *line.ptr == '#')
			continue;
		if (w->count == EVENTS)
			diag_die(
			    STATUS_USAGE, "%s:%zu: more than %d events", file, number, EVENTS);
		if (!read_event(w, line, &json, &a))
			diag_die(STATUS_USAGE,
			    "%s:%zu: no event: it wants a time and a name, or JSON with 'time' "
			    "and "
			    "'name'",
			    file, number);
	}
	json_free(&json);
	arena_close(&a);
	buf_free(&text);
}

struct watch_events *
watch_events_open(const char *file, uint64_t share)
{
	struct watch_events *w = mem_zero(sizeof *w);

	w->share = share;
	if (file)
		read_events(w, file);
	return w;
}

void
watch_events_see(struct watch_events *w, const struct watched *c)
{
	if (!c->row->has_usage || !c->row->own_time || c->row->kind != ROW_CALL)
		return;
	for (size_t e = 0; e < w->count; e++) {
		int64_t away = c->row->when - w->event[e].when;
		struct side *s;
		bool added;
		size_t i;

		if (away < -DAY || away > DAY || (away > -SKEW && away < SKEW))
			continue;
		buf_clear(&w->key);
		buf_printf(&w->key, "%zu\n", e);
		buf_add(&w->key, c->key);
		i = place_of(&w->keys, buf_slice(&w->key), &added);
		if (i == SIZE_MAX)
			continue;
		if (added) {
			w->around = mem_grow(w->around, i + 1, sizeof *w->around);
			w->around[i] = (struct around){ 0 };
		}
		s = away < 0 ? &w->around[i].before : &w->around[i].after;
		s->calls++;
		s->input += c->row->usage.input;
	}
}

void
watch_events_close(struct watch_events *w, struct alerts *a)
{
	char value[24], limit[24];

	for (size_t i = 0; i < w->keys.count; i++) {
		const struct around *x = &w->around[i];
		const struct event *e = &w->event[strtoull(w->keys.keys[i].ptr, NULL, 10)];
		struct slice group = tail_of(w->keys.keys[i]);
		double was, is;

		if (x->before.calls < LEAST_SIDE || x->after.calls < LEAST_SIDE)
			continue;
		was = (double)x->before.input / (double)x->before.calls;
		is = (double)x->after.input / (double)x->after.calls;
		if (is <= was * (1 + (double)w->share / MILLION))
			continue;
		snprintf(value, sizeof value, "%.0f", is);
		snprintf(limit, sizeof limit, "%.0f", was);
		alert_add(a, "event", e->when, group, value, limit,
		    "after '%s' a call of %s sends %s tokens, %s before",
		    diag_clean(slice_z(e->name)), diag_clean(group), value, limit);
	}
	for (size_t i = 0; i < w->count; i++)
		free(w->event[i].name);
	free(w->event);
	hash_map_free(&w->keys);
	free(w->around);
	buf_free(&w->key);
	free(w);
}
