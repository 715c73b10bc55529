/* SPDX-License-Identifier: MIT */
#include "left.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"

#define FURTHER "further models"
#define NAME_LIMIT 256 /* bytes of a model's name that are shown */

static void
count(struct hash_map *m, uint64_t **counts, struct slice key, uint64_t n)
{
	bool added;
	size_t i = hash_map_add(m, key, &added);

	if (added) {
		if (i == 0 || (i & (i - 1)) == 0)
			*counts = mem_grow(*counts, i ? i * 2 : 1, sizeof(**counts));
		(*counts)[i] = 0;
	}
	(*counts)[i] += n;
}

static void
count_unpriced(struct left *l, const struct row *row)
{
	struct buf key = { 0 };

	if (l->pairs.count < LEFT_LIMIT) {
		buf_add(&key, slice_head(row->model, NAME_LIMIT));
		for (size_t i = 0; i < key.len; i++)
			if (key.data[i] == '\n')
				key.data[i] = ' ';
		buf_add_byte(&key, '\n');
		buf_add(&key, slice_z(row->unpriced));
	} else {
		buf_add(&key, SLICE("\n" FURTHER));
	}
	count(&l->pairs, &l->requests, buf_slice(&key), 1);
	buf_free(&key);
}

void
left_count(struct left *l, const struct row *row)
{
	l->skipped += row->kind == ROW_NOTHING;
	l->unanswered += row->kind == ROW_UNANSWERED;
	l->replays += row->kind == ROW_REPLAY;
	if (row->bill.note && !row->unpriced && row->kind == ROW_CALL)
		count(&l->notes, &l->noted, slice_z(row->bill.note), 1);
	if (!row->unpriced || row->kind == ROW_UNANSWERED)
		return;
	count_unpriced(l, row);
	status_raise(STATUS_REJECTED);
}

void
left_close(struct left *l, const struct stream *s, const struct once_book *b)
{
	l->skipped += stream_skipped(s);
	l->repeats = b->repeats;
	if (b->full)
		diag_warn(
		    "more than %d calls with ids: repeats of later ones were counted again",
		    ONCE_LIMIT);
}

static const struct hash_map *sorting;

static int
by_pair(const void *a, const void *b)
{
	return slice_cmp(sorting->keys[*(const size_t *)a], sorting->keys[*(const size_t *)b]);
}

/* Indexes in byte order of the keys; the caller frees. */
static size_t *
order(const struct hash_map *m)
{
	size_t *index = mem_alloc((m->count + 1) * sizeof(*index));

	for (size_t i = 0; i < m->count; i++)
		index[i] = i;
	sorting = m;
	qsort(index, m->count, sizeof(*index), by_pair);
	return index;
}

static void
pairs_json(const struct left *l, struct writer *w)
{
	size_t *index = order(&l->pairs);

	write_array(w);
	for (size_t i = 0; i < l->pairs.count; i++) {
		struct slice pair = l->pairs.keys[index[i]];
		size_t end = slice_find(pair, '\n');

		write_object(w);
		write_name(w, "model");
		if (end)
			write_string(w, slice_take(pair, end));
		else
			write_null(w);
		write_name(w, "reason");
		write_string(w, slice_drop(pair, end + 1));
		write_name(w, "requests");
		write_number(w, l->requests[index[i]]);
		write_object_end(w);
	}
	write_array_end(w);
	free(index);
}

static void
notes_json(const struct left *l, struct writer *w)
{
	size_t *index = order(&l->notes);

	write_array(w);
	for (size_t i = 0; i < l->notes.count; i++) {
		write_object(w);
		write_name(w, "note");
		write_string(w, l->notes.keys[index[i]]);
		write_name(w, "requests");
		write_number(w, l->noted[index[i]]);
		write_object_end(w);
	}
	write_array_end(w);
	free(index);
}

void
left_json(const struct left *l, struct writer *w)
{
	write_object(w);
	write_name(w, "skipped");
	write_number(w, l->skipped);
	write_name(w, "unanswered");
	write_number(w, l->unanswered);
	write_name(w, "repeats");
	write_number(w, l->repeats);
	write_name(w, "replays");
	write_number(w, l->replays);
	write_name(w, "unpriced");
	pairs_json(l, w);
	write_name(w, "notes");
	notes_json(l, w);
	write_object_end(w);
}

static void
line(struct buf *out, const char *bullet, const char *what, uint64_t n)
{
	if (n)
		buf_printf(out, "%s%s: %" PRIu64 "\n", bullet, what, n);
}

/* The largest first, those of one number in byte order; the caller frees. */
static const uint64_t *sorting_counts;

static int
by_count(const void *a, const void *b)
{
	uint64_t x = sorting_counts[*(const size_t *)a], y = sorting_counts[*(const size_t *)b];

	return x != y ? (x < y ? 1 : -1) : by_pair(a, b);
}

