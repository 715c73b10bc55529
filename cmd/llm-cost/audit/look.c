/* SPDX-License-Identifier: MIT */
/* A log has millions of lines: what the audit asks of each one's top is found in one walk. */
#include "look.h"

#include "json/members.h"
#include "tool/tool.h"

enum { T_LLM, T_METADATA, T_BODY, T_MESSAGE, T_PAYLOAD, T_FIRST_ATTRIBUTE };

static const char *const names[] = { "llm", "metadata", "body", "message", "payload", "session",
	"task", "lane", "deadline", "complexity" };
#define NAMES (sizeof(names) / sizeof(*names))

static struct value found[NAMES];
static bool plain; /* attributes stand at the top or nowhere */
static bool agent;

void
audit_look(const struct row *row)
{
	static struct members members = { .names = names, .count = NAMES };

	members_get(row->request.root, &members, found);
	plain = !json_type(found[T_LLM]) && !json_type(found[T_METADATA]) &&
		!json_type(found[T_BODY]) && row->request.shape == SHAPE_USAGE &&
		!tool_common()->fields.count;
	agent = row->request.shape == SHAPE_USAGE &&
		(json_type(json_get(found[T_MESSAGE], "usage")) == JSON_OBJECT ||
		    json_type(found[T_PAYLOAD]) == JSON_OBJECT);
}

struct value
row_attribute(const struct row *row, const char *name)
{
	if (!plain)
		return request_attribute(&row->request, name);
	for (size_t i = T_FIRST_ATTRIBUTE; i < NAMES; i++)
		if (strcmp(names[i], name) == 0)
			return found[i];
	return (struct value){ 0 };
}

bool
row_is_agent(const struct row *row)
{
	(void)row;
	return agent;
}
