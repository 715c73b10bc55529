/* SPDX-License-Identifier: MIT */
/* Usage objects of every dialect, brought to one form: which count contains which, and what
 * contradicts itself. */
#include "check.h"

#include <inttypes.h>

#include "model/usage.h"

static struct json json;
static struct request request;

static bool
reads(const char *text, struct usage *u)
{
	const char *why;
	size_t where;

	if (!json_scan(&json, slice_z(text), &why, &where) || !request_read(&json, &request))
		return false;
	return usage_read(&request, u);
}

struct row {
	const char *text;
	const char *dialect;
	uint64_t input, cached, written_5m, written_1h, output, reasoning;
};

static const struct row rows[] = {
	/* chat: what is cached or written lies inside the prompt */
	{ "{\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":7,"
	  "\"total_tokens\":107,\"prompt_tokens_details\":{\"cached_tokens\":64,"
	  "\"cache_write_tokens\":9},\"completion_tokens_details\":{\"reasoning_tokens\":5}}}",
	    "openai", 100, 64, 9, 0, 7, 5 },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":12,\"total_tokens\":12}}", "openai",
	    12, 0, 0, 0, 0, 0 },
	{ "{\"model\":\"mistral-small\",\"usage\":{\"prompt_tokens\":152,\"num_cached_tokens\":"
	  "151,"
	  "\"completion_tokens\":2,\"total_tokens\":154}}",
	    "openai", 152, 151, 0, 0, 2, 0 },
	{ "{\"model\":\"deepseek-chat\",\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":"
	  "4,"
	  "\"prompt_cache_hit_tokens\":20,\"prompt_cache_miss_tokens\":10,\"total_tokens\":34}"
	  "}",
	    "openai", 30, 20, 0, 0, 4, 0 },
	/* xAI: reasoning stands beside the completion; the total tells, or the name */
	{ "{\"model\":\"grok-4\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3,"
	  "\"total_tokens\":113,\"completion_tokens_details\":{\"reasoning_tokens\":100}}}",
	    "openai", 10, 0, 0, 0, 103, 100 },
	{ "{\"model\":\"grok-4\",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":30,"
	  "\"completion_tokens_details\":{\"reasoning_tokens\":5}}}",
	    "openai", 10, 0, 0, 0, 35, 5 },
	/* Gemini: thinking is in the total alone */
	{ "{\"model\":\"gemini-2.5-pro\",\"usage\":{\"prompt_tokens\":758,"
	  "\"completion_tokens\":102,\"total_tokens\":1725}}",
	    "openai", 758, 0, 0, 0, 967, 865 },
	/* gateways: inclusive, and the form that is proved to exclude */
	{ "{\"model\":\"claude\",\"usage\":{\"prompt_tokens\":1300,\"completion_tokens\":9,"
	  "\"total_tokens\":1309,\"cache_read_input_tokens\":1000,"
	  "\"cache_creation_input_tokens\":200}}",
	    "openai", 1300, 1000, 200, 0, 9, 0 },
	{ "{\"model\":\"claude\",\"usage\":{\"prompt_tokens\":31,\"completion_tokens\":467,"
	  "\"total_tokens\":498,\"cache_creation_input_tokens\":1253,"
	  "\"cache_read_input_tokens\":0}}",
	    "openai", 1284, 0, 1253, 0, 467, 0 },
	/* responses and realtime */
	{ "{\"model\":\"gpt-5\",\"usage\":{\"input_tokens\":50,\"input_tokens_details\":"
	  "{\"cached_tokens\":40},\"output_tokens\":9,\"output_tokens_details\":"
	  "{\"reasoning_tokens\":8},\"total_tokens\":59}}",
	    "responses", 50, 40, 0, 0, 9, 8 },
	{ "{\"type\":\"response.done\",\"response\":{\"usage\":{\"input_tokens\":50,"
	  "\"output_tokens\":9,\"total_tokens\":59,\"input_token_details\":{\"cached_tokens\":"
	  "10,"
	  "\"audio_tokens\":30}}}}",
	    "realtime", 50, 10, 0, 0, 9, 0 },
	/* Anthropic: input excludes the cache */
	{ "{\"model\":\"claude-sonnet-4-5\",\"usage\":{\"input_tokens\":10,"
	  "\"cache_creation_input_tokens\":300,\"cache_read_input_tokens\":500,"
	  "\"cache_creation\":{\"ephemeral_5m_input_tokens\":100,\"ephemeral_1h_input_tokens\":"
	  "200},"
	  "\"output_tokens\":20,\"output_tokens_details\":{\"thinking_tokens\":6}}}",
	    "anthropic", 810, 500, 100, 200, 20, 6 },
	{ "{\"type\":\"assistant\",\"timestamp\":\"2026-09-21T10:00:00Z\",\"message\":{\"id\":"
	  "\"x\","
	  "\"model\":\"claude-sonnet-4-5\",\"usage\":{\"input_tokens\":10,"
	  "\"cache_creation_input_tokens\":11862,\"cache_read_input_tokens\":15555,"
	  "\"output_tokens\":159}}}",
	    "anthropic", 27427, 15555, 11862, 0, 159, 0 },
	/* Gemini: tool prompts and thoughts stand beside the others */
	{ "{\"modelVersion\":\"gemini-2.5-pro\",\"usageMetadata\":{\"promptTokenCount\":100,"
	  "\"cachedContentTokenCount\":80,\"toolUsePromptTokenCount\":7,"
	  "\"candidatesTokenCount\":3,"
	  "\"thoughtsTokenCount\":50,\"totalTokenCount\":160}}",
	    "gemini", 107, 80, 0, 0, 53, 50 },
	/* Bedrock: the same numbers under two names */
	{ "{\"usage\":{\"inputTokens\":3,\"outputTokens\":8,\"totalTokens\":2085,"
	  "\"cacheWriteInputTokens\":2074,\"cacheWriteInputTokenCount\":2074,"
	  "\"cacheDetails\":[{\"inputTokens\":74,\"ttl\":\"1h\"},{\"inputTokens\":2000,"
	  "\"ttl\":\"5m\"}]}}",
	    "converse", 2077, 0, 2000, 74, 8, 0 },
	/* Cohere: what is billed */
	{ "{\"usage\":{\"billed_units\":{\"input_tokens\":4,\"output_tokens\":6},"
	  "\"tokens\":{\"input_tokens\":90,\"output_tokens\":7},\"cached_tokens\":80}}",
	    "cohere", 4, 0, 0, 0, 6, 0 },
	{ "{\"meta\":{\"billed_units\":{\"input_tokens\":4}}}", "cohere", 4, 0, 0, 0, 0, 0 },
	/* Codex: the total says where reasoning lies */
	{ "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":"
	  "{\"last_token_usage\":{\"input_tokens\":1000,\"cached_input_tokens\":250,"
	  "\"output_tokens\":125,\"reasoning_output_tokens\":75,\"total_tokens\":1200}}}}",
	    "codex", 1000, 250, 0, 0, 200, 75 },
	{ "{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":"
	  "{\"last_token_usage\":{\"input_tokens\":100,\"cached_input_tokens\":20,"
	  "\"output_tokens\":30,\"reasoning_output_tokens\":5,\"total_tokens\":130}}}}",
	    "codex", 100, 20, 0, 0, 30, 5 },
	/* logs */
	{ "{\"request_id\":\"r\",\"call_type\":\"acompletion\",\"spend\":0.1,\"model\":\"gpt-"
	  "4o\","
	  "\"custom_llm_provider\":\"azure\",\"prompt_tokens\":9,\"completion_tokens\":1,"
	  "\"total_tokens\":10}",
	    "openai", 9, 0, 0, 0, 1, 0 },
	{ "{\"name\":\"chat\",\"attributes\":[{\"key\":\"gen_ai.usage.input_tokens\",\"value\":"
	  "{\"intValue\":\"900\"}},{\"key\":\"gen_ai.usage.output_tokens\",\"value\":"
	  "{\"intValue\":7}},{\"key\":\"gen_ai.usage.cache_read.input_tokens\",\"value\":"
	  "{\"intValue\":\"800\"}}]}",
	    "otel", 900, 800, 0, 0, 7, 0 },
	{ "{\"gen_ai.request.model\":\"gpt-4o\",\"gen_ai.usage.prompt_tokens\":5,"
	  "\"gen_ai.usage.completion_tokens\":6}",
	    "otel", 5, 0, 0, 0, 6, 0 },
	{ "{\"attributes\":{\"gen_ai.usage.input_tokens\":10,\"gen_ai.usage.output_tokens\":1,"
	  "\"gen_ai.usage.cache_read_input_tokens\":70,"
	  "\"gen_ai.usage.cache_creation_input_tokens\":20}}",
	    "otel", 100, 70, 20, 0, 1, 0 },
	/* answers inside records */
	{ "{\"custom_id\":\"a\",\"body\":{\"model\":\"gpt-4o\",\"messages\":[]},\"response\":"
	  "{\"status_code\":200,\"body\":{\"model\":\"gpt-4o-2024-08-06\",\"usage\":"
	  "{\"prompt_tokens\":1e2,\"completion_tokens\":5.0}}}}",
	    "openai", 100, 0, 0, 0, 5, 0 },
	{ "{\"custom_id\":\"a\",\"result\":{\"type\":\"succeeded\",\"message\":{\"model\":"
	  "\"claude\","
	  "\"usage\":{\"input_tokens\":4,\"output_tokens\":5}}}}",
	    "anthropic", 4, 0, 0, 0, 5, 0 },
};

