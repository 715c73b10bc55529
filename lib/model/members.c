/* SPDX-License-Identifier: MIT */
#include "model/members.h"

#include <assert.h>

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

static inline uint64_t
load(const char *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

/* memcmp for names, of which most have 4 to 16 bytes. */
static inline bool
same(const char *a, const char *b, size_t n)
{
	if (n > 16)
		return memcmp(a, b, n) == 0;
	if (n >= 8)
		return load(a, 8) == load(b, 8) && load(a + n - 8, 8) == load(b + n - 8, 8);
	if (n >= 4)
		return load(a, 4) == load(b, 4) && load(a + n - 4, 4) == load(b + n - 4, 4);
	return a[0] == b[0] && a[n - 1] == b[n - 1] && (n < 3 || a[1] == b[1]);
}

/* Index of the name, or SIZE_MAX. */
static inline size_t
find(const struct members *m, const char *name, size_t length)
{
	if (!length)
		return SIZE_MAX;
	for (unsigned at = hash(name, length); m->slot[at]; at = (at + 1) & 255) {
		size_t i = m->slot[at] - 1u;

		if (m->length[i] == length && same(m->names[i], name, length))
			return i;
	}
	return SIZE_MAX;
}

/* Any byte of the eight that is a backslash. */
static inline bool
eight_escaped(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	v ^= ones * '\\';
	return (v - ones) & ~v & ones << 7;
}

static inline bool
is_escaped(const char *name, size_t n)
{
	if (n > 24)
		return memchr(name, '\\', n) != NULL;
	for (; n >= 8; n -= 8, name += 8)
		if (eight_escaped(load(name, 8)))
			return true;
	for (; n; n--, name++)
		if (*name == '\\')
			return true;
	return false;
}

static size_t
find_escaped(const struct members *m, struct slice raw)
{
	for (size_t i = 0; i < m->count; i++)
		if (text_equals(raw, slice_of(m->names[i], m->length[i])))
			return i;
	return SIZE_MAX;
}

uint64_t
members_read(struct value v, struct members *m, struct value out[])
{
	struct json *j = v.json;
	uint64_t seen = 0;
	const char *text;
	uint32_t close;

	if (json_type(v) != JSON_OBJECT)
		return 0;
	if (!m->ready)
		make_ready(m);
	text = j->text.ptr;
	close = j->mate[v.entry];
	for (uint32_t k = v.entry + 1; k < close; k = j->mate[k] + 2) {
		const char *name = text + j->at[k] + 1;
		size_t length = j->at[k + 1] - j->at[k] - 1, i = find(m, name, length);

		if (i == SIZE_MAX && is_escaped(name, length))
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
