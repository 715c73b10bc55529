/* SPDX-License-Identifier: MIT */
#include "prefix.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "prompt_cache/rules.h"
#include "tokens/tokens.h"

#define PREFIXES_LIMIT 65536
#define FIVE_MINUTES (INT64_C(5) * 60000)
#define HOUR (INT64_C(60) * 60000)
#define AUTOMATIC_MINIMUM 1024

/* What is marked, and for how long: tools and system text, as llm-cache mark does, or all of
 * the prompt, so that the next turn of a chat reads it. */
enum way { HEAD_5M, HEAD_1H, CHAT_5M, CHAT_1H, WAYS };

/* What one way changes in the walks of its calls. */
struct change {
	struct usd alone, prompt[EVIDENCES], batch[EVIDENCES];
};
/* One head of prompts, mostly that of an application; it may be empty. */
struct prefix_entry {
	uint64_t tokens, calls;
	uint64_t most;   /* tokens that could be read of one prompt */
	uint64_t missed; /* calls that did not read what an automatic cache held */
	int64_t when;
	bool automatic; /* the provider caches unasked: what it missed is a guess */
	struct change way[WAYS];
};

static unsigned
minimum_of(struct slice model)
{
	const struct cache_rule *rule = cache_rule_of(model);

	return rule ? rule->minimum : 0;
}

unsigned
prefix_minimum(struct slice model)
{
	unsigned n = minimum_of(model);

	return n ? n : AUTOMATIC_MINIMUM;
}

static bool
is_automatic(enum api api)
{
	return api == API_CHAT || api == API_RESPONSES || api == API_GEMINI;
}

static struct imprint
print_with_model(const struct row *row, struct slice prefix)
{
	struct imprint p = imprint_of(prefix), m = imprint_of(row->model);

	return (struct imprint){ p.a ^ m.a, p.b ^ m.b };
}

/* What marks there are already are seen in the usage, not in the body. */
static struct prefix_entry *
entry_of(struct prefixes *x, const struct row *row, const struct body *b)
{
	bool fresh;
	size_t i;

	x->map.limit = PREFIXES_LIMIT;
	i = imprint_map_add(&x->map, print_with_model(row, b->prefix), &fresh);
	if (i == SIZE_MAX)
		return NULL;
	if (!x->list)
		x->list = mem_zero(PREFIXES_LIMIT * sizeof(*x->list));
	if (fresh) {
		uint64_t n = tokens_text(tokenizer_for(row->model), b->prefix_text).count;

		x->list[i] = (struct prefix_entry){ .tokens = n,
			.automatic = is_automatic(row->request.api) };
	}
	return &x->list[i];
}

static void
note_short(struct prefixes *x, const struct prefix_entry *e, unsigned minimum)
{
	x->short_calls++;
	if (e->tokens > x->short_tokens) {
		x->short_tokens = e->tokens;
		x->minimum = minimum;
	}
}

/* Adds to the change what this call's walk gains by the prefix. */
static void
add_change(struct change *c, const struct row *row, const struct plan *with,
    const struct audit_sums *without, enum evidence e)
{
	struct audit_sums s = { 0 };

	walk_plan(&s, row, with, 1);
	c->alone = usd_add(c->alone, s.alone[e][AUDIT_PROMPT]);
	for (enum evidence k = PROVEN; k < EVIDENCES; k++) {
		c->prompt[k] = usd_add(c->prompt[k], s.stack[k][AUDIT_PROMPT]);
		c->batch[k] = usd_add(c->batch[k],
		    usd_sub(s.stack[k][AUDIT_BATCH], without->stack[k][AUDIT_BATCH]));
	}
}

/* The way as a plan for this call. False where it changes nothing. */
static bool
plan_way(struct prefixes *x, struct prefix_entry *e, enum way way, const struct row *row,
    const struct chain *c, int64_t when, unsigned minimum, struct plan *p)
{
	int64_t life = way == HEAD_5M || way == CHAT_5M ? FIVE_MINUTES : HOUR;
	int64_t gap = when == WHEN_NONE ? 1 : when - e->when;
	bool warm = e->calls && gap > 0 && gap <= life;
	uint64_t all = c->count ? c->link[c->count - 1].tokens : 0;

	p->hour = way == HEAD_1H || way == CHAT_1H;
	if (way == HEAD_5M || way == HEAD_1H) {
		p->read = warm ? e->tokens : 0;
		p->written = warm ? 0 : e->tokens;
		return !e->automatic && e->tokens >= minimum;
	}
	p->read = warm_read(x->warm, c, when, when == WHEN_NONE ? INT64_MAX : life, minimum);
	if (e->automatic)
		return way == CHAT_5M;
	all = all < row->usage.input ? all : row->usage.input;
	p->written = all > p->read ? all - p->read : 0;
	/* the mark that moves on with a chat is a member of the maker's own interface */
	return all >= minimum && row->request.api == API_MESSAGES &&
	       row->request.shape != SHAPE_BEDROCK;
}

