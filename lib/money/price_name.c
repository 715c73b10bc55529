/* SPDX-License-Identifier: MIT */
#include "money/price_name.h"

/* Other names of a provider: LiteLLM's prefixes, OpenTelemetry's values, our own word. */
static const char *const alias[][2] = { { "openai", "openai" },
	{ "text-completion-openai", "openai" }, { "azure", "azure" }, { "azure_ai", "azure" },
	{ "azure_openai", "azure" }, { "azure.ai.openai", "azure" },
	{ "az.ai.openai", "azure" }, { "azure.ai.inference", "azure" },
	{ "az.ai.inference", "azure" }, { "anthropic", "anthropic" }, { "google", "google" },
	{ "gemini", "google" }, { "gcp.gemini", "google" }, { "gcp.gen_ai", "google" },
	{ "vertex", "vertex" }, { "vertex_ai", "vertex" }, { "vertex_ai_beta", "vertex" },
	{ "gcp.vertex_ai", "vertex" }, { "aws", "aws" }, { "bedrock", "aws" },
	{ "bedrock_converse", "aws" }, { "aws.bedrock", "aws" }, { "aws_bedrock", "aws" },
	{ "amazon", "aws" }, { "mistral", "mistral" }, { "mistral_ai", "mistral" },
	{ "mistralai", "mistral" }, { "codestral", "mistral" }, { "x-ai", "x-ai" },
	{ "xai", "x-ai" }, { "x_ai", "x-ai" }, { "deepseek", "deepseek" }, { "groq", "groq" },
	{ "cohere", "cohere" }, { "cohere_chat", "cohere" }, { "together", "together" },
	{ "together_ai", "together" }, { "together-ai", "together" },
	{ "fireworks", "fireworks" }, { "fireworks_ai", "fireworks" },
	{ "openrouter", "openrouter" }, { "perplexity", "perplexity" },
	{ "voyage", "voyageai" }, { "voyageai", "voyageai" }, { "cerebras", "cerebras" },
	{ "moonshot", "moonshotai" }, { "moonshotai", "moonshotai" },
	{ "moonshot_ai", "moonshotai" }, { "zai", "zai" }, { "z-ai", "zai" },
	{ "zhipuai", "zhipuai" }, { "minimax", "minimax" }, { "databricks", "databricks" },
	{ "dashscope", "dashscope" }, { "ai21", "ai21" }, { "nebius", "nebius" },
	{ "deepinfra", "deepinfra" }, { "sambanova", "sambanova" },
	{ "hyperbolic", "hyperbolic" }, { "novita", "novita" }, { "ovhcloud", "ovhcloud" },
	{ "jina_ai", "jina_ai" }, { NULL, NULL } };

/* Who makes the models whose names begin so, and sells them first. */
static const char *const maker[][2] = { { "gpt-", "openai" }, { "chatgpt-", "openai" },
	{ "o1", "openai" }, { "o3", "openai" }, { "o4", "openai" }, { "codex-", "openai" },
	{ "ft:", "openai" }, { "text-embedding-3", "openai" },
	{ "text-embedding-ada", "openai" }, { "text-davinci", "openai" },
	{ "davinci", "openai" }, { "babbage", "openai" }, { "computer-use", "openai" },
	{ "omni-moderation", "openai" }, { "claude-", "anthropic" }, { "gemini-", "google" },
	{ "text-embedding-00", "google" }, { "mistral-", "mistral" }, { "open-mi", "mistral" },
	{ "ministral-", "mistral" }, { "codestral", "mistral" }, { "magistral-", "mistral" },
	{ "devstral-", "mistral" }, { "pixtral-", "mistral" }, { "deepseek-", "deepseek" },
	{ "grok-", "x-ai" }, { "command-", "cohere" }, { "embed-", "cohere" },
	{ "voyage-", "voyageai" }, { "kimi-", "moonshotai" }, { "moonshot-", "moonshotai" },
	{ "glm-", "zai" }, { "minimax-", "minimax" }, { "sonar", "perplexity" },
	{ "jamba-", "ai21" }, { "accounts/fireworks/", "fireworks" }, { "anthropic.", "aws" },
	{ "amazon.", "aws" }, { "meta.", "aws" }, { "us.", "aws" }, { "eu.", "aws" },
	{ "apac.", "aws" }, { "jp.", "aws" }, { "au.", "aws" }, { "global.", "aws" },
	{ "cohere.", "aws" }, { "mistral.", "aws" }, { "ai21.", "aws" }, { NULL, NULL } };

static struct slice
lower(struct slice s, struct arena *a)
{
	struct slice copy = arena_copy(a, s);
	char *c = arena_alloc(a, s.len + 1);

	for (size_t i = 0; i < s.len; i++)
		c[i] = copy.ptr[i] >= 'A' && copy.ptr[i] <= 'Z' ? (char)(copy.ptr[i] + 32)
								: copy.ptr[i];
	return slice_of(c, s.len);
}

