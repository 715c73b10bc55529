/* SPDX-License-Identifier: MIT */
/* What each known technique would have saved on a log: the sums, and how they are made.
 *
 * Every call is walked once for each technique alone, and once through all of them in the order
 * of the pipe, where each one works on what those before it left. What a technique saves in the
 * walk is its part of the total, so that no dollar is saved twice. */
#ifndef COST_AUDIT_H
#define COST_AUDIT_H

#include "length.h"
#include "cmd/llm-cost/rows/left.h"
#include "cmd/llm-cost/rows/row.h"

/* In the order of the pipe. */
enum technique {
	AUDIT_EXACT,
	AUDIT_SEMANTIC,
	AUDIT_ROUTE,
	AUDIT_PROVIDER,
	AUDIT_OUTPUT,
	AUDIT_COMPRESS,
	AUDIT_HISTORY,
	AUDIT_TOOLS,
	AUDIT_PROMPT,
	AUDIT_BATCH,
	AUDIT_DISTILL,
	TECHNIQUES
};
extern const char *const technique_names[TECHNIQUES]; /* "exact-cache" … */

/* Is there evidence in the log that the technique fits the call, or is it only possible? */
enum evidence { PROVEN, GUESSED, EVIDENCES };

/* What could be done with one call. */
struct plan {
	unsigned fits[EVIDENCES]; /* sets of 1 << technique; no technique is in both */
	struct slice cheaper;     /* AUDIT_ROUTE: model */
	struct slice provider;    /* AUDIT_PROVIDER */
	uint64_t compress;        /* tokens of input that go */
	uint64_t history;
	uint64_t read, written; /* AUDIT_PROMPT: tokens of the prefix, one of both is 0 */
	bool hour;              /* written for an hour, else 5 minutes */
};

/* alone: of calls with that evidence. stack[PROVEN]: walks of what is proven; stack[GUESSED]:
 * walks of all. */
struct audit_sums {
	uint64_t requests[EVIDENCES][TECHNIQUES];
	struct usd alone[EVIDENCES][TECHNIQUES];
	struct usd stack[EVIDENCES][TECHNIQUES];
};
/* Adds (sign 1) or takes back (-1) what the plan saves on the row, which must be priced. */
void walk_plan(struct audit_sums *s, const struct row *row, const struct plan *p, int sign);

/* Calls of which it is known at the end only what one more technique saves: what they cost, and
 * what the walks leave of it. */
struct remainder {
	struct usd cost, left[EVIDENCES];
};
/* Adds one call: without is the walk of it alone. */
void remainder_add(
    struct remainder *m, const struct row *row, const struct audit_sums *without);
/* Such a technique, with evidence: n calls, so many dollars. Of the walk it gets the share that
 * the other techniques left of these calls. */
void walk_late(struct audit_sums *s, enum technique t, uint64_t n, struct usd saved,
    const struct remainder *m);
/* All of more to s. */
void audit_sums_add(struct audit_sums *s, const struct audit_sums *more);

/* --- bodies */

/* SHA-256, the first half: no two texts are ever merged by it. */
struct imprint {
	uint64_t a, b;
};
struct imprint imprint_of(struct slice text);
/* Prints in order of first sight; a full table takes no more. Zeroed is empty. */
struct imprint_map {
	struct imprint *keys;
	uint32_t *slots;
	size_t size, room, count, limit;
};
/* Index of the print, added if there is room (*added); SIZE_MAX if there is none. */
size_t imprint_map_add(struct imprint_map *m, struct imprint p, bool *added);
void imprint_map_free(struct imprint_map *m);

