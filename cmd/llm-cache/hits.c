/* SPDX-License-Identifier: MIT */
/* llm-cache prefix: how much of each group's prompts the provider's cache can give or gave,
 * what breaks the common prefix first, and what that costs. */
#include "cache.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "breaker.h"
#include "json/path.h"
#include "model/moment.h"
#include "prompt_cache/rates.h"
#include "prompt_cache/warm.h"
#include "show/members.h"

#define MINUTES_5 INT64_C(300000)
#define MONTH ((uint64_t)30 * 86400000)
#define GROUPS 1000

static const char *by_option;
static uint64_t least = UINT64_MAX;

const struct option hits_options[] = {
	{ 0, "by", OPTION_TEXT, "PATH", &by_option,
	    "groups by this too, beside the model and the rule of the route", NULL },
	{ 0, "min-hit-rate", OPTION_SHARE, "P", &least,
	    "status 1 where a group is below, by requests or by tokens", NULL },
	{ 0 },
};

struct group {
	struct slice model, rule, by;         /* rule and by: ptr NULL where there is none */
	uint64_t requests, input, hits, read; /* simulated from the prompts */
	uint64_t told, told_input, told_hits, told_read; /* by the usage of answers */
	struct breaker breaker;
	struct prompt_rates rates;
	struct usd lost;
	bool has_lost;
	int64_t first, last;
};
struct survey {
	struct path *by;
	struct hash_map keys;
	struct group *groups;
	struct warm *warm;
	struct arena arena; /* of names */
	uint64_t beyond, without, replayed;
	int64_t last;
};

static struct slice
keep_text(struct survey *s, struct slice text)
{
	return text.ptr ? arena_copy(&s->arena, text) : text;
}

static struct slice
text_of(struct value v, struct arena *a)
{
	if (json_type(v) == JSON_STRING)
		return json_string(v, a);
	return json_type(v) > JSON_NULL ? json_raw(v) : slice_of(NULL, 0);
}

/* NULL where there are too many groups. */
static struct group *
group_of(struct survey *s, const struct record *r, const struct request *q, struct slice model)
{
	struct slice rule = text_of(json_get(json_get(q->llm, "route"), "rule"), r->arena);
	struct slice by =
	    text_of(s->by ? path_get(s->by, r->root) : (struct value){ 0 }, r->arena);
	struct buf key = { 0 };
	struct group *g;
	bool added = false;
	size_t i;

	buf_add(&key, model);
	buf_add_byte(&key, '\n');
	buf_add(&key, rule.ptr ? rule : SLICE(""));
	buf_add_byte(&key, '\n');
	buf_add(&key, by.ptr ? by : SLICE(""));
	i = s->keys.count < GROUPS ? hash_map_add(&s->keys, buf_slice(&key), &added)
				   : hash_map_find(&s->keys, buf_slice(&key));
	buf_free(&key);
	if (i == SIZE_MAX)
		return NULL;
	if (added) {
		s->groups = mem_grow(s->groups, i + 1, sizeof *s->groups);
		g = &s->groups[i];
		*g = (struct group){ .model = keep_text(s, model),
			.rule = keep_text(s, rule),
			.by = keep_text(s, by),
			.first = INT64_MAX,
			.last = INT64_MIN };
		prompt_rates_read(&g->rates, q, model);
	}
	return &s->groups[i];
}

/* What a stable head would have saved: its reads, less what was read, less the dearer write of
 * the first time. */
static void
add_lost(struct group *g, const struct chain *c, uint64_t read, uint64_t minimum)
{
	uint64_t possible = breaker_possible(&g->breaker, c);

	if (!g->rates.priced || possible < minimum)
		return;
	g->has_lost = true;
	if (g->requests == 1)
		g->lost = usd_sub(g->lost,
		    usd_times(usd_sub(g->rates.write_5m, g->rates.fresh), read ? 0 : possible));
	else if (possible > read)
		g->lost = usd_add(g->lost,
		    usd_times(usd_sub(g->rates.fresh, g->rates.read), possible - read));
}

