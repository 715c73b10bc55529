/* SPDX-License-Identifier: MIT */
/* The parts of `llm-batch run`. A record that has to be sent is a slot in a window; slots stand
 * in input order and leave in it. */
#ifndef LLM_BATCH_RUN_H
#define LLM_BATCH_RUN_H

#include "base/hash.h"
#include "address.h"
#include "../connect.h"
#include "../copies.h"
#include "../line.h"
#include "net/limit.h"
#include "stream/stream.h"

enum slot_state {
	SLOT_WAITING, /* to be sent, now or later */
	SLOT_FLYING,
	SLOT_COPY, /* gets the answer of an earlier request */
	SLOT_DONE  /* line is what leaves */
};

/* Errors for which a record may name other models than its alternates; LISTS: those. */
enum error_list {
	LIST_RATE_LIMIT,
	LIST_SERVER,
	LIST_TIMEOUT,
	LIST_CONNECTION,
	LIST_CONTEXT,
	LIST_CONTENT,
	LIST_AUTH,
	LISTS
};

/* A model that may answer a request. */
struct candidate {
	const char *name; /* as the record names it */
	const char *sent; /* as the provider names it */
	struct address *at;
	bool asked; /* it is the record's own, not one that stands in */
	bool tried;
	unsigned char place[LISTS + 1]; /* in each list, from 1; 0: it is not in it */
};

struct slot {
	struct slot *next, *previous;
	struct run *run;
	enum slot_state state;
	struct buf line;  /* the record's bytes */
	const char *file; /* where they came from */
	uint64_t number;
	enum shape shape;
	enum api api;       /* of the record */
	enum api wire;      /* of what is sent; another where it is translated */
	struct slice cache; /* llm.cache.key; owned */
	struct buf body;    /* what is sent */
	struct buf lost;    /* array of the settings that were left out of it; empty: none */
	struct address *at; /* whom it is sent to */
	const char *url;
	char key[65]; /* in the state: of path, id and body; empty without one */
	struct rate *rate;
	uint64_t tokens; /* 0: not counted yet; see run_tokens */
	unsigned attempts;
	unsigned here;            /* attempts at the model at hand */
	struct candidate *models; /* its own and its alternates; NULL: it has none */
	size_t model_count, model_at;
	unsigned own_lists;  /* bit i: errors of list i have models of their own */
	int64_t rest;        /* ms that a model rests that failed; 0: the usual */
	uint64_t fails;      /* in a row, after which it rests; 0: the usual */
	int64_t taken;       /* ticks when it was read */
	uint64_t order;      /* its number among all that were read */
	int64_t deadline;    /* ms since 1970; 0: none */
	int64_t priority;    /* higher goes first */
	uint64_t kind;       /* of calls that can be one; 0: none */
	size_t prefix;       /* its place among the run's, from 1; 0: none */
	bool single;         /* never again in one call with others */
	struct group *group; /* the call that it is on its way in; NULL: its own */
	int64_t not_before;  /* ticks */
	int64_t hold;        /* reserved in the ledger; 0: nothing is */
	bool answered;       /* left with an answer, for the summary */
};

#define BREAKER 8 /* failures in a row, after which a model is left alone */

/* How fast a model may be asked. */
struct rate {
	struct bucket requests, tokens;
	int64_t paused;    /* ticks until which nothing goes */
	uint64_t blocked;  /* the round in which its bucket was found empty */
	unsigned failures; /* calls in a row that failed for the provider's sake */
	int64_t failing;   /* ticks of the first of them */
	const char *class; /* of the last of them */
	char down[64];     /* why nobody waits for it any longer; empty: it may answer */
	size_t flying;
	bool learned[2]; /* limits that answers told: requests, tokens */
};

/* What came of the last attempt. */
struct outcome {
	bool good;
	unsigned status;
	const char *code; /* where no answer came: "timeout", "connection" …; static */
	const char *why;  /* for people; why_text, or static */
	char why_text[80];
	const char *class; /* error_class, or NULL */
	struct slice body; /* of the answer; ptr NULL if none came */
	struct slice request_id;
	struct slice
	    usage; /* the provider's own, where the answer was translated; else ptr NULL */
	const char *model; /* of an alternate that answered; else NULL */
	unsigned attempts;
	int64_t latency_ms, first_byte_ms;
};

