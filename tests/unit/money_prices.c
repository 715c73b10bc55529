/* SPDX-License-Identifier: MIT */
/* Price tables and bills: names, layers, time, tiers, lanes and rules, each amount by hand. */
#include "check.h"

#include "base/when.h"
#include "money/price_build.h"
#include "money/price_find.h"
#include "money/price_load.h"

static const char *
model_row(const char *model, const char *provider)
{
	struct price_query q = { slice_z(model), slice_z(provider), when_now(), LANE_REALTIME };
	static struct bill b;

	bill_counts(&q, 1, 1, &b);
	return b.row ? b.row : "";
}

static bool
serves(const char *model, const char *provider, const char *row)
{
	bool same = !strcmp(model_row(model, provider), row);

	if (!same)
		printf("# '%s' of '%s' is '%s', not '%s'\n", model, provider ? provider : "",
		    model_row(model, provider), row);
	return same;
}

static void
check_names(void)
{
	check_group("names as records write them");
	CHECK(serves("gpt-4o", NULL, "openai/gpt-4o"));
	CHECK(serves("GPT-4o", NULL, "openai/gpt-4o"));
	CHECK(serves("gpt-4o-2024-08-06", NULL, "openai/gpt-4o"));
	CHECK(serves("gpt-4o-20240806", NULL, "openai/gpt-4o"));
	CHECK(serves("gpt-4o-2024-05-13", NULL, "openai/gpt-4o-2024-05-13"));
	CHECK(serves("openai/gpt-4o", NULL, "openai/gpt-4o"));
	CHECK(serves("gpt-4o", "azure", "azure/gpt-4o"));
	CHECK(serves("azure/gpt-4o", NULL, "azure/gpt-4o"));
	CHECK(serves("claude-sonnet-4-5-20250929", NULL, "anthropic/claude-sonnet-4-5"));
	CHECK(serves("anthropic/claude-sonnet-4-5", NULL, "anthropic/claude-sonnet-4-5"));
	CHECK(serves("us.anthropic.claude-sonnet-4-5-20250929-v1:0", NULL,
	    "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0"));
	CHECK(serves("bedrock/anthropic.claude-3-haiku-20240307-v1:0", NULL,
	    model_row("anthropic.claude-3-haiku-20240307-v1:0", "aws.bedrock")));
	CHECK(serves("models/gemini-2.5-flash", NULL, "google/gemini-2.5-flash"));
	CHECK(serves("gemini/gemini-2.5-flash", NULL, "google/gemini-2.5-flash"));
	CHECK(serves("projects/p/locations/l/publishers/google/models/gemini-2.5-flash", NULL,
	    "vertex/gemini-2.5-flash"));
	CHECK(serves("openrouter/anthropic/claude-sonnet-4.5", NULL,
	    "openrouter/anthropic/claude-sonnet-4.5"));
	CHECK(serves("ft:gpt-4o-mini-2024-07-18:acme::x", NULL, "openai/ft:gpt-4o-mini"));
	CHECK(serves("llama-3.3-70b-versatile", NULL, "groq/llama-3.3-70b-versatile"));
	check_group("what is not known stays unknown");
	CHECK(serves("gpt-99", NULL, ""));
	CHECK(serves("claude-opus-4-99", NULL, ""));
	CHECK(serves("claude-opus-5-9-20290101", NULL, ""));
	CHECK(serves("ft:gpt-99:acme::x", NULL, ""));
	CHECK(serves("gpt-4o", "anthropic", ""));
	CHECK(serves("", NULL, ""));
	CHECK(serves("gpt-4o-or-so", NULL, ""));
	CHECK(serves("my-deployment", "azure", ""));
	CHECK(serves("a\tb\nc", NULL, ""));
}

static void
check_compiled(void)
{
	const struct price_layer *layer;
	size_t names = 0, bad = 0;

	check_group("every name of the compiled table leads to rows that can be read");
	CHECK(price_layer_count() >= 1);
	layer = price_layer_get(0);
	for (struct slice rest = layer->names; rest.len;
	     rest = slice_drop(rest, slice_find(rest, '\n') + 1)) {
		struct slice line = slice_take(rest, slice_find(rest, '\n'));
		struct slice provider = slice_take(line, slice_find(line, '\t')), model = line;
		const struct price_group *group;

		while (slice_find(model, '\t') < model.len)
			model = slice_drop(model, slice_find(model, '\t') + 1);
		names++;
		if (!model.len)
			continue;
		group = price_group_read(layer, provider, model);
		if (group->flaw || !group->count) {
			bad++;
			printf("# %.*s\n", SLICE_ARG(line));
		}
	}
	CHECK_NUMBER(bad, 0);
	CHECK(names > 3000);
	CHECK_NUMBER(strlen(prices_date()), 10);
	CHECK(when_read(slice_z(prices_date())) != WHEN_NONE);
}

