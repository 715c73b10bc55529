/* SPDX-License-Identifier: MIT */
#include "members.h"

/* The chat format is spoken by many hosts; the list is the union of what they document. */
static const char *const chat[] = { "model", "messages", "audio", "frequency_penalty",
	"function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens",
	"max_tokens", "metadata", "modalities", "n", "parallel_tool_calls", "prediction",
	"presence_penalty", "prompt_cache_key", "prompt_cache_options",
	"prompt_cache_retention", "reasoning_effort", "response_format", "safety_identifier",
	"seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature",
	"tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity",
	"web_search_options", "moderation",
	/* Mistral */
	"random_seed", "safe_prompt", "prompt_mode", "document_image_limit",
	"document_page_limit",
	/* DeepSeek, xAI, Groq, Together, Fireworks */
	"thinking", "search_parameters", "deferred", "reasoning_format", "include_reasoning",
	"citation_options", "compound_custom", "documents", "search_settings",
	"disable_tool_validation", "repetition_penalty", "top_k", "min_p", "top_a", "typical_p",
	"context_length_exceeded_behavior", "echo", "ignore_eos", "prompt_truncate_len",
	"mirostat_target", "mirostat_lr", "safety_model",
	/* OpenRouter */
	"models", "provider", "transforms", "plugins", "reasoning", "route", "usage",
	/* vLLM, SGLang, llama.cpp, Ollama */
	"best_of", "length_penalty", "stop_token_ids", "include_stop_str_in_output",
	"min_tokens", "skip_special_tokens", "spaces_between_special_tokens", "guided_json",
	"guided_regex", "guided_choice", "guided_grammar", "structured_outputs",
	"chat_template", "chat_template_kwargs", "add_generation_prompt",
	"continue_final_message", "regex", "separate_reasoning", "cache_prompt", "grammar",
	"json_schema", "keep_alive", "options", "think",
	/* Azure */
	"data_sources", "enhancements", "cache_control", NULL };

static const char *const responses[] = { "model", "input", "background", "context_management",
	"conversation", "include", "instructions", "max_output_tokens", "max_tool_calls",
	"metadata", "moderation", "parallel_tool_calls", "previous_response_id", "prompt",
	"prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning",
	"safety_identifier", "service_tier", "store", "stream", "stream_options", "temperature",
	"text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user", NULL };

static const char *const completion[] = { "model", "prompt", "best_of", "echo",
	"frequency_penalty", "logit_bias", "logprobs", "max_tokens", "min_tokens", "n",
	"presence_penalty", "seed", "stop", "stream", "stream_options", "suffix", "temperature",
	"top_p", "user", "top_k", "min_p", "repetition_penalty", "random_seed", "ignore_eos",
	"stop_token_ids", "guided_json", "guided_regex", "guided_choice", "guided_grammar",
	"grammar", "cache_prompt", "metadata", "size", "quality", "response_format",
	"background", "output_format", "seconds", NULL };

static const char *const embedding[] = { "model", "input", "dimensions", "encoding_format",
	"user", "output_dimension", "output_dtype", "input_type", "truncate", "truncation",
	"task", "metadata", NULL };

static const char *const messages[] = { "model", "messages", "max_tokens", "cache_control",
	"container", "context_management", "inference_geo", "mcp_servers", "metadata",
	"output_config", "output_format", "service_tier", "speed", "stop_sequences", "stream",
	"system", "temperature", "thinking", "tool_choice", "tools", "top_k", "top_p",
	"anthropic_version", "anthropic_beta", NULL };

static const char *const gemini[] = { "contents", "systemInstruction", "system_instruction",
	"tools", "toolConfig", "tool_config", "safetySettings", "safety_settings",
	"generationConfig", "generation_config", "cachedContent", "cached_content", "labels",
	"modelArmorConfig", "serviceTier", "store", NULL };

static const char *const converse[] = { "messages", "system", "inferenceConfig", "toolConfig",
	"guardrailConfig", "additionalModelRequestFields", "promptVariables",
	"additionalModelResponseFieldPaths", "requestMetadata", "performanceConfig",
	"serviceTier", "outputConfig", NULL };

static const char *const *
table_of(enum api api)
{
	switch (api) {
	case API_CHAT: return chat;
	case API_RESPONSES: return responses;
	case API_COMPLETION: return completion;
	case API_EMBEDDING: return embedding;
	case API_MESSAGES: return messages;
	case API_GEMINI: return gemini;
	case API_CONVERSE: return converse;
	case API_NONE: break;
	}
	return NULL;
}

bool
member_known(enum api api, struct slice name)
{
	/* requests of one file have the same members: those found last need no search */
	static struct {
		enum api api;
		struct slice name;
	} found[64];
	const char *const *table = table_of(api);
	size_t i = name.len ? (name.len * 7 + (unsigned char)name.ptr[0] +
				  3 * (unsigned char)name.ptr[name.len - 1]) %
				  64
			    : 0;

	if (found[i].name.len && found[i].api == api && slice_eq(found[i].name, name))
		return true;
	for (; table && *table; table++) {
		if (!slice_eqz(name, *table))
			continue;
		found[i].api = api;
		found[i].name = slice_z(*table);
		return true;
	}
	return false;
}

static bool
stays(struct value name, enum api api, bool plain, struct arena *a)
{
	struct slice text = json_string(name, a);

	if (plain && (slice_eqz(text, "stream") || slice_eqz(text, "stream_options")))
		return false;
	/* a body of a kind that is not known, such as a model's native one at Bedrock */
	return api == API_NONE || member_known(api, text);
}

bool
members_clean(struct value body, enum api api, bool plain)
{
	struct arena a = { 0 };
	bool clean = true;

	for (struct value k = json_first(body); clean && json_type(k); k = json_next(k))
		clean = stays(k, api, plain, &a);
	arena_close(&a);
	return clean;
}

struct slice
members_strip(struct value body, enum api api, bool plain, struct arena *a)
{
	struct buf b = { 0 };
	struct slice out;

	if (members_clean(body, api, plain))
		return json_raw(body);
	buf_add_byte(&b, '{');
	for (struct value k = json_first(body); json_type(k); k = json_next(k)) {
		if (!stays(k, api, plain, a))
			continue;
		if (b.len > 1)
			buf_add_byte(&b, ',');
		buf_add(&b, json_raw(k));
		buf_add_byte(&b, ':');
		buf_add(&b, json_raw(json_member_value(k)));
	}
	buf_add_byte(&b, '}');
	out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}
