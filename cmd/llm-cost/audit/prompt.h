/* SPDX-License-Identifier: MIT */
/* audit --prompt: what prompts are made of, before they are sent. */
#ifndef COST_AUDIT_PROMPT_H
#define COST_AUDIT_PROMPT_H

#include "blank.h"
#include "imprint.h"
#include "base/options.h"
#include "money/usd.h"
#include "tokens/tokens.h"

/* In the order in which a provider reads them. */
enum prompt_part {
	PROMPT_TOOLS, /* definitions and schemas */
	PROMPT_SYSTEM,
	PROMPT_EXAMPLES, /* by headings, tags, Input: and Output: lines */
	PROMPT_HISTORY,  /* messages before the last one of the user */
	PROMPT_CONTEXT,  /* by headings and tags */
	PROMPT_USER,
	PROMPT_PARTS
};
extern const char *const prompt_part_names[PROMPT_PARTS];

/* Gives the pieces of a text, by its headings, tags and labels; what stands before the first
 * of them is of kind first. */
typedef void (*prompt_piece)(void *context, enum prompt_part part, struct slice text);
void prompt_split(struct slice text, enum prompt_part first, prompt_piece each, void *context);
/* Where a text stops being the same in each call: offset of the first placeholder ({name},
 * {{name}}, ${name}), date or time; text.len if there is none. *what (static) names it. */
size_t prompt_breaker(struct slice text, const char **what);

#define PROMPT_MODELS 32 /* at most */
#define PROMPT_LONG 5

struct prompt_long {
	struct slice name, begin; /* where it stands, and its first bytes */
	struct imprint print;
	uint64_t tokens;
	const char *why; /* static */
	uint64_t fewer;  /* tokens that could go, see why */
};
/* One file, or all of them. */
struct prompt_sums {
	struct slice name;
	uint64_t requests, tokens; /* of whole requests, framing included */
	uint64_t part[PROMPT_PARTS];
	uint64_t blank;      /* blanks, loose JSON, paragraphs that stand twice */
	uint64_t repeated;   /* sentences that stand twice in one prompt */
	uint64_t prefix;     /* tokens of each request that are the same in all */
	const char *breaker; /* what ends it; NULL: nothing before the end */
	uint64_t by_model[PROMPT_MODELS];
	struct prompt_long longest[PROMPT_LONG];
	size_t longest_count;
	const char *model; /* that counted */
	bool exact;
};
/* Models that are compared, NULL-ended; the first counts what names no model. */
extern const char *prompt_models[PROMPT_MODELS + 1];
/* These in place of the usual ones, if there are any; too many, or one without a price, end the
 * run with status 2. */
void prompt_compare(const struct option_list *models);

struct prompt_report {
	struct prompt_sums *file;
	size_t files, room;
	struct prompt_sums total;
	uint64_t across, across_files; /* tokens of paragraphs that stand in several files */
	bool no_text;
	struct arena arena;
};

/* Adds one text, or the requests of one file; false with errno or *why if it cannot be read. */
bool prompt_read(struct prompt_report *r, const char *name, const char **why);
/* Dollars of 1,000 calls. */
struct prompt_cost {
	struct usd fresh, cached; /* of input; cached: with the prefix read from the cache */
	bool can_cache;           /* the prefix is long enough */
	bool has_output;
	struct usd output; /* of 1,000 tokens of answer each */
};
/* False if the model has no price. */
bool prompt_cost(const struct prompt_sums *s, size_t model, struct prompt_cost *cost);
void prompt_print(const char *format, const struct prompt_report *r, struct buf *out);

/* audit --prompt */
void audit_prompts(const struct option_list *operands, const char *format, bool no_text);

#endif
