/* SPDX-License-Identifier: MIT */
/* llm-compress: fewer tokens, same meaning.
 *
 * For each request it reads the texts and messages into a work (work.h) and runs steps on it
 * (step.h): those that lose nothing always, others when they are asked for, and with a size to
 * come to as many as it takes, mildest first. A step's result is taken only where the target
 * model's tokenizer counts fewer tokens, and where the provider's cache does not make it
 * dearer. What changed is written anew, every other byte of the record stays; llm.compress says
 * what was saved and what was refused. Answered records and what is no request pass. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/llm-compress/annotate.h"
#include "cmd/llm-compress/commands.h"
#include "cmd/llm-compress/net.h"
#include "cmd/llm-compress/step.h"
#include "cmd/llm-compress/target.h"
#include "cmd/llm-compress/undo.h"
#include "tool/tool.h"

struct filter {
	struct work work;
	struct net *net;
};

static enum verdict
compress_record(struct work *w, struct record *r)
{
	bool changed = work_changed(w);

	if (!changed && json_type(json_get(w->request->llm, "compress")))
		return PASS; /* a second pass: what the first one said still holds */
	if (!annotate(w, r))
		return record_reject(r, "the member llm is no object");
	work_edit(w, r->edits);
	return EDIT;
}

static struct value
name_of(struct value object, const char *name)
{
	struct value k = json_first(object);

	while (json_type(k) && !json_is(k, name))
		k = json_next(k);
	return k;
}

/* Takes llm.compress away, and llm with it where nothing else is left but its version. */
static void
take_note(const struct request *q, struct record *r)
{
	size_t version = json_type(json_get(q->llm, "v")) != JSON_ABSENT;

	if (json_length(q->llm) == version + 1)
		edits_remove(r->edits, name_of(r->root, "llm"));
	else
		edits_remove(r->edits, name_of(q->llm, "compress"));
}

static enum verdict
undo_record(struct work *w, struct record *r)
{
	const struct request *q = w->request;

	if (!json_type(json_get(q->llm, "compress")))
		return PASS;
	if (undo_texts(w))
		work_edit(w, r->edits);
	for (size_t i = 0; i < w->refused_count; i++)
		diag_repeated("undo", "%s:%" PRIu64 ": %s: %s", r->file, r->number,
		    w->refused[i].step, w->refused[i].reason);
	take_note(q, r);
	return EDIT;
}

static void
say_savings(const struct work *w, const struct record *r)
{
	for (size_t i = 0; i < w->done_count; i++)
		diag_note("%s:%" PRIu64 ": %s saves %" PRIu64 " token%s", r->file, r->number,
		    w->done[i].name, w->done[i].saved, w->done[i].saved == 1 ? "" : "s");
}

/* It is sent as it is, and will be refused. */
static void
say_too_large(const struct work *w, const struct record *r)
{
	if (settings.fit && work_excess(w))
		diag_repeated("requests that do not fit",
		    "%s:%" PRIu64 ": %" PRIu64 " tokens do not fit in %" PRIu64
		    ", and the rest is protected",
		    r->file, r->number, w->tokens, w->target);
}

static enum verdict
judge(void *context, struct record *r)
{
	struct filter *f = context;
	struct work *w = &f->work;
	struct request q;

	if (!request_read(r->json, &q) || q.shape == SHAPE_USAGE || q.api == API_NONE)
		return PASS;
	if (q.answered)
		return settings.strip_reasoning && !settings.undo ? answer_strip(&q, r) : PASS;
	work_read(w, &q, r->arena);
	if (settings.undo)
		return undo_record(w, r);
	target_set(w);
	steps_run(w, f->net, r->ordinal);
	say_too_large(w, r);
	if (settings.diff)
		diff_show(w, r);
	else if (tool_common()->dry_run)
		say_savings(w, r);
	else
		return compress_record(w, r);
	return DROP;
}

static void
run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct filter f = { .net = NULL };

	settings_check();
	if (settings.query && !settings_has_target())
		tool_usage("'--query' wants '--target', '--ratio', '--fit', '--adaptive' or "
			   "'--floor'");
	f.net = settings.net_of_cache && !settings.undo ? net_open() : NULL;
	o.no_output = settings.diff || tool_common()->dry_run;
	stream_each(&o, judge, &f);
	net_free(f.net);
	work_free(&f.work);
}

static const struct command commands[] = {
	{ "", "[FILE...]", "make requests smaller", compress_options, run, false },
	{ "plan", "[FILE...]", "tokens and dollars of each strategy, nothing is changed",
	    plan_options, plan_run, false },
	{ "audit", "[FILE...]", "what a sample repeats, and what that costs", audit_options,
	    audit_run, false },
	{ "ask", "summary|facts|map|logprobs [FILE...]",
	    "requests for summaries, facts, parts or log-probabilities", ask_options, ask_run,
	    true },
	{ "apply", "[FILE...]", "put the answers of ask into the requests", apply_options,
	    apply_run, false },
	{ 0 },
};

int
main(int argc, char **argv)
{
	static const struct tool tool = { "llm-compress", "fewer tokens, same meaning",
		commands, NULL };

	return tool_main(&tool, argc, argv);
}
