/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "tokens/vocab.h"

/* The arrays of a vocabulary while they are made; v reads them at the same time. */
struct making {
	const struct slice *tokens;
	uint32_t count;
	struct vocab v;
	struct vocab_line *line;
	uint32_t *longs, *pair, *start, *left, *right, *prefix, *first, *ends;
	uint8_t *label;
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
	uint32_t longs = 0;

	memcpy(h->magic, VOCAB_MAGIC, sizeof h->magic);
	h->tokens = m->count;
	m->start = numbers((size_t)m->count + 1, 0);
	for (uint32_t i = 0; i < m->count; i++) {
		size_t len = m->tokens[i].len;

		if (len == 0)
			return refuse(m, "is empty", i);
		if (len > VOCAB_LONGEST)
			return refuse(m, "is longer than 255 bytes", i);
		longs += len > VOCAB_INLINE;
		if (len > h->longest)
			h->longest = (uint32_t)len;
		m->start[i] = h->bytes;
		h->bytes += (uint32_t)len;
	}
	m->start[m->count] = h->bytes;
	h->lines = (m->count - longs) * 5 / 12 + 1; /* 0.8 of three a line */
	h->longs = longs * 2 + 1;
	h->pairs = m->count * 5 / 3 + 1; /* 0.6 full */
	m->bytes = mem_alloc(h->bytes);
	for (uint32_t i = 0; i < m->count; i++)
		memcpy(m->bytes + m->start[i], m->tokens[i].ptr, m->tokens[i].len);
	return true;
}

static void
place_short(struct making *m, uint32_t id)
{
	uint64_t low, high;
	uint32_t at;

	vocab_key(m->tokens[id].ptr, m->tokens[id].len, &low, &high);
	at = vocab_line_of(&m->v, low, high);
	for (;;) {
		struct vocab_line *line = &m->line[at];

		for (int i = 0; i < 3; i++) {
			if (line->id[i] == VOCAB_NONE) {
				line->low[i] = low;
				line->high[i] = high;
				line->id[i] = id;
				return;
			}
		}
		line->spilled = 1;
		at = at + 1 == m->v.head.lines ? 0 : at + 1;
	}
}

/* Fills the two tables that find a token by its bytes. */
static bool
place_all(struct making *m)
{
	struct vocab *v = &m->v;

	m->line = mem_zero(v->head.lines * sizeof *m->line);
	m->longs = numbers(v->head.longs, VOCAB_NONE);
	for (uint32_t i = 0; i < v->head.lines; i++)
		for (int k = 0; k < 3; k++)
			m->line[i].id[k] = VOCAB_NONE;
	v->line = m->line;
	v->longs = m->longs;
	v->start = m->start;
	v->bytes = (const uint8_t *)m->bytes;
	for (uint32_t id = 0; id < m->count; id++) {
		if (vocab_find(v, m->tokens[id]) != VOCAB_NONE)
			return refuse(m, "stands twice", id);
		if (m->tokens[id].len <= VOCAB_INLINE) {
			place_short(m, id);
		} else {
			uint32_t at = vocab_long_slot(m->tokens[id], v->head.longs);

			while (m->longs[at] != VOCAB_NONE)
				at = at + 1 == v->head.longs ? 0 : at + 1;
			m->longs[at] = id;
		}
	}
	for (int byte = 0; byte < 256; byte++) {
		char c = (char)byte;

		if (vocab_find(v, slice_of(&c, 1)) == VOCAB_NONE)
			return refuse(m, "lacks a token for each byte", VOCAB_NONE);
	}
	return true;
}

/* Merges the bytes of one token as the reference does (lowest rank first, then leftmost), and
 * records the last merge. A token that is never reached this way keeps no parts. */
static bool
split(struct making *m, uint32_t id)
{
	uint16_t cut[VOCAB_LONGEST + 1]; /* symbol i is the bytes from cut[i] to cut[i + 1] */
	struct slice s = m->tokens[id];
	uint32_t symbols = (uint32_t)s.len;

	for (uint32_t i = 0; i <= symbols; i++)
		cut[i] = (uint16_t)i;
	while (symbols > 1) {
		uint32_t lowest = VOCAB_NONE, where = 0;

		for (uint32_t i = 0; i + 2 <= symbols; i++) {
			size_t len = (size_t)(cut[i + 2] - cut[i]);
			uint32_t rank = vocab_find(&m->v, slice_of(s.ptr + cut[i], len));

			if (rank < lowest) {
				lowest = rank;
				where = i;
			}
		}
		if (lowest == VOCAB_NONE)
			return true; /* out of reach */
		if (symbols == 2) {
			m->left[id] = vocab_find(&m->v, slice_take(s, cut[1]));
			m->right[id] = vocab_find(&m->v, slice_drop(s, cut[1]));
			if (m->left[id] >= id && m->tokens[m->left[id]].len > 1)
				return refuse(m, "has a lower rank than its parts", id);
			if (m->right[id] >= id && m->tokens[m->right[id]].len > 1)
				return refuse(m, "has a lower rank than its parts", id);
		}
		symbols--;
		memmove(&cut[where + 1], &cut[where + 2], (symbols - where) * sizeof *cut);
	}
	return true;
}

