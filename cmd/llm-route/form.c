/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/form.h"

#include <string.h>

#include "cmd/llm-route/decide.h"

/* Who answers old completions: their own models for it alone, or all. */
enum completions { COMPLETIONS_NONE, COMPLETIONS_OLD, COMPLETIONS_ALL };

struct speech {
	const char *provider;
	enum chat_target form;
	enum completions completions;
};

static const struct speech *
speech_of(const struct model *m)
{
	static const struct speech known[] = {
		{ "anthropic", CHAT_ANTHROPIC, COMPLETIONS_NONE },
		{ "aws", CHAT_CONVERSE, COMPLETIONS_NONE },
		{ "google", CHAT_GEMINI, COMPLETIONS_NONE },
		{ "vertex", CHAT_GEMINI, COMPLETIONS_NONE },
		{ "mistral", CHAT_MISTRAL, COMPLETIONS_NONE },
		{ "openai", CHAT_OPENAI, COMPLETIONS_OLD },
		{ "azure", CHAT_OPENAI, COMPLETIONS_OLD },
		{ "cerebras", CHAT_OPENAI, COMPLETIONS_ALL },
		{ "cohere", CHAT_OPENAI, COMPLETIONS_NONE },
		{ "fireworks", CHAT_HOSTED, COMPLETIONS_ALL },
		{ "groq", CHAT_OPENAI, COMPLETIONS_NONE },
		{ "perplexity", CHAT_OPENAI, COMPLETIONS_NONE },
		{ "together", CHAT_HOSTED, COMPLETIONS_ALL },
		{ "x-ai", CHAT_OPENAI, COMPLETIONS_ALL },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (m->facts.provider && strcmp(known[i].provider, m->facts.provider) == 0)
			return &known[i];
	return NULL;
}

/* OpenAI's last models of old completions, which take nothing else; fine-tuned ones too. */
static bool
is_old(const struct model *m)
{
	static const char *const names[] = { "gpt-3.5-turbo-instruct", "gpt-35-turbo-instruct",
		"davinci-002", "babbage-002" };
	struct slice own = m->own;

	if (slice_starts(own, SLICE("ft:")))
		own = slice_drop(own, 3);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_starts(own, slice_z(names[i])))
			return true;
	return false;
}

/* NULL, or why the interface is not one that the model answers at. */
static const char *
refuses_interface(const struct speech *s, const struct model *m, enum api api)
{
	bool old = s->completions == COMPLETIONS_OLD && is_old(m);

	if (api == API_COMPLETION && !old && s->completions != COMPLETIONS_ALL)
		return "it takes no old completions";
	if (api != API_COMPLETION && old)
		return "it takes old completions alone";
	return NULL;
}

/* Does the request go as it is? Who copies OpenAI may have responses too; Mistral copies chat
 * with changes. */
static bool
same_form(const struct speech *s, enum api api)
{
	enum api spoken = chat_api(s->form);

	switch (api) {
	case API_CHAT: return spoken == api && s->form != CHAT_MISTRAL;
	case API_GEMINI:
	case API_CONVERSE: return spoken == api;
	case API_MESSAGES:
		return spoken == api || s->form == CHAT_CONVERSE; /* Bedrock has both */
	case API_RESPONSES: return spoken == API_CHAT;
	default: return true;
	}
}

bool
form_is_own(enum api api, const struct model *m)
{
	const struct speech *s = speech_of(m);

	return s && chat_api(s->form) == api;
}

bool
form_takes(enum api api, const struct model *m, enum chat_format format)
{
	const struct speech *s = speech_of(m);

	if (!s || same_form(s, api))
		return true;
	return s->form != CHAT_CONVERSE && (s->form != CHAT_ANTHROPIC || format != FORMAT_JSON);
}

/* The request in the neutral form, read once for all models; NULL and *why where it has none. */
static const struct chat *
neutral(struct facts *f, const char **why)
{
	struct chat *c;

	if (!f->chat && !f->no_chat) {
		c = arena_alloc(f->arena, sizeof(*c));
		if (chat_read(f->request, c, f->arena, &f->no_chat))
			f->chat = c;
	}
	*why = f->no_chat;
	return f->chat;
}

bool
form_says(struct facts *f, const struct model *m, struct chat *c, const char **why)
{
	const struct speech *s = speech_of(m);
	enum api api = f->request->api;
	const struct chat *read;
	struct buf body = { 0 };
	bool ok;

	*c = (struct chat){ .arena = f->arena };
	if (!s)
		return true;
	*why = refuses_interface(s, m, api);
	if (*why || same_form(s, api))
		return *why == NULL;
	read = neutral(f, why);
	if (!read)
		return false;
	*c = *read;
	/* a cap that is wanted and missing may still be set */
	ok = chat_write(c, s->form, m->facts.max_output ? m->facts.max_output : OUTPUT_RESERVE,
	    &body, why);
	buf_free(&body);
	if (ok && c->essential) {
		*why = arena_printf(f->arena, "no place for %s", c->essential).ptr;
		ok = false;
	}
	return ok;
}
