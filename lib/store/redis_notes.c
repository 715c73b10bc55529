/* SPDX-License-Identifier: MIT */
/* Notes on Redis. SPACE and MEMBER (the note's name) are 32 hexadecimal digits:
 *
 *	order:SPACE   MEMBER by the number with which it came
 *	notes:SPACE   sum, ID of the entry (zeros: of none), bytes, by MEMBER
 *	about:ID      SPACE and MEMBER of the notes about an entry, which go with it */
#include <stdio.h>

#include "store/redis.h"

#define DIGITS (2 * NOTE_NAME)
#define PAGE 128
#define PUT_BYTES ((size_t)256 << 10)

/* ARGV: four for each note: space, name, id, value ("": take it out). */
static const char put_script[] =
    "for a = 1, #ARGV, 4 do\n"
    "  local space, name, id, value = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]\n"
    "  local old = redis.call('HGET', KEYS[3] .. space, name)\n"
    "  if old then\n"
    "    redis.call('SREM', KEYS[4] .. string.sub(old, 17, 32), space .. name)\n"
    "    redis.call('HDEL', KEYS[3] .. space, name)\n"
    "    redis.call('ZREM', KEYS[2] .. space, name)\n"
    "  end\n"
    "  if value ~= '' then\n"
    "    local seq = redis.call('HINCRBY', KEYS[1], 'noted', 1)\n"
    "    redis.call('HSET', KEYS[3] .. space, name, value)\n"
    "    redis.call('ZADD', KEYS[2] .. space, string.format('%.0f', seq), name)\n"
    "    if id ~= '0000000000000000' then\n"
    "      redis.call('SADD', KEYS[4] .. id, space .. name)\n"
    "    end\n"
    "  end\n"
    "end\n"
    "return 1\n";

static struct slice
hex(const unsigned char *bytes, char out[DIGITS + 1])
{
	digest_hex(bytes, NOTE_NAME, out);
	return slice_of(out, DIGITS);
}

static void
add_note(struct redis *s, const struct note_row *n)
{
	static struct buf value;
	char text[DIGITS + 1], id[REDIS_ID + 1];

	redis_id(n->id, id);
	buf_clear(&value);
	if (!n->drop) {
		buf_add(&value, slice_of((const char *)n->sum, NOTE_NAME));
		buf_add(&value, slice_z(id));
		buf_add(&value, slice_of(s->base.note_bytes.data + n->start, n->len));
	}
	wire_word(s->wire, hex(n->space, text));
	wire_word(s->wire, hex(n->name, text));
	wire_word(s->wire, slice_z(id));
	wire_word(s->wire, buf_slice(&value));
}

bool
redis_notes_write(struct redis *s, const char **why)
{
	const struct store *b = &s->base;

	for (size_t i = 0, end; i < b->note_count; i = end) {
		size_t bytes = 0;

		for (end = i; end < b->note_count && end - i < PAGE && bytes < PUT_BYTES; end++)
			bytes += b->notes[end].len;
		wire_begin(s->wire, 7 + 4 * (end - i));
		wire_word(s->wire, SLICE("EVAL"));
		wire_word(s->wire, slice_z(put_script));
		wire_word(s->wire, SLICE("4"));
		wire_word(s->wire, SLICE(REDIS_NAME "number"));
		wire_word(s->wire, SLICE(REDIS_NAME "order:"));
		wire_word(s->wire, SLICE(REDIS_NAME "notes:"));
		wire_word(s->wire, SLICE(REDIS_NAME "about:"));
		for (size_t at = i; at < end; at++)
			add_note(s, &b->notes[at]);
		if (!wire_exchange(s->wire, why))
			return false;
	}
	return true;
}

/* The bytes of a value, which begins with sum and id; ptr NULL where it is damaged. */
static struct slice
bytes_of(
    struct redis *s, const unsigned char *space, const unsigned char *name, struct slice value)
{
	unsigned char want[NOTE_NAME], id_bytes[8];
	struct slice bytes = slice_drop(value, NOTE_NAME + REDIS_ID);
	uint64_t id = 0;

