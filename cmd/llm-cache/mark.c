/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <inttypes.h>

#include "arrange.h"
#include "base/buf.h"
#include "decide.h"
#include "group_key.h"
#include "json/write.h"

#define HELD_BYTES ((size_t)16 << 20)

static const char *ttl_text = "auto";
static uint64_t ahead = 1000;
static bool reorder, sort_documents;

const struct option mark_options[] = {
	{ 0, "ttl", OPTION_TEXT, "auto|5m|1h", &ttl_text,
	    "lifetime of a mark; auto: an hour in batches, else 5 minutes", NULL },
	{ 0, "lookahead", OPTION_NUMBER, "N", &ahead,
	    "records to look back and ahead for the same prefix (1000); 0: live", NULL },
	{ 0, "reorder", OPTION_FLAG, NULL, &reorder,
	    "put tools in order, and system blocks with a time or an id last", NULL },
	{ 0, "sort-documents", OPTION_FLAG, NULL, &sort_documents,
	    "put documents in the order of their ids, before the question", NULL },
	{ 0 },
};

struct run {
	struct stream *stream;
	struct window *window;
	struct waiting what; /* of the record at hand */
	struct places places;
	struct json json; /* of a line that is released, or was put in order */
	struct arena arena;
	struct edits edits;
	struct buf out, note;
	struct group_keys *keys;
	uint64_t marked, judged;
};

/* Why this interface takes neither marks nor a key, or NULL; *rule of the model where it does.
 */
static const char *
no_marks(enum api api, struct slice model, const struct cache_rule **rule)
{
	*rule = NULL;
	switch (api) {
	case API_MESSAGES:
	case API_CONVERSE:
		*rule = model.ptr ? cache_rule_of(model) : NULL;
		return *rule ? NULL : "no cache rule is known for this model";
	case API_CHAT:
	case API_RESPONSES:
		*rule = model.ptr ? cache_key_rule_of(model) : NULL;
		return *rule ? NULL : "no cache rule is known for this model at this interface";
	case API_GEMINI: return "the provider caches prompts by itself";
	default: return "this interface has no prompt cache";
	}
}

static bool
is_hour(const struct request *q)
{
	if (q->api == API_CHAT || q->api == API_RESPONSES)
		return false;
	if (strcmp(ttl_text, "auto") != 0)
		return strcmp(ttl_text, "1h") == 0;
	/* the requests of a batch are not done within five minutes of each other */
	return json_is(json_get(json_get(q->llm, "route"), "lane"), "batch");
}

/* What is known of a request before its neighbours are. */
static void
examine(struct run *run, const struct request *q, struct arena *a)
{
	struct waiting *w = &run->what;
	struct slice model = models_resolve(request_model(q, a));

	w->judged = true;
	w->marks = places_marked(q);
	w->reason = no_marks(q->api, model, &w->rule);
	w->hour = is_hour(q);
	if (w->marks)
		w->reason = "it has marks already, which are left alone";
	else if (json_type(json_get(q->body, "prompt_cache_key")) > JSON_NULL ||
		 json_type(json_get(q->body, "prompt_cache_options")) > JSON_NULL)
		w->reason = "it has cache settings already, which are left alone";
	if (w->reason)
		return;
	places_of(q, model, a, &run->places);
	if (run->places.count == 0)
		w->reason = "nothing stands before the answer";
}

static void
note_write(struct buf *out, unsigned marks, const struct decision *d)
{
	struct writer w = { .out = out };
	char text[64];

	buf_clear(out);
	write_object(&w);
	write_name(&w, "markers");
	write_number(&w, marks);
	write_name(&w, "usd");
	write_z(&w, d->priced ? usd_write(d->usd, text) : NULL);
	write_name(&w, "reason");
	write_string(&w, d->reason);
	write_object_end(&w);
}

static const char *const mark_path[] = { "llm", "cache", "mark" }, *const version_path[] = {
	"llm", "v"
};

static bool
note_set(struct edits *e, struct value root, struct slice note)
{
	return edits_set_path(e, root, mark_path, 3, note) &&
	       edits_set_path(e, root, version_path, 2, SLICE("1"));
}

