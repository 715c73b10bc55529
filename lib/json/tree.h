/* SPDX-License-Identifier: MIT */
/* The only file that knows cJSON: a tree of a scanned value, for pieces that are rebuilt.
 *
 * Numbers, and strings with an escape, enter as raw nodes with their spelling, so that printing
 * never changes them. */
#ifndef JSON_TREE_H
#define JSON_TREE_H

#include "base/buf.h"
#include "json/scan.h"

struct cJSON; /* a node, with what hangs below it */

/* The caller frees with tree_free. NULL for an absent value. An object in which a name could
 * not be held is one raw node: tree_is_object tells. */
struct cJSON *tree_of(struct value v);
struct cJSON *tree_object(void); /* {} */
bool tree_is_object(const struct cJSON *node);
/* Adds a member at the end. tree_put takes node over. */
void tree_put(struct cJSON *object, const char *name, struct cJSON *node);
void tree_put_text(struct cJSON *object, const char *name, const char *text);
/* Takes out the first member of this name, if there is one. */
void tree_drop(struct cJSON *object, const char *name);
/* Compact text of the tree, appended. */
void tree_write(const struct cJSON *node, struct buf *out);
void tree_free(struct cJSON *node); /* NULL is fine */
const char *tree_version(void);     /* "cJSON 1.7.15" */

#endif
