/* SPDX-License-Identifier: MIT */
#include "texts.h"

struct reader {
	struct arena *arena;
	struct buf *out;
	size_t asked; /* the length of out when somebody else than the assistant spoke last */
};

static void
add(struct reader *x, const struct part *p)
{
	struct slice text = json_type(p->text) == JSON_STRING ? json_string(p->text, x->arena)
							      : json_raw(p->text);

	buf_add(x->out, text);
}

static void
question(void *context, const struct part *p)
{
	static const char *const roles[] = { [PART_SYSTEM] = "system",
		[PART_USER] = "user",
		[PART_ASSISTANT] = "assistant",
		[PART_RESULT] = "tool result",
		[PART_CALL] = "tool call",
		[PART_THINKING] = NULL,
		[PART_IMAGE] = "image",
		[PART_AUDIO] = "audio",
		[PART_FILE] = "file",
		[PART_OTHER] = "other" };
	struct reader *x = context;

	if (!roles[p->kind])
		return;
	if (x->out->len)
		buf_add_byte(x->out, '\n');
	buf_printf(x->out, "%s: ", roles[p->kind]);
	if (json_type(p->text))
		add(x, p);
	else if (json_type(p->block))
		buf_add(x->out, json_raw(p->block)); /* an image is what it is */
	if (p->kind != PART_ASSISTANT && p->kind != PART_CALL)
		x->asked = x->out->len;
}

static void
answer(void *context, const struct part *p)
{
	if (p->kind != PART_THINKING && json_type(p->text))
		add(context, p);
}

void
texts_question(const struct request *r, struct arena *a, struct buf *out)
{
	struct reader x = { a, out, 0 };

	request_parts(r, question, &x);
}

void
texts_asked(const struct request *r, struct arena *a, struct buf *out)
{
	struct reader x = { a, out, out->len };

	request_parts(r, question, &x);
	out->len = x.asked;
}

void
texts_answer(const struct request *r, struct arena *a, struct buf *out)
{
	struct reader x = { a, out, 0 };

	answer_parts(r, answer, &x);
}
