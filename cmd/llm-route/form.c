/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/form.h"

#include <string.h>

static const struct {
	const char *provider;
	enum chat_target form;
} forms[] = {
	{ "anthropic", CHAT_ANTHROPIC },
	{ "aws", CHAT_CONVERSE },
	{ "google", CHAT_GEMINI },
	{ "vertex", CHAT_GEMINI },
	{ "mistral", CHAT_MISTRAL },
	{ "openai", CHAT_OPENAI },
	{ "azure", CHAT_OPENAI },
	{ "cerebras", CHAT_OPENAI },
	{ "cohere", CHAT_OPENAI },
	{ "fireworks", CHAT_HOSTED },
	{ "groq", CHAT_OPENAI },
	{ "perplexity", CHAT_OPENAI },
	{ "together", CHAT_HOSTED },
	{ "x-ai", CHAT_OPENAI },
};

/* False where the request goes as it is. */
static bool
other_form(const struct model *m, enum api api, enum chat_target *form)
{
	size_t i = 0, n = sizeof(forms) / sizeof(*forms);
	enum api spoken;

	if (!m->facts.provider)
		return false;
	while (i < n && strcmp(forms[i].provider, m->facts.provider) != 0)
		i++;
	if (i == n)
		return false;
	*form = forms[i].form;
	spoken = chat_api(*form);
	switch (api) {
	case API_GEMINI:
	case API_CONVERSE: return spoken != api;
	case API_MESSAGES:
		return spoken != api && *form != CHAT_CONVERSE; /* Bedrock has both */
	case API_RESPONSES:
	case API_COMPLETION: return spoken != API_CHAT; /* who copies OpenAI may have these */
	default: return false;
	}
}

bool
form_says(struct facts *f, const struct model *m, struct chat *c, const char **why)
{
	struct buf body = { 0 };
	enum chat_target form = CHAT_OPENAI;
	bool ok;

	*c = (struct chat){ .arena = f->arena };
	if (!other_form(m, f->request->api, &form))
		return true;
	ok = chat_read(f->request, c, f->arena, why) &&
	     chat_write(c, form, m->facts.max_output, &body, why);
	buf_free(&body);
	if (ok && c->essential) {
		*why = arena_printf(f->arena, "no place for %s", c->essential).ptr;
		ok = false;
	}
	return ok;
}
