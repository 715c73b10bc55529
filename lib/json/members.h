/* SPDX-License-Identifier: MIT */
/* Many members of one object in one walk, for lines by the million: where the text has a shape
 * that was seen before, in no walk at all. */
#ifndef JSON_MEMBERS_H
#define JSON_MEMBERS_H

#include "json/scan.h"

#define MEMBERS_MOST 128
#define MEMBERS_TOLD \
	63 /* further names have one bit in common, the last, and no place in out */
#define MEMBERS_KEPT 16 /* answers that are remembered, each of at most so many members */
struct members {
	const char *const *names; /* at most MEMBERS_MOST, of 1 to 63 bytes, no backslash */
	size_t count;
	/* private: made at the first use */
	uint8_t slot[256], length[MEMBERS_MOST]; /* slot: index + 1 by a hash of the name */
	bool ready;
	struct members_answer {
		uint64_t shape, seen; /* shape 0: free */
		uint32_t entry;       /* of the object */
		uint32_t count;
		uint32_t at[MEMBERS_KEPT];
		uint8_t name[MEMBERS_KEPT];
	} answer[MEMBERS_KEPT];
};

#define MEMBER(index) (UINT64_C(1) << ((index) < MEMBERS_TOLD ? (index) : MEMBERS_TOLD))

/* Which members v has (MEMBER(i): names[i]), with out[i] set for these alone. As json_get: of
 * two members with one name the first is given, and j->twice is set; an escaped name counts. */
uint64_t members_read(struct value v, struct members *m, struct value out[]);
/* The same for at most MEMBERS_TOLD names, and out[i] is absent where v has no names[i]. */
static inline void
members_get(struct value v, struct members *m, struct value out[])
{
	memset(out, 0, m->count * sizeof(*out));
	members_read(v, m, out);
}

#endif
