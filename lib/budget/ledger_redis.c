/* SPDX-License-Identifier: MIT */
/* The ledger on a Redis server. Every change makes the number `version` larger; who wants to
 * write watches it from before the first look until EXEC, so that of two who looked at once one
 * alone writes, and the other looks anew.
 *
 * All names begin with NAME; PLACE is `START LENGTH NAME KEY` (the length is that of the name):
 *
 *	format    "1"
 *	budget    the lines
 *	last      number of the last reservation
 *	sum       "usd calls tokens" by PLACE
 *	hold      "until usd calls tokens", then a line `LENGTH PLACE` for each place, by number
 *	until     numbers by the end of their lease
 *	held:PLACE    "until usd calls tokens" by number
 *	repeat:PLACE  how often, by digest of the request */
#include "budget/ledger_engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "budget/ledger_text.h"
#include "store/redis_wire.h"

#ifdef LLM_HIREDIS
#define NAME "{llm-ledger}:"
#define FORMAT "1"
#define TIMEOUT 5000
#define OLD_MOST 32 /* reservations that nobody settled, forgotten with each new one */
/* longer than any period but the whole: nobody asks for repeats of one that is over */
#define REPEATS_KEPT ((int64_t)62 * 86400 * 1000)

struct remote {
	struct ledger_store base;
	struct wire *wire;
	bool writing;
};

static struct remote *
remote_of(struct ledger_store *s)
{
	return (struct remote *)s;
}

static void
remote_close(struct ledger_store *s)
{
	wire_close(remote_of(s)->wire);
	free(s);
}

static bool
remote_begin(struct ledger_store *s, bool write, const char **why)
{
	struct remote *r = remote_of(s);

	r->writing = false;
	wire_forget(r->wire);
	if (!write)
		return true;
	wire_add(r->wire, "UNWATCH", (char *)NULL);
	wire_add(r->wire, "WATCH", NAME "version", (char *)NULL);
	return wire_exchange(r->wire, why);
}

static void
remote_rollback(struct ledger_store *s)
{
	wire_forget(remote_of(s)->wire);
}

/* Writes are gathered, and go out together. */
static struct wire *
writer(struct ledger_store *s, size_t words)
{
	struct remote *r = remote_of(s);

	if (!r->writing)
		wire_add(r->wire, "MULTI", (char *)NULL);
	r->writing = true;
	wire_begin(r->wire, words);
	return r->wire;
}

static enum ledger_commit
remote_commit(struct ledger_store *s, const char **why)
{
	struct wire *w = writer(s, 2);
	size_t last;

	wire_word(w, SLICE("INCR"));
	wire_word(w, SLICE(NAME "version"));
	wire_add(w, "EXEC", (char *)NULL);
	last = wire_commands(w) - 1;
	if (!wire_exchange(w, why))
		return COMMIT_FAILED;
	return reply_type(wire_reply(w, last)) == REPLY_LIST ? COMMIT_DONE : COMMIT_AGAIN;
}

static bool
remote_lines(struct ledger_store *s, struct slice *lines, const char **why)
{
	struct wire *w = remote_of(s)->wire;

	wire_add(w, "GET", NAME "budget", (char *)NULL);
	if (!wire_exchange(w, why))
		return false;
	*lines = reply_text(wire_reply(w, 0));
	if (lines->ptr)
		*lines = arena_copy(s->arena, *lines);
	return true;
}

static bool
remote_set_lines(struct ledger_store *s, struct slice lines, const char **why)
{
	struct wire *w = writer(s, 3);

	(void)why;
	wire_word(w, SLICE("SET"));
	wire_word(w, SLICE(NAME "budget"));
	wire_word(w, lines);
	return true;
}

static void
ask_field(struct wire *w, struct slice hash, struct slice field)
{
	wire_begin(w, 3);
	wire_word(w, SLICE("HGET"));
	wire_word(w, hash);
	wire_word(w, field);
}

