/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/import/lines.h"

#include <inttypes.h>

#include "base/mem.h"
#include "money/usd.h"

void
import_lose(struct import *m, const char *where, struct slice name)
{
	struct slice key = arena_printf(&m->arena, "%s%.*s", where, SLICE_ARG(name));
	bool added;
	size_t at = hash_map_add(&m->lost, key, &added);

	if (added && (!m->times || (at & (at + 1)) == 0))
		m->times = mem_grow(m->times, 2 * (at + 1), sizeof(*m->times));
	m->times[at] = added ? 1 : m->times[at] + 1;
}

void
import_alias(struct import *m, struct slice from, struct slice to)
{
	bool added;

	hash_map_add(&m->aliased, from, &added);
	if (!added)
		import_lose(m, "", SLICE("a second alias of one name"));
	else if (hash_map_find(&m->grouped, to) != SIZE_MAX)
		buf_printf(&m->rest, "rule group-%.*s model=%.*s -> %.*s\n", SLICE_ARG(from),
		    SLICE_ARG(from), SLICE_ARG(to));
	else if (!slice_eq(from, to))
		buf_printf(&m->rules, "alias %.*s = %.*s\n", SLICE_ARG(from), SLICE_ARG(to));
}

bool
import_is_word(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == '"' ||
		    text.ptr[i] == '#' || slice_starts(slice_drop(text, i), SLICE("~/")))
			return false;
	return text.len > 0 && text.ptr[0] != '/' && !slice_eqz(text, "->") &&
	       !slice_eqz(text, "=");
}

bool
import_price(struct import *m, struct buf *out, const char *key, struct value v)
{
	struct slice raw =
	    json_type(v) == JSON_NUMBER ? json_raw(v) : json_string(v, &m->arena);
	struct usd one, zero = { 0 };
	char text[64];

	if (!raw.len || !usd_read(raw, &one) || usd_cmp(one, zero) < 0)
		return false;
	buf_printf(out, " %s=%s", key, usd_write(usd_times(one, 1000000), text));
	return true;
}

void
import_abilities(struct buf *out, const struct import_ability *known, size_t count)
{
	for (unsigned can = 0; can < 2; can++) {
		const char *before = can ? " can=" : " cannot=";

		for (size_t i = 0; i < count; i++)
			if (known[i].said && known[i].can == can) {
				buf_add(out, slice_z(before));
				buf_add(out, slice_z(known[i].name));
				before = ",";
			}
	}
}

void
import_count(struct buf *out, const char *key, struct value v)
{
	uint64_t n;

	if (json_whole(v, &n) && n)
		buf_printf(out, " %s=%" PRIu64, key, n);
}