static const char table[] =
    "{\"date\":\"2026-01-31\"}\n"
    "{\"provider\":\"acme\",\"model\":\"plain\",\"context\":1000,\"can\":[\"tools\"],"
    "\"cannot\":[\"vision\"],\"prices\":{\"input\":\"2\",\"output\":8,\"cached\":\"0.5\","
    "\"cache_write_5m\":\"2.5\",\"cache_write_1h\":\"4\",\"web_search\":\"10\","
    "\"above\":[{\"tokens\":1000,\"input\":\"4\",\"output\":\"12\",\"cached\":\"1\"},"
    "{\"tokens\":5000,\"input\":\"6\"}]},\"flex\":{\"input\":\"1\",\"output\":\"4\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"inclusive\",\"inclusive\":true,\"prices\":"
    "{\"input\":\"2\",\"output\":\"8\",\"above\":[{\"tokens\":1000,\"input\":\"4\"}]}}\n"
    "{\"provider\":\"acme\",\"model\":\"dated\",\"match\":[\"dated\",\"dated-2025-01-15\"],"
    "\"prices\":{\"input\":\"10\",\"output\":\"10\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"dated\",\"from\":\"2026-03-01\","
    "\"prices\":{\"input\":\"5\",\"output\":\"5\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"dated\",\"from\":\"2026-03-01\",\"hours\":\"22:00-06:"
    "00\","
    "\"prices\":{\"input\":\"1\",\"output\":\"1\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"first\",\"from\":\"2026-02-01\",\"prices\":"
    "{\"input\":\"1\",\"output\":\"1\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"free\",\"prices\":{\"input\":\"0\",\"output\":\"0\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"half\",\"prices\":{\"input\":\"1\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"audio\",\"prices\":{\"input\":\"1\",\"output\":\"2\","
    "\"cached\":\"0.5\",\"audio_in\":\"10\",\"audio_out\":\"20\",\"audio_cached\":\"5\","
    "\"image_out\":\"30\",\"reasoning\":\"3\",\"request\":\"7\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"family\",\"match\":[\"family-*\",\"fam-####\","
    "\"!family-*-tts\"],\"prices\":{\"input\":\"1\",\"output\":\"1\"}}\n"
    "{\"provider\":\"acme\",\"model\":\"family-large\",\"match\":[\"family-large*\"],"
    "\"prices\":{\"input\":\"2\",\"output\":\"2\"}}\n"
    "{\"model\":\"anyone\",\"prices\":{\"input\":\"3\",\"output\":\"3\"}}\n"
    "{\"fallback\":[\"acme\"],\"provider\":\"reseller\"}\n";

static struct bill bill;

/* The amount for these counts at that time, or the reason for none. */
static const char *
cost(const char *model, const char *provider, const char *when, enum lane lane,
    const struct usage *u)
{
	static char text[64];
	struct price_query q = { slice_z(model), slice_z(provider), when_read(slice_z(when)),
		lane };

	bill_usage(&q, u, &bill);
	return bill.priced ? usd_write(bill.usd, text) : bill.unpriced;
}

static bool
costs(const char *got, const char *want)
{
	bool same = !strcmp(got, want);

	if (!same)
		printf("# got %s, not %s\n", got, want);
	return same;
}

#define JUNE "2026-06-01T12:00:00Z"
#define COUNTS(...) (&(struct usage){ .present = true, __VA_ARGS__ })

