/* SPDX-License-Identifier: MIT */
/* One line of the input as llm-cost sees it: a call and what it cost, a replay, or nothing. */
#ifndef COST_ROW_H
#define COST_ROW_H

#include "base/options.h"
#include "money/price.h"
#include "stream/stream.h"

enum row_kind {
	ROW_NOTHING,    /* no call: an unknown shape, a transcript's prose, zero counts */
	ROW_UNANSWERED, /* a request without its answer: nothing was spent yet */
	ROW_CALL,       /* answered or failed: it has a price, or a reason why not */
	ROW_REPLAY      /* answered by our own cache, a copy, or by a draft: $0 */
};

struct row {
	enum row_kind kind;
	struct request request;
	struct usage usage;
	bool has_usage;
	bool streams; /* an event of the reader's stream: its message is the call */
	bool quick;   /* hints are set: what one walk of the line has found (usage_quick) */
	struct usage_hints hints;
	bool failed;           /* the call ended in an error */
	bool wasted;           /* cut, filtered, or without a reason for its end */
	struct slice model;    /* that answered, own names resolved; ptr NULL: none is told */
	struct slice provider; /* as the line tells it, else --provider; ptr NULL: none */
	int64_t when;          /* of the line, else now */
	bool own_time;
	enum lane lane;
	bool has_latency;
	uint64_t latency; /* milliseconds */
	/* an amount of the log that the caller wants kept with the call: see once_judge */
	bool has_noted;
	struct usd noted;
	/* set by row_price */
	const char *unpriced; /* why there is no amount; NULL: bill.usd is right */
	struct bill bill;
};

/* --provider and --lane, which speak for lines that do not say. */
struct row_settings {
	const char *provider;
	const char *lane;
};
extern struct row_settings row_settings;
#define ROW_OPTIONS                                                                       \
	{ 0, "provider", OPTION_TEXT, "P", &row_settings.provider,                        \
		"price lines that name no provider as P's", NULL },                       \
	{                                                                                 \
		0, "lane", OPTION_TEXT, "L", &row_settings.lane,                          \
		    "lane of lines that tell none: realtime, batch, flex, priority", NULL \
	}

/* What earlier lines of a file say about later ones (Codex sessions name the model once). A
 * zeroed struct is ready after reader_open. */
struct reader {
	enum lane lane;
	struct slice provider;
	const char *file;
	char model[128];
	char session[128];
	/* the message that streams, from message_start on: later events only have counts */
	char stream[64], stream_model[128];
	struct usage streamed;
	size_t span; /* index of the call on its line */
};

/* Checks the settings (status 2) and the age of the price tables (a warning). */
void reader_open(struct reader *d);
/* Fills row from the record. Members that were looked up and stand twice set r->json->twice:
 * the caller must not count such a row. */
void row_read(struct reader *d, const struct record *r, struct row *row);
/* The next call of the same line, an export of OpenTelemetry: false if there is none. */
bool row_next(struct reader *d, const struct record *r, struct row *row);
/* The id of OpenTelemetry's span; absent for another line. */
struct value row_span_id(const struct row *row);
/* Fills unpriced and bill from the rest; may be called again after the counts changed. */
void row_price(struct row *row);
/* The query that row_price asks, for this model and lane. */
struct price_query row_query(const struct row *row, struct slice model, enum lane lane);
/* The model that the request asked for before it was routed (llm.route.asked, in a replay the
 * body's), else the one that answered; ptr NULL if none is told. */
struct slice row_asked(const struct row *row, struct arena *a);

#endif