/* One request's body, looked at once. Slices live in the arena. */
struct body {
	uint64_t bytes;           /* of all texts and tools */
	uint64_t old_bytes;       /* of turns before the last AUDIT_TURNS */
	size_t turns;             /* texts of the user */
	struct slice prefix;      /* tools and system, as they stand */
	struct slice prefix_text; /* the same, unescaped, to be counted */
	struct slice canonical,
	    folded;               /* the request as llm-cache keys it; and its texts folded */
	uint64_t blank_tokens;    /* that llm-compress would take */
	uint64_t repeated_bytes;  /* of texts that stood in an earlier request */
	uint64_t prefix_repeated; /* of the prefix, likewise */
	bool several;             /* n > 1: several answers are wanted */
	bool warm;                /* a temperature over 0 is set */
	bool waits;               /* streams, calls tools or goes on: somebody waits */
	bool capped;              /* has an output cap */
	const char *effort;       /* "high" …, or NULL */
};
#define AUDIT_TURNS 10
/* Texts that were seen before. */
struct body_memory {
	struct imprint_map texts;
	uint64_t bytes, repeated, prefix_repeated;
	struct json folded;
};
void body_read(struct body *b, struct body_memory *m, const struct row *row, struct arena *a);

/* --- caches: our own */

struct repeats {
	struct imprint_map exact, folded;
	int64_t *when; /* by index of exact: the answer that is kept */
	size_t room;
	uint64_t hour; /* repeats within an hour of that answer */
	uint64_t untimed;
	uint64_t several; /* repeats that wanted several answers: not counted */
};
void repeats_judge(
    struct repeats *r, const struct row *row, const struct body *b, struct plan *p);

/* --- the provider's prompt cache */

struct prefix_entry; /* one prefix of one model */
struct prefixes {
	struct imprint_map map;
	struct prefix_entry *list;
	uint64_t untimed;               /* calls whose lifetime could not be checked */
	uint64_t short_calls;           /* whose prefix is under the minimum */
	uint64_t short_tokens, minimum; /* the largest of them, and its model's minimum */
	uint64_t hour_prefixes, five_prefixes, automatic;
	uint64_t largest; /* tokens of a prefix that pays */
};
/* Adds to the prefix what the provider's cache changes in the walk of this call, which is
 * `without` it. */
void prefixes_add(struct prefixes *x, const struct audit_sums *without, const struct row *row,
    const struct body *b, const struct plan *p);
/* The least prefix that the provider of this model caches, in tokens. */
unsigned prefix_minimum(struct slice model);
/* The prefixes that pay go to s. */
void prefixes_close(struct prefixes *x, struct audit_sums *s);

/* Sessions of agents: what was written to the cache again because it had expired. */
struct session;
struct sessions {
	struct imprint_map map;
	struct session *list;
	struct usd hour; /* saved if all writes were for an hour */
	struct remainder rest;
	uint64_t expired, tokens;
};
void sessions_add(struct sessions *x, const struct row *row, const struct audit_sums *without);
void sessions_close(struct sessions *x, struct audit_sums *s);

/* --- choice of model, provider and lane */

void choice_plan(const struct row *row, const struct body *b, struct plan *p, struct arena *a);
/* A model that can do the simple part of its work for less; ptr NULL: none is known. */
struct slice choice_cheaper(struct slice model);

/* --- groups of calls: by model and task, and by prompt */

struct output_group {
	struct slice model, task; /* ptr NULL: none */
	struct lengths visible;   /* tokens of answers without reasoning */
	uint64_t answers, cut, uncapped, tokens, input, reasoning;
	uint64_t simple;     /* judged simple, and reasoned about */
	struct usd cost;     /* of those tokens */
	struct usd cut_cost; /* of calls that were cut */
	struct usd reasoning_cost, simple_reasoning;
	/* found at the end */
	uint64_t median, cap, over, excess, longest;
	struct usd saved;
	struct remainder rest;
};
struct prompt_group {
	uint64_t requests;
	struct usd cost;
	struct slice model;
};
#define GROUPS_OUTPUT 1024
#define GROUPS_PROMPT 4096
struct groupings {
	struct hash_map outputs;
	struct output_group *output;
	struct imprint_map prompts;
	struct prompt_group *prompt;
	struct arena names;
};
void groupings_add(struct groupings *g, const struct row *row, const struct body *b,
    const struct audit_sums *without, struct arena *a);
/* Finds caps and what they save. */
void groupings_close(struct groupings *g, struct audit_sums *s);
void groupings_free(struct groupings *g);
/* Sums over all groups of what was cut, had no cap, and was reasoning. */
struct audit;
struct output_group audit_outputs(const struct audit *a);

/* --- tools */

