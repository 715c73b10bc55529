/* SPDX-License-Identifier: MIT */
/* A record as llm-batch sees it: its shape (also where the id is still missing), its id, and
 * whether somebody else answers it. */
#ifndef LLM_BATCH_LINE_H
#define LLM_BATCH_LINE_H

#include "json/path.h"
#include "model/request.h"
#include "stream/stream.h"

struct line {
	struct request request;
	enum shape
	    shape; /* as in request, but envelope or anthropic where just the id is missing */
	struct value id;          /* as it stands in the record; absent if it has none */
	struct value method, url; /* of an envelope; absent if it has none */
	struct slice name;        /* the id's characters, or by --id, or r-LINE; in the arena */
	bool collapsed;   /* a copy of an earlier request: that one's answer is its own */
	struct slice key; /* llm.cache.key; ptr NULL if none */
};

/* Reads r; by (may be NULL) is --id. False for an object that is no request. */
bool line_read(struct record *r, const struct path *by, struct line *l);
/* What an option such as --id names, for the length of the run; NULL for NULL. Status 2 if it
 * is no path. */
const struct path *line_id_path(const char *text);
/* Says why the id cannot be one (no string, empty), or NULL. */
const char *line_id_fault(const struct line *l);
/* The endpoint of an interface, "/v1/chat/completions"; NULL where it has none of its own. */
const char *line_endpoint(enum api api);
/* The model that the line asks for: of its body, or where the body has no place for it what
 * llm.route decided or stands beside the body. ptr NULL if none. */
struct slice line_model(const struct line *l, struct arena *a);
/* `url` of an envelope, or what its interface implies; ptr NULL if neither is known. */
struct slice line_url(const struct line *l, struct arena *a);

/* The time at a path of the record, ms since 1970; 0 if there is none. */
int64_t line_time(const struct line *l, const struct path *at, struct arena *a);

#endif