static void
check_tiers(void)
{
	check_group("tiers: strictly above, the highest that is reached, by the whole prompt");
	CHECK(!prices_read("table", slice_z(table)));
	CHECK(costs(
	    cost("plain", "acme", JUNE, 0, COUNTS(.input = 1000, .output = 10)), "0.00208"));
	CHECK(costs(
	    cost("plain", "acme", JUNE, 0, COUNTS(.input = 1001, .output = 10)), "0.004124"));
	CHECK(costs(
	    cost("plain", "acme", JUNE, 0, COUNTS(.input = 6000, .output = 10)), "0.03612"));
	CHECK(costs(
	    cost("plain", "acme", JUNE, 0, COUNTS(.input = 1001, .cached = 1000)), "0.001004"));
	CHECK(costs(cost("inclusive", "acme", JUNE, 0, COUNTS(.input = 999)), "0.001998"));
	CHECK(costs(cost("inclusive", "acme", JUNE, 0, COUNTS(.input = 1000)), "0.004"));
	CHECK(costs(cost("plain", "acme", JUNE, LANE_FLEX, COUNTS(.input = 1000)), "0.001"));
	CHECK(costs(cost("plain", "acme", JUNE, LANE_FLEX, COUNTS(.input = 1001)),
	    "no flex price in any table or rule"));
}

static void
check_classes(void)
{
	check_group("each class at its own price, each token once");
	CHECK(
	    costs(cost("plain", "acme", JUNE, 0,
		      COUNTS(.input = 1000, .cached = 300, .written_5m = 200, .written_1h = 100,
			  .output = 50, .reasoning = 40, .web_searches = 3)),
		"0.03225"));
	CHECK_NUMBER(bill.part_count, 6);
	CHECK(!strcmp(bill.parts[0].name, "input") && bill.parts[0].count == 400);
	CHECK(!strcmp(bill.row, "acme/plain") && !strcmp(bill.table, "table"));
	CHECK(!strcmp(bill.date, "2026-01-31"));
	CHECK(costs(cost("audio", "acme", JUNE, 0,
			COUNTS(.input = 100, .cached = 50, .audio_in = 40, .audio_cached = 30,
			    .output = 100, .audio_out = 10, .image_out = 20, .reasoning = 30)),
	    "0.00827"));
	CHECK(costs(cost("free", "acme", JUNE, 0, COUNTS(.input = 9, .output = 9)), "0"));
	CHECK(bill.priced);
	CHECK(costs(cost("half", "acme", JUNE, 0, COUNTS(.input = 9)), "0.000009"));
	CHECK(costs(cost("half", "acme", JUNE, 0, COUNTS(.input = 9, .output = 1)),
	    "the price table has no price for a class that was used"));
	CHECK_NUMBER(bill.part_count, 0);
	CHECK(costs(cost("free", "acme", JUNE, 0, COUNTS(.input = 9, .web_searches = 1)),
	    "the price table has no price for web searches"));
	CHECK(
	    costs(cost("half", "acme", JUNE, 0, COUNTS(.input = 9, .cached = 4)), "0.000009"));
	CHECK(bill.note != NULL);
	CHECK(costs(cost("plain", "acme", JUNE, 0, COUNTS(.input = 1, .flaw = "odd")), "odd"));
}

static void
check_time(void)
{
	const struct usage *one = COUNTS(.input = 1000000);

	check_group("the price of the row's own time");
	CHECK(costs(cost("dated", "acme", "2026-02-28T23:59:59.999Z", 0, one), "10"));
	CHECK(!bill.note);
	CHECK(costs(cost("dated", "acme", "2026-03-01T12:00:00Z", 0, one), "5"));
	CHECK(!strcmp(bill.date, "2026-03-01"));
	CHECK(costs(cost("dated", "acme", "2026-03-01T00:00:00Z", 0, one), "1"));
	CHECK(costs(cost("dated", "acme", "2026-03-02T05:59:59Z", 0, one), "1"));
	CHECK(costs(cost("dated", "acme", "2026-03-02T06:00:00Z", 0, one), "5"));
	CHECK(costs(cost("dated", "acme", "2026-03-02T22:00:00Z", 0, one), "1"));
	CHECK(costs(cost("dated", "acme", "2026-02-02T23:00:00Z", 0, one), "10"));
	check_group("before the first known price, the first, and it is said");
	CHECK(costs(cost("first", "acme", "2020-01-01", 0, one), "1"));
	CHECK(bill.note && !strcmp(bill.note, "before the first known price"));
	CHECK(costs(cost("dated", "acme", "2024-12-31", 0, one), "10"));
	CHECK(bill.note && !strcmp(bill.note, "before the first known price"));
	CHECK(costs(cost("gpt-4o", NULL, "2023-11-16", 0, one), "2.5"));
	CHECK(bill.note && !strcmp(bill.note, "before the first known price"));
}

