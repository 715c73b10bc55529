/* SPDX-License-Identifier: MIT */
/* The part of YAML 1.2 in which configurations are written, as JSON.
 *
 * Block and flow mappings and sequences, plain and quoted scalars, literal and folded blocks,
 * comments, one document. Anchors, tags, merge keys, complex keys and tabs as indentation are
 * refused, never guessed. */
#ifndef LLM_ROUTE_IMPORT_YAML_H
#define LLM_ROUTE_IMPORT_YAML_H

#include "base/arena.h"
#include "base/buf.h"

/* Appends one JSON value. False: *why (static) and *line. Nesting is limited to 64. */
bool yaml_to_json(
    struct slice text, struct arena *a, struct buf *out, const char **why, uint64_t *line);

#endif
