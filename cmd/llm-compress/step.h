/* SPDX-License-Identifier: MIT */
/* Steps: what can be done to a request so that it is fewer tokens, mildest first.
 *
 * To add one: a function void NAME_run(struct work *) in a file of its own, declared in that
 * file's header, and a row in steps.c. The function reads work.h's "for steps to read" and
 *calls its "for steps". A typical text step is
 *
 *	for (size_t i = 0; i < w->count; i++)
 *		if (work_may(w, &w->pieces[i], true) && w->pieces[i].part.kind == PART_RESULT)
 *			work_offer(w, &w->pieces[i], shorter(w->pieces[i].now, w->arena));
 *
 * A step that works to a size asks work_excess() for the tokens that must still go, and
 * w->pieces[i].tokens (work_piece_tokens) for what each text has. It must give the same result
 * on its own output: mark what it left out and know its mark. Order, and what calls a step:
 *
 *   asked     settings say so by name: --keep-turns, --strip, --examples, --level light …
 *   lossless  runs without being asked
 *   ladder    runs while work_excess() is not 0, in the order of the ladder
 */
#ifndef LLM_COMPRESS_STEP_H
#define LLM_COMPRESS_STEP_H

#include "cmd/llm-compress/work.h"

enum step_kind {
	STEP_LOSSLESS, /* always, and first on the ladder */
	STEP_LIGHT,    /* --level light, and on the ladder */
	STEP_LOSSY,    /* when asked for, and on the ladder */
	STEP_ASKED,    /* only when asked for */
	STEP_LATE      /* when asked for; with a target only as a rung of the ladder */
};
struct step {
	const char *name;
	enum step_kind kind;
	void (*run)(struct work *w);
	bool (*asked)(const struct settings *s); /* NULL: its kind tells */
	bool whole; /* it takes messages or blocks out, or puts some in: all is counted anew */
	unsigned rung; /* on the ladder, from 1; 0: not on it */
	bool blind;    /* it cannot say what goes with what it takes: --floor leaves it out */
};
/* All steps in the order in which they run; ended by a NULL name. */
extern const struct step steps[];
#define RUNGS 16

/* Runs what the settings ask for on the work, then the ladder if w->target is set. net watches
 * the provider's cache (net.h), or is NULL; ordinal is the number of the record in the run. */
struct net;
void steps_run(struct work *w, struct net *net, uint64_t ordinal);

#endif
