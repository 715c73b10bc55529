/* SPDX-License-Identifier: MIT */
/* llm-cache ttl: what the input of a log costs without the provider's cache, with each
 * lifetime, and in batches, at the times at which the calls came. */
#include "cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/path.h"
#include "model/moment.h"
#include "prompt_cache/rates.h"
#include "prompt_cache/warm.h"
#include "show/members.h"

#define MINUTES_5 INT64_C(300000)
#define HOUR INT64_C(3600000)

static const char *prefix_option;

const struct option ttl_options[] = {
	{ 0, "prefix", OPTION_TEXT, "N|PATH", &prefix_option,
	    "tokens that all calls of a model share, or where that text stands", NULL },
	{ 0 },
};

/* One call whose prefix is told, not found. */
struct call {
	int64_t when;
	uint64_t group; /* index of the prefix */
	uint64_t prefix, input;
	size_t model;
};

struct lives {
	struct usd none, five, hour, batch;
	bool no_batch; /* a model without a batch price */
};

struct ttl {
	bool given; /* --prefix */
	uint64_t tokens;
	struct path *path;
	struct hash_map models;
	struct prompt_rates *rates; /* by index of models */
	struct hash_map groups;
	struct call *calls;
	size_t call_count, room;
	struct warm *warm;
	struct lives sum;
	uint64_t requests, unpriced, without, replayed;
	int64_t last; /* time of the line before */
};

static size_t
model_index(struct ttl *t, const struct request *q, struct slice model)
{
	bool added;
	size_t i = hash_map_add(&t->models, model, &added);

	if (added) {
		t->rates = mem_grow(t->rates, i + 1, sizeof *t->rates);
		prompt_rates_read(&t->rates[i], q, model);
	}
	return i;
}

/* What one call costs with a prefix of which so much is read, and so much written. */
static struct usd
cost(const struct prompt_rates *r, struct usd write, uint64_t input, uint64_t read,
    uint64_t written)
{
	uint64_t rest = input > read + written ? input - read - written : 0;

	return usd_add(usd_times(r->fresh, rest),
	    usd_add(usd_times(r->read, read), usd_times(write, written)));
}

static void
add(struct usd *sum, struct usd usd)
{
	*sum = usd_add(*sum, usd);
}

static void
add_plain(struct ttl *t, const struct prompt_rates *r, uint64_t input)
{
	add(&t->sum.none, usd_times(r->fresh, input));
	add(&t->sum.batch, usd_times(r->batch, input));
	t->sum.no_batch |= !r->has_batch;
	t->requests++;
}

static void
add_chain(struct ttl *t, const struct prompt_rates *r, const struct chain *c, uint64_t input,
    int64_t when, struct slice model)
{
	uint64_t minimum = chain_minimum(model);
	uint64_t all = c->count ? c->link[c->count - 1].tokens : 0;
	uint64_t five =
	    warm_read(t->warm, c, when, when == WHEN_NONE ? INT64_MAX : MINUTES_5, minimum);
	uint64_t hour =
	    warm_read(t->warm, c, when, when == WHEN_NONE ? INT64_MAX : HOUR, minimum);

	all = all < minimum ? 0 : all > input ? input : all;
	add_plain(t, r, input);
	add(&t->sum.five, cost(r, r->write_5m, input, five, all > five ? all - five : 0));
	add(&t->sum.hour, cost(r, r->write_1h, input, hour, all > hour ? all - hour : 0));
	warm_send(t->warm, c, when);
}

/* The prefix that --prefix names: its tokens, and which one it is. False where there is none.
 */
static bool
told(struct ttl *t, const struct record *r, struct slice model, struct call *c)
{
	struct buf key = { 0 };
	struct value v;

	buf_add(&key, model);
	c->prefix = t->tokens;
	if (t->path) {
		v = path_get(t->path, r->root);
		if (json_type(v) <= JSON_NULL) {
			buf_free(&key);
			return false;
		}
		buf_add_byte(&key, '\n');
		buf_add(&key, json_raw(v));
		c->prefix = tokens_text(tokenizer_for(model),
		    json_type(v) == JSON_STRING ? json_string(v, r->arena) : json_raw(v))
				.count;
	}
	c->group = hash_map_add(&t->groups, buf_slice(&key), NULL);
	buf_free(&key);
	return true;
}

