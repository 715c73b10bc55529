/* SPDX-License-Identifier: MIT */
#include "seen.h"

#include "base/mem.h"

#define HOUR INT64_C(3600000)

/* An answer is kept from the call that got it on; one that is older than an hour, the store's
 * own lifetime, is got anew. True if it could have been given. */
static bool
is_kept(struct repeats *r, const struct row *row, size_t i, bool fresh)
{
	int64_t age;

	if (i >= r->room) {
		r->room = r->room ? 2 * r->room : 1024;
		r->when = mem_grow(r->when, r->room, sizeof(*r->when));
	}
	if (!row->own_time) {
		r->untimed++;
		r->when[i] = fresh ? 0 : r->when[i];
		return true;
	}
	age = fresh ? 0 : row->when - r->when[i];
	age = age < 0 ? -age : age;
	if (!fresh && age <= HOUR)
		return true;
	r->when[i] = row->when;
	r->late += !fresh;
	r->longest = age > r->longest ? age : r->longest;
	return false;
}

void
repeats_judge(struct repeats *r, const struct row *row, const struct body *b, struct plan *p)
{
	enum evidence e = b->warm ? GUESSED : PROVEN;
	bool fresh;
	size_t i = imprint_map_add(&r->exact, imprint_of(b->canonical), &fresh);

	if (i == SIZE_MAX)
		return;
	if (!is_kept(r, row, i, fresh) && !fresh)
		e = GUESSED;
	if (!fresh) {
		if (b->several)
			r->several++;
		else
			p->fits[e] |= 1u << AUDIT_EXACT;
		return;
	}
	if (!b->folded.ptr)
		return;
	i = imprint_map_add(&r->folded, imprint_of(b->folded), &fresh);
	if (i != SIZE_MAX && !fresh && !b->several)
		p->fits[e] |= 1u << AUDIT_SEMANTIC;
}
