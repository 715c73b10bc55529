/* SPDX-License-Identifier: MIT */
/* The work on one record: its texts and messages, and what the steps did to them.
 *
 * A step (step.h) sees every text as a piece and every message as an item, in the order in
 * which the provider reads them. It gives a text a new form with work_offer, takes a message
 * out with work_remove, puts one in with work_insert, and a single block with work_take_out.
 * Nothing is written before the end, so a step can be taken back as a whole. Every byte of the
 * record beside these changes stays. */
#ifndef LLM_COMPRESS_WORK_H
#define LLM_COMPRESS_WORK_H

#include "cmd/llm-compress/settings.h"
#include "stream/stream.h"
#include "tokens/tokens.h"

#define NOWHERE SIZE_MAX

/* One part of the request, see model/request.h. */
struct piece {
	struct part part;
	struct slice old; /* unescaped; ptr NULL: it has no text, or the text must stay */
	struct slice now;
	uint64_t tokens; /* of now, once it is counted */
	bool counted;
	bool gone;      /* its block, or its member, is taken out */
	size_t message; /* index in work.messages; NOWHERE: before them */
};

enum role { ROLE_SYSTEM, ROLE_USER, ROLE_ASSISTANT, ROLE_RESULT };
struct message {
	struct value at;
	enum role role;
	size_t first, count; /* its pieces */
	bool starts;         /* a message of the user that begins a turn */
	bool pinned;         /* a summary or facts that we put in, and the answer to it */
	bool gone;
	struct slice before; /* JSON of messages that are put in front; ptr NULL: none */
};

/* One line of what a step did, beside its tokens: rule, how often, tokens. */
struct rule {
	struct slice name;
	uint64_t count, saved;
	const struct done *of;
};
struct done {
	const char *name;
	uint64_t saved; /* tokens */
	bool changed;   /* some text or message is another one now */
};
struct refusal {
	const char *step; /* a step's name, or "all" */
	const char *reason;
};
#define DONE_MAX 24
#define REFUSED_MAX 16

struct work {
	/* for steps to read */
	struct arena *arena; /* of the record */
	const struct request *request;
	const struct tokenizer *tokenizer;
	struct slice model;
	enum api api;
	struct piece *pieces;
	size_t count;
	struct message *messages;
	size_t message_count;
	size_t last;           /* the message that begins the last turn; NOWHERE: none */
	struct slice question; /* --query's text, else the last text of the user; "" if none */
	bool asked;            /* the question is --query's */
	uint64_t tokens;       /* of the whole request, as it is now */
	uint64_t target;       /* tokens to come to; UINT64_MAX: none */
	bool ladder;           /* this step runs because the request does not fit, not because
				  it was asked for by name */

	struct value *cut; /* items and members that go beside all that: definitions of tools */
	size_t cut_count;

	/* private to work.c and steps.c */
	size_t cut_room;
	size_t room, last_turn;
	struct tokens before;
	struct tokens counted; /* the whole, when it was counted last */
	uint64_t base;         /* tokens that --ratio is a share of */
	struct done done[DONE_MAX];
	size_t done_count;
	struct done *now;
	uint64_t at_begin, saved_before; /* tokens when the running step began; its own */
	bool changed_before;
	bool unfolded; /* references of an earlier pass were brought back */
	bool adds_up;  /* the tokens of the whole change by what those of a text do */
	struct rule *rules;
	size_t rule_count, rule_room;
	struct refusal refused[REFUSED_MAX];
	size_t refused_count;
	struct slice notes;      /* further members of the annotation: ,"name":value … */
	struct json json, again; /* scratch, kept between records */
};

/* Reads the request into w, which keeps its scratch. No step has run. */
void work_read(struct work *w, const struct request *q, struct arena *a);
void work_free(struct work *w);
/* Sets the question, by the texts as they are now. */
void work_ask(struct work *w);

/* --- for steps --- */

/* Tokens of a text by the record's model. */
uint64_t work_count(const struct work *w, struct slice text);
/* Tokens of the piece as it is now; counted once. Of JSON where it is no text. */
uint64_t work_piece_tokens(struct work *w, struct piece *p);
/* Tokens of a message with its frame, about. */
uint64_t work_message_tokens(struct work *w, const struct message *m);
/* Whether the text is taken out, alone or with its message. */
bool work_gone(const struct work *w, const struct piece *p);
/* Whether the running step may change this text: it is there still, no prefill, and, where the
 * ladder runs a lossy step, no text of the user's last message (with --query it may). */
bool work_may(const struct work *w, const struct piece *p, bool lossy);
/* The same for steps that take parts of a text away: on the ladder, without --query, short
 * turns of the conversation are not for them but go or stay as wholes ("history"). */
bool work_may_cut(struct work *w, struct piece *p);
/* The new text of a piece, from the arena. It is taken, and its saving credited to the step,
 * where it is fewer tokens and not empty; else the step is noted as refused. True if taken. */
bool work_offer(struct work *w, struct piece *p, struct slice text);
/* The same where the caller knows work_count() of the text. */
bool work_offer_counted(struct work *w, struct piece *p, struct slice text, uint64_t tokens);
/* Takes out a message; the caller sees to calls and results (history/pairs.h). */
void work_remove(struct work *w, struct message *m);
/* Takes out the block or member that holds the piece; not where it is all the message has. */
bool work_take_out(struct work *w, struct piece *p);
/* Takes out an item of an array, or a member by its name, that holds no piece. */
void work_cut(struct work *w, struct value v);
/* Puts raw (JSON of a message) before message i of the list. */
void work_insert(struct work *w, size_t i, struct slice raw);
/* Tokens that are still too many; 0 where it fits, or no target is set. */
uint64_t work_excess(const struct work *w);
/* Whether the running step has changed this record before, in this run or in an earlier one. */
bool work_has_run(const struct work *w);
/* The same of the step of that name. */
bool work_did(const struct work *w, const char *step);
/* The running step declines, or a part of its work; reason is static or in the arena. */
void work_refuse(struct work *w, const char *reason);
/* A rule of the running step: named in `rules` of its entry in `steps`. Adds up by name. */
void work_rule(struct work *w, struct slice name, uint64_t count, uint64_t saved);
/* A member of the annotation beside those of every record; raw is a JSON value. */
void work_note(struct work *w, const char *name, struct slice raw);
/* A text that says one of these things stays as it is: --protect. */
bool work_protected(struct slice text);
/* The bytes of b in the arena; frees b. */
struct slice work_keep(struct work *w, struct buf *b);

/* --- for the engine --- */

/* The changes as edits of the record; true if there are any. */
bool work_edit(const struct work *w, struct edits *e);
/* The edited record, scanned into w->again; false where nothing changed. */
bool work_edited(struct work *w, struct request *q);
/* Counts the edited request anew into w->tokens. */
void work_recount(struct work *w);
/* Begins and ends a step: what it saved stands in w->done, in one entry however often it runs.
 * whole: all is counted anew. work_end gives whether it changed anything this time. */
void work_begin(struct work *w, const char *name);
bool work_end(struct work *w, bool whole);
void work_refuse_as(struct work *w, const char *step, const char *reason);
bool work_changed(const struct work *w);
/* Whether the work is another one than the record: a step may have taken back another's. */
bool work_differs(const struct work *w);
/* As if no step had run. */
void work_reset(struct work *w);
/* All that a step can change, so that it can be taken back. */
struct work_mark;
struct work_mark *work_mark(const struct work *w);
void work_back(struct work *w, const struct work_mark *mark);

#endif