	if (value.len >= NOTE_NAME + REDIS_ID &&
	    digest_unhex(slice_take(slice_drop(value, NOTE_NAME), REDIS_ID), id_bytes, 8)) {
		for (int i = 0; i < 8; i++)
			id = id << 8 | id_bytes[i];
		note_sum(space, name, (int64_t)id, bytes, want);
		if (memcmp(want, value.ptr, NOTE_NAME) == 0)
			return bytes;
	}
	s->base.damaged++;
	return slice_of(NULL, 0);
}

struct page {
	unsigned char names[PAGE][NOTE_NAME];
	struct slice values[PAGE];
	size_t count;
};

/* Names and numbers of the next notes of the space. */
static bool
page_list(struct redis *s, struct slice space, int64_t *since, struct page *p, size_t *seen,
    const char **why)
{
	char key[sizeof(REDIS_NAME "order:") + DIGITS];
	const struct reply *list;

	snprintf(key, sizeof(key), REDIS_NAME "order:%.*s", SLICE_ARG(space));
	redis_ask_after(s, slice_z(key), *since, PAGE);
	if (!wire_exchange(s->wire, why))
		return false;
	list = wire_reply(s->wire, 0);
	p->count = *seen = 0;
	for (size_t i = 0; i + 1 < reply_count(list) && *seen < PAGE; i += 2, ++*seen) {
		*since = reply_number(reply_item(list, i + 1));
		if (digest_unhex(
			reply_text(reply_item(list, i)), p->names[p->count], NOTE_NAME))
			p->count++;
	}
	return true;
}

static bool
page_fetch(struct redis *s, struct slice space, struct page *p, const char **why)
{
	char key[sizeof(REDIS_NAME "notes:") + DIGITS], text[DIGITS + 1];

	if (p->count == 0)
		return true;
	snprintf(key, sizeof(key), REDIS_NAME "notes:%.*s", SLICE_ARG(space));
	wire_begin(s->wire, 2 + p->count);
	wire_word(s->wire, SLICE("HMGET"));
	wire_word(s->wire, slice_z(key));
	for (size_t i = 0; i < p->count; i++)
		wire_word(s->wire, hex(p->names[i], text));
	if (!wire_exchange(s->wire, why))
		return false;
	/* copied: the caller may ask the store for more meanwhile */
	for (size_t i = 0; i < p->count; i++) {
		struct slice value = reply_text(reply_item(wire_reply(s->wire, 0), i));

		p->values[i] = value.ptr ? arena_copy(&s->arena, value) : value;
	}
	return true;
}

bool
redis_notes(struct store *base, const unsigned char *space, int64_t *since, store_note_fn each,
    void *context, const char **why)
{
	struct redis *s = redis_of(base);
	char text[DIGITS + 1];
	struct slice name = hex(space, text);
	struct page page;
	size_t seen = PAGE;

	while (seen == PAGE) {
		s->step_count = s->step_next = 0; /* the arena is theirs too */
		arena_reset(&s->arena);
		if (!page_list(s, name, since, &page, &seen, why) ||
		    !page_fetch(s, name, &page, why))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			struct slice value = page.values[i], bytes;

			if (!value.ptr)
				continue;
			bytes = bytes_of(s, space, page.names[i], value);
			if (bytes.ptr)
				each(context, page.names[i], bytes);
		}
	}
	return true;
}

bool
redis_note(struct store *base, const unsigned char *space, const unsigned char *name,
    struct arena *a, struct slice *bytes, const char **why)
{
	struct redis *s = redis_of(base);
	char key[sizeof(REDIS_NAME "notes:") + DIGITS], text[DIGITS + 1];
	struct slice value;

	snprintf(key, sizeof(key), REDIS_NAME "notes:%.*s", SLICE_ARG(hex(space, text)));
	hex(name, text);
	wire_add(s->wire, "HGET", key, text, (char *)NULL);
	if (!wire_exchange(s->wire, why))
		return false;
	value = reply_text(wire_reply(s->wire, 0));
	*bytes = value.ptr ? bytes_of(s, space, name, value) : value;
	if (bytes->ptr)
		*bytes = arena_copy(a, *bytes);
	return true;
}
