/* SPDX-License-Identifier: MIT */
/* Answers from one form to another, and streams put together, cut at every byte. */
#include "check.h"

#include "chat/answer.h"

static struct json json;

static struct value
parse(const char *text)
{
	const char *why;
	size_t where;

	CHECK(json_scan(&json, slice_z(text), &why, &where));
	return json_root(&json);
}

static const char chat_events[] =
    "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
    "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
    "\"finish_reason\":null}]}\n\n"
    ": a comment\n\n"
    "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\\u00e9\"},"
    "\"finish_reason\":null}]}\n\n"
    "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,"
    "\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\"}}"
    "]},"
    "\"finish_reason\":null}]}\n\n"
    "data: {\"id\":\"c1\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,"
    "\"function\":{\"arguments\":\"\\\":1}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n"
    "data: "
    "{\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,"
    "\"total_tokens\":5}}\n\n"
    "data: [DONE]\n\n";
static const char chat_whole[] =
    "{\"object\":\"chat.completion\",\"id\":\"c1\",\"created\":1,\"model\":\"m\",\"choices\":[{"
    "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a\xc3\xa9\",\"refusal\":"
    "null,"
    "\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"f\","
    "\"arguments\":\"{\\\"x\\\":1}\"}}]},\"finish_reason\":\"tool_calls\"}],\"usage\":{"
    "\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";

static const char message_events[] =
    "event: message_start\r\n"
    "data: "
    "{\"type\":\"message_start\",\"message\":{\"id\":\"m1\",\"type\":\"message\",\"role\":"
    "\"assistant\",\"model\":\"c\",\"content\":[],\"stop_reason\":null,\"usage\":{"
    "\"input_tokens\":9,\"output_tokens\":1}}}\r\n\r\n"
    "event: content_block_start\n"
    "data: "
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\","
    "\"thinking\":\"\"}}\n\n"
    "data: "
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\","
    "\"thinking\":\"hm\"}}\n\n"
    "data: "
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\","
    "\"signature\":\"S\"}}\n\n"
    "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
    "data: "
    "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\","
    "\"id\":\"t\",\"name\":\"f\",\"input\":{}}}\n\n"
    "data: "
    "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\","
    "\"partial_json\":\"{\\\"x\\\":\"}}\n\n"
    "data: "
    "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\","
    "\"partial_json\":\"1}\"}}\n\n"
    "data: {\"type\":\"content_block_stop\",\"index\":1}\n\n"
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\","
    "\"stop_sequence\":null},\"usage\":{\"output_tokens\":7}}\n\n"
    "data: {\"type\":\"message_stop\"}\n\n";
static const char message_whole[] =
    "{\"id\":\"m1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"c\",\"content\":[{"
    "\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"S\"},{\"type\":\"tool_use\","
    "\"id\":\"t\",\"name\":\"f\",\"input\":{\"x\":1}}],\"stop_reason\":\"tool_use\","
    "\"stop_sequence\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":7}}";

static const char gemini_events[] =
    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}],\"role\":\"model\"}}],"
    "\"modelVersion\":\"g\"}\r\n\r\n"
    "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}],\"role\":\"model\"},"
    "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":2,"
    "\"candidatesTokenCount\":2,\"totalTokenCount\":4},\"modelVersion\":\"g\"}\r\n\r\n";
static const char gemini_whole[] =
    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"ab\"}],\"role\":\"model\"},"
    "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":2,"
    "\"candidatesTokenCount\":2,\"totalTokenCount\":4},\"modelVersion\":\"g\"}";

static const char responses_events[] =
    "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\","
    "\"status\":\"in_progress\"}}\n\n"
    "event: response.completed\ndata: "
    "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\","
    "\"status\":\"completed\",\"output\":[]}}\n\n";
static const char responses_whole[] = "{\"id\":\"r\",\"status\":\"completed\",\"output\":[]}";

