/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/step.h"

#include "cmd/llm-compress/annotate.h"
#include "cmd/llm-compress/extract/extract.h"
#include "cmd/llm-compress/history/history.h"
#include "cmd/llm-compress/light/light.h"
#include "cmd/llm-compress/log/log.h"
#include "cmd/llm-compress/lossless.h"
#include "cmd/llm-compress/net.h"
#include "cmd/llm-compress/undo.h"
#include "cmd/llm-compress/prompts/prompts.h"
#include "cmd/llm-compress/prompts/tools.h"
#include "cmd/llm-compress/prune/prune.h"
#include "cmd/llm-compress/table/drop.h"
#include "cmd/llm-compress/table/table.h"
#include "cmd/llm-compress/target.h"

static bool
asked_light(const struct settings *s)
{
	return s->light;
}

static bool
asked_turns(const struct settings *s)
{
	return s->keep_turns != SETTING_NONE;
}

static bool
asked_messages(const struct settings *s)
{
	return s->keep_messages != SETTING_NONE;
}

static bool
asked_strip(const struct settings *s)
{
	return s->strip_reasoning;
}

static bool
asked_examples(const struct settings *s)
{
	return s->examples != SETTING_NONE;
}

static bool
asked_tools(const struct settings *s)
{
	return s->without_tool.count;
}

/* What takes most away runs first, so that the others have less to do; blocks come last, since
 * what they refer to must not go afterwards. */
const struct step steps[] = {
	{ "turns", STEP_ASKED, turns_run, asked_turns, true, 0, false },
	{ "messages", STEP_ASKED, messages_run, asked_messages, true, 0, false },
	{ "tools", STEP_ASKED, tools_run, asked_tools, true, 0, false },
	{ "examples", STEP_ASKED, examples_run, asked_examples, true, 0, false },
	{ "reasoning", STEP_LOSSY, reasoning_run, asked_strip, true, 10, false },
	{ "drop", STEP_ASKED, drop_run, drop_asked, false, 0, false },
	{ "json", STEP_LOSSLESS, json_run, NULL, false, 1, false },
	{ STEP_ROWS, STEP_LOSSLESS, rows_run, NULL, false, 2, false },
	{ STEP_TABLES, STEP_LOSSLESS, tables_run, NULL, false, 3, false },
	{ "whitespace", STEP_LOSSLESS, whitespace_run, NULL, false, 4, false },
	{ STEP_LOG, STEP_LOSSLESS, log_run, NULL, false, 5, false },
	{ "phrases", STEP_LIGHT, phrases_run, asked_light, false, 7, false },
	{ "markdown", STEP_LIGHT, markdown_run, asked_light, false, 8, false },
	{ "instructions", STEP_LIGHT, instructions_run, asked_light, false, 9, false },
	{ "sections", STEP_LOSSY, sections_run, NULL, false, 11, true },
	{ "extract", STEP_LOSSY, extract_run, NULL, false, 13, false },
	{ STEP_PRUNE, STEP_LATE, prune_run, prune_asked, false, 14, false },
	{ "history", STEP_LOSSY, history_run, NULL, true, 15, true },
	{ "truncate", STEP_LOSSY, truncate_run, NULL, false, 16, true },
	{ STEP_BLOCKS, STEP_LOSSLESS, blocks_run, NULL, false, 6, false },
	{ 0 },
};

#define PASSES 4

struct run {
	struct work *work;
	struct net *net;
	uint64_t ran; /* bit i: steps[i] */
};

static bool
is(const struct step *s, const char *name)
{
	return strcmp(s->name, name) == 0;
}

/* True if it changed something that stays. */
static bool
run_step(struct run *r, const struct step *s)
{
	struct work *w = r->work;
	struct work_mark *mark = r->net || s->whole ? work_mark(w) : NULL;
	uint64_t before = w->tokens;
	const char *why = NULL;

	r->ran |= UINT64_C(1) << (s - steps);
	work_begin(w, s->name);
	s->run(w);
	if (!work_end(w, s->whole || (w->ladder && !w->adds_up)))
		return false;
	if (s->whole && w->tokens >= before)
		why = "no fewer tokens";
	if (mark && (why || (r->net && !net_allows(r->net, w, &why)))) {
		work_back(w, mark);
		work_refuse_as(w, s->name, why);
		return false;
	}
	return true;
}

static const struct step *
step_named(const char *name)
{
	const struct step *s = steps;

	while (!is(s, name))
		s++;
	return s;
}

static bool
ran(const struct run *r, const struct step *s)
{
	return r->ran & UINT64_C(1) << (s - steps);
}

/* True if it left something that another pass may find more in: where words went, blanks may
 * stand side by side; a quotation mark in a line that became a cell holds none any more; lines
 * and rows are other ones once blanks went, and more or fewer of them are outliers. */
