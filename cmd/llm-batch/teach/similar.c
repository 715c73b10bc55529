/* SPDX-License-Identifier: MIT */
#include "similar.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "text/unicode.h"

#define BANDS 16
#define ROWS (SIMILAR_VALUES / BANDS)

struct similar {
	struct hash_map bands; /* band number and values to the first chain entry */
	size_t *first;         /* by index of bands: entry + 1 */
	size_t *next;          /* by entry (text * BANDS + band): entry + 1, or 0 */
	uint32_t *values;
	size_t count, room;
};

struct similar *
similar_open(void)
{
	return mem_zero(sizeof(struct similar));
}

/* Fixed, unlike hash_of: what is a duplicate must not depend on the process. */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t
word_hash(struct slice word)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < word.len; i++)
		h = (h ^ (unsigned char)word.ptr[i]) * UINT64_C(0x100000001b3);
	return mix(h);
}

static void
take(uint32_t values[SIMILAR_VALUES], uint64_t run)
{
	for (unsigned i = 0; i < SIMILAR_VALUES; i++) {
		uint32_t v = (uint32_t)(mix(run + i * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

		if (v < values[i])
			values[i] = v;
	}
}

static void
signature(struct slice text, uint32_t values[SIMILAR_VALUES], struct arena *a)
{
	struct slice rest = unicode_fold(text, a), word;
	uint64_t one = 1, two = 2;
	size_t words = 0;

	memset(values, 0xff, SIMILAR_VALUES * sizeof(*values));
	while (unicode_word(&rest, &word)) {
		uint64_t three = word_hash(word);

		if (++words >= 3)
			take(values, mix(mix(one) + two) + three);
		one = two;
		two = three;
	}
	/* fewer than three words are one run */
	if (words < 3)
		take(values, mix(one) + two + words);
}

static double
alike(const uint32_t *a, const uint32_t *b)
{
	unsigned same = 0;

	for (unsigned i = 0; i < SIMILAR_VALUES; i++)
		same += a[i] == b[i];
	return (double)same / SIMILAR_VALUES;
}

static struct slice
band_key(unsigned band, const uint32_t *values, uint32_t key[ROWS + 1])
{
	key[0] = band;
	memcpy(key + 1, values + (size_t)band * ROWS, ROWS * sizeof(*values));
	return slice_of((const char *)key, (ROWS + 1) * sizeof(*key));
}

static void
insert(struct similar *s, const uint32_t *values)
{
	if (s->count == s->room) {
		s->room = s->room ? 2 * s->room : 256;
		s->values = mem_grow(s->values, s->room * SIMILAR_VALUES, sizeof(*s->values));
		s->next = mem_grow(s->next, s->room * BANDS, sizeof(*s->next));
	}
	memcpy(s->values + s->count * SIMILAR_VALUES, values, SIMILAR_VALUES * sizeof(*values));
	for (unsigned b = 0; b < BANDS; b++) {
		size_t entry = s->count * BANDS + b, i;
		uint32_t key[ROWS + 1];
		bool added;

		i = hash_map_add(&s->bands, band_key(b, values, key), &added);
		if (added && !(i & (i - 1)))
			s->first = mem_grow(s->first, i ? 2 * i : 1, sizeof(*s->first));
		s->next[entry] = added ? 0 : s->first[i];
		s->first[i] = entry + 1;
	}
	s->count++;
}

double
similar_add(struct similar *s, struct slice text, bool add, struct arena *a)
{
	uint32_t values[SIMILAR_VALUES];
	double most = 0;

	signature(text, values, a);
	for (unsigned b = 0; b < BANDS; b++) {
		uint32_t key[ROWS + 1];
		size_t i = hash_map_find(&s->bands, band_key(b, values, key));

		if (i == SIZE_MAX)
			continue;
		for (size_t entry = s->first[i]; entry; entry = s->next[entry - 1]) {
			double d =
			    alike(values, s->values + (entry - 1) / BANDS * SIMILAR_VALUES);

			most = d > most ? d : most;
		}
	}
	if (add)
		insert(s, values);
	return most;
}

void
similar_close(struct similar *s)
{
	hash_map_free(&s->bands);
	free(s->first);
	free(s->next);
	free(s->values);
	free(s);
}
