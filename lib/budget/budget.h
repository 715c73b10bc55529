/* SPDX-License-Identifier: MIT */
/* Limits on what may be spent: the lines of a budget file and what they say of one call.
 *
 * A line is `limit NAME PERIOD SETTING… [FIELD=VALUE…]`; '#' begins a comment. PERIOD is hour,
 * day, week (from Monday), month or total, in the zone of --tz. Settings: usd=X calls=N
 * tokens=N repeats=N (each 0 or more; 0 allows nothing), soft=P (a share at which to warn) and
 * by=FIELD,FIELD (each value has the limit to itself). The line holds for calls whose fields
 * have these values; of several lines of one name the first that fits a call is the one. A
 * FIELD is model, provider, lane, an attribute of llm-record(5), or a jq path. */
#ifndef BUDGET_BUDGET_H
#define BUDGET_BUDGET_H

#include "base/arena.h"
#include "json/path.h"
#include "money/usd.h"

#define BUDGET_NONE UINT64_MAX /* this line does not limit it */
#define BUDGET_FIELDS 8

enum budget_period { BUDGET_HOUR, BUDGET_DAY, BUDGET_WEEK, BUDGET_MONTH, BUDGET_TOTAL };
const char *budget_period_name(enum budget_period p);
/* The first moment of the period that holds this one (0 for total), in the zone of --tz. */
int64_t budget_period_start(enum budget_period p, int64_t when);

struct budget_field {
	struct slice name;
	struct path *path; /* NULL: a name */
};
struct budget_line {
	struct slice name;
	struct slice text; /* the line as it stands in the file */
	enum budget_period period;
	bool has_usd;
	struct usd usd;
	uint64_t calls, tokens, repeats; /* BUDGET_NONE */
	uint64_t soft;                   /* millionths; BUDGET_NONE */
	struct budget_field by[BUDGET_FIELDS], where[BUDGET_FIELDS];
	struct slice value[BUDGET_FIELDS]; /* of where */
	size_t by_count, where_count;
};
struct budget {
	struct budget_line *line;
	size_t count;
};

/* The lines of text, which must outlive them. False and *why ("line 3: …", until the next
 * call). */
bool budget_read(struct slice text, struct budget *b, const char **why);
void budget_free(struct budget *b);

/* The text that a field has for a call; ptr NULL if it has none. */
typedef struct slice budget_value_fn(void *call, const struct budget_field *field);
/* For each line that holds for the call: its index and its key, "user=ann,team=x" of its
 * conditions and the fields of `by` ("-" for one that is missing; "" without either). key lives
 * in the arena. */
typedef void budget_each_fn(void *context, size_t line, struct slice key);
void budget_apply(const struct budget *b, budget_value_fn *value, void *call, struct arena *a,
    budget_each_fn *each, void *context);
/* The line that a key is of; NULL where no line of that name makes such keys. */
const struct budget_line *budget_line_of(
    const struct budget *b, struct slice name, struct slice key);
/* The key of a line without `by`; ptr NULL for one that has it. */
struct slice budget_own_key(const struct budget_line *l, struct arena *a);

#endif
