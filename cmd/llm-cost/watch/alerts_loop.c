/* SPDX-License-Identifier: MIT */
/* Agents that run away: the same request again and again, a context that only grows. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "alerts.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/when.h"

#define WAYS 8
#define SETS 8192   /* of 8 places: 65,536 things are known */
#define TIMES_FOR 4 /* a context has grown this much before it counts */

/* A request or a session; the one of its set that was seen longest ago makes room. */
struct place {
	unsigned char digest[16];
	uint64_t used;  /* the call that saw it last; 0: free */
	int64_t *times; /* of a request that came twice: a ring of the last ones */
	int64_t first;
	uint64_t count, most; /* calls; the most within the window */
	int64_t when;         /* of the call at which the most was reached */
	uint64_t first_input, last_input, grown, longest, peak; /* of a session */
};
struct watch_loops {
	uint64_t times, growth;
	int64_t window;
	uint64_t calls;
	struct place *requests, *sessions;
};

struct watch_loops *
watch_loops_open(uint64_t times, int64_t window, uint64_t growth)
{
	struct watch_loops *w = mem_zero(sizeof *w);

	w->times = times < 2 ? 2 : times;
	w->growth = growth;
	w->window = window;
	w->requests = mem_zero(SETS * WAYS * sizeof *w->requests);
	w->sessions = mem_zero(SETS * WAYS * sizeof *w->sessions);
	return w;
}

/* The place of a digest, fresh where it was not known. */
static struct place *
place_of(struct watch_loops *w, struct place *all, const unsigned char *digest)
{
	struct place *set = &all[(digest[0] | (size_t)digest[1] << 8) % SETS * WAYS];
	struct place *oldest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].used && memcmp(set[i].digest, digest, 16) == 0) {
			set[i].used = w->calls;
			return &set[i];
		}
		if (set[i].used < oldest->used)
			oldest = &set[i];
	}
	/* what was found of the old one is said before it goes: it stays where it was a loop */
	if (oldest->most >= w->times || oldest->longest >= w->growth) {
		for (size_t i = 0; i < WAYS; i++)
			if (set[i].most < w->times && set[i].longest < w->growth)
				oldest = &set[i];
	}
	free(oldest->times);
	*oldest = (struct place){ .used = w->calls };
	memcpy(oldest->digest, digest, 16);
	return oldest;
}

/* How many of the last calls lie within the window that ends with this one. */
static uint64_t
within(const struct watch_loops *w, const struct place *p, int64_t now)
{
	uint64_t n = 0, known = p->count < w->times ? p->count : w->times;

	for (uint64_t i = 0; i < known; i++) {
		int64_t away = now - p->times[i];

		n += (away < 0 ? -away : away) <= w->window;
	}
	return n;
}

static void
see_request(struct watch_loops *w, const struct watched *c)
{
	unsigned char digest[DIGEST_SIZE];
	struct slice body = json_raw(c->row->request.body);
	struct place *p;
	uint64_t n;

	if (!body.ptr || c->row->request.shape == SHAPE_USAGE || c->row->kind != ROW_CALL)
		return;
	digest_of(body, digest);
	p = place_of(w, w->requests, digest);
	if (p->count == 0) {
		p->first = c->row->when;
	} else {
		if (!p->times) {
			p->times = mem_zero(w->times * sizeof *p->times);
			p->times[0] = p->first;
		}
		p->times[p->count % w->times] = c->row->when;
	}
	p->count++;
	n = p->times ? within(w, p, c->row->when) : 1;
	if (n > p->most) {
		p->most = n;
		p->when = c->row->when;
	}
}

static void
see_session(struct watch_loops *w, const struct watched *c)
{
	struct arena *a = c->record->arena;
	struct value v = request_attribute(&c->row->request, "session");
	unsigned char digest[DIGEST_SIZE];
	uint64_t input = c->row->usage.input;
	struct place *p;

	if (!json_type(v))
		v = json_get(c->record->root, "sessionId");
	if (!json_type(v) || !c->row->has_usage)
		return;
	digest_of(json_type(v) == JSON_STRING ? json_string(v, a) : json_raw(v), digest);
	p = place_of(w, w->sessions, digest);
	if (p->count++ == 0 || input <= p->last_input) {
		p->grown = 0;
		p->first_input = input;
	} else {
		p->grown++;
	}
	p->last_input = input;
	if (p->grown > p->longest && input >= TIMES_FOR * p->first_input) {
		p->longest = p->grown;
		p->when = c->row->when;
		p->peak = input;
	}
}

void
watch_loops_see(struct watch_loops *w, const struct watched *c)
{
	w->calls++;
	see_request(w, c);
	see_session(w, c);
}

static void
say_request(const struct watch_loops *w, const struct place *p, struct alerts *a)
{
	char hex[17], value[24], limit[24];

	digest_hex(p->digest, 8, hex);
	snprintf(value, sizeof value, "%" PRIu64, p->count);
	snprintf(limit, sizeof limit, "%" PRIu64, w->times);
	alert_add(a, "loop", p->when, slice_z(hex), value, limit,
	    "the same request (%s) at least %" PRIu64 " times within %" PRId64 " s, %" PRIu64
	    " times in all",
	    hex, p->most, w->window / 1000, p->count);
}

static void
say_session(const struct watch_loops *w, const struct place *p, struct alerts *a)
{
	char hex[17], value[24], limit[24];

	digest_hex(p->digest, 8, hex);
	snprintf(value, sizeof value, "%" PRIu64, p->longest);
	snprintf(limit, sizeof limit, "%" PRIu64, w->growth);
	alert_add(a, "growth", p->when, slice_z(hex), value, limit,
	    "a session (%s) whose context grew in %" PRIu64
	    " calls one after the other, to %" PRIu64 " tokens",
	    hex, p->longest, p->peak);
}

void
watch_loops_close(struct watch_loops *w, struct alerts *a)
{
	for (size_t i = 0; i < (size_t)SETS * WAYS; i++) {
		if (w->requests[i].most >= w->times)
			say_request(w, &w->requests[i], a);
		if (w->growth && w->sessions[i].longest >= w->growth)
			say_session(w, &w->sessions[i], a);
		free(w->requests[i].times);
	}
	free(w->requests);
	free(w->sessions);
	free(w);
}