static void
check_layers(void)
{
	static const char over[] = "{\"provider\":\"openai\",\"model\":\"gpt-4o\",\"prices\":"
				   "{\"input\":\"0.01\",\"output\":\"0.02\"}}";
	struct model_facts f;

	check_group("patterns, fallbacks and rows without a provider");
	CHECK(serves("family-small", "acme", "acme/family"));
	CHECK(serves("family-large-v", "acme", "acme/family-large"));
	CHECK(serves("fam-2026", "acme", "acme/family"));
	CHECK(serves("fam-202", "acme", ""));
	CHECK(serves("family-small-tts", "acme", ""));
	CHECK(serves("plain", "reseller", "acme/plain"));
	CHECK(serves("anyone", "whoever", "anyone"));
	CHECK(serves("plain", NULL, "acme/plain"));
	check_group("later tables win, and facts show through");
	f = model_facts(SLICE("plain"), SLICE("acme"));
	CHECK(f.known && f.context == 1000 && f.says_tools && f.tools && f.says_vision &&
	      !f.vision);
	CHECK(costs(cost("gpt-4o", NULL, JUNE, 0, COUNTS(.input = 1000000)), "2.5"));
	CHECK(!prices_read("over", slice_z(over)));
	CHECK(costs(cost("gpt-4o", NULL, JUNE, 0, COUNTS(.input = 1000000)), "0.01"));
	CHECK(!strcmp(bill.table, "over"));
	CHECK(costs(cost("gpt-4o-mini", NULL, JUNE, 0, COUNTS(.input = 1000000)), "0.15"));
	f = model_facts(SLICE("gpt-4o"), SLICE(""));
	CHECK(f.context == 128000 && f.says_vision && f.vision);
}

static const char openai_like[] =
    "{\"provider\":\"openai\",\"model\":\"gpt-4z\",\"prices\":{\"input\":\"2\",\"output\":"
    "\"8\","
    "\"cached\":\"1\"}}\n"
    "{\"provider\":\"openai\",\"model\":\"gpt-5z\",\"prices\":{\"input\":\"2\",\"output\":"
    "\"8\","
    "\"cached\":\"0.2\"}}\n"
    "{\"provider\":\"openai\",\"model\":\"gpt-5y\",\"prices\":{\"input\":\"2\",\"output\":"
    "\"8\","
    "\"cached\":\"0.2\"},\"batch\":{\"input\":\"1.1\",\"output\":\"4.1\",\"cached\":\"0.1\"}}\n"
    "{\"provider\":\"anthropic\",\"model\":\"claude-opus-4-6z\",\"prices\":{\"input\":\"2\","
    "\"output\":\"8\",\"cached\":\"0.2\",\"cache_write_5m\":\"2.5\"}}\n"
    "{\"provider\":\"vertex\",\"model\":\"gemini-z\",\"prices\":{\"input\":\"2\",\"output\":"
    "\"8\","
    "\"cached\":\"0.2\"}}\n";

