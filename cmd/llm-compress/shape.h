/* SPDX-License-Identifier: MIT */
/* Messages in the shape of each interface: whose they are, what they hold, new ones. */
#ifndef LLM_COMPRESS_SHAPE_H
#define LLM_COMPRESS_SHAPE_H

#include "cmd/llm-compress/work.h"

/* Whose message this item of messages, contents or input is. A message that brings the result
 * of a tool is ROLE_RESULT whatever its role says. */
enum role shape_role(enum api api, struct value message);

/* One call of a tool, or the result of one, in a message. */
struct tool_use {
	bool result;
	struct slice id; /* Gemini may give none: the function's name stands in */
};
typedef void (*tool_use_fn)(void *context, const struct tool_use *use);
void shape_tools(
    enum api api, struct value message, struct arena *a, tool_use_fn each, void *context);

/* JSON of a message of the user (or the assistant) with this text, appended. */
void shape_write(enum api api, bool assistant, struct slice text, struct buf *out);

/* May a request begin with this message (system text aside)? OpenAI's kind takes whatever is no
 * result of a tool; the others want a message of the user that is none either. */
bool shape_may_begin(enum api api, const struct message *m);
/* Has the block or message a mark of the provider's prompt cache? */
bool shape_has_marker(struct value v);

#endif
