/* SPDX-License-Identifier: MIT */
/* llm-batch uncombine: answers of combined requests back onto the requests that went into them,
 * in their order. A combined answer counts whole or not at all: where an id is missing, doubled
 * or strange, all of its requests go again, singly. */
#include "../batch.h"

#include <stdio.h>
#include <stdlib.h>

#include "../answer.h"
#include "../ids.h"
#include "../line.h"
#include "../spool.h"
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
	size_t length;
};

struct uncombiner {
	const struct path *by;
	struct ids ids;
	struct place *places; /* answers as objects, by index of ids */
	size_t room;
	struct spool spool;
	struct json json, inner, kept;
	struct edits edits;
	struct buf text;
	struct file_out again;
	uint64_t good, bad, mismatched;
};

static void
keep(struct uncombiner *u, struct slice id, struct slice text)
{
	bool added;
	size_t i = ids_add(&u->ids, id, &added);

	if (!added)
		return; /* the first counts */
	if (i >= u->room) {
		u->room = u->room ? 2 * u->room : 256;
		u->places = mem_grow(u->places, u->room, sizeof(*u->places));
	}
	u->places[i] = (struct place){ spool_put(&u->spool, text), text.len };
}

/* n of total, so that the shares of all items add up. */
static uint64_t
share(uint64_t total, uint64_t before, uint64_t own, uint64_t sum)
{
	return (uint64_t)((unsigned __int128)total * (before + own) / sum -
			  (unsigned __int128)total * before / sum);
}

static void
write_usage(struct value usage, uint64_t before, uint64_t own, uint64_t sum, struct writer *w)
{
	write_object(w);
	for (struct value k = json_first(usage); json_type(k); k = json_next(k)) {
		struct value v = json_member_value(k);
		uint64_t n;

		if (json_is(k, "total_tokens"))
			continue;
		write_name_slice(w, json_string_raw(k));
		if (json_whole(v, &n))
			write_number(w, share(n, before, own, sum));
		else if (json_type(v) == JSON_OBJECT)
			write_usage(v, before, own, sum, w);
		else
			write_raw(w, json_raw(v));
	}
	write_object_end(w);
}

/* The n-th item's answer as members of a record. */
static void
write_answer(struct uncombiner *u, struct value record, struct value output, uint64_t before,
    uint64_t sum, size_t count)
{
	struct value response = json_get(record, "response"), body = json_get(response, "body");
	struct value batch = json_get(json_get(record, "llm"), "batch");
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
		write_usage(json_get(body, "usage"), before, json_raw(output).len, sum, &w);
	}
	write_object_end(&w);
	write_object_end(&w);
	write_name(&w, "llm");
	write_object(&w);
	write_name(&w, "batch");
	write_object(&w);
	if (json_type(batch) == JSON_OBJECT)
		for (struct value k = json_first(batch); json_type(k); k = json_next(k)) {
			write_name_slice(&w, json_string_raw(k));
			write_raw(&w, json_raw(json_member_value(k)));
		}
	write_name(&w, "combined");
	write_number(&w, count);
	write_object_end(&w);
	write_object_end(&w);
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

static enum verdict
note(void *context, struct record *r)
{
	struct uncombiner *u = context;
	struct value ids = json_get(json_get(r->root, "llm"), "combined"), list;
	uint64_t sum = 0, before = 0;
	size_t count, n = 0;
	struct line l;

	if (json_type(ids) != JSON_ARRAY) {
		/* a request that went alone keeps its answer as it is */
		if (line_read(r, u->by, &l) && l.request.answered && !r->json->twice.ptr)
			keep(u, l.name, r->line);
		return DROP;
	}
	count = json_length(ids);
	list = answers_of(u, r->root, count, &sum, r->arena);
	if (!json_type(list)) {
		u->mismatched++;
		return DROP;
	}
	for (struct value id = json_first(ids); json_type(id); id = json_next(id)) {
		struct value output = item(list, ++n);

		write_answer(u, r->root, output, before, sum ? sum : 1, count);
		before += json_raw(output).len;
		keep(u, json_string(id, r->arena), buf_slice(&u->text));
	}
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

static enum verdict
judge(struct uncombiner *u, struct record *r)
{
	struct answer x = { .count = 0 };
	struct line l;
	const char *why;
	size_t i, where;

	if (!line_read(r, u->by, &l))
		return record_no_shape(r);
	if (l.request.answered)
		return PASS;
	if (r->json->twice.ptr)
		return DROP;
	i = ids_find(&u->ids, l.name);
	if (i == SIZE_MAX) {
		answer_error(&x, l.shape, "no_result",
		    "no answer, or a combined one that does not fit its requests", r->arena);
		x.batch = SLICE("{\"error_class\":\"no_result\"}");
		u->bad++;
		status_raise(STATUS_REJECTED);
		miss(u, r);
	} else {
		if (!spool_read(
			u->spool.fd, u->places[i].offset, u->places[i].length, &u->text))
			diag_die_errno(STATUS_FAILED, "temporary file");
		if (!json_scan(
			&u->kept, arena_copy(r->arena, buf_slice(&u->text)), &why, &where))
			diag_die(STATUS_FAILED, "temporary file: %s", why);
		answer_of(json_root(&u->kept), &x);
		u->good++;
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
	s = stream_open(&o);
	while ((r = stream_next(s)))
		stream_put(s, r, judge(&u, r));
	stream_close(s);
	if (missing && !tool_common()->dry_run && !file_out_commit(&u.again))
		diag_die_errno(STATUS_FAILED, "%s", missing);
	if (u.mismatched)
		diag_note("%llu combined answers do not fit their requests",
		    (unsigned long long)u.mismatched);
	free(u.places);
	ids_free(&u.ids);
	spool_close(&u.spool);
	json_free(&u.json);
	json_free(&u.inner);
	json_free(&u.kept);
	edits_free(&u.edits);
	buf_free(&u.text);
}
