/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/net.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-compress/shape.h"
#include "prompt_cache/rates.h"
#include "prompt_cache/rules.h"
#include "prompt_cache/warm.h"

#define FIVE_MINUTES (5 * 60 * 1000)
#define HOUR (60 * 60 * 1000)

/* What a request costs with the cache as it is. */
struct cost {
	uint64_t read;
	struct usd usd;
};
struct net {
	struct warm *warm;
	/* of the record at hand */
	struct prompt_rates rates;
	uint64_t minimum;
	int64_t when, life;
	bool watches, session;
	bool hour;          /* its marks live for an hour */
	struct chain chain; /* as it came */
	size_t marked;      /* links of it up to the last mark; 0: it has none */
	struct cost unedited, now;
};

struct net *
net_open(void)
{
	struct net *n = mem_zero(sizeof(*n));

	n->warm = warm_open();
	return n;
}

void
net_free(struct net *n)
{
	if (!n)
		return;
	warm_free(n->warm);
	free(n);
}

bool
net_watches(const struct net *n)
{
	return n->watches;
}

static bool
is_hour(struct value v)
{
	return json_is(json_get(json_get(v, "cache_control"), "ttl"), "1h") ||
	       json_is(json_get(json_get(v, "cachePoint"), "ttl"), "1h");
}

/* Counts the parts as chain_of makes links of them. */
struct marks {
	size_t link, last;
	bool hour;
};

static void
see_mark(void *context, const struct part *part)
{
	struct marks *m = context;

	if (!json_type(part->text) && !json_type(part->block))
		return;
	m->link++;
	if (shape_has_marker(part->block)) {
		m->last = m->link;
		m->hour |= is_hour(part->block);
	}
}

static struct marks
marks_of(const struct request *q)
{
	struct marks m = { 0 };
	struct value tools = request_tools(q);

	for (struct value t = json_first(tools); json_type(t); t = json_next(t)) {
		m.link++;
		if (shape_has_marker(t)) {
			m.last = m.link;
			m.hour |= is_hour(t);
		}
	}
	request_parts(q, see_mark, &m);
	return m;
}

static bool
has_marks(enum api api)
{
	return api == API_MESSAGES || api == API_CONVERSE;
}

static int64_t
time_of(const struct request *q, struct arena *a)
{
	struct value v = request_attribute(q, "time");

	return json_type(v) == JSON_STRING ? when_read(json_string(v, a))
	       : json_type(v)              ? when_read(json_raw(v))
					   : WHEN_NONE;
}

/* Tokens of the links that both have, where the whole of the marked prefix is taken as sent. */
static uint64_t
shared(const struct net *n, const struct chain *c)
{
	uint64_t tokens = 0;

	for (size_t i = 0; i < c->count && i < n->marked; i++) {
		if (c->link[i].print != n->chain.link[i].print)
			break;
		tokens = c->link[i].tokens;
	}
	return tokens >= n->minimum ? tokens : 0;
}

/* tokens: of the whole request, with the frames of messages, which are in no link. */
static struct cost
cost_of(const struct net *n, const struct request *q, const struct chain *c, uint64_t tokens)
{
	struct cost cost = { 0 };
	struct marks m = has_marks(q->api) ? marks_of(q) : (struct marks){ 0 };
	uint64_t written = 0;

	cost.read =
	    n->session ? warm_read(n->warm, c, n->when, n->life, n->minimum) : shared(n, c);
	if (m.last && m.last <= c->count)
		written = c->link[m.last - 1].tokens;
	/* counted in pieces, a text may be some tokens more than as a whole */
	written = written < tokens ? written : tokens;
	cost.read = cost.read < tokens ? cost.read : tokens;
	if (has_marks(q->api) && cost.read > written)
		cost.read = written;
	written = written > cost.read && written >= n->minimum ? written - cost.read : 0;
	cost.usd = usd_add(usd_times(n->rates.read, cost.read),
	    usd_add(usd_times(n->hour ? n->rates.write_1h : n->rates.write_5m, written),
		usd_times(n->rates.fresh, tokens - cost.read - written)));
	return cost;
}

