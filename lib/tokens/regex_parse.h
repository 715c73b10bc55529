/* SPDX-License-Identifier: MIT */
/* The parts of a pattern: its classes of characters, and what stands around them. */
#ifndef TOKENS_REGEX_PARSE_H
#define TOKENS_REGEX_PARSE_H

#include "base/buf.h"
#include "tokens/points.h"
#include "tokens/refusal.h"

#define REGEX_SETS 63 /* different classes in a pattern */
#define REGEX_MARK '\x01'

struct regex_parts {
	/* the pattern; each class is REGEX_MARK and its index + 2 */
	struct buf text;
	struct points *set[REGEX_SETS];
	unsigned sets;
};

/* False, and the reason, where the pattern has anything that is not taken. The caller calls
 * regex_parts_free in either case. */
bool regex_parse(struct slice source, struct regex_parts *parts, struct refusal *why);
bool regex_parse_literal(struct slice text, struct regex_parts *parts, struct refusal *why);
void regex_parts_free(struct regex_parts *parts);

#endif
