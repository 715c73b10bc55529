/* SPDX-License-Identifier: MIT */
/* The inside of a JSON string, one character at a time; for names and for canonical text. */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include "base/slice.h"

/* The code point at the front of raw (the bytes between the quotes of a scanned string, not
 * empty), which is taken off: a pair of surrogate escapes is one, a lone one is itself. */
uint32_t text_take(struct slice *raw);
/* True where raw, unescaped, is exactly plain. A lone surrogate equals no UTF-8 text. */
bool text_equals(struct slice raw, struct slice plain);
/* raw unescaped to to, which has raw.len bytes; returns the length. A lone surrogate becomes
 * the three bytes that WTF-8 gives it, so that two different names stay different. */
size_t text_wtf8(struct slice raw, char *to);

#endif
