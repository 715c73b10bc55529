/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/count.h"
#include "json/write.h"
#include "prefix.h"
#include "prompt_cache/rates.h"
#include "window.h"

#define HELD_BYTES ((size_t)16 << 20)
#define MEMO 256

static const char *ttl_text = "auto";
static uint64_t ahead = 1000;

const struct option mark_options[] = {
	{ 0, "ttl", OPTION_TEXT, "auto|5m|1h", &ttl_text,
	    "lifetime of a mark; auto: an hour in batches, else 5 minutes", NULL },
	{ 0, "lookahead", OPTION_NUMBER, "N", &ahead,
	    "records to look back and ahead for the same prefix (1000); 0: live", NULL },
	{ 0 },
};

struct run {
	struct stream *stream;
	struct window *window;
	struct waiting what; /* of the record at hand */
	struct json json;    /* of a line that is released */
	struct arena arena;
	struct edits edits;
	struct buf out, note;
	struct {
		uint64_t print, tokens;
	} memo[MEMO]; /* a prefix is counted once, not once a record */
	uint64_t marked, judged;
};

/* Why this interface takes no marks, or NULL. */
static const char *
no_marks(enum api api)
{
	switch (api) {
	case API_MESSAGES:
	case API_CONVERSE: return NULL;
	case API_CHAT:
	case API_RESPONSES: return "the provider caches prompts by itself: no mark is needed";
	case API_GEMINI: return "the provider caches prompts by itself";
	default: return "this interface has no prompt cache";
	}
}

static bool
is_hour(const struct request *q)
{
	if (strcmp(ttl_text, "auto") != 0)
		return strcmp(ttl_text, "1h") == 0;
	/* the requests of a batch are not done within five minutes of each other */
	return json_is(json_get(json_get(q->llm, "route"), "lane"), "batch");
}

static uint64_t
count_once(struct run *run, const struct prefix *p, uint64_t print, struct slice model,
    struct arena *a)
{
	size_t i = print % MEMO;

	if (run->memo[i].print != print) {
		run->memo[i].print = print;
		run->memo[i].tokens = prefix_tokens(p, model, a);
	}
	return run->memo[i].tokens;
}

/* What is known of a request before its neighbours are. */
static void
examine(struct run *run, const struct request *q, struct arena *a)
{
	struct waiting *w = &run->what;
	struct slice model = models_resolve(request_model(q, a));
	struct prefix p;

	w->judged = true;
	w->marks = prefix_marks(q);
	w->reason = no_marks(q->api);
	if (w->marks)
		w->reason = "it has marks already, which are left alone";
	if (w->reason)
		return;
	w->rule = model.ptr ? cache_rule_of(model) : NULL;
	if (!w->rule) {
		w->reason = "no cache rule is known for this model";
	} else if (!prefix_of(q, &p)) {
		w->reason = "nothing static stands before the messages";
	} else {
		w->print = prefix_print(&p, model);
		w->tokens = count_once(run, &p, w->print, model, a);
		w->hour = is_hour(q);
	}
}

/* Dollars that the mark saves over `seen` requests: all fresh, less one write and the reads. */
static struct usd
saving(const struct prompt_rates *r, struct usd write, uint64_t tokens, uint64_t seen)
{
	struct usd without = usd_times(usd_times(r->fresh, tokens), seen);
	struct usd reads = usd_times(usd_times(r->read, tokens), seen - 1);

	return usd_sub(without, usd_add(usd_times(write, tokens), reads));
}

/* The same in hundredths of the price of a token, for models without a price. */
static bool
pays_by_rule(const struct waiting *w, uint64_t seen)
{
	return seen * 100 >
	       (w->hour ? w->rule->write_1h : w->rule->write_5m) + (seen - 1) * w->rule->read;
}

struct decision {
	bool mark;
	bool priced;
	struct usd usd;
	struct slice reason;
};

/* What the numbers say, for `seen` requests. */
static void
weigh(struct decision *d, const struct request *q, const struct waiting *w, struct slice model,
    uint64_t seen)
{
	static const struct usd zero;
	struct prompt_rates r;

	prompt_rates_read(&r, q, model);
	d->priced = r.priced;
	if (d->priced)
		d->usd = saving(&r, w->hour ? r.write_1h : r.write_5m, w->tokens, seen);
	d->mark = d->priced ? usd_cmp(d->usd, zero) > 0 : pays_by_rule(w, seen);
}