static void
chain_now(const struct work *w, const struct request *q, struct chain *c)
{
	chain_of(q, w->model, !has_marks(q->api), w->arena, c);
}

/* Prices, minimum and time of the record; false where there is no price. */
static bool
prepare(struct net *n, const struct work *w, uint64_t ordinal, bool hour)
{
	prompt_rates_read(&n->rates, w->request, w->model);
	if (!n->rates.priced)
		return false;
	n->minimum = chain_minimum(w->model);
	n->hour = hour;
	n->when = time_of(w->request, w->arena);
	n->life = hour ? HOUR : FIVE_MINUTES;
	if (n->when == WHEN_NONE) {
		n->when = (int64_t)ordinal;
		n->life = INT64_MAX;
	}
	return true;
}

void
net_begin(struct net *n, struct work *w, uint64_t ordinal)
{
	const struct request *q = w->request;
	enum json_type session = json_type(request_attribute(q, "session"));
	struct marks m = has_marks(q->api) ? marks_of(q) : (struct marks){ 0 };

	n->session = session == JSON_STRING || session == JSON_NUMBER;
	n->watches = (n->session || m.last) && w->model.len && prepare(n, w, ordinal, m.hour);
	if (!n->watches)
		return;
	chain_now(w, q, &n->chain);
	n->marked = m.last <= n->chain.count ? m.last : 0;
	n->unedited = n->now = cost_of(n, q, &n->chain, w->tokens);
}

bool
net_allows(struct net *n, struct work *w, const char **why)
{
	struct request q = *w->request;
	struct chain c;
	struct cost cost;
	char now[64], then[64];

	work_edited(w, &q);
	chain_now(w, &q, &c);
	cost = cost_of(n, &q, &c, w->tokens);
	if (usd_cmp(cost.usd, n->now.usd) > 0 && cost.read < n->now.read) {
		*why = arena_printf(w->arena,
		    "net of the cache it loses: %llu tokens read instead of %llu, "
		    "%s dollars instead of %s",
		    (unsigned long long)cost.read, (unsigned long long)n->now.read,
		    usd_write(cost.usd, now), usd_write(n->now.usd, then))
			   .ptr;
		return false;
	}
	n->now = cost;
	return true;
}

static void
note(const struct net *n, struct work *w)
{
	char before[64], after[64];

	work_note(w, "net",
	    arena_printf(w->arena,
		"{\"read_before\":%llu,\"read_after\":%llu,\"usd_before\":\"%s\","
		"\"usd_after\":\"%s\"}",
		(unsigned long long)n->unedited.read, (unsigned long long)n->now.read,
		usd_write(n->unedited.usd, before), usd_write(n->now.usd, after)));
}

void
net_end(struct net *n, struct work *w)
{
	struct request q = *w->request;
	struct chain c;

	if (!n->watches)
		return;
	if (work_changed(w)) {
		work_edited(w, &q);
		chain_now(w, &q, &c);
		n->now = cost_of(n, &q, &c, w->tokens);
		note(n, w);
	} else {
		c = n->chain;
	}
	if (n->session)
		warm_send(n->warm, &c, n->when);
}

bool
net_price(
    struct net *n, struct work *w, uint64_t ordinal, struct usd *cached, struct usd *fresh)
{
	struct request q = *w->request;
	struct marks m;
	struct chain c;

	if (!w->model.len)
		return false;
	if (work_changed(w))
		work_edited(w, &q);
	m = has_marks(q.api) ? marks_of(&q) : (struct marks){ 0 };
	if (!prepare(n, w, ordinal, m.hour))
		return false;
	chain_now(w, &q, &c);
	n->session = true;
	*fresh = usd_times(n->rates.fresh, w->tokens);
	*cached = cost_of(n, &q, &c, w->tokens).usd;
	warm_send(n->warm, &c, n->when);
	return true;
}
