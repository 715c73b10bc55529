/* SPDX-License-Identifier: MIT */
/* Many members of one object in one walk. */
#ifndef JSON_PICK_H
#define JSON_PICK_H

#include "json/scan.h"

#define PICK_MOST 16
struct pick {
	const struct slice *names; /* at most PICK_MOST, none empty */
	size_t count;
	/* private: names by first byte, made at the first use */
	uint16_t first[256]; /* bit i: names[i] begins with this byte */
	bool ready;
};

/* out[i] is what json_get_slice(v, p->names[i]) gives, with all its rules (the first of two,
 * and j->twice is set). One walk over the members of v. */
void json_pick(struct value v, struct pick *p, struct value out[]);

#endif
