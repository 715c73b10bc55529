/* SPDX-License-Identifier: MIT */
/* What the parts of output control write with. */
#ifndef LLM_ROUTE_OUTPUT_SETTER_H
#define LLM_ROUTE_OUTPUT_SETTER_H

#include "chat/chat.h"
#include "cmd/llm-route/decide.h"

struct setter {
	struct record *r;
	const struct request *q;
	struct facts *facts;
	struct decision *d;
	bool observe; /* list what would be dropped, edit nothing */
};

/* Lists the parameter, once, as one that the target does not take. */
void setter_drop(struct decision *d, const char *name);
/* Is the chosen model one of the provider's? */
bool setter_provider(const struct setter *s, const char *name);
/* body.PATH = raw, up to four names (NULL-ended). */
void setter_put(struct setter *s, const char *const path[], struct slice raw);
/* The value below the body, or absent. */
struct value setter_at(const struct setter *s, const char *const path[]);

#endif
