/* SPDX-License-Identifier: MIT */
#include "json/members.h"

#include <assert.h>

#include "json/bytes.h"
#include "json/text.h"

static inline unsigned
hash(const char *name, size_t length)
{
	return ((unsigned char)name[0] * 7u + (unsigned char)name[length - 1] * 31u +
		   (unsigned char)name[length / 2] * 3u + (unsigned)length * 13u) &
	       255;
}

static void
make_ready(struct members *m)
{
	assert(m->count <= MEMBERS_MOST);
	for (size_t i = 0; i < m->count; i++) {
		size_t length = strlen(m->names[i]);
		unsigned at = hash(m->names[i], length);

		assert(length > 0 && length < 64);
		m->length[i] = (uint8_t)length;
		while (m->slot[at])
			at = (at + 1) & 255;
		m->slot[at] = (uint8_t)(i + 1);
	}
	m->ready = true;
}

/* Index of the name, or SIZE_MAX. */
static inline size_t
find(const struct members *m, const char *name, size_t length)
{
	if (!length)
		return SIZE_MAX;
	for (unsigned at = hash(name, length); m->slot[at]; at = (at + 1) & 255) {
		size_t i = m->slot[at] - 1u;

		if (m->length[i] == length && bytes_same(m->names[i], name, length))
			return i;
	}
	return SIZE_MAX;
}

static size_t
find_escaped(const struct members *m, struct slice raw)
{
	for (size_t i = 0; i < m->count; i++)
		if (text_equals(raw, slice_of(m->names[i], m->length[i])))
			return i;
	return SIZE_MAX;
}

/* The answer for an object of this shape, or the place where it belongs. */
static inline struct members_answer *
answer_of(struct members *m, struct value v)
{
	return &m->answer[(v.json->shape + v.entry) % MEMBERS_KEPT];
}

static void
learn(struct members *m, struct value v, uint64_t seen, const struct value out[])
{
	struct members_answer *a = answer_of(m, v);
	uint64_t told = seen & ~MEMBER(MEMBERS_TOLD);

	if ((size_t)__builtin_popcountll(told) > MEMBERS_KEPT)
		return;
	*a = (struct members_answer){ .shape = v.json->shape, .seen = seen, .entry = v.entry };
	for (; told; told &= told - 1) {
		unsigned i = (unsigned)__builtin_ctzll(told);

		a->name[a->count] = (uint8_t)i;
		a->at[a->count++] = out[i].entry;
	}
}

static uint64_t
walk(struct value v, struct members *m, struct value out[])
{
	struct json *j = v.json;
	uint64_t seen = 0;
	const char *text = j->text.ptr;
	uint32_t close = j->mate[v.entry];

	for (uint32_t k = v.entry + 1; k < close; k = j->mate[k] + 2) {
		const char *name = text + j->at[k] + 1;
		size_t length = j->at[k + 1] - j->at[k] - 1, i = find(m, name, length);

		if (i == SIZE_MAX && j->escapes && memchr(name, '\\', length))
			i = find_escaped(m, slice_of(name, length));
		if (i == SIZE_MAX)
			continue;
		if (i >= MEMBERS_TOLD) {
			seen |= MEMBER(i);
		} else if (seen & MEMBER(i)) {
			j->twice = slice_of(name, length);
		} else {
			seen |= MEMBER(i);
			out[i] = (struct value){ j, k + 3 };
		}
	}
	return seen;
}

uint64_t
members_read(struct value v, struct members *m, struct value out[])
{
	const struct members_answer *a;
	uint64_t seen;

	if (json_type(v) != JSON_OBJECT)
		return 0;
	a = answer_of(m, v);
	if (v.json->shape && a->shape == v.json->shape && a->entry == v.entry) {
		for (uint32_t i = 0; i < a->count; i++)
			out[a->name[i]] = (struct value){ v.json, a->at[i] };
		return a->seen;
	}
	if (!m->ready)
		make_ready(m);
	seen = walk(v, m, out);
	/* a doubled name is told anew each time */
	if (v.json->shape && !v.json->twice.ptr)
		learn(m, v, seen, out);
	return seen;
}
