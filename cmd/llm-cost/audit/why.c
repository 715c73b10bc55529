/* SPDX-License-Identifier: MIT */
#include "why.h"

#include <inttypes.h>
#include <stdio.h>

#include "figure.h"
#include "base/count.h"
#include "base/diag.h"

static const char *
count(uint64_t n)
{
	static char ring[8][32];
	static unsigned at;

	return count_write(n, ring[at++ % 8]);
}

static const char *
calls(uint64_t n)
{
	static char ring[4][40];
	static unsigned at;
	char *text = ring[at++ % 4];

	snprintf(text, sizeof(ring[0]), "%s call%s", count(n), n == 1 ? "" : "s");
	return text;
}

static const struct output_group *
worst_output(const struct audit *a)
{
	const struct output_group *worst = NULL;

	for (size_t i = 0; i < a->groups.outputs.count; i++) {
		const struct output_group *o = &a->groups.output[i];

		if (o->saved.units && (!worst || usd_cmp(o->saved, worst->saved) > 0))
			worst = o;
	}
	return worst;
}

/* To one decimal, and none where it is whole. */
static struct slice
times(uint64_t n, uint64_t of, struct arena *arena)
{
	uint64_t tenths = (n * 10 + of / 2) / of;

	if (tenths % 10 == 0)
		return arena_printf(arena, "%" PRIu64, tenths / 10);
	return arena_printf(arena, "%" PRIu64 ".%" PRIu64, tenths / 10, tenths % 10);
}

static struct slice
why_output(const struct audit *a, struct arena *arena)
{
	const struct output_group *o = worst_output(a);

	if (!o)
		return SLICE("");
	if (!o->excess)
		return arena_printf(arena,
		    "%s: %s calls that were judged simple (llm.route.complexity) were reasoned "
		    "about; less effort would take most of that away",
		    diag_clean(o->model), count(o->simple));
	return arena_printf(arena,
	    "%s: half of %s answers have %s tokens at most, the longest %s, %.*s "
	    "times as much; a cap of %s would cut %s of them",
	    diag_clean(o->model), count(o->answers), count(o->median), count(o->longest),
	    SLICE_ARG(times(o->longest, o->median, arena)), count(o->cap), count(o->over));
}

static struct slice
why_prompt(const struct audit *a, const struct finding *f, struct arena *arena)
{
	const struct prefixes *x = &a->prefixes;

	uint64_t heads = x->five_prefixes + x->hour_prefixes,
		 chats = x->five_chats + x->hour_chats;

	if (f->in_total && a->sessions.expired && heads + chats == 0)
		return arena_printf(arena,
		    "pauses of over 5 minutes let the cache expire before %s, and %s tokens "
		    "were "
		    "written again; a lifetime of an hour would have held them",
		    calls(a->sessions.expired), count(a->sessions.tokens));
	if (!f->in_total)
		return arena_printf(arena,
		    "%s began with the same 1,024 tokens or more, up to %s, as others within 5 "
		    "minutes, which the provider caches by itself, and charged in full",
		    calls(f->requests), count(x->largest));
	if (chats > heads)
		return arena_printf(arena,
		    "%s repeated up to %s tokens of a prompt before, most of them the turns of "
		    "a "
		    "growing chat, and paid them in full each time%s",
		    calls(f->requests), count(x->largest),
		    x->untimed
			? "; without times it is taken that they come within the lifetime"
			: "");
	return arena_printf(arena,
	    "tools and system text of up to %s tokens stood equal in %s, and were paid in full "
	    "each time%s",
	    count(x->largest), calls(f->requests),
	    x->untimed ? "; without times it is taken that they come within the lifetime" : "");
}

static struct slice
why_route(const struct audit *a, const struct finding *f, struct arena *arena)
{
	const struct hash_map *moves = &a->moves[f->in_total ? PROVEN : GUESSED];
	struct slice move = moves->count ? moves->keys[0] : SLICE("");
	size_t end = slice_find(move, '\n');
	struct slice from = slice_take(move, end), to = slice_drop(move, end + 1);

	if (f->in_total)
		return arena_printf(arena,
		    "%s judged simple (%s) went to a large model, such as %s where %s would do",
		    calls(f->requests),
		    !a->by_words ? "llm.route.complexity"
		    : a->by_words >= f->requests
			? "by their words, as llm-route does it"
			: arena_printf(arena,
			      "%s by their words, others by llm.route.complexity",
			      count(a->by_words))
			      .ptr,
		    diag_clean(from), diag_clean(to));
	return arena_printf(arena,
	    "%s had at most 1,000 tokens in and 200 out; the log has neither their texts nor "
	    "llm.route.complexity",
	    calls(f->requests));
}

