/* SPDX-License-Identifier: MIT */
/* llm-cache stats: what the look-ups of all processes came to, by route and in all. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "cache.h"
#include "json/write.h"

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

static void
write_share(struct writer *w, const char *name, uint64_t part, uint64_t all)
{
	char text[32];

	write_name(w, name);
	if (all == 0) {
		write_null(w);
		return;
	}
	snprintf(text, sizeof(text), "%.6f", (double)part / (double)all);
	write_raw(w, slice_z(text));
}

static void
write_tally(struct writer *w, const struct store_tally *t)
{
	char usd[64];

	write_name(w, "hits");
	write_number(w, t->hits);
	write_name(w, "misses");
	write_number(w, t->misses);
	write_name(w, "cold");
	write_number(w, t->cold);
	write_share(w, "hit_rate", t->hits, t->hits + t->misses);
	write_share(w, "hit_rate_warm", t->hits, t->hits + t->misses - t->cold);
	write_name(w, "saved_input_tokens");
	write_number(w, t->input);
	write_name(w, "saved_output_tokens");
	write_number(w, t->output);
	write_name(w, "saved_usd");
	write_z(w, usd_write(t->usd, usd));
	write_name(w, "unpriced");
	write_number(w, t->unpriced);
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
print_json(const struct sums *s, const struct store_size *size)
{
	struct buf out = { 0 };
	struct writer w = { .out = &out };

	write_object(&w);
	write_name(&w, "entries");
	write_number(&w, size->entries);
	write_name(&w, "bytes");
	write_number(&w, size->bytes);
	write_name(&w, "damaged");
	write_number(&w, size->damaged);
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
	buf_add_byte(&out, '\n');
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
}

static void
print_share(uint64_t part, uint64_t all)
{
	if (all)
		printf(" %6.1f %%", 100 * (double)part / (double)all);
	else
		printf(" %8s", "-");
}

static void
print_tally(const char *name, const struct store_tally *t)
{
	char usd[64];

	printf("%-32.60s %10" PRIu64 " %10" PRIu64 " %10" PRIu64, name, t->hits,
	    t->misses - t->cold, t->cold);
	print_share(t->hits, t->hits + t->misses - t->cold);
	print_share(t->hits, t->hits + t->misses);
	printf(" %14" PRIu64 " %12s%s\n", t->input + t->output, usd_round(t->usd, 4, usd),
	    t->unpriced ? " +" : "");
}

static void
print_table(const struct sums *s, const struct store_size *size)
{
	char name[160];

	printf("%-32s %10s %10s %10s %8s %8s %14s %12s\n", "route", "hits", "misses", "cold",
	    "warm", "all", "tokens saved", "$ saved");
	for (size_t i = 0; i < s->keys.count; i++) {
		const struct group *g = &s->groups[i];

		snprintf(name, sizeof(name), "%s%s%s", diag_clean(g->rule),
		    g->rule.len ? " " : "",
		    g->model.len  ? diag_clean(g->model)
		    : g->rule.len ? ""
				  : "(no route)");
		print_tally(name, &g->tally);
	}
	print_tally("all", &s->all);
	if (s->all.unpriced)
		printf("+: %" PRIu64 " hits have no price and are not in the dollars\n",
		    s->all.unpriced);
	printf("%" PRIu64 " entries, %" PRIu64 " bytes, %" PRIu64 " look-ups met damage\n",
	    size->entries, size->bytes, size->damaged);
}

void
stats_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", NULL };
	const char *format = tool_format(formats), *why = "";
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
		print_json(&s, &size);
	else
		print_table(&s, &size);
	/* nothing but a cold start has no rate: it is below every one that is asked for */
	if (least != UINT64_MAX && least > 0 &&
	    (s.all.hits == 0 ||
		!share_reached(s.all.hits, s.all.hits + s.all.misses - s.all.cold, least)))
		status_raise(STATUS_NO);
	hash_map_free(&s.keys);
	free(s.groups);
	arena_close(&s.arena);
}
