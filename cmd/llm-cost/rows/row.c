/* SPDX-License-Identifier: MIT */
#include "row.h"

#include "base/diag.h"
#include "base/when.h"
#include "model/moment.h"
#include "money/price_table.h"

#define STALE_DAYS 365

struct row_settings row_settings;

/* Whoever keeps a table asks `prices lint`, which is stricter; here it is used. */
static void
warn_of_age(void)
{
	for (size_t i = 0; i < price_layer_count(); i++) {
		const struct price_layer *l = price_layer_get(i);
		int64_t made = l->date ? when_read(slice_z(l->date)) : WHEN_NONE;

		if (made != WHEN_NONE && when_now() - made > STALE_DAYS * INT64_C(86400000))
			diag_warn("the %s prices are of %s: over a year old", l->name, l->date);
	}
}

void
reader_open(struct reader *d)
{
	struct slice lane = slice_z(row_settings.lane);

	*d = (struct reader){ .lane = LANE_REALTIME,
		.provider = slice_z(row_settings.provider) };
	if (lane.ptr && !lane_named(lane, &d->lane))
		diag_die(STATUS_USAGE,
		    "'--lane' wants realtime, batch, flex or priority, not '%s'",
		    diag_clean(lane));
	warn_of_age();
}

static void
keep(char *out, size_t room, struct slice text)
{
	text = slice_take(text, room - 1);
	memcpy(out, text.ptr, text.len);
	out[text.len] = '\0';
}

/* A line that is no call may still tell about the calls after it. */
static void
note_context(struct reader *d, const struct record *r)
{
	struct value type = json_get(r->root, "type"), payload;
	struct slice text;

	if (json_is(type, "session.created") || json_is(type, "session.updated")) {
		text = json_string(json_get(json_get(r->root, "session"), "model"), r->arena);
		if (text.ptr)
			keep(d->model, sizeof(d->model), text);
		return;
	}
	if (!json_is(type, "turn_context") && !json_is(type, "session_meta"))
		return;
	payload = json_get(r->root, "payload");
	text = json_string(json_get(payload, "model"), r->arena);
	if (text.ptr)
		keep(d->model, sizeof(d->model), text);
	/* a fork replays its parent's totals under its own id */
	text = json_string(json_get(payload, "forked_from_id"), r->arena);
	if (!text.ptr && json_is(type, "session_meta"))
		text = json_string(json_get(payload, "id"), r->arena);
	if (text.ptr)
		keep(d->session, sizeof(d->session), text);
}

static void
read_time(struct row *row, struct arena *a)
{
	row->when = moment_of_call(&row->request, &row->usage, a);
	row->own_time = row->when != WHEN_NONE;
	if (!row->own_time)
		row->when = when_now();
}

static struct value
record_lane(const struct row *row)
{
	if (!row->quick || row->hints.fields)
		return request_attribute(&row->request, "lane");
	return row->hints.lane;
}

static void
read_lane(const struct reader *d, struct row *row, struct value batch, struct arena *a)
{
	struct lane_told told = { .batch = json_get(batch, "lane"),
		.record = record_lane(row),
		.otherwise = d->lane };

	row->lane = lane_settled(&row->request, &row->usage, &told, a);
}

static void
read_model(const struct reader *d, struct row *row, struct arena *a)
{
	row->model = json_string(row->usage.model, a);
	if (!row->model.ptr && row->streams && *d->stream_model)
		row->model = slice_z(d->stream_model);
	if (!row->model.ptr)
		row->model = request_answer_model(&row->request, a);
	if (!row->model.ptr && row->request.shape == SHAPE_USAGE && d->model[0])
		row->model = slice_z(d->model);
	if (row->model.ptr)
		row->model = models_resolve(row->model);
}

/* `run` names the host it asked; that counts where the price tables know it. */
static void
read_provider(const struct reader *d, struct row *row, struct value batch, struct arena *a)
{
	struct price_query q;

	row->provider = json_string(row->usage.provider, a);
	if (row->provider.ptr)
		return;
	if (batch.json)
		row->provider = json_string(json_get(batch, "provider"), a);
	if (row->provider.ptr) {
		q = row_query(row, row->model, LANE_REALTIME);
		if (price_known(&q))
			return;
	}
	row->provider = d->provider;
}

