/* SPDX-License-Identifier: MIT */
/* llm-compress ask KIND and apply: side calls that someone else makes. */
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/llm-compress/annotate.h"
#include "cmd/llm-compress/commands.h"
#include "cmd/llm-compress/side/logprobs.h"
#include "cmd/llm-compress/side/map.h"
#include "cmd/llm-compress/side/talk.h"
#include "cmd/llm-compress/target.h"
#include "tool/tool.h"

struct side_settings side = { .cap = 800, .chunk = SETTING_NONE, .overlap = 200 };
static const char *id_path;

#define TALK_OPTIONS                                                                       \
	{ 0, "keep-turns", OPTION_NUMBER, "N", &settings.keep_turns,                       \
		"the last N turns stay as they are (10)", NULL },                          \
	    { 0, "memory", OPTION_TEXT, "F", &side.memory,                                 \
		    "what is known of each session; apply writes it", NULL },              \
	    { 0, "chunk", OPTION_NUMBER, "N", &side.chunk,                                 \
		    "tokens of a part (3/4 of the window)", NULL },                        \
	    { 0, "overlap", OPTION_NUMBER, "N", &side.overlap,                             \
		    "tokens that two parts have in common (200)", NULL },                  \
	    { 0, "query", OPTION_TEXT, "PATH", &settings_given.query,                      \
		    "what is asked about the parts", NULL },                               \
	{                                                                                  \
		0, "id", OPTION_TEXT, "PATH", &id_path, "where the id of a record stands", \
		    NULL                                                                   \
	}

const struct option ask_options[] = {
	TALK_OPTIONS,
	{ 0, "model", OPTION_TEXT, "M", &side.model, "the model to ask (the record's own)",
	    NULL },
	{ 0, "max-tokens", OPTION_NUMBER, "N", &side.cap, "most tokens of an answer (800)",
	    NULL },
	{ 0 },
};
const struct option apply_options[] = {
	TALK_OPTIONS,
	{ 0, "answers", OPTION_TEXT, "F", &side.answers, "the answered requests of ask", NULL },
	{ 0, "prune", OPTION_SHARE, "P", &settings.prune,
	    "by the answers to ask logprobs: keep this share of the words", NULL },
	{ 0, "prune-unit", OPTION_TEXT, "word|sentence", &settings_given.prune_unit,
	    "what goes as a whole with --prune", NULL },
	{ 0, "floor", OPTION_SHARE, "P", &settings.floor,
	    "no further than this share of the information stays", NULL },
	{ 0, "protect", OPTION_LIST, "RE", &settings_given.protect,
	    "texts that match stay as they are", NULL },
	{ 0 },
};

static void
check(void)
{
	const char *why;

	settings_check();
	if (side.chunk == 0 || (side.chunk != SETTING_NONE && side.overlap >= side.chunk))
		tool_usage("'--chunk' must be larger than '--overlap'");
	if (id_path && !(side.id = path_compile(id_path, &why)))
		tool_usage("'--id %s': %s", id_path, why);
}

/* What ask and apply hold for the run. */
struct talk {
	struct work work;
	enum side_kind kind;
	struct memory *memory;
	struct side_answers *answers;
	struct stream *stream;
	uint64_t asked;
};

static bool
read_record(struct talk *t, struct record *r, struct request *q)
{
	if (!request_read(r->json, q) || q->answered || q->shape == SHAPE_USAGE ||
	    q->api == API_NONE || q->api == API_EMBEDDING)
		return false;
	work_read(&t->work, q, r->arena);
	return true;
}

/* NULL and a reason where there is a memory and the record names no session. */
static struct remembered *
remembered(struct talk *t)
{
	struct remembered *r = t->memory ? memory_of(t->memory, &t->work) : NULL;

	if (t->memory && !r)
		work_refuse(&t->work, "the record names no session");
	return r;
}

static void
write_line(struct talk *t, struct side_request *s, const struct record *r)
{
	struct buf b = { 0 };

	s->parent = side_id(t->work.request, r);
	side_write(&t->work, s, &b);
	if (!tool_common()->dry_run)
		stream_write(t->stream, buf_slice(&b));
	buf_free(&b);
	t->asked++;
}

static void
ask_map(struct talk *t, const struct record *r)
{
	struct parts p = map_parts(&t->work);

	for (size_t i = 0; p.piece && i < p.count; i++) {
		struct side_request s = { .of = 0 };

		map_ask(&t->work, &p, i, &s);
		write_line(t, &s, r);
	}
}

static void
ask_logprobs(struct talk *t, const struct record *r)
{
	for (size_t i = 0; i < t->work.count; i++) {
		struct side_request s;

		if (logprobs_ask(&t->work, i, &s))
			write_line(t, &s, r);
	}
}

