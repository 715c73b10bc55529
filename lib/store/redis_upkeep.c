/* SPDX-License-Identifier: MIT */
/* Room for new entries, deletion and sizes. The server deletes an entry at its end, or where
 * its own memory is full; what stands beside it (order, mark, number) is cleared by the hand
 * that goes round through the entries, as in the store on SQLite. */
#include "store/redis.h"

#define WORK 1024 /* entries that one commit looks at, beside four for each it wrote */
#define PIECE 256 /* of one script */

/* What is about an entry goes with it. */
#define FORGET                                                                         \
	"local function forget(id)\n"                                                  \
	"  for _, m in ipairs(redis.call('SMEMBERS', KEYS[5] .. id)) do\n"             \
	"    redis.call('ZREM', KEYS[6] .. string.sub(m, 1, 32), string.sub(m, 33))\n" \
	"    redis.call('HDEL', KEYS[7] .. string.sub(m, 1, 32), string.sub(m, 33))\n" \
	"  end\n"                                                                      \
	"  redis.call('DEL', KEYS[4] .. id, KEYS[5] .. id)\n"                          \
	"  redis.call('ZREM', KEYS[1], id)\n"                                          \
	"end\n"

/* ARGV: now, most entries, most bytes (-1: none), how many to look at. Gives back whether there
 * is still too much, and how many were looked at. */
static const char sweep_script[] = FORGET
    "local number = KEYS[3]\n"
    "local entries = tonumber(redis.call('HGET', number, 'entries') or '0')\n"
    "local bytes = tonumber(redis.call('HGET', number, 'bytes') or '0')\n"
    "local hand = redis.call('HGET', number, 'hand') or '0'\n"
    "local now, most, most_bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])\n"
    "local function above()\n"
    "  return (most >= 0 and entries > most) or (most_bytes >= 0 and bytes > most_bytes)\n"
    "end\n"
    "local began, began_bytes = entries, bytes\n"
    "local list = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. hand, '+inf', 'WITHSCORES',"
    " 'LIMIT', 0, ARGV[4])\n"
    "local bound, looked = most >= 0 or most_bytes >= 0, 0\n"
    "if #list == 0 then hand = '0' end\n"
    "for i = 1, #list, 2 do\n"
    "  if bound and not above() then break end\n"
    "  local id = list[i]\n"
    "  local mark = redis.call('HGET', KEYS[2], id)\n"
    "  local size, heat, expires = string.match(mark or '0 0 0', '^(%d+) (%d+) (-?%d+)$')\n"
    "  local alive = mark and tonumber(expires) > now and"
    " redis.call('EXISTS', KEYS[4] .. id) == 1\n"
    "  hand, looked = list[i + 1], looked + 1\n"
    "  if alive and above() and tonumber(heat) > 0 then\n"
    "    redis.call('HSET', KEYS[2], id, size .. ' ' .. (heat - 1) .. ' ' .. expires)\n"
    "  elseif not alive or above() then\n"
    "    forget(id)\n"
    "    if redis.call('HDEL', KEYS[2], id) == 1 then entries = entries - 1 end\n"
    "    bytes = bytes - tonumber(size)\n"
    "  end\n"
    "end\n"
    "redis.call('HSET', number, 'hand', hand)\n"
    "redis.call('HINCRBY', number, 'entries', entries - began)\n"
    "redis.call('HINCRBY', number, 'bytes', bytes - began_bytes)\n"
    "if bound then redis.call('HSET', number, 'bounded', 1) end\n"
    "return {above() and 1 or 0, looked}\n";

/* ARGV: id and number of each; only what was not written anew meanwhile goes. */
static const char erase_script[] =
    FORGET "local n, bytes = 0, 0\n"
	   "for a = 1, #ARGV, 2 do\n"
	   "  local id = ARGV[a]\n"
	   "  local seq = redis.call('ZSCORE', KEYS[1], id)\n"
	   "  if seq and tonumber(seq) == tonumber(ARGV[a + 1]) then\n"
	   "    local mark = redis.call('HGET', KEYS[2], id)\n"
	   "    forget(id)\n"
	   "    if redis.call('HDEL', KEYS[2], id) == 1 then n = n + 1 end\n"
	   "    if mark then bytes = bytes + tonumber(string.match(mark, '^%d+')) end\n"
	   "  end\n"
	   "end\n"
	   "redis.call('HINCRBY', KEYS[3], 'entries', -n)\n"
	   "redis.call('HINCRBY', KEYS[3], 'bytes', -bytes)\n"
	   "return n\n";

