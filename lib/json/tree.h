/* SPDX-License-Identifier: MIT */
/* The only file that knows cJSON: a tree of a scanned value, for pieces that are rebuilt.
 *
 * Numbers enter as raw nodes with their spelling. A string that cJSON could not hold (a NUL,
 * a lone surrogate) enters as a raw node too, so printing never changes it. */
#ifndef JSON_TREE_H
#define JSON_TREE_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "json/scan.h"

/* The caller frees with cJSON_Delete. */
cJSON *tree_of(struct value v);
/* Compact text of the tree, appended. */
void tree_write(const cJSON *node, struct buf *out);
const char *tree_version(void);

#endif
