/* SPDX-License-Identifier: MIT */
/* llm-batch uncombine: answers of combined requests back onto the requests that went into them,
 * in their order. A combined answer counts whole or not at all: where an id is missing, doubled
 * or strange, all of its requests go again, singly; what it cost stays with them. */
#include "../batch.h"

#include <stdio.h>
#include <stdlib.h>

#include "../answer.h"
#include "../ids.h"
#include "../line.h"
#include "../result.h"
#include "../spool.h"
#include "shares.h"
#include "base/mem.h"
#include "json/write.h"
#include "stream/file.h"

static const char *requests, *missing, *id_path;

const struct option uncombine_options[] = {
	{ 0, "requests", OPTION_TEXT, "F", &requests, "the requests before they were combined",
	    NULL },
	{ 0, "missing", OPTION_TEXT, "F", &missing,
	    "write to F what has to be sent again, singly", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0 },
};

struct place {
	uint64_t offset;
	size_t length; /* 0: nothing is there */
};

/* What came for a request: each an object with members of its line. */
struct answers {
	struct place good, unfit; /* its own answer; a failure, or what fits nobody */
};

struct uncombiner {
	const struct path *by;
	struct ids ids;
	struct answers *answers; /* by index of ids */
	size_t room;
	struct spool spool;
	struct json json, inner, kept, unfit;
	struct edits edits;
	struct buf text;
	struct file_out again;
	uint64_t mismatched;
};

/* The first of each kind counts. */
static void
keep(struct uncombiner *u, struct slice id, struct slice text, bool good)
{
	bool added;
	size_t i = ids_add(&u->ids, id, &added);
	struct place *place;

	if (i >= u->room) {
		size_t room = u->room ? 2 * u->room : 256;

		u->answers = mem_grow(u->answers, room, sizeof(*u->answers));
		memset(u->answers + u->room, 0, (room - u->room) * sizeof(*u->answers));
		u->room = room;
	}
	place = good ? &u->answers[i].good : &u->answers[i].unfit;
	if (!place->length)
		*place = (struct place){ spool_put(&u->spool, text), text.len };
}

/* How the combined request was sent, for one of count that shared it. */
static void
write_batch(struct value record, struct share part, size_t count, bool good, struct writer *w)
{
	struct value batch = json_get(json_get(record, "llm"), "batch");
	struct value usage = json_get(batch, "usage");

	/* an error has no body that could tell what it cost */
	if (!good && json_type(usage) != JSON_OBJECT)
		usage = json_get(json_get(json_get(record, "response"), "body"), "usage");
	write_name(w, "llm");
	write_object(w);
	write_name(w, "batch");
	write_object(w);
	if (json_type(batch) == JSON_OBJECT)
		for (struct value k = json_first(batch); json_type(k); k = json_next(k)) {
			if (json_is(k, "usage") || (!good && json_is(k, "error_class")))
				continue;
			write_name_slice(w, json_string_raw(k));
			write_raw(w, json_raw(json_member_value(k)));
		}
	if (json_type(usage) == JSON_OBJECT) {
		write_name(w, "usage");
		share_write(usage, part, w);
	}
	write_name(w, "combined");
	write_number(w, count);
	if (!good) {
		write_name(w, "error_class");
		write_z(w, "no_result");
	}
	write_object_end(w);
	write_object_end(w);
}

/* The n-th item's answer as members of a record. */
static void
write_answer(struct uncombiner *u, struct value record, struct value output, struct share part,
    size_t count)
{
	struct value response = json_get(record, "response"), body = json_get(response, "body");
	struct writer w = { &u->text, false };

	buf_clear(&u->text);
	write_object(&w);
	write_name(&w, "response");
	write_object(&w);
	write_name(&w, "status_code");
	write_number(&w, 200);
	write_name(&w, "body");
	write_object(&w);
	for (struct value k = json_first(body); json_type(k); k = json_next(k)) {
		if (json_is(k, "choices") || json_is(k, "usage"))
			continue;
		write_name_slice(&w, json_string_raw(k));
		write_raw(&w, json_raw(json_member_value(k)));
	}
	write_name(&w, "choices");
	write_raw(&w, SLICE("[{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"role\":"
			    "\"assistant\",\"content\":"));
	buf_add(&u->text, json_raw(output));
	buf_add(&u->text, SLICE("}}]"));
	if (json_type(json_get(body, "usage")) == JSON_OBJECT) {
		write_name(&w, "usage");
		share_write(json_get(body, "usage"), part, &w);
	}
	write_object_end(&w);
	write_object_end(&w);
	write_batch(record, part, count, true, &w);
	write_object_end(&w);
}