static void
check_counts(void)
{
	check_group("which count contains which, in every dialect");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		struct usage u = { 0 };

		if (!reads(r->text, &u) || u.flaw || strcmp(u.dialect, r->dialect))
			printf("# row %zu: %s: %s\n", i, u.flaw ? u.flaw : "not read", r->text);
		CHECK(u.present && !u.flaw);
		CHECK_NUMBER(u.input, r->input);
		CHECK_NUMBER(u.cached, r->cached);
		CHECK_NUMBER(u.written_5m, r->written_5m);
		CHECK_NUMBER(u.written_1h, r->written_1h);
		CHECK_NUMBER(u.output, r->output);
		CHECK_NUMBER(u.reasoning, r->reasoning);
	}
}

static const char *const flawed[][2] = {
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":5,"
	  "\"total_tokens\":105,\"prompt_tokens_details\":{\"cached_tokens\":120}}}",
	    "more tokens are cached than were sent" },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":5,"
	  "\"total_tokens\":500}}",
	    "the total is not the sum of its parts" },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":\"5\"}}",
	    "a count is negative" },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":\"5\"}}",
	    "a count is a string" },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":4.5}}",
	    "a count is not a whole number, or above 2^53" },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":9007199254740993,\"completion_"
	  "tokens\":1}}",
	    "a count is above 2^53" },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":99999999999999999999999,"
	  "\"completion_tokens\":1}}",
	    "a count is above 2^53" },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":true,\"completion_tokens\":1}}",
	    "a count is no number" },
	{ "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,"
	  "\"prompt_tokens_details\":{\"cached_tokens\":3},\"cached_tokens\":4}}",
	    "two cached counts that differ" },
	{ "{\"model\":\"m\",\"usage\":{\"input_tokens\":5,\"output_tokens\":1,"
	  "\"cache_creation_input_tokens\":10,\"cache_creation\":{\"ephemeral_5m_input_"
	  "tokens\":3,"
	  "\"ephemeral_1h_input_tokens\":4}}}",
	    "cache writes are not the sum of their parts" },
	{ "{\"modelVersion\":\"m\",\"usageMetadata\":{\"promptTokenCount\":5,"
	  "\"candidatesTokenCount\":1,\"totalTokenCount\":9}}",
	    "the total is not the sum of its parts" },
	{ "{\"usage\":{\"inputTokens\":5,\"outputTokens\":1,\"totalTokens\":7}}",
	    "the total is not the sum of its parts" },
	{ "{\"model\":\"m\",\"usage\":{\"input_tokens\":5,\"output_tokens\":9,\"total_tokens\":"
	  "14,"
	  "\"output_tokens_details\":{\"reasoning_tokens\":10}}}",
	    "a part of the output is larger than the output" },
};

