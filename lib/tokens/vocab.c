/* SPDX-License-Identifier: MIT */
#include "tokens/vocab.h"

uint64_t
vocab_hash_bytes(struct slice s)
{
	uint64_t h = s.len, word;

	for (; s.len >= 8; s = slice_drop(s, 8)) {
		memcpy(&word, s.ptr, 8);
		h = vocab_hash(word, h);
	}
	word = 0;
	memcpy(&word, s.ptr, s.len);
	return vocab_hash(word, h);
}

uint32_t
vocab_long_slot(struct slice s, uint32_t size)
{
	return vocab_slot(vocab_hash_bytes(s), size);
}

uint64_t
vocab_pair_hash(uint32_t left, uint32_t right)
{
	return vocab_hash((uint64_t)left << 32 | right, 0);
}

struct slice
vocab_bytes(const struct vocab *v, uint32_t id)
{
	if (id >= v->head.tokens)
		return slice_of(NULL, 0);
	return slice_of((const char *)v->bytes + v->start[id], v->start[id + 1] - v->start[id]);
}

static uint32_t
find_long(const struct vocab *v, struct slice bytes)
{
	uint32_t at;

	if (bytes.len > v->head.longest)
		return VOCAB_NONE;
	at = vocab_long_slot(bytes, v->head.longs);
	while (v->longs[at] != VOCAB_NONE) {
		if (slice_eq(vocab_bytes(v, v->longs[at]), bytes))
			return v->longs[at];
		at = at + 1 == v->head.longs ? 0 : at + 1;
	}
	return VOCAB_NONE;
}

uint32_t
vocab_find(const struct vocab *v, struct slice bytes)
{
	uint64_t low, high;

	if (bytes.len > VOCAB_INLINE)
		return find_long(v, bytes);
	vocab_key(bytes.ptr, bytes.len, &low, &high);
	return vocab_find_key(v, vocab_line_of(v, low, high), low, high);
}

uint32_t
vocab_pair(const struct vocab *v, uint32_t left, uint32_t right)
{
	uint64_t hash = vocab_pair_hash(left, right);
	uint32_t at = vocab_slot(hash, v->head.pairs), tag = (uint32_t)hash >> 18, slot;

	while ((slot = v->pair[at]) != VOCAB_NONE) {
		uint32_t id = slot & (VOCAB_MOST - 1);

		if (slot >> 18 == tag && v->left[id] == left && v->right[id] == right)
			return id;
		at = at + 1 == v->head.pairs ? 0 : at + 1;
	}
	return VOCAB_NONE;
}

/* Runs the merges backwards in time: the one that was made last is undone first, and at each
 * moment the pair at the seam must not have been the next to merge. Of equal ranks the left
 * one merges first. */
bool
vocab_stays(const struct vocab *v, uint32_t left, uint32_t right)
{
	uint32_t before =
	    VOCAB_NONE; /* a merge at the seam of a lower rank would have come first */

	for (;;) {
		uint32_t merged = vocab_pair(v, left, right);
		bool left_made = v->left[left] != VOCAB_NONE;
		bool right_made = v->left[right] != VOCAB_NONE;

		if (merged < before)
			return false;
		if (left_made && (!right_made || left > right)) {
			before = left;
			left = v->right[left];
		} else if (right_made) {
			before = right + 1;
			right = v->left[right];
		} else {
			return true;
		}
	}
}

static uint32_t
child(const struct vocab *v, uint32_t node, uint8_t byte)
{
	uint32_t low = v->first[node], high = v->first[node + 1];

	while (high - low > 8) {
		uint32_t middle = low + (high - low) / 2;

		if (v->label[middle] <= byte)
			low = middle;
		else
			high = middle;
	}
	for (; low < high; low++)
		if (v->label[low] == byte)
			return low;
	return VOCAB_NONE;
}

uint32_t
vocab_longest(const struct vocab *v, struct slice text)
{
	uint32_t node =
	    1 + (uint8_t)text.ptr[0]; /* every byte is a token and a child of node 0 */
	uint32_t best = v->ends[node];

	for (size_t i = 1; i < text.len; i++) {
		node = child(v, node, (uint8_t)text.ptr[i]);
		if (node == VOCAB_NONE)
			break;
		if (v->ends[node] != VOCAB_NONE)
			best = v->ends[node];
	}
	return best;
}

/* The next array of the image; NULL, and *at past every end, where it is too short. */
static const void *
take(struct slice image, size_t *at, size_t count, size_t size)
{
	size_t here = *at;

	if (here > image.len || count * size > image.len - here) {
		*at = SIZE_MAX;
		return NULL;
	}
	*at += (count * size + 63) & ~(size_t)63;
	return image.ptr + here;
}

bool
vocab_open(struct vocab *v, struct slice image)
{
	struct vocab_header *h = &v->head;
	size_t at = VOCAB_HEADER;

	if (image.len < at || (uintptr_t)image.ptr % 64)
		return false;
	memcpy(h, image.ptr, sizeof *h);
	if (memcmp(h->magic, VOCAB_MAGIC, sizeof h->magic) != 0)
		return false;
	v->line = take(image, &at, h->lines, sizeof *v->line);
	v->longs = take(image, &at, h->longs, 4);
	v->pair = take(image, &at, h->pairs, 4);
	v->start = take(image, &at, (size_t)h->tokens + 1, 4);
	v->left = take(image, &at, h->tokens, 4);
	v->right = take(image, &at, h->tokens, 4);
	v->prefix = take(image, &at, h->tokens, 4);
	v->first = take(image, &at, (size_t)h->nodes + 1, 4);
	v->ends = take(image, &at, h->nodes, 4);
	v->label = take(image, &at, h->nodes, 1);
	v->bytes = take(image, &at, h->bytes, 1);
	return v->bytes != NULL;
}
