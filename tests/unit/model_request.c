/* SPDX-License-Identifier: MIT */
/* lib/model: shapes, parts, caps, endings and attributes of all interfaces. */
#include "base/buf.h"
#include "check.h"
#include "model/request.h"

static struct json json;
static struct arena arena;

static bool
read_text(const char *text, struct request *r)
{
	const char *why;
	size_t where;

	if (!json_scan(&json, slice_z(text), &why, &where)) {
		printf("# bad test text: %s\n", why);
		return false;
	}
	return request_read(&json, r);
}

static void
check_shapes(void)
{
	static const struct {
		const char *text;
		enum shape shape;
		enum api api;
		bool answered;
	} cases[] = {
		{ "{\"custom_id\":\"a\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"m\",\"messages\":[]}}", SHAPE_ENVELOPE, API_CHAT, false },
		{ "{\"custom_id\":\"a\",\"url\":\"/v1/responses\",\"body\":{\"input\":\"x\"}}", SHAPE_ENVELOPE, API_RESPONSES, false },
		{ "{\"custom_id\":\"a\",\"url\":\"/v1/embeddings\",\"body\":{\"input\":\"x\"}}", SHAPE_ENVELOPE, API_EMBEDDING, false },
		{ "{\"custom_id\":\"a\",\"params\":{\"messages\":[]}}", SHAPE_ANTHROPIC, API_MESSAGES, false },
		{ "{\"recordId\":\"1\",\"modelInput\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}}", SHAPE_BEDROCK, API_CONVERSE, false },
		{ "{\"recordId\":\"1\",\"modelInput\":{\"anthropic_version\":\"b\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]},\"modelOutput\":{\"content\":[]}}", SHAPE_BEDROCK, API_MESSAGES, true },
		{ "{\"key\":\"k\",\"request\":{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}}", SHAPE_GEMINI, API_GEMINI, false },
		{ "{\"request\":{\"contents\":[]},\"response\":{},\"status\":\"Bad Request\"}", SHAPE_GEMINI, API_GEMINI, true },
		{ "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", SHAPE_BARE, API_CHAT, false },
		{ "{\"model\":\"claude-x\",\"system\":\"s\",\"messages\":[]}", SHAPE_BARE, API_MESSAGES, false },
		{ "{\"model\":\"m\",\"input\":\"x\"}", SHAPE_BARE, API_RESPONSES, false },
		{ "{\"model\":\"text-embedding-3-small\",\"input\":\"x\"}", SHAPE_BARE, API_EMBEDDING, false },
		{ "{\"model\":\"m\",\"prompt\":\"x\"}", SHAPE_BARE, API_COMPLETION, false },
		{ "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}", SHAPE_BARE, API_GEMINI, false },
		{ "{\"model\":\"m\",\"messages\":[],\"response\":{\"status_code\":200,\"body\":{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}}}", SHAPE_BARE, API_CHAT, true },
		{ "{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}},\"error\":null}", SHAPE_USAGE, API_NONE, true },
		{ "{\"model\":\"gpt-4o\",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}", SHAPE_USAGE, API_NONE, true },
		{ "{}", SHAPE_NONE, API_NONE, false },
		{ "{\"custom_id\":\"a\"}", SHAPE_NONE, API_NONE, false },
		{ "{\"custom_id\":\"a\",\"body\":3}", SHAPE_NONE, API_NONE, false },
	};
	struct request r;

	check_group("shapes");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool known = read_text(cases[i].text, &r);
		bool fine = known == (cases[i].shape != SHAPE_NONE) && r.shape == cases[i].shape &&
		    r.api == cases[i].api && r.answered == cases[i].answered;

		if (!fine)
			printf("# case %zu: shape %s api %d answered %d: %s\n", i, shape_name(r.shape),
			    r.api, r.answered, cases[i].text);
		CHECK(fine);
	}
	CHECK_NUMBER(shape_named("bedrock"), SHAPE_BEDROCK);
	CHECK_NUMBER(shape_named("x"), SHAPE_NONE);
}

