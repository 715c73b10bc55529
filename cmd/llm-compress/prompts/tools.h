/* SPDX-License-Identifier: MIT */
/* Definitions of tools: who they are, and which go. */
#ifndef LLM_COMPRESS_PROMPTS_TOOLS_H
#define LLM_COMPRESS_PROMPTS_TOOLS_H

#include "cmd/llm-compress/step.h"

/* What an item of a request's list of tools defines: each one's name, and the value that holds
 * it and nothing else. Most items define one, Gemini's a list, tools of the provider's own
 * none. */
typedef void (*tool_definition_fn)(void *context, struct value name, struct value definition);
void tool_defines(struct value tool, tool_definition_fn each, void *context);
/* The name of the tool that a part of kind PART_CALL calls. */
struct slice tool_called(const struct part *call, struct arena *a);

/* --without-tool NAME: takes definitions out of the list. Those stay that the conversation
 * calls, that the choice of a tool names, or that hold a cache mark. */
void tools_run(struct work *w);

#endif
