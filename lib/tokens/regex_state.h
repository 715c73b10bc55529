/* SPDX-License-Identifier: MIT */
/* A pattern while it is read: what regex_parse.c and regex_class.c share. */
#ifndef TOKENS_REGEX_STATE_H
#define TOKENS_REGEX_STATE_H

#include "tokens/regex_parse.h"

#define REGEX_DEPTH 32 /* groups, and classes, one in the other */
#define REGEX_NO_POINT UINT32_MAX

struct regex_state {
	struct slice source, rest;
	struct regex_parts *parts;
	struct refusal *why;
	bool caseless, caseless_above[REGEX_DEPTH];
	int depth;
	uint32_t folded; /* the ASCII letter before this one, where case does not count */
	bool atom;       /* there is something to repeat */
};

/* An escape whose backslash is taken: either *point, or a class that goes into *into. */
bool regex_escape(struct regex_state *p, struct points *into, uint32_t *point);
/* A class whose opening bracket is taken, added to *into; depth is 0 for the outermost. */
bool regex_class(struct regex_state *p, struct points *into, int depth);
/* Where case does not count, the other forms of an ASCII letter. */
void regex_cases(struct points *into, uint32_t c);

/* Refuses the pattern for having `what` here. */
static inline bool
regex_wrong(struct regex_state *p, const char *what)
{
	return refuse(
	    p->why, "the pattern has %s, at byte %zu", what, p->source.len - p->rest.len + 1);
}

static inline bool
regex_starts(const struct regex_state *p, const char *text)
{
	return slice_starts(p->rest, slice_z(text));
}

/* Goes behind text, if it is there. */
static inline bool
regex_take(struct regex_state *p, const char *text)
{
	if (!regex_starts(p, text))
		return false;
	p->rest = slice_drop(p->rest, strlen(text));
	return true;
}

#endif