static void
keep_call(struct ttl *t, const struct call *c)
{
	if (t->call_count == t->room) {
		t->room = t->room ? t->room * 2 : 1024;
		t->calls = mem_grow(t->calls, t->room, sizeof *t->calls);
	}
	t->calls[t->call_count++] = *c;
}

static enum verdict
judge(struct ttl *t, struct record *r)
{
	struct request q;
	struct usage u = { 0 };
	struct slice model;
	struct chain chain;
	struct call c = { 0 };
	uint64_t counted;

	if (!request_read(r->json, &q))
		return DROP;
	usage_read(&q, &u);
	if (request_replayed(&q) || u.replayed) {
		t->replayed++;
		return DROP;
	}
	model = q.answered || q.shape == SHAPE_USAGE ? request_answer_model(&q, r->arena)
						     : request_model(&q, r->arena);
	model = model.ptr ? models_resolve(model) : SLICE("");
	c.when = moment_of_call(&q, &u, r->arena);
	if (r->json->twice.ptr)
		return DROP;
	c.model = model_index(t, &q, model);
	if (!t->rates[c.model].priced) {
		t->unpriced++;
		diag_repeated("unpriced",
		    "%s:%" PRIu64 ": the input of this model has no price", r->file, r->number);
		status_raise(STATUS_REJECTED);
		return DROP;
	}
	chain_of(&q, model, q.api == API_CHAT || q.api == API_RESPONSES, r->arena, &chain);
	counted = chain.count ? chain.link[chain.count - 1].tokens : 0;
	c.input = u.present && !u.flaw ? u.input : counted;
	if (t->given) {
		if (!told(t, r, model, &c) || c.prefix > c.input) {
			t->without++;
			c.prefix = 0;
		}
		if (c.prefix < chain_minimum(model))
			c.prefix = 0;
		keep_call(t, &c);
	} else if (!chain.count) {
		t->without++;
		add_plain(t, &t->rates[c.model], c.input);
		add(&t->sum.five, usd_times(t->rates[c.model].fresh, c.input));
		add(&t->sum.hour, usd_times(t->rates[c.model].fresh, c.input));
	} else {
		/* lines are taken as they come: a clock that goes back stands still */
		if (c.when != WHEN_NONE && c.when < t->last)
			c.when = t->last;
		if (c.when != WHEN_NONE)
			t->last = c.when;
		add_chain(t, &t->rates[c.model], &chain, c.input, c.when, model);
	}
	return DROP;
}

static int
by_time(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	return x->when < y->when ? -1 : x->when > y->when;
}

/* All calls whose prefix was told, in the order of their times. */
static void
add_told(struct ttl *t)
{
	struct sent {
		bool known;
		struct warm_times times;
	} *all = mem_zero((t->groups.count + 1) * sizeof *all);

	if (t->call_count)
		qsort(t->calls, t->call_count, sizeof *t->calls, by_time);
	for (size_t i = 0; i < t->call_count; i++) {
		const struct call *c = &t->calls[i];
		const struct prompt_rates *r = &t->rates[c->model];
		struct sent *s = &all[c->group];
		bool timed = c->when != WHEN_NONE, five, hour;

		five = s->known &&
		       warm_times_within(&s->times, c->when, timed ? MINUTES_5 : INT64_MAX);
		hour =
		    s->known && warm_times_within(&s->times, c->when, timed ? HOUR : INT64_MAX);
		add_plain(t, r, c->input);
		add(&t->sum.five,
		    cost(r, r->write_5m, c->input, five ? c->prefix : 0, five ? 0 : c->prefix));
		add(&t->sum.hour,
		    cost(r, r->write_1h, c->input, hour ? c->prefix : 0, hour ? 0 : c->prefix));
		if (!c->prefix)
			continue;
		if (!s->known)
			s->times = (struct warm_times){ WHEN_NONE, WHEN_NONE };
		s->known = true;
		warm_times_add(&s->times, c->when);
	}
	free(all);
}

static const char *
best(const struct lives *l)
{
	const char *name = "none";
	struct usd least = l->none;

	if (usd_cmp(l->five, least) < 0) {
		least = l->five;
		name = "ttl_5m";
	}
	if (usd_cmp(l->hour, least) < 0) {
		least = l->hour;
		name = "ttl_1h";
	}
	return !l->no_batch && usd_cmp(l->batch, least) < 0 ? "batch" : name;
}

