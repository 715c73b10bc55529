/* SPDX-License-Identifier: MIT */
/* The decision: which rule, which model, why, and what else could have been taken. */
#ifndef LLM_ROUTE_DECIDE_H
#define LLM_ROUTE_DECIDE_H

#include "base/buf.h"
#include "cmd/llm-route/facts.h"
#include "money/usd.h"

/* Room for the answer where the request sets no cap, in tokens. */
#define OUTPUT_RESERVE 1024

struct candidate {
	const struct model *model;
	size_t tier; /* SIZE_MAX: of none */
	bool fits;
	enum lane lane;  /* in which it would answer */
	struct usd cost; /* of this row with its expected output */
	const char *why; /* where it does not fit */
};

#define DROPPED_MOST 24
struct decision {
	const struct rule *rule; /* NULL: none matched */
	const char *fallback;    /* "error", "label", "confidence", "tier"; NULL: none fired */
	bool keep;               /* the model stays */
	struct slice model;      /* what the record names from now on; ptr NULL: none */
	const struct model *chosen; /* the same, looked up; NULL: the record names none */
	enum lane lane;
	struct settings settings;
	bool priced;
	struct usd cost;
	const char *unpriced;
	unsigned confidence; /* per cent */
	struct slice reason;
	const struct candidate *field; /* all that could do it, the cheapest first */
	size_t field_count, taken;     /* field[taken] is chosen */
	struct slice *alternates;      /* the other candidates, the cheapest first */
	size_t alternate_count;
	struct slice *class[ERROR_CLASSES]; /* alternates of one class of errors; see routes */
	size_t class_count[ERROR_CLASSES];
	const char *dropped[DROPPED_MOST]; /* parameters that the target would not take */
	size_t dropped_count;
	bool limit;                         /* a pattern hit its limit */
	const char *arm;                    /* of --split, or NULL */
	uint64_t image_before, image_after; /* tokens, where the detail was lowered */
};

void decide(struct facts *f, struct decision *d);
/* Takes field[index] instead of the cheapest, with this reason. */
void decide_take(struct facts *f, struct decision *d, size_t index, const char *reason);

/* Takes the cheapest of these models that can do it, of that tier (SIZE_MAX: of none); who may
 * answer instead is no weaker, and of no tier above `most`. False if none can. */
bool decide_among(struct facts *f, struct decision *d, const struct model *models, size_t count,
    size_t tier, size_t most);

/* Keeps the model, and all settings as they are. */
void decide_keep(struct facts *f, struct decision *d, const char *reason);

/* Judges one model for this row. */
struct candidate candidate_judge(
    struct facts *f, const struct model *m, const struct settings *settings);
/* By the prices of its line, which has them; cached is a part of input. */
struct usd declared_cost(
    const struct declared *d, enum lane lane, uint64_t input, uint64_t cached, uint64_t output);
/* What this model would be paid for the row; false and *why where there is no price. *lane is
 * set to realtime where the model has no such lane. */
bool candidate_cost(struct facts *f, const struct model *m, const struct settings *settings,
    enum lane *lane, struct usd *cost, const char **why);
/* With --warm: what the provider's cache will hold once the row is sent. */
void decision_sent(struct facts *f, const struct decision *d);
/* The lane in which a row with these settings is answered where the model has it. */
enum lane effective_lane(const struct facts *f, const struct settings *settings);
/* Has the model a price in that lane, or is its price not of a table? */
bool candidate_has_lane(const struct model *m, enum lane lane, int64_t when);
/* Is it known what the model can do? Then what no table says of it, it cannot. */
bool candidate_is_listed(const struct model_facts *m);
/* Does the list `a,b,c` have it? */
bool candidate_has_word(struct slice list, struct slice word);
/* The output cap that will hold for this model: the lower of the record's and the rule's; 0 if
 * none. The rule's gets room for the thinking of a model that reasons. */
uint64_t effective_cap(
    const struct facts *f, const struct settings *settings, const struct model *m);
/* Does the record's own cap hold, and is it less than the room that the model wants for its
 * thinking? The answer may be paid for and empty. */
bool cap_is_thought(
    const struct facts *f, const struct settings *settings, const struct model *m);
/* The effort that will hold: the lower of the record's and the rule's; ptr NULL if none. */
struct slice effective_effort(const struct request *r, const struct settings *settings);
/* Do the settings have a budget of thinking, and the interface a place for one of its size? */
bool takes_budget(const struct request *r, const struct settings *settings);

#endif
