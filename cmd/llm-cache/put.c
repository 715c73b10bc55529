/* SPDX-License-Identifier: MIT */
#include "base/when.h"
#include "keep.h"

#define HOUR (INT64_C(3600) * 1000)

static const char *store_name, *rules_file;
static int64_t ttl = HOUR;
static uint64_t max_entries, max_bytes;

const struct option put_options[] = {
	{ 0, "store", OPTION_TEXT, "FILE", &store_name, "the store", "LLM_CACHE" },
	{ 0, "ttl", OPTION_DURATION, "T", &ttl,
	    "how long an answer is served (1h); inf: for ever", NULL },
	{ 0, "ttl-rules", OPTION_TEXT, "FILE", &rules_file,
	    "times to live by tag, model or words; the first rule that holds", NULL },
	{ 0, "max-entries", OPTION_NUMBER, "N", &max_entries,
	    "delete what was least used above so many entries", NULL },
	{ 0, "max-bytes", OPTION_SIZE, "N", &max_bytes,
	    "delete what was least used above so many bytes, as stored", NULL },
	{ 0 },
};

static enum verdict
judge(struct keep *keep, struct record *r)
{
	struct request q;

	if (request_read(r->json, &q) && q.answered && json_type(q.body) == JSON_OBJECT)
		keep_answer(keep, r, &q);
	return PASS;
}

static void
open_keep(struct keep *keep)
{
	*keep = (struct keep){ .ttl = ttl };
	if (rules_file)
		keep->rules = ttl_rules_load(rules_file);
	if (!tool_common()->dry_run) {
		shelf_open(&keep->shelf, store_name, false);
		if (keep->shelf.store && (max_entries || max_bytes))
			store_bound(keep->shelf.store, max_entries, max_bytes, when_now());
	} else if (!store_name) {
		tool_usage("no store: give --store FILE or set LLM_CACHE");
	}
}

void
put_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct keep keep;
	struct stream *s;
	struct record *r;

	open_keep(&keep);
	s = stream_open(&o);
	for (;;) {
		/* what came so far is safe before we wait for more */
		if (!stream_ready(s))
			shelf_commit(&keep.shelf);
		r = stream_next(s);
		if (!r)
			break;
		stream_put(s, r, judge(&keep, r));
	}
	stream_close(s);
	keep_close(&keep);
}
