/* SPDX-License-Identifier: MIT */
/* Models to encodings, whole requests and answers, images, what users give. */
#include <unistd.h>

#include "check.h"
#include "tokens/families.h"
#include "tokens/image.h"
#include "tokens/tokens.h"

static struct json json;
static struct arena arena;

static struct request
read_request(const char *text)
{
	struct request r;
	const char *why;
	size_t where;

	CHECK(json_scan(&json, slice_z(text), &why, &where));
	CHECK(request_read(&json, &r));
	return r;
}

static struct tokens
of_request(const char *model, const char *text)
{
	struct request r = read_request(text);

	return tokens_request(tokenizer_for(slice_z(model)), &r, &arena);
}

static struct tokens
of_answer(const char *model, const char *text)
{
	struct request r = read_request(text);

	return tokens_answer(tokenizer_for(slice_z(model)), &r, &arena);
}

static void
family_is(const char *model, const char *family)
{
	const struct tokenizer *t = tokenizer_for(slice_z(model));

	CHECK_SLICE(slice_z(tokenizer_family(t)), family);
	CHECK(t == tokenizer_for(slice_z(model)));
}

static const struct {
	const char *model, *family;
} families[] = { { "claude-3-5-sonnet-20241022", "claude-3" }, { "claude-2.1", "claude-2" },
	{ "claude-instant-1.2", "claude-2" }, { "anthropic.claude-v2:1", "claude-2" },
	{ "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-3" },
	{ "bedrock/eu-west-1/anthropic.claude-3-haiku-20240307-v1:0", "claude-3" },
	{ "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-7-v1:0",
	    "claude-4.7" },
	{ "vertex_ai/claude-3-5-sonnet-v2@20241022", "claude-3" },
	{ "publishers/anthropic/models/claude-haiku-4-5@20251001", "claude-3" },
	{ "anthropic/claude-opus-4.7", "claude-4.7" },
	{ "anthropic/claude-3.7-sonnet:thinking", "claude-3" },
	{ "claude-sonnet-5", "claude-5" }, { "claude-opus-6", "claude-5" },
	{ "models/gemini-2.5-pro", "gemini" },
	{ "projects/p/locations/l/publishers/google/models/gemini-1.5-flash-002", "gemini" },
	{ "meta.llama3-1-70b-instruct-v1:0", "llama-3" },
	{ "accounts/fireworks/models/llama-v3p1-8b-instruct", "llama-3" },
	{ "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", "llama-3" },
	{ "groq/llama3-8b-8192", "llama-3" }, { "deepseek-chat", "deepseek" },
	{ "deepseek.r1-v1:0", "deepseek" }, { "deepseek-r1-distill-llama-70b", "llama-3" },
	{ "accounts/fireworks/models/qwen2p5-72b-instruct", "qwen" },
	{ "Qwen/Qwen3-235B-A22B", "qwen" },
	{ "mistral.mistral-7b-instruct-v0:2", "mistral-v3" },
	{ "mixtral-8x7b-32768", "mistral-v3" }, { "mistral-small-latest", "mistral" },
	{ "cohere.command-r-plus-v1:0", "command" }, { "us.amazon.nova-lite-v1:0", "nova" },
	{ "x-ai/grok-4-fast:free", "grok" } };

