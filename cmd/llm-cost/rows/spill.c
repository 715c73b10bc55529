/* SPDX-License-Identifier: MIT */
#include "spill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "stream/file.h"

#define BITS 8     /* of the filter for a record: about one wrong answer in 40 */
#define PIECE 4096 /* bytes that are read at once */

static uint64_t
key_at(const char *record)
{
	uint64_t key;

	memcpy(&key, record, sizeof(key));
	return key;
}

static int
by_key(const void *a, const void *b)
{
	uint64_t x = key_at(a), y = key_at(b);

	return (x > y) - (x < y);
}

/* Six bits of one block, all from the key: its upper half chooses the block. */
static void
filter_add(struct spill_run *r, uint64_t key)
{
	uint64_t *block =
	    r->filter + (uint64_t)(((unsigned __int128)key * r->blocks) >> 64) * 8;
	uint64_t bits = key * UINT64_C(0x9E3779B97F4A7C15);

	for (unsigned i = 0; i < 6; i++, bits >>= 9)
		block[bits >> 6 & 7] |= UINT64_C(1) << (bits & 63);
}

static bool
filter_has(const struct spill_run *r, uint64_t key)
{
	const uint64_t *block =
	    r->filter + (uint64_t)(((unsigned __int128)key * r->blocks) >> 64) * 8;
	uint64_t bits = key * UINT64_C(0x9E3779B97F4A7C15);

	for (unsigned i = 0; i < 6; i++, bits >>= 9)
		if (!(block[bits >> 6 & 7] & UINT64_C(1) << (bits & 63)))
			return false;
	return true;
}

static bool
run_open(struct spill_run *r)
{
	*r = (struct spill_run){ .fd = file_nameless() };
	if (r->fd < 0)
		return false;
	return true;
}

static void
filter_open(struct spill_run *r, uint64_t count)
{
	r->blocks = count * BITS / 512 + 1;
	r->filter = mem_zero(r->blocks * 64);
}

static void
run_close(struct spill_run *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r->filter);
}

static bool
run_append(struct spill_run *r, const char *records, size_t count, size_t size)
{
	for (size_t i = 0; r->filter && i < count; i++)
		filter_add(r, key_at(records + i * size));
	r->count += count;
	return file_write_all(r->fd, slice_of(records, count * size));
}

/* Reads records [from, from + count) of a run. */
static void
run_read(const struct spill_run *r, size_t size, uint64_t from, size_t count, char *out)
{
	size_t wanted = count * size, got = 0;

	while (got < wanted) {
		ssize_t n = pread(r->fd, out + got, wanted - got, (off_t)(from * size + got));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			diag_die_errno(STATUS_FAILED, "temporary file");
		got += (size_t)n;
	}
}

/* The head of a run that is merged. */
struct cursor {
	const struct spill_run *run;
	uint64_t next; /* record that the piece begins with, behind it */
	size_t at, count, size;
	char piece[PIECE];
};

static const char *
cursor_look(struct cursor *c)
{
	if (c->at == c->count) {
		uint64_t left = c->run->count - c->next, most = PIECE / c->size;

		c->count = (size_t)(left < most ? left : most);
		c->at = 0;
		run_read(c->run, c->size, c->next, c->count, c->piece);
		c->next += c->count;
	}
	return c->at < c->count ? c->piece + c->at * c->size : NULL;
}

static bool
merge(const struct spill_run *a, const struct spill_run *b, size_t size, struct spill_run *out)
{
	struct cursor x = { .run = a, .size = size }, y = { .run = b, .size = size };
	char piece[PIECE];
	size_t n = 0;
	const char *p, *q;

	if (!run_open(out))
		return false;
	while ((p = cursor_look(&x)) || cursor_look(&y)) {
		bool first;

		q = cursor_look(&y);
		first = !q || (p && key_at(p) < key_at(q));
		memcpy(piece + n++ * size, first ? p : q, size);
		*(first ? &x.at : &y.at) += 1;
		if ((n + 1) * size <= PIECE)
			continue;
		if (!run_append(out, piece, n, size))
			return false;
		n = 0;
	}
	return run_append(out, piece, n, size);
}