static struct slice
why_batch(const struct finding *f, struct arena *arena)
{
	if (f->in_total)
		return arena_printf(arena,
		    "%s ran in real time, although lane or deadline allowed a day",
		    calls(f->requests));
	return arena_printf(arena,
	    "%s ran in real time; no lane, deadline, session or stream says that anybody "
	    "waited, "
	    "nor that nobody did",
	    calls(f->requests));
}

static struct slice
why_exact(const struct audit *a, const struct finding *f, struct arena *arena)
{
	struct slice age = SLICE("");

	if (a->repeats.untimed)
		age = SLICE("; without times it is taken that the store still had the answer");
	else if (f->in_total)
		age = SLICE(", within an hour of the answer (so long llm-cache put keeps it)");
	else if (a->repeats.late)
		age = SLICE(", more than an hour after the answer: it may be stale");
	if (f->in_total && a->repeats.late)
		age = arena_printf(
		    arena, "%.*s; %s came later", SLICE_ARG(age), count(a->repeats.late));
	return arena_printf(arena, "%s asked, byte for byte, what had been asked before%s%.*s",
	    calls(f->requests),
	    f->in_total || a->repeats.late ? ""
					   : ", at a temperature over 0: variety may be wanted",
	    SLICE_ARG(age));
}

struct slice
why_text(const struct audit *a, const struct finding *f, struct arena *arena)
{
	switch (f->technique) {
	case AUDIT_EXACT: return why_exact(a, f, arena);
	case AUDIT_SEMANTIC:
		return arena_printf(arena,
		    "%s differed from an earlier one only in case, blanks and punctuation of "
		    "the "
		    "user's text",
		    calls(f->requests));
	case AUDIT_ROUTE: return why_route(a, f, arena);
	case AUDIT_PROVIDER:
		return arena_printf(arena, "the price table has %s for less%s",
		    diag_clean(a->targets.count ? a->targets.keys[0] : SLICE("")),
		    a->targets.count > 1 ? ", and others" : "");
	case AUDIT_OUTPUT: return why_output(a, arena);
	case AUDIT_COMPRESS:
		return arena_printf(arena,
		    "%s carried blanks that no reader needs, loose JSON, or paragraphs that "
		    "stood "
		    "twice",
		    calls(f->requests));
	case AUDIT_INSTRUCTIONS:
		return arena_printf(arena, "%s had a system text that says sentences again",
		    calls(f->requests));
	case AUDIT_HISTORY:
		return arena_printf(arena,
		    "%s sent more than the last %d turns of a chat again", calls(f->requests),
		    AUDIT_TURNS);
	case AUDIT_TOOLS:
		return arena_printf(arena,
		    "of %zu tools %s never called, in at least %d requests each: %s tokens "
		    "sent "
		    "for nothing",
		    a->tools.names.count,
		    a->tools.unused == 1
			? "1 was"
			: arena_printf(arena, "%s were", count(a->tools.unused)).ptr,
		    AUDIT_TOOL_CALLS, count(a->tools.unused_tokens));
	case AUDIT_PROMPT: return why_prompt(a, f, arena);
	case AUDIT_BATCH: return why_batch(f, arena);
	default: return SLICE("");
	}
}

const char *
why_risk(enum technique t)
{
	static const char *const risks[TECHNIQUES] = {
		[AUDIT_EXACT] =
		    "an old answer to a question whose answer has changed: set --ttl",
		[AUDIT_SEMANTIC] = "case or punctuation that mattered",
		[AUDIT_ROUTE] =
		    "worse answers where the judgement was wrong: measure on a sample",
		[AUDIT_PROVIDER] =
		    "one name need not be one model: quantisation, limits, data rules",
		[AUDIT_OUTPUT] = "an answer that needs the length ends cut off, and is paid",
		[AUDIT_COMPRESS] = "none is meant: the steps are lossless",
		[AUDIT_INSTRUCTIONS] =
		    "a rule may be said twice for its weight; emphasis goes too",
		[AUDIT_HISTORY] = "what was said before the last 10 turns is forgotten",
		[AUDIT_TOOLS] = "a rare tool: the log may be too short to show its call",
		[AUDIT_PROMPT] = "none for the answers; a write without a read costs more",
		[AUDIT_BATCH] = "none for the answers; they come within a day",
		[AUDIT_DISTILL] = "a model that knows this prompt only, and ages with it",
	};

	return risks[t];
}

static struct slice
unknown_tools(const struct audit *a)
{
	if (a->tools.carried && !a->tools.answers)
		return SLICE("needs the answers, to see which tools were called");
	return slice_of(NULL, 0);
}