static struct decision
decide(const struct request *q, const struct waiting *w, uint64_t seen, struct arena *a)
{
	struct decision d = { .mark = false };
	struct slice model = models_resolve(request_model(q, a));
	const char *life = w->hour ? "1h" : "5m";
	char tokens[32], other[32];

	count_write(w->tokens, tokens);
	if (w->tokens < w->rule->minimum) {
		d.reason = arena_printf(a, "about %s tokens, under this model's minimum of %s",
		    tokens, count_write(w->rule->minimum, other));
	} else if (ahead == 0) {
		/* nothing is known of what follows: the fewest requests that can pay */
		weigh(&d, q, w, model, w->hour ? 3 : 2);
		d.reason =
		    arena_printf(a, "about %s tokens, judged alone: what %d requests in %s %s",
			tokens, w->hour ? 3 : 2, life, d.mark ? "save" : "would lose");
	} else if (seen < 2) {
		weigh(&d, q, w, model, 1);
		d.mark = false;
		d.reason = arena_printf(a, "about %s tokens, not seen again within %s records",
		    tokens, count_write(ahead, other));
	} else {
		weigh(&d, q, w, model, seen);
		d.reason = arena_printf(a, "about %s tokens, seen %s times: a %s mark %s",
		    tokens, count_write(seen, other), life, d.mark ? "pays" : "loses money");
	}
	return d;
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

/* The line as it leaves. It was scanned and read before, so none of this can fail now. */
static void
release(void *context, struct slice line, const struct waiting *w, uint64_t seen)
{
	struct run *run = context;
	struct slice head =
	    slice_starts(line, SLICE("\xEF\xBB\xBF")) ? slice_take(line, 3) : SLICE("");
	struct decision d = { .reason = slice_z(w->reason) };
	struct request q;
	struct prefix p;
	const char *why;
	size_t where;

	arena_reset(&run->arena);
	if (!w->judged || !json_scan(&run->json, slice_drop(line, head.len), &why, &where) ||
	    !request_read(&run->json, &q)) {
		stream_write(run->stream, line);
		return;
	}
	if (!w->reason)
		d = decide(&q, w, seen, &run->arena);
	if (d.mark && prefix_of(&q, &p))
		prefix_mark(&p, w->hour, &run->edits, &run->arena);
	note_write(&run->note, w->marks + d.mark, &d);
	note_set(&run->edits, q.root, buf_slice(&run->note));
	buf_clear(&run->out);
	buf_add(&run->out, head);
	edits_apply(&run->edits, &run->json, &run->out);
	stream_write(run->stream, buf_slice(&run->out));
	run->marked += d.mark;
	run->judged++;
}

static void
hold(void *context, struct slice head, struct slice line)
{
	struct run *run = context;

	window_push(run->window, head, line, &run->what);
}

static void
judge(struct run *run, struct record *r)
{
	struct request q;

	run->what = (struct waiting){ .record = true };
	if (request_read(r->json, &q) && !q.answered && json_type(q.body) == JSON_OBJECT &&
	    json_type(json_get(json_get(q.llm, "cache"), "collapsed")) != JSON_TRUE) {
		if (!note_set(r->edits, r->root, SLICE("null")))
			record_reject(r, "members 'llm' and 'llm.cache' are no objects");
		edits_clear(r->edits);
		examine(run, &q, r->arena);
	}
	stream_put(run->stream, r, PASS);
	run->what = (struct waiting){ .record = false };
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
	run.window = window_open(ahead, HELD_BYTES, release, &run);
	while ((r = stream_next(run.stream)))
		judge(&run, r);
	window_close(run.window);
	stream_close(run.stream);
	diag_detail("%" PRIu64 " of %" PRIu64 " requests marked", run.marked, run.judged);
	json_free(&run.json);
	arena_close(&run.arena);
	edits_free(&run.edits);
	buf_free(&run.out);
	buf_free(&run.note);
}
