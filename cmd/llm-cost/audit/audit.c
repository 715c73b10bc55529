/* SPDX-License-Identifier: MIT */
/* llm-cost audit: one pass over a log, what each technique would have saved on it. */
#include "audit.h"

#include <stdlib.h>

#include "choice.h"
#include "look.h"
#include "print.h"
#include "prompt.h"
#include "unsent.h"
#include "base/mem.h"
#include "cmd/llm-cost/cost.h"

/* Distinct requests and texts that are remembered, 24 bytes each. */
#define REPEATS_LIMIT 1048576
#define TEXTS_LIMIT 1048576
#define PAIRS_LIMIT 256

static bool prompt_flag, no_text;
static struct option_list models;

const struct option audit_options[] = {
	{ 0, "prompt", OPTION_FLAG, NULL, &prompt_flag,
	    "look at prompts (texts, requests, folders of them), not at a log", NULL },
	{ 0, "model", OPTION_LIST, "M", &models,
	    "with --prompt: compare this model (repeatable; a dozen usual ones)", NULL },
	{ 0, "no-text", OPTION_FLAG, NULL, &no_text,
	    "print no text of a prompt, fingerprints instead", NULL },
	ROW_OPTIONS,
	{ 0 },
};

static void
add_pair(struct hash_map *m, struct usd **sums, struct slice key, struct usd d)
{
	bool added = false;
	size_t i =
	    m->count < PAIRS_LIMIT ? hash_map_add(m, key, &added) : hash_map_find(m, key);

	if (!*sums)
		*sums = mem_zero(PAIRS_LIMIT * sizeof(**sums));
	if (i != SIZE_MAX)
		(*sums)[i] = usd_add((*sums)[i], d);
}

/* Which models and providers the commands must name. */
static void
note_targets(struct audit *a, const struct row *row, const struct plan *p, struct arena *arena)
{
	struct slice who = slice_z(row->bill.row);

	for (enum evidence e = PROVEN; e < EVIDENCES; e++) {
		if (p->fits[e] & 1u << AUDIT_ROUTE)
			add_pair(&a->moves[e], &a->moved[e],
			    arena_printf(arena, "%.*s\n%.*s", SLICE_ARG(row->model),
				SLICE_ARG(p->cheaper)),
			    row->bill.usd);
		if (p->fits[e] & 1u << AUDIT_BATCH)
			add_pair(&a->providers[e], &a->at_provider[e],
			    slice_take(who, slice_find(who, '/')), row->bill.usd);
	}
	if (p->provider.ptr && a->targets.count < PAIRS_LIMIT)
		hash_map_add(&a->targets,
		    arena_printf(
			arena, "%.*s at %.*s", SLICE_ARG(row->model), SLICE_ARG(p->provider)),
		    NULL);
}

const char *const purpose_names[PURPOSES] = { "input", "cached", "cache_write", "output",
	"other" };

static enum purpose
purpose_of(const char *part)
{
	if (strcmp(part, "input") == 0)
		return FOR_INPUT;
	if (strcmp(part, "cached") == 0)
		return FOR_READS;
	if (strncmp(part, "cache_write", 11) == 0)
		return FOR_WRITES;
	return strcmp(part, "output") == 0 || strcmp(part, "reasoning") == 0 ? FOR_OUTPUT
									     : FOR_OTHER;
}

static void
count_parts(struct audit *a, const struct row *row, int sign)
{
	for (size_t i = 0; i < row->bill.part_count; i++) {
		const struct bill_part *part = &row->bill.parts[i];
		struct usd *sum = &a->by_purpose[purpose_of(part->name)];

		*sum = sign > 0 ? usd_add(*sum, part->usd) : usd_sub(*sum, part->usd);
	}
}

static void
count_row(struct audit *a, const struct row *row)
{
	const struct usage *u = &row->usage;

	a->priced++;
	a->spent = usd_add(a->spent, row->bill.usd);
	count_parts(a, row, 1);
	a->input += u->input;
	a->cached += u->cached;
	a->written += u->written_5m + u->written_1h;
	a->output += u->output;
	a->agents += row_is_agent(row);
	if (!row->own_time)
		return;
	if (!a->timed++ || row->when < a->first)
		a->first = row->when;
	if (a->timed == 1 || row->when > a->last)
		a->last = row->when;
}

/* A line that grew: what it was is taken back. Such lines have no body, so the plan is the same
 * function of the row both times. */
static void
replace_row(struct audit *a, const struct row *row, const struct row *old, struct arena *arena)
{
	struct plan before = { 0 }, now = { 0 };

	choice_plan(old, NULL, &before, arena);
	walk_plan(&a->sums, old, &before, -1);
	a->spent = usd_sub(a->spent, old->bill.usd);
	count_parts(a, old, -1);
	count_parts(a, row, 1);
	a->output -= old->usage.output;
	choice_plan(row, NULL, &now, arena);
	walk_plan(&a->sums, row, &now, 1);
	a->spent = usd_add(a->spent, row->bill.usd);
	a->output += row->usage.output;
}

/* Byte shares of the billed input: no text is counted anew where the provider counted it. */
static uint64_t
share_of_input(const struct row *row, uint64_t part, uint64_t whole)
{
	if (!whole || row->usage.cached || row->usage.written_5m || row->usage.written_1h)
		return 0;
	return (uint64_t)((unsigned __int128)row->usage.input * part / whole);
}

