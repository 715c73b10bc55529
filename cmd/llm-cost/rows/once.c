/* SPDX-License-Identifier: MIT */
#include "once.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

#define SHORTEST_ID 12 /* what is shorter is no id of a provider */
#define UNIQUE_ID 20   /* a message id of this length is the only one of its kind */

/* What tells a call apart, as bytes for the hash. */
struct identity {
	char bytes[1024];
	size_t len;
	bool growing;
};

static void
add_bytes(struct identity *id, const void *bytes, size_t len)
{
	if (len > sizeof(id->bytes) - id->len)
		len = sizeof(id->bytes) - id->len;
	memcpy(id->bytes + id->len, bytes, len);
	id->len += len;
}

/* A string by its bytes, with its length, so that two of them never run together. */
static void
add_value(struct identity *id, struct value v)
{
	struct slice raw = json_raw(v);
	uint64_t len = raw.ptr ? raw.len : UINT64_MAX;

	add_bytes(id, &len, sizeof(len));
	if (raw.ptr && raw.len <= 256) {
		add_bytes(id, raw.ptr, raw.len);
	} else if (raw.ptr) {
		len = hash_of(raw);
		add_bytes(id, &len, sizeof(len));
	}
}

static void
add_counts(struct identity *id, const struct usage *u)
{
	const uint64_t counts[] = { u->input, u->cached, u->written_5m, u->written_1h,
		u->output, u->reasoning };

	add_bytes(id, counts, sizeof(counts));
}

/* A Codex event: the running total of its session tells it apart. */
static bool
codex_identity(const struct reader *d, struct value info, struct identity *id)
{
	static const char *const names[] = { "input_tokens", "cached_input_tokens",
		"output_tokens", "reasoning_output_tokens", "total_tokens" };
	struct value total = json_get(info, "total_token_usage");

	if (json_type(total) != JSON_OBJECT)
		return false;
	add_bytes(id, "codex", 5);
	add_bytes(id, d->session, strlen(d->session) + 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		add_value(id, json_get(total, names[i]));
	return true;
}

static bool
transcript_identity(struct value name, struct value request, struct identity *id)
{
	if (json_type(name) != JSON_STRING)
		return false;
	add_bytes(id, "message", 7);
	add_value(id, name);
	/* copies by sub-agents have a request id of their own; a message id that is short, as
	 * gateways make them, needs the request id to tell two calls apart */
	if (json_string_raw(name).len < UNIQUE_ID)
		add_value(id, request);
	id->growing = true;
	return true;
}

static bool
is_id(struct value v)
{
	return json_string_raw(v).len >= SHORTEST_ID;
}

static bool
answer_identity(const struct row *row, const struct usage_hints *at, struct identity *id)
{
	struct value name = is_id(at->id) ? at->id : at->request_id;
	struct slice object = json_string_raw(at->object);

	if (!is_id(name))
		return false;
	add_bytes(id, "answer", 6);
	add_value(id, name);
	id->growing = object.ptr && slice_ends(object, SLICE(".chunk"));
	if (!id->growing)
		add_counts(id, &row->usage);
	return true;
}

static bool
batch_identity(const struct row *row, struct identity *id)
{
	struct value name = json_get(json_get(row->request.llm, "batch"), "id");

	if (!is_id(name) && row->request.batch_line)
		name = json_get(row->request.root, "id");
	if (!is_id(name) && row->request.batch_line)
		name = json_get(row->request.answer, "id");
	if (!is_id(name))
		return false;
	add_bytes(id, "batch", 5);
	add_value(id, name);
	add_value(id, row->request.id);
	add_counts(id, &row->usage);
	return true;
}

/* A span by its trace and its own id. */
static bool
span_identity(const struct row *row, struct identity *id)
{
	struct value span = row->usage.span, name = row_span_id(row);

	if (!is_id(name))
		return false;
	add_bytes(id, "span", 4);
	add_value(id, name);
	name = json_get(span, "traceId");
	add_value(id, json_type(name) ? name : json_get(span, "trace_id"));
	add_counts(id, &row->usage);
	return true;
}

static bool
identify(const struct reader *d, const struct row *row, struct identity *id)
{
	struct value root = row->request.root, part;

	id->len = 0;
	id->growing = false;
	if (row->kind != ROW_CALL)
		return false;
	if (row->request.shape != SHAPE_USAGE || row->request.batch_line)
		return batch_identity(row, id);
	if (row->streams) {
		add_bytes(id, "message", 7);
		add_bytes(id, d->stream, strlen(d->stream));
		id->growing = true;
		return true;
	}
	if (row->quick && !row->hints.id.json && !row->hints.request_id.json)
		return false;
	if (row->quick)
		return row->hints.transcript
			   ? transcript_identity(row->hints.id, row->hints.request_id, id)
			   : answer_identity(row, &row->hints, id);
	if (json_type(row->usage.span))
		return span_identity(row, id);
	part = json_get(root, "message");
	if (json_type(part) == JSON_OBJECT)
		return transcript_identity(
		    json_get(part, "id"), json_get(root, "requestId"), id);
	part = json_get(root, "payload");
	if (json_type(part) == JSON_OBJECT)
		return codex_identity(d, json_get(part, "info"), id);
	return answer_identity(row,
	    &(struct usage_hints){ .id = json_get(root, "id"),
		.request_id = json_get(root, "request_id"),
		.object = json_get(root, "object") },
	    id);
}

/* Calls that do not grow: their keys alone, in a table without pointers. 0 is a free slot. The
 * upper bits say where a key belongs, so that the table is nearly in order. */
static size_t
home_of(uint64_t key, size_t size)
{
	return (size_t)(((unsigned __int128)key * size) >> 64);
}

static void
keys_enlarge(struct once_book *b)
{
	size_t size = b->key_size ? b->key_size * 2 : 1024;
	uint64_t *keys = mem_zero(size * sizeof(*keys));

	for (size_t i = 0; i < b->key_size; i++) {
		size_t at = home_of(b->keys[i], size);

		if (!b->keys[i])
			continue;
		while (keys[at])
			at = (at + 1) & (size - 1);
		keys[at] = b->keys[i];
	}
	free(b->keys);
	b->keys = keys;
	b->key_size = size;
}

/* The table goes to disk; where there is no room it is full, which is said in the end. */
static void
keys_spill(struct once_book *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->key_size; i++) {
		uint64_t key = b->keys[i];
		size_t at;

		if (!key)
			continue;
		for (at = n++; at && b->keys[at - 1] > key; at--)
			b->keys[at] = b->keys[at - 1];
		b->keys[at] = key;
	}
	b->old_keys.size = sizeof(*b->keys);
	b->full |= !spill_add(&b->old_keys, b->keys, n);
	memset(b->keys, 0, b->key_size * sizeof(*b->keys));
	b->key_count = 0;
}