static void
check_rules(void)
{
	const struct usage *u = COUNTS(.input = 1000000, .cached = 400000, .output = 100000);
	const struct usage *w = COUNTS(.input = 1000000, .cached = 400000, .written_5m = 100000,
	    .written_1h = 100000);
	const struct usage *us = COUNTS(.input = 1000000, .region = SLICE("us"));
	const struct usage *fast = COUNTS(.input = 1, .service_tier = SLICE("fast"));
	const struct usage *flex = COUNTS(.input = 1000000, .service_tier = SLICE("flex"));
	const struct usage *odd = COUNTS(.input = 1, .service_tier = SLICE("scale"));

	check_group("batch and flex by dated rules, where no table has a price");
	CHECK(!prices_read("like", slice_z(openai_like)));
	CHECK(costs(cost("gpt-4z", "openai", JUNE, LANE_BATCH, u), "1.4"));
	CHECK(!strcmp(bill.parts[0].source, "rule") && !strcmp(bill.parts[2].source, "rule"));
	CHECK(costs(cost("gpt-5z", "openai", JUNE, LANE_BATCH, u), "1.08"));
	CHECK(bill.note != NULL);
	CHECK(costs(cost("gpt-5z", "openai", JUNE, LANE_FLEX, u), "1.04"));
	CHECK(costs(cost("gpt-5y", "openai", JUNE, LANE_BATCH, u), "1.11"));
	CHECK(!strcmp(bill.parts[0].source, "table") && !bill.note);
	CHECK(costs(cost("claude-opus-4-6z", "anthropic", JUNE, LANE_BATCH, w), "0.765"));
	CHECK(costs(cost("claude-opus-4-6z", "anthropic", JUNE, LANE_REALTIME, w), "1.53"));
	CHECK(!strcmp(bill.parts[3].name, "cache_write_1h") &&
	      !strcmp(bill.parts[3].source, "rule"));
	CHECK(costs(cost("gemini-z", "vertex", JUNE, LANE_BATCH, u), "1.08"));
	CHECK(
	    costs(cost("gpt-4z", "openai", "2023-01-01", LANE_BATCH, COUNTS(.output = 1000000)),
		"4"));
	CHECK(bill.note && !strcmp(bill.note, "before the first day of the rule"));
	check_group("no price and no rule: not priced");
	CHECK(costs(cost("gpt-4z", "openai", JUNE, LANE_FLEX, u),
	    "no flex price in any table or rule"));
	CHECK(costs(cost("gpt-5z", "openai", JUNE, LANE_PRIORITY, u),
	    "no priority price in any table or rule"));
	CHECK(costs(
	    cost("free", "acme", JUNE, LANE_BATCH, u), "no batch price in any table or rule"));
	check_group("the tier and the region of the answer");
	CHECK(costs(cost("claude-opus-4-6z", "anthropic", JUNE, LANE_REALTIME, fast),
	    "no priority price in any table or rule"));
	CHECK(costs(cost("gpt-5z", "openai", JUNE, LANE_REALTIME, flex), "1"));
	CHECK(costs(cost("gpt-5z", "openai", JUNE, LANE_BATCH, flex), "1"));
	CHECK(costs(cost("gpt-5z", "openai", JUNE, LANE_REALTIME, odd),
	    "no price for the service tier"));
	CHECK(costs(cost("claude-opus-4-6z", "anthropic", JUNE, LANE_REALTIME, us), "2.2"));
	CHECK(!strcmp(bill.parts[0].source, "rule"));
	CHECK(costs(cost("gpt-5z", "openai", JUNE, LANE_REALTIME, us), "2"));
}

/* The same prices, once all in the table, once with the halves of a batch and the writes of an
 * hour (twice the input) left to the rules of Anthropic. */
#define ABOVE(in, cached, write, more, out)                                     \
	"\"above\":[{\"tokens\":1000,\"input\":\"" in "\",\"cached\":\"" cached \
	"\",\"cache_write_5m\":\"" write "\"" more ",\"output\":\"" out "\"}]"
static const char grid[] =
    "{\"provider\":\"anthropic\",\"model\":\"claude-opus-4-6-table\",\"prices\":{\"input\":"
    "\"2\","
    "\"cached\":\"0.2\",\"cache_write_5m\":\"2.5\",\"cache_write_1h\":\"4\",\"output\":"
    "\"8\"," ABOVE("4", "0.4", "5", ",\"cache_write_1h\":\"8\"",
	"12") "},"
	      "\"batch\":{\"input\":\"1\",\"cached\":\"0.1\",\"cache_write_5m\":\"1.25\","
	      "\"cache_write_1h\":\"2\",\"output\":\"4\"," ABOVE("2", "0.2", "2.5",
		  ",\"cache_write_1h\":\"4\"",
		  "6") "}}\n"
		       "{\"provider\":\"anthropic\",\"model\":\"claude-opus-4-6-rule\","
		       "\"prices\":{\"input\":\"2\","
		       "\"cached\":\"0.2\",\"cache_write_5m\":\"2.5\",\"output\":\"8\"," ABOVE(
			   "4", "0.4", "5", "", "12") "}}\n";

/* A whole number of 1e-9 dollars. */
static const char *
nano_text(uint64_t nano)
{
	static char text[32];
	size_t n = (size_t)snprintf(text, sizeof(text), "%llu.%09llu",
	    (unsigned long long)(nano / 1000000000), (unsigned long long)(nano % 1000000000));

	while (text[n - 1] == '0')
		n--;
	text[text[n - 1] == '.' ? n - 1 : n] = '\0';
	return text;
}

