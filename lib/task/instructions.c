/* SPDX-License-Identifier: MIT */
#include "task/instructions.h"

#include "base/buf.h"

/* Texts as values; they are unescaped when all are found. */
struct list {
	struct value *text;
	size_t count;
};
struct gathering {
	struct list system, user;
	size_t last_at, last_turn, turns;
	struct arena *arena;
};

static void
add_text(struct list *l, struct value v, struct arena *a)
{
	if ((l->count & (l->count - 1)) == 0) {
		struct value *grown =
		    arena_alloc(a, (l->count ? 2 * l->count : 1) * sizeof(*grown));

		if (l->count)
			memcpy(grown, l->text, l->count * sizeof(*grown));
		l->text = grown;
	}
	l->text[l->count++] = v;
}

static void
see_part(void *context, const struct part *part)
{
	struct gathering *g = context;

	if (json_type(part->text) != JSON_STRING)
		return;
	if (part->kind == PART_SYSTEM) {
		add_text(&g->system, part->text, g->arena);
	} else if (part->kind == PART_USER) {
		if (!g->user.count || part->turn != g->last_turn) {
			g->last_at = g->user.count;
			g->turns++;
		}
		g->last_turn = part->turn;
		add_text(&g->user, part->text, g->arena);
	}
}

static struct slice *
unescape_all(const struct list *l, struct arena *a)
{
	struct slice *out = arena_alloc(a, (l->count + 1) * sizeof(*out));

	for (size_t i = 0; i < l->count; i++)
		out[i] = json_string(l->text[i], a);
	return out;
}

void
instructions_read(struct instructions *i, const struct request *r, struct arena *a)
{
	struct gathering g = { .arena = a };

	request_parts(r, see_part, &g);
	*i = (struct instructions){ .system = unescape_all(&g.system, a),
		.user = unescape_all(&g.user, a),
		.system_count = g.system.count,
		.user_count = g.user.count,
		.last_at = g.last_at,
		.turns = g.turns };
}

struct task_judgement
instructions_judge(
    const struct instructions *i, const struct needs *needs, uint64_t tokens, struct arena *a)
{
	return instructions_judge_by(NULL, i, needs, tokens, a);
}

struct task_judgement
instructions_judge_by(const struct task_table *table, const struct instructions *i,
    const struct needs *needs, uint64_t tokens, struct arena *a)
{
	struct task_circumstances c = { tokens, i->turns, needs->tools, needs->schema, table };

	return task_classify(i->system, i->system_count, i->user + i->last_at,
	    i->user_count - i->last_at, &c, a);
}

struct slice
instructions_last(const struct instructions *i, struct arena *a)
{
	struct slice text = { NULL, 0 };
	struct buf all = { 0 };

	if (i->last_at + 1 == i->user_count)
		return i->user[i->last_at];
	for (size_t k = i->last_at; k < i->user_count; k++) {
		if (k > i->last_at)
			buf_add_byte(&all, '\n');
		buf_add(&all, i->user[k]);
	}
	if (all.len)
		text = arena_copy(a, buf_slice(&all));
	buf_free(&all);
	return text;
}
