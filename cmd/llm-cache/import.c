/* SPDX-License-Identifier: MIT */
/* llm-cache import: lines of export, and answered records, become entries. */
#include <inttypes.h>

#include "base/when.h"
#include "keep.h"

#define HOUR (INT64_C(3600) * 1000)

static const char *store_name, *rules_file;
static int64_t ttl = HOUR;
static uint64_t max_entries, max_bytes;

const struct option import_options[] = {
	STORE_OPTIONS(store_name),
	{ 0, "ttl", OPTION_DURATION, "T", &ttl,
	    "how long the answer of a record is served (1h); entries keep their time", NULL },
	{ 0, "ttl-rules", OPTION_TEXT, "FILE", &rules_file,
	    "times to live of records by tag, model or words", NULL },
	{ 0, "max-entries", OPTION_NUMBER, "N", &max_entries,
	    "delete what was least used above so many entries", NULL },
	{ 0, "max-bytes", OPTION_SIZE, "N", &max_bytes,
	    "delete what was least used above so many bytes, as stored", NULL },
	{ 0 },
};

static uint64_t imported;

static struct slice
raw_or_empty(struct value v)
{
	return json_type(v) > JSON_NULL ? json_raw(v) : SLICE("");
}

static bool
read_time(struct value v, int64_t *when)
{
	uint64_t n;
	bool good = json_whole(v, &n) && n < INT64_MAX;

	if (good)
		*when = (int64_t)n;
	return good;
}

/* NULL, or why it is no entry. */
static const char *
entry_read(struct record *r, struct store_entry *e)
{
	struct value key = json_get(r->root, "key"), expires = json_get(r->root, "expires"),
		     model = json_get(r->root, "model");
	unsigned char digest[DIGEST_SIZE];

	switch (key_read(json_string(key, r->arena), e->key)) {
	case KEY_OTHER_VERSION: return "its key is of another version";
	case KEY_BAD: return "its key is no key";
	default: break;
	}
	e->scope = raw_or_empty(json_get(r->root, "scope"));
	e->request = raw_or_empty(json_get(r->root, "request"));
	e->body = raw_or_empty(json_get(r->root, "answer"));
	e->meta = raw_or_empty(json_get(r->root, "meta"));
	e->model = json_type(model) == JSON_STRING ? json_string(model, r->arena) : SLICE("");
	e->expires = INT64_MAX;
	if (e->body.len == 0 || !read_time(json_get(r->root, "stored"), &e->stored) ||
	    (json_type(expires) > JSON_NULL && !read_time(expires, &e->expires)))
		return "it has no answer, or no good time";
	digest_of(e->request, digest);
	if (e->request.len && memcmp(digest, e->key, DIGEST_SIZE) != 0)
		return "its key is of another request";
	return NULL;
}

static enum verdict
take_entry(struct keep *keep, struct record *r)
{
	struct store_entry e = { .scope = SLICE("") };
	const char *why = entry_read(r, &e);

	if (why)
		return record_reject(r, "not imported: %s", why);
	imported++;
	if (keep->shelf.store && !store_put(keep->shelf.store, &e, &why))
		shelf_fail(&keep->shelf, why);
	return DROP;
}

static enum verdict
judge(struct keep *keep, struct record *r)
{
	struct request q;

	if (json_type(json_get(r->root, "key")) && json_type(json_get(r->root, "answer")))
		return take_entry(keep, r);
	if (!request_read(r->json, &q))
		return record_reject(r, "it is neither an entry nor an answered record");
	if (q.answered && json_type(q.body) == JSON_OBJECT)
		keep_answer(keep, r, &q);
	return DROP;
}

void
import_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct keep keep = { .ttl = ttl };
	struct stream *s;
	struct record *r;

	if (rules_file)
		keep.rules = ttl_rules_load(rules_file);
	if (!tool_common()->dry_run) {
		shelf_open(&keep.shelf, store_name, false);
		if (keep.shelf.store && (max_entries || max_bytes))
			store_bound(keep.shelf.store, max_entries, max_bytes, when_now());
	} else if (!store_name) {
		tool_usage("no store: give '--store' or set LLM_CACHE");
	}
	o.no_output = true;
	s = stream_open(&o);
	for (;;) {
		if (!stream_ready(s))
			shelf_commit(&keep.shelf);
		r = stream_next(s);
		if (!r)
			break;
		stream_put(s, r, judge(&keep, r));
	}
	stream_close(s);
	diag_note("%" PRIu64 " entries %s", imported + keep.stored,
	    tool_common()->dry_run ? "would be taken" : "taken");
	keep_close(&keep);
}