/* Is the key there? If not it is now. */
static bool
keys_have(struct once_book *b, uint64_t key)
{
	struct spill_place place;
	uint64_t found;
	size_t at;

	key += !key;
	if (b->key_count == ONCE_LIMIT)
		keys_spill(b);
	if (b->key_count * 4 >= b->key_size * 3)
		keys_enlarge(b);
	for (at = home_of(key, b->key_size); b->keys[at]; at = (at + 1) & (b->key_size - 1))
		if (b->keys[at] == key)
			return true;
	if (b->old_keys.count && spill_find(&b->old_keys, key, &found, &place))
		return true;
	b->keys[at] = key;
	b->key_count++;
	return false;
}

static void
calls_enlarge(struct once_book *b)
{
	size_t size = b->size ? b->size * 2 : 1024;
	uint32_t *slots = mem_zero(size * sizeof(*slots));

	for (size_t i = 0; i < b->count; i++) {
		size_t at = b->calls[i].key & (size - 1);

		while (slots[at])
			at = (at + 1) & (size - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(b->slots);
	b->slots = slots;
	b->size = size;
}

/* The slot of key, or the free one where it belongs. */
static uint32_t *
slot_of(struct once_book *b, uint64_t key)
{
	size_t at;

	if (b->count * 4 >= b->size * 3)
		calls_enlarge(b);
	at = key & (b->size - 1);
	while (b->slots[at] && b->calls[b->slots[at] - 1].key != key)
		at = (at + 1) & (b->size - 1);
	return &b->slots[at];
}

static size_t
items_beside(const struct usage *u)
{
	size_t n = 0;

	for (struct value v = json_first(u->beside); json_type(v); v = json_next(v))
		n++;
	return u->beside_most && u->beside_most < n ? u->beside_most : n;
}

static void
write_counts(struct once_call *c, const struct usage *u)
{
	c->input = (uint32_t)u->input;
	c->cached = (uint32_t)u->cached;
	c->written_5m = (uint32_t)u->written_5m;
	c->written_1h = (uint32_t)u->written_1h;
	c->output = (uint32_t)u->output;
	c->reasoning = (uint32_t)u->reasoning;
	c->web_searches = (uint16_t)u->web_searches;
	c->beside = (uint8_t)items_beside(u);
}

static void
read_counts(const struct once_call *c, struct usage *u)
{
	u->input = c->input;
	u->cached = c->cached;
	u->written_5m = c->written_5m;
	u->written_1h = c->written_1h;
	u->output = c->output;
	u->reasoning = c->reasoning;
	u->web_searches = c->web_searches;
	/* the list grows at its end */
	u->beside_most = c->beside;
	if (!c->beside)
		u->beside = (struct value){ 0 };
}

/* A call that cannot be taken back from its counts is no growing one. */
static bool
can_be_taken_back(const struct usage *u)
{
	return !u->flaw && !u->audio_in && !u->audio_out && !u->image_in && !u->image_out &&
	       u->input <= UINT32_MAX && u->output <= UINT32_MAX &&
	       u->web_searches <= UINT16_MAX && items_beside(u) <= UINT8_MAX;
}

static void
calls_spill(struct once_book *b)
{
	b->old_calls.size = sizeof(*b->calls);
	b->full |= !spill_add(&b->old_calls, b->calls, b->count);
	memset(b->slots, 0, b->size * sizeof(*b->slots));
	b->count = 0;
}

static uint32_t *
remember(struct once_book *b, uint64_t key, const struct row *row)
{
	struct once_call *c;
	uint32_t *slot;

	if (b->count == ONCE_GROWING)
		calls_spill(b);
	if (b->count == b->room) {
		b->room = b->room ? b->room * 2 : 256;
		b->calls = mem_grow(b->calls, b->room, sizeof(*b->calls));
	}
	slot = slot_of(b, key);
	c = &b->calls[b->count++];
	*c = (struct once_call){
		.key = key, .when = row->when, .has_noted = row->has_noted, .noted = row->noted
	};
	write_counts(c, &row->usage);
	*slot = (uint32_t)b->count;
	return &c->place;
}

static bool
notes_more(const struct once_call *c, const struct row *row)
{
	return row->has_noted && (!c->has_noted || usd_cmp(row->noted, c->noted) > 0);
}

static void
replace(struct once_call *c, struct row *row, struct row *old)
{
	bool more = notes_more(c, row);

	*old = *row;
	old->when = c->when;
	old->has_noted = c->has_noted;
	old->noted = c->noted;
	read_counts(c, &old->usage);
	row_price(old);
	if (row->usage.output <= c->output)
		row->usage = old->usage;
	row->has_noted = c->has_noted |= more;
	row->noted = c->noted = more ? row->noted : c->noted;
	if (c->when < row->when)
		row->when = c->when;
	c->when = row->when;
	write_counts(c, &row->usage);
	row_price(row);
}

/* A call that may come again with more: found in memory or on disk, else remembered. */
static enum once
judge_growing(
    struct once_book *b, uint64_t key, struct row *row, uint32_t **place, struct row *old)
{
	uint32_t slot = *slot_of(b, key);
	struct once_call *c = slot ? &b->calls[slot - 1] : &b->loaded;
	struct spill_place where;

	if (!slot && !spill_find(&b->old_calls, key, c, &where)) {
		*place = remember(b, key, row);
		return ONCE_FIRST;
	}
	b->repeats++;
	if (row->usage.output <= c->output && !notes_more(c, row))
		return ONCE_AGAIN;
	*place = &c->place;
	replace(c, row, old);
	if (!slot)
		spill_replace(&b->old_calls, &where, c);
	return ONCE_LARGER;
}

enum once
once_judge(struct once_book *b, const struct reader *d, struct row *row, uint32_t **place,
    struct row *old)
{
	struct identity id;
	uint64_t key;

	*place = &b->nowhere;
	if (!identify(d, row, &id))
		return ONCE_FIRST;
	if (id.growing && !can_be_taken_back(&row->usage)) {
		id.growing = false;
		add_counts(&id, &row->usage);
	}
	key = hash_of(slice_of(id.bytes, id.len));
	if (b->ids)
		distinct_add(b->ids, ONCE_IDS, distinct_hash(slice_of(id.bytes, id.len)));
	if (id.growing)
		return judge_growing(b, key, row, place, old);
	if (!keys_have(b, key))
		return ONCE_FIRST;
	b->repeats++;
	return ONCE_AGAIN;
}

void
once_free(struct once_book *b)
{
	spill_close(&b->old_calls);
	spill_close(&b->old_keys);
	free(b->calls);
	free(b->slots);
	free(b->keys);
	*b = (struct once_book){ 0 };
}