#define UNFIT "no answer, or a combined one that does not fit its requests"

static void
write_unfit(struct uncombiner *u, struct value record, struct share part)
{
	struct writer w = { &u->text, false };

	buf_clear(&u->text);
	write_object(&w);
	write_name(&w, "response");
	write_null(&w);
	write_name(&w, "error");
	write_object(&w);
	write_name(&w, "code");
	write_z(&w, "no_result");
	write_name(&w, "message");
	write_z(&w, UNFIT);
	write_object_end(&w);
	write_batch(record, part, part.sum, false, &w);
	write_object_end(&w);
}

/* The output of item n (from 1); absent where it is not there exactly once. */
static struct value
item(struct value answers, size_t n)
{
	struct value found = { 0 };
	char text[24];
	size_t times = 0;

	snprintf(text, sizeof(text), "%zu", n);
	for (struct value v = json_first(answers); json_type(v); v = json_next(v))
		if (json_is(json_get(v, "id"), text)) {
			found = json_get(v, "output");
			times++;
		}
	return times == 1 && json_type(found) == JSON_STRING ? found : (struct value){ 0 };
}

/* The list of answers, where it has each id once and no other; sum is their length. */
static struct value
answers_of(
    struct uncombiner *u, struct value record, size_t count, uint64_t *sum, struct arena *a)
{
	struct value body = json_get(json_get(record, "response"), "body");
	struct value choices = json_get(body, "choices"), content, list;
	const char *why;
	size_t where;

	if (json_type(choices) != JSON_ARRAY || json_length(choices) != 1 ||
	    ending_of_choices(choices) != ENDING_DONE)
		return (struct value){ 0 };
	content = json_get(json_get(json_first(choices), "message"), "content");
	if (json_type(content) != JSON_STRING ||
	    !json_scan(&u->inner, arena_copy(a, json_string(content, a)), &why, &where))
		return (struct value){ 0 };
	list = json_get(json_root(&u->inner), "answers");
	if (json_type(list) != JSON_ARRAY || json_length(list) != count)
		return (struct value){ 0 };
	*sum = 0;
	for (size_t n = 1; n <= count; n++) {
		struct value v = item(list, n);

		if (!json_type(v))
			return (struct value){ 0 };
		*sum += json_raw(v).len;
	}
	return list;
}

/* What a combined answer says to each of its requests, or that it says nothing. */
static void
note_combined(struct uncombiner *u, struct record *r, struct value ids)
{
	size_t count = json_length(ids), n = 0;
	struct share part = { .sum = 0 };
	struct value list = answers_of(u, r->root, count, &part.sum, r->arena);
	bool good = json_type(list) == JSON_ARRAY;

	u->mismatched += !good;
	if (!good || !part.sum)
		part.sum = count;
	for (struct value id = json_first(ids); json_type(id); id = json_next(id)) {
		struct value output = good ? item(list, ++n) : (struct value){ 0 };

		part.own = good ? json_raw(output).len : 1;
		if (good)
			write_answer(u, r->root, output, part, count);
		else
			write_unfit(u, r->root, part);
		part.before += part.own;
		keep(u, json_string(id, r->arena), buf_slice(&u->text), good);
	}
}

static enum verdict
note(void *context, struct record *r)
{
	struct uncombiner *u = context;
	struct value ids = json_get(json_get(r->root, "llm"), "combined");
	struct result alone;
	struct line l;
	const char *why;

	if (json_type(ids) == JSON_ARRAY)
		note_combined(u, r, ids);
	else if (line_read(r, u->by, &l) && l.request.answered && !r->json->twice.ptr)
		keep(u, l.name, r->line,
		    !result_read(r->root, r->arena, &alone, &why) || alone.good);
	return DROP;
}

static void
miss(struct uncombiner *u, struct record *r)
{
	if (!missing || tool_common()->dry_run)
		return;
	if (!file_write_all(u->again.fd, r->line) || !file_write_all(u->again.fd, SLICE("\n")))
		diag_die_errno(STATUS_FAILED, "%s", missing);
}