/* What of a place is held at the moment. */
static bool
add_held(const struct reply *all, int64_t now, struct ledger_amount *held, const char **why)
{
	for (size_t i = 1; i < reply_count(all); i += 2) {
		struct slice text = reply_text(reply_item(all, i));
		struct ledger_amount one;
		int64_t until;

		if (!ledger_take_whole(&text, &until) || !ledger_take_amount(text, &one, why)) {
			*why = "is damaged";
			return false;
		}
		if (until > now)
			ledger_add(held, &one);
	}
	return true;
}

static bool
remote_sums(struct ledger_store *s, const struct ledger_place *p, int64_t now,
    struct ledger_amount *spent, struct ledger_amount *held, const char **why)
{
	struct wire *w = remote_of(s)->wire;
	struct slice sum;

	*spent = *held = (struct ledger_amount){ 0 };
	ask_field(w, SLICE(NAME "sum"), ledger_place_text(s->arena, "", p));
	wire_begin(w, 2);
	wire_word(w, SLICE("HGETALL"));
	wire_word(w, ledger_place_text(s->arena, NAME "held:", p));
	if (!wire_exchange(w, why))
		return false;
	sum = reply_text(wire_reply(w, 0));
	return (!sum.ptr || ledger_take_amount(sum, spent, why)) &&
	       add_held(wire_reply(w, 1), now, held, why);
}

static bool
remote_repeats(struct ledger_store *s, const struct ledger_place *p,
    const unsigned char *digest, uint64_t *times, const char **why)
{
	struct wire *w = remote_of(s)->wire;

	ask_field(w, ledger_place_text(s->arena, NAME "repeat:", p),
	    slice_of((const char *)digest, DIGEST_SIZE));
	if (!wire_exchange(w, why))
		return false;
	*times = (uint64_t)reply_number(wire_reply(w, 0));
	return true;
}

static bool
remote_add_repeat(struct ledger_store *s, const struct ledger_place *p,
    const unsigned char *digest, const char **why)
{
	struct slice name = ledger_place_text(s->arena, NAME "repeat:", p);
	struct wire *w = writer(s, 4);

	(void)why;
	wire_word(w, SLICE("HINCRBY"));
	wire_word(w, name);
	wire_word(w, slice_of((const char *)digest, DIGEST_SIZE));
	wire_word(w, SLICE("1"));
	if (p->start == 0)
		return true;
	writer(s, 3);
	wire_word(w, SLICE("PEXPIRE"));
	wire_word(w, name);
	wire_number(w, REPEATS_KEPT);
	return true;
}

static void
set_field(struct ledger_store *s, const char *command, struct slice hash, struct slice field,
    struct slice value)
{
	struct wire *w = writer(s, 4);

	wire_word(w, slice_z(command));
	wire_word(w, hash);
	wire_word(w, field);
	wire_word(w, value);
}

static void
drop_member(struct ledger_store *s, const char *command, struct slice name, struct slice member)
{
	struct wire *w = writer(s, 3);

	wire_word(w, slice_z(command));
	wire_word(w, name);
	wire_word(w, member);
}

static void
drop_hold(struct ledger_store *s, struct slice id, struct slice hold)
{
	struct slice rest = ledger_hold_places(hold), place;

	while ((place = ledger_take_place(&rest)).ptr)
		drop_member(
		    s, "HDEL", arena_printf(s->arena, NAME "held:%.*s", SLICE_ARG(place)), id);
	drop_member(s, "HDEL", SLICE(NAME "hold"), id);
	drop_member(s, "ZREM", SLICE(NAME "until"), id);
}

struct old {
	struct slice id, hold;
};

