/* SPDX-License-Identifier: MIT */
/* The shapes of requests and answers: where model, texts, tools, cap and answer stand.
 *
 * A record is recognised in the order of llm-record(5): envelope, Anthropic, Bedrock, Gemini
 * and Vertex, usage log, bare body. Nothing is copied: all values point into the record. */
#ifndef MODEL_REQUEST_H
#define MODEL_REQUEST_H

#include "json/scan.h"

enum shape {
	SHAPE_NONE,
	SHAPE_ENVELOPE,  /* custom_id and body; OpenAI, Azure, Mistral batch lines */
	SHAPE_ANTHROPIC, /* custom_id and params */
	SHAPE_BEDROCK,   /* recordId and modelInput */
	SHAPE_GEMINI,    /* request.contents; Gemini and Vertex batch lines */
	SHAPE_USAGE,     /* a usage object and no request */
	SHAPE_BARE       /* a request body at the top */
};

/* Which interface a body speaks. */
enum api {
	API_NONE,
	API_CHAT,       /* OpenAI chat completions and all that copy it */
	API_RESPONSES,  /* OpenAI responses */
	API_COMPLETION, /* prompt in, text out */
	API_EMBEDDING,  /* input, no answer text */
	API_MESSAGES,   /* Anthropic */
	API_GEMINI,     /* contents */
	API_CONVERSE    /* Bedrock Converse */
};

struct request {
	struct json *json;
	enum shape shape;
	enum api api;
	struct value root;
	struct value body;   /* what the provider gets; absent in a usage line */
	struct value id;     /* custom_id, key or recordId */
	struct value model;  /* of the request; in a usage line of the answer */
	struct value llm;    /* our annotations */
	bool answered;       /* has response, result, modelOutput, or an output line's error */
	struct value answer; /* the provider's answer body (the one with choices, content,
				candidates, usage), absent where it failed without one */
	struct value error;  /* error object or string, wherever it stands; absent if none */
	uint64_t status;     /* HTTP status of the answer, 0 if none is told */
	bool batch_line;     /* the line has the form of a batch result */
};

/* --shape: SHAPE_NONE recognises, any other insists. For all later calls. */
void request_insist(enum shape shape);
/* Cannot a member of this name, at the top of a body, change the answer? Who asks, how it is
 * sent and billed, marks for the provider's cache: the list of llm-cache(1). */
bool request_member_ignored(struct slice name);
/* "envelope", "anthropic", "bedrock", "gemini", "usage", "bare"; SHAPE_NONE if it is none. */
enum shape shape_named(const char *name);
const char *shape_name(enum shape shape);

/* Fills r from a scanned record; false (and SHAPE_NONE) for an object of no known shape.
 * Members that it looks up and that stand twice set json->twice. */
bool request_read(struct json *json, struct request *r);
/* Was it answered by our own cache, or is it the copy of another request? It is never sent, and
 * nobody bills it. */
bool request_replayed(const struct request *r);
/* Is its answer a draft that llm-route apply accepted? The draft's own line is the call. */
bool request_drafted(const struct request *r);
/* The body alone, as `body` of an envelope or bare: tells its API. */
enum api api_of(struct value body);
/* The same of a body that is sent to url (absent: not told). */
enum api api_with(struct value body, struct value url);

/* One piece of a request's input, in the order in which the provider reads it. */
enum part_kind {
	PART_SYSTEM, /* system and developer text */
	PART_USER,
	PART_ASSISTANT, /* earlier answers, prefill */
	PART_RESULT,    /* what a tool gave back */
	PART_CALL,      /* arguments of a tool call: a string of JSON (chat) or an object */
	PART_THINKING,
	PART_IMAGE,
	PART_AUDIO,
	PART_FILE,
	PART_OTHER /* a block of a kind that is not known */
};
struct part {
	enum part_kind kind;
	struct value text;  /* the string; for PART_CALL string or object; absent if no text */
	struct value block; /* the array item that holds it; absent where content is a string */
	struct value
	    message; /* the message that holds it; absent for a system member, a prompt */
	size_t turn; /* index of the message, 0 for what stands before them */
};
/* Calls each(context, part) for all parts. */
typedef void (*part_fn)(void *context, const struct part *part);
void request_parts(const struct request *r, part_fn each, void *context);
/* Text of an answer in the same way (content, tool calls, thinking). */
void answer_parts(const struct request *r, part_fn each, void *context);

/* The messages, contents or input array; absent if the input is a string. */
struct value request_messages(const struct request *r);
/* The system member or, in chat, absent. */
struct value request_system(const struct request *r);
/* The array of tool definitions; absent if none. */
struct value request_tools(const struct request *r);
/* The output cap and, through name, the path of names it stands under, "" ended by NULL
 * (static); absent if none is set. name may be NULL. */
struct value request_cap(const struct request *r, const char *const **name);
/* Names where this API's cap goes, NULL-ended, static: {"max_tokens", NULL} or
 * {"generationConfig", "maxOutputTokens", NULL}. */
const char *const *request_cap_path(enum api api, struct slice model);
/* The parameter in the body (temperature, seed …) by its OpenAI name, wherever this API has it.
 */
struct value request_parameter(const struct request *r, const char *name);
/* What is asked for; OTHER: images or speech, alone or beside text, verdicts of moderation. */
enum product { PRODUCT_TEXT, PRODUCT_VECTORS, PRODUCT_OTHER };
/* What the request needs of a model. */
struct needs {
	enum product product; /* by the url where there is one, else by the interface */
	bool vision, audio, files, tools, schema, stream, previous; /* previous_response_id */
};
struct needs request_needs(const struct request *r);

/* How an answer ended. */
enum ending {
	ENDING_NONE,     /* not answered */
	ENDING_DONE,     /* whole: stop, end_turn, tool_use … */
	ENDING_CUT,      /* length */
	ENDING_FILTERED, /* content filter, refusal */
	ENDING_UNKNOWN,  /* null or missing finish reason */
	ENDING_FAILED /* error, or a status other than 2xx, or an error body with status 200 */
};
enum ending answer_ending(const struct request *r);
/* The same for the `choices` of an answer of chat or text completions. */
enum ending ending_of_choices(struct value choices);
/* Its text is a refusal member, or the finish reason says so. */

/* An attribute that all tools know (tenant, user, session, task, tier, lane, deadline,
 * priority, time …): --field's path if one was given for it, else llm.tags.X,
 * body.metadata.X, metadata.X, X. Absent if none is there. */
struct value request_attribute(const struct request *r, const char *name);
/* --field NAME=PATH; false and *why if it has another form. */
bool request_field(const char *definition, const char **why);

/* Was --shape or --field given? What a line says is then not told by its names alone. */
bool request_insisted(void);
bool request_fields(void);

/* The model that answered (answer.model) where it says, else the request's. ptr NULL if none.
 */
struct slice request_answer_model(const struct request *r, struct arena *a);
struct slice request_model(const struct request *r, struct arena *a);
/* --models FILE: lines `NAME = MODEL` (own names and deployments); false with errno, or
 * status 2 by itself for a wrong line. request_known_model gives what NAME stands for, or NAME.
 */
bool models_load(const char *file);
struct slice models_resolve(struct slice name);

#endif