static void
check_stream(enum api api, const char *events, const char *whole)
{
	struct slice all = slice_z(events);
	struct buf out = { 0 };
	const char *why;
	size_t taken = 0;

	CHECK(chat_stream(api, all, &out, &why));
	CHECK_SLICE(buf_slice(&out), whole);
	for (size_t n = 0; n < all.len; n++) {
		buf_clear(&out);
		taken += chat_stream(api, slice_take(all, n), &out, &why);
		CHECK(!out.len || taken);
	}
	/* at most the line break that ends the last line is not needed */
	CHECK_NUMBER(taken, 0);
	buf_free(&out);
}

static void
check_answer(enum api from, enum api to, const char *answer, const char *want)
{
	struct arena a = { 0 };
	struct buf out = { 0 };
	struct value usage;
	const char *why = NULL;
	bool ok = chat_answer(parse(answer), from, to, &a, &out, &usage, &why);

	CHECK(ok == (want != NULL));
	if (want)
		CHECK_SLICE(buf_slice(&out), want);
	buf_free(&out);
	arena_close(&a);
}

int
main(void)
{
	struct buf out = { 0 };
	const char *why;

	check_group("streams");
	check_stream(API_CHAT, chat_events, chat_whole);
	check_stream(API_MESSAGES, message_events, message_whole);
	check_stream(API_GEMINI, gemini_events, gemini_whole);
	check_stream(API_RESPONSES, responses_events, responses_whole);
	CHECK(!chat_stream(
	    API_CHAT, SLICE("data: {\"error\":{\"message\":\"x\"}}\n\n"), &out, &why));
	CHECK(!chat_stream(API_CHAT, SLICE("data: {]\n\ndata: [DONE]\n\n"), &out, &why));
	CHECK(!chat_stream(API_CHAT,
	    SLICE("data: "
		  "{\"choices\":[{\"index\":9000,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
		  "data: [DONE]\n\n"),
	    &out, &why));
	CHECK(!chat_stream(API_MESSAGES,
	    SLICE("data: {\"type\":\"content_block_stop\",\"index\":255}\n\n"), &out, &why));

	check_group("answers");
	check_answer(API_MESSAGES, API_CHAT,
	    "{\"id\":\"m\",\"model\":\"c\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],"
	    "\"stop_reason\":\"max_tokens\",\"usage\":{\"input_tokens\":5,"
	    "\"cache_read_input_tokens\":4,\"cache_creation_input_tokens\":0,\"output_tokens\":"
	    "3}}",
	    "{\"id\":\"m\",\"object\":\"chat.completion\",\"model\":\"c\",\"choices\":[{"
	    "\"index\":0,"
	    "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":"
	    "\"length\"}],"
	    "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12,"
	    "\"prompt_tokens_details\":{\"cached_tokens\":4},\"completion_tokens_details\":{"
	    "\"reasoning_tokens\":0}}}");
	check_answer(API_CHAT, API_MESSAGES,
	    "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"tool_"
	    "calls\","
	    "\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":"
	    "\"t\","
	    "\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}",
	    "{\"id\":\"c\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
	    "\"content\":[{"
	    "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}],\"stop_reason\":"
	    "\"tool_use\",\"stop_sequence\":null}");
	check_answer(API_GEMINI, API_RESPONSES,
	    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"t\",\"thought\":true},{"
	    "\"text\":"
	    "\"x\"}]},\"finishReason\":\"STOP\"}],\"modelVersion\":\"g\",\"responseId\":\"i\"}",
	    "{\"id\":\"i\",\"object\":\"response\",\"status\":\"completed\",\"incomplete_"
	    "details\":"
	    "null,\"model\":\"g\",\"output\":[{\"type\":\"message\",\"status\":\"completed\","
	    "\"role\":"
	    "\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"x\","
	    "\"annotations\":[]}]}"
	    "]}");
	check_answer(API_CHAT, API_MESSAGES, "{\"choices\":[]}", NULL);
	check_answer(API_CHAT, API_MESSAGES,
	    "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\","
	    "\"arguments\":"
	    "\"{\"}}]}}]}",
	    NULL);
	check_answer(
	    API_MESSAGES, API_CHAT, "{\"content\":[{\"type\":\"server_tool_use\"}]}", NULL);
	check_answer(API_CHAT, API_CHAT, "{\"error\":{\"message\":\"x\"}}", NULL);
	json_free(&json);
	buf_free(&out);
	return check_finish();
}
