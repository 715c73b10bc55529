/* SPDX-License-Identifier: MIT */
/* llm-compress: fewer tokens, same meaning.
 *
 * For each request it takes the texts of system, user, assistant and tool results, and runs the
 * lossless steps on them: JSON to its shortest form, blanks, blocks that stand twice. A step's
 * result is taken for a text only where the target model's tokenizer counts fewer tokens. The
 * strings that changed are written anew, every other byte of the record stays; llm.compress
 * says what was saved and what was refused. Answered records and what is no request pass. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/llm-compress/compress.h"
#include "json/write.h"
#include "text/unicode.h"
#include "tool/tool.h"

static bool undo, diff;

static const struct option options[] = {
	{ 0, "undo", OPTION_FLAG, NULL, &undo, "bring tables and references back to values",
	    NULL },
	{ 0, "diff", OPTION_FLAG, NULL, &diff, "show people what goes; write no records",
	    NULL },
	{ 0 },
};

static void
write_annotation(const struct work *w, struct tokens before, uint64_t after, struct buf *out)
{
	struct writer j = { out, false };

	write_object(&j);
	write_name(&j, "tokens_before");
	write_number(&j, before.count);
	write_name(&j, "tokens_after");
	write_number(&j, after);
	write_name(&j, "class");
	write_z(&j, token_class_name(before.class));
	write_name(&j, "steps");
	write_array(&j);
	for (size_t i = 0; i < STEP_COUNT; i++) {
		if (!w->ran[i])
			continue;
		write_object(&j);
		write_name(&j, "name");
		write_z(&j, step_names[i]);
		write_name(&j, "saved");
		write_number(&j, w->saved[i]);
		write_object_end(&j);
	}
	write_array_end(&j);
	write_name(&j, "refused");
	write_array(&j);
	for (size_t i = 0; i < w->refused_count; i++) {
		write_object(&j);
		write_name(&j, "step");
		write_z(&j, w->refused[i].step);
		write_name(&j, "reason");
		write_z(&j, w->refused[i].reason);
		write_object_end(&j);
	}
	write_array_end(&j);
	write_object_end(&j);
}

static bool
annotate(struct work *w, struct record *r, struct tokens before, uint64_t after)
{
	static const char *const version[] = { "llm", "v" }, *const own[] = { "llm",
		"compress" };
	struct buf b = { 0 };
	bool fine;

	write_annotation(w, before, after, &b);
	fine = edits_set_path(r->edits, r->root, version, 2, SLICE("1")) &&
	       edits_set_path(r->edits, r->root, own, 2, arena_copy(r->arena, buf_slice(&b)));
	buf_free(&b);
	return fine;
}

/* An estimate of a whole is not the sum of its parts, so the edited record is counted. */
static uint64_t
count_again(struct work *w, struct record *r)
{
	struct edits e = { 0 };
	struct buf text = { 0 };
	struct request q;
	const char *why;
	size_t where;
	uint64_t n = UINT64_MAX;

	compress_edit(w, &e);
	edits_apply(&e, r->json, &text);
	if (json_scan(&w->json, buf_slice(&text), &why, &where) && request_read(&w->json, &q))
		n = tokens_request(w->tokenizer, &q, r->arena).count;
	edits_free(&e);
	buf_free(&text);
	return n;
}

static enum verdict
compress_record(struct work *w, struct record *r, const struct request *q)
{
	struct tokens before;
	uint64_t after;
	bool changed;

	compress_request(w, q, r->arena);
	before = tokens_request(w->tokenizer, q, r->arena);
	after = before.count;
	changed = false;
	for (size_t i = 0; i < STEP_COUNT; i++) {
		changed |= w->ran[i];
		after -= w->saved[i];
	}
	if (!changed && json_type(json_get(q->llm, "compress")))
		return PASS; /* a second pass: what the first one said still holds */
	if (changed && before.class == TOKENS_ESTIMATE)
		after = count_again(w, r);
	if (after > before.count) {
		compress_refuse(w, "all", "no fewer tokens");
		memset(w->ran, 0, sizeof(w->ran));
		after = before.count;
		changed = false;
	}
	if (!annotate(w, r, before, after))
		return record_reject(r, "the member llm is no object");
	if (changed)
		compress_edit(w, r->edits);
	return EDIT;
}

static enum verdict
undo_record(struct work *w, struct record *r, const struct request *q)
{
	struct value name = { 0 };

	if (!json_type(json_get(q->llm, "compress")))
		return PASS;
	if (compress_undo(w, q, r->arena))
		compress_edit(w, r->edits);
	for (size_t i = 0; i < w->refused_count; i++)
		diag_repeated("undo", "%s:%" PRIu64 ": %s: %s", r->file, r->number,
		    w->refused[i].step, w->refused[i].reason);
	for (name = json_first(q->llm); json_type(name); name = json_next(name))
		if (json_is(name, "compress"))
			edits_remove(r->edits, name);
	return EDIT;
}

static enum verdict
judge(void *context, struct record *r)
{
	struct work *w = context;
	struct request q;

	if (!request_read(r->json, &q) || q.answered || q.shape == SHAPE_USAGE ||
	    q.api == API_NONE)
		return PASS;
	if (undo)
		return undo_record(w, r, &q);
	if (!diff && !tool_common()->dry_run)
		return compress_record(w, r, &q);
	compress_request(w, &q, r->arena);
	if (diff) {
		compress_show(w, r);
		return DROP;
	}
	for (size_t i = 0; i < STEP_COUNT; i++)
		if (w->ran[i])
			diag_note("%s:%" PRIu64 ": %s saves %" PRIu64 " tokens", r->file,
			    r->number, step_names[i], w->saved[i]);
	return DROP;
}

static void
run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct work work = { 0 };

	if (undo && diff)
		tool_usage("'--undo' and '--diff' exclude each other");
	o.no_output = diff || tool_common()->dry_run;
	stream_each(&o, judge, &work);
	json_free(&work.json);
}

static const struct command commands[] = {
	{ "", "[FILE...]", "make requests smaller without loss", options, run, false },
	{ 0 },
};

static const char *(*const versions[])(void) = { unicode_version, NULL };

int
main(int argc, char **argv)
{
	static const struct tool tool = { "llm-compress", "fewer tokens, same meaning",
		commands, versions };

	return tool_main(&tool, argc, argv);
}
