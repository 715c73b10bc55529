/* SPDX-License-Identifier: MIT */
/* llm-batch join: one line for each request, in the order of the requests, with its result. */
#include "batch.h"

#include <stdlib.h>

#include "copies.h"
#include "index.h"
#include "json/write.h"
#include "line.h"
#include "stream/file.h"

#define MEMORY_LEAST 65536

static const char *requests, *missing, *id_path;
static uint64_t memory = UINT64_C(128) << 20;

const struct option join_options[] = {
	{ 0, "requests", OPTION_TEXT, "F", &requests, "the requests, in their order", NULL },
	{ 0, "missing", OPTION_TEXT, "F", &missing, "write to F what has to be sent again",
	    NULL },
	{ 0, "memory", OPTION_SIZE, "N", &memory,
	    "bytes that the tables of ids and places may take; the rest goes to a temporary "
	    "file (128M)",
	    NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0 },
};

struct joiner {
	struct index index;
	struct copies copies;
	struct ids seen; /* requests without a result; one with a result has claimed it */
	const struct path *by;
	struct json json; /* of the result line */
	struct buf text;  /* llm.batch */
	struct answer answer;
	struct file_out missing;
	struct buf missing_text;
	uint64_t asked, good, again;
};

static void
write_missing(struct joiner *j, struct slice line, bool all)
{
	if (line.ptr) {
		buf_add(&j->missing_text, line);
		buf_add_byte(&j->missing_text, '\n');
		j->again++;
	}
	if (!missing || tool_common()->dry_run) {
		buf_clear(&j->missing_text);
	} else if (all || j->missing_text.len > (1u << 18)) {
		if (!file_write_all(j->missing.fd, buf_slice(&j->missing_text)))
			diag_die_errno(STATUS_FAILED, "%s", missing);
		buf_clear(&j->missing_text);
	}
}

static void
write_batch(struct joiner *j, struct value line_id, const char *class)
{
	struct writer w = { &j->text, false };

	buf_clear(&j->text);
	write_object(&w);
	write_name(&w, "lane");
	write_z(&w, "batch");
	if (json_type(line_id)) {
		write_name(&w, "id");
		write_raw(&w, json_raw(line_id));
	}
	if (class) {
		write_name(&w, "error_class");
		write_z(&w, class);
	}
	write_object_end(&w);
	j->answer.batch = buf_slice(&j->text);
}

/* Puts the answer on the record; a good one counts, the others raise status 4. */
static enum verdict
attach(struct joiner *j, struct record *r)
{
	if (r->json->twice.ptr)
		return DROP; /* the stream refuses it, and then it is not missing but bad */
	answer_edit(&j->answer, r->root, r->edits, r->arena);
	j->good += j->answer.good;
	if (!j->answer.good)
		status_raise(STATUS_REJECTED);
	if (j->answer.again)
		write_missing(j, r->line, false);
	return EDIT;
}

static enum verdict
attach_nothing(
    struct joiner *j, struct record *r, const struct line *l, const char *code, const char *why)
{
	j->answer = (struct answer){ .again = true };
	answer_error(&j->answer, l->shape, code, why, r->arena);
	write_batch(j, (struct value){ 0 }, code);
	return attach(j, r);
}

/* A copy gets what its original got; where that has to be sent again, so has the copy. */
static enum verdict
attach_copy(struct joiner *j, struct record *r, const struct line *l)
{
	if (!copies_get(&j->copies, l->key, r->arena, &j->answer))
		return attach_nothing(
		    j, r, l, "no_result", "no result for the request that this one repeats");
	return attach(j, r);
}