static void
begin_script(struct redis *s, const char *script, size_t words)
{
	wire_begin(s->wire, 10 + words);
	wire_word(s->wire, SLICE("EVAL"));
	wire_word(s->wire, slice_z(script));
	wire_word(s->wire, SLICE("7"));
	wire_word(s->wire, SLICE(REDIS_NAME "order"));
	wire_word(s->wire, SLICE(REDIS_NAME "mark"));
	wire_word(s->wire, SLICE(REDIS_NAME "number"));
	wire_word(s->wire, SLICE(REDIS_NAME "e:"));
	wire_word(s->wire, SLICE(REDIS_NAME "about:"));
	wire_word(s->wire, SLICE(REDIS_NAME "order:"));
	wire_word(s->wire, SLICE(REDIS_NAME "notes:"));
}

static int64_t
bound_of(uint64_t most)
{
	return most == 0 || most > INT64_MAX ? -1 : (int64_t)most;
}

bool
redis_sweep(struct redis *s, size_t written, const char **why)
{
	const struct store *b = &s->base;
	bool bound = b->most_entries;
	size_t work = bound ? WORK + 4 * written : 2 * written, laps = 0, looked;
	bool above = true;

	while (work > 0 && above && laps < 2) {
		size_t piece = work < PIECE ? work : PIECE;

		begin_script(s, sweep_script, 4);
		/* without a bound nobody said what time it is: the server knows what expired */
		wire_number(s->wire, bound ? b->bound_now : INT64_MIN);
		wire_number(s->wire, bound_of(b->most_entries));
		wire_number(s->wire, bound_of(b->most_bytes));
		wire_number(s->wire, (int64_t)piece);
		if (!wire_exchange(s->wire, why))
			return false;
		above = reply_number(reply_item(wire_reply(s->wire, 0), 0)) != 0 || !bound;
		looked = (size_t)reply_number(reply_item(wire_reply(s->wire, 0), 1));
		laps = looked ? 0 : laps + 1;
		work -= looked < work ? looked : work;
	}
	s->bounded = s->bounded || bound;
	s->base.above = bound && above && laps < 2;
	return true;
}

struct victims {
	struct {
		char id[REDIS_ID + 1];
		int64_t seq;
	} list[REDIS_CHUNK];
	size_t count;
};

static bool
erase_all(struct redis *s, struct victims *v, bool dry, uint64_t *count, const char **why)
{
	if (dry || v->count == 0) {
		*count += v->count;
		v->count = 0;
		return true;
	}
	begin_script(s, erase_script, 2 * v->count);
	for (size_t i = 0; i < v->count; i++) {
		wire_word(s->wire, slice_z(v->list[i].id));
		wire_number(s->wire, v->list[i].seq);
	}
	v->count = 0;
	if (!wire_exchange(s->wire, why))
		return false;
	*count += (uint64_t)reply_number(wire_reply(s->wire, 0));
	return true;
}

static void
add_victim(struct victims *v, const struct redis_step *step)
{
	memcpy(v->list[v->count].id, step->id, sizeof(step->id));
	v->list[v->count++].seq = step->seq;
}

bool
redis_purge(struct store *base, store_wanted_fn wanted, void *context, bool dry,
    uint64_t *count, const char **why)
{
	struct redis *s = redis_of(base);
	const struct redis_step *step;
	struct victims victims = { .count = 0 };
	struct arena arena = { 0 };
	int64_t at = STORE_FIRST;
	bool good = true;

	while (good && (step = redis_step(s, at, why))) {
		struct store_entry e = { .request = SLICE("") };

		at = step->seq;
		arena_reset(&arena);
		/* what cannot be read any more belongs to nobody, and goes */
		if (step->bytes.ptr &&
		    (!entry_read(step->bytes, &arena, &e, false) || wanted(context, &e)))
			add_victim(&victims, step);
		if (victims.count == REDIS_CHUNK)
			good = erase_all(s, &victims, dry, count, why);
	}
	arena_close(&arena);
	return good && !*why && erase_all(s, &victims, dry, count, why);
}

bool
redis_size(struct store *base, struct store_size *size, const char **why)
{
	struct redis *s = redis_of(base);
	const struct reply *r;

	wire_add(
	    s->wire, "HMGET", REDIS_NAME "number", "entries", "bytes", "damaged", (char *)NULL);
	if (!wire_exchange(s->wire, why))
		return false;
	r = wire_reply(s->wire, 0);
	*size = (struct store_size){ (uint64_t)reply_number(reply_item(r, 0)),
		(uint64_t)reply_number(reply_item(r, 1)),
		(uint64_t)reply_number(reply_item(r, 2)) };
	return true;
}
