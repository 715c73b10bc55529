/* SPDX-License-Identifier: MIT */
/* What a provider says it served or billed, against what a log says: by UTC day and model. */
#ifndef COST_RECONCILE_H
#define COST_RECONCILE_H

#include "base/hash.h"
#include "cmd/llm-cost/rows/left.h"
#include "cmd/llm-cost/rows/row.h"

/* Counts of one side. */
struct side {
	uint64_t requests, input, cached, written, output;
	struct usd cost;
};
struct match {
	int64_t day; /* days since 1970, UTC */
	struct slice
	    model; /* as the price row has it; "" where the export does not tell models */
	struct side export, log;
	uint64_t unpriced; /* calls of the log without a price */
};

enum export_kind { EXPORT_NONE, EXPORT_USAGE, EXPORT_COST };
struct reconcile {
	enum export_kind kind;
	const char *provider; /* "openai", "anthropic"; NULL: a bill of any */
	bool has_requests;    /* the export counts them */
	bool no_models;       /* it is not by model: neither is the comparison */
	int64_t from, to;     /* days that the export covers, `to` is not one of them */
	uint64_t results;
	uint64_t other_currency; /* amounts that are not dollars, left out */
	struct hash_map keys;    /* day, newline, model */
	struct match *list;
	/* of the log */
	uint64_t outside, no_time, other_provider, priority;
	struct usd priority_cost; /* of calls that the export leaves out */
	struct left left;
};

/* Reads an export: a page of JSON, an array of pages, or a page a line; or CSV with the columns
 * of FOCUS or those that --field day=, model= and cost= name. False: *why (static). */
bool reconcile_export(struct reconcile *r, struct slice text, const char **why);
/* The match of that day and model, made if it is not there. */
struct match *reconcile_match(struct reconcile *r, int64_t day, struct slice model);
/* The name that the price table has for a model, or the name itself; arena memory or longer. */
struct slice reconcile_model(
    const struct reconcile *r, struct slice model, int64_t when, struct arena *a);

extern const char *const reconcile_formats[];
/* Appends the comparison; the days and models in order. */
void reconcile_print(const char *format, const struct reconcile *r, struct buf *out);
/* The largest gap of the total in millionths of what the export says: dollars of a bill, tokens
 * of a usage export. */
uint64_t reconcile_gap(const struct reconcile *r);

#endif