static void
check_flaws(void)
{
	check_group("a usage that contradicts itself is present and has a flaw");
	for (size_t i = 0; i < sizeof(flawed) / sizeof(*flawed); i++) {
		struct usage u = { 0 };

		CHECK(reads(flawed[i][0], &u) && u.present);
		CHECK(u.flaw && !strcmp(u.flaw, flawed[i][1]));
		if (!u.flaw || strcmp(u.flaw, flawed[i][1]))
			printf("# row %zu: %s\n", i, u.flaw ? u.flaw : "no flaw");
	}
}

static void
check_absent(void)
{
	static const char *const none[] = {
		"{\"model\":\"m\",\"usage\":null}",
		"{\"custom_id\":\"a\",\"body\":{\"messages\":[]},\"response\":{\"body\":{}}}",
		"{\"custom_id\":\"a\",\"body\":{\"input\":\"\"},\"response\":null}",
		"{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":null}}",
		"{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"hi\"}}",
		"{\"custom_id\":\"a\",\"result\":{\"type\":\"expired\"}}",
		"{\"messages\":[],\"model\":\"m\"}",
		"{\"usage\":7}",
	};

	check_group("no usage is none, and null is none");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct usage u = { .present = true };

		CHECK(!reads(none[i], &u));
	}
}