static void
plan_body(struct audit *a, const struct row *row, const struct body *b, struct plan *p)
{
	repeats_judge(&a->repeats, row, b, p);
	p->compress = row->usage.cached ? 0 : b->blank_tokens;
	p->history = share_of_input(row, b->old_bytes, b->bytes);
	if (!row->usage.cached && b->again_tokens > b->blank_tokens)
		p->instructions = b->again_tokens - b->blank_tokens;
	if (p->instructions)
		p->fits[GUESSED] |= 1u << AUDIT_INSTRUCTIONS;
	if (p->compress)
		p->fits[PROVEN] |= 1u << AUDIT_COMPRESS;
	if (p->history)
		p->fits[PROVEN] |= 1u << AUDIT_HISTORY;
}

static void
add_row(struct audit *a, const struct row *row, struct arena *arena)
{
	struct audit_sums sums = { 0 };
	struct plan p = { 0 };
	struct body body, *b = NULL;

	if (row->has_usage && !row->failed && json_type(row->request.body) == JSON_OBJECT) {
		b = &body;
		body_read(b, &a->memory, row, arena);
	}
	/* a member that stands twice was found in the body: the line will be rejected */
	if (row->request.json->twice.ptr)
		return;
	count_row(a, row);
	if (row->failed || !row->has_usage)
		return;
	if (b) {
		a->bodies++;
		plan_body(a, row, b, &p);
	}
	choice_plan(row, b, &p, arena);
	note_targets(a, row, &p, arena);
	a->by_words += p.by_words && p.fits[PROVEN] & 1u << AUDIT_ROUTE;
	walk_plan(&sums, row, &p, 1);
	if (p.fits[PROVEN] | p.fits[GUESSED])
		audit_sums_add(&a->sums, &sums);
	groupings_add(&a->groups, row, b, &sums, arena);
	sessions_add(&a->sessions, row, &sums);
	if (!b)
		return;
	prefixes_add(&a->prefixes, &sums, row, b, &p, arena);
	tools_add(&a->tools, row, &sums, arena);
	images_add(&a->images, row, arena);
}

static void
add_unsent(struct audit *a, struct row *row, struct arena *arena)
{
	if (!unsent_read(row, arena))
		return;
	a->calls++;
	add_row(a, row, arena);
}

static void
judge(struct audit *a, const struct record *r, struct row *row)
{
	static struct row old; /* large */
	uint32_t *place;
	enum once once;

	if (row->kind == ROW_CALL || row->kind == ROW_UNANSWERED)
		audit_look(row);
	if (r->json->twice.ptr)
		return;
	if (row->kind != ROW_CALL) {
		left_count(&a->left, row);
		if (row->kind == ROW_UNANSWERED)
			add_unsent(a->unsent, row, r->arena);
		return;
	}
	row_price(row);
	once = once_judge(&a->once, &a->reader, row, &place, &old);
	if (once == ONCE_AGAIN)
		return;
	if (once == ONCE_FIRST) {
		*place = !row->unpriced;
		left_count(&a->left, row);
		a->calls++;
	}
	if (row->unpriced)
		return;
	if (once == ONCE_FIRST)
		add_row(a, row, r->arena);
	else if (!old.unpriced)
		replace_row(a, row, &old, r->arena);
}

/* In the order of the pipe, so that each takes its share of what is left. */
static void
close_sums(struct audit *a)
{
	prefixes_close(&a->prefixes, &a->sums);
	sessions_close(&a->sessions, &a->sums);
	groupings_close(&a->groups, &a->sums);
	tools_close(&a->tools, &a->sums);
}

static void
open_audit(struct audit *a)
{
	a->repeats.exact.limit = a->repeats.folded.limit = REPEATS_LIMIT;
	a->memory.texts.limit = TEXTS_LIMIT;
	a->no_text = no_text;
}

static void
free_audit(struct audit *a)
{
	once_free(&a->once);
	left_free(&a->left);
	imprint_map_free(&a->memory.texts);
	imprint_map_free(&a->repeats.exact);
	imprint_map_free(&a->repeats.folded);
	free(a->repeats.when);
	groupings_free(&a->groups);
	hash_map_free(&a->tools.names);
	imprint_map_free(&a->tools.definitions);
	free(a->tools.list);
	free(a->tools.tokens);
	hash_map_free(&a->targets);
	for (enum evidence e = PROVEN; e < EVIDENCES; e++) {
		hash_map_free(&a->moves[e]);
		hash_map_free(&a->providers[e]);
		free(a->moved[e]);
		free(a->at_provider[e]);
	}
}

static void
audit_log(const struct option_list *operands, const char *format)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_SKIP);
	static struct audit a, unsent;
	static struct row row; /* large */
	struct verdict_list v, later;
	struct arena arena = { 0 };
	struct buf out = { 0 };
	struct stream *s;
	struct record *r;

	open_audit(&a);
	open_audit(&unsent);
	a.unsent = &unsent;
	reader_open(&a.reader);
	s = stream_open(&o);
	while ((r = stream_next(s))) {
		row_read(&a.reader, r, &row);
		do
			judge(&a, r, &row);
		while (row_next(&a.reader, r, &row));
		stream_put(s, r, DROP);
	}
	left_close(&a.left, s, &a.once);
	close_sums(&a);
	close_sums(&unsent);
	audit_find(&a, &v, &arena);
	audit_find(&unsent, &later, &arena);
	v.unsent = unsent.calls ? &later : NULL;
	audit_print(format, &v, &out);
	stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	stream_close(s);
	buf_free(&out);
	arena_close(&arena);
	free_audit(&a);
	free_audit(&unsent);
}

void
audit_run(const struct option_list *operands)
{
	const char *format = tool_format(audit_formats);

	if (!prompt_flag && models.count)
		tool_usage("'--model' wants '--prompt': a log names its models");
	if (!prompt_flag) {
		audit_log(operands, format);
		return;
	}
	prompt_compare(&models);
	audit_prompts(operands, format, no_text);
}
