/* SPDX-License-Identifier: MIT */
#include "choice.h"

#include "look.h"
#include "base/hash.h"
#include "base/options.h"
#include "base/when.h"
#include "money/price_table.h"

/* Without a text to judge a call counts as small up to here; that is a guess. */
#define SMALL_INPUT 1000
#define SMALL_OUTPUT 200

static const struct {
	const char *pattern, *cheaper;
} cheaper[] = {
#define CHEAPER(pattern, cheaper) { pattern, cheaper },
#include "cheaper.def"
#undef CHEAPER
};

/* Who serves models of other makers, or a maker's own through another door. */
static const char *const sellers[] = { "openai", "azure", "anthropic", "aws", "google",
	"vertex", "mistral", "deepseek", "groq", "together", "fireworks", "openrouter",
	"cerebras", "deepinfra", "nebius", "novita" };

/* A model that can do the simple part of its work for less; ptr NULL: none is known. */
static struct slice
cheaper_than(struct slice model)
{
	size_t slash = model.len;

	while (slash && model.ptr[slash - 1] != '/')
		slash--;
	model = slice_drop(model, slash);
	for (size_t i = 0; i < sizeof(cheaper) / sizeof(*cheaper); i++)
		if (price_pattern(slice_z(cheaper[i].pattern), model))
			return cheaper[i].cheaper[0] ? slice_z(cheaper[i].cheaper)
						     : slice_of(NULL, 0);
	return slice_of(NULL, 0);
}

static bool
is_simple(const struct row *row, enum evidence *e, const struct body *b, bool *by_words)
{
	struct value route = json_get(row->request.llm, "route");
	struct value level = json_get(route, "complexity");
	const struct usage *u = &row->usage;

	if (!json_type(level))
		level = row_attribute(row, "complexity");
	*e = PROVEN;
	if (json_type(level) == JSON_STRING && !json_is(level, "none"))
		return json_is(level, "simple");
	*by_words = b != NULL;
	if (b)
		return b->level == LEVEL_SIMPLE && !row_is_agent(row);
	*e = GUESSED;
	return u->input <= SMALL_INPUT && u->output - u->reasoning <= SMALL_OUTPUT &&
	       !u->image_in && !u->audio_in && !u->cached && !row_is_agent(row);
}

static void
plan_route(const struct row *row, const struct body *b, struct plan *p)
{
	enum evidence e;

	if (!is_simple(row, &e, b, &p->by_words))
		return;
	p->cheaper = cheaper_than(row->model);
	if (p->cheaper.ptr)
		p->fits[e] |= 1u << AUDIT_ROUTE;
}

/* Prices of plain input and output of one who serves the model. */
struct rates {
	struct usd in, out;
};

static bool
rates_at(const struct row *row, struct slice provider, struct rates *r)
{
	struct price_query q = { row->model, provider, row->when, LANE_REALTIME };
	const char *source;

	return price_of(&q, "input", &r->in, &source) &&
	       price_of(&q, "output", &r->out, &source);
}

static struct slice
cheapest_seller(const struct row *row)
{
	struct slice best = { NULL, 0 };
	struct rates least, r;

	if (!rates_at(row, row->provider, &least))
		return best;
	for (size_t i = 0; i < sizeof(sellers) / sizeof(*sellers); i++) {
		/* a price of nothing is a table's way to say that it does not know */
		if (!rates_at(row, slice_z(sellers[i]), &r) || !r.in.units || !r.out.units)
			continue;
		if (usd_cmp(r.in, least.in) <= 0 && usd_cmp(r.out, least.out) <= 0 &&
		    (usd_cmp(r.in, least.in) < 0 || usd_cmp(r.out, least.out) < 0)) {
			least = r;
			best = slice_z(sellers[i]);
		}
	}
	return best;
}

#define MEMO_LIMIT 1024
/* The answer is that of the first call with this model and provider. */
static struct slice
seller_of(const struct row *row)
{
	static struct hash_map known;
	static struct slice answers[MEMO_LIMIT];
	static struct slice last, last_answer;
	static char last_model[128];
	struct buf key = { 0 };
	bool added = false;
	size_t i;

	if (last.ptr && slice_eq(last, row->model) && !row->provider.ptr)
		return last_answer;
	buf_add(&key, row->model);
	buf_add_byte(&key, '\n');
	buf_add(&key, row->provider);
	i = known.count < MEMO_LIMIT ? hash_map_add(&known, buf_slice(&key), &added)
				     : hash_map_find(&known, buf_slice(&key));
	buf_free(&key);
	if (i == SIZE_MAX)
		return slice_of(NULL, 0);
	if (added)
		answers[i] = cheapest_seller(row);
	if (!row->provider.ptr && row->model.len < sizeof(last_model)) {
		memcpy(last_model, row->model.ptr, row->model.len);
		last = slice_of(last_model, row->model.len);
		last_answer = answers[i];
	}
	return answers[i];
}

static bool
is_tagged_batch(const struct row *row)
{
	struct value route = json_get(row->request.llm, "route");
	struct value lane = json_get(route, "lane");

	if (!json_type(lane))
		lane = row_attribute(row, "lane");
	return json_is(lane, "batch") || json_is(lane, "flex");
}

/* A deadline of a day and more: how a job says that nobody waits. */
static bool
has_patience(const struct row *row, struct arena *a)
{
	struct value v = row_attribute(row, "deadline");
	struct slice text = json_type(v) == JSON_NUMBER ? json_raw(v) : json_string(v, a);
	int64_t ms, when;

	if (!text.len || text.len > 40)
		return false;
	if (json_type(v) == JSON_STRING && options_duration(arena_copy(a, text).ptr, &ms))
		return ms >= INT64_C(86400000);
	when = when_read(text);
	return when != WHEN_NONE && row->own_time && when - row->when >= INT64_C(86400000);
}

static void
plan_batch(const struct row *row, const struct body *b, struct plan *p, struct arena *a)
{
	if (row->lane != LANE_REALTIME || (b && b->waits && !is_tagged_batch(row)))
		return;
	if (is_tagged_batch(row) || has_patience(row, a))
		p->fits[PROVEN] |= 1u << AUDIT_BATCH;
	else if (!row_is_agent(row) && !json_type(row_attribute(row, "session")) &&
		 !json_type(row_attribute(row, "deadline")) &&
		 !json_type(row_attribute(row, "lane")))
		p->fits[GUESSED] |= 1u << AUDIT_BATCH;
}

void
choice_plan(const struct row *row, const struct body *b, struct plan *p, struct arena *a)
{
	plan_route(row, b, p);
	p->provider = seller_of(row);
	/* who has an answer in the cache of one provider pays anew at the other */
	if (p->provider.ptr && !row->usage.cached && !row_is_agent(row))
		p->fits[GUESSED] |= 1u << AUDIT_PROVIDER;
	plan_batch(row, b, p, a);
}
