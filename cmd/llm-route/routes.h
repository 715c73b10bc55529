/* SPDX-License-Identifier: MIT */
/* The ROUTES file of llm-routes(5), read into memory. */
#ifndef LLM_ROUTE_ROUTES_H
#define LLM_ROUTE_ROUTES_H

#include "base/arena.h"
#include "base/slice.h"
#include "json/path.h"
#include "money/price.h"
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

/* A model as ROUTES names it, with what the tables know of it. */
struct model {
	struct slice name;  /* what is written into the record: behind all aliases */
	struct slice known; /* what prices and tokenizers call it */
	const struct tokenizer *tokenizer;
	struct model_facts facts;
};

struct tier {
	struct slice name;
	struct model *models;
	size_t count;
	uint64_t line;
};

enum target_kind { TARGET_KEEP, TARGET_TIER, TARGET_MODEL };
struct target {
	enum target_kind kind;
	struct slice name;
	size_t tier;
	struct model model;
};

struct settings {
	uint64_t max_tokens; /* 0: not set */
	struct slice service_tier, effort;
};

struct rule {
	struct slice name; /* "default" for a default line */
	uint64_t line;
	struct condition *conditions;
	size_t count;
	struct target target;
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

/* What happens where a decision cannot be made as it was meant. */
struct fallbacks {
	struct target error;      /* nothing that can do it is left: keep */
	bool label_strongest;     /* a label that is none of ours: the last tier */
	struct target label;      /* else this */
	struct target confidence; /* under --min-confidence: keep */
	size_t user; /* an unknown kind of user has the bounds of this one: the first */
};

struct routes {
	const char *file;
	struct tier *tiers; /* in the order of the file: the weakest first */
	size_t tier_count;
	struct alias *aliases;
	size_t alias_count;
	struct rule *rules; /* rules, then defaults, as they are tried */
	size_t rule_count, default_at;
	struct user *users;
	size_t user_count;
	struct task_pattern *tasks;
	size_t task_count;
	struct fallbacks fallbacks;
	struct arena arena;
};

/* Reads a copy of a ROUTES file's text. NULL where a line is wrong: *why (static, until the
 * next call) says what, *line where. Models are not looked up yet. */
struct routes *routes_parse(
    struct slice text, const char *file, const char **why, uint64_t *line);
/* Follows all aliases from name: what it stands for, or name. ptr NULL if they go in a circle.
 */
struct slice routes_alias(const struct routes *routes, struct slice name);
/* Looks up models, tokenizers and facts. False where aliases go in a circle. */
bool routes_resolve(struct routes *routes, const char **why, uint64_t *line);
void routes_free(struct routes *routes);
/* Index of the tier of that name, or SIZE_MAX. */
size_t routes_tier(const struct routes *routes, struct slice name);

#endif
