/* SPDX-License-Identifier: MIT */
/* Fingerprints of requests: which of them are of one kind. */
#ifndef COST_FINGERPRINT_H
#define COST_FINGERPRINT_H

#include "base/buf.h"
#include "model/request.h"

/* Sixteen hexadecimal digits of a SHA-256 and, with text, a blank and the head of what they
 * stand for: at most 60 characters on one line. False, and nothing added, where the request has
 * no such text. */

/* System prompt and tools, byte for byte. */
bool fingerprint_prompt(
    const struct request *r, bool with_text, struct arena *a, struct buf *out);
/* The last user message as a pattern: fingerprint_fold of its first 100 words. */
bool fingerprint_pattern(
    const struct request *r, bool with_text, struct arena *a, struct buf *out);
/* Text without case and layout; a word with a digit, and what is joined to it by punctuation,
 * is "#"; addresses of mail and web are "<address>"; words that begin with a capital inside a
 * sentence are names, "@" (not where over a quarter of the words are so: titles, German). Any
 * other word stays, so that two requests that differ by it differ. At most words of them. */
void fingerprint_fold(struct slice text, size_t words, struct arena *a, struct buf *out);
/* The digits alone, of any text. */
void fingerprint_text(struct slice text, struct buf *out);

#endif
