/* SPDX-License-Identifier: MIT */
#include "traits.h"

#include "stats/distinct.h"
#include "json/members.h"
#include "model/judgement.h"
#include "tool/tool.h"
#include "walk.h"

#define CLASSES 512u

static const char *const amount_names[] = { "costUSD", "response_cost", "spend", "cost_usd",
	"total_cost", NULL };

static struct value
first_of(struct value object, const char *const names[])
{
	struct value v = { 0 };

	for (size_t i = 0; names[i]; i++) {
		v = json_get(object, names[i]);
		if (json_type(v) > JSON_NULL)
			return v;
	}
	return v;
}

struct value
traits_user(const struct record *r, const struct row *row)
{
	static const char *const names[] = { "end_user", "request_user_id", "user_id", "userId",
		NULL };
	static const char *const in_body[] = { "user", "safety_identifier", NULL };
	struct value v = request_attribute(&row->request, "user");

	if (json_type(v))
		return v;
	v = first_of(row->request.body, in_body);
	return json_type(v) ? v : first_of(r->root, names);
}

struct value
traits_session(const struct record *r, const struct row *row)
{
	static const char *const names[] = { "sessionId", "session_id", NULL };
	struct value v = request_attribute(&row->request, "session");

	if (json_type(v))
		return v;
	v = first_of(r->root, names);
	return json_type(v)
		   ? v
		   : json_get(json_get(r->root, "request_properties"), "Helicone-Session-Id");
}

static uint64_t
hash_of_name(struct value v, struct arena *a)
{
	struct slice text = json_string(v, a);

	if (!text.ptr && json_type(v) == JSON_NUMBER)
		text = json_raw(v);
	return text.len ? distinct_hash(text) : 0;
}

static void
look_at_usage(const struct row *row, struct value amount[2])
{
	static const char *const names[] = { "cost", "is_byok" };
	static struct members members = { .names = names, .count = 2 };

	members_get(row->usage.object, &members, amount);
}

/* What the attributes of a call are read from, where nothing says that they stand elsewhere:
 * one walk an object. */
enum {
	SEEN_USER,
	SEEN_SESSION,
	SEEN_VERDICT,
	SEEN_METADATA,
	SEEN_SESSION_CAMEL,
	SEEN_SESSION_ID,
	SEEN_END_USER,
	SEEN_REQUEST_USER,
	SEEN_USER_ID,
	SEEN_USER_CAMEL,
	SEEN_PROPERTIES,
	SEEN_AMOUNT, /* five, as in amount_names */
	SEEN = SEEN_AMOUNT + 5
};
struct seen {
	uint64_t shape; /* of the lines that have all of this where this one has it; 0: none */
	const struct json *json;
	uint32_t usage;
	struct value top[SEEN], metadata[SEEN_METADATA];
	struct value amount[2]; /* of the usage: cost, is_byok */
};

static void
look_at(const struct record *r, const struct row *row, struct seen *s)
{
	static const char *const names[SEEN] = { "user", "session", "verdict", "metadata",
		"sessionId", "session_id", "end_user", "request_user_id", "user_id", "userId",
		"request_properties", "costUSD", "response_cost", "spend", "cost_usd",
		"total_cost" };
	static struct members root = { .names = names, .count = SEEN },
			      metadata = { .names = names, .count = SEEN_METADATA };

	members_get(r->root, &root, s->top);
	members_get(s->top[SEEN_METADATA], &metadata, s->metadata);
	look_at_usage(row, s->amount);
	s->shape = r->json->twice.ptr ? 0 : r->json->shape;
	s->json = r->json;
	s->usage = row->usage.object.entry;
}

/* NULL where attributes may stand elsewhere. */
static const struct seen *
look(const struct record *r, const struct row *row)
{
	static struct seen kept[16];
	struct seen *s = &kept[r->json->shape % (sizeof(kept) / sizeof(*kept))];

	if (tool_common()->fields.count || row->request.llm.json || row->request.body.json)
		return NULL;
	if (!r->json->shape || s->shape != r->json->shape || s->json != r->json ||
	    s->usage != row->usage.object.entry)
		look_at(r, row, s);
	return s;
}

