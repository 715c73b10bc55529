/* SPDX-License-Identifier: MIT */
/* LiteLLM's proxy configuration: model_list, router_settings, litellm_settings. */
#include <inttypes.h>

#include "cmd/llm-route/import/import.h"

/* Members that became part of a line, or say nothing to a router that opens no connection. */
static bool
is_known(struct slice name, const char *const known[])
{
	for (size_t i = 0; known[i]; i++)
		if (slice_eqz(name, known[i]))
			return true;
	return false;
}

static void
lose_others(struct import *m, const char *where, struct value object, const char *const known[])
{
	for (struct value k = json_first(object);
	     json_type(object) == JSON_OBJECT && json_type(k); k = json_next(k)) {
		struct slice name = json_string(k, &m->arena);

		if (!is_known(name, known))
			import_lose(m, where, name);
	}
}

static void
abilities(struct buf *out, struct value info)
{
	static const struct {
		const char *member, *name;
	} known[] = { { "supports_vision", "vision" }, { "supports_function_calling", "tools" },
		{ "supports_audio_input", "audio" }, { "supports_pdf_input", "files" },
		{ "supports_response_schema", "schema" },
		{ "supports_reasoning", "reasoning" } };
	struct import_ability list[6];

	for (size_t i = 0; i < 6; i++) {
		struct value v = json_get(info, known[i].member);

		list[i] = (struct import_ability){ known[i].name,
			json_type(v) == JSON_TRUE || json_type(v) == JSON_FALSE,
			json_type(v) == JSON_TRUE };
	}
	import_abilities(out, list, 6);
}

static struct value
one_of(struct value params, struct value info, const char *name)
{
	struct value v = json_get(params, name);

	return json_type(v) > JSON_NULL ? v : json_get(info, name);
}

static void
write_prices(struct import *m, struct buf *line, struct value params, struct value info)
{
	struct buf b = { 0 };
	bool both =
	    import_price(m, &b, "input", one_of(params, info, "input_cost_per_token")) &&
	    import_price(m, &b, "output", one_of(params, info, "output_cost_per_token"));

	if (both)
		import_price(
		    m, &b, "cached", one_of(params, info, "cache_read_input_token_cost"));
	if (both)
		buf_add(line, buf_slice(&b));
	buf_free(&b);
}

/* A limit, which older files have beside litellm_params. */
static void
write_limit(struct buf *line, const char *key, struct value params, struct value entry)
{
	import_count(line, key, one_of(params, entry, key));
}

/* The line of a deployment, once; what it says beyond its name makes it worth a line. */
static void
deployment(struct import *m, struct slice name, struct value entry)
{
	static const char *const known_entry[] = { "model_name", "litellm_params", "model_info",
		"rpm", "tpm", NULL };
	static const char *const known_params[] = { "model", "rpm", "tpm", "region_name",
		"input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost",
		NULL };
	static const char *const known_info[] = { "base_model", "mode", "id",
		"max_input_tokens", "max_output_tokens", "max_tokens", "supports_vision",
		"supports_function_calling", "supports_audio_input", "supports_pdf_input",
		"supports_response_schema", "supports_reasoning", "input_cost_per_token",
		"output_cost_per_token", "cache_read_input_token_cost", NULL };
	struct value params = json_get(entry, "litellm_params"),
		     info = json_get(entry, "model_info");
	struct slice base = json_string(json_get(info, "base_model"), &m->arena);
	struct slice region = json_string(json_get(params, "region_name"), &m->arena);
	struct buf b = { 0 };
	bool added;

	lose_others(m, "", entry, known_entry);
	lose_others(m, "litellm_params.", params, known_params);
	lose_others(m, "model_info.", info, known_info);
	hash_map_add(&m->seen, name, &added);
	if (!added) {
		import_lose(m, "", SLICE("a further deployment of the same model"));
		return;
	}
	if (import_is_word(base))
		buf_printf(&b, " as=%.*s", SLICE_ARG(base));
	write_prices(m, &b, params, info);
	import_count(&b, "window", json_get(info, "max_input_tokens"));
	import_count(&b, "max_output", json_get(info, "max_output_tokens"));
	write_limit(&b, "rpm", params, entry);
	write_limit(&b, "tpm", params, entry);
	if (import_is_word(region))
		buf_printf(&b, " region=%.*s", SLICE_ARG(region));
	abilities(&b, info);
	if (b.len)
		buf_printf(
		    &m->models, "model %.*s%.*s\n", SLICE_ARG(name), SLICE_ARG(buf_slice(&b)));
	buf_free(&b);
}

/* One model_name: all deployments in the list that bear it. */
static void
group(struct import *m, struct value list, struct slice name)
{
	struct hash_map members = { 0 };

	for (struct value d = json_first(list); json_type(d); d = json_next(d)) {
		struct value params = json_get(d, "litellm_params");
		struct slice model = json_string(json_get(params, "model"), &m->arena);

		if (!slice_eq(json_string(json_get(d, "model_name"), &m->arena), name))
			continue;
		if (!import_is_word(model)) {
			import_lose(m, "", SLICE("a deployment without a model"));
			continue;
		}
		deployment(m, model, d);
		hash_map_add(&members, model, NULL);
	}
	if (members.count == 1)
		import_alias(m, name, members.keys[0]);
	if (members.count > 1) {
		hash_map_add(&m->grouped, name, NULL);
		buf_printf(&m->tiers, "tier %.*s", SLICE_ARG(name));
		for (size_t i = 0; i < members.count; i++)
			buf_printf(&m->tiers, " %.*s", SLICE_ARG(members.keys[i]));
		buf_add_byte(&m->tiers, '\n');
		buf_printf(&m->rest, "rule group-%.*s model=%.*s -> %.*s\n", SLICE_ARG(name),
		    SLICE_ARG(name), SLICE_ARG(name));
	}
	hash_map_free(&members);
}

