/* SPDX-License-Identifier: MIT */
/* The parts of `llm-batch run`. A record that has to be sent is a slot in a window; slots stand
 * in input order and leave in it. */
#ifndef LLM_BATCH_RUN_H
#define LLM_BATCH_RUN_H

#include "base/hash.h"
#include "connect.h"
#include "copies.h"
#include "line.h"
#include "net/limit.h"
#include "stream/stream.h"

enum slot_state {
	SLOT_WAITING, /* to be sent, now or later */
	SLOT_FLYING,
	SLOT_COPY, /* gets the answer of an earlier request */
	SLOT_DONE  /* line is what leaves */
};

struct slot {
	struct slot *next, *previous;
	struct run *run;
	enum slot_state state;
	struct buf line;  /* the record's bytes */
	const char *file; /* where they came from */
	uint64_t number;
	enum shape shape;
	enum api api;
	struct slice cache; /* llm.cache.key; owned */
	struct buf body;    /* what is sent */
	const char *url;
	char key[65]; /* in the state: of path, id and body */
	struct rate *rate;
	uint64_t tokens;
	unsigned attempts;
	int64_t not_before; /* ticks */
	int64_t hold;       /* reserved in the ledger; 0: nothing is */
	bool answered;      /* left with an answer, for the summary */
};

/* How fast a model may be asked. */
struct rate {
	struct bucket requests, tokens;
	int64_t paused;   /* ticks until which nothing goes */
	uint64_t blocked; /* the round in which its bucket was found empty */
};

/* What came of the last attempt. */
struct outcome {
	bool good;
	unsigned status;
	const char *code;  /* where no answer came: "timeout", "connection" …; static */
	const char *why;   /* for people */
	const char *class; /* error_class, or NULL */
	struct slice body; /* of the answer; ptr NULL if none came */
	struct slice request_id;
	unsigned attempts;
	int64_t latency_ms, first_byte_ms;
};

struct run {
	struct stream *stream;
	struct http *http;
	const struct path *by;
	struct ids ids;
	struct copies copies;
	struct run_state *state; /* NULL without --state */
	struct dead *dead;       /* NULL without --dead */
	struct run_limit *limit; /* NULL without --limit */
	struct slot *head, *tail;
	size_t slots, flying, bytes;
	struct hash_map models;
	struct rate **rates; /* by index of models */
	uint64_t round;
	struct json json; /* of a line or an answer */
	struct edits edits;
	struct arena arena; /* of one answer */
	uint64_t sent, answered, failed, kept;
	/* options */
	uint64_t parallel, rpm, tpm, retries;
	bool unordered, no_times;
	const char *provider;
};

/* run_input.c: takes a record into the window, or passes or rejects it. */
void run_take(struct run *run, struct record *r);

/* run_send.c: starts what may go now; milliseconds until something may (at most 250). */
int64_t run_start(struct run *run);

/* run_answer.c: the slot has its answer, or none for good. Fills in the line. */
void run_finish(struct run *run, struct slot *slot, const struct outcome *o);
/* The answer that the state keeps for the slot. */
void run_finish_kept(struct run *run, struct slot *slot, struct slice kept);
/* Gives copies in the window their answers, where these are there. */
void run_copies(struct run *run);

/* run_state.c: the journal of a run; ends the process with 5 where another run has it, with 2
 * where it is something else. */
struct run_state *run_state_open(const char *name);
/* The kept answer of a key, or ptr NULL. */
struct slice run_state_find(struct run_state *s, const char *key);
void run_state_add(struct run_state *s, const char *key, struct slice text);
/* What was added is on disk after this. */
void run_state_sync(struct run_state *s);
void run_state_close(struct run_state *s);

/* run_dead.c: requests that failed for good, to be sent again some day. NULL takes nothing. */
struct dead *dead_open(const char *name);
void dead_add(struct dead *d, const struct slot *slot, const char *class, const char *why);
void dead_close(struct dead *d);

/* run_limit.c: the ledger that all runs share. A NULL ledger grants everything. */
struct run_limit *run_limit_open(const char *name, const char *provider);
/* Reserves the worst case of the next attempt, for as long as a call may take (milliseconds).
 * False: where *wait is not 0, look again after so many milliseconds, as other calls hold what
 * is left; else *refused says why it never may go. */
bool run_limit_reserve(struct run_limit *l, struct slot *slot, int64_t longest, int64_t *wait,
    struct outcome *refused);
/* Settles the attempt; where it is the last one, its answer is on the slot's line already. */
void run_limit_settle(struct run_limit *l, struct slot *slot, const struct outcome *o);
void run_limit_close(struct run_limit *l);

#endif