static void
check_grid(void)
{
	/* 1e-9 dollars a token: input, cached, written for 5 minutes, for an hour, output */
	static const uint64_t price[2][5] = { { 2000, 200, 2500, 4000, 8000 },
		{ 4000, 400, 5000, 8000, 12000 } };
	static const char *const model[] = { "claude-opus-4-6-table", "claude-opus-4-6-rule" };
	static const enum lane lanes[] = { LANE_REALTIME, LANE_BATCH };
	unsigned equal = 0, ruled = 0;

	check_group("a grid: cached x written x above x lane x table or rule");
	CHECK(!prices_read("grid", slice_z(grid)));
	for (unsigned i = 0; i < 2 * 2 * 2 * 3 * 3 * 3; i++) {
		unsigned source = i % 2, above = i / 2 % 2, batch = i / 4 % 2;
		uint64_t cached = i / 8 % 3 * 137, short_write = i / 24 % 3 * 91,
			 long_write = i / 72 % 3 * 53, input = above ? 1001 : 1000;
		const uint64_t *p = price[above];
		uint64_t nano = (input - cached - short_write - long_write) * p[0] +
				cached * p[1] + short_write * p[2] + long_write * p[3] +
				7 * p[4];

		equal += costs(cost(model[source], "anthropic", JUNE, lanes[batch],
				   COUNTS(.input = input, .cached = cached, .output = 7,
				       .written_5m = short_write, .written_1h = long_write)),
		    nano_text(batch ? nano / 2 : nano));
		ruled += !strcmp(bill.parts[0].source, "rule");
	}
	CHECK_NUMBER(equal, 216);
	CHECK_NUMBER(ruled, 54);
}

static void
check_litellm(void)
{
	static const char text[] =
	    "{\"sample_spec\":{\"input_cost_per_token\":0.0,\"max_tokens\":\"LEGACY\","
	    "\"litellm_provider\":\"one of the providers\"},"
	    "\"lite/"
	    "string\":{\"litellm_provider\":\"lite\",\"input_cost_per_token\":\"0.0000025\","
	    "\"output_cost_per_token\":\"1e-05\",\"max_input_tokens\":200,"
	    "\"supports_vision\":true},"
	    "\"noise\":{\"litellm_provider\":\"lite\",\"input_cost_per_token\":1."
	    "5000000000000002e-07,"
	    "\"output_cost_per_token\":2e-6,\"output_cost_per_token_above_200k_tokens\":3e-6,"
	    "\"input_cost_per_token_batches\":7.5e-8,\"output_cost_per_token_batches\":1e-6,"
	    "\"cache_creation_input_token_cost_above_1hr\":6e-7,"
	    "\"input_cost_per_token_cache_hit\":9e-9,\"cache_read_input_token_cost\":1e-8,"
	    "\"search_context_cost_per_query\":{\"a\":0.01,\"b\":0.01}},"
	    "\"missing\":{\"litellm_provider\":\"lite\",\"output_cost_per_token\":1e-05},"
	    "\"prose\":{\"litellm_provider\":\"lite\",\"input_cost_per_token\":\"ask sales\"},"
	    "\"zero\":{\"litellm_provider\":\"lite\",\"input_cost_per_token\":0.0,"
	    "\"output_cost_per_token\":0},"
	    "\"ranges\":{\"litellm_provider\":\"lite\",\"tiered_pricing\":[{\"range\":[0,1000."
	    "0],"
	    "\"input_cost_per_token\":1e-6},{\"range\":[1000,9000],\"input_cost_per_token\":2e-"
	    "6}]},"
	    "\"vertex_ai/claude-z\":{\"litellm_provider\":\"vertex_ai-anthropic_models\","
	    "\"input_cost_per_token\":1e-6,\"output_cost_per_token\":1e-6}}";
	const struct usage *m = COUNTS(.input = 1000000);

	check_group("LiteLLM's file as it is");
	CHECK(!prices_read("litellm", slice_z(text)));
	CHECK(costs(cost("lite/string", NULL, JUNE, 0, m), "2.5"));
	CHECK(costs(cost("lite/string", "lite", JUNE, 0, COUNTS(.output = 3)), "0.00003"));
	CHECK_NUMBER(model_facts(SLICE("lite/string"), SLICE("lite")).context, 200);
	CHECK(costs(cost("noise", "lite", JUNE, 0, COUNTS(.input = 1)), "0.00000015"));
	CHECK(costs(cost("noise", "lite", JUNE, 0, COUNTS(.input = 200001, .output = 1000)),
	    "0.03300015"));
	CHECK(costs(cost("noise", "lite", JUNE, LANE_BATCH, COUNTS(.input = 2)), "0.00000015"));
	CHECK(costs(
	    cost("noise", "lite", JUNE, 0, COUNTS(.input = 10, .cached = 10)), "0.0000001"));
	CHECK(costs(
	    cost("noise", "lite", JUNE, 0, COUNTS(.input = 1, .written_1h = 1)), "0.0000006"));
	CHECK(costs(cost("noise", "lite", JUNE, 0, COUNTS(.web_searches = 1)), "0.01"));
	CHECK(costs(cost("missing", "lite", JUNE, 0, m),
	    "the price table has no price for a class that was used"));
	CHECK(costs(cost("prose", "lite", JUNE, 0, m),
	    "the price table has no price for a class that was used"));
	CHECK(costs(cost("zero", "lite", JUNE, 0, m), "0"));
	CHECK(costs(cost("ranges", "lite", JUNE, 0, COUNTS(.input = 1000)), "0.001"));
	CHECK(costs(cost("ranges", "lite", JUNE, 0, COUNTS(.input = 2000)), "0.004"));
	CHECK(costs(cost("claude-z", "vertex", JUNE, 0, m), "1"));
	CHECK(serves("sample_spec", NULL, ""));
}

