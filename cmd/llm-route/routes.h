/* SPDX-License-Identifier: MIT */
/* The ROUTES file of llm-routes(5), read into memory. */
#ifndef LLM_ROUTE_ROUTES_H
#define LLM_ROUTE_ROUTES_H

#include "base/arena.h"
#include "base/slice.h"
#include "json/path.h"
#include "money/price.h"
#include "task/table.h"
#include "text/pattern.h"
#include "tokens/tokens.h"

/* What a condition looks at. */
enum subject {
	SUBJECT_ATTRIBUTE, /* a name that all tools know: tenant, user, tag … */
	SUBJECT_PATH,
	SUBJECT_TEXT, /* every text of the user in turn */
	SUBJECT_MODEL,
	SUBJECT_TASK,
	SUBJECT_COMPLEXITY,
	SUBJECT_LANE,
	SUBJECT_INTENT, /* of the nearest utterance */
	SUBJECT_LANGUAGE,
	SUBJECT_HOUR,     /* of the record's time in --tz */
	SUBJECT_DEADLINE, /* seconds until it */
	SUBJECT_TURNS,
	SUBJECT_TOKENS
};
enum relation { IS, MATCHES, LESS, AT_MOST, MORE, AT_LEAST };

struct condition {
	enum subject subject;
	enum relation relation;
	struct slice source; /* as it was written */
	const char *name;    /* of an attribute */
	struct path *path;
	struct slice value; /* of IS; the pattern's text of MATCHES */
	bool caseless;
	struct pattern *pattern;
	uint64_t number;
};

/* A `model` line: what the user knows of a model, over what the tables know. */
#define CAN_VISION 1u
#define CAN_TOOLS 2u
#define CAN_AUDIO 4u
#define CAN_FILES 8u
#define CAN_SCHEMA 16u
#define CAN_REASONING 32u
#define CAN_STREAM 64u
struct declared {
	struct slice name;
	uint64_t line;
	struct slice as, provider, region, data; /* ptr NULL: not said */
	uint64_t window, max_output, rpm, tpm;
	unsigned can, cannot; /* CAN_… */
	bool has_input, has_output, has_cached, has_batch_input, has_batch_output, no_batch;
	struct usd input, output, cached, batch_input, batch_output; /* of one token */
	bool has_quality;
	uint32_t quality[4]; /* by enum level, millionths */
};

/* A model as ROUTES names it, with what the tables know of it. */
struct model {
	struct slice name;  /* what is written into the record: behind all aliases */
	struct slice known; /* what prices and tokenizers call it */
	struct slice own;   /* the same without vendors before it, in lower case */
	const struct tokenizer *tokenizer;
	struct model_facts facts;
	const struct declared *declared; /* its own line, or NULL */
	bool measured;
	int64_t p95;          /* milliseconds, where measured */
	int64_t cooling_till; /* 0: it does not cool down */
};

struct tier {
	struct slice name;
	struct model *models;
	size_t count;
	uint64_t line;
};

enum target_kind { TARGET_KEEP, TARGET_TIER, TARGET_MODEL, TARGET_LEARNED };
struct target {
	enum target_kind kind;
	struct slice name;
	size_t tier;
	struct model model;
};

/* What a rule or a profile asks for beside the model. */
#define STOPS_MOST 4
struct settings {
	uint64_t max_tokens; /* 0: not set */
	uint64_t thinking;   /* budget, where has_thinking; 0: none */
	uint64_t room;       /* for thinking inside the cap, where has_room */
	bool has_thinking, has_room;
	struct slice service_tier, effort;
	struct slice stop[STOPS_MOST];
	size_t stop_count;
	bool stop_infer, json, low_detail;
	struct slice schema, tool; /* file's name, then JSON on one line: routes_files */
	struct slice concise;      /* the sentence */
	uint64_t dimensions;
	int64_t latency; /* bound of the measured p95, milliseconds; 0: none */
	bool bounded;
	struct usd max_cost; /* of one record, where bounded */
	struct slice region, data;
};

struct rule {
	struct slice name; /* "default" for a default line */
	uint64_t line;
	struct condition *conditions;
	size_t count;
	struct target target;
	struct settings settings;
};

/* The settings of all records of one task. */
struct profile {
	struct slice task; /* "*": any */
	uint64_t line;
	struct settings settings;
};

