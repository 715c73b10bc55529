/* SPDX-License-Identifier: MIT */
#include "json/pick.h"

#include <assert.h>

#include "json/text.h"

static bool
is_name(struct slice raw, struct slice name)
{
	if (raw.len == name.len)
		return memcmp(raw.ptr, name.ptr, raw.len) == 0;
	return raw.len > name.len && memchr(raw.ptr, '\\', raw.len) && text_equals(raw, name);
}

static void
make_ready(struct pick *p)
{
	assert(p->count <= PICK_MOST);
	for (size_t i = 0; i < p->count; i++)
		p->first[(unsigned char)p->names[i].ptr[0]] |= (uint16_t)(1u << i);
	/* an escape may stand for any first byte */
	p->first['\\'] = UINT16_MAX >> (PICK_MOST - p->count);
	p->ready = true;
}

void
json_pick(struct value v, struct pick *p, struct value out[])
{
	struct json *j = v.json;
	const char *text;
	uint32_t close;

	memset(out, 0, p->count * sizeof(*out));
	if (json_type(v) != JSON_OBJECT)
		return;
	if (!p->ready)
		make_ready(p);
	text = j->text.ptr;
	close = j->mate[v.entry];
	for (uint32_t k = v.entry + 1; k < close; k = j->mate[k] + 2) {
		struct slice raw = slice_of(text + j->at[k] + 1, j->at[k + 1] - j->at[k] - 1);
		unsigned left = p->first[(unsigned char)*raw.ptr];

		for (; left; left &= left - 1) {
			unsigned i = (unsigned)__builtin_ctz(left);

			if (!is_name(raw, p->names[i]))
				continue;
			if (out[i].json)
				j->twice = raw;
			else
				out[i] = (struct value){ j, k + 3 };
			break;
		}
	}
}
