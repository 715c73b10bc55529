/* SPDX-License-Identifier: MIT */
/* Models to encodings and estimates, whole requests and answers, images, what users give. */
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

static void
check_models(void)
{
	static const char *const o200k[] = { "gpt-4o", "gpt-4o-mini-2024-07-18", "gpt-4.1-nano",
		"o1", "o3-mini", "gpt-5.6-mini", "chatgpt-4o-latest", "gpt-oss-120b",
		"openai/gpt-4o", "openrouter/openai/gpt-5-mini:free", "azure/gpt-4o", "GPT-4o",
		"gpt-4.5-preview", "ft:gpt-4o-mini-2024-07-18:acme::abc" };
	static const char *const cl100k[] = { "gpt-4", "gpt-4-0613", "gpt-4-turbo",
		"gpt-3.5-turbo-0125", "gpt-35-turbo", "text-embedding-3-small",
		"ft:gpt-3.5-turbo-0613:acme::x", "davinci-002" };
	static const char *const unknown[] = { "", "gpt-4oo", "o1x", "text-davinci-003",
		"command-r", "/", "ft:", "gpt", "llama-2-7b" };

	check_group("models are known by the longest beginning");
	for (size_t i = 0; i < sizeof o200k / sizeof *o200k; i++)
		family_is(o200k[i], "o200k_base");
	for (size_t i = 0; i < sizeof cl100k / sizeof *cl100k; i++)
		family_is(cl100k[i], "cl100k_base");
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		family_is(unknown[i], "unknown");
	family_is("claude-3-5-sonnet-20241022", "claude-3");
	family_is("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-3");
	family_is("anthropic/claude-opus-4.7", "claude-4.7");
	family_is("claude-sonnet-5", "claude-5");
	family_is("models/gemini-2.5-pro", "gemini");
	family_is("meta.llama3-1-70b-instruct-v1:0", "llama-3");
	family_is("deepseek-chat", "deepseek");
	family_is("grok-4", "grok");
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
	    "{\"type\" : \"function\"} ]}");
	is(n, 8 + 7, TOKENS_ESTIMATE);
	CHECK(n.high > n.count && n.low < n.count && n.low >= 8);
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
check_images(void)
{
	static const char gif[] = "GIF89a\x40\x01\xc8\x00\x00";
	static const char webp[] =
	    "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"
	    "\x7f\x02\x00\xdf\x01\x00";
	static const char jpeg[] =
	    "\xff\xd8\xff\xe0\x00\x04zz\xff\xc0\x00\x11\x08\x01\xe0\x02\x80"
	    "\x03";
	struct image_cost tile = { IMAGE_TILE, 85, 170 };
	uint32_t w, h;

	check_group("images");
	CHECK(image_header(slice_of(gif, sizeof gif), &w, &h) && w == 320 && h == 200);
	CHECK(image_header(slice_of(webp, sizeof webp), &w, &h) && w == 640 && h == 480);
	CHECK(image_header(slice_of(jpeg, sizeof jpeg), &w, &h) && w == 640 && h == 480);
	CHECK(!image_header(slice_of(jpeg, 12), &w, &h));
	CHECK(!image_header(SLICE("BM 1234567890123456789012345678901234567890"), &w, &h));
	/* the three examples of OpenAI's page */
	CHECK_NUMBER(image_tokens(tile, (struct image_size){ 1024, 1024, false }), 765);
	CHECK_NUMBER(image_tokens(tile, (struct image_size){ 2048, 4096, false }), 1105);
	CHECK_NUMBER(image_tokens(tile, (struct image_size){ 4096, 8192, true }), 85);
	is(of_request("gpt-4o", IMAGE(PNG)), 7 + 765, TOKENS_TEMPLATE);
	is(of_request(
	       "gpt-4o", IMAGE("\"url\":\"https://example.org/a.png\",\"detail\":\"low\"")),
	    7 + 85, TOKENS_TEMPLATE);
	CHECK_SLICE(
	    slice_z(
		of_request("gpt-4o", IMAGE("\"url\":\"https://example.org/a.png\"")).missing),
	    "image by URL");
	CHECK(of_request("some-model", IMAGE(PNG)).missing != NULL);
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
	CHECK_NUMBER(n.count, plain.count * 2 - 1); /* 3.636 is rounded after it is scaled */
	CHECK(n.low == 5 && n.high == 11 && n.class == TOKENS_ESTIMATE);
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
	check_images();
	check_given();
	json_free(&json);
	arena_close(&arena);
	return check_finish();
}
