/* SPDX-License-Identifier: MIT */
/* llm-cost prices VERB: what the price tables say, what is wrong with them, what has changed.
 */
#include "prices.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-cost/cost.h"
#include "money/price_load.h"
#include "stream/file.h"

struct prices_settings prices_settings = { .max_age = INT64_C(90) * 86400000 };

const struct option prices_options[] = {
	{ 0, "provider", OPTION_TEXT, "P", &prices_settings.provider, "only rows of P", NULL },
	{ 0, "history", OPTION_FLAG, NULL, &prices_settings.history,
	    "list: also rows that do not hold now", NULL },
	{ 0, "log", OPTION_LIST, "L", &prices_settings.logs,
	    "diff: the spend of this log by either table; lint: look at what it uses", NULL },
	{ 0, "max-age", OPTION_DURATION, "T", &prices_settings.max_age,
	    "lint: a table older than T is stale (90d)", NULL },
	{ 0 },
};

static char *
kept(struct slice s)
{
	char *z = mem_alloc(s.len + 1);

	memcpy(z, s.ptr, s.len);
	z[s.len] = '\0';
	return z;
}

static void
add_row(struct price_book *b, struct value row, struct arena *a)
{
	struct slice source = json_string(json_get(row, "source"), a);
	struct book_row *r;
	const char *why;

	if (json_type(json_get(row, "model")) != JSON_STRING)
		return;
	if ((b->count & (b->count - 1)) == 0)
		b->row = mem_grow(b->row, b->count ? b->count * 2 : 1, sizeof(*b->row));
	r = &b->row[b->count];
	*r = (struct book_row){ .source = source.ptr ? kept(source) : NULL, .at = b->count };
	if (!price_row_read(row, a, &r->price, &why))
		diag_die(STATUS_USAGE, "%s: %s", b->name, why);
	b->count++;
}

/* Rows of one model stand together; the last that is active holds, else the first. */
static void
mark_held(struct price_book *b)
{
	int64_t now = when_now();

	for (size_t i = 0, next; i < b->count; i = next) {
		struct book_row *best = &b->row[i];
		bool any = false;

		for (next = i;
		     next < b->count && !strcmp(b->row[next].price.name, b->row[i].price.name);
		     next++) {
			struct price *p = &b->row[next].price;

			if (!price_row_active(p, now) ||
			    (any && price_row_order(p, &best->price) < 0))
				continue;
			best = &b->row[next];
			any = true;
		}
		best->held = true;
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct book_row *x = a, *y = b;
	int order = strcmp(x->price.name, y->price.name);

	if (!order)
		order = price_row_order(&x->price, &y->price);
	return order ? order : x->at < y->at ? -1 : 1;
}

void
book_layer(struct price_book *b, const struct price_layer *layer)
{
	struct slice rest = layer->rows;
	struct json json = { 0 };
	struct arena arena = { 0 };
	const char *why;
	size_t where;

	*b = (struct price_book){ .name = layer->name, .date = layer->date };
	for (size_t n; rest.len; rest = slice_drop(rest, n + 1)) {
		n = slice_find(rest, '\n');
		if (!json_scan(&json, slice_take(rest, n), &why, &where))
			diag_die(STATUS_USAGE, "%s: %s", b->name, why);
		add_row(b, json_root(&json), &arena);
		arena_reset(&arena);
	}
	if (b->count)
		qsort(b->row, b->count, sizeof(*b->row), by_name);
	mark_held(b);
	json_free(&json);
	arena_close(&arena);
}

void
book_file(struct price_book *b, const char *file, struct buf *text)
{
	struct price_build build = { 0 };
	struct price_layer layer = { .name = file };
	size_t line;

	if (!file_read(file, text))
		diag_die_errno(STATUS_USAGE, "%s", file);
	prices_build(&build, buf_slice(text), &line);
	if (build.why)
		diag_die(STATUS_USAGE, "%s:%zu: %s", file, line, build.why);
	layer.rows = buf_slice(&build.rows);
	book_layer(b, &layer);
	memcpy(b->own_date, build.date, sizeof(b->own_date));
	b->date = *b->own_date ? b->own_date : NULL;
	prices_build_close(&build);
}

void
book_close(struct price_book *b)
{
	for (size_t i = 0; i < b->count; i++) {
		price_row_free(&b->row[i].price);
		free(b->row[i].source);
	}
	free(b->row);
	*b = (struct price_book){ 0 };
}

struct usd
price_for_people(enum price_class class, struct usd one)
{
	return usd_times(one, price_class_per(class));
}

bool
price_in_lane(const struct price *p, enum lane lane, enum price_class class, struct usd *out)
{
	const struct price_lane *l = &p->lane[lane];

	if (!l->count || !l->tier[0].has[class])
		return false;
	*out = l->tier[0].usd[class];
	return true;
}

bool
book_wants(const struct book_row *row, const struct option_list *words, size_t from)
{
	if (prices_settings.provider && strcmp(prices_settings.provider, row->price.provider))
		return false;
	for (size_t i = from; i < words->count; i++)
		if (strstr(row->price.name, words->item[i]))
			return true;
	return words->count <= from;
}

static const struct {
	const char *name;
	void (*run)(const struct option_list *operands, const char *format, struct buf *out);
	size_t least, most;
	const char *operands;
} verbs[] = {
	{ "list", prices_list, 0, SIZE_MAX, "list takes words of a model's name" },
	{ "show", prices_show, 1, SIZE_MAX, "show needs a model" },
	{ "lint", prices_lint, 0, SIZE_MAX, "lint takes price tables" },
	{ "diff", prices_diff, 2, 2, "diff needs two price tables" },
	{ "import", prices_import, 1, SIZE_MAX, "import needs a price table" },
};
#define VERBS (sizeof(verbs) / sizeof(*verbs))

static size_t
verb_named(const char *word)
{
	const char *names[VERBS], *near;

	for (size_t i = 0; i < VERBS; i++) {
		names[i] = verbs[i].name;
		if (!strcmp(word, verbs[i].name))
			return i;
	}
	near = options_nearest(word, names, VERBS);
	if (near)
		tool_usage(
		    "no '%s' of prices; did you mean '%s'?", diag_clean(slice_z(word)), near);
	tool_usage("prices needs one of list, show, lint, diff, import");
}

void
prices_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };
	const char *format = tool_format(formats);
	size_t verb = verb_named(operands->count ? operands->item[0] : "");
	struct option_list rest = { operands->item + 1, operands->count - 1 };
	struct stream_options o;
	struct buf out = { 0 };
	struct stream *s;

	if (rest.count < verbs[verb].least || rest.count > verbs[verb].most)
		tool_usage("%s", verbs[verb].operands);
	if (prices_settings.max_age <= 0)
		tool_usage("'--max-age' needs a duration such as 90d");
	verbs[verb].run(&rest, format, &out);
	o = tool_stream(&(struct option_list){ NULL, 0 }, NO_OBJECT_SKIP);
	s = stream_open(&o); /* for its output: nothing is read through it */
	if (out.len)
		stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	stream_close(s);
	buf_free(&out);
}
