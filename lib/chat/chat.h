/* SPDX-License-Identifier: MIT */
/* A request to a chat model in one neutral form, between the forms of the providers.
 *
 * Texts and numbers are JSON texts as they stood in the source (a slice with ptr NULL is not
 * there): what passes through is not spelled anew. What the source says and this form has no
 * place for is listed as lost when it is read; what the target has no place for when it is
 * written. Nothing of what the messages say is ever lost: such a request is refused. */
#ifndef CHAT_CHAT_H
#define CHAT_CHAT_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/request.h"

enum chat_role { CHAT_SYSTEM, CHAT_USER, CHAT_ASSISTANT };
enum chat_kind { CHAT_TEXT, CHAT_IMAGE, CHAT_FILE, CHAT_CALL, CHAT_RESULT, CHAT_THINKING };
enum chat_cache { CHAT_UNMARKED, CHAT_CACHE_5M, CHAT_CACHE_1H };

struct chat_part {
	enum chat_kind kind;
	enum chat_cache cache;    /* a prefix of the provider's cache ends behind it */
	struct slice text;        /* TEXT, THINKING: string; FILE: one that is plain text */
	struct slice mime, data;  /* IMAGE, FILE: strings, data in base64 */
	struct slice url, detail; /* IMAGE: strings; url, also of a FILE, instead of data */
	struct slice id, name;    /* CALL, RESULT, FILE: strings; only a CALL needs its name */
	struct slice args;        /* CALL: object */
	struct chat_part *parts;  /* RESULT: texts, images and files */
	size_t count;
	bool plain;                     /* RESULT: its content was one string */
	bool failed;                    /* RESULT: the tool failed */
	struct slice signature, sealed; /* THINKING: strings of Anthropic */
};
struct chat_message {
	enum chat_role role;
	bool plain; /* its content was one string */
	struct slice name;
	struct chat_part *parts;
	size_t count;
};
struct chat_tool {
	struct slice name, description, schema, strict;
	enum chat_cache cache;
};
enum chat_choice { CHOICE_UNSAID, CHOICE_AUTO, CHOICE_NONE, CHOICE_ANY, CHOICE_TOOL };
enum chat_format { FORMAT_UNSAID, FORMAT_TEXT, FORMAT_JSON, FORMAT_SCHEMA };

#define CHAT_STOPS 16
#define CHAT_LOST 32
struct chat {
	struct slice model;
	struct chat_message *message; /* system messages stand in their places */
	size_t message_count;
	struct chat_tool *tool;
	size_t tool_count;
	enum chat_choice choice;
	struct slice choice_name;
	struct slice parallel; /* true or false: several calls at once */
	struct slice cap, temperature, top_p, top_k, seed, n, presence, frequency, logprobs,
	    top_logprobs, user;
	struct slice stop[CHAT_STOPS];
	size_t stop_count;
	enum chat_format format;
	struct slice schema, schema_name, schema_strict;
	struct slice effort;         /* string */
	struct slice think_budget;   /* tokens; -1 and 0 as Gemini means them */
	const char *lost[CHAT_LOST]; /* in the arena; all but the last may be "and more" */
	size_t lost_count;
	const char *setting;   /* the first that bears on the answer, or NULL */
	const char *essential; /* the first that decides what the answer can be, or NULL */
	size_t files;          /* without a name that were given one */
	struct arena *arena;
};

enum chat_target {
	CHAT_OPENAI,     /* chat completions; Azure alike */
	CHAT_HOSTED,     /* the same with top_k and without files: Fireworks, Together */
	CHAT_OPENROUTER, /* with top_k, files by address and cache markers */
	CHAT_MISTRAL,    /* with random_seed and files of its own kind */
	CHAT_ANTHROPIC,
	CHAT_GEMINI,  /* and Vertex */
	CHAT_CONVERSE /* Bedrock */
};

/* The interface that a body of this form speaks. */
enum api chat_api(enum chat_target form);
/* Reads a chat request of any interface that has messages. False and *why (static) where it is
 * none, or says what the neutral form cannot hold. */
bool chat_read(const struct request *r, struct chat *c, struct arena *a, const char **why);
/* Why the request is none for another provider: a part of it that its own one keeps, such as an
 * uploaded file or an earlier turn (static). NULL: there is none. */
const char *chat_kept_elsewhere(const struct request *r);
/* Adds the body in that form (without the model in Gemini's and Converse's); lists in c->lost
 * what it has no place for. default_cap stands in where the form wants a cap and there is none;
 * 0: such a request is refused. False and *why. */
bool chat_write(struct chat *c, enum chat_target target, uint64_t default_cap, struct buf *out,
    const char **why);

/* For the readers and writers. */
void chat_lose(struct chat *c, const char *what);
/* A tool or the form of the answer: without it the answer would be another. */
void chat_lose_essential(struct chat *c, const char *what);
struct slice chat_quote(struct slice text, struct arena *a);
/* The characters of a JSON string. */
struct slice chat_plain(struct slice quoted, struct arena *a);

#endif
