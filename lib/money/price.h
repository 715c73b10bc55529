/* SPDX-License-Identifier: MIT */
/* Prices: the dated table that is compiled in, tables of the user, and what a usage costs. */
#ifndef MONEY_PRICE_H
#define MONEY_PRICE_H

#include "model/usage.h"
#include "money/usd.h"

#define PRICE_NO_MODEL "no model" /* why there is no price, where none is named */

struct price; /* the row of one provider's model at one time */

/* A table of the user (our own form, LiteLLM's file, genai-prices' v1 or v2 data, told apart
 * by content), over all that was loaded before. False: *why is "file:line: reason" (until
 * the next call). */
bool prices_load(const char *file, const char **why);
/* ISO date of the compiled table. */
const char *prices_date(void);

enum lane { LANE_REALTIME, LANE_BATCH, LANE_FLEX, LANE_PRIORITY };
#define LANES 4
/* By our own names and by what providers write as service tier ("standard", "default",
 * "ON_DEMAND" … are realtime, "fast" is priority); false for any other. */
bool lane_named(struct slice name, enum lane *lane);
const char *lane_name(enum lane lane);
/* In which lane an answered request was billed: the one that llm-batch noted, else batch where it
 * has that form, else the tier that the answer names, else the one the record tells. */
enum lane lane_billed(const struct request *q, const struct usage *u, struct arena *a);
/* The same for who knows already what it tells, each value absent where it tells nothing. */
struct lane_told {
	struct value batch, record; /* llm.batch.lane; the attribute */
	enum lane otherwise;
};
enum lane lane_settled(const struct request *q, const struct usage *u,
    const struct lane_told *told, struct arena *a);

/* Which row: provider "" or NULL-pointer means "whoever is known to serve this model first". */
struct price_query {
	struct slice model;    /* as the record names it; prefixes, dates, ft: are understood */
	struct slice provider; /* genai-prices' ids: openai, anthropic, google, azure, aws … */
	int64_t when;          /* milliseconds since 1970, UTC */
	enum lane lane;
};

/* One line of a bill: count * price, and where the price is from. */
struct bill_part {
	const char *name; /* "input", "cached", "cache_write_5m", "output" … */
	uint64_t count;
	struct usd price; /* of one */
	struct usd usd;
	const char *source; /* "table" or "rule" */
	const char
	    *row; /* the row of another model that it was billed by; NULL: the bill's own */
};
/* All prices of a row for one lane, region and size of prompt; run lifetime. */
struct price_plan;
/* Where a plan is the one that bills: [from, until) and (low, high], a low of 0 included. */
struct price_span {
	int64_t from, until;
	uint64_t low, high;
};
#define BILL_PARTS 40
#define BILL_RULE "rule"
#define BILL_TABLE "table"
/* A note, by its address: chat was priced on the row of an embedding model. */
#define BILL_EMBEDDING bill_embedding
extern const char bill_embedding[];
struct bill {
	bool priced;
	const char *unpriced; /* the reason if not priced (static or run lifetime) */
	struct usd usd;       /* sum of the parts, to the last digit */
	struct bill_part parts[BILL_PARTS];
	size_t part_count;
	const char *row;    /* "openai/gpt-4o" (run lifetime) */
	const char *date;   /* from when this price holds, or date of the table */
	const char *table;  /* "built-in" or the file's name */
	struct usd monthly; /* what the row is paid by the month, which is in no amount */
	const char *note;   /* "before the first known price" …, or NULL */
	/* NULL, or what makes the bill; a bill without a note also of every call of the same
	 * query whose plain usage (usage_is_plain) names the same tier and region, as long as
	 * price_span_has its time and prompt and price_plan_bills it */
	const struct price_plan *plan;
	struct price_span span;
};

/* What this usage costs. Never guesses: no row, no price for a class that has counts, a
 * flawed usage → not priced, with the reason. The service tier that the answer names counts
 * before q->lane, except that a batch stays a batch. Tokens that are read from or written to
 * a cache, audio and images cost what plain input or output does where the row does not
 * price them apart. */
void bill_usage(const struct price_query *q, const struct usage *u, struct bill *b);
bool price_span_has(const struct price_span *s, int64_t when, uint64_t prompt);
bool price_plan_bills(const struct price_plan *plan, const struct usage *u);
/* The dollars of a plain usage by a plan, whatever the size of its prompt: so that of many
 * usages that are added up. */
struct usd price_plan_cost(const struct price_plan *plan, const struct usage *u);
/* The same for counts that are only expected: fresh input and output. */
void bill_counts(const struct price_query *q, uint64_t input, uint64_t output, struct bill *b);
/* Is the model known at all (with any price)? */
bool price_known(const struct price_query *q);
/* What the table knows of a model; 0 or false where it does not say. */
struct model_facts {
	bool known;
	uint64_t context;         /* window, tokens */
	uint64_t max_output;      /* tokens */
	bool says_vision, vision; /* says_x: the table has an opinion */
	bool says_tools, tools;
	bool says_audio, audio;
	bool says_files, files;
	bool says_schema, schema;
	bool says_reasoning, reasoning;
	bool embeds;          /* by its name */
	const char *provider; /* run lifetime */
};
struct model_facts model_facts(struct slice model, struct slice provider);
/* Does it reason in every answer? Claude does only where the request tells it to, whoever serves
 * it. model: as models_resolve gives it. */
bool model_thinks_unasked(struct slice model, const struct model_facts *f);
/* One price of a row, for one token (search, request), at a short prompt: "input", "output",
 * "cached", "cache_write_5m", "cache_write_1h"; false if it has none. */
bool price_of(
    const struct price_query *q, const char *class, struct usd *out, const char **source);

#endif