static const char letters[] = { [PART_SYSTEM] = 'S', [PART_USER] = 'U', [PART_ASSISTANT] = 'A',
	[PART_RESULT] = 'R', [PART_CALL] = 'C', [PART_THINKING] = 'T', [PART_IMAGE] = 'I',
	[PART_AUDIO] = 'M', [PART_FILE] = 'F', [PART_OTHER] = 'O' };

static void
list_part(void *context, const struct part *p)
{
	struct slice text = json_type(p->text) == JSON_STRING ? json_string(p->text, &arena)
	                                                       : json_raw(p->text);

	buf_printf(context, "%c%zu:%.*s ", letters[p->kind], p->turn, SLICE_ARG(text));
}

static void
check_parts(void)
{
	static const char *const cases[][2] = {
		{ "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"u\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]},"
		  "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"42\"}]}",
		    "S0:s U1:u I1: C2:{} R3:42 " },
		{ "{\"model\":\"m\",\"instructions\":\"i\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"u\"}]},{\"type\":\"function_call\",\"arguments\":\"{}\"},{\"type\":\"function_call_output\",\"output\":\"o\"}]}",
		    "S0:i U0:u C1:{} R2:o " },
		{ "{\"custom_id\":\"a\",\"params\":{\"system\":[{\"type\":\"text\",\"text\":\"s\"}],\"messages\":[{\"role\":\"user\",\"content\":\"u\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"t\"},{\"type\":\"tool_use\",\"input\":{\"a\":1}}]},"
		  "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":[{\"type\":\"text\",\"text\":\"r\"}]},{\"type\":\"document\",\"source\":{\"type\":\"text\",\"data\":\"d\"}}]}]}}",
		    "S0:s U0:u T1:t C1:{\"a\":1} R2:r U2:d " },
		{ "{\"request\":{\"systemInstruction\":{\"parts\":[{\"text\":\"s\"}]},\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"u\"},{\"inlineData\":{\"mimeType\":\"image/png\"}}]},{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"args\":{}}}]}]}}",
		    "S0:s U0:u I0: C1:{} " },
		{ "{\"recordId\":\"1\",\"modelInput\":{\"system\":[{\"text\":\"s\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"u\"},{\"toolResult\":{\"content\":[{\"json\":{}}]}}]}]}}",
		    "S0:s U0:u R0:{} " },
		{ "{\"model\":\"m\",\"prompt\":[\"a\",\"b\"]}", "U0:a U0:b " },
	};
	struct request r;
	struct buf out = { 0 };

	check_group("parts");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CHECK(read_text(cases[i][0], &r));
		buf_clear(&out);
		request_parts(&r, list_part, &out);
		CHECK_SLICE(buf_slice(&out), cases[i][1]);
	}
	buf_free(&out);
}