struct alias {
	struct slice from, to;
	uint64_t line;
};

/* Bounds of one kind of user, as indexes of tiers. */
struct user {
	struct slice name;
	size_t least, most;
	uint64_t line;
};

/* A row of the table of tasks. */
struct task_pattern {
	struct slice task, source;
	struct pattern *pattern;
	uint64_t line;
};

/* A line `word`: one more phrase of the table of complexity, or one less. */
struct own_word {
	struct phrase phrase;
	uint64_t line;
};

/* What becomes of a failed call of one class, as llm-batch names classes. */
enum error_class {
	ERROR_RATE_LIMIT,
	ERROR_SERVER,
	ERROR_TIMEOUT,
	ERROR_CONNECTION,
	ERROR_CONTEXT,
	ERROR_POLICY,
	ERROR_AUTH,
	ERROR_CLASSES
};

/* What happens where a decision cannot be made as it was meant. */
struct fallbacks {
	struct target error;      /* nothing that can do it is left: keep */
	bool label_strongest;     /* a label that is none of ours: the last tier */
	struct target label;      /* else this */
	struct target confidence; /* under --min-confidence: keep */
	size_t user; /* an unknown kind of user has the bounds of this one: the lowest */
};

/* Who answers instead where a call failed with that class. */
struct instead {
	enum error_class class;
	struct slice of; /* the model or tier that failed; ptr NULL: any */
	struct target target;
	uint64_t line;
};

struct routes {
	const char *file;
	struct tier *tiers; /* in the order of the file: the weakest first */
	size_t tier_count;
	struct alias *aliases;
	size_t alias_count;
	struct rule *rules; /* rules, then defaults, as they are tried */
	size_t rule_count, default_at;
	struct profile *profiles;
	size_t profile_count;
	struct declared *models;
	size_t model_count;
	struct user *users;
	size_t user_count;
	struct task_pattern *tasks;
	size_t task_count;
	struct own_word *words;
	size_t word_count;
	struct task_limits limits;
	uint64_t limits_line;     /* of the line `complexity`; 0: none */
	bool bare;                /* without the built-in words of complexity */
	struct task_table *table; /* of these; NULL: the built-in one */
	struct fallbacks fallbacks;
	struct instead *insteads;
	size_t instead_count;
	uint64_t allowed_fails; /* of the line `cooldown`; 0: no such line */
	int64_t cooldown_time;  /* milliseconds */
	bool asks_complexity;   /* a rule asks for it */
	bool asks_intent;
	uint64_t learned_line; /* of the first rule to `learned`; 0: none */
	struct arena arena;
};

/* Reads a copy of a ROUTES file's text. NULL where a line is wrong: *why (static, until the
 * next call) says what, *line where. Models are not looked up yet. */
struct routes *routes_parse(
    struct slice text, const char *file, const char **why, uint64_t *line);
/* Follows all aliases from name: what it stands for, or name. ptr NULL if they go in a circle.
 */
struct slice routes_alias(const struct routes *routes, struct slice name);
/* What the line `model NAME` says; NULL if there is none. */
const struct declared *routes_declared(const struct routes *routes, struct slice name);
/* Looks up models, tokenizers and facts. False where aliases go in a circle: of what they name
 * nothing is known then. */
bool routes_resolve(struct routes *routes, const char **why, uint64_t *line);
/* The files that settings name, read and checked, take the place of their names. */
bool routes_files(struct routes *routes, const char **why, uint64_t *line);
/* A model by name, with what its own line and the tables say; lives as long as a. */
struct model routes_model(const struct routes *routes, struct slice name, struct arena *a);
/* each(context, model) for every model of tiers, targets and fallbacks. */
void routes_models(
    struct routes *routes, void (*each)(void *context, struct model *m), void *context);
void routes_free(struct routes *routes);
/* Index of the tier of that name, or SIZE_MAX. */
size_t routes_tier(const struct routes *routes, struct slice name);
/* Index of the first tier that has the model (no alias), or SIZE_MAX. */
size_t routes_tier_of(const struct routes *routes, struct slice model);
/* The settings of the rule (or NULL) with those of the profiles of the task behind it. */
struct settings routes_settings(
    const struct routes *routes, const struct rule *rule, struct slice task);

#endif
