/* SPDX-License-Identifier: MIT */
/* llm-cache stats: what the look-ups of all processes came to, by route and in all. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "cache.h"
#include "show/members.h"

static const char *store_name;
static uint64_t least = UINT64_MAX;

const struct option stats_options[] = {
	STORE_OPTIONS(store_name),
	{ 0, "min-hit-rate", OPTION_SHARE, "P", &least,
	    "status 1 where fewer look-ups are hits, cold start left out", NULL },
	{ 0 },
};

struct group {
	struct slice rule, model;
	struct store_tally tally;
};
struct sums {
	struct hash_map keys;
	struct group *groups;
	struct store_tally all;
	struct arena arena;
};

static void
add(struct store_tally *to, const struct store_tally *t)
{
	to->hits += t->hits;
	to->misses += t->misses;
	to->cold += t->cold;
	to->input += t->input;
	to->output += t->output;
	to->unpriced += t->unpriced;
	to->usd = usd_add(to->usd, t->usd);
}

/* Scopes are put together: a report by route need not name tenants. */
static void
add_group(void *context, const struct store_group *group, const struct store_tally *t)
{
	struct sums *s = context;
	struct slice key = arena_printf(&s->arena, "%zu %.*s%.*s", group->rule.len,
	    SLICE_ARG(group->rule), SLICE_ARG(group->model));
	bool added;
	size_t i = hash_map_add(&s->keys, key, &added);

	if (added) {
		s->groups = mem_grow(s->groups, i + 1, sizeof(*s->groups));
		s->groups[i] = (struct group){ .rule = arena_copy(&s->arena, group->rule),
			.model = arena_copy(&s->arena, group->model) };
	}
	add(&s->groups[i].tally, t);
	add(&s->all, t);
}

static int
by_name(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = slice_cmp(x->rule, y->rule);

	return order ? order : slice_cmp(x->model, y->model);
}

/* The columns of every format. */
enum { COLUMNS = 9 };
static const struct {
	const char *member, *heading;
} columns[COLUMNS] = {
	{ "hits", "hits" },
	{ "misses", "misses" },
	{ "cold", "cold" },
	{ "hit_rate", "hit rate" },
	{ "hit_rate_warm", "warm" },
	{ "saved_input_tokens", "input saved" },
	{ "saved_output_tokens", "output saved" },
	{ "saved_usd", "$ saved" },
	{ "unpriced", "unpriced" },
};

static struct figure
ratio(uint64_t part, uint64_t all)
{
	return (struct figure){ .kind = all ? FIGURE_RATIO : FIGURE_NONE, .n = part, .d = all };
}

static void
figures_of(const struct store_tally *t, struct figure f[COLUMNS])
{
	const uint64_t counts[COLUMNS] = { t->hits, t->misses, t->cold, 0, 0, t->input,
		t->output, 0, t->unpriced };

	for (size_t i = 0; i < COLUMNS; i++)
		f[i] = (struct figure){ .kind = FIGURE_COUNT, .n = counts[i] };
	f[3] = ratio(t->hits, t->hits + t->misses);
	f[4] = ratio(t->hits, t->hits + t->misses - t->cold);
	f[7] = (struct figure){ .kind = FIGURE_USD, .usd = t->usd };
}

static void
write_tally(struct writer *w, const struct store_tally *t)
{
	struct figure f[COLUMNS];

	figures_of(t, f);
	for (size_t i = 0; i < COLUMNS; i++)
		member_figure(w, columns[i].member, f[i]);
}

static void
write_text(struct writer *w, const char *name, struct slice text)
{
	write_name(w, name);
	if (text.len)
		write_string(w, text);
	else
		write_null(w);
}

static void
write_json(const struct sums *s, const struct store_size *size, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	member_count(&w, "entries", size->entries);
	member_count(&w, "bytes", size->bytes);
	member_count(&w, "damaged", size->damaged);
	write_tally(&w, &s->all);
	write_name(&w, "routes");
	write_array(&w);
	for (size_t i = 0; i < s->keys.count; i++) {
		write_object(&w);
		write_text(&w, "rule", s->groups[i].rule);
		write_text(&w, "model", s->groups[i].model);
		write_tally(&w, &s->groups[i].tally);
		write_object_end(&w);
	}
	write_array_end(&w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
add_row(struct table *table, struct slice rule, struct slice model, const struct store_tally *t,
    bool people, unsigned decimals)
{
	struct slice *cell = table_row(table);
	struct figure f[COLUMNS];

	cell[0] = rule;
	cell[1] = model;
	figures_of(t, f);
	for (size_t i = 0; i < COLUMNS; i++)
		cell[2 + i] = cell_figure(f[i], people, decimals, table->arena);
}

static void
write_table(const char *format, struct sums *s, const struct store_size *size, struct buf *out)
{
	bool people = strcmp(format, "csv") != 0;
	unsigned decimals = usd_decimals(s->all.usd);
	struct table table;

	table_open(&table, 2 + COLUMNS, &s->arena);
	table.heading[0] = SLICE("rule");
	table.heading[1] = SLICE("model");
	for (size_t i = 0; i < COLUMNS; i++) {
		table.heading[2 + i] = slice_z(people ? columns[i].heading : columns[i].member);
		table.right[2 + i] = true;
	}
	for (size_t i = 0; i < s->keys.count; i++)
		add_row(&table, s->groups[i].rule, s->groups[i].model, &s->groups[i].tally,
		    people, decimals);
	/* whoever reads CSV adds it up */
	if (people) {
		table.rule = table.rows;
		add_row(&table, SLICE("all"), SLICE(""), &s->all, people, decimals);
	}
	table_as(format, &table, out);
	table_close(&table);
	if (strcmp(format, "table") == 0)
		buf_printf(out,
		    "%" PRIu64 " entries, %" PRIu64 " bytes, %" PRIu64 " look-ups met damage\n",
		    size->entries, size->bytes, size->damaged);
}

void
stats_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };
	const char *format = tool_format(formats), *why = "";
	struct buf out = { 0 };
	struct store *store;
	struct store_size size;
	struct sums s = { 0 };

	if (operands->count)
		tool_usage("stats reads the store alone, no '%s'",
		    diag_clean(slice_z(operands->item[0])));
	store = shelf_need(store_name, true);
	if (!store_tallies(store, add_group, &s, &why) || !store_size(store, &size, &why))
		diag_die(STATUS_FAILED, "%s: the store %s", store_shown(store_name), why);
	store_close(store, &why);
	if (s.keys.count)
		qsort(s.groups, s.keys.count, sizeof(*s.groups), by_name);
	if (strcmp(format, "json") == 0)
		write_json(&s, &size, &out);
	else
		write_table(format, &s, &size, &out);
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
	/* nothing but a cold start has no rate: it is below every one that is asked for */
	if (least != UINT64_MAX && least > 0 &&
	    (s.all.hits == 0 ||
		!share_reached(s.all.hits, s.all.hits + s.all.misses - s.all.cold, least)))
		status_raise(STATUS_NO);
	hash_map_free(&s.keys);
	free(s.groups);
	arena_close(&s.arena);
}
