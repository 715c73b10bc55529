/* SPDX-License-Identifier: MIT */
#include "text/blocks.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/hash.h"
#include "text/lines.h"

#define KEY_BYTES 60
#define KEY_LEAST 8
#define LOOK_BYTES 16 /* of a line, for the first look */

struct known {
	struct slice text;
	bool source; /* may be referred to: plain, and sent as it is */
};

struct blocks {
	struct arena *arena;
	struct known *lines;
	size_t count, room;
	size_t *slots; /* line + 1 by the hash of its key; 0 is free */
	size_t size, used;
};

struct blocks *
blocks_new(struct arena *a)
{
	struct blocks *b = arena_zero(a, 1, sizeof(*b));

	b->arena = a;
	return b;
}

/* See the header; ptr NULL where it would be too short to tell lines apart. */
static struct slice
key_of(struct slice line)
{
	struct slice key = slice_head(line, slice_find(slice_take(line, KEY_BYTES), '"'));

	return key.len < KEY_LEAST ? (struct slice){ NULL, 0 } : key;
}

/* The slot of a key: its line, or the free place where it belongs. */
static size_t
find_slot(const struct blocks *b, struct slice key)
{
	size_t i = hash_of(key) & (b->size - 1);

	while (b->slots[i] && !slice_eq(key_of(b->lines[b->slots[i] - 1].text), key))
		i = (i + 1) & (b->size - 1);
	return i;
}

static void
grow_slots(struct blocks *b)
{
	size_t old_size = b->size, *old = b->slots;

	b->size = old_size ? 2 * old_size : 256;
	b->slots = arena_zero(b->arena, b->size, sizeof(*b->slots));
	for (size_t i = 0; i < old_size; i++)
		if (old[i])
			b->slots[find_slot(b, key_of(b->lines[old[i] - 1].text))] = old[i];
}

static void
add_line(struct blocks *b, struct slice text, bool source)
{
	struct slice key = key_of(text);
	size_t slot;

	b->lines = arena_more(b->arena, b->lines, b->count, &b->room, sizeof(*b->lines));
	b->lines[b->count++] = (struct known){ .text = text, .source = source };
	if (!key.ptr)
		return;
	if (2 * (b->used + 1) > b->size)
		grow_slots(b);
	slot = find_slot(b, key);
	if (!b->slots[slot]) {
		b->slots[slot] = b->count;
		b->used++;
	}
}

/* The first line that has this key, or SIZE_MAX. */
static size_t
first_of(const struct blocks *b, struct slice key)
{
	size_t slot;

	if (!key.ptr || !b->size)
		return SIZE_MAX;
	slot = find_slot(b, key);
	return b->slots[slot] ? b->slots[slot] - 1 : SIZE_MAX;
}

static void
grow_prints(struct blocks_look *b)
{
	uint64_t *old = b->prints;
	size_t old_size = b->size;

	b->size = old_size ? 4 * old_size : 128;
	b->prints = arena_zero(b->arena, b->size, sizeof(*b->prints));
	for (size_t k = 0; k < old_size; k++) {
		size_t i = old[k] & (b->size - 1);

		while (old[k] && b->prints[i])
			i = (i + 1) & (b->size - 1);
		if (old[k])
			b->prints[i] = old[k];
	}
}

/* True if the print is there already. */
static bool
add_print(struct blocks_look *b, uint64_t print)
{
	size_t i;

	if (2 * (b->used + 1) > b->size)
		grow_prints(b);
	for (i = print & (b->size - 1); b->prints[i]; i = (i + 1) & (b->size - 1))
		if (b->prints[i] == print)
			return true;
	b->prints[i] = print;
	b->used++;
	return false;
}

bool
blocks_look(struct blocks_look *b, struct slice text)
{
	while (text.len) {
		struct slice line = slice_take(text, slice_find(text, '\n'));

		text = slice_drop(text, line.len + 1);
		if (slice_ends(line, SLICE("\r")))
			line.len--;
		if (line.len >= KEY_LEAST &&
		    add_print(b, (hash_of(slice_take(line, LOOK_BYTES)) ^ line.len) | 1))
			return true;
	}
	return false;
}

static bool
read_reference(struct slice line, uint64_t *count, struct slice *key)
{
	struct slice head = SLICE("[same "), middle = SLICE(" lines as above, from \"");
	size_t i = head.len;

	*count = 0;
	if (!slice_starts(line, head) || !slice_ends(line, SLICE("\"]")))
		return false;
	while (i < line.len && line.ptr[i] >= '0' && line.ptr[i] <= '9' && i < head.len + 9)
		*count = *count * 10 + (uint64_t)(line.ptr[i++] - '0');
	line = slice_drop(line, i);
	if (i == head.len || !slice_starts(line, middle) || line.len < middle.len + 2)
		return false;
	*key = slice_of(line.ptr + middle.len, line.len - middle.len - 2);
	return slice_find(*key, '"') == key->len;
}

/* Whether the line may be part of a block. */
static bool
plain(const struct line *l)
{
	struct slice key;
	uint64_t n;

	return !(l->flags & (LINE_FENCED | LINE_CODE)) && !read_reference(l->text, &n, &key);
}