struct tool_use {
	struct slice name;
	uint64_t tokens, requests;
	bool called;
	enum api api;
	enum shape shape;
	struct usd cost;
	struct remainder rest;
};
struct tools {
	struct hash_map names;
	struct tool_use *list;
	struct imprint_map definitions;
	uint64_t *tokens; /* by definition */
	uint64_t answers; /* with a text or a call, in calls that have tools */
	uint64_t unused, unused_tokens, carried;
};
#define AUDIT_TOOL_CALLS 20 /* fewer requests prove nothing about a tool */
void tools_add(
    struct tools *t, const struct row *row, const struct audit_sums *without, struct arena *a);
void tools_close(struct tools *t, struct audit_sums *s);

/* --- images */

/* Images whose size is known and that were sent in full detail. */
struct images {
	uint64_t count, tokens, low; /* low: tokens at low detail */
	struct usd more;             /* dollars between both */
};
void images_add(struct images *x, const struct row *row, struct arena *a);

/* --- the audit */

/* What the money went for. */
enum purpose { FOR_INPUT, FOR_READS, FOR_WRITES, FOR_OUTPUT, FOR_OTHER, PURPOSES };
extern const char *const purpose_names[PURPOSES]; /* "input", "cached", "cache_write" … */

struct audit {
	struct reader reader;
	struct once_book once;
	struct left left;
	struct audit_sums sums;
	struct usd spent, by_purpose[PURPOSES];
	uint64_t calls, bodies, priced, agents;
	uint64_t input, cached, written, output;
	int64_t first, last;
	uint64_t timed;
	struct body_memory memory;
	struct repeats repeats;
	struct prefixes prefixes;
	struct sessions sessions;
	struct groupings groups;
	struct tools tools;
	struct images images;
	/* what the commands must name, with the dollars that stand behind each */
	struct hash_map moves[EVIDENCES]; /* "model\ncheaper" */
	struct usd *moved[EVIDENCES];
	struct hash_map providers[EVIDENCES]; /* of calls that could be batched */
	struct usd *at_provider[EVIDENCES];
	struct hash_map targets; /* "model at provider" */
	bool no_text;
};
/* Looks up, once for the row, what the next two ask for. */
void audit_look(const struct row *row);
/* As request_attribute, of the row that was read last: session, task, lane, deadline,
 * complexity. */
struct value row_attribute(const struct row *row, const char *name);
/* Was the row an agent's transcript, of Claude Code or Codex? */
bool row_is_agent(const struct row *row);

/* --- findings */

struct finding {
	enum technique technique;
	uint64_t requests;
	struct usd saved, stacked;
	const char *confidence; /* "measured", "bounded", "guess" */
	bool in_total;
	bool has_month;
	struct usd month;
	uint64_t more; /* further calls without evidence */
	struct usd more_usd;
	struct slice why, risk, command; /* command ptr NULL: none of these tools does it yet */
};
struct remark {
	enum technique technique;
	struct slice text;
};
struct verdict_list {
	struct finding finding[TECHNIQUES]; /* the most dollars first */
	size_t findings;
	struct remark unknown[TECHNIQUES], nothing[TECHNIQUES];
	size_t unknowns, nothings;
	struct usd spent, saved, parts, with_guesses, spent_month, saved_month;
	bool has_month;
	struct slice period, how; /* for people */
	const struct audit *audit;
};
void audit_find(const struct audit *a, struct verdict_list *v, struct arena *arena);
/* The command of a finding, or ptr NULL. */
struct slice audit_command(
    const struct audit *a, enum technique t, enum evidence e, struct arena *arena);

extern const char *const audit_formats[]; /* table first, NULL-ended */
void audit_print(const char *format, const struct verdict_list *v, struct buf *out);
void audit_json(const struct verdict_list *v, struct buf *out);
void audit_html(const struct verdict_list *v, struct buf *out);
/* "12.3 %" of whole */
struct slice audit_percent(struct usd part, struct usd whole, struct arena *a);
/* 1,234 */
const char *audit_count(uint64_t n, char out[32]);

/* audit --prompt */
void audit_prompts(const struct option_list *operands, const char *format, bool no_text);

#endif