static void
check_models(void)
{
	static const char *const o200k[] = { "gpt-4o", "gpt-4o-mini-2024-07-18", "gpt-4.1-nano",
		"o1", "o3-mini", "gpt-5.6-mini", "chatgpt-4o-latest", "gpt-oss-120b",
		"openai/gpt-4o", "openrouter/openai/gpt-5-mini:free", "azure/gpt-4o", "GPT-4o",
		"gpt-4.5-preview", "ft:gpt-4o-mini-2024-07-18:acme::abc", "gpt-5.1-codex-max",
		"openai/responses/gpt-5-pro", "o4-mini-deep-research", "computer-use-preview",
		"openai.gpt-oss-20b-1:0", "azure_ai/gpt-4.1" };
	static const char *const cl100k[] = { "gpt-4", "gpt-4-0613", "gpt-4-turbo",
		"gpt-3.5-turbo-0125", "gpt-35-turbo", "text-embedding-3-small",
		"ft:gpt-3.5-turbo-0613:acme::x", "davinci-002", "ft:davinci-002:acme::x",
		"text-embedding-ada-002", "gpt-4-32k-0314" };
	static const char *const p50k[] = { "text-davinci-003", "text-davinci-002",
		"code-davinci-002", "code-cushman-001", "text-davinci-edit-001" };
	static const char *const r50k[] = { "davinci", "curie:ft-acme-2023-01-01", "ada",
		"text-davinci-001", "text-search-ada-doc-001", "gpt2" };
	static const char *const unknown[] = { "", "gpt-4oo", "o1x", "/", "ft:", "gpt",
		"llama-2-7b", "adam", "gpt-20", "kimi-k2", "qwen3.5-plus" };

	check_group("models are known by the longest beginning");
	for (size_t i = 0; i < sizeof o200k / sizeof *o200k; i++)
		family_is(o200k[i], "o200k_base");
	for (size_t i = 0; i < sizeof cl100k / sizeof *cl100k; i++)
		family_is(cl100k[i], "cl100k_base");
	for (size_t i = 0; i < sizeof p50k / sizeof *p50k; i++)
		family_is(p50k[i], "p50k_base");
	for (size_t i = 0; i < sizeof r50k / sizeof *r50k; i++)
		family_is(r50k[i], "r50k_base");
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		family_is(unknown[i], "unknown");
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		family_is(families[i].model, families[i].family);
	CHECK(tokenizer_encoding(tokenizer_for(SLICE("claude-3"))) == NULL);
	CHECK(tokenizer_encoding(tokenizer_for(SLICE("gpt-4o"))) ==
	      encoding_find(SLICE("o200k_base")));
}

static void
is(struct tokens n, uint64_t count, enum token_class class)
{
	CHECK_NUMBER(n.count, count);
	CHECK_SLICE(slice_z(token_class_name(n.class)), token_class_name(class));
	CHECK(n.low <= n.count && n.count <= n.high);
	CHECK(class == TOKENS_ESTIMATE || (n.low == n.count && n.high == n.count));
}

/* Texts and counts of three recorded requests of gpt-3.5-turbo: 10, 9 and 9. */
#define CHAT(text) \
	"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" text "\"}]}"

static void
check_chat(void)
{
	check_group("chat is framed as documented");
	is(of_request("gpt-3.5-turbo", CHAT("Spagetti")), 10, TOKENS_TEMPLATE);
	is(of_request("gpt-3.5-turbo", CHAT("Sushi")), 9, TOKENS_TEMPLATE);
	is(of_request("gpt-4o", CHAT("Ramen")), 9, TOKENS_TEMPLATE);
	is(of_request("gpt-3.5-turbo-0301", CHAT("Spagetti")), 11, TOKENS_TEMPLATE);
	is(of_request("gpt-4o", CHAT("\\u0053pagetti")), 10, TOKENS_TEMPLATE);
	is(of_request("o3", CHAT("Spagetti")), 10, TOKENS_ESTIMATE);
	is(of_request("gpt-4o", "{\"messages\":[{\"role\":\"system\",\"name\":\"example\","
				"\"content\":\"Hello\"}]}"),
	    10, TOKENS_TEMPLATE);
	is(of_request("gpt-4o",
	       "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
	       "\"text\":\"Hello\"}]}]}"),
	    8, TOKENS_TEMPLATE);
	is(of_request("gpt-4o", "{\"messages\":[]}"), 3, TOKENS_TEMPLATE);
	/* a prefill is a message like the others: "Hello" and role are a token each */
	is(of_request("gpt-4o", "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"},{"
				"\"role\":\"assistant\","
				"\"content\":\"Hello\"}]}"),
	    13, TOKENS_TEMPLATE);
	is(of_request("claude-sonnet-4-5", "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\","
					   "\"content\":\"Hello\"},{\"role\":"
					   "\"assistant\",\"content\":\"Hello\"}]}"),
	    7 + 4 + 2, TOKENS_ESTIMATE);
}