static struct slice
known_provider(struct slice name)
{
	for (size_t i = 0; alias[i][0]; i++)
		if (slice_eqz(name, alias[i][0]))
			return slice_z(alias[i][1]);
	return (struct slice){ NULL, 0 };
}

struct slice
price_provider(struct slice name)
{
	struct slice known = known_provider(name);

	return known.ptr ? known : name;
}

static struct slice
maker_of(struct slice name)
{
	for (size_t i = 0; maker[i][0]; i++)
		if (slice_starts(name, slice_z(maker[i][0])))
			return slice_z(maker[i][1]);
	return (struct slice){ NULL, 0 };
}

static bool
digits_at(struct slice s, size_t at, size_t n)
{
	for (size_t i = at; i < at + n; i++)
		if (i >= s.len || s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return true;
}

/* Offset of a day at the end, -2024-05-13, -20240513 or @20240513; s.len if there is none. */
static size_t
final_day(struct slice s)
{
	if (s.len > 11 && s.ptr[s.len - 11] == '-' && digits_at(s, s.len - 10, 4) &&
	    s.ptr[s.len - 6] == '-' && digits_at(s, s.len - 5, 2) && s.ptr[s.len - 3] == '-' &&
	    digits_at(s, s.len - 2, 2))
		return s.len - 11;
	if (s.len > 9 && (s.ptr[s.len - 9] == '-' || s.ptr[s.len - 9] == '@') &&
	    digits_at(s, s.len - 8, 8) && slice_starts(slice_drop(s, s.len - 8), SLICE("20")))
		return s.len - 9;
	return s.len;
}

static void
add(struct price_name *n, struct slice name)
{
	for (size_t i = 0; i < n->count; i++)
		if (slice_eq(n->try[i], name))
			return;
	if (name.len && n->count < PRICE_NAMES)
		n->try[n->count++] = name;
}

/* -20240513 as -2024-05-13, the day in other forms, and without it. */
static void
add_days(struct price_name *n, struct slice name, struct arena *a)
{
	size_t at = final_day(name);
	const char *d = name.ptr + at + 1;

	if (at == name.len || slice_starts(name, SLICE("ft:")))
		return;
	if (name.len - at == 9) {
		add(n,
		    arena_printf(a, "%.*s-%.4s-%.2s-%.2s", (int)at, name.ptr, d, d + 4, d + 6));
		add(n, arena_printf(a, "%.*s-%.8s", (int)at, name.ptr, d));
	} else {
		add(n,
		    arena_printf(a, "%.*s-%.4s%.2s%.2s", (int)at, name.ptr, d, d + 5, d + 8));
	}
	add(n, slice_take(name, at));
}

/* What stands behind the last of these separators, or the name itself. */
static struct slice
behind(struct slice name, struct slice separator)
{
	for (size_t i = name.len; i-- > 0;)
		if (slice_starts(slice_drop(name, i), separator))
			return slice_drop(name, i + separator.len);
	return name;
}

/* Takes a path in front of the name away that says who serves it. */
static struct slice
unwrap(struct slice name, struct slice *provider)
{
	struct slice head = slice_take(name, slice_find(name, '/'));
	struct slice known =
	    head.len < name.len ? known_provider(head) : (struct slice){ NULL, 0 };

	if (slice_starts(name, SLICE("projects/")) ||
	    slice_starts(name, SLICE("publishers/"))) {
		*provider = SLICE("vertex");
		return behind(name, SLICE("/models/"));
	}
	if (slice_starts(name, SLICE("arn:aws"))) {
		*provider = SLICE("aws");
		return behind(name, SLICE("/"));
	}
	if (slice_eqz(head, "models") || slice_eqz(head, "tunedmodels"))
		known = SLICE("google");
	if (!known.ptr)
		return name;
	*provider = known;
	return slice_drop(name, head.len + 1);
}

void
price_name_read(
    struct slice model, struct slice provider, struct arena *a, struct price_name *out)
{
	struct slice name = lower(model, a), wrapped = { NULL, 0 },
		     inner = unwrap(name, &wrapped);
	size_t plain;

	*out = (struct price_name){ 0 };
	if (provider.len)
		out->provider = price_provider(lower(provider, a));
	else if (slice_ends(name, SLICE(":free")))
		wrapped = out->provider = SLICE("openrouter"); /* nobody else has the suffix */
	else if (wrapped.ptr)
		out->provider = wrapped;
	else
		out->provider = maker_of(name);
	if (provider.len)
		add(out, name);
	if (!provider.len || slice_eq(wrapped, out->provider) ||
	    slice_starts(name, SLICE("models/")))
		add(out, inner);
	if (slice_starts(inner, SLICE("ft:"))) {
		struct slice rest = slice_drop(inner, 3);

		add(out, slice_take(inner, 3 + slice_find(rest, ':')));
	}
	for (plain = out->count; plain-- > 0;)
		add_days(out, out->try[plain], a);
}
