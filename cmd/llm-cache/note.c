/* SPDX-License-Identifier: MIT */
#include "base/when.h"
#include "json/members.h"
#include "json/write.h"
#include "keep.h"
#include "model/moment.h"
#include "money/price.h"

#define TAGS 32
#define TAG_BYTES 256

static int64_t
time_of(const struct request *q, const struct usage *u, struct arena *a)
{
	int64_t when = moment_of_call(q, u, a);

	return when == WHEN_NONE ? when_now() : when;
}

static void
write_cost(struct writer *w, const struct request *q, const struct usage *u, struct arena *a)
{
	struct price_query p = { .model = request_answer_model(q, a),
		.provider = json_string(u->provider, a),
		.when = time_of(q, u, a),
		.lane = lane_billed(q, u, a) };
	static struct bill bill;
	char text[64];

	if (!p.provider.ptr)
		p.provider = json_string(json_get(json_get(q->llm, "batch"), "provider"), a);
	bill.priced = false;
	if (u->present && !u->flaw && p.model.ptr)
		bill_usage(&p, u, &bill);
	write_name(w, "input");
	write_number(w, u->input);
	write_name(w, "output");
	write_number(w, u->output);
	write_name(w, "usd");
	write_z(w, bill.priced ? usd_write(bill.usd, text) : NULL);
}

struct tags {
	struct writer *w;
	struct slice names[TAGS];
	size_t count;
};

/* The first of a name counts, as for all attributes. */
static void
add_tag(struct tags *t, struct slice name, struct value v)
{
	struct slice raw = json_raw(v);

	if (json_type(v) <= JSON_NULL || json_type(v) >= JSON_ARRAY || raw.len > TAG_BYTES ||
	    name.len > TAG_BYTES || t->count == TAGS)
		return;
	for (size_t i = 0; i < t->count; i++)
		if (slice_eq(t->names[i], name))
			return;
	if (t->count == 0) {
		write_name(t->w, "tags");
		write_object(t->w);
	}
	t->names[t->count++] = name;
	write_name_slice(t->w, name);
	write_raw(t->w, raw);
}

static void
add_members(struct tags *t, struct value object, struct arena *a)
{
	if (json_type(object) != JSON_OBJECT)
		return;
	for (struct value k = json_first(object); json_type(k); k = json_next(k))
		add_tag(t, json_string(k, a), json_member_value(k));
}

static void
write_tags(struct writer *w, const struct request *q, struct arena *a)
{
	static const char *const known[] = { "tenant", "user", "session", "task", "feature" };
	struct tags t = { .w = w };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		add_tag(&t, slice_z(known[i]), request_attribute(q, known[i]));
	add_members(&t, json_get(q->llm, "tags"), a);
	add_members(&t, json_get(q->body, "metadata"), a);
	add_members(&t, json_get(q->root, "metadata"), a);
	if (t.count)
		write_object_end(w);
}

void
note_write(const struct request *q, struct arena *a, struct buf *out)
{
	struct writer w = { .out = out };
	struct usage u = { 0 };

	write_object(&w);
	write_name(&w, "usage");
	if (usage_read(q, &u) && json_type(u.object) == JSON_OBJECT)
		write_raw(&w, json_raw(u.object));
	else
		write_null(&w);
	write_cost(&w, q, &u, a);
	write_tags(&w, q, a);
	write_object_end(&w);
}

static struct value
scan(struct slice meta)
{
	static struct json json;
	const char *why;
	size_t where;

	json_expect_shapes(&json);
	return json_scan(&json, meta, &why, &where) ? json_root(&json) : (struct value){ 0 };
}

void
note_read(struct slice meta, struct note *note)
{
	enum { USAGE, INPUT, OUTPUT, USD, WRITER, VIA, CHECK, MEMBERS };
	static const char *const names[MEMBERS] = { "usage", "input", "output", "usd", "writer",
		"via", "check" };
	static struct members members = { .names = names, .count = MEMBERS };
	struct value got[MEMBERS];

	members_get(scan(meta), &members, got);
	*note = (struct note){ .usage =
				   json_type(got[USAGE]) ? json_raw(got[USAGE]) : SLICE("null"),
		.writer = json_raw(got[WRITER]),
		.doubted = json_type(got[CHECK]) == JSON_TRUE };
	if (json_type(got[VIA]) == JSON_OBJECT)
		note->via = json_raw(got[VIA]);
	json_whole(got[INPUT], &note->input);
	json_whole(got[OUTPUT], &note->output);
	note->priced = json_type(got[USD]) == JSON_STRING &&
		       usd_read(json_string_raw(got[USD]), &note->usd) && note->usd.units >= 0;
}

struct slice
note_tag(struct slice meta, struct slice name)
{
	return json_raw(json_get_slice(json_get(scan(meta), "tags"), name));
}