static bool
split_all(struct making *m)
{
	struct vocab *v = &m->v;

	m->left = numbers(m->count, VOCAB_NONE);
	m->right = numbers(m->count, VOCAB_NONE);
	m->pair = numbers(v->head.pairs, VOCAB_NONE);
	for (uint32_t id = 0; id < m->count; id++) {
		uint64_t hash;
		uint32_t at;

		if (!split(m, id))
			return false;
		if (m->left[id] == VOCAB_NONE)
			continue;
		hash = vocab_pair_hash(m->left[id], m->right[id]);
		at = vocab_slot(hash, v->head.pairs);
		while (m->pair[at] != VOCAB_NONE)
			at = at + 1 == v->head.pairs ? 0 : at + 1;
		m->pair[at] = ((uint32_t)hash >> 18) << 18 | id;
	}
	return true;
}

/* Tokens in the order of their bytes, for the trie. */
struct leaf {
	struct slice bytes;
	uint32_t id;
};

static int
by_bytes(const void *a, const void *b)
{
	const struct leaf *x = a, *y = b;

	return slice_cmp(x->bytes, y->bytes);
}

/* The leaves below a node; depth bytes of them are the way to it. */
struct range {
	uint32_t from, to, depth;
	uint32_t above; /* the token nearest above this node */
};

/* One node after another, level by level, so that the children of each stand side by side. */
static void
grow_trie(struct making *m, const struct leaf *leaf, uint32_t leaves)
{
	size_t room = (size_t)m->v.head.bytes + 1;
	struct range *range = mem_grow(NULL, room, sizeof *range);
	uint32_t nodes = 1;

	m->first = numbers(room + 1, 0);
	m->ends = numbers(room, VOCAB_NONE);
	m->label = mem_zero(room);
	range[0] = (struct range){ 0, leaves, 0, VOCAB_NONE };
	for (uint32_t node = 0; node < nodes; node++) {
		struct range r = range[node];

		m->first[node] = nodes;
		if (r.from < r.to && leaf[r.from].bytes.len == r.depth) {
			m->ends[node] = leaf[r.from].id;
			m->prefix[m->ends[node]] = r.above;
			r.above = leaf[r.from++].id;
		}
		while (r.from < r.to) {
			char byte = leaf[r.from].bytes.ptr[r.depth];
			uint32_t from = r.from;

			while (r.from < r.to && leaf[r.from].bytes.ptr[r.depth] == byte)
				r.from++;
			range[nodes] = (struct range){ from, r.from, r.depth + 1, r.above };
			m->label[nodes++] = (uint8_t)byte;
		}
	}
	m->first[nodes] = nodes;
	m->v.head.nodes = nodes;
	free(range);
}

static void
make_trie(struct making *m)
{
	struct leaf *leaf = mem_grow(NULL, m->count, sizeof *leaf);
	uint32_t leaves = 0;

	m->prefix = numbers(m->count, VOCAB_NONE);
	for (uint32_t id = 0; id < m->count; id++)
		if (m->left[id] != VOCAB_NONE || m->tokens[id].len == 1)
			leaf[leaves++] = (struct leaf){ m->tokens[id], id };
	qsort(leaf, leaves, sizeof *leaf, by_bytes);
	grow_trie(m, leaf, leaves);
	free(leaf);
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
	size_t size = VOCAB_HEADER + sizeof *m->line * h->lines + sizeof *m->longs * h->longs +
		      sizeof *m->pair * h->pairs +
		      4 * sizeof *m->start * ((size_t)h->tokens + 1) +
		      9 * ((size_t)h->nodes + 1) + h->bytes + 64 * 12;
	char *image, *to;

	*memory = mem_zero(size + 64);
	image = (char *)*memory + (64 - (uintptr_t)*memory % 64) % 64;
	memcpy(image, h, sizeof *h);
	to = image + VOCAB_HEADER;
	put(&to, m->line, h->lines, sizeof *m->line);
	put(&to, m->longs, h->longs, 4);
	put(&to, m->pair, h->pairs, 4);
	put(&to, m->start, (size_t)h->tokens + 1, 4);
	put(&to, m->left, h->tokens, 4);
	put(&to, m->right, h->tokens, 4);
	put(&to, m->prefix, h->tokens, 4);
	put(&to, m->first, (size_t)h->nodes + 1, 4);
	put(&to, m->ends, h->nodes, 4);
	put(&to, m->label, h->nodes, 1);
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
	if (good && split_all(&m)) {
		make_trie(&m);
		*image = write_image(&m, memory);
	} else {
		good = false;
		*why = m.why;
		*which = m.which;
	}
	free(m.line);
	free(m.longs);
	free(m.pair);
	free(m.start);
	free(m.left);
	free(m.right);
	free(m.prefix);
	free(m.first);
	free(m.ends);
	free(m.label);
	free(m.bytes);
	return good;
}
