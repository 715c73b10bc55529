/* SPDX-License-Identifier: MIT */
/* Field paths in jq's form: .body.metadata.user, .a[0], ."a.b", .["a b"]; nothing else. */
#ifndef JSON_PATH_H
#define JSON_PATH_H

#include "json/scan.h"

struct path; /* until path_free; most live as long as the run */

/* NULL and *why (static) if text is no path. "." is the whole record. */
struct path *path_compile(const char *text, const char **why);
void path_free(struct path *p); /* NULL is fine */
/* The value there, or absent. */
struct value path_get(const struct path *p, struct value root);
/* Member names of the path, for a path of names only (no index): how many, and the i-th.
 * SIZE_MAX if it has an index. */
size_t path_length(const struct path *p);
struct slice path_name(const struct path *p, size_t i);

#endif
