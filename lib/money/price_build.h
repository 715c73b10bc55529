/* SPDX-License-Identifier: MIT */
/* Private to lib/money: tables of any form become rows of our own form, llm-prices(5). */
#ifndef MONEY_PRICE_BUILD_H
#define MONEY_PRICE_BUILD_H

#include "base/buf.h"
#include "money/price_row.h"

/* The rows and names of a table as they are collected; see price_table.h. */
struct price_build {
	struct buf rows, names;
	struct arena arena;
	char date[11];   /* of the table, or "" */
	const char *why; /* what is wrong with it; NULL: nothing yet */
	size_t count;    /* rows */
};

/* One row of our own form: {"provider", "model", …}. */
void build_own(struct price_build *b, struct value row);
/* LiteLLM's file: {"model": {"input_cost_per_token": …}, …}. */
void build_litellm(struct price_build *b, struct value table);
/* genai-prices' data: [{"id": "openai", "models": […]}, …]. */
void build_genai(struct price_build *b, struct value providers);

/* A name by which a model is found: exact, a pattern, or "!pattern" that takes names away. */
void build_name(
    struct price_build *b, struct slice provider, struct slice name, struct slice model);
/* Begins a row: `{"provider":…,"model":…`. */
void build_head(struct price_build *b, struct slice provider, struct slice model);
/* JSON without line feeds, which stand between values only. */
void build_on_one_line(struct buf *out, struct slice raw);
/* The patterns of a match clause of genai-prices; what has none matches nothing. */
void build_match(
    struct price_build *b, struct slice provider, struct value match, struct slice model);

/* Prices of one row while they are collected, as texts. */
#define DRAFT_DIGITS 48
struct price_draft {
	size_t tiers;
	uint64_t above[PRICE_TIERS];
	char text[LANES][PRICE_TIERS][PRICE_CLASSES][DRAFT_DIGITS];
};
void draft_clear(struct price_draft *d);
/* A number or a string with one, times 10^shift, at most 15 digits: what floating point has
 * added behind them is not meant. Anything else is left out; false then. */
bool draft_set(struct price_draft *d, enum lane lane, uint64_t above, enum price_class class,
    struct value v, int shift);
bool draft_has(
    const struct price_draft *d, enum lane lane, uint64_t above, enum price_class class);
/* `,"prices":{…},"batch":{…}` */
void draft_write(const struct price_draft *d, struct buf *out);
/* 1.5000000000000002e-07 and 6 give 0.15; false if text is no number from 0 on. */
bool decimal_shift(struct slice text, int shift, char out[DRAFT_DIGITS]);

#endif