static void
see_prompt(struct survey *s, struct group *g, const struct record *r, const struct request *q,
    int64_t when, struct usage *u)
{
	uint64_t minimum = chain_minimum(g->model), read;
	struct chain c;

	chain_of(q, g->model, q->api == API_CHAT || q->api == API_RESPONSES, r->arena, &c);
	if (!c.count) {
		s->without++;
		return;
	}
	if (when != WHEN_NONE) {
		/* lines are taken as they come: a clock that goes back stands still */
		when = when < s->last ? s->last : when;
		s->last = when;
		g->first = when < g->first ? when : g->first;
		g->last = when > g->last ? when : g->last;
	}
	read = warm_read(s->warm, &c, when, when == WHEN_NONE ? INT64_MAX : MINUTES_5, minimum);
	warm_send(s->warm, &c, when);
	g->requests++;
	g->input += c.link[c.count - 1].tokens;
	g->hits += read > 0;
	g->read += read;
	breaker_see(&g->breaker, &c, r->root);
	add_lost(g, &c, u->present && !u->flaw ? u->cached : read, minimum);
}

static void
see_usage(struct group *g, const struct usage *u)
{
	if (!u->present || u->flaw)
		return;
	g->told++;
	g->told_input += u->input;
	g->told_hits += u->cached > 0;
	g->told_read += u->cached;
}

static enum verdict
judge(struct survey *s, struct record *r)
{
	struct request q;
	struct usage u = { 0 };
	struct slice model;
	struct group *g;

	if (!request_read(r->json, &q))
		return DROP;
	usage_read(&q, &u);
	if (request_replayed(&q) || u.replayed) {
		s->replayed++;
		return DROP;
	}
	model = q.answered || q.shape == SHAPE_USAGE ? request_answer_model(&q, r->arena)
						     : request_model(&q, r->arena);
	g = group_of(s, r, &q, model.ptr ? models_resolve(model) : SLICE(""));
	if (r->json->twice.ptr)
		return DROP;
	if (!g) {
		s->beyond++;
		return DROP;
	}
	see_usage(g, &u);
	see_prompt(s, g, r, &q, moment_of_call(&q, &u, r->arena), &u);
	return DROP;
}

/* Usage says what was; where no answer has any, the prompts say what could be. */
struct rate {
	bool told;
	uint64_t hits, requests, read, input;
};

static struct rate
rate_of(const struct group *g)
{
	if (g->told)
		return (
		    struct rate){ true, g->told_hits, g->told, g->told_read, g->told_input };
	return (struct rate){ false, g->hits, g->requests, g->read, g->input };
}

static bool
rate_known(const struct rate *x)
{
	return x->requests > 0 && x->input > 0;
}

static bool
is_below(const struct group *g)
{
	struct rate x = rate_of(g);

	/* one call alone can hit nothing */
	return least != UINT64_MAX && rate_known(&x) && x.requests > 1 &&
	       (!share_reached(x.hits, x.requests, least) ||
		   !share_reached(x.read, x.input, least));
}

static void
text_json(struct writer *w, const char *name, struct slice text)
{
	write_name(w, name);
	if (text.ptr)
		write_string(w, text);
	else
		write_null(w);
}

static void
breaker_json(struct writer *w, const struct breaker *b)
{
	write_name(w, "breaker");
	if (!b->broken) {
		write_null(w);
		return;
	}
	write_object(w);
	write_name(w, "path");
	write_z(w, b->path);
	write_name(w, "byte");
	write_number(w, b->byte);
	write_name(w, "kind");
	write_z(w, b->kind);
	write_object_end(w);
}

/* Where the dearer write of the first time outweighs what was left to save, nothing was lost.
 */
static struct usd
lost_of(const struct group *g)
{
	return g->lost.units > 0 ? g->lost : (struct usd){ 0 };
}

/* Scaled from the time that the group's calls span; false where they have no times. */
static bool
by_month(const struct group *g, struct usd *out)
{
	uint64_t span = g->last > g->first ? (uint64_t)(g->last - g->first) : 0;

	if (!g->has_lost || span < 60000)
		return false;
	*out = usd_part(lost_of(g), MONTH, span);
	return true;
}

/* The numbers of a group, in every format. */
enum { REQUESTS, TOKENS, SHARE, HITS, READ, MINIMUM, LOST, MONTHLY, NUMBERS };
static const struct {
	const char *member, *heading;
} numbers[NUMBERS] = {
	{ "requests", "requests" },
	{ "prefix_tokens", "prefix" },
	{ "prefix_share", "of input" },
	{ "hit_rate_requests", "hits" },
	{ "hit_rate_tokens", "of tokens" },
	{ "minimum", "least" },
	{ "lost_usd", "$ lost" },
	{ "lost_usd_month", "a month" },
};

