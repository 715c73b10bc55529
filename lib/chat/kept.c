/* SPDX-License-Identifier: MIT */
/* What of a request lies with its provider: earlier turns, uploaded files, stores, containers.
 * Sources: the API references of chat completions and responses (openai-openapi), Anthropic's
 * Files and code execution, Gemini's Files and cached contents. */
#include "chat/parts.h"

#define KEPT(name) "what '" name "' stands for is with its provider alone"

bool
chat_is_stored(struct slice url)
{
	return slice_starts(url, SLICE("\"gs://")) ||
	       slice_starts(url, SLICE("\"https://generativelanguage.googleapis.com/"));
}

static bool
has(struct value object, const char *name)
{
	return json_type(json_get(object, name)) > JSON_NULL;
}

/* A block of any interface; the names do not collide. */
static void
note_block(void *context, const struct part *p)
{
	static const char *const holders[] = { "file", "source" }, *const data[] = { "fileData",
		"file_data" }, *const uri[] = { "fileUri", "file_uri" };
	const char **why = context;

	if (p->kind < PART_IMAGE || json_type(p->block) != JSON_OBJECT)
		return;
	if (has(p->block, "file_id"))
		*why = KEPT("file_id");
	for (size_t i = 0; i < 2; i++) {
		struct value stored = json_get(p->block, data[i]);

		if (has(json_get(p->block, holders[i]), "file_id"))
			*why = KEPT("file_id");
		for (size_t k = 0; k < 2; k++)
			if (chat_is_stored(json_raw(json_get(stored, uri[k]))))
				*why = "a file in its provider's store";
	}
}

/* Stores and containers that tools of the provider work with. */
static const char *
kept_by_tools(const struct request *r)
{
	for (struct value t = json_first(request_tools(r)); json_type(t); t = json_next(t)) {
		struct value container = json_get(t, "container");

		if (has(t, "vector_store_ids"))
			return KEPT("vector_store_ids");
		if (json_type(container) == JSON_STRING ||
		    json_length(json_get(container, "file_ids")))
			return KEPT("container");
	}
	return NULL;
}

/* An earlier answer in sound is named, not repeated. */
static bool
has_spoken(struct value messages)
{
	for (struct value m = json_first(messages); json_type(m); m = json_next(m))
		if (has(json_get(m, "audio"), "id"))
			return true;
	return false;
}

/* Members of the body. */
static const char *
kept_by_name(const struct request *r)
{
	static const struct {
		enum api api;
		const char *name, *why;
	} names[] = {
		{ API_RESPONSES, "previous_response_id", KEPT("previous_response_id") },
		{ API_RESPONSES, "conversation", KEPT("conversation") },
		{ API_MESSAGES, "container", KEPT("container") },
		{ API_GEMINI, "cachedContent", KEPT("cachedContent") },
		{ API_GEMINI, "cached_content", KEPT("cached_content") },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].api == r->api && has(r->body, names[i].name))
			return names[i].why;
	/* an object names a stored one */
	if (r->api == API_RESPONSES && json_type(json_get(r->body, "prompt")) == JSON_OBJECT)
		return KEPT("prompt");
	return NULL;
}

const char *
chat_kept_elsewhere(const struct request *r)
{
	const char *why = kept_by_name(r);

	if (!why)
		why = kept_by_tools(r);
	if (!why && r->api == API_CHAT && has_spoken(request_messages(r)))
		why = KEPT("audio");
	if (!why)
		request_parts(r, note_block, &why);
	return why;
}
