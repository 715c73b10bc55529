/* SPDX-License-Identifier: MIT */
/* Private to import: what is written, and what could not be carried. */
#ifndef LLM_ROUTE_IMPORT_LINES_H
#define LLM_ROUTE_IMPORT_LINES_H

#include "base/buf.h"
#include "base/hash.h"
#include "json/scan.h"

struct import {
	struct buf models, tiers, rules, fallbacks, rest;
	struct hash_map seen;             /* deployments that have a line */
	struct hash_map aliased, grouped; /* names that have an alias; names of tiers */
	struct hash_map lost;             /* names of members, never their values */
	uint64_t *times;                  /* of each lost one */
	struct arena arena;
};

/* The member is named in the list of what was not carried. */
void import_lose(struct import *m, const char *where, struct slice name);
/* alias FROM = TO, the first of each name; to a tier a rule leads. */
void import_alias(struct import *m, struct slice from, struct slice to);
/* Can the text be one word of ROUTES? */
bool import_is_word(struct slice text);
/* Dollars of one token as `KEY=DOLLARS-A-MILLION`; false where v is no price. */
bool import_price(struct import *m, struct buf *out, const char *key, struct value v);
/* " KEY=N" where v is a whole number above 0. */
void import_count(struct buf *out, const char *key, struct value v);

/* " can=A,B cannot=C" of those that the list says something of. */
struct import_ability {
	const char *name;
	bool said, can;
};
void import_abilities(struct buf *out, const struct import_ability *known, size_t count);

#endif
