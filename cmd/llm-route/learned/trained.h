/* SPDX-License-Identifier: MIT */
/* What each model is expected to be worth on a prompt, from prompts whose outcomes are known.
 *
 * What a longer prompt gains, and to it what the prompt itself tells: by weights of what is
 * seen of it (linear), or by the prompts that are like it (near). What is learned is the gain
 * over the first model, not who is right: that is what a route decides on. The less a prompt is
 * like those that are known, the less counts what they gained, and the more its length and form:
 * of what is learned about one domain little else holds in another. */
#ifndef LLM_ROUTE_TRAINED_H
#define LLM_ROUTE_TRAINED_H

#include "cmd/llm-route/learned/linear.h"
#include "cmd/llm-route/learned/near.h"

#define TRAINED_QUANTILES 1001 /* of scores, at each tenth of a per cent */

enum kind { KIND_NEAR, KIND_LINEAR };
/* "near" or "linear"; false for what is neither. */
bool kind_named(const char *name, enum kind *kind);

struct trained {
	enum kind kind;
	struct slice arm[LEARNED_ARMS]; /* the weakest first */
	struct slice embedding;         /* name of the vectors */
	struct lesson lesson;           /* its examples: none in a file of weights alone */
	size_t labels;                  /* how many examples there were */
	struct linear *linear;          /* of these two, that of the kind */
	struct near *near;
	/* A prompt that is less familiar is new: see trained_gains(). */
	float familiar, usual;
	float longer; /* how much more familiar is one that is longer by a deviation */
	/* how far what is learned holds for what is new, and for the usual */
	float least, trust, counts; /* counts: what near->counts tells */
	float threshold[TRAINED_QUANTILES]; /* score that this share of the labels is below */
	struct opinions *examples, *traffic; /* while it is made */
	struct arena arena;
};

/* A model without examples yet: lesson_add(). */
struct trained *trained_open(enum kind kind, struct embed *embed);
/* The part of a look that examples and prompts need. */
enum look_part trained_part(const struct trained *t);
/* All that examples teach, when all are there (two at least, and two arms). */
void trained_fit(struct trained *t);
/* A prompt as the router will get them, whose outcomes nobody knows; its look is not kept. */
void trained_meet(struct trained *t, const struct look *look);
size_t trained_met(const struct trained *t);
/* How such prompts are to the examples: TRAFFIC_PARTLY too where there were none. */
enum traffic { TRAFFIC_UNLIKE, TRAFFIC_PARTLY, TRAFFIC_LIKE };
/* The rest: trust, and the thresholds, which are those of the scores of the prompts that were
 * met, or of scores that an example gets without itself. */
enum traffic trained_finish(struct trained *t);
void trained_free(struct trained *t);

struct gain {
	double of[LEARNED_ARMS]; /* over arm 0, which has 0 */
	bool new;                /* too little like any example to be sure */
};
/* Familiar is a prompt by the weight of the example that is most alike (its logarithm, less what
 * is usual for its length: long ones have more in common with any other), or by the share of its
 * words that are known. */
void trained_gains(const struct trained *t, const struct look *look, struct gain *out);
/* The arm to take where a step up the arms must be worth `threshold`: the greatest gain less
 * threshold times the steps. */
size_t trained_choose(const struct trained *t, const struct gain *g, double threshold);
/* The threshold at which the last arm stops to be the choice. */
double trained_score(const struct trained *t, const struct gain *g);
/* The threshold above which this share of prompts like the examples goes to the last arm. */
double trained_threshold(const struct trained *t, double share);
/* The share of the examples whose score is below this one. */
double trained_rank(const struct trained *t, double score);

/* The file: one line of JSON that says what it is, the numbers in little-endian order, a
 * SHA-256 of all. The same examples give the same bytes. */
void trained_write(const struct trained *t, struct buf *out);
/* NULL and *why (static) where it is none, is damaged, or was trained with other vectors. */
struct trained *trained_read(struct slice file, const struct embed *embed, const char **why);

#endif