/* After the filters of its parts are gone, so that there are never both in memory. */
static void
make_filter(struct spill_run *r, size_t size)
{
	struct cursor c = { .run = r, .size = size };
	const char *record;

	filter_open(r, r->count);
	for (; (record = cursor_look(&c)); c.at++)
		filter_add(r, key_at(record));
}

/* As in a binary counter; a merge that finds no room leaves the two as they are. */
static void
merge_equal(struct spill *s)
{
	while (
	    s->count > 1 && s->run[s->count - 2].count <= s->run[s->count - 1].count * 3 / 2) {
		struct spill_run *a = &s->run[s->count - 2], *b = a + 1, both;

		if (!merge(a, b, s->size, &both)) {
			run_close(&both);
			return;
		}
		run_close(a);
		run_close(b);
		make_filter(&both, s->size);
		*a = both;
		s->count--;
	}
}

static bool
in_order(const char *records, size_t count, size_t size)
{
	for (size_t i = 1; i < count; i++)
		if (key_at(records + i * size) < key_at(records + (i - 1) * size))
			return false;
	return true;
}

bool
spill_add(struct spill *s, void *records, size_t count)
{
	struct spill_run *r = &s->run[s->count];

	if (s->count == SPILL_RUNS) {
		errno = ENOSPC;
		return false;
	}
	if (!in_order(records, count, s->size))
		qsort(records, count, s->size, by_key);
	if (!run_open(r))
		return false;
	filter_open(r, count);
	if (!run_append(r, records, count, s->size)) {
		run_close(r);
		return false;
	}
	s->count++;
	merge_equal(s);
	return true;
}

/* The first record of the piece around `guess`. */
static uint64_t
around(const struct spill_run *r, uint64_t guess, size_t most)
{
	uint64_t from = guess < most / 2 ? 0 : guess - most / 2;

	return from + most > r->count ? (r->count > most ? r->count - most : 0) : from;
}

/* Hashes are spread evenly, so that a key stands near its share of the run. */
static bool
run_find(const struct spill_run *r, size_t size, uint64_t key, char *record, uint64_t *index)
{
	size_t most = PIECE / size;
	uint64_t from = around(r, (uint64_t)(((unsigned __int128)key * r->count) >> 64), most);
	char piece[PIECE];
	int went = 0;

	for (;;) {
		size_t n = (size_t)(r->count - from < most ? r->count - from : most);
		const char *found;

		run_read(r, size, from, n, piece);
		/* who turns round has found the gap where the key would stand */
		if (key < key_at(piece) && from && went <= 0) {
			went = -1;
			from = from < most ? 0 : from - most;
			continue;
		}
		if (key > key_at(piece + (n - 1) * size) && from + n < r->count && went >= 0) {
			went = 1;
			from += n;
			continue;
		}
		found = bsearch(&key, piece, n, size, by_key);
		if (!found)
			return false;
		memcpy(record, found, size);
		*index = from + (uint64_t)(found - piece) / size;
		return true;
	}
}

bool
spill_find(const struct spill *s, uint64_t key, void *record, struct spill_place *place)
{
	for (size_t i = s->count; i-- > 0;) {
		place->run = &s->run[i];
		if (filter_has(place->run, key) &&
		    run_find(place->run, s->size, key, record, &place->index))
			return true;
	}
	return false;
}

void
spill_replace(const struct spill *s, const struct spill_place *place, const void *record)
{
	ssize_t n;

	do
		n = pwrite(place->run->fd, record, s->size, (off_t)(place->index * s->size));
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)s->size)
		diag_die_errno(STATUS_FAILED, "temporary file");
}

void
spill_close(struct spill *s)
{
	for (size_t i = 0; i < s->count; i++)
		run_close(&s->run[i]);
	s->count = 0;
}
