/* SPDX-License-Identifier: MIT */
#include "meaning/vocabulary.h"

#include <stdlib.h>

#include "base/mem.h"

#define MAGIC 0x31504357u /* "WCP1" */
#define HEADER 8

/* The high bits of FNV are poor: one more mix before they choose a slot. */
static uint32_t
mix(uint32_t hash)
{
	hash ^= hash >> 15;
	hash *= 0x2c1b3c6du;
	return hash ^ hash >> 13;
}

static uint32_t
first_slot(uint32_t mixed, uint32_t slots)
{
	return (uint32_t)((uint64_t)mixed * slots >> 32);
}

static uint32_t
hash_text(struct slice text)
{
	uint32_t hash = VOCABULARY_HASH;

	for (size_t i = 0; i < text.len; i++)
		hash = vocabulary_hash(hash, text.ptr[i]);
	return hash;
}

static struct slice
vocabulary_text(const struct vocabulary *v, uint32_t id)
{
	return slice_of(v->text + v->start[id], v->start[id + 1] - v->start[id]);
}

int64_t
vocabulary_find(const struct vocabulary *v, uint32_t hash, struct slice head, struct slice tail)
{
	uint32_t mixed = mix(hash), at = first_slot(mixed, v->slots), slot;

	for (; (slot = v->slot[at]) != 0; at = at + 1 == v->slots ? 0 : at + 1) {
		struct slice text;

		if ((slot ^ mixed << 20) >> 20)
			continue;
		text = vocabulary_text(v, (slot & 0xfffff) - 1);
		if (text.len == head.len + tail.len && slice_starts(text, head) &&
		    slice_eq(slice_drop(text, head.len), tail))
			return (slot & 0xfffff) - 1;
	}
	return -1;
}

void
vocabulary_map(struct slice image, struct vocabulary *v)
{
	const uint32_t *word = (const uint32_t *)(const void *)image.ptr;

	*v = (struct vocabulary){
		.count = word[1],
		.slots = word[2],
		.longest = word[3],
		.unknown = word[4],
		.start = word + HEADER,
		.slot = word + HEADER + word[1] + 1,
		.text = (const char *)(word + HEADER + word[1] + 1 + word[2]),
	};
}

static uint32_t
count_lines(struct slice lines)
{
	uint32_t n = 0;

	while (lines.len) {
		lines = slice_drop(lines, slice_find(lines, '\n') + 1);
		n += n < UINT32_MAX;
	}
	return n;
}

static void
put(uint32_t *slot, uint32_t slots, uint32_t mixed, uint32_t id)
{
	uint32_t at = first_slot(mixed, slots);

	while (slot[at])
		at = at + 1 == slots ? 0 : at + 1;
	slot[at] = mixed << 20 | (id + 1);
}

/* Fills the image whose header has the counts. false: two lines are equal. */
static bool
fill(uint32_t *word, struct slice lines)
{
	uint32_t *start = word + HEADER, *slot = start + word[1] + 1, at = 0;
	char *text = (char *)(slot + word[2]);
	struct vocabulary v;

	vocabulary_map(slice_of((const char *)word, 0), &v);
	for (uint32_t id = 0; id < word[1]; id++) {
		struct slice token = slice_take(lines, slice_find(lines, '\n'));
		uint32_t hash;

		lines = slice_drop(lines, token.len + 1);
		if (slice_ends(token, SLICE("\r")))
			token.len--;
		start[id] = at;
		start[id + 1] = at + (uint32_t)token.len;
		if (!token.len) /* an id that no text has */
			continue;
		hash = hash_text(token);
		if (vocabulary_find(&v, hash, token, SLICE("")) >= 0)
			return false;
		memcpy(text + at, token.ptr, token.len);
		at += (uint32_t)token.len;
		word[3] = token.len > word[3] ? (uint32_t)token.len : word[3];
		put(slot, word[2], mix(hash), id);
	}
	return true;
}

bool
vocabulary_build(struct slice lines, struct slice *image, const char **why)
{
	uint32_t count = count_lines(lines), slots = count + count / 2 + 1, *word;
	size_t size = (HEADER + (size_t)count + 1 + slots) * sizeof *word + lines.len;
	struct vocabulary v;
	int64_t unknown;

	*why = "no vocabulary";
	if (!count || count > VOCABULARY_MOST || lines.len > UINT32_MAX / 2)
		return false;
	word = mem_zero(size);
	word[0] = MAGIC;
	word[1] = count;
	word[2] = slots;
	*image = slice_of((const char *)word, size);
	*why = "a token of the vocabulary is there twice";
	if (!fill(word, lines))
		goto bad;
	vocabulary_map(*image, &v);
	unknown = vocabulary_find(&v, hash_text(SLICE("[UNK]")), SLICE("[UNK]"), SLICE(""));
	*why = "the vocabulary has no [UNK]";
	if (unknown < 0)
		goto bad;
	word[4] = (uint32_t)unknown;
	return true;
bad:
	free(word);
	*image = slice_of(NULL, 0);
	return false;
}