static bool
run_once(struct run *r)
{
	bool target = r->work->target != UINT64_MAX, again = false;

	for (const struct step *s = steps; s->name; s++) {
		bool asked = s->asked && s->asked(&settings);

		if (s->kind == STEP_LOSSLESS)
			asked = !target || settings.light;
		if ((s->kind == STEP_LATE && target) || is(s, STEP_BLOCKS))
			asked = false;
		if (asked && run_step(r, s))
			again |= settings.light || settings.drop || s->kind == STEP_LATE ||
				 is(s, STEP_LOG);
	}
	return again;
}

/* Again until nothing changes, so that a run over the output finds no more than this one. */
static void
run_asked(struct run *r)
{
	for (int i = 0; i < PASSES && run_once(r); i++)
		continue;
}

static const struct step *
rung(unsigned n)
{
	for (const struct step *s = steps; s->name; s++)
		if (s->rung == n)
			return s;
	return NULL;
}

/* May this step run because it does not fit, though nobody asked for it? */
static bool
on_ladder(const struct step *s)
{
	if (s->blind && settings.floor != SETTING_NONE)
		return false;
	return s->kind != STEP_LATE || s->asked(&settings);
}

/* Blocks are tried in their place, and stay if that is enough; else they wait for the end. */
static bool
try_blocks(struct run *r, const struct step *s)
{
	struct work_mark *mark = work_mark(r->work);

	if (!run_step(r, s))
		return false;
	if (!work_excess(r->work))
		return true;
	work_back(r->work, mark);
	return false;
}

static bool
climb_once(struct run *r, bool again)
{
	struct work *w = r->work;
	bool any = false;

	for (unsigned n = 1; n <= RUNGS && work_excess(w); n++) {
		const struct step *s = rung(n);

		if (!s || !on_ladder(s) || (ran(r, s) && !again))
			continue;
		any |= is(s, STEP_BLOCKS) ? !again && try_blocks(r, s) : run_step(r, s);
	}
	return any;
}

/* True if it changed something. again: from the mildest step on, though all have run. */
static bool
climb(struct run *r, bool again)
{
	struct work *w = r->work;
	bool any = false;

	w->ladder = true;
	for (int i = 0; i < PASSES && climb_once(r, again || i); i++) {
		any = true;
		if (!work_excess(w))
			break;
	}
	w->ladder = false;
	return any;
}

/* Nothing runs behind blocks: what a reference stands for must not go, nor change. */
static bool
has_references(const struct work *w)
{
	for (size_t i = 0; i < w->done_count; i++)
		if (strcmp(w->done[i].name, STEP_BLOCKS) == 0)
			return true;
	return false;
}

/* The ladder, and again what is asked for in any case, which finds more in what is left. */
static void
run_to_target(struct run *r)
{
	struct work *w = r->work;

	run_asked(r);
	for (int i = 0; i < PASSES && w->target != UINT64_MAX; i++) {
		if (work_changed(w) && (!w->adds_up || settings.fit))
			work_recount(w);
		target_follow(w);
		if (!climb(r, i > 0) || has_references(w))
			break;
		run_asked(r);
	}
}

static void
fold_blocks(struct run *r)
{
	struct work *w = r->work;

	if (!has_references(w) && (w->target == UINT64_MAX || settings.light || work_excess(w)))
		run_step(r, step_named(STEP_BLOCKS));
}

/* What must stay is more than was asked for. */
static void
say_excess(struct work *w)
{
	if (work_excess(w) && settings_has_size())
		work_refuse_as(w, "target",
		    arena_printf(w->arena,
			"as near as allowed: %llu tokens where %llu were asked for, the rest "
			"is protected%s",
			(unsigned long long)w->tokens, (unsigned long long)w->target,
			w->asked ? ""
				 : ", such as the last message of the user without '--query'")
			.ptr);
}

/* A step may change or drop what a reference of an earlier pass stands for: it must come back
 * first. False where it cannot, and the record stays as it is. */
static bool
unfold(struct work *w)
{
	return !annotated(w->request, STEP_BLOCKS) || undo_references(w);
}

void
steps_run(struct work *w, struct net *net, uint64_t ordinal)
{
	struct run r = { .work = w, .net = net };

	if (w->api == API_EMBEDDING) {
		work_refuse(w, "an embedding is made of the text as it is");
		return;
	}
	if (net)
		net_begin(net, w, ordinal);
	if (r.net && !net_watches(r.net))
		r.net = NULL;
	if (!unfold(w))
		return;
	run_to_target(&r);
	fold_blocks(&r);
	if (w->unfolded && !work_differs(w))
		work_reset(w);
	if (!w->adds_up && work_changed(w))
		work_recount(w);
	if (w->tokens > w->before.count) {
		work_reset(w);
		work_refuse_as(w, "all", "no fewer tokens");
	}
	say_excess(w);
	if (net)
		net_end(net, w);
}
