/* SPDX-License-Identifier: MIT */
/* How a change is kept between the call that asks for it and edits_apply. */
#ifndef JSON_EDIT_LIST_H
#define JSON_EDIT_LIST_H

#include "json/edit.h"

enum edit_kind {
	EDIT_REPLACE, /* the value at entry `target` */
	EDIT_REMOVE,  /* the member or item at entry `key` */
	EDIT_INSERT,  /* before the item at `key` */
	EDIT_APPEND,  /* before the closing bracket at `key` */
	EDIT_CHILD    /* a member of an object that another change makes */
};

/* Indices count from 1; 0 is none. */
struct edit {
	enum edit_kind kind;
	uint32_t key; /* entry; for EDIT_REPLACE the name or item that holds the value */
	uint32_t target;
	struct slice name; /* of a member that is added; ptr NULL: an item */
	struct slice raw;  /* ptr NULL: an object made of the children */
	size_t first_child, last_child, next_child;
	size_t appended; /* the EDIT_APPEND before this one */
	size_t waiting;  /* edits_apply: the insert that waits behind this one */
};

/* True where the entry is the name of a member. */
static inline bool
edit_is_name(const struct json *j, uint32_t entry)
{
	return j->text.ptr[j->at[entry]] == '"' && entry + 2 < j->count &&
	       j->text.ptr[j->at[entry + 2]] == ':';
}

#endif
