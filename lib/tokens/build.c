/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "tokens/build_pairs.h"
#include "tokens/utf8.h"
#include "tokens/vocab.h"

/* The arrays of a vocabulary while they are made; v reads them at the same time. */
struct making {
	const struct slice *tokens;
	uint32_t count;
	struct vocab v;
	struct table_line *table;
	uint64_t *pair;
	uint16_t *moved;
	uint32_t *known, *of_byte, *of_two, *of_char, *start, *left, *right;
	char *bytes;
	const char *why;
	uint32_t which;
};

static bool
refuse(struct making *m, const char *why, uint32_t which)
{
	m->why = why;
	m->which = which;
	return false;
}

static uint32_t *
numbers(size_t count, uint32_t value)
{
	uint32_t *array = mem_grow(NULL, count, sizeof *array);

	for (size_t i = 0; i < count; i++)
		array[i] = value;
	return array;
}

static bool
measure(struct making *m)
{
	struct vocab_header *h = &m->v.head;

	memcpy(h->magic, VOCAB_MAGIC, sizeof h->magic);
	h->tokens = m->count;
	m->start = numbers((size_t)m->count + 1, 0);
	for (uint32_t i = 0; i < m->count; i++) {
		size_t len = m->tokens[i].len;

		if (len == 0)
			return refuse(m, "is empty", i);
		if (len > VOCAB_LONGEST)
			return refuse(m, "is longer than 255 bytes", i);
		if (len > h->longest)
			h->longest = (uint32_t)len;
		m->start[i] = h->bytes;
		h->bytes += (uint32_t)len;
	}
	m->start[m->count] = h->bytes;
	h->known = m->count * 4 / 3 + 1;
	h->pairs = 64;
	while (h->pairs * 4 < m->count * 5) /* at most 0.8 full */
		h->pairs *= 2;
	h->moved = h->pairs / 4;
	m->bytes = mem_alloc(h->bytes);
	for (uint32_t i = 0; i < m->count; i++)
		memcpy(m->bytes + m->start[i], m->tokens[i].ptr, m->tokens[i].len);
	return true;
}

/* Fills the table that finds a token by its bytes. */
static bool
place_all(struct making *m)
{
	struct vocab *v = &m->v;

	v->known = m->known = numbers(v->head.known, VOCAB_NONE);
	v->of_byte = m->of_byte = numbers(256, VOCAB_NONE);
	v->start = m->start;
	v->bytes = (const uint8_t *)m->bytes;
	for (uint32_t id = 0; id < m->count; id++) {
		uint64_t hash = vocab_hash_bytes(m->tokens[id]);
		uint32_t at = vocab_slot(hash, v->head.known);

		if (vocab_find(v, m->tokens[id]) != VOCAB_NONE)
			return refuse(m, "stands twice", id);
		while (m->known[at] != VOCAB_NONE)
			at = at + 1 == v->head.known ? 0 : at + 1;
		m->known[at] = ((uint32_t)hash >> 18) << 18 | id;
	}
	for (int byte = 0; byte < 256; byte++) {
		char c = (char)byte;

		m->of_byte[byte] = vocab_find(v, slice_of(&c, 1));
		if (m->of_byte[byte] == VOCAB_NONE)
			return refuse(m, "lacks a token for each byte", VOCAB_NONE);
	}
	return true;
}

static bool
is_number(struct slice s)
{
	bool digits = s.len <= 3;

	for (size_t i = 0; i < s.len && digits; i++)
		digits = s.ptr[i] >= '0' && s.ptr[i] <= '9';
	return digits;
}

/* A piece that is a token is one token. What finds no room goes to the line beside, where it is
 * found once it is copied, or is left to the slow way: the later a token, the rarer it is. */
static void
seed(struct making *m)
{
	unsigned bits = 1;
	struct table t;

	while ((uint64_t)7 << bits < (uint64_t)2 * m->count)
		bits++;
	m->v.head.table = (uint32_t)1 << bits;
	m->table = mem_zero(sizeof *m->table << bits);
	t = (struct table){ m->table, 64 - bits };
	for (uint32_t id = 0; id < m->count; id++) {
		struct table_key k =
		    table_key((const unsigned char *)m->tokens[id].ptr, m->tokens[id].len);
		uint32_t at = table_line_of(&t, k);

		m->v.head.numbers += is_number(m->tokens[id]);
		if (m->tokens[id].len > TABLE_BYTES ||
		    utf8_valid(m->tokens[id]) < m->tokens[id].len)
			continue;
		k.high |= (uint64_t)1 << 56;
		if (!table_put(&m->table[at], k))
			table_put(&m->table[at ^ 1], k);
	}
}

/* A token while its bytes are merged: symbol i is those from cut[i] to cut[i + 1], and rank[i]
 * what it would merge to with the next one. */
struct symbols {
	uint16_t cut[VOCAB_LONGEST + 1];
	uint32_t rank[VOCAB_LONGEST];
	uint32_t count;
};

static void
rank_symbol(const struct making *m, struct slice s, struct symbols *y, uint32_t i)
{
	if (i + 1 < y->count)
		y->rank[i] = vocab_find(
		    &m->v, slice_of(s.ptr + y->cut[i], (size_t)(y->cut[i + 2] - y->cut[i])));
}

