/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/when.h"
#include "keep.h"
#include "outputs.h"
#include "semantic.h"

#define HOUR (INT64_C(3600) * 1000)

static const char *store_name, *rules_file, *requests_file;
static int64_t ttl = HOUR;
static uint64_t max_entries, max_bytes;
static bool vetted;

const struct option put_options[] = {
	STORE_OPTIONS(store_name),
	{ 0, "ttl", OPTION_DURATION, "T", &ttl,
	    "how long an answer is served (1h); inf: for ever", NULL },
	{ 0, "ttl-rules", OPTION_TEXT, "FILE", &rules_file,
	    "times to live by tag, model or words; the first rule that holds", NULL },
	{ 0, "requests", OPTION_TEXT, "FILE", &requests_file,
	    "the requests of batch outputs, which have answers alone", NULL },
	{ 0, "max-entries", OPTION_NUMBER, "N", &max_entries,
	    "delete what was least used above so many entries", NULL },
	{ 0, "max-bytes", OPTION_SIZE, "N", &max_bytes,
	    "delete what was least used above so many bytes, as stored", NULL },
	{ 0, "vetted", OPTION_FLAG, NULL, &vetted,
	    "store answers that every scope may read, with who wrote them", NULL },
	{ 0, "semantic", OPTION_FLAG, NULL, &semantic_settings.on,
	    "keep the questions of records too that never met get --semantic", NULL },
	VECTOR_OPTIONS,
	{ 0 },
};

static struct outputs *outputs; /* NULL: no --requests */
static uint64_t alone;

static enum verdict
judge(struct keep *keep, struct record *r)
{
	struct record joined;
	struct request q = { .json = NULL };

	if (request_read(r->json, &q) && q.answered && json_type(q.body) == JSON_OBJECT)
		keep_answer(keep, r, &q);
	else if (!output_alone(r, &q))
		return PASS;
	else if (!outputs)
		alone++;
	else if (outputs_join(outputs, r, &joined, &q))
		keep_answer(keep, &joined, &q);
	return PASS;
}

/* An answer that is not kept is not lost, but it was paid for. */
static void
tell_alone(void)
{
	uint64_t missing = outputs ? outputs_missing(outputs) : 0;

	if (alone)
		diag_note("%" PRIu64 " answer%s not stored, because a line of batch output has "
			  "no request: give '--requests'",
		    alone, alone == 1 ? "" : "s");
	if (missing)
		diag_note("%" PRIu64 " answer%s not stored: '%s' has no request of that id, or "
			  "several",
		    missing, missing == 1 ? "" : "s", requests_file);
	outputs_close(outputs);
}

static void
open_keep(struct keep *keep)
{
	*keep = (struct keep){ .ttl = ttl, .vetted = vetted };
	semantic_check_options();
	if (semantic_settings.on)
		keep->vectors = vectors_open();
	if (rules_file)
		keep->rules = ttl_rules_load(rules_file);
	if (!tool_common()->dry_run) {
		shelf_open(&keep->shelf, store_name, false);
		if (keep->shelf.store && (max_entries || max_bytes))
			store_bound(keep->shelf.store, max_entries, max_bytes, when_now());
	} else if (!store_name) {
		tool_usage("no store: give '--store' or set LLM_CACHE");
	}
}

static bool reading;

/* What came so far is stored before we wait for more, and before its lines go out: who sees
 * them may take them for safe. Lines that go out because there are many are not waited for. */
static void
before_wait(void *context)
{
	struct keep *keep = context;

	if (reading)
		shelf_commit(&keep->shelf);
}

static struct record *
next_record(struct stream *s)
{
	struct record *r;

	reading = true;
	r = stream_next(s);
	reading = false;
	return r;
}

void
put_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct keep keep;
	struct stream *s;
	struct record *r;

	if (requests_file)
		outputs = outputs_open(requests_file);
	open_keep(&keep);
	o.before_wait = before_wait;
	o.wait_context = &keep;
	s = stream_open(&o);
	while ((r = next_record(s)))
		stream_put(s, r, judge(&keep, r));
	stream_close(s);
	keep_close(&keep);
	tell_alone();
}
