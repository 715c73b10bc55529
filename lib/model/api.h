/* SPDX-License-Identifier: MIT */
/* Private to lib/model: what each provider's interface knows, one file a provider. */
#ifndef MODEL_API_H
#define MODEL_API_H

#include "model/request.h"

/* The members that tell the interface of a body, looked up once. */
struct signs {
	struct value url; /* the envelope's, or absent */
	struct value messages, contents, input, prompt, input_text, inference_config,
	    tool_config, system, anthropic_version, stop_sequences, tools, model;
};

struct api_rules {
	/* a body that this interface takes */
	bool (*takes)(const struct signs *s);
	void (*parts)(const struct request *r, part_fn each, void *context);
	/* is this the interface's answer body, how did it end, what does it say */
	bool (*answers)(struct value answer);
	enum ending (*ending)(struct value answer);
	void (*answer_parts)(struct value answer, part_fn each, void *context);
	struct value (*messages)(struct value body);
	struct value (*system_text)(struct value body);
	const char *const *cap[3]; /* where the output cap may stand, best first; NULL-ended */
	const char *parameters; /* member that holds the sampling parameters, NULL: the body */
	const char *const (*renamed)[2]; /* OpenAI's name, own name; ended by NULL */
};

/* In the order in which a body is tried. */
extern const struct api_rules converse_rules, messages_rules, gemini_rules, embedding_rules,
    responses_rules, chat_rules, completion_rules;
const struct api_rules *api_rules(enum api api);
/* The first interface whose answer this object is; NULL if it is none's. */
const struct api_rules *api_answering(struct value answer);

/* Walks content that is a string, or an array of blocks which block() judges. */
typedef void (*block_fn)(
    const struct part *base, struct value block, part_fn each, void *context);
void parts_content(
    struct part base, struct value content, block_fn block, part_fn each, void *context);
/* `system`, then `messages` of users and assistants: Anthropic's and Converse's bodies. */
void parts_of_turns(struct value body, block_fn block, part_fn each, void *context);
/* Gives one part of the given kind with this text and block. */
void part_give(struct part base, enum part_kind kind, struct value text, struct value block,
    part_fn each, void *context);
/* Neither absent nor null. */
static inline bool
is_set(struct value v)
{
	return json_type(v) > JSON_NULL;
}
/* One of two spellings of a member. */
struct value either(struct value object, const char *one, const char *other);
/* Finish reason to ending: the word stands in a NULL-ended list. */
bool one_of(struct value word, const char *const list[]);

#endif
