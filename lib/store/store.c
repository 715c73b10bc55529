/* SPDX-License-Identifier: MIT */
/* What is the same whatever the engine: entries gathered on their way in, and who asks what. */
#include "store/store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"
#include "store/parts.h"

#define PENDING_BYTES ((size_t)16 << 20)
#define USED_MOST 65536

struct store *
store_open(const char *url, bool read_only, const char **why)
{
	return store_open_within(url, read_only, 0, why);
}

struct store *
store_open_within(const char *url, bool read_only, int64_t timeout, const char **why)
{
	struct store *s = strstr(url, "://") ? redis_open(url, read_only, timeout, why)
					     : lite_open(url, read_only, timeout, why);

	if (s)
		s->row_limit = s->rows_least;
	return s;
}

bool
store_is_remote(const char *url)
{
	return strstr(url, "://");
}

bool
store_url_good(const char *url, const char **why)
{
	return !store_is_remote(url) || redis_url_good(url, why);
}

/* Names without their password, each once. */
struct shown {
	struct shown *next;
	char text[];
};

const char *
store_shown(const char *url)
{
	static struct shown *all;
	const char *from = strstr(url, "://"), *at = from ? strrchr(from, '@') : NULL,
		   *colon = at ? memchr(from + 3, ':', (size_t)(at - from - 3)) : NULL;
	size_t head = colon ? (size_t)(colon - url) : 0;
	struct shown *s;

	if (!colon)
		return url;
	for (s = all; s; s = s->next)
		if (strncmp(s->text, url, head) == 0 && strcmp(s->text + head, at) == 0)
			return s->text;
	s = mem_alloc(sizeof(*s) + head + strlen(at) + 1);
	s->next = all;
	all = s;
	memcpy(s->text, url, head);
	memcpy(s->text + head, at, strlen(at) + 1);
	return s->text;
}

bool
store_read_only(const struct store *s)
{
	return s->read_only;
}

uint64_t
store_damaged(const struct store *s)
{
	return s->damaged;
}

const char *
store_trouble(const struct store *s)
{
	return s->trouble;
}

void
store_hurry(struct store *s)
{
	s->hurry = true;
}

void
store_pause(struct store *s)
{
	s->engine->pause(s);
}

void
store_look_up(struct store *s, struct store_ask *asks, size_t count, struct arena *a)
{
	s->trouble = NULL;
	for (size_t i = 0; i < count; i++)
		asks[i].found = asks[i].damaged = false;
	s->engine->look_up(s, asks, count, a);
	for (size_t i = 0; i < count; i++)
		if (asks[i].damaged && !asks[i].again) {
			s->damaged++;
			s->looks_damaged++;
		}
}

bool
store_get(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE],
    struct arena *a, struct store_entry *e)
{
	struct store_ask ask = { .scope = scope, .key = key };

	store_look_up(s, &ask, 1, a);
	if (ask.found)
		*e = ask.entry;
	return ask.found;
}

bool
store_next(struct store *s, int64_t *at, struct arena *a, struct store_entry *e)
{
	s->trouble = NULL;
	return s->engine->next(s, at, a, e);
}

bool
store_tallies(struct store *s, store_tally_fn each, void *context, const char **why)
{
	return s->engine->tallies(s, each, context, why);
}

bool
store_size(struct store *s, struct store_size *size, const char **why)
{
	return s->engine->size(s, size, why);
}

static bool
may_write(const struct store *s, const char **why)
{
	if (s->read_only)
		*why = "cannot be written";
	return !s->read_only;
}

bool
store_purge(struct store *s, store_wanted_fn wanted, void *context, bool dry, uint64_t *count,
    const char **why)
{
	*count = 0;
	return (dry || may_write(s, why)) &&
	       s->engine->purge(s, wanted, context, dry, count, why);
}

bool
store_forget(struct store *s, struct slice scope, const char **why)
{
	return may_write(s, why) && s->engine->forget(s, scope, why);
}

/* Of the kernel where it gives one. */
uint64_t
store_owner(struct store *s)
{
	int fd;

	if (s->owner)
		return s->owner;
	fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, &s->owner, sizeof(s->owner)) != (ssize_t)sizeof(s->owner))
		s->owner = (uint64_t)when_ticks() << 22 ^ (uint64_t)getpid();
	if (fd >= 0)
		close(fd);
	s->owner |= 1;
	return s->owner;
}

enum store_claim
store_claim(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE],
    int64_t now, int64_t length, const char **why)
{
	if (!may_write(s, why))
		return STORE_FAILED;
	return s->engine->claim(s, entry_id(scope, key), now, length, why);
}

void
store_release(struct store *s, struct slice scope, const unsigned char key[DIGEST_SIZE])
{
	used_ids_add(&s->released, entry_id(scope, key));
}

void
store_bound(struct store *s, uint64_t entries, uint64_t bytes, int64_t now)
{
	s->most_entries = entries ? entries : UINT64_MAX;
	s->most_bytes = bytes ? bytes : UINT64_MAX;
	s->bound_now = now;
	s->above = entries || bytes;
}

void
used_ids_add(struct ids *ids, int64_t id)
{
	if (ids->count == USED_MOST)
		return;
	if ((ids->count & (ids->count - 1)) == 0)
		ids->list =
		    mem_grow(ids->list, ids->count ? ids->count * 2 : 1, sizeof(*ids->list));
	ids->list[ids->count++] = id;
}

struct slice
row_bytes(const struct store *s, const struct row *r)
{
	return slice_of(s->pending.data + r->start, r->len);
}

int64_t
row_size(const struct row *r)
{
	return (int64_t)(r->len - ENTRY_HEAD);
}

bool
store_put(struct store *s, const struct store_entry *e, const char **why)
{
	struct row *r;

	if (!may_write(s, why))
		return false;
	if (!s->rows)
		s->rows = mem_alloc(s->rows_most * sizeof(*s->rows));
	r = &s->rows[s->row_count++];
	*r = (struct row){ .id = entry_id(e->scope, e->key),
		.stored = e->stored,
		.expires = e->expires,
		.start = s->pending.len };
	entry_write(e, &s->pending);
	r->len = s->pending.len - r->start;
	if (s->row_count < s->row_limit && s->pending.len < PENDING_BYTES)
		return true;
	return store_commit(s, why);
}

static void
pending_clear(struct store *s)
{
	s->row_count = 0;
	s->used.count = s->released.count = 0;
	buf_clear(&s->pending);
	notes_clear(s);
	/* one record of 200 MB must not stay for the rest of the run */
	if (s->pending.cap > 4 * PENDING_BYTES)
		buf_free(&s->pending);
}

bool
store_commit(struct store *s, const char **why)
{
	bool good;

	if (s->read_only || (s->row_count == 0 && s->note_count == 0 && s->groups.count == 0 &&
				s->used.count == 0 && s->released.count == 0 &&
				s->looks_damaged == s->looks_told && !s->above))
		return true;
	good = s->engine->write(s, why);
	if (good) {
		tally_clear(s);
		s->looks_told = s->looks_damaged;
	} else {
		s->above = false;
	}
	pending_clear(s);
	return good;
}

bool
store_close(struct store *s, const char **why)
{
	bool good;

	if (!s)
		return true;
	good = store_commit(s, why);
	while (good && s->above)
		good = store_commit(s, why);
	s->engine->pause(s);
	buf_free(&s->pending);
	buf_free(&s->note_bytes);
	free(s->notes);
	free(s->rows);
	free(s->used.list);
	free(s->released.list);
	hash_map_free(&s->groups);
	free(s->tallies);
	s->engine->close(s);
	return good;
}
