/* SPDX-License-Identifier: MIT */
/* How long an answer is good, by rules of the user.
 *
 * A file of lines: a time, then conditions that must all hold; the first line that holds
 * decides. `#` begins a comment. A value with blanks stands in double quotes.
 *
 *	0        time-words             the question asks about now: a list of English words
 *	5m       tag.feature=weather    an attribute of the record
 *	1d       model=gpt-4o*          of the request; * is any run of characters
 *	10m      words=price,"in stock" whole words of the question, in any case
 *	30m      text=/\bstock\b/       a pattern (PCRE) that the question has
 *	inf                             no condition: all others
 *
 * The question is the text of the last turn of the user. */
#ifndef TTL_RULES_H
#define TTL_RULES_H

#include "model/request.h"

struct ttl_rules;

/* Ends with status 2 and the line named where the file is no such file, 3 where it cannot be
 * read. */
struct ttl_rules *ttl_rules_load(const char *file);
/* Milliseconds; INT64_MAX for ever; otherwise where no rule holds, or rules is NULL. */
int64_t ttl_rules_find(
    const struct ttl_rules *rules, const struct request *q, struct arena *a, int64_t otherwise);
void ttl_rules_free(struct ttl_rules *rules); /* NULL is fine */

#endif
