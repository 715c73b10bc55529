/* SPDX-License-Identifier: MIT */
/* What each known technique would have saved on a log: the sums, and how they are made.
 *
 * Every call is walked once for each technique alone, and once through all of them in the order
 * of the pipe, where each one works on what those before it left. What a technique saves in the
 * walk is its part of the total, so that no dollar is saved twice. */
#ifndef COST_AUDIT_H
#define COST_AUDIT_H

#include "group.h"
#include "image.h"
#include "prefix.h"
#include "seen.h"
#include "session.h"
#include "tools.h"
#include "cmd/llm-cost/rows/left.h"

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
	uint64_t by_words; /* calls that were judged simple here, by their words */
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
	struct audit *unsent; /* requests without an answer, by their prompts alone; or NULL */
};
#endif