static struct value
seen_attribute(const struct seen *s, size_t which)
{
	return json_type(s->metadata[which]) ? s->metadata[which] : s->top[which];
}

/* The first that is there and not null, else the last. */
static struct value
first_seen(const struct value list[], size_t count)
{
	size_t i = 0;

	while (i + 1 < count && json_type(list[i]) <= JSON_NULL)
		i++;
	return list[i];
}

static void
read_people(const struct record *r, const struct reader *reader, const struct row *row,
    const struct seen *s, struct traits *t)
{
	struct value user, session;

	if (s) {
		user = seen_attribute(s, SEEN_USER);
		if (!json_type(user))
			user = first_seen(s->top + SEEN_END_USER, 4);
		session = seen_attribute(s, SEEN_SESSION);
		if (!json_type(session))
			session = first_seen(s->top + SEEN_SESSION_CAMEL, 2);
		if (!json_type(session))
			session = json_get(s->top[SEEN_PROPERTIES], "Helicone-Session-Id");
	} else {
		user = traits_user(r, row);
		session = traits_session(r, row);
	}
	t->user = hash_of_name(user, r->arena);
	t->session = hash_of_name(session, r->arena);
	if (!t->session && reader && reader->session[0])
		t->session = distinct_hash(slice_z(reader->session));
}

/* Floating-point texts of other tools may have more digits than 10^-20 dollars: those are cut.
 */
bool
traits_amount(struct value v, struct arena *a, struct usd *out)
{
	struct slice text = json_type(v) == JSON_STRING ? json_string(v, a) : json_raw(v), tail;
	size_t e = 0;
	char short_text[64];

	if (json_type(v) != JSON_NUMBER && json_type(v) != JSON_STRING)
		return false;
	if (usd_read(text, out))
		return true;
	while (e < text.len && text.ptr[e] != 'e' && text.ptr[e] != 'E')
		e++;
	tail = slice_drop(text, e);
	for (size_t n = e; n > 1 && text.len < sizeof(short_text); n--) {
		struct slice head = slice_take(text, n - 1);

		if (!memchr(head.ptr, '.', head.len))
			return false;
		memcpy(short_text, head.ptr, head.len);
		memcpy(short_text + head.len, tail.ptr, tail.len);
		if (usd_read(slice_of(short_text, head.len + tail.len), out))
			return true;
	}
	return false;
}

/* v: the amount that the line names at its top; amount: what its usage says. */
static void
read_logged(struct value v, const struct value amount[2], const struct record *r,
    const struct row *row, struct traits *t)
{
	bool credits = json_type(amount[1]) == JSON_TRUE;

	if (json_type(v) <= JSON_NULL)
		v = amount[0];
	if (json_type(v) <= JSON_NULL && row->request.llm.json)
		v = json_get(json_get(row->request.llm, "cost"), "usd");
	/* with an own key at a reseller the amount is its charge alone, in its credits */
	if (credits)
		t->has_credits = traits_amount(v, r->arena, &t->credits);
	else
		t->has_logged = traits_amount(v, r->arena, &t->logged);
}

void
traits_logged(const struct record *r, const struct row *row, struct traits *t)
{
	struct value amount[2];

	look_at_usage(row, amount);
	read_logged(first_of(r->root, amount_names), amount, r, row, t);
}

static void
read_path(const struct record *r, const struct row *row, struct traits *t)
{
	struct value llm = row->request.llm, route, cache, batch;

	if (row->wasted) {
		enum ending e = answer_ending(&row->request);

		t->cut = e == ENDING_CUT;
		t->filtered = e == ENDING_FILTERED;
	}
	if (json_type(llm) != JSON_OBJECT)
		return;
	route = json_get(llm, "route");
	cache = json_get(llm, "cache");
	batch = json_get(llm, "batch");
	t->routed = json_type(route) == JSON_OBJECT;
	t->looked_up = json_type(json_get(cache, "key")) == JSON_STRING;
	t->marked = json_type(json_get(cache, "mark")) == JSON_OBJECT;
	t->has_attempts = json_whole(json_get(batch, "attempts"), &t->attempts);
	t->has_estimate =
	    traits_amount(json_get(route, "estimated_cost"), r->arena, &t->estimate);
}