static void
check_endings(void)
{
	static const struct {
		const char *answer;
		enum ending ending;
	} cases[] = {
		{ "{\"status_code\":200,\"body\":{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"x\"}}]}}", ENDING_DONE },
		{ "{\"status_code\":200,\"body\":{\"choices\":[{\"finish_reason\":\"length\",\"message\":{\"content\":\"x\"}}]}}", ENDING_CUT },
		{ "{\"status_code\":200,\"body\":{\"choices\":[{\"finish_reason\":\"content_filter\",\"message\":{}}]}}", ENDING_FILTERED },
		{ "{\"status_code\":200,\"body\":{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"refusal\":\"no\"}}]}}", ENDING_FILTERED },
		{ "{\"status_code\":200,\"body\":{\"choices\":[{\"finish_reason\":null,\"message\":{}}]}}", ENDING_UNKNOWN },
		{ "{\"status_code\":200,\"body\":{\"choices\":[{\"finish_reason\":\"stop\"},{\"finish_reason\":\"length\"}]}}", ENDING_CUT },
		{ "{\"status_code\":200,\"body\":{\"choices\":[]}}", ENDING_UNKNOWN },
		{ "{\"status_code\":400,\"body\":{\"error\":{\"message\":\"x\"}}}", ENDING_FAILED },
		{ "{\"status_code\":200,\"body\":{\"error\":{\"message\":\"x\"}}}", ENDING_FAILED },
		{ "{\"status_code\":200,\"body\":{\"object\":\"response\",\"status\":\"completed\",\"error\":null,\"output\":[]}}", ENDING_DONE },
		{ "{\"status_code\":200,\"body\":{\"object\":\"response\",\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}}}", ENDING_CUT },
		{ "{\"status_code\":200,\"body\":{\"content\":[],\"stop_reason\":\"end_turn\"}}", ENDING_DONE },
		{ "{\"status_code\":200,\"body\":{\"content\":[],\"stop_reason\":\"refusal\"}}", ENDING_FILTERED },
		{ "{\"status_code\":200,\"body\":{\"candidates\":[{\"finishReason\":\"STOP\"}]}}", ENDING_DONE },
		{ "{\"status_code\":200,\"body\":{\"candidates\":[{\"finishReason\":\"SAFETY\"}]}}", ENDING_FILTERED },
		{ "{\"status_code\":200,\"body\":{\"candidates\":[{}]}}", ENDING_UNKNOWN },
		{ "{\"status_code\":200,\"body\":{\"output\":{\"message\":{}},\"stopReason\":\"max_tokens\"}}", ENDING_CUT },
		{ "{\"status_code\":200,\"body\":{}}", ENDING_UNKNOWN },
		{ "{\"status_code\":200,\"body\":{\"data\":[{\"embedding\":[0.1]}]}}", ENDING_DONE },
	};
	struct request r;
	char text[1024];

	check_group("endings");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(text, sizeof(text), "{\"custom_id\":\"a\",\"body\":{\"messages\":[]},\"response\":%s}", cases[i].answer);
		CHECK(read_text(text, &r));
		if (answer_ending(&r) != cases[i].ending)
			printf("# case %zu: %d\n", i, answer_ending(&r));
		CHECK_NUMBER(answer_ending(&r), cases[i].ending);
	}
	CHECK(read_text("{\"custom_id\":\"a\",\"body\":{\"messages\":[]}}", &r) && answer_ending(&r) == ENDING_NONE);
	CHECK(read_text("{\"custom_id\":\"a\",\"body\":{\"messages\":[]},\"response\":null,\"error\":{\"code\":\"batch_expired\"}}", &r));
	CHECK(r.answered && answer_ending(&r) == ENDING_FAILED);
	CHECK(read_text("{\"custom_id\":\"a\",\"body\":{\"messages\":[]},\"response\":null,\"error\":\"Service unavailable\"}", &r));
	CHECK(r.answered && answer_ending(&r) == ENDING_FAILED);
	CHECK(read_text("{\"custom_id\":\"a\",\"params\":{\"messages\":[]},\"result\":{\"type\":\"expired\"}}", &r));
	CHECK(r.answered && answer_ending(&r) == ENDING_FAILED);
	CHECK(read_text("{\"custom_id\":\"a\",\"params\":{\"messages\":[]},\"result\":{\"type\":\"succeeded\",\"message\":{\"content\":[],\"stop_reason\":\"tool_use\"}}}", &r));
	CHECK_NUMBER(answer_ending(&r), ENDING_DONE);
}

