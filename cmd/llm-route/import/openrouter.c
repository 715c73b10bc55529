/* SPDX-License-Identifier: MIT */
/* OpenRouter's list of models: {"data":[{"id":…,"pricing":{…},…}]}. */
#include "cmd/llm-route/import/import.h"

static bool
has(struct value list, const char *word)
{
	for (struct value k = json_first(list); json_type(list) == JSON_ARRAY && json_type(k);
	     k = json_next(k))
		if (json_is(k, word))
			return true;
	return false;
}

static void
listed_abilities(struct buf *out, struct value model)
{
	struct value in = json_get(json_get(model, "architecture"), "input_modalities");
	struct value takes = json_get(model, "supported_parameters");
	const struct import_ability known[] = { { "vision", json_type(in) > JSON_NULL,
						    has(in, "image") },
		{ "files", json_type(in) > JSON_NULL, has(in, "file") },
		{ "audio", json_type(in) > JSON_NULL, has(in, "audio") },
		{ "tools", json_type(takes) > JSON_NULL, has(takes, "tools") },
		{ "schema", json_type(takes) > JSON_NULL, has(takes, "structured_outputs") },
		{ "reasoning", json_type(takes) > JSON_NULL, has(takes, "reasoning") } };

	import_abilities(out, known, sizeof(known) / sizeof(*known));
}

void
import_openrouter(struct import *m, struct value data)
{
	for (struct value d = json_first(data); json_type(d); d = json_next(d)) {
		struct slice id = json_string(json_get(d, "id"), &m->arena);
		struct value pricing = json_get(d, "pricing");
		struct buf b = { 0 };
		bool added;

		if (!import_is_word(id)) {
			import_lose(m, "", SLICE("a model whose id is no word"));
			continue;
		}
		hash_map_add(&m->seen, id, &added);
		if (!added) {
			import_lose(m, "", SLICE("a second model of one id"));
			continue;
		}
		if (!import_price(m, &b, "input", json_get(pricing, "prompt")) ||
		    !import_price(m, &b, "output", json_get(pricing, "completion"))) {
			import_lose(m, "", SLICE("a model without fixed prices"));
			buf_free(&b);
			continue;
		}
		import_price(m, &b, "cached", json_get(pricing, "input_cache_read"));
		import_count(&b, "window", json_get(d, "context_length"));
		import_count(&b, "max_output",
		    json_get(json_get(d, "top_provider"), "max_completion_tokens"));
		listed_abilities(&b, d);
		for (struct value k = json_first(pricing); json_type(k); k = json_next(k))
			if (!json_is(k, "prompt") && !json_is(k, "completion") &&
			    !json_is(k, "input_cache_read") &&
			    !json_is(json_member_value(k), "0"))
				import_lose(m, "pricing.", json_string(k, &m->arena));
		buf_printf(&m->models, "model %.*s provider=openrouter%.*s\n", SLICE_ARG(id),
		    SLICE_ARG(buf_slice(&b)));
		buf_free(&b);
	}
}
