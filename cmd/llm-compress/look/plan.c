/* SPDX-License-Identifier: MIT */
/* llm-compress plan: each strategy on this file, before anything is changed. */
#include "cmd/llm-compress/look/plan.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-compress/commands.h"
#include "cmd/llm-compress/net.h"
#include "cmd/llm-compress/side/talk.h"
#include "cmd/llm-compress/step.h"
#include "cmd/llm-compress/target.h"
#include "money/price.h"
#include "prompt_cache/rates.h"
#include "tool/tool.h"

#define WINDOW 10    /* turns, where --keep-turns is not given */
#define SUMMARY 400  /* tokens of a summary */
#define RATIO 500000 /* millionths, where no size is given */

static uint64_t turns = SETTING_NONE, turn_tokens = 200, summary_tokens = SUMMARY;
static const char *model, *query;

const struct option plan_options[] = {
	{ 0, "keep-turns", OPTION_NUMBER, "N", &settings.keep_turns,
	    "turns that the window keeps (10)", NULL },
	{ 0, "summary-tokens", OPTION_NUMBER, "N", &summary_tokens, "tokens of a summary (400)",
	    NULL },
	{ 0, "ratio", OPTION_SHARE, "P", &settings.ratio, "share that the ladder keeps (50%)",
	    NULL },
	{ 0, "target", OPTION_NUMBER, "N", &settings.target, "or the tokens it comes to",
	    NULL },
	{ 0, "floor", OPTION_SHARE, "P", &settings.floor,
	    "or as far as this share of what speaks to the question stays", NULL },
	{ 0, "query", OPTION_TEXT, "PATH", &query, "the question that tells what is kept",
	    NULL },
	{ 0, "turns", OPTION_NUMBER, "N", &turns,
	    "no file: a chat of N turns, one request each", NULL },
	{ 0, "turn-tokens", OPTION_NUMBER, "N", &turn_tokens, "tokens of each turn (200)",
	    NULL },
	{ 0, "model", OPTION_TEXT, "M", &model, "the model of that chat", NULL },
	{ 0 },
};

/* The longest history of each conversation. */
struct longest {
	uint64_t turns, tokens, resent;
};
struct planning {
	struct work work;
	struct plan plan;
	struct net *net[STRATEGIES];
	struct settings asked; /* what the command line says */
	struct hash_map conversations;
	struct longest *longest;
	size_t room;
};

static struct settings
settings_of(const struct settings *asked, enum strategy s)
{
	struct settings out = { SETTINGS_NONE, .query = asked->query, .protect = asked->protect,
		.mandatory = asked->mandatory };

	out.light = s == STRATEGY_LIGHT;
	if (s == STRATEGY_WINDOW || s == STRATEGY_SUMMARY)
		out.keep_turns = asked->keep_turns == SETTING_NONE ? WINDOW : asked->keep_turns;
	if (s == STRATEGY_RATIO) {
		out.ratio = asked->ratio;
		out.target = asked->target;
		out.floor = asked->floor;
		if (out.ratio == SETTING_NONE && out.target == SETTING_NONE &&
		    out.floor == SETTING_NONE)
			out.ratio = RATIO;
	}
	return out;
}

static void
run(struct work *w, const struct request *q, enum strategy s, struct arena *a)
{
	work_read(w, q, a);
	target_set(w);
	if (s != STRATEGY_FULL)
		steps_run(w, NULL, 0);
}

/* Tokens that left for the window are what a summary is made of, at the price of one call. */
static void
add_summary(struct work *w, struct plan_row *row, const struct prompt_rates *rates, bool priced)
{
	uint64_t gone = w->before.count > w->tokens ? w->before.count - w->tokens : 0;
	struct price_query price = { .model = w->model, .when = when_now() };
	const char *source;
	struct usd out;

	if (!work_changed(w) || gone <= summary_tokens)
		return;
	row->tokens += summary_tokens;
	if (!priced)
		return;
	row->fresh = usd_add(row->fresh, usd_times(rates->fresh, summary_tokens));
	row->cached = usd_add(row->cached, usd_times(rates->fresh, summary_tokens));
	row->side = usd_add(row->side, usd_times(rates->fresh, gone));
	if (price_of(&price, "output", &out, &source))
		row->side = usd_add(row->side, usd_times(out, summary_tokens));
}

