/* SPDX-License-Identifier: MIT */
/* The rows of the sides: their ids, one more of them, what one costs. */
#include <inttypes.h>

#include "base/diag.h"
#include "base/mem.h"
#include "diff.h"

/* A second row with an id is the second of that id: it meets the second of the other side. */
static uint32_t
id_index(struct diff *d, struct diff_side *side, struct slice id)
{
	struct buf key = { 0 };
	size_t i = hash_map_add(&side->seen, id, NULL), at;

	if (i >= side->times_room) {
		size_t room = side->times_room ? side->times_room * 2 : 1024;

		side->times = mem_grow(side->times, room, sizeof(*side->times));
		memset(side->times + side->times_room, 0,
		    (room - side->times_room) * sizeof(*side->times));
		side->times_room = room;
	}
	buf_add(&key, id);
	buf_printf(&key, "\n%" PRIu32, side->times[i]++);
	at = hash_map_add(&d->ids, buf_slice(&key), NULL);
	buf_free(&key);
	return (uint32_t)at;
}

struct slice
diff_id(const struct diff *d, uint32_t id)
{
	struct slice key = d->ids.keys[id];

	while (key.ptr[key.len - 1] != '\n')
		key.len--;
	return slice_take(key, key.len - 1);
}

struct diff_row *
diff_add(struct diff *d, struct diff_side *side, struct slice id)
{
	struct diff_row *row;

	if (side->count == UINT32_MAX)
		diag_die(STATUS_FAILED, "%s: too many rows", side->name);
	if (side->count == side->room) {
		side->room = side->room ? side->room * 2 : 256;
		side->row = mem_grow(side->row, side->room, sizeof(*side->row));
	}
	row = &side->row[side->count++];
	memset(row, 0, sizeof(*row));
	row->file = side->name;
	row->id = id_index(d, side, id);
	return row;
}

static struct slice
part_of(struct slice name, bool second)
{
	size_t n = slice_find(name, '\n');

	return second ? slice_drop(name, n + 1) : slice_take(name, n);
}

/* The row's own name in the tables: what its price is pinned under. */
static void
pinned_name(struct price_query *q)
{
	struct bill b;
	struct slice name;
	size_t slash;

	bill_counts(q, 1, 0, &b);
	if (!b.row)
		return;
	name = slice_z(b.row);
	slash = slice_find(name, '/');
	if (slash < name.len) {
		q->provider = slice_take(name, slash);
		q->model = slice_drop(name, slash + 1);
	}
}

bool
diff_price(const struct diff *d, const struct diff_row *row, int64_t when, bool pinned,
    struct usd *out)
{
	struct slice name = d->names.keys[row->name];
	struct price_query q = { part_of(name, false), part_of(name, true), when, row->lane };
	struct usage u = { .present = true,
		.input = row->input,
		.cached = row->cached,
		.written_5m = row->written_5m,
		.written_1h = row->written_1h,
		.output = row->output,
		.reasoning = row->reasoning,
		.audio_in = row->audio_in,
		.audio_out = row->audio_out,
		.audio_cached = row->audio_cached,
		.image_in = row->image_in,
		.image_out = row->image_out,
		.image_cached = row->image_cached,
		.web_searches = row->web_searches,
		.region = row->us ? SLICE("us") : (struct slice){ NULL, 0 } };
	struct bill b;

	*out = (struct usd){ 0 };
	if (row->replay || (row->failed && !row->has_usage))
		return true;
	if (row->unpriced && !row->has_usage)
		return false;
	if (pinned)
		pinned_name(&q);
	bill_usage(&q, &u, &b);
	*out = b.usd;
	return b.priced;
}
