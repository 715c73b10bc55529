/* SPDX-License-Identifier: MIT */
/* The canonical form of one string or number. */
#ifndef JSON_CANON_PARTS_H
#define JSON_CANON_PARTS_H

#include "base/buf.h"

/* raw: the bytes between the quotes of a scanned string. Appends it in quotes. */
void canon_string(struct slice raw, struct buf *out);
/* raw: a scanned number. */
void canon_number(struct slice raw, struct buf *out);

#endif