static void
count_row(struct planning *p, enum strategy s, const struct record *r)
{
	struct work *w = &p->work;
	struct plan_row *row = &p->plan.row[s];
	struct usd cached, fresh;
	struct prompt_rates rates;
	bool priced = net_price(p->net[s], w, r->ordinal, &cached, &fresh);

	row->changed += work_changed(w);
	row->tokens += w->tokens;
	if (priced) {
		row->cached = usd_add(row->cached, cached);
		row->fresh = usd_add(row->fresh, fresh);
		prompt_rates_read(&rates, w->request, w->model);
	} else if (s == STRATEGY_FULL) {
		p->plan.unpriced++;
	}
	if (s == STRATEGY_SUMMARY)
		add_summary(w, row, &rates, priced);
}

/* By session, else by how it begins. */
static struct slice
conversation(struct work *w)
{
	struct value v = request_attribute(w->request, "session");

	if (json_type(v) == JSON_STRING || json_type(v) == JSON_NUMBER)
		return json_raw(v);
	for (size_t i = 0; i < w->message_count; i++)
		if (w->messages[i].starts)
			return json_raw(w->messages[i].at);
	return SLICE("");
}

static struct longest
history_of(struct work *w)
{
	struct longest h = { 0 };
	uint64_t all = 0;

	for (size_t i = 0; i < w->message_count; i++)
		h.turns += w->messages[i].starts;
	/* a turn is sent again with each one behind it */
	for (size_t i = 0, turn = 0; i < w->message_count; i++) {
		const struct message *m = &w->messages[i];

		turn += m->starts;
		if (m->role == ROLE_SYSTEM || i >= w->last)
			continue;
		for (size_t k = m->first; k < m->first + m->count; k++) {
			all += work_piece_tokens(w, &w->pieces[k]);
			h.resent +=
			    work_piece_tokens(w, &w->pieces[k]) * (h.turns - (turn ? turn : 1));
		}
	}
	h.tokens = all;
	return h;
}

static void
see_history(struct planning *p)
{
	struct longest h = history_of(&p->work);
	bool added;
	size_t i;

	if (h.turns < 2)
		return;
	i = hash_map_add(&p->conversations, conversation(&p->work), &added);
	if (i >= p->room) {
		p->room = p->room ? 2 * p->room : 64;
		p->longest = mem_grow(p->longest, p->room, sizeof(*p->longest));
	}
	if (added || h.turns > p->longest[i].turns)
		p->longest[i] = h;
}

static enum verdict
judge(void *context, struct record *r)
{
	struct planning *p = context;
	struct request q;

	if (!request_read(r->json, &q) || q.shape == SHAPE_USAGE || q.api == API_NONE ||
	    json_type(q.body) != JSON_OBJECT)
		return DROP;
	p->plan.requests++;
	for (size_t s = 0; s < STRATEGIES; s++) {
		settings = settings_of(&p->asked, (enum strategy)s);
		run(&p->work, &q, (enum strategy)s, r->arena);
		if (s == STRATEGY_FULL)
			see_history(p);
		count_row(p, (enum strategy)s, r);
	}
	return DROP;
}

static void
sum_history(struct planning *p)
{
	struct plan_history *h = &p->plan.history;

	h->conversations = p->conversations.count;
	for (size_t i = 0; i < p->conversations.count; i++) {
		h->resent += p->longest[i].resent;
		if (p->longest[i].tokens > h->tokens) {
			h->tokens = p->longest[i].tokens;
			h->turns = p->longest[i].turns;
		}
	}
}

static void
check(void)
{
	const char *why;

	settings_check_size();
	if (query && !(settings.query = path_compile(query, &why)))
		tool_usage("'--query %s': %s", query, why);
	if (settings.keep_turns == 0)
		tool_usage("the last turn always stays: 0 cannot be kept");
}

static void
scenario(struct planning *p, const struct option_list *operands)
{
	struct plan_chat chat = { turns, turn_tokens,
		settings.keep_turns == SETTING_NONE ? WINDOW : settings.keep_turns,
		summary_tokens, model };

	if (operands->count)
		tool_usage("'--turns' describes a chat: it takes no file");
	plan_scenario(&p->plan, &chat);
}

void
plan_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	struct planning p = { .plan.requests = 0 };
	struct stream *s;
	struct record *r;

	check();
	p.asked = settings;
	for (size_t i = 0; i < STRATEGIES; i++)
		p.net[i] = net_open();
	s = stream_open(&o);
	if (turns != SETTING_NONE) {
		scenario(&p, operands);
	} else {
		while ((r = stream_next(s)))
			stream_put(s, r, judge(&p, r));
		sum_history(&p);
	}
	plan_print(&p.plan, s);
	stream_close(s);
	for (size_t i = 0; i < STRATEGIES; i++)
		net_free(p.net[i]);
	hash_map_free(&p.conversations);
	free(p.longest);
	work_free(&p.work);
}