/* The number of the next hold, and those whose time is long over. */
static bool
prepare_hold(struct ledger_store *s, int64_t now, int64_t *id, struct old old[OLD_MOST],
    size_t *count, const char **why)
{
	struct wire *w = remote_of(s)->wire;
	const struct reply *list;
	char before[24], most[8];

	snprintf(before, sizeof(before), "(%" PRId64, now - LEDGER_KEPT);
	snprintf(most, sizeof(most), "%d", OLD_MOST);
	wire_add(w, "INCR", NAME "last", (char *)NULL);
	wire_add(
	    w, "ZRANGEBYSCORE", NAME "until", "-inf", before, "LIMIT", "0", most, (char *)NULL);
	if (!wire_exchange(w, why))
		return false;
	*id = reply_number(wire_reply(w, 0));
	list = wire_reply(w, 1);
	*count = 0;
	for (size_t i = 0; i < reply_count(list) && i < OLD_MOST; i++)
		old[(*count)++].id = arena_copy(s->arena, reply_text(reply_item(list, i)));
	for (size_t i = 0; i < *count; i++)
		ask_field(w, SLICE(NAME "hold"), old[i].id);
	if (*count && !wire_exchange(w, why))
		return false;
	for (size_t i = 0; i < *count; i++)
		old[i].hold = arena_copy(s->arena, reply_text(wire_reply(w, i)));
	return true;
}

static bool
remote_add_hold(struct ledger_store *s, int64_t now, int64_t until,
    const struct ledger_amount *amount, const struct ledger_place *places, size_t count,
    int64_t *id, const char **why)
{
	struct slice number, value, first = ledger_amount_text(s->arena, amount);
	struct old old[OLD_MOST];
	struct buf all = { 0 };
	size_t old_count;

	if (!prepare_hold(s, now, id, old, &old_count, why))
		return false;
	for (size_t i = 0; i < old_count; i++)
		drop_hold(s, old[i].id, old[i].hold);
	number = arena_printf(s->arena, "%" PRId64, *id);
	value = arena_printf(s->arena, "%" PRId64 " %.*s", until, SLICE_ARG(first));
	buf_add(&all, value);
	buf_add_byte(&all, '\n');
	for (size_t i = 0; i < count; i++) {
		struct slice place = ledger_place_text(s->arena, "", &places[i]);

		buf_printf(&all, "%zu ", place.len);
		buf_add(&all, place);
		buf_add_byte(&all, '\n');
		set_field(s, "HSET", ledger_place_text(s->arena, NAME "held:", &places[i]),
		    number, value);
		/* so that it is shown, though nothing was spent yet */
		set_field(s, "HSETNX", SLICE(NAME "sum"), place, SLICE("0 0 0"));
	}
	set_field(s, "HSET", SLICE(NAME "hold"), number, buf_slice(&all));
	set_field(
	    s, "ZADD", SLICE(NAME "until"), arena_printf(s->arena, "%" PRId64, until), number);
	buf_free(&all);
	return true;
}

static bool
fetch_hold(struct ledger_store *s, int64_t id, struct slice *hold, const char **why)
{
	struct wire *w = remote_of(s)->wire;

	ask_field(w, SLICE(NAME "hold"), arena_printf(s->arena, "%" PRId64, id));
	if (!wire_exchange(w, why))
		return false;
	*hold = reply_text(wire_reply(w, 0));
	if (hold->ptr)
		*hold = arena_copy(s->arena, *hold);
	return true;
}

static bool
remote_find_hold(struct ledger_store *s, int64_t id, struct ledger_amount *reserved,
    bool *known, const char **why)
{
	struct slice hold;
	int64_t until;

	*known = true;
	if (!fetch_hold(s, id, &hold, why))
		return false;
	*known = hold.ptr;
	if (!*known)
		return true;
	hold = slice_take(hold, slice_find(hold, '\n'));
	*why = "is damaged";
	return ledger_take_whole(&hold, &until) && ledger_take_amount(hold, reserved, why);
}

static bool
remote_end_hold(
    struct ledger_store *s, int64_t id, const struct ledger_amount *actual, const char **why)
{
	struct wire *w = remote_of(s)->wire;
	struct slice hold, rest, place, sums[64];
	size_t count = 0;

