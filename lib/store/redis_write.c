/* SPDX-License-Identifier: MIT */
/* Entries on their way in, and leases. What belongs together is one script, which the server
 * runs as a whole. */
#include <inttypes.h>
#include <stdio.h>

#include "store/redis.h"

#define CHUNK_BYTES ((size_t)256 << 10)
#define LEASE_MOST ((int64_t)366 * 86400 * 1000)

/* ARGV: five for each entry: id, bytes, size, expires, milliseconds to live (0: for ever). */
static const char put_script[] =
    "local n, bytes = 0, 0\n"
    "local seq = redis.call('HINCRBY', KEYS[3], 'last', #ARGV / 5) - #ARGV / 5\n"
    "for a = 1, #ARGV, 5 do\n"
    "  local id, size = ARGV[a], tonumber(ARGV[a + 2])\n"
    "  local old = redis.call('HGET', KEYS[2], id)\n"
    "  seq = seq + 1\n"
    "  if ARGV[a + 4] == '0' then redis.call('SET', KEYS[4] .. id, ARGV[a + 1])\n"
    "  else redis.call('SET', KEYS[4] .. id, ARGV[a + 1], 'PX', ARGV[a + 4]) end\n"
    "  redis.call('HSET', KEYS[2], id, ARGV[a + 2] .. ' 1 ' .. ARGV[a + 3])\n"
    "  redis.call('ZADD', KEYS[1], string.format('%.0f', seq), id)\n"
    "  redis.call('DEL', KEYS[5] .. id)\n"
    "  if old then bytes = bytes - tonumber(string.match(old, '^%d+')) else n = n + 1 end\n"
    "  bytes = bytes + size\n"
    "end\n"
    "redis.call('HINCRBY', KEYS[3], 'entries', n)\n"
    "redis.call('HINCRBY', KEYS[3], 'bytes', bytes)\n"
    "return n\n";

/* Entries that were found are spared by eviction: at most three times. ARGV: ids. */
static const char warm_script[] =
    "for _, id in ipairs(ARGV) do\n"
    "  local old = redis.call('HGET', KEYS[1], id)\n"
    "  if old then\n"
    "    local size, heat, rest = string.match(old, '^(%d+) (%d+)( .*)$')\n"
    "    if tonumber(heat) < 3 then\n"
    "      redis.call('HSET', KEYS[1], id, size .. ' ' .. (heat + 1) .. rest)\n"
    "    end\n"
    "  end\n"
    "end\n"
    "return 1\n";

/* How long the server keeps it: its whole time, because the clock of the user may be another.
 */
static int64_t
life_of(const struct row *r)
{
	int64_t life = r->expires - r->stored;

	if (r->expires == INT64_MAX || life <= 0 || life > INT64_MAX / 2)
		return r->expires == INT64_MAX || life > 0 ? 0 : 1;
	return life;
}

static void
add_row(struct redis *s, const struct row *r)
{
	char id[REDIS_ID + 1];

	redis_id(r->id, id);
	wire_word(s->wire, slice_z(id));
	wire_word(s->wire, row_bytes(&s->base, r));
	wire_number(s->wire, row_size(r));
	wire_number(s->wire, r->expires);
	wire_number(s->wire, life_of(r));
}

/* From row `from` on as many as go together. */
static size_t
chunk_end(const struct store *s, size_t from)
{
	size_t to = from, bytes = 0;

	while (to < s->row_count && to - from < REDIS_CHUNK && bytes < CHUNK_BYTES)
		bytes += s->rows[to++].len;
	return to;
}

static bool
rows_write(struct redis *s, const char **why)
{
	for (size_t i = 0, end; i < s->base.row_count; i = end) {
		end = chunk_end(&s->base, i);
		wire_begin(s->wire, 8 + 5 * (end - i));
		wire_word(s->wire, SLICE("EVAL"));
		wire_word(s->wire, slice_z(put_script));
		wire_word(s->wire, SLICE("5"));
		wire_word(s->wire, SLICE(REDIS_NAME "order"));
		wire_word(s->wire, SLICE(REDIS_NAME "mark"));
		wire_word(s->wire, SLICE(REDIS_NAME "number"));
		wire_word(s->wire, SLICE(REDIS_NAME "e:"));
		wire_word(s->wire, SLICE(REDIS_NAME "c:"));
		for (size_t at = i; at < end; at++)
			add_row(s, &s->base.rows[at]);
		if (!wire_exchange(s->wire, why))
			return false;
	}
	return true;
}

static bool
used_write(struct redis *s, const char **why)
{
	char id[REDIS_ID + 1];

	for (size_t i = 0; i < s->base.used.count;) {
		size_t n = s->base.used.count - i < 512 ? s->base.used.count - i : 512;

		wire_begin(s->wire, 4 + n);
		wire_word(s->wire, SLICE("EVAL"));
		wire_word(s->wire, slice_z(warm_script));
		wire_word(s->wire, SLICE("1"));
		wire_word(s->wire, SLICE(REDIS_NAME "mark"));
		for (; n > 0; n--, i++) {
			redis_id(s->base.used.list[i], id);
			wire_word(s->wire, slice_z(id));
		}
		if (!wire_exchange(s->wire, why))
			return false;
	}
	return true;
}

static bool
rest_write(struct redis *s, const char **why)
{
	struct store *base = &s->base;
	char key[REDIS_KEY + 1];

	for (size_t i = 0; i < base->released.count; i++) {
		wire_begin(s->wire, 2);
		wire_word(s->wire, SLICE("DEL"));
		wire_word(s->wire, redis_key('c', base->released.list[i], key));
	}
	if (base->looks_damaged != base->looks_told) {
		wire_begin(s->wire, 4);
		wire_word(s->wire, SLICE("HINCRBY"));
		wire_word(s->wire, SLICE(REDIS_NAME "number"));
		wire_word(s->wire, SLICE("damaged"));
		wire_number(s->wire, (int64_t)(base->looks_damaged - base->looks_told));
	}
	redis_tally_add(s);
	return wire_commands(s->wire) == 0 || wire_exchange(s->wire, why);
}

bool
redis_write(struct store *base, const char **why)
{
	struct redis *s = redis_of(base);

	return redis_format(s, true, why) && rows_write(s, why) && redis_notes_write(s, why) &&
	       used_write(s, why) &&
	       ((base->row_count == 0 && !base->most_entries) ||
		   redis_sweep(s, base->row_count, why)) &&
	       rest_write(s, why);
}

/* By the clock of the server, which all who share it have in common. */
enum store_claim
redis_claim(struct store *base, int64_t id, int64_t now, int64_t length, const char **why)
{
	struct redis *s = redis_of(base);
	char key[REDIS_KEY + 1], owner[24];
	struct slice name = redis_key('c', id, key), has;

	(void)now;
	snprintf(owner, sizeof(owner), "%" PRIu64, store_owner(base));
	wire_begin(s->wire, 6);
	wire_word(s->wire, SLICE("SET"));
	wire_word(s->wire, name);
	wire_word(s->wire, slice_z(owner));
	wire_word(s->wire, SLICE("NX"));
	wire_word(s->wire, SLICE("PX"));
	wire_number(s->wire, length < 1 ? 1 : length > LEASE_MOST ? LEASE_MOST : length);
	wire_begin(s->wire, 2);
	wire_word(s->wire, SLICE("GET"));
	wire_word(s->wire, name);
	if (!wire_exchange(s->wire, why))
		return STORE_FAILED;
	has = reply_text(wire_reply(s->wire, 1));
	return slice_eqz(has, owner) ? STORE_MINE : STORE_OTHERS;
}
