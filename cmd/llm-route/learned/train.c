/* SPDX-License-Identifier: MIT */
/* llm-route train: labels to a model file. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/llm-route/learned/labels.h"
#include "cmd/llm-route/learned/learned.h"
#include "stream/file.h"
#include "tool/tool.h"

#define EXAMPLES_LEAST 50
#define TRAFFIC_LEAST 100

static const char *weak, *strong, *encoder, *kind_name;
static struct option_list between, traffic;

const struct option train_options[] = {
	{ 0, "weak", OPTION_TEXT, "PATH", &weak, "where the weak model's outcome stands",
	    NULL },
	{ 0, "strong", OPTION_TEXT, "PATH", &strong, "where the strong model's outcome stands",
	    NULL },
	{ 0, "model", OPTION_LIST, "NAME=PATH", &between,
	    "another model's outcome, the weakest first", NULL },
	{ 0, "kind", OPTION_TEXT, "near|linear", &kind_name,
	    "by the prompts that are most alike (near), or by weights", NULL },
	{ 0, "encoder", OPTION_TEXT, "F", &encoder, "embed by the sentence encoder in F",
	    NULL },
	{ 0, "traffic", OPTION_LIST, "FILE", &traffic,
	    "prompts like those to be routed, without labels", NULL },
	{ 0 },
};

struct embed *
learned_embed(const char *file)
{
	const char *why;
	struct embed *e = file ? embed_open(file, &why) : embed_table();

	if (!e)
		diag_die(STATUS_USAGE, "%s: %s", file, why);
	return e;
}

struct trained *
learned_load(const char *file, struct embed *embed)
{
	struct buf text = { 0 };
	const char *why;
	struct trained *t;

	if (!file_read(file, &text))
		diag_die_errno(STATUS_USAGE, "%s", file);
	t = trained_read(buf_slice(&text), embed, &why);
	if (!t)
		diag_die(STATUS_USAGE, "%s: %s", file, why);
	buf_free(&text);
	return t;
}

static void
add(void *context, const struct look *look, const float *outcome)
{
	lesson_add(context, look, outcome);
}

static void
write_file(struct slice bytes)
{
	const char *name = tool_common()->output;
	struct file_out f;

	if (!name) {
		if (!file_write_all(1, bytes))
			diag_die_errno(STATUS_FAILED, "standard output");
		return;
	}
	if (!file_out_open(&f, name, 0600))
		diag_die_errno(STATUS_FAILED, "%s", name);
	if (!file_write_all(f.fd, bytes) || !file_out_commit(&f)) {
		file_out_drop(&f);
		diag_die_errno(STATUS_FAILED, "%s", name);
	}
}

struct meeting {
	struct trained *trained;
	struct arena arena; /* of one look */
};

static void
meet(void *context, const struct look *look, const float *outcome)
{
	struct meeting *m = context;

	(void)outcome;
	trained_meet(m->trained, look);
	arena_reset(&m->arena);
}

/* False where the traffic is too little to show anything. */
static bool
meet_traffic(struct trained *t, struct embed *embed)
{
	struct meeting m = { .trained = t };
	struct arms none = { 0 };
	size_t count;

	if (!traffic.count)
		return true;
	labels_each(&traffic, &none, trained_part(t), embed, &m.arena, meet, &m);
	arena_close(&m.arena);
	count = trained_met(t);
	if (count < TRAFFIC_LEAST)
		diag_warn("%zu prompts of traffic show nothing: %d at least are wanted", count,
		    TRAFFIC_LEAST);
	return count >= TRAFFIC_LEAST;
}

/* What the labels, which are in, and the traffic teach, as a file. */
static void
teach(struct trained *t, struct embed *embed)
{
	static const char *const said[] = {
		[TRAFFIC_UNLIKE] = "unlike the labels: little of what they teach counts",
		[TRAFFIC_PARTLY] = "partly like the labels",
		[TRAFFIC_LIKE] = "like the labels: what they teach counts wholly",
	};
	struct buf out = { 0 };
	enum traffic kind;

	trained_fit(t);
	if (!meet_traffic(t, embed)) {
		status_raise(STATUS_NO);
		return;
	}
	kind = trained_finish(t);
	trained_write(t, &out);
	if (!tool_common()->dry_run)
		write_file(buf_slice(&out));
	buf_free(&out);
	diag_note("%zu prompts, mean gain of the last model %.4f; llm-route tune shows the curve",
	    t->labels, (double)t->lesson.gain[t->lesson.arms - 1]);
	if (traffic.count)
		diag_note("the traffic is %s", said[kind]);
}

void
train_run(const struct option_list *operands)
{
	struct embed *embed = learned_embed(encoder);
	enum kind kind = KIND_NEAR;
	struct arms arms = { 0 };
	struct trained *t;

	if (kind_name && !kind_named(kind_name, &kind))
		tool_usage("'--kind' is near or linear");
	arms_read(&arms, weak, strong, &between);
	t = trained_open(kind, embed);
	t->lesson.arms = arms.count;
	memcpy(t->arm, arms.name, arms.count * sizeof(*t->arm));
	labels_each(operands, &arms, trained_part(t), embed, &t->arena, add, &t->lesson);
	arms_free(&arms);
	if (t->lesson.count < EXAMPLES_LEAST) {
		diag_warn("%zu labelled prompts teach nothing: %d at least are wanted",
		    t->lesson.count, EXAMPLES_LEAST);
		status_raise(STATUS_NO);
	} else {
		teach(t, embed);
	}
	trained_free(t);
	embed_close(embed);
}