enum { LIVES = 4 };
static const struct {
	const char *name, *heading;
} lives[LIVES] = {
	{ "none", "without a cache" },
	{ "ttl_5m", "5 minutes" },
	{ "ttl_1h", "1 hour" },
	{ "batch", "in batches, no cache" },
};

static struct figure
dollars(const struct lives *l, size_t i)
{
	const struct usd sums[LIVES] = { l->none, l->five, l->hour, l->batch };
	bool none = i == LIVES - 1 && l->no_batch;

	return (struct figure){ .kind = none ? FIGURE_NONE : FIGURE_USD, .usd = sums[i] };
}

static struct figure
saved(const struct lives *l, struct figure f)
{
	if (f.kind == FIGURE_USD)
		f.kind = FIGURE_SHARE;
	f.whole = l->none;
	f.usd = usd_sub(l->none, f.usd);
	return f;
}

static void
print_json(const struct ttl *t, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	for (size_t i = 0; i < LIVES; i++)
		member_figure(&w, lives[i].name, dollars(&t->sum, i));
	member_text(&w, "best", best(&t->sum));
	member_count(&w, "requests", t->requests);
	member_count(&w, "without_prefix", t->without);
	member_count(&w, "unpriced", t->unpriced);
	member_count(&w, "replayed", t->replayed);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

static void
print_table(const char *format, const struct ttl *t, struct buf *out)
{
	bool people = strcmp(format, "csv") != 0;
	unsigned decimals = usd_decimals(t->sum.none);
	struct arena a = { 0 };
	struct table table;

	table_open(&table, 3, &a);
	table.heading[0] = SLICE("lifetime");
	table.heading[1] = people ? SLICE("$") : SLICE("usd");
	table.heading[2] = SLICE("saved");
	table.right[1] = table.right[2] = true;
	for (size_t i = 0; i < LIVES; i++) {
		struct slice *row = table_row(&table);
		struct figure f = dollars(&t->sum, i);

		row[0] = slice_z(people ? lives[i].heading : lives[i].name);
		row[1] = cell_figure(f, people, decimals, &a);
		row[2] = cell_figure(saved(&t->sum, f), people, decimals, &a);
	}
	table_as(format, &table, out);
	table_close(&table);
	arena_close(&a);
	if (!people)
		return;
	if (strcmp(format, "md") == 0)
		buf_add_byte(out, '\n');
	buf_printf(
	    out, "input of %" PRIu64 " calls, cheapest: %s\n", t->requests, best(&t->sum));
	if (t->without)
		buf_printf(out, "%" PRIu64 " calls have no prefix that is known\n", t->without);
	if (t->replayed)
		buf_printf(out,
		    "answered by our own cache or collapsed, never sent: %" PRIu64 "\n",
		    t->replayed);
}

static void
read_prefix(struct ttl *t)
{
	const char *why = NULL;
	char *end;

	t->given = prefix_option;
	if (!prefix_option)
		return;
	if (*prefix_option == '.') {
		t->path = path_compile(prefix_option, &why);
		if (why)
			tool_usage("'--prefix' '%s': %s", prefix_option, why);
		return;
	}
	t->tokens = strtoull(prefix_option, &end, 10);
	if (*end || *prefix_option < '0' || *prefix_option > '9')
		tool_usage("'--prefix' wants tokens or a path, not '%s'", prefix_option);
}

void
ttl_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	const char *format = tool_format(formats);
	static struct ttl t;
	struct buf out = { 0 };
	struct stream *s;
	struct record *r;

	read_prefix(&t);
	o.no_output = true;
	t.last = INT64_MIN;
	t.warm = warm_open();
	s = stream_open(&o);
	while ((r = stream_next(s)))
		stream_put(s, r, judge(&t, r));
	stream_close(s);
	add_told(&t);
	if (strcmp(format, "json") == 0)
		print_json(&t, &out);
	else
		print_table(format, &t, &out);
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
	warm_free(t.warm);
	hash_map_free(&t.models);
	hash_map_free(&t.groups);
	free(t.rates);
	free(t.calls);
	path_free(t.path);
}
