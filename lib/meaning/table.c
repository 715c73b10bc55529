/* SPDX-License-Identifier: MIT */
#include "meaning/table.h"

#include <stdlib.h>

#include "base/mem.h"
#include "meaning/embed_parts.h"
#include "meaning/rows.h"
#include "meaning/wordpiece.h"

struct table {
	struct embed embed;
	struct wordpiece *words;
	struct rows rows;
	const struct rows_path *path;
	uint32_t *ids;
	size_t room;
};

/* A long text: the sum, halved until it fits. */
static void
sum_long(const struct table *t, size_t n, int32_t sum[ROW_DIMS])
{
	int64_t all[ROW_DIMS] = { 0 }, most = 0;
	int shift = 0;

	for (size_t at = 0; at < n; at += ROWS_MOST) {
		t->path->sum(&t->rows, t->ids + at, n - at < ROWS_MOST ? n - at : ROWS_MOST, sum);
		for (size_t j = 0; j < ROW_DIMS; j++)
			all[j] += sum[j];
	}
	for (size_t j = 0; j < ROW_DIMS; j++)
		most |= all[j] < 0 ? ~all[j] : all[j];
	while (most >> shift > INT32_MAX)
		shift++;
	for (size_t j = 0; j < ROW_DIMS; j++)
		sum[j] = (int32_t)(all[j] >> shift);
}

static enum embed_state
table_text(struct embed *embed, struct slice text, float *unit)
{
	struct table *t = (struct table *)embed;
	struct wordpiece_count count = wordpiece_ids(t->words, text, t->ids, t->room);
	int32_t sum[ROW_DIMS];
	enum embed_state state = embed_judge(count.pieces, count.poor);

	if (count.pieces > t->room) {
		t->room = count.pieces * 2;
		t->ids = mem_grow(t->ids, t->room, sizeof *t->ids);
		wordpiece_ids(t->words, text, t->ids, t->room);
	}
	if (count.pieces > ROWS_MOST)
		sum_long(t, count.pieces, sum);
	else
		t->path->sum(&t->rows, t->ids, count.pieces, sum);
	/* known words may add up to nothing, and then say nothing */
	if (!t->path->unit(sum, unit) && state == EMBED_OK)
		return EMBED_UNKNOWN;
	return state;
}

static struct table *
table_make(void)
{
	struct table *t = mem_zero(sizeof *t);
	size_t count;

	t->words = wordpiece_map(slice_of(table_vocabulary, table_vocabulary_size));
	count = wordpiece_size(t->words);
	t->rows = (struct rows){ table_rows, table_rows + count * ROW_BYTES };
	t->path = rows_best();
	t->embed.dims = ROW_DIMS;
	t->embed.name = slice_of(table_name, table_name_size);
	t->embed.text = table_text;
	return t;
}

struct embed *
embed_table(void)
{
	static struct table *table;

	if (!table)
		table = table_make();
	return &table->embed;
}