static struct slice
unknown_output(const struct audit *a)
{
	if (a->agents == a->calls)
		return slice_of(NULL, 0);
	for (size_t i = 0; i < a->groups.outputs.count; i++)
		if (a->groups.output[i].answers >= 20)
			return slice_of(NULL, 0);
	return SLICE("needs 20 answers of one model and task, to know their usual length");
}

struct slice
why_unknown(const struct audit *a, enum technique t)
{
	if (!a->priced && a->left.unanswered)
		return SLICE(
		    "no call has an answer: what the prompts tell stands under not sent");
	if (!a->priced)
		return SLICE("needs calls that have a price");
	switch (t) {
	case AUDIT_EXACT:
	case AUDIT_SEMANTIC:
	case AUDIT_COMPRESS:
	case AUDIT_INSTRUCTIONS:
	case AUDIT_HISTORY:
	case AUDIT_TOOLS:
		if (!a->bodies)
			return SLICE("needs the requests themselves (bodies)");
		return t == AUDIT_TOOLS ? unknown_tools(a) : slice_of(NULL, 0);
	case AUDIT_PROMPT:
		return a->bodies || a->cached || a->written
			   ? slice_of(NULL, 0)
			   : SLICE("needs the requests themselves (bodies)");
	case AUDIT_ROUTE:
		return a->bodies ? slice_of(NULL, 0)
				 : SLICE("needs the requests themselves (bodies), or "
					 "llm.route.complexity on the calls");
	case AUDIT_BATCH:
		return a->agents == a->calls
			   ? slice_of(NULL, 0)
			   : SLICE("needs a lane or a deadline on the calls that can wait");
	case AUDIT_OUTPUT: return unknown_output(a);
	default: return slice_of(NULL, 0);
	}
}

static struct slice
nothing_prompt(const struct audit *a, struct arena *arena)
{
	const struct prefixes *x = &a->prefixes;

	if (x->short_tokens)
		return arena_printf(arena,
		    "the longest prefix without a mark has %s tokens, under its model's least "
		    "of %s",
		    count(x->short_tokens), count(x->minimum));
	if (a->input && a->cached)
		return arena_printf(arena,
		    "%" PRIu64 " %% of the input is read from it already",
		    a->cached * 100 / a->input);
	return SLICE("no prefix that is long enough stands in two calls");
}

struct slice
why_nothing(const struct audit *a, enum technique t, struct arena *arena)
{
	switch (t) {
	case AUDIT_EXACT:
		return a->repeats.several ? SLICE("all repeats want several answers (n over 1)")
					  : SLICE("no two requests are equal");
	case AUDIT_SEMANTIC: return SLICE("no two questions are equal but for their writing");
	case AUDIT_ROUTE:
		return SLICE("no call is simple, by its label or its words, and has a smaller "
			     "model");
	case AUDIT_PROVIDER: return SLICE("the price table has these models nowhere for less");
	case AUDIT_OUTPUT:
		return a->agents == a->calls
			   ? SLICE("these are agents' calls, whose length the agent sets")
			   : SLICE("no answer is 10 times as long as half of its like");
	case AUDIT_COMPRESS: return SLICE("no blanks and no repeated paragraphs to take out");
	case AUDIT_INSTRUCTIONS: return SLICE("no system text says a sentence again");
	case AUDIT_HISTORY: return SLICE("no chat of more than 10 turns that is not cached");
	case AUDIT_TOOLS:
		return a->tools.carried ? SLICE("every tool in 20 requests or more was called")
					: SLICE("no request carries tools");
	case AUDIT_PROMPT: return nothing_prompt(a, arena);
	case AUDIT_BATCH: return SLICE("these are agents' calls, for which somebody waits");
	default: return SLICE("nothing was found");
	}
}

struct slice
why_distill(const struct prompt_group *g, struct usd saved_month, struct arena *arena)
{
	static const struct usd setup = { (__int128)WHY_SETUP * 1000000000000 * 100000000 };
	__int128 tenths = saved_month.units > 0
			      ? (setup.units * 10 + saved_month.units - 1) / saved_month.units
			      : 0;

	if (g->requests < WHY_EXAMPLES)
		return arena_printf(arena,
		    "the dearest prompt has %s, and 1,000 are the least to learn from",
		    calls(g->requests));
	if (tenths <= 0 || tenths > 12000)
		return arena_printf(arena,
		    "the dearest prompt has %s calls: too little for $10,000 of work",
		    count(g->requests));
	return arena_printf(arena,
	    "the dearest prompt has %s calls of %s; if a small model does 90 %% of it for "
	    "nothing, "
	    "$10,000 of work comes back in %" PRIu64 ".%" PRIu64 " months",
	    count(g->requests), diag_clean(g->model), (uint64_t)(tenths / 10),
	    (uint64_t)(tenths % 10));
}