static enum verdict
attach_result(struct joiner *j, struct record *r, const struct line *l, const struct place *p)
{
	struct slice text = index_line(&j->index, p);
	struct result result;
	struct value batch;
	const char *why, *class;
	size_t where;

	if (!json_scan(&j->json, text, &why, &where) ||
	    !result_read(json_root(&j->json), r->arena, &result, &why))
		diag_die(STATUS_FAILED, "%s: changed while it was read: %s",
		    j->index.files[p->file], why);
	j->answer = (struct answer){ .good = result.good };
	if (!result.good)
		j->answer.again = result_again(slice_z(result.class));
	for (size_t i = 0; result.name[i]; i++)
		answer_add(&j->answer, result.name[i], json_raw(result.member[i]));
	class = result.good ? result_ending(l->request.api, result.answer) : result.class;
	if (!result.good && (l->shape == SHAPE_ENVELOPE || l->shape == SHAPE_BARE) &&
	    strcmp(result.name[0] ? result.name[0] : "", "response") != 0)
		answer_add(&j->answer, "response", SLICE("null"));
	/* a record of run tells itself how it was sent */
	batch = json_get(json_get(json_root(&j->json), "llm"), "batch");
	if (json_type(batch) == JSON_OBJECT)
		j->answer.batch = json_raw(batch);
	else
		write_batch(j, result.line_id, class);
	copies_keep(&j->copies, l->key, &j->answer);
	return attach(j, r);
}

static enum verdict
judge(void *context, struct record *r)
{
	struct joiner *j = context;
	struct place p;
	bool found;
	struct line l;
	bool added = true;

	if (!line_read(r, j->by, &l))
		return record_no_shape(r);
	if (l.request.answered) {
		answer_of(r->root, &j->answer);
		j->answer.good = !json_type(l.request.error);
		if (!r->json->twice.ptr &&
		    json_type(json_get(json_get(l.request.llm, "cache"), "hit")) != JSON_TRUE)
			copies_keep(&j->copies, l.key, &j->answer);
		return PASS;
	}
	if (line_id_fault(&l))
		return record_reject(r, "%s", line_id_fault(&l));
	if (l.collapsed)
		return attach_copy(j, r, &l);
	found = index_claim(&j->index, l.name, &p);
	if (found)
		added = !p.claimed;
	else if (!r->json->twice.ptr)
		ids_add(&j->seen, l.name, &added);
	if (!added)
		return record_reject(r, "an id that an earlier line has");
	j->asked++;
	return found ? attach_result(j, r, &l, &p)
		     : attach_nothing(j, r, &l, "no_result", "no result came for this request");
}

static void
check_usage(struct joiner *j, const struct option_list *operands)
{
	if (!requests)
		tool_usage("'--requests' is missing");
	j->by = line_id_path(id_path);
	if (memory < MEMORY_LEAST)
		tool_usage("'--memory' wants 64K or more");
	for (size_t i = 0; strcmp(requests, "-") == 0 && i <= operands->count; i++)
		if (!operands->count ||
		    (i < operands->count && strcmp(operands->item[i], "-") == 0))
			tool_usage(
			    "standard input cannot be both the requests and the results");
}

static void
close_missing(struct joiner *j)
{
	if (!missing || tool_common()->dry_run)
		return;
	write_missing(j, slice_of(NULL, 0), true);
	if (status_get() == STATUS_FAILED) {
		file_out_drop(&j->missing);
	} else if (!file_out_commit(&j->missing)) {
		diag_warn_errno("%s", missing);
		status_raise(STATUS_FAILED);
	}
}

void
join_run(const struct option_list *operands)
{
	struct joiner j = { .by = NULL };
	struct option_list files = { &requests, 1 };
	struct stream_options o;
	struct stream *s;
	struct record *r;

	check_usage(&j, operands);
	/* half for the results, the rest for requests without one and for copies */
	index_open(&j.index, operands, memory / 2);
	j.seen.memory = memory / 4;
	copies_bound(&j.copies, memory / 4);
	if (missing && !tool_common()->dry_run && !file_out_open(&j.missing, missing, 0600))
		diag_die_errno(STATUS_FAILED, "%s", missing);
	o = tool_stream(&files, NO_OBJECT_REJECT);
	o.required = true;
	s = stream_open(&o);
	while ((r = stream_next(s)))
		stream_put(s, r, judge(&j, r));
	index_strangers(&j.index, s);
	stream_close(s);
	close_missing(&j);
	diag_detail("%llu requests, %llu with a good answer, %llu to be sent again",
	    (unsigned long long)j.asked, (unsigned long long)j.good,
	    (unsigned long long)j.again);
	index_close(&j.index);
	copies_close(&j.copies);
	ids_free(&j.seen);
	json_free(&j.json);
	buf_free(&j.text);
	buf_free(&j.missing_text);
}
