/* SPDX-License-Identifier: MIT */
/* Agents keep a growing prompt in the provider's cache. A pause longer than five minutes lets
 * it expire, and all of it is written again: what was read before and is written now. */
#include "session.h"

#include <stdlib.h>

#include "look.h"
#include "base/mem.h"

#define SESSIONS_LIMIT 65536
#define FIVE_MINUTES (INT64_C(5) * 60000)
#define HOUR (INT64_C(60) * 60000)

struct session {
	int64_t when;
	uint64_t kept; /* tokens that the cache held after the last call */
};

static struct session *
session_of(struct sessions *x, const struct row *row)
{
	struct value root = row->request.root, id = json_get(root, "sessionId");
	struct value agent = json_get(root, "agentId");
	struct imprint p;
	bool fresh;
	size_t i;

	if (json_type(id) != JSON_STRING)
		id = row_attribute(row, "session");
	if (json_type(id) != JSON_STRING)
		return NULL;
	p = imprint_of(json_raw(id));
	if (json_type(agent) == JSON_STRING)
		p.b ^= imprint_of(json_raw(agent)).a;
	p.b ^= json_type(json_get(root, "isSidechain")) == JSON_TRUE;
	p.a ^= imprint_of(row->model).a;
	x->map.limit = SESSIONS_LIMIT;
	i = imprint_map_add(&x->map, p, &fresh);
	if (i == SIZE_MAX)
		return NULL;
	if (!x->list)
		x->list = mem_zero(SESSIONS_LIMIT * sizeof(*x->list));
	return &x->list[i];
}

/* The call as it would have been had all writes lasted an hour. */
static void
add_by_hour(struct sessions *x, const struct row *row, uint64_t expired)
{
	struct price_query q = row_query(row, row->model, row->lane);
	struct usage u = row->usage;
	struct bill b = { 0 };

	u.cached += expired;
	u.written_1h += u.written_5m - expired;
	u.written_5m = 0;
	bill_usage(&q, &u, &b);
	if (b.priced)
		x->hour = usd_add(x->hour, usd_sub(row->bill.usd, b.usd));
}

void
sessions_add(struct sessions *x, const struct row *row, const struct audit_sums *without)
{
	const struct usage *u = &row->usage;
	uint64_t expired = 0;
	struct session *s;
	int64_t gap;

	if (!row->own_time || !(u->cached || u->written_5m || u->written_1h) ||
	    !(s = session_of(x, row)))
		return;
	gap = row->when - s->when;
	if (s->kept && gap > FIVE_MINUTES && gap <= HOUR && s->kept > u->cached) {
		expired = s->kept - u->cached;
		expired = expired < u->written_5m ? expired : u->written_5m;
	}
	if (u->written_5m)
		add_by_hour(x, row, expired);
	remainder_add(&x->rest, row, without);
	x->expired += expired > 0;
	x->tokens += expired;
	s->when = row->when;
	s->kept = u->cached + u->written_5m + u->written_1h;
}

void
sessions_close(struct sessions *x, struct audit_sums *s)
{
	if (x->hour.units > 0 && x->expired)
		walk_late(s, AUDIT_PROMPT, x->expired, x->hour, &x->rest);
	imprint_map_free(&x->map);
	free(x->list);
	x->list = NULL;
}