/* What llm-batch measured, else what the log tells: a time, or when the call ended. */
static void
read_latency(struct row *row, struct value batch, struct arena *a)
{
	struct value v = json_get(batch, "latency_ms");
	int64_t end;
	double ms;

	if (json_type(v) != JSON_NUMBER)
		v = row->usage.took;
	if (json_type(v) != JSON_NUMBER && row->own_time) {
		end = moment_read(row->usage.ended, row->usage.utc, a);
		row->has_latency = end != WHEN_NONE && end >= row->when;
		row->latency = row->has_latency ? (uint64_t)(end - row->when) : 0;
		return;
	}
	row->has_latency = json_whole(v, &row->latency);
	if (!row->has_latency && json_double(v, &ms) && ms >= 0 && ms < 1e15) {
		row->latency = (uint64_t)(ms + 0.5);
		row->has_latency = true;
	}
}

static enum row_kind
kind_of(const struct row *row)
{
	if (request_replayed(&row->request) || request_drafted(&row->request) ||
	    row->usage.replayed)
		return ROW_REPLAY;
	return row->request.answered ? ROW_CALL : ROW_UNANSWERED;
}

static bool
made_up(const struct row *row)
{
	return slice_eq(row->model, SLICE("<synthetic>")) && !row->usage.input &&
	       !row->usage.output;
}

static enum ending
ending_of(const struct row *row)
{
	if (row->quick && row->hints.no_ending)
		return ENDING_UNKNOWN;
	if (row->quick && json_type(row->hints.choices))
		return ending_of_choices(row->hints.choices);
	return answer_ending(&row->request);
}

static void
read_ending(struct row *row)
{
	enum ending e = ending_of(row);

	row->failed = e == ENDING_FAILED || row->usage.failed;
	row->wasted = e == ENDING_CUT || e == ENDING_FILTERED ||
		      (e == ENDING_UNKNOWN && row->request.shape != SHAPE_USAGE);
}

/* The counts of a streamed message are cumulative: what an event does not tell stands as it
 * was. */
static void
add_event(struct usage *u, const struct usage *before)
{
	if (!u->input) {
		u->input = before->input;
		u->cached = before->cached;
		u->written_5m = before->written_5m;
		u->written_1h = before->written_1h;
	}
	if (u->output < before->output)
		u->output = before->output;
	if (!u->web_searches)
		u->web_searches = before->web_searches;
	if (!u->service_tier.ptr)
		u->service_tier = before->service_tier;
}

/* Anthropic's events, as they are logged one a line: the start names the message and its
 * model, the deltas have counts alone. */
static void
read_event(struct reader *d, const struct record *r, struct row *row)
{
	struct value type = json_get(r->root, "type"), message = json_get(r->root, "message");

	if (json_is(type, "message_start") && row->has_usage) {
		struct slice id = json_string(json_get(message, "id"), r->arena);
		struct slice model = json_string(row->usage.model, r->arena);

		keep(d->stream, sizeof(d->stream), id.ptr ? id : SLICE(""));
		keep(d->stream_model, sizeof(d->stream_model), model.ptr ? model : SLICE(""));
	} else if (json_is(type, "message_delta") && *d->stream && row->has_usage) {
		add_event(&row->usage, &d->streamed);
	} else {
		return;
	}
	d->streamed = row->usage;
	/* these point into the line */
	d->streamed.service_tier = slice_of(NULL, 0);
	row->streams = *d->stream != '\0';
}

/* What the line is; false where it is nothing. */
static bool
read_line(struct reader *d, const struct record *r, struct row *row)
{
	switch (usage_quick(r->json, &row->request, &row->usage, &row->hints)) {
	case USAGE_QUICK_NOTHING: return false;
	case USAGE_QUICK_CALL:
		row->quick = row->has_usage = true;
		row->kind = ROW_CALL;
		/* with a requestId it is a line of a transcript, no event */
		if (row->hints.transcript && !row->hints.request_id.json)
			read_event(d, r, row);
		return true;
	case USAGE_QUICK_NOT: row->usage = (struct usage){ 0 }; break;
	}
	if (!request_read(r->json, &row->request)) {
		note_context(d, r);
		return false;
	}
	row->has_usage = usage_read(&row->request, &row->usage);
	if (row->usage.several && !usage_span(&row->request, d->span, &row->usage))
		return false;
	row->kind = kind_of(row);
	if (row->request.shape == SHAPE_USAGE)
		read_event(d, r, row);
	return row->kind != ROW_NOTHING;
}