	if (!fetch_hold(s, id, &hold, why))
		return false;
	for (rest = ledger_hold_places(hold); (place = ledger_take_place(&rest)).ptr; count++)
		ask_field(w, SLICE(NAME "sum"), place);
	*why = "has too many limits for one call";
	if (count > sizeof(sums) / sizeof(sums[0]) || (count && !wire_exchange(w, why)))
		return false;
	for (size_t i = 0; i < count; i++)
		sums[i] = reply_text(wire_reply(w, i)).ptr
			      ? arena_copy(s->arena, reply_text(wire_reply(w, i)))
			      : SLICE("0 0 0");
	rest = ledger_hold_places(hold);
	for (size_t i = 0; i < count; i++) {
		struct ledger_amount sum;

		if (!ledger_take_amount(sums[i], &sum, why))
			return false;
		ledger_add(&sum, actual);
		set_field(s, "HSET", SLICE(NAME "sum"), ledger_take_place(&rest),
		    ledger_amount_text(s->arena, &sum));
	}
	drop_hold(s, arena_printf(s->arena, "%" PRId64, id), hold);
	return true;
}

static int
by_bytes(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

static bool
remote_keys(struct ledger_store *s, struct slice name, int64_t start, struct slice **keys,
    size_t *count, const char **why)
{
	struct ledger_place p = { .name = name, .start = start };
	struct slice head = ledger_place_text(s->arena, "", &p);
	struct wire *w = remote_of(s)->wire;
	const struct reply *all;

	*keys = NULL;
	*count = 0;
	wire_add(w, "HKEYS", NAME "sum", (char *)NULL);
	if (!wire_exchange(w, why))
		return false;
	all = wire_reply(w, 0);
	for (size_t i = 0; i < reply_count(all); i++) {
		struct slice place = reply_text(reply_item(all, i));

		if (!slice_starts(place, head))
			continue;
		*keys = mem_grow(*keys, *count + 1, sizeof **keys);
		(*keys)[(*count)++] = arena_copy(s->arena, slice_drop(place, head.len));
	}
	if (*count)
		qsort(*keys, *count, sizeof **keys, by_bytes);
	return true;
}

static const struct ledger_engine engine = {
	.begin = remote_begin,
	.commit = remote_commit,
	.rollback = remote_rollback,
	.lines = remote_lines,
	.set_lines = remote_set_lines,
	.sums = remote_sums,
	.repeats = remote_repeats,
	.add_repeat = remote_add_repeat,
	.add_hold = remote_add_hold,
	.find_hold = remote_find_hold,
	.end_hold = remote_end_hold,
	.keys = remote_keys,
	.close = remote_close,
};

struct ledger_store *
ledger_redis_open(const char *url, enum ledger_mode mode, const char **why)
{
	struct wire *wire = wire_open(url, TIMEOUT, why);
	struct slice format;
	struct remote *r;

	if (!wire)
		return NULL;
	r = mem_zero(sizeof *r);
	r->base.engine = &engine;
	r->wire = wire;
	if (mode == LEDGER_CREATE)
		wire_add(wire, "SET", NAME "format", FORMAT, "NX", (char *)NULL);
	wire_add(wire, "GET", NAME "format", (char *)NULL);
	if (wire_exchange(wire, why)) {
		format = reply_text(wire_reply(wire, mode == LEDGER_CREATE));
		if (slice_eqz(format, FORMAT))
			return &r->base;
		*why = format.ptr
			   ? "has another version of the format, and this program knows " FORMAT
			   : "does not exist";
	}
	remote_close(&r->base);
	return NULL;
}
#else
struct ledger_store *
ledger_redis_open(const char *url, enum ledger_mode mode, const char **why)
{
	(void)url, (void)mode;
	*why = "is no file, and this build has no Redis: it was made without hiredis";
	return NULL;
}
#endif
