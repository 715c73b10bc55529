/* SPDX-License-Identifier: MIT */
/* What only the text of a price table shows: strings where its form has numbers. */
#include "lint.h"

/* Is it a price or a count by its name, in one of the public forms? */
static bool
is_number_name(struct slice name)
{
	static const char *const words[] = { "_cost", "cost_", "_mtok", "_kcount", "max_tokens",
		"max_input_tokens", "max_output_tokens", "context_window" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (memmem(name.ptr, name.len, words[i], strlen(words[i])))
			return true;
	return false;
}

static bool
looks_like_number(struct slice s)
{
	bool digit = false;

	for (size_t i = 0; i < s.len; i++) {
		if (!memchr("0123456789.eE+-", s.ptr[i], 15))
			return false;
		digit |= s.ptr[i] >= '0' && s.ptr[i] <= '9';
	}
	return digit;
}

/* Strings where the public forms have numbers, in an entry and one level below. */
static void
lint_strings(struct lint *l, const char *file, struct slice row, struct value entry, int depth)
{
	for (struct value k = json_first(entry); json_type(k); k = json_next(k)) {
		struct slice name = json_string(k, &l->arena);
		struct value v = json_member_value(k);

		if (json_type(v) == JSON_OBJECT && depth < 3)
			lint_strings(l, file, row, v, depth + 1);
		if (json_type(v) != JSON_STRING || !is_number_name(name))
			continue;
		lint_finding(l, file, arena_copy(&l->arena, row).ptr, "string",
		    arena_printf(&l->arena, "%.*s is a string%s", SLICE_ARG(name),
			looks_like_number(json_string_raw(v)) ? "" : " of prose"));
	}
}

static void
lint_providers(struct lint *l, const char *file, struct value provider)
{
	for (; json_type(provider); provider = json_next(provider)) {
		struct value m = json_first(json_get(provider, "models"));

		for (; json_type(m); m = json_next(m)) {
			struct value prices = json_get(m, "prices");

			lint_strings(l, file, json_string(json_get(m, "id"), &l->arena), m, 0);
			for (prices = json_first(prices); json_type(prices) == JSON_OBJECT;
			     prices = json_next(prices))
				lint_strings(l, file, json_string(json_get(m, "id"), &l->arena),
				    prices, 0);
		}
	}
}

/* Only the public forms have prices as numbers; in our own a string is what is meant. */
void
lint_text(struct lint *l, const char *file, struct slice text)
{
	struct json json = { 0 };
	struct value root, k;
	const char *why;
	size_t where, next;

	for (; text.len; text = slice_drop(text, next)) {
		next = text.len;
		if (!json_scan(&json, text, &why, &where)) {
			next = slice_find(text, '\n') + 1;
			if (!json_scan(&json, slice_take(text, next - 1), &why, &where))
				continue;
		}
		root = json_root(&json);
		if (json_type(root) == JSON_ARRAY ||
		    json_type(json_get(root, "providers")) == JSON_ARRAY) {
			lint_providers(l, file,
			    json_first(json_type(root) == JSON_ARRAY
					   ? root
					   : json_get(root, "providers")));
			continue;
		}
		if (json_type(json_get(root, "model")) == JSON_STRING)
			continue;
		for (k = json_first(root); json_type(k); k = json_next(k)) {
			struct slice name = json_string(k, &l->arena);

			if (!slice_eqz(name, "sample_spec"))
				lint_strings(l, file, name, json_member_value(k), 0);
		}
	}
	json_free(&json);
}