struct run {
	struct stream *records;
	struct http *http;
	const struct path *by;
	struct ids ids;
	struct copies copies;
	struct run_state *state; /* NULL without --state */
	struct dead *dead;       /* NULL without --dead */
	struct run_limit *limit; /* NULL without --limit */
	struct slot *head, *tail;
	struct slot *waiting; /* none before it waits to be sent */
	size_t slots, flying, bytes;
	struct hash_map models;
	struct rate **rates; /* by index of models */
	struct hash_map prefixes;
	struct prefix *leads; /* by index of prefixes */
	uint64_t round;
	size_t blocked;   /* rates that are in this round */
	struct json json; /* of a line or an answer */
	struct edits edits;
	struct arena arena;           /* of one answer */
	struct buf whole, translated; /* the answer at hand: of a stream, of another form */
	struct cooldown *cooldown;
	struct progress *progress; /* NULL where none is shown */
	bool more;                 /* the input has not ended */
	bool prioritised;          /* a record has a priority or a deadline */
	bool choices;              /* a record has alternates */
	size_t copying;            /* copies in the window */
	bool waited_long;
	bool settled;        /* a slot was, or a copy came: copies may have their answer */
	struct buf previous; /* the body before, to notice a loop that writes requests */
	uint64_t equal;      /* requests in a row that are equal to it */
	uint64_t sent, answered, failed, kept, taken_bytes, orders;
	/* options */
	uint64_t parallel, rpm, tpm, retries;
	bool unordered, no_times, stream, lossy;
	uint64_t group;
	int64_t linger, max_wait;
	int64_t outage; /* ms; 0: a minute, or --max-time if that is shorter */
	const struct path *deadline;
	const struct hours *hours; /* NULL: at any time */
};

/* run.c: the slot leaves next, whatever stands before it. */
void run_first(struct run *run, struct slot *slot);

/* input.c: takes a record into the window, or passes or rejects it. */
void run_take(struct run *run, struct record *r);

/* send.c: starts what may go now; milliseconds until something may (at most 250). */
int64_t run_start(struct run *run);
/* ms after which the answer of the slot's call is of no use; 0: --max-time decides. */
int64_t run_longest(const struct slot *slot);

/* outcome.c: what the answer of a slot's call means: done, again later, or never. */
void run_conclude(struct run *run, struct slot *slot, const struct http_answer *a);
/* The slot waits to be sent once more. */
void run_again(struct run *run, struct slot *slot);

/* answer.c: the slot has its answer, or none for good. Fills in the line. */
void run_finish(struct run *run, struct slot *slot, const struct outcome *o);
/* True if the body of the error has one of these; words ends with NULL. */
bool outcome_says(const struct outcome *o, const char *const words[]);
/* The answer that the state keeps for the slot. */
void run_finish_kept(struct run *run, struct slot *slot, struct slice kept);
/* Gives copies in the window their answers, where these are there. */
void run_copies(struct run *run);

/* send.c: how fast a model may be asked there. */
struct rate *run_rate(struct run *run, const struct address *at, struct slice model);

/* form.c: what is sent, and what came, in the form that each side speaks. The interface that
 * the address speaks for a body of this one. */
enum api run_wire(const struct address *at, enum api api);
/* What is sent of a record. */
struct message {
	struct buf body;
	struct buf lost; /* array of the settings that were left out; empty: none */
};
/* Writes the message of a request for the wire, to that model (ptr NULL: as it stands); false
 * and *why (arena) where it cannot be said there. */
bool run_write(struct run *run, const struct address *at, const struct line *l, enum api wire,
    struct slice model, struct arena *a, struct message *out, const char **why);
void message_free(struct message *m);
/* The same request to another model, in its form, and where it goes. False and *why (arena)
 * where it cannot be said there. */
bool run_use(struct run *run, struct slot *slot, const struct candidate *to, struct arena *a,
    const char **why);
/* What a provider counts against the limit of the slot's model; 0 where it has none. */
uint64_t run_tokens(const struct run *run, struct slot *slot);
/* Why it is no path on the host of an address (static), or NULL. */
const char *run_path_fault(struct slice path);
/* Path of the call, ptr NULL if it has none; model: as the provider names it. */
struct slice run_path(const struct run *run, const struct address *at, const struct line *l,
    struct slice model, struct arena *a);
/* A good answer in the record's form; o->body and o->usage live until the next one. False: o
 * says what is wrong. */
bool run_read(struct run *run, const struct slot *slot, struct outcome *o);
/* Asks for a stream. */
void run_stream(struct run *run, struct slot *slot);

/* alternates.c: the models that may answer, of those that have an address: its own, and
 * llm.route.alternates. False where none has one. The list is in the arena; a record without a
 * model or without others has one candidate. */