static void
check_other(void)
{
	struct tokens n;

	check_group("other interfaces");
	is(of_request("davinci-002", "{\"model\":\"davinci-002\",\"prompt\":\"hello there\"}"),
	    2, TOKENS_EXACT);
	is(of_request("davinci-002", "{\"prompt\":[1,2,3,4]}"), 4, TOKENS_EXACT);
	is(of_request("text-embedding-3-small",
	       "{\"model\":\"text-embedding-3-small\",\"input\":[\"a b c\",\"a\"]}"),
	    4, TOKENS_EXACT);
	is(of_request("gpt-4o", "{\"model\":\"gpt-4o\",\"input\":\"hi\"}"), 8, TOKENS_ESTIMATE);
	n = of_request("gpt-4o",
	    "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[ "
	    "{\"type\" : \"web_search\"} ]}");
	CHECK_NUMBER(n.class, TOKENS_ESTIMATE);
	CHECK(n.high > n.count && n.low < n.count && n.low >= 8 && n.count > 12);
	n = of_request(
	    "gpt-4o", "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"previous_response_id\":\"r\"}");
	CHECK_SLICE(slice_z(n.missing), "previous response");
	n = of_request("gpt-4o",
	    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}]}");
	CHECK_SLICE(slice_z(n.missing), "audio");
	CHECK_NUMBER(n.class, TOKENS_ESTIMATE);
	n = of_request("gpt-4o",
	    "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":"
	    "\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":"
	    "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}]}");
	CHECK_NUMBER(n.class, TOKENS_ESTIMATE);
	CHECK(n.low >= 12 && n.count > 12);
}

/* Prompts billed by claude-3-5-sonnet (11, 10, 10) and gemini-1.5-flash (2, 1, 1). */
static void
check_estimates(void)
{
	static const struct {
		const char *model, *text;
		uint64_t billed;
	} rows[] = { { "claude-3-5-sonnet-20241022", CHAT("Spagetti"), 11 },
		{ "claude-3-5-sonnet-20241022", CHAT("Sushi"), 10 },
		{ "claude-3-5-sonnet-20241022", CHAT("Ramen"), 10 },
		{ "gemini-1.5-flash", "{\"contents\":[{\"parts\":[{\"text\":\"Spagetti\"}]}]}",
		    2 },
		{ "gemini-1.5-flash", "{\"contents\":[{\"parts\":[{\"text\":\"Ramen\"}]}]}",
		    1 } };

	check_group("estimates hold what was billed");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tokens n = of_request(rows[i].model, rows[i].text);

		CHECK_NUMBER(n.class, TOKENS_ESTIMATE);
		CHECK(n.low <= rows[i].billed && rows[i].billed <= n.high);
		CHECK(n.low < n.high && n.high < 20);
	}
	CHECK_NUMBER(tokens_text(tokenizer_for(SLICE("claude-3")), SLICE("")).high, 0);
}

static void
check_answers(void)
{
	check_group("answers");
	is(of_answer("gpt-3.5-turbo", "{\"custom_id\":\"1\",\"body\":" CHAT(
					  "x") ",\"response\":{\"status_code\":200,\"body\":{"
					       "\"choices\":[{\"message\":{\"role\":"
					       "\"assistant\",\"content\":\"Hello there\"},"
					       "\"finish_reason\":\"stop\"}]}}}"),
	    3, TOKENS_TEMPLATE);
	is(of_answer("gpt-3.5-turbo", CHAT("x")), 0, TOKENS_EXACT);
}

#define IMAGE(url)                                                                        \
	"{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_" \
	"url\":{" url "}}]}]}"
/* The first bytes of a PNG of 1024 by 1024. */
#define PNG "\"url\":\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAABAAAAAQACAYAAAB\""

static void
header_is(const char *bytes, size_t n, uint32_t width, uint32_t height)
{
	uint32_t w = 0, h = 0;

	CHECK(image_header(slice_of(bytes, n), &w, &h) == (width > 0));
	if (width) {
		CHECK_NUMBER(w, width);
		CHECK_NUMBER(h, height);
	}
}