/* The object that was kept there; absent where nothing was. */
static struct value
kept(struct uncombiner *u, struct place at, struct json *json, struct arena *a)
{
	const char *why;
	size_t where;

	if (!at.length)
		return (struct value){ 0 };
	if (!spool_read(u->spool.fd, at.offset, at.length, &u->text))
		diag_die_errno(STATUS_FAILED, "temporary file");
	if (!json_scan(json, arena_copy(a, buf_slice(&u->text)), &why, &where))
		diag_die(STATUS_FAILED, "temporary file: %s", why);
	return json_root(json);
}

/* The answer, billed with what the combined one before it cost in vain. */
static void
take_answer(struct value good, struct value unfit, struct answer *x, struct arena *a)
{
	struct value wasted = json_get(json_get(json_get(unfit, "llm"), "batch"), "usage");
	struct value batch = json_get(json_get(good, "llm"), "batch");
	struct value usage = json_get(batch, "usage");
	struct buf b = { 0 };
	struct writer w = { &b, false };

	answer_of(good, x);
	if (json_type(usage) != JSON_OBJECT)
		usage = json_get(json_get(json_get(good, "response"), "body"), "usage");
	if (json_type(wasted) != JSON_OBJECT || json_type(usage) != JSON_OBJECT)
		return;
	write_object(&w);
	if (json_type(batch) == JSON_OBJECT)
		for (struct value k = json_first(batch); json_type(k); k = json_next(k))
			if (!json_is(k, "usage")) {
				write_name_slice(&w, json_string_raw(k));
				write_raw(&w, json_raw(json_member_value(k)));
			}
	write_name(&w, "usage");
	share_add(usage, wasted, &w);
	write_object_end(&w);
	x->batch = arena_copy(a, buf_slice(&b));
	buf_free(&b);
}

static enum verdict
judge(struct uncombiner *u, struct record *r)
{
	struct answer x = { .count = 0 };
	struct value good = { 0 }, unfit = { 0 };
	struct line l;
	size_t i;

	if (!line_read(r, u->by, &l))
		return record_no_shape(r);
	if (l.request.answered)
		return PASS;
	if (r->json->twice.ptr)
		return DROP;
	i = ids_find(&u->ids, l.name);
	if (i != SIZE_MAX) {
		good = kept(u, u->answers[i].good, &u->kept, r->arena);
		unfit = kept(u, u->answers[i].unfit, &u->unfit, r->arena);
	}
	if (json_type(good)) {
		take_answer(good, unfit, &x, r->arena);
	} else if (json_type(unfit)) {
		answer_of(unfit, &x);
	} else {
		answer_error(&x, l.shape, "no_result", UNFIT, r->arena);
		x.batch = SLICE("{\"error_class\":\"no_result\"}");
	}
	if (!json_type(good)) {
		status_raise(STATUS_REJECTED);
		miss(u, r);
	}
	answer_edit(&x, r->root, r->edits, r->arena);
	return EDIT;
}

void
uncombine_run(const struct option_list *operands)
{
	struct option_list files = { &requests, 1 };
	struct stream_options results = tool_stream(operands, NO_OBJECT_REJECT), o;
	struct uncombiner u = { .by = line_id_path(id_path) };
	struct stream *s;
	struct record *r;

	if (!requests)
		tool_usage("'--requests' is missing");
	results.no_output = true;
	results.output = NULL;
	stream_each(&results, note, &u);
	if (missing && !tool_common()->dry_run && !file_out_open(&u.again, missing, 0600))
		diag_die_errno(STATUS_FAILED, "%s", missing);
	o = tool_stream(&files, NO_OBJECT_REJECT);
	o.required = true;
	s = stream_open(&o);
	while ((r = stream_next(s)))
		stream_put(s, r, judge(&u, r));
	stream_close(s);
	if (missing && !tool_common()->dry_run && !file_out_commit(&u.again))
		diag_die_errno(STATUS_FAILED, "%s", missing);
	if (u.mismatched)
		diag_note("%llu combined answers do not fit their requests",
		    (unsigned long long)u.mismatched);
	free(u.answers);
	ids_free(&u.ids);
	spool_close(&u.spool);
	json_free(&u.json);
	json_free(&u.inner);
	json_free(&u.kept);
	json_free(&u.unfit);
	edits_free(&u.edits);
	buf_free(&u.text);
}
