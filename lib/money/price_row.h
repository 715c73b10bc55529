/* SPDX-License-Identifier: MIT */
/* One row of a price table, read from its text in the form of llm-prices(5). */
#ifndef MONEY_PRICE_ROW_H
#define MONEY_PRICE_ROW_H

#include "json/scan.h"
#include "money/price.h"

/* What is counted and priced apart. */
enum price_class {
	CLASS_INPUT,
	CLASS_OUTPUT,
	CLASS_CACHED,
	CLASS_WRITE_5M,
	CLASS_WRITE_1H,
	CLASS_AUDIO_IN,
	CLASS_AUDIO_OUT,
	CLASS_AUDIO_CACHED,
	CLASS_IMAGE_IN,
	CLASS_IMAGE_OUT,
	CLASS_IMAGE_CACHED,
	CLASS_REASONING,
	CLASS_REQUEST,
	CLASS_WEB_SEARCH,
	CLASS_FILE_SEARCH,
	CLASS_GROUNDING,   /* a prompt that was answered with searches, however many */
	CLASS_CONTAINER,   /* a session of a code interpreter */
	CLASS_IMAGE,       /* one that was made */
	CLASS_MILLISECOND, /* of audio, or of a machine */
	CLASS_CHARACTER,
	CLASS_STORAGE /* a token kept for a minute */
};
#define PRICE_CLASSES 21
#define CLASS_NONE PRICE_CLASSES
/* "input" …, as in tables and bills; NULL after the last. */
extern const char *const price_class_name[PRICE_CLASSES + 1];
/* Not a token of the prompt or the answer: it has no lane, no tier and no discount of a cache.
 */
static inline bool price_class_is_unit(enum price_class class)
{
	return class >= CLASS_REQUEST;
}
/* How many of it a price in a table is for: a million, or a thousand calls. */
uint64_t price_class_per(enum price_class class);
enum price_class price_class_named(struct slice name); /* CLASS_NONE: no such class */

/* Prices of one unit for prompts of more than `above` tokens. */
struct price_tier {
	uint64_t above;
	bool has[PRICE_CLASSES];
	struct usd usd[PRICE_CLASSES];
};

#define PRICE_TIERS 12 /* in one lane, the base included */
struct price_lane {
	struct price_tier *tier; /* by rising `above`; the first has 0 */
	size_t count;
};

struct price_plan;
struct price {
	char *provider, *model;
	char *name;         /* "openai/gpt-4o" */
	char *from;         /* first day as written, or NULL */
	int64_t since;      /* the same in milliseconds, or WHEN_NONE */
	int starts, ends;   /* minutes of the day, UTC; starts -1: all day */
	unsigned days;      /* bit i: holds on weekday i, UTC, 1 is Monday; 0: on all */
	uint64_t discount;  /* millionths off the row of the tables below; has no prices then */
	const char *note;   /* what a bill by this row says, or NULL */
	struct usd monthly; /* paid by the month: its amounts leave that out */
	bool inclusive;     /* a tier holds at its bound already (xAI) */
	struct price_lane lane[LANES];
	bool apart[PRICE_CLASSES]; /* is priced apart in any lane or tier */
	struct model_facts facts;
	int64_t released;         /* day in the names that it matches, or WHEN_NONE */
	struct price_plan *plans; /* see bill.c */
};

/* Reads one row; it lives until price_row_free. False, and *why, where a member has another
 * form; nothing is kept then. */
bool price_row_read(struct value row, struct arena *a, struct price *p, const char **why);
void price_row_free(struct price *p);
/* Does the row hold at this time of the day, and is its first day not after it? */
bool price_row_active(const struct price *p, int64_t when);
/* Orders rows so that the last active one counts: by first day, all-day rows before hours. */
int price_row_order(const void *a, const void *b);

#endif
