/* SPDX-License-Identifier: MIT */
/* Side calls: the requests that `ask` writes, the answers that `apply` reads.
 *
 * A side request has the shape of its parent, and llm.for = the parent's id, llm.side =
 * "compress", llm.ask = the kind, for parts also llm.part and llm.of. One for log-probabilities
 * is a completion, whatever its parent is (logprobs.h). */
#ifndef LLM_COMPRESS_SIDE_H
#define LLM_COMPRESS_SIDE_H

#include "base/hash.h"
#include "cmd/llm-compress/work.h"

enum side_kind { SIDE_SUMMARY, SIDE_FACTS, SIDE_MAP, SIDE_LOGPROBS, SIDE_KINDS };
extern const char *const side_names[SIDE_KINDS];
bool side_named(struct slice name, enum side_kind *kind);

struct side_settings {
	const char *model;       /* NULL: the parent's */
	uint64_t cap;            /* tokens of the answer */
	uint64_t chunk, overlap; /* tokens; chunk SETTING_NONE: three quarters of the window */
	const char *answers, *memory;
	struct path *id;
};
extern struct side_settings side;

/* Of a tag or an attribute: a string's text, a number's digits, "" of anything else. */
struct slice side_word(struct value v, struct arena *a);
/* The id by which parent and answer know each other: the record's own, --id's, else r-LINE. */
struct slice side_id(const struct request *q, const struct record *r);

struct side_request {
	enum side_kind kind;
	struct slice parent; /* id */
	uint64_t part, of;   /* of: 0 where there is one */
	struct slice system, user;
};
/* The line, appended to out. */
void side_write(const struct work *w, const struct side_request *s, struct buf *out);

/* Answers by parent. */
struct side_answer {
	struct slice text; /* trimmed, or JSON of log-probabilities; ptr NULL: none, and why
			      says so */
	const char *why;
	uint64_t part, of;
	bool used;
};
struct side_answers;
/* Ends the run with status 3 where the file cannot be read. Lines that are no answer of a side
 * request are named and counted; of two answers for one request the first good one stays. */
struct side_answers *side_read(const char *file);
/* The answer to part `part` (0: the only one) of what the parent, the request q of that id,
 * asked for; NULL: none came, or only those for a tenant or session of another name. */
const struct side_answer *side_find(struct side_answers *a, enum side_kind kind,
    const struct request *q, struct slice parent, uint64_t part);
/* Whether any request has an answer of that kind. */
bool side_has(const struct side_answers *a, enum side_kind kind);
/* Names the answers that belong to no record; raises status 4 if there are any. */
void side_close(struct side_answers *a);

/* What the messages from first to last (exclusive) say, as a script for people. */
struct slice side_script(struct work *w, size_t first, size_t last);

#endif