static bool
set_parts(struct making *m, uint32_t id, uint32_t cut)
{
	struct slice s = m->tokens[id];
	uint32_t left = vocab_find(&m->v, slice_take(s, cut));
	uint32_t right = vocab_find(&m->v, slice_drop(s, cut));

	m->left[id] = left;
	m->right[id] = right;
	if ((left >= id && m->tokens[left].len > 1) ||
	    (right >= id && m->tokens[right].len > 1))
		return refuse(m, "has a lower rank than its parts", id);
	return true;
}

/* Merges the bytes of one token as the reference does (lowest rank first, then leftmost), and
 * records the last merge. A token that is never reached this way keeps no parts. */
static bool
split(struct making *m, uint32_t id)
{
	struct slice s = m->tokens[id];
	struct symbols y;

	y.count = (uint32_t)s.len;
	for (uint32_t i = 0; i <= y.count; i++)
		y.cut[i] = (uint16_t)i;
	for (uint32_t i = 0; i + 1 < y.count; i++)
		rank_symbol(m, s, &y, i);
	while (y.count > 2) {
		uint32_t where = 0;

		for (uint32_t i = 1; i + 1 < y.count; i++)
			if (y.rank[i] < y.rank[where])
				where = i;
		if (y.rank[where] == VOCAB_NONE)
			return true; /* out of reach */
		y.count--;
		memmove(
		    &y.cut[where + 1], &y.cut[where + 2], (y.count - where) * sizeof *y.cut);
		memmove(&y.rank[where], &y.rank[where + 1], (y.count - where) * sizeof *y.rank);
		rank_symbol(m, s, &y, where);
		if (where)
			rank_symbol(m, s, &y, where - 1);
	}
	return y.count < 2 || set_parts(m, id, y.cut[1]);
}

static bool
split_all(struct making *m)
{
	m->left = numbers(m->count, VOCAB_NONE);
	m->right = numbers(m->count, VOCAB_NONE);
	for (uint32_t id = 0; id < m->count; id++) {
		if (!split(m, id))
			return false;
		m->v.head.apart += m->left[id] == VOCAB_NONE && m->tokens[id].len > 1;
	}
	return true;
}

/* What two bytes and what a character merge to. */
static void
place_chars(struct making *m)
{
	m->of_two = numbers(65536, VOCAB_NONE);
	m->of_char = numbers(65536, VOCAB_NONE);
	for (uint32_t id = 0; id < m->count; id++) {
		const unsigned char *p = (const unsigned char *)m->tokens[id].ptr;
		size_t len = m->tokens[id].len;

		if (m->left[id] == VOCAB_NONE)
			continue;
		if (len == 2)
			m->of_two[p[0] << 8 | p[1]] = id;
		if (utf8_valid(m->tokens[id]) < len)
			continue;
		if (len == 2 && p[0] >= 0xc0)
			m->of_char[(p[0] & 0x1f) << 6 | (p[1] & 0x3f)] = id;
		if (len == 3 && p[0] >= 0xe0)
			m->of_char[(p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f)] =
			    id;
	}
}

static void
put(char **to, const void *array, size_t count, size_t size)
{
	memcpy(*to, array, count * size);
	*to += (count * size + 63) & ~(size_t)63;
}

static struct slice
write_image(const struct making *m, void **memory)
{
	const struct vocab_header *h = &m->v.head;
	size_t size = VOCAB_HEADER + sizeof *m->table * h->table + (size_t)4 * h->known +
		      (size_t)8 * h->pairs + (size_t)2 * h->moved + 4 * (256 + 2 * 65536) +
		      3 * sizeof *m->start * ((size_t)h->tokens + 1) + h->bytes + 64 * 16;
	char *image, *to;

	*memory = mem_zero(size + 64);
	image = (char *)*memory + (64 - (uintptr_t)*memory % 64) % 64;
	memcpy(image, h, sizeof *h);
	to = image + VOCAB_HEADER;
	put(&to, m->table, h->table, sizeof *m->table);
	put(&to, m->known, h->known, 4);
	put(&to, m->moved, h->moved, 2);
	put(&to, m->pair, h->pairs, 8);
	put(&to, m->of_byte, 256, 4);
	put(&to, m->of_two, 65536, 4);
	put(&to, m->of_char, 65536, 4);
	put(&to, m->start, (size_t)h->tokens + 1, 4);
	put(&to, m->left, h->tokens, 4);
	put(&to, m->right, h->tokens, 4);
	put(&to, m->bytes, h->bytes, 1);
	return slice_of(image, (size_t)(to - image));
}

bool
vocab_build(const struct slice *tokens, uint32_t count, void **memory, struct slice *image,
    const char **why, uint32_t *which)
{
	struct making m = { .tokens = tokens, .count = count };
	bool good = count < VOCAB_MOST || refuse(&m, "has too many tokens", VOCAB_NONE);

	good = good && measure(&m) && place_all(&m);
	good = good && split_all(&m);
	if (good) {
		place_chars(&m);
		good = build_pairs(&m.v.head, m.left, m.right, &m.moved, &m.pair) ||
		       refuse(&m, "has merges that no table takes", VOCAB_NONE);
		seed(&m);
		if (good)
			*image = write_image(&m, memory);
	}
	if (!good) {
		*why = m.why;
		*which = m.which;
	}
	free(m.table);
	free(m.known);
	free(m.of_byte);
	free(m.of_two);
	free(m.of_char);
	free(m.moved);
	free(m.pair);
	free(m.start);
	free(m.left);
	free(m.right);
	free(m.bytes);
	return good;
}