static size_t *
largest_first(const struct hash_map *m, const uint64_t *counts)
{
	size_t *index = order(m);

	sorting_counts = counts;
	qsort(index, m->count, sizeof(*index), by_count);
	return index;
}

/* One line for all kinds behind those that are shown. */
static void
further(const struct hash_map *m, const uint64_t *counts, const size_t *index,
    const char *bullet, const char *what, struct buf *out)
{
	uint64_t requests = 0;

	if (m->count <= LEFT_SHOWN)
		return;
	for (size_t i = LEFT_SHOWN; i < m->count; i++)
		requests += counts[index[i]];
	buf_printf(out, "%s%s: and %zu more kinds: %" PRIu64 "\n", bullet, what,
	    m->count - LEFT_SHOWN, requests);
}

static void
pairs_people(const struct left *l, const char *bullet, struct buf *out)
{
	size_t *index = largest_first(&l->pairs, l->requests);

	for (size_t i = 0; i < l->pairs.count && i < LEFT_SHOWN; i++) {
		struct slice pair = l->pairs.keys[index[i]];
		size_t end = slice_find(pair, '\n');

		buf_printf(out, "%sunpriced: ", bullet);
		if (end)
			buf_printf(out, "%s, ", diag_clean(slice_take(pair, end)));
		else if (!slice_eqz(slice_drop(pair, 1), PRICE_NO_MODEL) &&
			 !slice_eqz(slice_drop(pair, 1), FURTHER))
			buf_printf(out, "no model named, ");
		buf_printf(out, "%s: %" PRIu64 "\n", diag_clean(slice_drop(pair, end + 1)),
		    l->requests[index[i]]);
	}
	further(&l->pairs, l->requests, index, bullet, "unpriced", out);
	free(index);
}

static void
notes_people(const struct left *l, const char *bullet, struct buf *out)
{
	size_t *index = largest_first(&l->notes, l->noted);

	for (size_t i = 0; i < l->notes.count && i < LEFT_SHOWN; i++)
		buf_printf(out, "%spriced with a note, %s: %" PRIu64 "\n", bullet,
		    diag_clean(l->notes.keys[index[i]]), l->noted[index[i]]);
	further(&l->notes, l->noted, index, bullet, "priced with a note", out);
	free(index);
}

void
left_people(const struct left *l, const char *bullet, struct buf *out)
{
	pairs_people(l, bullet, out);
	notes_people(l, bullet, out);
	line(out, bullet, "replayed from the answer cache, collapsed or drafted, $0", l->replays);
	line(out, bullet, "lines of calls that were counted already", l->repeats);
	line(out, bullet, "requests without an answer, not counted", l->unanswered);
	line(out, bullet, "lines that are no call, skipped", l->skipped);
}

static void
partial_lines(
    const char *name, const struct hash_map *m, const uint64_t *counts, struct buf *out)
{
	size_t *index = order(m);

	for (size_t i = 0; i < m->count; i++) {
		struct writer w = { .out = out };

		write_object(&w);
		write_name(&w, name);
		write_array(&w);
		write_string(&w, m->keys[index[i]]);
		write_number(&w, counts[index[i]]);
		write_array_end(&w);
		write_object_end(&w);
		buf_add_byte(out, '\n');
	}
	free(index);
}

void
left_partial(const struct left *l, struct buf *out)
{
	buf_printf(out, "{\"left_out\":[%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "]}\n",
	    l->skipped, l->unanswered, l->repeats, l->replays);
	partial_lines("unpriced", &l->pairs, l->requests, out);
	partial_lines("note", &l->notes, l->noted, out);
}

bool
left_read_partial(struct left *l, struct value line, struct arena *a)
{
	uint64_t *const to[] = { &l->skipped, &l->unanswered, &l->repeats, &l->replays };
	struct value v = json_get(line, "left_out"), item = json_first(v);
	struct slice key;
	uint64_t n;

	if (json_type(v)) {
		for (size_t i = 0; i < 4; i++, item = json_next(item)) {
			if (!json_whole(item, &n))
				return false;
			*to[i] += n;
		}
		return true;
	}
	v = json_get(line, "unpriced");
	item = json_first(json_type(v) ? v : json_get(line, "note"));
	key = json_string(item, a);
	if (!key.ptr || !json_whole(json_next(item), &n))
		return false;
	if (!json_type(v))
		count(&l->notes, &l->noted, key, n);
	else if (l->pairs.count < LEFT_LIMIT || hash_map_find(&l->pairs, key) != SIZE_MAX)
		count(&l->pairs, &l->requests, key, n);
	else
		count(&l->pairs, &l->requests, SLICE("\n" FURTHER), n);
	return true;
}

void
left_free(struct left *l)
{
	hash_map_free(&l->pairs);
	hash_map_free(&l->notes);
	free(l->requests);
	free(l->noted);
	*l = (struct left){ 0 };
}