static void
check_genai(void)
{
	static const char text[] =
	    "[{\"id\":\"other\",\"fallback_model_providers\":[\"gen\"],\"models\":[]},"
	    "{\"id\":\"gen\",\"models\":["
	    "{\"id\":\"one\",\"match\":{\"or\":[{\"equals\":\"One-Alias\"},{\"starts_with\":"
	    "\"one-\"},"
	    "{\"regex\":\"^uno-\\\\d{4}-\\\\d{2}$\"},{\"or\":[{\"contains\":\"middle\"}]},"
	    "{\"regex\":\"(odd)+\"}]},\"context_window\":77,\"prices\":[{\"prices\":{\"input_"
	    "mtok\":"
	    "{\"base\":1,\"tiers\":[{\"start\":100,\"price\":2}]},\"output_mtok\":4,"
	    "\"cache_write_1h_mtok\":9}},{\"constraint\":{\"start_date\":\"2026-05-01\"},"
	    "\"prices\":{\"input_mtok\":\"0.5\",\"output_mtok\":3}}],\"price_variants\":["
	    "{\"when\":{\"processing\":\"batch\"},\"constraint\":{\"start_date\":\"2026-05-"
	    "15\"},"
	    "\"prices\":{\"input_mtok\":0.2}},{\"when\":{\"speed\":\"fast\"},\"prices\":"
	    "{\"input_mtok\":7}},{\"when\":{\"route\":\"eu\"},\"prices\":{\"input_mtok\":99}}]}"
	    ","
	    "{\"id\":\"daily\",\"match\":{\"equals\":\"daily\"},\"prices\":[{\"prices\":"
	    "{\"input_mtok\":1}},{\"constraint\":{\"start_time\":\"00:30:00Z\",\"end_time\":"
	    "\"16:30:00Z\"},\"prices\":{\"input_mtok\":2}}]},"
	    "{\"id\":\"pro\",\"match\":{\"and\":[{\"starts_with\":\"pro\"},{\"regex\":"
	    "\"^(?!.*-[tT][tT][sS](?:$|-))\"}]},\"prices\":{\"input_mtok\":1}}]}]";
	const struct usage *m = COUNTS(.input = 100);

	check_group("genai-prices' data as it is, both forms");
	CHECK(!prices_read("genai", slice_z(text)));
	CHECK(costs(cost("one", "gen", "2026-04-30", 0, m), "0.0001"));
	CHECK(costs(cost("one", "gen", "2026-04-30", 0, COUNTS(.input = 101)), "0.000202"));
	CHECK(costs(cost("one", "gen", "2026-05-01", 0, m), "0.00005"));
	CHECK(costs(cost("one", "gen", "2026-05-16", LANE_BATCH, m), "0.00002"));
	CHECK(costs(cost("one", "gen", "2026-05-14", LANE_BATCH, m),
	    "no batch price in any table or rule"));
	CHECK(costs(cost("one", "gen", "2026-05-14", LANE_PRIORITY, m), "0.0007"));
	CHECK(costs(cost("daily", "gen", "2026-05-01T00:29:59Z", 0, m), "0.0001"));
	CHECK(costs(cost("daily", "gen", "2026-05-01T00:30:00Z", 0, m), "0.0002"));
	CHECK(costs(cost("daily", "gen", "2026-05-01T16:30:00Z", 0, m), "0.0001"));
	CHECK(serves("ONE-ALIAS", "gen", "gen/one") && serves("one-x", "gen", "gen/one"));
	CHECK(serves("uno-2026-05", "gen", "gen/one") && serves("uno-2026-5", "gen", ""));
	CHECK(serves("a-middle-b", "gen", "gen/one") && serves("oddodd", "gen", ""));
	CHECK(serves("pro-x", "gen", "gen/pro") && serves("pro-x-tts", "gen", ""));
	CHECK(serves("pro-tts-1", "gen", "") && serves("one", "other", "gen/one"));
	CHECK_NUMBER(model_facts(SLICE("one"), SLICE("gen")).context, 77);
}

