/* SPDX-License-Identifier: MIT */
/* The store on Redis or Valkey, which many machines share. */
#include "store/redis.h"

#include <stdlib.h>

#include "base/mem.h"
#include "store/redis_url.h"

#ifdef LLM_HIREDIS
#define TIMEOUT 50
#define FORMAT "1"

static void
no_pause(struct store *s)
{
	(void)s; /* nobody is kept from writing by a look-up */
}

static void
redis_close(struct store *base)
{
	struct redis *s = redis_of(base);

	wire_close(s->wire);
	arena_close(&s->arena);
	free(s);
}

static const struct store_engine engine = {
	.look_up = redis_look_up,
	.pause = no_pause,
	.write = redis_write,
	.tallies = redis_tallies,
	.size = redis_size,
	.next = redis_next,
	.purge = redis_purge,
	.forget = redis_forget,
	.claim = redis_claim,
	.notes = redis_notes,
	.note = redis_note,
	.close = redis_close,
};

bool
redis_format(struct redis *s, bool write, const char **why)
{
	struct slice format;

	if (s->marked)
		return true;
	if (write)
		wire_add(s->wire, "SET", REDIS_NAME "format", FORMAT, "NX", (char *)NULL);
	wire_add(s->wire, "GET", REDIS_NAME "format", (char *)NULL);
	wire_add(s->wire, "HGET", REDIS_NAME "number", "bounded", (char *)NULL);
	if (!wire_exchange(s->wire, why))
		return false;
	format = reply_text(wire_reply(s->wire, write));
	s->bounded = reply_number(wire_reply(s->wire, 1 + (size_t)write)) != 0;
	s->marked = format.ptr;
	if (!format.ptr || slice_eqz(format, FORMAT))
		return true;
	*why = "has another version of the format, and this program knows " FORMAT;
	return false;
}

bool
redis_url_good(const char *url, const char **why)
{
	struct redis_url u;
	bool good = redis_url_read(url, &u, why);

	redis_url_free(&u);
	return good;
}

struct store *
redis_open(const char *url, bool read_only, int64_t timeout, const char **why)
{
	struct wire *wire = wire_open(url, timeout ? timeout : TIMEOUT, why);
	struct redis *s;

	if (!wire)
		return NULL;
	s = mem_zero(sizeof(*s));
	s->base.engine = &engine;
	s->base.read_only = read_only;
	s->base.rows_least = s->base.rows_most = 1024;
	s->wire = wire;
	if (redis_format(s, false, why))
		return &s->base;
	redis_close(&s->base);
	return NULL;
}
#else
struct store *
redis_open(const char *url, bool read_only, int64_t timeout, const char **why)
{
	(void)read_only, (void)timeout;
	redis_url_good(url, why);
	return NULL;
}

bool
redis_url_good(const char *url, const char **why)
{
	(void)url;
	*why = "is no file, and this build has no Redis: it was made without hiredis";
	return false;
}
#endif
