/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"

struct imprint
imprint_of(struct slice text)
{
	unsigned char digest[DIGEST_SIZE];
	struct imprint p;

	digest_of(text, digest);
	memcpy(&p, digest, sizeof(p));
	return p;
}

static void
enlarge(struct imprint_map *m)
{
	size_t size = m->size ? m->size * 2 : 256;
	uint32_t *slots = mem_zero(size * sizeof(*slots));

	for (size_t i = 0; i < m->count; i++) {
		size_t at = m->keys[i].a & (size - 1);

		while (slots[at])
			at = (at + 1) & (size - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(m->slots);
	m->slots = slots;
	m->size = size;
}

size_t
imprint_map_add(struct imprint_map *m, struct imprint p, bool *added)
{
	size_t at;

	*added = false;
	if (m->count * 4 >= m->size * 3)
		enlarge(m);
	for (at = p.a & (m->size - 1); m->slots[at]; at = (at + 1) & (m->size - 1)) {
		const struct imprint *k = &m->keys[m->slots[at] - 1];

		if (k->a == p.a && k->b == p.b)
			return m->slots[at] - 1;
	}
	if (m->limit && m->count == m->limit)
		return SIZE_MAX;
	if (m->count == m->room) {
		m->room = m->room ? m->room * 2 : 64;
		m->keys = mem_grow(m->keys, m->room, sizeof(*m->keys));
	}
	m->keys[m->count] = p;
	m->slots[at] = (uint32_t)++m->count;
	*added = true;
	return m->count - 1;
}

void
imprint_map_free(struct imprint_map *m)
{
	free(m->keys);
	free(m->slots);
	*m = (struct imprint_map){ 0 };
}

#define HOUR INT64_C(3600000)

/* An answer is kept from the call that got it on; one that is older than an hour is got anew.
 */
static void
note_age(struct repeats *r, const struct row *row, size_t i, bool fresh)
{
	int64_t age;

	if (i >= r->room) {
		r->room = r->room ? 2 * r->room : 1024;
		r->when = mem_grow(r->when, r->room, sizeof(*r->when));
	}
	if (!row->own_time) {
		r->untimed++;
		r->when[i] = fresh ? 0 : r->when[i];
		return;
	}
	age = fresh ? HOUR + 1 : row->when - r->when[i];
	if (age >= 0 && age <= HOUR)
		r->hour++;
	else
		r->when[i] = row->when;
}

void
repeats_judge(struct repeats *r, const struct row *row, const struct body *b, struct plan *p)
{
	enum evidence e = b->warm ? GUESSED : PROVEN;
	bool fresh;
	size_t i = imprint_map_add(&r->exact, imprint_of(b->canonical), &fresh);

	if (i == SIZE_MAX)
		return;
	note_age(r, row, i, fresh);
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
