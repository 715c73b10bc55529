/* SPDX-License-Identifier: MIT */
/* Changes to a scanned text, by splicing: every byte outside them stays as it came. */
#ifndef JSON_EDIT_H
#define JSON_EDIT_H

#include "base/buf.h"
#include "json/scan.h"

/* A list of changes against one scanned text. A zeroed struct is empty and ready; all texts
 * that are given must live until edits_apply. Changes that overlap: the outer one wins where
 * one lies inside the other's old value; two to one value: the later wins. */
struct edits {
	struct edit *list;
	size_t count;
	size_t room;
	size_t appended; /* 1 + the last of the list that adds to a container; 0: none */
	size_t *sorted;  /* room for edits_apply */
};

/* Instead of v stands raw, which must be a JSON value. */
void edits_replace(struct edits *e, struct value v, struct slice raw);
/* object.name = raw: the member's value is replaced, or the member appended at the end. Two
 * appends of one name to one object: the later wins. object must be an object. */
void edits_set(struct edits *e, struct value object, const char *name, struct slice raw);
/* The same for a path of names below root; missing objects on the way are made. False where
 * something on the way is no object (or a text that an earlier change added), or where a name
 * stands twice. */
bool edits_set_path(struct edits *e, struct value root, const char *const names[], size_t count,
    struct slice raw);
/* Takes out the member (by its name value, as json_first gives it) or array item, with the
 * comma that belongs to it; not the root. A member that is set later stays. */
void edits_remove(struct edits *e, struct value item);
/* Puts raw into an array before item, or at its end where item is absent. */
void edits_insert(struct edits *e, struct value array, struct value item, struct slice raw);
/* The text with all changes, appended to out. Forgets the changes. */
void edits_apply(struct edits *e, const struct json *j, struct buf *out);
void edits_clear(struct edits *e);
void edits_free(struct edits *e);

#endif