static void
weigh(struct prefixes *x, struct prefix_entry *e, const struct row *row, const struct chain *c,
    int64_t when, unsigned minimum, const struct plan *plan, const struct audit_sums *without)
{
	enum evidence level = e->automatic ? GUESSED : PROVEN;

	for (enum way way = 0; way < WAYS; way++) {
		struct plan with = *plan;

		if (!plan_way(x, e, way, row, c, when, minimum, &with))
			continue;
		with.fits[level] |= 1u << AUDIT_PROMPT;
		e->most = with.read > e->most ? with.read : e->most;
		e->missed += e->automatic && with.read > row->usage.cached;
		add_change(&e->way[way], row, &with, without, level);
	}
}

void
prefixes_add(struct prefixes *x, const struct audit_sums *without, const struct row *row,
    const struct body *b, const struct plan *p, struct arena *a)
{
	enum api api = row->request.api;
	unsigned minimum = is_automatic(api) ? AUTOMATIC_MINIMUM : minimum_of(row->model);
	int64_t when = row->own_time ? row->when : WHEN_NONE;
	struct prefix_entry *e;
	struct chain c;

	if (!minimum || row->lane != LANE_REALTIME || !(e = entry_of(x, row, b)))
		return;
	if (e->tokens < minimum && !e->automatic && b->prefix.len)
		note_short(x, e, minimum);
	/* lines are taken as they come: a clock that goes back stands still */
	if (when != WHEN_NONE && e->calls && when < e->when)
		when = e->when;
	if (!x->warm)
		x->warm = warm_open();
	chain_of(&row->request, row->model, api != API_GEMINI && e->automatic, a, &c);
	weigh(x, e, row, &c, when, minimum, p, without);
	warm_send(x->warm, &c, when);
	x->untimed += !row->own_time;
	e->when = when;
	e->calls++;
}

static void
take(struct audit_sums *s, const struct prefix_entry *e, const struct change *c)
{
	enum evidence level = e->automatic ? GUESSED : PROVEN;

	s->requests[level][AUDIT_PROMPT] += e->automatic ? e->missed : e->calls;
	s->alone[level][AUDIT_PROMPT] = usd_add(s->alone[level][AUDIT_PROMPT], c->alone);
	for (enum evidence k = PROVEN; k < EVIDENCES; k++) {
		s->stack[k][AUDIT_PROMPT] = usd_add(s->stack[k][AUDIT_PROMPT], c->prompt[k]);
		s->stack[k][AUDIT_BATCH] = usd_add(s->stack[k][AUDIT_BATCH], c->batch[k]);
	}
}

static enum way
best_way(const struct prefix_entry *e)
{
	enum way best = HEAD_5M;

	for (enum way way = HEAD_1H; way < WAYS; way++)
		if (usd_cmp(e->way[way].alone, e->way[best].alone) > 0)
			best = way;
	return best;
}

void
prefixes_close(struct prefixes *x, struct audit_sums *s)
{
	for (size_t i = 0; i < x->map.count; i++) {
		const struct prefix_entry *e = &x->list[i];
		enum way way = best_way(e);

		if (e->calls < 2 || e->way[way].alone.units <= 0)
			continue;
		take(s, e, &e->way[way]);
		if (e->automatic)
			x->automatic++;
		else if (way == HEAD_1H)
			x->hour_prefixes++;
		else if (way == HEAD_5M)
			x->five_prefixes++;
		else if (way == CHAT_1H)
			x->hour_chats++;
		else
			x->five_chats++;
		if (e->most > x->largest)
			x->largest = e->most;
	}
	if (x->warm)
		warm_free(x->warm);
	imprint_map_free(&x->map);
	free(x->list);
	x->list = NULL;
}