static void
check_headers(void)
{
	static const char gif[] = "GIF89a\x40\x01\xc8\x00\x00";
	static const char png[] =
	    "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x03\x20\x00\x00\x02\x58";
	static const char vp8x[] =
	    "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"
	    "\x7f\x02\x00\xdf\x01\x00";
	static const char vp8[] =
	    "RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a"
	    "\x80\x42\xe0\x41";
	static const char vp8l[] =
	    "RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f\x7f\xc2\x77\x00\x00\x00\x00"
	    "\x00\x00";
	/* with EXIF and fill bytes before the frame; the second is progressive */
	static const char jpeg[] = "\xff\xd8\xff\xe1\x00\x08"
				   "Exif\x00\x00\xff\xff\xff\xc0\x00\x11\x08\x01\xe0\x02\x80"
				   "\x03\x01";
	static const char progressive[] =
	    "\xff\xd8\xff\xdb\x00\x04zz\xff\xc4\x00\x04zz\xff\xc2\x00\x11\x08\x01\xe0\x02\x80"
	    "\x03\x01";

	check_group("sizes from the headers of images");
	header_is(gif, sizeof gif, 320, 200);
	header_is(png, sizeof png, 800, 600);
	header_is(vp8x, sizeof vp8x, 640, 480);
	header_is(vp8, sizeof vp8, 640, 480);
	header_is(vp8l, sizeof vp8l, 640, 480);
	header_is(jpeg, sizeof jpeg, 640, 480);
	header_is(progressive, sizeof progressive, 640, 480);
	for (size_t n = 0; n < 20; n++) /* cut off */
		header_is(jpeg, n, 0, 0);
	header_is("BM 1234567890123456789012345678901234567890", 40, 0, 0);
}

static void
costs(const char *model, uint32_t width, uint32_t height, enum image_detail detail,
    uint64_t count)
{
	struct image_cost cost = family_image(slice_z(model));
	struct image_size size = { width, height, false, detail };
	struct image_count n = image_count(&cost, &size);

	CHECK_NUMBER(n.count, count);
	CHECK(n.low <= n.count && n.count <= n.high);
}

static void
costs_low(const char *model, uint32_t width, uint32_t height, uint64_t count)
{
	CHECK_NUMBER(image_tokens(family_image(slice_z(model)),
			 (struct image_size){ width, height, true, DETAIL_AUTO }),
	    count);
}

static void
check_formulas(void)
{
	check_group("images by the formulas that providers publish");
	/* OpenAI's page: three examples of tiles, two of patches */
	costs("gpt-4o", 1024, 1024, DETAIL_HIGH, 765);
	costs("gpt-4o", 2048, 4096, DETAIL_HIGH, 1105);
	costs_low("gpt-4o", 4096, 8192, 85);
	costs("gpt-4.1-mini", 1024, 1024, DETAIL_AUTO, 1659); /* 1024 patches of 1.62 */
	costs("gpt-4.1-mini", 1800, 2400, DETAIL_AUTO, 2353); /* 1452 */
	/* bills told in OpenAI's forum, without their text */
	costs("gpt-4o-mini", 128, 64, DETAIL_HIGH, 8500);
	costs("o3", 128, 64, DETAIL_HIGH, 225);
	costs("gpt-5", 128, 64, DETAIL_HIGH, 210);
	costs_low("o3", 128, 64, 75);
	costs("gpt-5.4", 4000, 4000, DETAIL_AUTO, 2500);
	costs("gpt-5.4", 4000, 4000, DETAIL_ORIGINAL, 10000);
	costs("gpt-5.5", 1600, 1600, DETAIL_AUTO, 2500);
	costs("gpt-5.5", 3200, 3200, DETAIL_AUTO, 10000);
	costs("o4-mini", 100000, 1, DETAIL_AUTO, 111); /* a sliver */
	/* the table of Anthropic's page, both tiers */
	costs("claude-sonnet-4-5", 200, 200, DETAIL_AUTO, 64);
	costs("claude-sonnet-4-5", 1000, 1000, DETAIL_AUTO, 1296);
	costs("claude-sonnet-4-5", 1092, 1092, DETAIL_AUTO, 1521);
	costs("claude-sonnet-4-5", 1920, 1080, DETAIL_AUTO, 1560);
	costs("claude-sonnet-4-5", 2000, 1500, DETAIL_AUTO, 1564);
	costs("claude-sonnet-4-5", 3840, 2160, DETAIL_AUTO, 1560);
	costs("claude-opus-4-7", 1920, 1080, DETAIL_AUTO, 2691);
	costs("claude-opus-4-7", 2000, 1500, DETAIL_AUTO, 3888);
	costs("claude-opus-4-7", 3840, 2160, DETAIL_AUTO, 4784);
	costs("claude-sonnet-5", 2160, 3840, DETAIL_AUTO, 4784);
	/* Google's pages */
	costs("gemini-2.5-pro", 384, 384, DETAIL_AUTO, 258);
	costs("gemini-2.5-pro", 960, 540, DETAIL_AUTO, 1548);
	costs("gemini-1.5-pro", 4000, 3000, DETAIL_AUTO, 258);
	costs("gemini-3-pro-preview", 4000, 3000, DETAIL_AUTO, 1120);
	costs("gemini-3-pro-preview", 0, 0, DETAIL_MEDIUM, 560);
	costs_low("gemini-3-pro-preview", 0, 0, 280);
	costs("claude-2.1", 200, 200, DETAIL_AUTO, 0);
	costs("some-model", 200, 200, DETAIL_AUTO, 0);
}

