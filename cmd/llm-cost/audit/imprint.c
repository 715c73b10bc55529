/* SPDX-License-Identifier: MIT */
#include "imprint.h"

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