static void
ask_record(struct talk *t, struct record *r)
{
	struct side_request s = { .of = 0 };
	struct remembered *known;
	struct request q;

	if (!read_record(t, r, &q))
		return;
	work_begin(&t->work, side_names[t->kind]);
	if (t->kind == SIDE_MAP) {
		ask_map(t, r);
	} else if (t->kind == SIDE_LOGPROBS) {
		ask_logprobs(t, r);
	} else {
		known = remembered(t);
		if (t->memory && !known)
			goto done;
		if (t->kind == SIDE_SUMMARY ? talk_ask_summary(&t->work, known, &s)
					    : talk_ask_facts(&t->work, known, &s))
			write_line(t, &s, r);
	}
done:
	for (size_t i = 0; i < t->work.refused_count; i++)
		diag_repeated("ask", "%s:%" PRIu64 ": %s: %s", r->file, r->number,
		    t->work.refused[i].step, t->work.refused[i].reason);
}

void
ask_run(const struct option_list *operands)
{
	struct option_list files = { operands->item + 1, operands->count - 1 };
	struct stream_options o = tool_stream(&files, NO_OBJECT_PASS);
	struct talk t = { .asked = 0 };
	struct record *r;

	check();
	if (!side_named(slice_z(operands->item[0]), &t.kind))
		tool_usage(
		    "'ask' wants summary, facts, map or logprobs, not '%s'", operands->item[0]);
	if (t.kind == SIDE_FACTS && !side.memory)
		tool_usage("'ask facts' wants '--memory F'");
	if (side.memory)
		t.memory = memory_open(side.memory);
	o.no_output = tool_common()->dry_run;
	t.stream = stream_open(&o);
	while ((r = stream_next(t.stream))) {
		ask_record(&t, r);
		stream_put(t.stream, r, DROP);
	}
	stream_close(t.stream);
	diag_detail("%" PRIu64 " request%s to ask", t.asked, t.asked == 1 ? "" : "s");
	memory_close(t.memory);
	work_free(&t.work);
}

static void
apply_map(struct talk *t, const struct record *r)
{
	struct work *w = &t->work;
	struct slice id = side_id(w->request, r);
	struct parts p;

	if (!side_find(t->answers, SIDE_MAP, w->request, id, 1))
		return;
	work_begin(w, side_names[SIDE_MAP]);
	p = map_parts(w);
	if (p.piece)
		map_apply(w, &p, t->answers, id);
	work_end(w, false);
}

static void
apply_logprobs(struct talk *t, const struct record *r)
{
	struct work *w = &t->work;

	work_begin(w, STEP_PRUNE);
	logprobs_apply(w, t->answers, side_id(w->request, r));
	work_end(w, !w->adds_up);
}

static void
apply_talk(struct talk *t, const struct record *r)
{
	struct work *w = &t->work;
	struct slice id = side_id(w->request, r);
	const struct side_answer *summary =
	    side_find(t->answers, SIDE_SUMMARY, w->request, id, 0);
	const struct side_answer *facts = side_find(t->answers, SIDE_FACTS, w->request, id, 0);
	struct remembered *known;

	work_begin(w, side_names[facts && !summary ? SIDE_FACTS : SIDE_SUMMARY]);
	known = remembered(t);
	if (!t->memory || known)
		talk_apply(w, t->memory, known, summary, facts);
	if (work_end(w, true) && w->tokens >= w->before.count) {
		work_reset(w);
		work_refuse_as(w, "summary", "no fewer tokens");
	}
}

/* Where all answers are parts or log-probabilities, nobody asked for a summary. */
static bool
talk_was_asked(const struct talk *t)
{
	return t->memory || side_has(t->answers, SIDE_SUMMARY) ||
	       side_has(t->answers, SIDE_FACTS) ||
	       !(side_has(t->answers, SIDE_MAP) || side_has(t->answers, SIDE_LOGPROBS));
}

static enum verdict
apply_record(void *context, struct record *r)
{
	struct talk *t = context;
	struct request q;
	struct work *w = &t->work;

	if (!read_record(t, r, &q))
		return PASS;
	target_set(w);
	apply_map(t, r);
	apply_logprobs(t, r);
	if (!work_changed(w) && talk_was_asked(t))
		apply_talk(t, r);
	if (!work_changed(w) && !w->refused_count)
		return PASS;
	if (!annotate(w, r))
		return record_reject(r, "the member llm is no object");
	work_edit(w, r->edits);
	return EDIT;
}

void
apply_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct talk t = { .asked = 0 };

	check();
	if (!side.answers)
		tool_usage("'apply' wants '--answers F'");
	if (side.memory)
		t.memory = memory_open(side.memory);
	t.answers = side_read(side.answers);
	o.no_output = tool_common()->dry_run;
	stream_each(&o, apply_record, &t);
	if (t.memory && !tool_common()->dry_run && status_get() != STATUS_FAILED &&
	    !memory_save(t.memory, side.memory)) {
		diag_warn_errno("%s", side.memory);
		status_raise(STATUS_FAILED);
	}
	side_close(t.answers);
	memory_close(t.memory);
	work_free(&t.work);
}