/* Lines from i on that stand at `at` too, without blank ones at the end; 0 if they are too few
 * or cut a literal in two. */
static size_t
match(const struct blocks *b, size_t at, const struct lines *lines, size_t i)
{
	size_t n = 0, bytes = 0, quotes[QUOTE_KINDS] = { 0 };
	const struct line *l = lines->list + i;

	/* all lines of a block end alike, so that the ends come back too */
	while (i + n < lines->count && at + n < b->count && b->lines[at + n].source &&
	       plain(&l[n]) && (l[n].end == l[0].end || (!l[n].end && l[0].end == 1)) &&
	       slice_eq(b->lines[at + n].text, l[n].text))
		n++;
	while (n && l[n - 1].flags & LINE_BLANK)
		n--;
	for (size_t k = 0; k < n; k++) {
		bytes += l[k].text.len + l[k].end;
		quotes_count(l[k].text, quotes);
	}
	for (size_t k = 0; k < QUOTE_KINDS; k++)
		if (quotes[k] & 1)
			return 0;
	return n < BLOCK_LINES || bytes < BLOCK_BYTES ? 0 : n;
}

/* What is sent of a text: as it stands until the first reference. */
struct sent {
	struct slice text;
	char *out;
	size_t len;
};

static void
send(struct sent *s, struct slice piece)
{
	if (!s->out)
		return;
	memcpy(s->out + s->len, piece.ptr, piece.len);
	s->len += piece.len;
}

static void
send_reference(
    struct blocks *b, struct sent *s, const struct line *l, size_t n, struct slice key)
{
	const struct line *last = l + n - 1;

	if (!s->out) {
		s->len = (size_t)(l->text.ptr - s->text.ptr);
		s->out = arena_alloc(b->arena, s->text.len + 1);
		memcpy(s->out, s->text.ptr, s->len);
	}
	s->len += (size_t)snprintf(
	    s->out + s->len, s->text.len + 1 - s->len, "[same %zu lines as above, from \"", n);
	send(s, key);
	send(s, SLICE("\"]"));
	send(s, slice_of(last->text.ptr + last->text.len, last->end));
}

struct slice
blocks_fold(struct blocks *b, struct slice text)
{
	struct lines lines = lines_read(text, b->arena);
	struct sent sent = { text, NULL, 0 };

	for (size_t i = 0; i < lines.count;) {
		const struct line *l = &lines.list[i];
		struct slice key =
		    l->flags & LINE_HELD ? (struct slice){ NULL, 0 } : key_of(l->text);
		size_t at = first_of(b, key), n = at == SIZE_MAX ? 0 : match(b, at, &lines, i);

		if (n) {
			send_reference(b, &sent, l, n, key);
			for (size_t k = 0; k < n; k++)
				add_line(b, l[k].text, false);
			i += n;
		} else {
			send(&sent, slice_of(l->text.ptr, l->text.len + l->end));
			add_line(b, l->text, plain(l));
			i++;
		}
	}
	return sent.out ? slice_of(sent.out, sent.len) : text;
}

void
blocks_add(struct blocks *b, struct slice text)
{
	struct lines lines = lines_read(text, b->arena);

	for (size_t i = 0; i < lines.count; i++)
		add_line(b, lines.list[i].text, plain(&lines.list[i]));
}

bool
blocks_referred(struct slice text)
{
	struct slice key;
	uint64_t n;

	while (text.len) {
		struct slice line = slice_drop(text, slice_search(text, SLICE("[same ")));

		if (!line.len)
			return false;
		text = slice_drop(line, 6);
		line = slice_take(line, slice_find(line, '\n'));
		if (slice_ends(line, SLICE("\r")))
			line.len--;
		if (read_reference(line, &n, &key))
			return true;
	}
	return false;
}

/* The n lines at `at`, with ends between them and after the last. */
static bool
expand_one(struct blocks *b, struct buf *out, size_t at, size_t n, const struct line *l)
{
	struct slice end = slice_of(l->text.ptr + l->text.len, l->end);

	if (at == SIZE_MAX || n > b->count - at)
		return false;
	for (size_t k = 0; k < n; k++) {
		if (!b->lines[at + k].source || out->len > BLOCKS_EXPANDED)
			return false;
		if (k)
			buf_add(out, end.len ? end : SLICE("\n"));
		buf_add(out, b->lines[at + k].text);
	}
	buf_add(out, end);
	for (size_t k = 0; k < n; k++)
		add_line(b, b->lines[at + k].text, false);
	return true;
}

bool
blocks_expand(struct blocks *b, struct slice text, struct slice *out)
{
	struct lines lines = lines_read(text, b->arena);
	struct buf result = { 0 };
	bool fine = true;

	for (size_t i = 0; i < lines.count && fine; i++) {
		const struct line *l = &lines.list[i];
		struct slice key;
		uint64_t n;

		if (read_reference(l->text, &n, &key)) {
			fine = expand_one(b, &result, first_of(b, key), (size_t)n, l);
			continue;
		}
		buf_add(&result, slice_of(l->text.ptr, l->text.len + l->end));
		add_line(b, l->text, true); /* its surroundings tell less than they did */
	}
	*out = arena_copy(b->arena, buf_slice(&result));
	buf_free(&result);
	return fine;
}