/* Sets what was decided. */
static void
mark(struct run *run, const struct request *q, const struct waiting *w,
    const struct places *places, const struct decision *d)
{
	for (unsigned i = 0; i < d->count; i++) {
		const struct place *p = &places->list[d->place[i]];

		place_mark(p, q->api, w->hour, &run->edits, &run->arena);
		window_marked(run->window, p->print);
	}
	if (d->key)
		edits_set(&run->edits, q->body, "prompt_cache_key",
		    group_key(
			run->keys, q, &places->list[d->group], w->rule->a_minute, &run->arena));
	run->marked += d->count || d->key;
}

/* The line as it leaves. It was scanned and read before, so none of this can fail now. */
static void
release(void *context, struct slice line, const struct waiting *w)
{
	struct run *run = context;
	struct slice head =
	    slice_starts(line, SLICE("\xEF\xBB\xBF")) ? slice_take(line, 3) : SLICE("");
	struct decision d = { .reason = slice_z(w->reason) };
	struct places places = { 0 };
	struct request q;
	const char *why;
	size_t where;

	arena_reset(&run->arena);
	if (!w->judged || !json_scan(&run->json, slice_drop(line, head.len), &why, &where) ||
	    !request_read(&run->json, &q)) {
		stream_write(run->stream, line);
		return;
	}
	if (!w->reason) {
		places_of(
		    &q, models_resolve(request_model(&q, &run->arena)), &run->arena, &places);
		decide(&d, &q, w, &places, run->window, ahead, &run->arena);
		mark(run, &q, w, &places, &d);
	}
	note_write(&run->note, w->marks + d.count, &d);
	note_set(&run->edits, q.root, buf_slice(&run->note));
	buf_clear(&run->out);
	buf_add(&run->out, head);
	edits_apply(&run->edits, &run->json, &run->out);
	stream_write(run->stream, buf_slice(&run->out));
	run->judged++;
}

static void
hold(void *context, struct slice head, struct slice line)
{
	struct run *run = context;

	window_push(run->window, head, line, &run->what, &run->places);
}

/* The request as it is after what was asked to be put in order; true where that is another.
 * What holds marks of its own is in the order that these were set for. */
static bool
put_in_order(struct run *run, struct record *r, struct request *q)
{
	struct edits copy = { 0 };
	const char *why;
	size_t where;

	if (places_marked(q))
		return false;
	arrange(q, reorder, sort_documents, r->edits, r->arena);
	if (r->edits->count == 0)
		return false;
	arrange(q, reorder, sort_documents, &copy, r->arena);
	buf_clear(&run->out);
	edits_apply(&copy, r->json, &run->out);
	edits_free(&copy);
	return json_scan(
		   &run->json, arena_copy(r->arena, buf_slice(&run->out)), &why, &where) &&
	       request_read(&run->json, q);
}

static void
judge(struct run *run, struct record *r)
{
	enum verdict verdict = PASS;
	struct request q;

	run->what = (struct waiting){ .record = true };
	run->places = (struct places){ 0 };
	if (request_read(r->json, &q) && !q.answered && json_type(q.body) == JSON_OBJECT &&
	    json_type(json_get(json_get(q.llm, "cache"), "collapsed")) != JSON_TRUE) {
		if (!note_set(r->edits, r->root, SLICE("null")))
			record_reject(r, "members 'llm' and 'llm.cache' are no objects");
		edits_clear(r->edits);
		if (put_in_order(run, r, &q))
			verdict = EDIT;
		examine(run, &q, r->arena);
	}
	stream_put(run->stream, r, verdict);
	run->what = (struct waiting){ .record = false };
	run->places = (struct places){ 0 };
}

void
mark_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct run run = { .marked = 0 };
	struct record *r;

	if (strcmp(ttl_text, "auto") != 0 && strcmp(ttl_text, "5m") != 0 &&
	    strcmp(ttl_text, "1h") != 0)
		tool_usage("'--ttl' wants auto, 5m or 1h, not '%s'", ttl_text);
	o.hold = hold;
	o.hold_context = &run;
	run.stream = stream_open(&o);
	run.keys = group_keys_open();
	run.window = window_open(ahead, HELD_BYTES, release, &run);
	while ((r = stream_next(run.stream)))
		judge(&run, r);
	window_close(run.window);
	stream_close(run.stream);
	diag_detail("%" PRIu64 " of %" PRIu64 " requests marked", run.marked, run.judged);
	group_keys_close(run.keys);
	json_free(&run.json);
	arena_close(&run.arena);
	edits_free(&run.edits);
	buf_free(&run.out);
	buf_free(&run.note);
}