static void
check_members(void)
{
	struct request r;
	const char *const *path;
	const char *why;
	uint64_t n;

	check_group("caps, parameters, attributes, needs");
	CHECK(read_text("{\"request\":{\"contents\":[],\"generationConfig\":{\"maxOutputTokens\":7,\"topP\":0.5}}}", &r));
	CHECK(json_whole(request_cap(&r, &path), &n) && n == 7);
	CHECK_SLICE(slice_z(path[1]), "maxOutputTokens");
	CHECK_SLICE(json_raw(request_parameter(&r, "top_p")), "0.5");
	CHECK_SLICE(slice_z(request_cap_path(API_CHAT, SLICE("gpt-5-mini"))[0]), "max_completion_tokens");
	CHECK_SLICE(slice_z(request_cap_path(API_CHAT, SLICE("gpt-4o"))[0]), "max_tokens");
	CHECK(read_text("{\"custom_id\":\"a\",\"user\":\"top\",\"llm\":{\"tags\":{\"tenant\":\"t\"}},\"body\":{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}],\"metadata\":{\"user\":\"inner\"},\"tools\":[{}],\"stream\":true}}", &r));
	CHECK(json_is(request_attribute(&r, "user"), "inner"));
	CHECK(json_is(request_attribute(&r, "tenant"), "t"));
	CHECK(!json_type(request_attribute(&r, "session")));
	CHECK(request_needs(&r).audio && request_needs(&r).tools && request_needs(&r).stream && !request_needs(&r).vision);
	CHECK(request_field("user=.user", &why));
	CHECK(json_is(request_attribute(&r, "user"), "top"));
	CHECK(!request_field("user", &why) && !request_field("user=user", &why));
	CHECK_SLICE(models_resolve(SLICE("x")), "x");
}

static struct needs
needs_of(const char *text)
{
	struct request r;

	CHECK(read_text(text, &r));
	return request_needs(&r);
}

static void
check_needs(void)
{
	struct needs n;

	check_group("what a request needs, in each interface's words");
	CHECK(needs_of("{\"messages\":[],\"response_format\":{\"type\":\"json_schema\"}}").schema);
	CHECK(needs_of("{\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\"}}}").schema);
	CHECK(needs_of("{\"custom_id\":\"a\",\"params\":{\"messages\":[],\"system\":\"s\",\"output_config\":{\"format\":{\"type\":\"json_schema\"}}}}").schema);
	CHECK(needs_of("{\"request\":{\"contents\":[],\"generationConfig\":{\"responseJsonSchema\":{}}}}").schema);
	CHECK(needs_of("{\"request\":{\"contents\":[],\"generation_config\":{\"response_schema\":{}}}}").schema);
	CHECK(!needs_of("{\"request\":{\"contents\":[],\"generationConfig\":{\"responseMimeType\":\"application/json\"}}}").schema);
	CHECK(needs_of("{\"messages\":[],\"functions\":[{\"name\":\"f\"}]}").tools);
	CHECK(!needs_of("{\"messages\":[],\"functions\":[],\"tools\":[]}").tools);
	CHECK(needs_of("{\"messages\":[],\"modalities\":[\"text\"]}").product == PRODUCT_TEXT);
	CHECK(needs_of("{\"messages\":[],\"modalities\":[\"text\",\"audio\"]}").product == PRODUCT_OTHER);
	CHECK(needs_of("{\"request\":{\"contents\":[],\"generationConfig\":{\"responseModalities\":[\"TEXT\",\"IMAGE\"]}}}").product == PRODUCT_OTHER);
	n = needs_of("{\"request\":{\"contents\":[{\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{},\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"\"}}]}}]}]}}");
	CHECK(n.vision && !n.files);
	n = needs_of("{\"custom_id\":\"a\",\"params\":{\"system\":\"s\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"base64\"}}]}]}]}}");
	CHECK(n.files && !n.vision);
}

static void
check_twice(void)
{
	struct request r;

	check_group("members that stand twice");
	CHECK(read_text("{\"custom_id\":\"a\",\"body\":{\"model\":\"a\",\"model\":\"b\",\"messages\":[]}}", &r));
	CHECK(json.twice.ptr != NULL);
	CHECK(read_text("{\"custom_id\":\"a\",\"body\":{\"model\":\"a\",\"x\":1,\"x\":2,\"messages\":[]},\"odd\":{\"n\":1,\"n\":2}}", &r));
	CHECK(json.twice.ptr == NULL);
}

int
main(void)
{
	check_shapes();
	check_parts();
	check_endings();
	check_members();
	check_needs();
	check_twice();
	json_free(&json);
	arena_close(&arena);
	return check_finish();
}
