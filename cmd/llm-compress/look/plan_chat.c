/* SPDX-License-Identifier: MIT */
/* A chat that is only described: turn after turn, each a request with all that was said. */
#include "base/when.h"
#include "cmd/llm-compress/look/plan.h"
#include "money/price.h"

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

void
plan_scenario(struct plan *p, const struct plan_chat *chat)
{
	struct price_query query = { .model = slice_z(chat->model), .when = when_now() };
	struct usd fresh = { 0 }, read = { 0 }, output = { 0 };
	const char *source;
	bool priced = chat->model && price_of(&query, "input", &fresh, &source);

	if (!priced || !price_of(&query, "cached", &read, &source))
		read = fresh;
	if (priced)
		price_of(&query, "output", &output, &source);
	p->unpriced = priced ? 0 : chat->turns;
	for (uint64_t turn = 1; turn <= chat->turns; turn++) {
		uint64_t history = (turn - 1) * chat->tokens;
		uint64_t window = least(turn, chat->window) * chat->tokens;
		bool cut = turn > chat->window;

		p->requests++;
		for (size_t s = 0; s < STRATEGIES; s++) {
			struct plan_row *row = &p->row[s];
			bool windowed = s == STRATEGY_WINDOW || s == STRATEGY_SUMMARY;
			uint64_t tokens = windowed ? window : history + chat->tokens;
			/* a window that moved is another prefix */
			uint64_t cached = windowed && cut ? 0 : history;

			if (s == STRATEGY_SUMMARY && cut) {
				tokens += chat->summary;
				row->side = usd_add(row->side,
				    usd_add(usd_times(fresh, chat->summary + chat->tokens),
					usd_times(output, chat->summary)));
			}
			row->changed += windowed && cut;
			row->tokens += tokens;
			row->fresh = usd_add(row->fresh, usd_times(fresh, tokens));
			row->cached =
			    usd_add(row->cached, usd_add(usd_times(read, cached),
						     usd_times(fresh, tokens - cached)));
		}
		p->history.resent += history;
	}
	p->history.conversations = 1;
	p->history.turns = chat->turns;
	p->history.tokens = (chat->turns ? chat->turns - 1 : 0) * chat->tokens;
}
