/* SPDX-License-Identifier: MIT */
/* Answers to questions that say the same in other words: folded text, near duplicates, vectors.
 * Everything but the question must be equal, and the lexical gate must see no conflict. */
#ifndef SEMANTIC_H
#define SEMANTIC_H

#include "cache.h"
#include "json/write.h"
#include "keep.h"
#include "question.h"
#include "vectors.h"

struct semantic;

struct semantic_settings {
	bool on, turns;
	uint64_t bound, check_rate; /* millionths */
	struct option_list judged;
	const char *answered_by; /* take answers of this model alone, or NULL */
};
extern struct semantic_settings semantic_settings;
/* Ends the process with status 2 where the bound is none that can be kept or broken. */
void semantic_check_bound(uint64_t millionths);
/* The same where options of get or put that stand are of no sense. */
void semantic_check_options(void);

/* Rows of the option table of get, beside VECTOR_OPTIONS. */
#define SEMANTIC_OPTIONS                                                                      \
	{ 0, "semantic", OPTION_FLAG, NULL, &semantic_settings.on,                            \
		"take answers to questions that say the same in other words", NULL },         \
	    { 0, "error-bound", OPTION_SHARE, "P", &semantic_settings.bound,                  \
		    "with --semantic: wrong ones among its hits, learned from verdicts (2%)", \
		    NULL },                                                                   \
	    { 0, "check-rate", OPTION_SHARE, "P", &semantic_settings.check_rate,              \
		    "let this share of semantic hits go on unanswered, to be judged", NULL }, \
	    { 0, "judged", OPTION_LIST, "F", &semantic_settings.judged,                       \
		    "learn from the verdicts in F (repeatable)", NULL },                      \
	{                                                                                     \
		0, "multi-turn", OPTION_FLAG, NULL, &semantic_settings.turns,                 \
		    "semantic hits for requests with earlier turns and tools' results too",   \
		    NULL                                                                      \
	}

enum semantic_state {
	SEMANTIC_MISS, /* reason and refused may say why */
	SEMANTIC_HIT,  /* entry is the answer */
	SEMANTIC_CHECK /* it would be one, and goes on unanswered to be judged */
};
struct semantic_found {
	enum semantic_state state;
	const char *tier;    /* "folded", "near", "vectors" */
	const char *reason;  /* or NULL */
	const char *refused; /* gate that refused the nearest question, or NULL */
	float score, closeness, threshold;
	bool explored; /* to be judged whatever --check-rate says of hits: it was none */
	bool has_score;
	struct store_entry entry;
	struct slice text; /* the stored question */
	/* of the question asked, where it has one; space is what put keeps it in */
	bool has_question;
	struct question question;
	struct vector vector;
	unsigned char space[16];
};

/* Reads the verdicts. NULL where the store holds no questions, which is said. */
struct semantic *semantic_open(struct shelf *shelf);
/* Looks the question of the record up; its exact key is not known. Hits become entries under
 * that key. */
void semantic_look(struct semantic *s, struct value root, const struct request *q,
    const struct key *k, struct value scope, struct arena *a, struct semantic_found *found);
/* Tier, score and where the answer is from, as members. */
void semantic_write_found(struct writer *w, const struct semantic_found *found);
/* Members of llm.cache, on a hit and on a miss. */
void semantic_write_hit(struct writer *w, const struct semantic_found *found);
void semantic_write_miss(struct writer *w, const struct semantic_found *found);
/* Of a vetted entry, or one made of it: vetted, and the scope of who wrote it, as members. */
void semantic_write_origin(struct writer *w, const struct note *note);
/* Says hits, checks and what is known of wrong ones; frees. NULL is fine. */
void semantic_close(struct semantic *s);

/* Keeps the question that get --semantic signed in llm.cache.semantic, about the entry of k
 * (digest and scope). What is no such object is left alone. False: *why, the store failed. */
bool semantic_keep_signed(struct store *store, struct value signed_by, const struct key *k,
    struct arena *a, const char **why);
/* put: keeps the question of a record that get --semantic signed, or one of its own where
 * vectors are given. False: *why, the store failed. */
bool semantic_keep(struct store *store, struct vectors *vectors, struct value root,
    const struct request *q, const struct key *k, struct value scope, bool vetted,
    struct arena *a, const char **why);

#endif