static struct figure
count_of(uint64_t n)
{
	return (struct figure){ .kind = FIGURE_COUNT, .n = n };
}

static struct figure
ratio_of(uint64_t part, uint64_t all, bool known)
{
	return (struct figure){ known ? FIGURE_RATIO : FIGURE_NONE, .n = part, .d = all };
}

static void
numbers_of(const struct group *g, struct figure f[NUMBERS])
{
	struct rate x = rate_of(g);
	struct usd month;

	memset(f, 0, NUMBERS * sizeof(*f));
	f[REQUESTS] = count_of(g->requests > g->told ? g->requests : g->told);
	if (g->breaker.kept)
		f[TOKENS] = count_of(g->breaker.tokens);
	f[SHARE] = ratio_of(g->breaker.tokens * g->requests, g->input, g->input > 0);
	f[HITS] = ratio_of(x.hits, x.requests, rate_known(&x));
	f[READ] = ratio_of(x.read, x.input, rate_known(&x));
	f[MINIMUM] = count_of(chain_minimum(g->model));
	if (g->has_lost)
		f[LOST] = (struct figure){ .kind = FIGURE_USD, .usd = lost_of(g) };
	if (by_month(g, &month))
		f[MONTHLY] = (struct figure){ .kind = FIGURE_USD, .usd = month };
}

static const char *
source_of(const struct group *g)
{
	return rate_of(g).told ? "usage" : "simulated";
}

static void
group_json(struct writer *w, const struct group *g)
{
	struct figure f[NUMBERS];

	numbers_of(g, f);
	write_object(w);
	write_name(w, "model");
	write_string(w, g->model);
	text_json(w, "rule", g->rule);
	text_json(w, "by", g->by);
	for (size_t i = 0; i < LOST; i++) {
		if (i == MINIMUM)
			member_text(w, "source", source_of(g));
		member_figure(w, numbers[i].member, f[i]);
	}
	breaker_json(w, &g->breaker);
	for (size_t i = LOST; i < NUMBERS; i++)
		member_figure(w, numbers[i].member, f[i]);
	write_object_end(w);
}

static int
by_lost(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = usd_cmp(y->lost, x->lost);

	if (!order)
		order = slice_cmp(x->model, y->model);
	if (!order)
		order = slice_cmp(x->rule, y->rule);
	return order ? order : slice_cmp(x->by, y->by);
}

static void
print_json(const struct survey *s, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	write_name(&w, "groups");
	write_array(&w);
	for (size_t i = 0; i < s->keys.count; i++)
		group_json(&w, &s->groups[i]);
	write_array_end(&w);
	member_count(&w, "without_prompt", s->without);
	member_count(&w, "beyond", s->beyond);
	member_count(&w, "replayed", s->replayed);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}

/* Texts of a group stand in these columns, before and behind its numbers. */
enum { BEFORE = 4, BEHIND = 3 };

static void
add_row(struct table *t, const struct group *g, bool people, unsigned decimals)
{
	const struct breaker *b = &g->breaker;
	struct slice *row = table_row(t);
	struct figure f[NUMBERS];

	row[0] = g->model;
	row[1] = g->rule;
	row[2] = g->by;
	row[3] = slice_z(source_of(g));
	numbers_of(g, f);
	for (size_t i = 0; i < NUMBERS; i++)
		row[BEFORE + i] = cell_figure(f[i], people, decimals, t->arena);
	if (!b->broken)
		return;
	row += BEFORE + NUMBERS;
	row[0] = slice_z(b->path);
	row[1] = arena_printf(t->arena, "%zu", b->byte);
	row[2] = slice_z(b->kind);
}