/* As llm-cost quality reads it, of the record's own verdict. */
static void
read_verdict(
    const struct record *r, const struct row *row, const struct seen *s, struct traits *t)
{
	struct value v =
	    s ? seen_attribute(s, SEEN_VERDICT) : request_attribute(&row->request, "verdict");
	struct value judge;
	enum judgement word;

	if (s && json_type(v) <= JSON_NULL)
		return;
	judge = json_get(row->request.llm, "judge");
	if (json_type(v) <= JSON_NULL)
		v = json_type(judge) == JSON_OBJECT ? json_get(judge, "verdict") : judge;
	if (json_type(v) <= JSON_NULL)
		v = json_get(judge, "score");
	word = judgement_value(v, UINT64_MAX, r->arena);
	if (word == JUDGEMENT_FINE || word == JUDGEMENT_WORSE)
		t->judged = word == JUDGEMENT_WORSE ? JUDGED_WORSE : JUDGED_FINE;
}

/* Prices are rows that live as long as the run: one look-up for each. */
static enum price_class
class_of(const struct row *row)
{
	static struct {
		const char *row, *date;
		enum price_class class;
	} known[CLASSES];
	size_t at = ((uintptr_t)row->bill.row / 8 * 31 + (uintptr_t)row->bill.date) % CLASSES;
	struct price_query q = row_query(row, row->model, LANE_REALTIME);
	struct usd price, bound;
	const char *source;

	if (known[at].row == row->bill.row && known[at].date == row->bill.date)
		return known[at].class;
	known[at].row = row->bill.row;
	known[at].date = row->bill.date;
	known[at].class = CLASS_UNKNOWN;
	if (price_of(&q, "output", &price, &source) && usd_read(SLICE("0.000001"), &bound)) {
		bound = usd_times(bound, STRONG_USD_PER_MILLION);
		known[at].class = usd_cmp(price, bound) > 0 ? CLASS_STRONG : CLASS_PLAIN;
	}
	return known[at].class;
}

static bool
costs_as_asked(const struct row *row)
{
	return !row->request.llm.json && row->kind == ROW_CALL && row->lane == LANE_REALTIME &&
	       !row->usage.cached && !row->usage.written_5m && !row->usage.written_1h &&
	       !row->usage.service_tier.ptr;
}

static void
read_baseline(const struct record *r, const struct row *row, struct traits *t)
{
	t->has_baseline = !row->unpriced;
	if (row->unpriced)
		return;
	t->baseline = costs_as_asked(row) ? row->bill.usd : walk_baseline(row, r->arena);
}

void
traits_read(const struct record *r, const struct reader *reader, const struct row *row,
    unsigned wanted, struct traits *t)
{
	const struct seen *s = NULL;

	*t = (struct traits){ 0 };
	if (!wanted)
		return;
	if (wanted & (WANT_PEOPLE | WANT_LOGGED | WANT_QUALITY))
		s = look(r, row);
	if (wanted & WANT_PATH)
		read_path(r, row, t);
	if (wanted & WANT_PEOPLE)
		read_people(r, reader, row, s, t);
	if (wanted & WANT_LOGGED && s)
		read_logged(first_seen(s->top + SEEN_AMOUNT, 5), s->amount, r, row, t);
	else if (wanted & WANT_LOGGED)
		traits_logged(r, row, t);
	if (wanted & WANT_QUALITY)
		read_verdict(r, row, s, t);
	if ((wanted & WANT_CLASS) && row->kind == ROW_CALL && !row->unpriced && row->bill.row)
		t->class = class_of(row);
	if (wanted & WANT_BASELINE)
		read_baseline(r, row, t);
}