static void
check_bad_tables(void)
{
	static const char *const bad[][2] = {
		{ "", "t:1: no price table of a form that is known, see llm-prices(5)" },
		{ "{}", "t:1: no price table of a form that is known, see llm-prices(5)" },
		{ "[1,2]", "t:1: no price table of a form that is known, see llm-prices(5)" },
		{ "{\"model\":\"m\",\"prices\":{\"input\":\"1\"}}\n{\"model\":\"n\",\"prices\":"
		  "{\"input\":\"one\"}}",
		    "t:2: a price is no decimal from 0 on, or has too many digits" },
		{ "{\"model\":\"m\",\"prices\":{\"input\":-1}}",
		    "t:1: a price is no decimal from 0 on, or has too many digits" },
		{ "{\"model\":\"m\",\"from\":\"soon\",\"prices\":{\"input\":1}}",
		    "t:1: a day is not as 2026-01-31, or hours are not as 00:30-16:30" },
		{ "{\"model\":\"m\",\"prices\":{\"input\":1,\"above\":[{\"tokens\":5,\"input\":"
		  "1},"
		  "{\"tokens\":5,\"input\":1}]}}",
		    "t:1: tiers are too many, without a count, or do not rise" },
		{ "{\"model\":\"m\",\"prices\":7}", "t:1: prices are no object" },
	};
	size_t before = price_layer_count();

	check_group("a table that cannot be read changes nothing, and the line is named");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *why = prices_read("t", slice_z(bad[i][0]));

		CHECK(why && !strcmp(why, bad[i][1]));
		if (!why || strcmp(why, bad[i][1]))
			printf("# %s: %s\n", bad[i][0], why ? why : "(taken)");
	}
	CHECK_NUMBER(price_layer_count(), before);
}

static bool
shifts(const char *text, int by, const char *want)
{
	char out[DRAFT_DIGITS] = "";

	if (!decimal_shift(slice_z(text), by, out))
		return want == NULL;
	if (!want || strcmp(out, want))
		printf("# %s by %d is %s\n", text, by, out);
	return want && !strcmp(out, want);
}

static void
check_decimals(void)
{
	check_group("decimals are those that were meant");
	CHECK(shifts("1.5000000000000002e-07", 6, "0.15"));
	CHECK(shifts("1.4999999999999999e-07", 6, "0.15"));
	CHECK(shifts("9.9999999999999999e-07", 6, "1"));
	CHECK(shifts("3e-06", 6, "3") && shifts("0.000003", 6, "3"));
	CHECK(
	    shifts("1.25e-08", 6, "0.0125") && shifts("0.0", 6, "0") && shifts("0e5", 6, "0"));
	CHECK(shifts("12", 0, "12") && shifts("120", 1, "1200") && shifts("0.05", 3, "50"));
	CHECK(shifts("123456789012345", 0, "123456789012345"));
	CHECK(shifts("0.1", 0, "0.1") && shifts("10.50", 0, "10.5"));
	CHECK(shifts("0.0833333333333333", 0, "0.08333333333333"));
	CHECK(shifts("0.000000000000005", 0, "0.00000000000001") && shifts("4e-15", 0, "0"));
	CHECK(shifts("9.99999999999999", 0, "9.99999999999999"));
	CHECK(shifts("0.999999999999999", 0, "1") && shifts("1e-14", 0, "0.00000000000001"));
	CHECK(shifts("-1", 0, NULL) && shifts("x", 0, NULL) && shifts("", 0, NULL));
	CHECK(shifts("1e", 0, NULL) && shifts("1e99", 0, NULL) && shifts("1.2.3", 0, NULL));
}

int
main(void)
{
	when_fix(when_read(SLICE("2026-11-21T12:00:00Z")));
	check_names();
	check_compiled();
	check_tiers();
	check_classes();
	check_time();
	check_layers();
	check_rules();
	check_grid();
	check_litellm();
	check_genai();
	check_bad_tables();
	check_decimals();
	return check_finish();
}