/* The bill is large, and set by row_price; request, usage and hints are set by read_line. */
static void
row_clear(struct row *row)
{
	memset(
	    &row->has_usage, 0, offsetof(struct row, hints) - offsetof(struct row, has_usage));
	memset(&row->failed, 0, offsetof(struct row, bill) - offsetof(struct row, failed));
	row->kind = ROW_NOTHING;
	row->bill.note = NULL;
}

static void
read_call(struct reader *d, const struct record *r, struct row *row)
{
	struct value batch;

	if (r->file != d->file) {
		d->file = r->file;
		d->model[0] = d->session[0] = d->stream[0] = '\0';
	}
	row_clear(row);
	if (!read_line(d, r, row))
		return;
	batch = json_get(row->request.llm, "batch");
	read_model(d, row, r->arena);
	if (made_up(row)) {
		row->kind = ROW_NOTHING;
		return;
	}
	/* a request that names no model can never have a price: that is said at once */
	if (row->kind == ROW_UNANSWERED && !row->model.ptr)
		row->kind = ROW_CALL;
	read_time(row, r->arena);
	read_lane(d, row, batch, r->arena);
	read_provider(d, row, batch, r->arena);
	if (row->kind == ROW_CALL)
		read_ending(row);
	read_latency(row, batch, r->arena);
	if (row->has_latency)
		row->usage.latency = row->latency;
}

void
row_read(struct reader *d, const struct record *r, struct row *row)
{
	d->span = 0;
	read_call(d, r, row);
}

bool
row_next(struct reader *d, const struct record *r, struct row *row)
{
	if (!row->usage.several)
		return false;
	d->span++;
	read_call(d, r, row);
	return row->kind != ROW_NOTHING;
}

struct value
row_span_id(const struct row *row)
{
	struct value id = json_get(row->usage.span, "spanId");

	return json_type(id) ? id : json_get(row->usage.span, "span_id");
}

struct price_query
row_query(const struct row *row, struct slice model, enum lane lane)
{
	return (struct price_query){ model, row->provider, row->when, lane };
}

/* A bill of nothing. */
static void
free_of_charge(struct row *row)
{
	row->unpriced = NULL;
	row->bill.priced = true;
	row->bill.usd = row->bill.monthly = (struct usd){ 0 };
	row->bill.part_count = 0;
	row->bill.row = row->bill.date = row->bill.table = row->bill.note = NULL;
	row->bill.plan = NULL;
}

static const char *
why_unpriced(const struct row *row)
{
	if (row->kind == ROW_UNANSWERED)
		return "not answered";
	if (!row->model.ptr)
		return PRICE_NO_MODEL;
	return row->has_usage ? row->usage.flaw : "no usage";
}

void
row_price(struct row *row)
{
	struct price_query q;

	if (row->kind == ROW_REPLAY || row->kind == ROW_NOTHING ||
	    (row->failed && !row->has_usage)) {
		free_of_charge(row);
		return;
	}
	row->unpriced = why_unpriced(row);
	row->bill.priced = false;
	row->bill.note = NULL;
	if (row->unpriced)
		return;
	q = row_query(row, row->model, row->lane);
	bill_usage(&q, &row->usage, &row->bill);
	if (!row->bill.priced)
		row->unpriced = row->bill.unpriced;
}

struct slice
row_asked(const struct row *row, struct arena *a)
{
	struct value route = json_get(row->request.llm, "route");
	struct slice asked = json_string(json_get(route, "asked"), a), sent;

	if (row->kind != ROW_REPLAY && !asked.ptr)
		return row->model;
	sent = request_model(&row->request, a);
	/* not routed: the name that answers may be a dated one, and is no other model */
	if (row->kind != ROW_REPLAY && slice_eq(asked, sent))
		return row->model;
	if (!asked.ptr)
		asked = sent;
	return asked.ptr ? models_resolve(asked) : row->model;
}