static void
print_table(const char *format, const struct survey *s, struct buf *out)
{
	static const char *const before[BEFORE] = { "model", "rule", "by", "source" };
	static const char *const behind[BEHIND] = { "breaker", "byte", "kind" };
	bool people = strcmp(format, "csv") != 0;
	struct usd most = { 0 };
	unsigned decimals;
	struct arena a = { 0 };
	struct table t;

	for (size_t i = 0; i < s->keys.count; i++)
		if (usd_cmp(s->groups[i].lost, most) > 0)
			most = s->groups[i].lost;
	decimals = usd_decimals(most);
	table_open(&t, BEFORE + NUMBERS + BEHIND, &a);
	for (size_t i = 0; i < BEFORE; i++)
		t.heading[i] = slice_z(before[i]);
	for (size_t i = 0; i < NUMBERS; i++) {
		t.heading[BEFORE + i] =
		    slice_z(people ? numbers[i].heading : numbers[i].member);
		t.right[BEFORE + i] = true;
	}
	for (size_t i = 0; i < BEHIND; i++)
		t.heading[BEFORE + NUMBERS + i] = slice_z(behind[i]);
	for (size_t i = 0; i < s->keys.count; i++)
		add_row(&t, &s->groups[i], people, decimals);
	table_as(format, &t, out);
	table_close(&t);
	arena_close(&a);
}

static void
print_group(const struct group *g, struct buf *out)
{
	struct rate x = rate_of(g);
	const struct breaker *b = &g->breaker;
	char text[64];

	buf_printf(out, "%s", diag_clean(g->model));
	if (g->rule.ptr)
		buf_printf(out, ", rule %s", diag_clean(g->rule));
	if (g->by.ptr)
		buf_printf(out, ", %s", diag_clean(g->by));
	buf_printf(
	    out, ": %" PRIu64 " requests\n", g->requests > g->told ? g->requests : g->told);
	if (rate_known(&x))
		buf_printf(out,
		    "  hits       %5.1f %% of requests, %5.1f %% of input tokens (%s)\n",
		    100 * (double)x.hits / (double)x.requests,
		    100 * (double)x.read / (double)x.input,
		    x.told ? "as billed" : "if every prefix were cached");
	if (b->kept)
		buf_printf(out,
		    "  prefix     about %" PRIu64 " tokens are common, the least is %" PRIu64
		    "\n",
		    b->tokens, chain_minimum(g->model));
	if (b->broken)
		buf_printf(out, "  broken by  %s, byte %zu: %s\n", diag_clean(slice_z(b->path)),
		    b->byte, b->kind);
	if (g->has_lost && g->lost.units > 0)
		buf_printf(out, "  lost       $%s on these requests\n",
		    usd_round(g->lost, usd_decimals(g->lost), text));
}

static void
print_people(const struct survey *s, struct buf *out)
{
	for (size_t i = 0; i < s->keys.count; i++)
		print_group(&s->groups[i], out);
	if (s->replayed)
		buf_printf(out,
		    "answered by our own cache or collapsed, never sent: %" PRIu64 "\n",
		    s->replayed);
}

static void
print(const char *format, const struct survey *s)
{
	struct buf out = { 0 };

	if (strcmp(format, "json") == 0)
		print_json(s, &out);
	else if (strcmp(format, "table") != 0)
		print_table(format, s, &out);
	else
		print_people(s, &out);
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
}

void
hits_run(const struct option_list *operands)
{
	static const char *const formats[] = { "table", "json", "csv", "md", NULL };
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	const char *format = tool_format(formats), *why = NULL;
	static struct survey s;
	struct stream *stream;
	struct record *r;

	if (by_option && !(s.by = path_compile(by_option, &why)))
		tool_usage("'--by' '%s': %s", by_option, why);
	o.no_output = true;
	s.last = INT64_MIN;
	s.warm = warm_open();
	stream = stream_open(&o);
	while ((r = stream_next(stream)))
		stream_put(stream, r, judge(&s, r));
	stream_close(stream);
	if (s.keys.count)
		qsort(s.groups, s.keys.count, sizeof *s.groups, by_lost);
	for (size_t i = 0; i < s.keys.count; i++)
		if (is_below(&s.groups[i]))
			status_raise(STATUS_NO);
	print(format, &s);
	for (size_t i = 0; i < s.keys.count; i++)
		breaker_free(&s.groups[i].breaker);
	if (s.beyond)
		diag_note("%" PRIu64 " requests are of groups beyond the first %d, left out",
		    s.beyond, GROUPS);
	warm_free(s.warm);
	hash_map_free(&s.keys);
	free(s.groups);
	arena_close(&s.arena);
	path_free(s.by);
}