static void
lacks(struct tokens n, const char *what)
{
	CHECK_NUMBER(n.class, TOKENS_ESTIMATE);
	CHECK(n.missing != NULL);
	CHECK_SLICE(slice_z(n.missing), what);
	CHECK(n.count > 0);
}

static void
check_images(void)
{
	struct tokens n;

	check_group("images in requests");
	is(of_request("gpt-4o", IMAGE(PNG ",\"detail\":\"high\"")), 7 + 765, TOKENS_TEMPLATE);
	n = of_request("gpt-4o", IMAGE(PNG));
	is(n, 7 + 765, TOKENS_ESTIMATE);
	CHECK_NUMBER(n.low, 7 + 85); /* whoever serves it may take it as low */
	CHECK_NUMBER(n.high, 7 + 765);
	is(of_request(
	       "gpt-4o", IMAGE("\"url\":\"https://example.org/a.png\",\"detail\":\"low\"")),
	    7 + 85, TOKENS_TEMPLATE);
	is(of_request("gpt-4o",
	       IMAGE("\"url\":\"https://example.org/a.png\",\"width\":1024,\"height\":1024,"
		     "\"detail\":\"high\"")),
	    7 + 765, TOKENS_TEMPLATE);
	lacks(of_request("gpt-4o", IMAGE("\"url\":\"https://example.org/a.png\"")),
	    "image by URL");
	lacks(of_request("some-model", IMAGE(PNG)), "image, no formula for this model");
	lacks(of_request("gpt-4o",
		  "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"file\","
		  "\"file\":{\"file_id\":\"f\"}}]}]}"),
	    "file");
	n = of_request("claude-sonnet-4-5",
	    "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{"
	    "\"type\":"
	    "\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/"
	    "png\",\"data\":\"iVBORw0KGgoAAAANSUhEUgAABAAAAAQACAYAAAB\"}}]}]}");
	is(n, 7 + 37 * 37, TOKENS_ESTIMATE);
	n = of_request("gemini-3-pro",
	    "{\"contents\":[{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/"
	    "png\",\"data\":\"x\"}}"
	    "]}],\"generationConfig\":{\"mediaResolution\":\"MEDIA_RESOLUTION_LOW\"}}");
	is(n, 280, TOKENS_ESTIMATE);
}