static void
check_beside(void)
{
	struct usage u;
	struct arena a = { 0 };

	check_group("model, tier, region, time and provider that stand beside the counts");
	CHECK(reads("{\"model\":\"gpt-5-2025-08-07\",\"created\":1790000000,\"service_tier\":"
		    "\"flex\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}",
	    &u));
	CHECK_SLICE(json_string(u.model, &a), "gpt-5-2025-08-07");
	CHECK_SLICE(u.service_tier, "flex");
	CHECK_SLICE(json_raw(u.time), "1790000000");
	CHECK(reads(
	    "{\"model\":\"claude-opus-4-6\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1,"
	    "\"service_tier\":\"standard\",\"speed\":\"fast\",\"inference_geo\":\"us\","
	    "\"server_tool_use\":{\"web_search_requests\":3}}}",
	    &u));
	CHECK_SLICE(u.service_tier, "fast");
	CHECK_SLICE(u.region, "us");
	CHECK_NUMBER(u.web_searches, 3);
	CHECK(reads("{\"gen_ai.provider.name\":\"aws.bedrock\",\"gen_ai.request.model\":\"a\","
		    "\"gen_ai.response.model\":\"b\",\"gen_ai.usage.input_tokens\":1}",
	    &u));
	CHECK_SLICE(json_string(u.model, &a), "b");
	CHECK_SLICE(json_string(u.provider, &a), "aws.bedrock");
	CHECK(reads(
	    "{\"modelVersion\":\"g\",\"usageMetadata\":{\"promptTokenCount\":9,"
	    "\"candidatesTokenCount\":5,\"totalTokenCount\":14,\"cachedContentTokenCount\":6,"
	    "\"promptTokensDetails\":[{\"modality\":\"AUDIO\",\"tokenCount\":4},"
	    "{\"modality\":\"IMAGE\",\"tokenCount\":2},{\"modality\":\"TEXT\"}],"
	    "\"cacheTokensDetails\":[{\"modality\":\"AUDIO\",\"tokenCount\":3}],"
	    "\"candidatesTokensDetails\":[{\"modality\":\"IMAGE\",\"tokenCount\":5}],"
	    "\"trafficType\":\"ON_DEMAND\"}}",
	    &u));
	CHECK_NUMBER(u.audio_in, 4);
	CHECK_NUMBER(u.audio_cached, 3);
	CHECK_NUMBER(u.image_in, 2);
	CHECK_NUMBER(u.image_out, 5);
	CHECK_SLICE(u.service_tier, "ON_DEMAND");
	CHECK(reads(
	    "{\"custom_id\":\"a\",\"body\":{\"model\":\"gpt-4o\",\"messages\":[]},\"response\":"
	    "{\"status_code\":200,\"body\":{\"usage\":{\"prompt_tokens\":1,"
	    "\"completion_tokens\":1}}},\"llm\":{\"batch\":{\"usage\":{\"input_tokens\":7,"
	    "\"cache_read_input_tokens\":2,\"output_tokens\":1}}}}",
	    &u));
	CHECK_NUMBER(u.input, 9);
	arena_close(&a);
}

static void
check_twice(void)
{
	struct usage u;

	check_group("a member that is read and stands twice is noticed");
	CHECK(reads("{\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"prompt_tokens\":2,"
		    "\"completion_tokens\":1}}",
	    &u));
	CHECK_SLICE(json.twice, "prompt_tokens");
	CHECK(reads("{\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"x\":1,\"x\":2,"
		    "\"completion_tokens\":1}}",
	    &u));
	CHECK(!json.twice.ptr);
}

static void
check_spans(void)
{
	static const char span[] = "{\"attributes\":[{\"key\":\"gen_ai.usage.input_tokens\","
				   "\"value\":{\"intValue\":\"5\"}}]}";
	char one[400], two[600];
	struct usage u;

	check_group("one span a line is read, two are not guessed");
	snprintf(one, sizeof(one), "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s]}]}]}",
	    span);
	snprintf(two, sizeof(two),
	    "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s,%s]}]}]}", span, span);
	CHECK(reads(one, &u) && !u.flaw && u.input == 5);
	CHECK(reads(two, &u) && u.flaw);
}

int
main(void)
{
	check_counts();
	check_flaws();
	check_absent();
	check_beside();
	check_twice();
	check_spans();
	json_free(&json);
	return check_finish();
}
