/* SPDX-License-Identifier: MIT */
/* What a rule or a profile asks of the answer, written into the body under the names that the
 * interface has for it. A second pass finds everything as it wants it and edits nothing. What
 * interface or model has no place for is listed in d->dropped. */
#ifndef LLM_ROUTE_OUTPUT_OUTPUT_H
#define LLM_ROUTE_OUTPUT_OUTPUT_H

#include "chat/chat.h"
#include "cmd/llm-route/decide.h"

struct setter {
	struct record *r;
	const struct request *q;
	struct facts *facts;
	struct decision *d;
	bool observe; /* list what would be dropped, edit nothing */
};

/* All of them; nothing where the record names no model and gets none. */
void output_set(struct setter *s);

/* One subject each. */
void output_cap(struct setter *s);
void output_stop(struct setter *s);
void output_format(struct setter *s); /* json, schema, tool */
void output_effort(struct setter *s); /* effort, thinking, service tier */
void output_concise(struct setter *s);
void output_detail(struct setter *s); /* image detail, dimensions of embeddings */

/* For these. */
void output_drop(struct decision *d, const char *name);
bool output_provider(const struct setter *s, const char *name);
/* body.PATH = raw, up to four names (NULL-ended). */
bool output_put(struct setter *s, const char *const path[], struct slice raw);
/* The value below the body, or absent. */
struct value output_at(const struct setter *s, const char *const path[]);

#endif