static bool
can_name_tier(struct slice name)
{
	static const char *const taken[] = { "keep", "learned", "strongest", "lowest", "*",
		NULL };

	return import_is_word(name) && !is_known(name, taken) &&
	       slice_find(name, '=') == name.len && slice_find(name, '*') == name.len;
}

static void
groups(struct import *m, struct value list)
{
	struct hash_map names = { 0 };

	for (struct value d = json_first(list); json_type(d); d = json_next(d)) {
		struct slice name = json_string(json_get(d, "model_name"), &m->arena);
		bool added;

		if (!can_name_tier(name)) {
			import_lose(m, "", SLICE("a model_name with blanks or wildcards"));
			continue;
		}
		hash_map_add(&names, name, &added);
		if (added)
			group(m, list, names.keys[names.count - 1]);
	}
	hash_map_free(&names);
}

/* For each class one line; from "*" for all. */
static void
fallback(struct import *m, struct slice from, struct value models, const char *const classes[])
{
	bool all = slice_eqz(from, "*");
	struct buf to = { 0 };

	for (struct value t = json_first(models); json_type(t); t = json_next(t)) {
		struct slice one = json_string(t, &m->arena);

		if (import_is_word(one))
			buf_printf(&to, " %.*s", SLICE_ARG(one));
		else
			import_lose(m, "", SLICE("a fallback that is no name"));
	}
	for (size_t i = 0; classes[i] && to.len && import_is_word(from); i++)
		buf_printf(&m->fallbacks, "fallback %s%s%.*s =%.*s\n", classes[i],
		    all ? "" : " of ", SLICE_ARG(all ? SLICE("") : from),
		    SLICE_ARG(buf_slice(&to)));
	buf_free(&to);
}

/* [{"gpt-4": ["a", "b"]}] */
static void
fallbacks(struct import *m, struct value list, const char *const classes[])
{
	for (struct value f = json_first(list); json_type(f); f = json_next(f))
		for (struct value k = json_first(f);
		     json_type(f) == JSON_OBJECT && json_type(k); k = json_next(k))
			fallback(m, json_string(k, &m->arena), json_member_value(k), classes);
}

static void
aliases(struct import *m, struct value map)
{
	for (struct value k = json_first(map); json_type(map) == JSON_OBJECT && json_type(k);
	     k = json_next(k)) {
		struct slice from = json_string(k, &m->arena);
		struct value v = json_member_value(k);
		struct slice to = json_type(v) == JSON_OBJECT
				      ? json_string(json_get(v, "model"), &m->arena)
				      : json_string(v, &m->arena);

		if (import_is_word(from) && import_is_word(to))
			import_alias(m, from, to);
		else
			import_lose(m, "model_group_alias.", from);
	}
}

static void
settings(struct import *m, const char *where, struct value s)
{
	static const char *const known[] = { "fallbacks", "context_window_fallbacks",
		"content_policy_fallbacks", "default_fallbacks", "model_group_alias",
		"allowed_fails", "cooldown_time", NULL };
	static const char *const any[] = { "rate_limit", "server", "timeout", "connection",
		"auth", NULL };
	static const char *const window[] = { "context_window", NULL };
	static const char *const policy[] = { "content_policy", NULL };
	struct value fails = json_get(s, "allowed_fails"), time = json_get(s, "cooldown_time");

	if (json_type(s) != JSON_OBJECT)
		return;
	fallbacks(m, json_get(s, "fallbacks"), any);
	fallback(m, SLICE("*"), json_get(s, "default_fallbacks"), any);
	fallbacks(m, json_get(s, "context_window_fallbacks"), window);
	fallbacks(m, json_get(s, "content_policy_fallbacks"), policy);
	aliases(m, json_get(s, "model_group_alias"));
	if (json_type(fails) == JSON_NUMBER || json_type(time) == JSON_NUMBER) {
		buf_add(&m->fallbacks, SLICE("cooldown"));
		import_count(&m->fallbacks, "allowed_fails", fails);
		import_count(&m->fallbacks, "cooldown_time", time);
		buf_add_byte(&m->fallbacks, '\n');
	}
	lose_others(m, where, s, known);
}

void
import_litellm(struct import *m, struct value root)
{
	static const char *const known[] = { "model_list", "router_settings",
		"litellm_settings", NULL };
	struct value list = json_get(root, "model_list");

	if (json_type(root) == JSON_ARRAY || json_type(list) != JSON_ARRAY)
		list = json_type(root) == JSON_ARRAY ? root : json_get(root, "data");
	else
		lose_others(m, "", root, known);
	buf_add(&m->tiers, SLICE("# put the tiers in the order of their strength, the weakest "
				 "first\n"));
	groups(m, list);
	settings(m, "router_settings.", json_get(root, "router_settings"));
	settings(m, "litellm_settings.", json_get(root, "litellm_settings"));
}
