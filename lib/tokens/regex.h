/* SPDX-License-Identifier: MIT */
/* Patterns as tokenizer.json holds them (Oniguruma's syntax, as PyPI tokenizers 0.23.3 reads
 * it), run by PCRE2 on the pinned Unicode version.
 *
 * PCRE2 has its own Unicode tables, so it gets no characters: those that no class of the
 * pattern tells apart get one byte, the text is written in these bytes, and the pattern too.
 * Taken is what means the same in both: classes of characters, properties of general
 * categories, groups, alternatives, quantifiers, look-around, (?i: ) around ASCII. */
#ifndef TOKENS_REGEX_H
#define TOKENS_REGEX_H

#include "base/buf.h"
#include "tokens/refusal.h"

struct regex;

/* NULL, and the reason, where it cannot be run exactly. */
struct regex *regex_compile(struct slice source, struct refusal *why);
/* Of exactly this text, which is not empty. */
struct regex *regex_literal(struct slice text, struct refusal *why);
void regex_free(struct regex *r);

/* Replaces *classes with the class of each character of text, which is valid UTF-8. */
void regex_classes(const struct regex *r, struct slice text, struct buf *classes);
/* The first match in classes from the character `from` on. False if there is none. Takes its
 * steps from *budget and ends the run with status 3 when it is spent: a pattern that takes so
 * long cannot be counted by, and no guess takes its place. */
bool regex_next(const struct regex *r, struct slice classes, size_t from, int64_t *budget,
    size_t *start, size_t *end);
/* Steps allowed for a text of so many bytes: about a second a megabyte, and a tenth. */
int64_t regex_budget(size_t bytes);

#endif
