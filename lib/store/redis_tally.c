/* SPDX-License-Identifier: MIT */
/* What look-ups came to. One hash; a field is `LENGTH LENGTH ` of scope and rule, scope, rule,
 * model, then the letter of the number: hits, misses, cold, input, output, unpriced, and the
 * dollars in four pieces of nine digits of the smallest unit, which need no carry. */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "store/redis.h"

#define NUMBERS 10
#define PIECE 1000000000

static const char letters[] = "hmciou0123";

/* Misses are cold where no process had a hit before. A number that is full stays so. */
static const char tally_script[] =
    "local letters = 'hmciou0123'\n"
    "for a = 1, #ARGV, 11 do\n"
    "  local hits = redis.call('HGET', KEYS[1], ARGV[a] .. 'h') or '0'\n"
    "  for i = 1, 10 do\n"
    "    local n = ARGV[a + i]\n"
    "    if n ~= '0' and not (i == 3 and hits ~= '0') then\n"
    "      redis.pcall('HINCRBY', KEYS[1], ARGV[a] .. string.sub(letters, i, i), n)\n"
    "    end\n"
    "  end\n"
    "end\n"
    "return 1\n";

static void
add_group(struct redis *s, const struct store_group *g, const struct store_tally *t)
{
	static struct buf name;
	const uint64_t counts[] = { t->hits, t->misses, t->cold, t->input, t->output,
		t->unpriced };
	__int128 units = t->usd.units;

	buf_clear(&name);
	buf_printf(&name, "%zu %zu ", g->scope.len, g->rule.len);
	buf_add(&name, g->scope);
	buf_add(&name, g->rule);
	buf_add(&name, g->model);
	wire_word(s->wire, buf_slice(&name));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		wire_number(s->wire, counts[i] > INT64_MAX ? INT64_MAX : (int64_t)counts[i]);
	for (int i = 0; i < 3; i++, units /= PIECE)
		wire_number(s->wire, (int64_t)(units % PIECE));
	wire_number(s->wire, (int64_t)units);
}

void
redis_tally_add(struct redis *s)
{
	size_t count = s->base.groups.count;

	if (count == 0)
		return;
	wire_begin(s->wire, 4 + 11 * count);
	wire_word(s->wire, SLICE("EVAL"));
	wire_word(s->wire, slice_z(tally_script));
	wire_word(s->wire, SLICE("1"));
	wire_word(s->wire, SLICE(REDIS_NAME "tally"));
	for (size_t i = 0; i < count; i++) {
		struct store_group group = tally_group(&s->base, i);

		add_group(s, &group, &s->base.tallies[i]);
	}
}

/* A number and a blank off the front of name. */
static bool
take_length(struct slice *name, size_t *n)
{
	size_t end = slice_find(*name, ' ');

	*n = 0;
	if (end == 0 || end == name->len || end > 9)
		return false;
	for (size_t i = 0; i < end; i++) {
		if (name->ptr[i] < '0' || name->ptr[i] > '9')
			return false;
		*n = *n * 10 + (size_t)(name->ptr[i] - '0');
	}
	*name = slice_drop(*name, end + 1);
	return true;
}

/* The parts of a field, without its letter. */
static bool
read_group(struct slice name, struct store_group *g)
{
	size_t scope, rule;

	if (!take_length(&name, &scope) || !take_length(&name, &rule) ||
	    scope + rule > name.len)
		return false;
	g->scope = slice_take(name, scope);
	g->rule = slice_take(slice_drop(name, scope), rule);
	g->model = slice_drop(name, scope + rule);
	return true;
}

struct line {
	struct store_group group;
	int64_t numbers[NUMBERS];
};

static int
by_group(const void *a, const void *b)
{
	const struct store_group *x = &((const struct line *)a)->group,
				 *y = &((const struct line *)b)->group;
	int order = slice_cmp(x->scope, y->scope);

	if (!order)
		order = slice_cmp(x->rule, y->rule);
	return order ? order : slice_cmp(x->model, y->model);
}

static void
give(const struct line *l, store_tally_fn each, void *context)
{
	const int64_t *n = l->numbers;
	struct store_tally t = { .hits = (uint64_t)n[0],
		.misses = (uint64_t)n[1],
		.cold = (uint64_t)n[2],
		.input = (uint64_t)n[3],
		.output = (uint64_t)n[4],
		.unpriced = (uint64_t)n[5] };

	for (int i = 9; i > 5; i--)
		t.usd.units = t.usd.units * PIECE + n[i];
	each(context, &l->group, &t);
}

struct lines {
	struct hash_map names;
	struct line *list;
};

static void
take_field(struct lines *lines, struct slice field, int64_t number)
{
	struct slice name = slice_take(field, field.len ? field.len - 1 : 0);
	const char *at = field.len ? strchr(letters, field.ptr[field.len - 1]) : NULL;
	struct store_group group;
	bool added;
	size_t i;

	if (!at || !*at || !read_group(name, &group))
		return;
	i = hash_map_add(&lines->names, name, &added);
	if (added) {
		lines->list = mem_grow(lines->list, i + 1, sizeof(*lines->list));
		lines->list[i] = (struct line){ .group = group };
	}
	lines->list[i].numbers[at - letters] = number;
}

bool
redis_tallies(struct store *base, store_tally_fn each, void *context, const char **why)
{
	struct redis *s = redis_of(base);
	struct lines lines = { 0 };
	const struct reply *all;

	wire_add(s->wire, "HGETALL", REDIS_NAME "tally", (char *)NULL);
	if (!wire_exchange(s->wire, why))
		return false;
	all = wire_reply(s->wire, 0);
	for (size_t i = 0; i + 1 < reply_count(all); i += 2)
		take_field(&lines, reply_text(reply_item(all, i)),
		    reply_number(reply_item(all, i + 1)));
	if (lines.names.count)
		qsort(lines.list, lines.names.count, sizeof(*lines.list), by_group);
	for (size_t i = 0; i < lines.names.count; i++)
		give(&lines.list[i], each, context);
	hash_map_free(&lines.names);
	free(lines.list);
	return true;
}

/* Fields of the scope, deleted a thousand at a time. */
bool
redis_forget(struct store *base, struct slice scope, const char **why)
{
	struct redis *s = redis_of(base);
	struct arena arena = { 0 };
	struct slice *fields = NULL;
	struct store_group group;
	const struct reply *all;
	size_t count = 0;
	bool good = true;

	wire_add(s->wire, "HKEYS", REDIS_NAME "tally", (char *)NULL);
	if (!wire_exchange(s->wire, why))
		return false;
	all = wire_reply(s->wire, 0);
	for (size_t i = 0; i < reply_count(all); i++) {
		struct slice field = reply_text(reply_item(all, i));

		if (field.len == 0 || !read_group(slice_take(field, field.len - 1), &group) ||
		    !slice_eq(group.scope, scope))
			continue;
		fields = mem_grow(fields, count + 1, sizeof(*fields));
		fields[count++] = arena_copy(&arena, field);
	}
	for (size_t i = 0; good && i < count;) {
		size_t n = count - i < 1000 ? count - i : 1000;

		wire_begin(s->wire, 2 + n);
		wire_word(s->wire, SLICE("HDEL"));
		wire_word(s->wire, SLICE(REDIS_NAME "tally"));
		for (; n > 0; n--)
			wire_word(s->wire, fields[i++]);
		good = wire_exchange(s->wire, why);
	}
	free(fields);
	arena_close(&arena);
	return good;
}
