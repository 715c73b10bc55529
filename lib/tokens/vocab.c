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

struct slice
vocab_bytes(const struct vocab *v, uint32_t id)
{
	if (id >= v->head.tokens)
		return slice_of(NULL, 0);
	return slice_of((const char *)v->bytes + v->start[id], v->start[id + 1] - v->start[id]);
}

uint32_t
vocab_find(const struct vocab *v, struct slice bytes)
{
	uint64_t hash = vocab_hash_bytes(bytes);
	uint32_t at = vocab_slot(hash, v->head.known), tag = (uint32_t)hash >> 18, slot;

	if (bytes.len > v->head.longest)
		return VOCAB_NONE;
	while ((slot = v->known[at]) != VOCAB_NONE) {
		uint32_t id = slot & (VOCAB_MOST - 1);

		if (slot >> 18 == tag && slice_eq(vocab_bytes(v, id), bytes))
			return id;
		at = at + 1 == v->head.known ? 0 : at + 1;
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

uint32_t
vocab_longest(const struct vocab *v, struct slice text)
{
	size_t len = text.len < v->head.longest ? text.len : v->head.longest;

	for (; len > 1; len--) {
		uint32_t id = vocab_find(v, slice_take(text, len));

		if (id != VOCAB_NONE && v->left[id] != VOCAB_NONE)
			return id;
	}
	return len ? v->of_byte[(uint8_t)text.ptr[0]] : VOCAB_NONE;
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
	v->table = take(image, &at, h->table, sizeof *v->table);
	v->known = take(image, &at, h->known, 4);
	v->moved = take(image, &at, h->moved, 2);
	v->pair = take(image, &at, h->pairs, 8);
	v->of_byte = take(image, &at, 256, 4);
	v->of_two = take(image, &at, 65536, 4);
	v->of_char = take(image, &at, 65536, 4);
	v->shift = 64 - (unsigned)__builtin_ctz(h->pairs);
	v->start = take(image, &at, (size_t)h->tokens + 1, 4);
	v->left = take(image, &at, h->tokens, 4);
	v->right = take(image, &at, h->tokens, 4);
	v->bytes = take(image, &at, h->bytes, 1);
	return v->bytes != NULL;
}