struct candidates {
	struct candidate *list;
	size_t count;
	unsigned own_lists;
	int64_t rest;
	uint64_t fails;
};
bool alternates_read(const struct record *r, const struct line *l, struct candidates *out);
/* Makes them the slot's own, where there is a choice. */
void alternates_keep(struct slot *slot, const struct candidates *c);
void alternates_free(struct slot *slot);
/* What an answer says of the model that gave it or did not: whether it rests from now on. */
void alternates_judge(struct run *run, struct slot *slot, const struct outcome *o);
/* After a failure: true where the slot goes on at another model, at once. */
bool alternates_next(struct run *run, struct slot *slot, const struct outcome *o);
/* The same without a second try at the model at hand. */
bool alternates_leave(struct run *run, struct slot *slot, const struct outcome *o);
/* Skips models that rest, before a call. */
void alternates_skip(struct run *run, struct slot *slot);
/* What the slot is at. */
const char *alternates_name(const struct slot *slot);

/* cooldown.c: models that failed lately, each at its provider, in a file that all runs share;
 * name NULL: in this run alone. */
struct cooldown *cooldown_open(const char *name);
void cooldown_add(struct cooldown *c, const struct candidate *model, int64_t until);
bool cooldown_rests(struct cooldown *c, const struct candidate *model);
/* One more failure of the model in this run: how many in a row it has now. */
uint64_t cooldown_failed(struct cooldown *c, const struct candidate *model);
/* It answered. */
void cooldown_forget(struct cooldown *c, const struct candidate *model);
void cooldown_close(struct cooldown *c);

/* order.c: which waiting slot goes first, and when anything may. */
const struct hours *hours_read(const char *text); /* status 2 where it is none */
bool hours_now(const struct hours *h);
void order_read(struct run *run, struct slot *slot, const struct line *l, struct arena *a);
/* The slots of the window in the order in which they may go, NULL-ended; valid until the next
 * call. */
struct slot **order_window(struct run *run);
void order_free(void);

/* group.c: micro-batches of embeddings and moderations. */
/* Notes whether the slot's text can go with others. */
void group_note(struct run *run, struct slot *slot);
bool group_fits(const struct run *run, const struct slot *slot);
/* The group of the slot as it stands; false: it waits for others, *wait ms at most. */
bool group_ready(struct run *run, struct slot *slot, int64_t now, int64_t *wait);
void group_start(struct run *run, struct slot *slot);

/* lead.c: the first request of a prefix goes before the others. */
/* Notes the slot's prefix, if its provider would keep that. */
void lead_note(struct run *run, struct slot *slot, const struct line *l, struct slice model);
/* 0, or for how many ms at most the slot waits for the first of its prefix. */
int64_t lead_wait(const struct run *run, const struct slot *slot, int64_t now);
void lead_sent(struct run *run, struct slot *slot, int64_t now);
/* The slot's answer has begun, or (not good) its call failed: then another goes first. */
void lead_begun(struct run *run, const struct slot *slot, bool good);
void lead_free(struct run *run);

/* progress.c: a bar on a terminal, or a JSON line every so many ms. NULL where neither is due.
 */
struct progress *progress_open(int64_t every, const struct option_list *files);
void progress_show(struct progress *p, const struct run *run);
void progress_bill(struct progress *p, const struct slot *slot);
void progress_close(struct progress *p, const struct run *run);

/* state.c: the journal of a run; ends the process with 5 where another run has it, with 2
 * where it is something else. */
struct run_state *run_state_open(const char *name);
/* The kept answer of a key, or ptr NULL. */
struct slice run_state_find(struct run_state *s, const char *key);
/* Says how many of the answers kept by earlier runs no request of this one has asked for. */
void run_state_tell_unasked(const struct run_state *s);
void run_state_add(struct run_state *s, const char *key, struct slice text);
/* Its call goes out, or came back without an answer to keep. NULL for s is fine. */
void run_state_mark(struct run_state *s, const char *key, bool sent);
/* What was added is on disk after this. */
void run_state_sync(struct run_state *s);
void run_state_close(struct run_state *s);

/* dead.c: requests that failed for good, to be sent again some day. NULL takes nothing. */
struct dead *dead_open(const char *name);
void dead_add(struct dead *d, const struct slot *slot, const char *class, const char *why);
void dead_close(struct dead *d);

/* limit.c: the ledger that all runs share. A NULL ledger grants everything. */
struct run_limit *run_limit_open(const char *name);
/* Reserves the worst case of the next attempt, for as long as a call may take (milliseconds).
 * False: where *wait is not 0, look again after so many milliseconds, as other calls hold what
 * is left; else *refused says why it never may go. */
bool run_limit_reserve(struct run_limit *l, struct slot *slot, int64_t longest, int64_t *wait,
    struct outcome *refused);
/* Settles the attempt; where it is the last one, its answer is on the slot's line already. */
void run_limit_settle(struct run_limit *l, struct slot *slot, const struct outcome *o);
/* The attempt did not count: it goes out again alone. */
void run_limit_release(struct run_limit *l, struct slot *slot);
void run_limit_close(struct run_limit *l);

#endif
