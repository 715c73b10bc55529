/* SPDX-License-Identifier: MIT */
/* A request with holes: `{field}` and `{.path}` inside its strings are replaced from a row,
 * `{line}` by the whole line, `{{` is a brace. Every other byte stays as it was written, but
 * for blanks between the values. */
#ifndef LLM_BATCH_TEMPLATE_H
#define LLM_BATCH_TEMPLATE_H

#include "base/buf.h"
#include "json/scan.h"

struct template;

/* Reads a template: an envelope, an object with params (Anthropic), a Gemini or Bedrock batch
 * line, or a bare body, which becomes an envelope. NULL: *why (run lifetime) says what is
 * wrong. */
struct template *template_open(struct slice text, const char **why);
/* A template of one user message for a model; prompt has the holes. */
struct template *template_simple(const char *model, const char *prompt, const char **why);
/* The id that the template gives the row (the characters of a JSON string, still escaped),
 * appended; appends nothing if the template has none of its own. Returns NULL, or the name of
 * a hole that the row cannot fill. */
const char *template_id(
    const struct template *t, struct value row, struct slice line, struct buf *out);
/* The request with that id (escaped characters), appended. Returns as template_id. */
const char *template_fill(const struct template *t, struct slice id, struct value row,
    struct slice line, struct buf *out);

/* Frees it, but for its paths, which live as long as the run. */
void template_close(struct template *t);

#endif