/* The example of OpenAI's Cookbook, section 7, and what it was billed: 101 and 105. */
#define WEATHER                                                                               \
	"{\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant that " \
	"can answer to questions about the weather.\"},{\"role\":\"user\",\"content\":"       \
	"\"What's the weather like in San Francisco?\"}],\"tools\":[{\"type\":\"function\","  \
	"\"function\":{\"name\":\"get_current_weather\",\"description\":\"Get the current "   \
	"weather in a given location\",\"parameters\":{\"type\":\"object\",\"properties\":{"  \
	"\"location\":{\"type\":\"string\",\"description\":\"The city and state, e.g. San "   \
	"Francisco, CA\"},\"unit\":{\"type\":\"string\",\"description\":\"The unit of "       \
	"temperature to return\",\"enum\":[\"celsius\",\"fahrenheit\"]}},\"required\":["      \
	"\"location\"]}}}]}"

static void
check_tools(void)
{
	struct tokens n;

	check_group("tools");
	is(of_request("gpt-4o", WEATHER), 101, TOKENS_ESTIMATE);
	is(of_request("gpt-4o-mini", WEATHER), 101, TOKENS_ESTIMATE);
	is(of_request("gpt-4", WEATHER), 105, TOKENS_ESTIMATE);
	is(of_request("gpt-3.5-turbo", WEATHER), 105, TOKENS_ESTIMATE);
	n = of_request("claude-sonnet-4-5",
	    "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":"
	    "[{\"name\":"
	    "\"f\",\"input_schema\":{\"type\":\"object\"}}]}");
	CHECK(n.count > 354 && n.count < 390 && n.low < n.count && n.high > n.count);
	n = of_request("claude-sonnet-4-5",
	    "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":"
	    "[{\"name\":"
	    "\"f\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"any\"}"
	    "}");
	CHECK(n.count > 321 && n.count < 357);
}

static void
write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void
check_given(void)
{
	char name[] = "/tmp/tokens-XXXXXX";
	struct tokens plain =
	    tokens_text(tokenizer_for(SLICE("claude-plain")), SLICE("one two three"));
	struct tokens n;
	const char *why = "";
	int fd = mkstemp(name);

	check_group("what users give");
	CHECK(fd >= 0 && close(fd) == 0);
	CHECK(!encodings_load("m", &why) && !encodings_load("=x", &why) &&
	      !encodings_load("m=", &why));
	CHECK(!encodings_load("m=/nonexistent/ranks", &why));
	CHECK_SLICE(slice_z(why), "No such file or directory");
	CHECK(encodings_load("own=cl100k_base", &why));
	CHECK(encodings_load("own=o200k_base", &why));
	family_is("own", "o200k_base");
	is(of_request("own", CHAT("Spagetti")), 10, TOKENS_TEMPLATE);
	write_file(name,
	    "{\"model\":\"claude-own\",\"factor\":2,\"low\":1.5,\"high\":3,\"rows\":9}\n\n");
	CHECK(calibration_load(name, &why));
	n = tokens_text(tokenizer_for(SLICE("claude-own")), SLICE("one two three"));
	CHECK_NUMBER(n.count, plain.count * 2);
	CHECK_NUMBER(n.low, (plain.count * 3 + 1) / 2 - 1);
	CHECK(n.high == plain.count * 3 + 1 && n.class == TOKENS_ESTIMATE);
	write_file(
	    name, "{\"model\":\"a\",\"factor\":1,\"low\":1,\"high\":1}\n{\"model\":1}\n");
	CHECK(!calibration_load(name, &why));
	CHECK_SLICE(slice_z(why), "line 2: has no 'model'");
	write_file(name, "{\"model\":\"a\",\"factor\":1,\"low\":2,\"high\":3}");
	CHECK(!calibration_load(name, &why));
	write_file(name, "{\"model\":\"a\",\"factor\":1e999,\"low\":1,\"high\":3}");
	CHECK(!calibration_load(name, &why));
	write_file(name, "nonsense");
	CHECK(!calibration_load(name, &why) && slice_starts(slice_z(why), SLICE("line 1: ")));
	unlink(name);
}

int
main(void)
{
	check_models();
	check_chat();
	check_other();
	check_estimates();
	check_answers();
	check_headers();
	check_formulas();
	check_images();
	check_tools();
	check_given();
	json_free(&json);
	arena_close(&arena);
	return check_finish();
}
