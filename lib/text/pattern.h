/* SPDX-License-Identifier: MIT */
/* The only file that knows PCRE2: patterns whose cost is bounded.
 *
 * The work of a search is counted, never timed, so that the same text gives the same result on
 * every machine. Patterns without repetition run at full speed, linear in the text. All others
 * carry a count of steps and of characters passed, and stop when it is spent: about 10 ms for
 * each started megabyte of text. Back references are refused, because no count bounds them. */
#ifndef TEXT_PATTERN_H
#define TEXT_PATTERN_H

#include "base/slice.h"

struct pattern; /* lives as long as the run, or until pattern_free */

enum pattern_result {
	PATTERN_MISSED,
	PATTERN_FOUND,
	PATTERN_LIMIT /* too much work: neither is known */
};

/* Perl's syntax, UTF-8, Unicode classes; caseless on demand. NULL where source is no such
 * pattern: *why (static, until the next call) says what is wrong, *where at which byte. */
struct pattern *pattern_compile(
    struct slice source, bool caseless, const char **why, size_t *where);
void pattern_free(struct pattern *p);

/* Work allowed for texts of so many bytes in all, in steps. */
int64_t pattern_budget(size_t bytes);
/* Searches text, which must be valid UTF-8. Takes its steps from *budget, so that several
 * searches share one; NULL gives it a budget of its own. at may be NULL; else it receives what
 * was found. */
enum pattern_result pattern_search(
    const struct pattern *p, struct slice text, int64_t *budget, struct slice *at);

/* The same over bytes that stand for themselves, with no knowledge of characters: for a text
 * whose caller has put a byte of its own choice for each character. */
struct pattern *pattern_compile_bytes(struct slice source, const char **why, size_t *where);
/* True if it matches where there is nothing. */
bool pattern_matches_empty(const struct pattern *p);
/* What pattern_search finds from the offset `from` on; what stands before it is seen by
 * look-behind only. Of pattern_compile_bytes. */
enum pattern_result pattern_next(
    const struct pattern *p, struct slice text, size_t from, int64_t *budget, struct slice *at);

const char *pattern_version(void); /* "PCRE2 10.42" */

#endif
