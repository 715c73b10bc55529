/* SPDX-License-Identifier: MIT */
/* What one walk reads of a line is what the two general readers read, or it says that it is not
 * its line: over lines of all kinds, with members renamed, doubled, emptied and taken out. */
#include "check.h"

#include <stdlib.h>

#include "model/usage.h"

static const char *const lines[] = {
	"{\"id\":\"chatcmpl-0123456789ab\",\"object\":\"chat.completion\",\"created\":"
	"1781215279,"
	"\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
	"\"content\":\"x\",\"refusal\":null},\"finish_reason\":\"stop\"}],\"usage\":{"
	"\"prompt_tokens\":5,\"completion_tokens\":1,\"total_tokens\":6,"
	"\"prompt_tokens_details\":{\"cached_tokens\":1}},\"service_tier\":\"flex\"}",
	"{\"timestamp\":\"2026-11-01T10:00:00Z\",\"model\":\"m\",\"metadata\":{\"user\":\"u\"},"
	"\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}",
	"{\"type\":\"assistant\",\"timestamp\":\"2026-11-01T10:00:00Z\",\"requestId\":\"req_"
	"1\","
	"\"sessionId\":\"s\",\"message\":{\"id\":\"msg_1\",\"model\":\"claude\",\"role\":"
	"\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":4,"
	"\"cache_creation_input_tokens\":2,\"cache_read_input_tokens\":1,\"service_tier\":"
	"\"standard\"}}}",
	"{\"type\":\"user\",\"timestamp\":\"2026-11-01T10:00:00Z\",\"message\":{\"role\":"
	"\"user\","
	"\"content\":\"hi\"}}",
	"{\"type\":\"summary\",\"summary\":\"x\",\"leafUuid\":\"y\"}",
	"{\"object\":\"response\",\"model\":\"m\",\"status\":\"completed\",\"output\":[],"
	"\"usage\":{\"input_tokens\":3,\"output_tokens\":4,\"total_tokens\":7}}",
	"{\"model\":\"m\",\"output\":[{\"type\":\"web_search_call\"},"
	"{\"type\":\"code_interpreter_call\",\"container_id\":\"c\"}],\"usage\":{"
	"\"input_tokens\":3,\"output_tokens\":4,\"total_tokens\":7}}",
	"{\"type\":\"session.created\",\"session\":{\"model\":\"m\"}}",
	"{\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":"
	"\"end_turn\",\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}",
	"{\"modelVersion\":\"g\",\"candidates\":[],\"usageMetadata\":{\"promptTokenCount\":3}}",
	"{\"model\":\"m\",\"prompt_tokens\":3,\"completion_tokens\":4,\"startTime\":\"x\"}",
	"{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{\"model\":\"m\","
	"\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}}}",
	"{\"attributes\":{\"gen_ai.usage.input_tokens\":3,\"gen_ai.request.model\":\"m\"}}",
	"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
	"{\"model\":\"m\",\"choices\":[{\"text\":\"x\",\"finish_reason\":\"length\"}],"
	"\"usage\":{"
	"\"prompt_tokens\":3,\"completion_tokens\":4}}",
	"{\"type\":\"event_msg\",\"payload\":{\"type\":\"token_count\",\"info\":{"
	"\"last_token_usage\":{\"input_tokens\":3,\"output_tokens\":4}}}}",
};
/* What a mutation puts in the place of a piece. */
static const char *const pieces[] = { "\"model\":", "\"usage\":", "\"message\":", "\"id\":",
	"\"llm\":", "\"mod\\u0065l\":", "\"us\\u0061ge\":", "\"choices\":", "\"time\":",
	"\"lane\":", "\"request\":", "\"response\":", "\"meta\":", "\"content\":", "\"text\":",
	"\"prompt\":", "\"input\":", "\"modelId\":", "\"key\":", "null", "3", "{}", "[]",
	"\"x\"", "\"response\"", "-1", "1e3", "0.5",
	"\"type\":", "\"refusal\":", "\"service_tier\":" };

static uint32_t state = 1;

static unsigned
draw(size_t below)
{
	state = state * 1664525u + 1013904223u;
	return (unsigned)((state >> 8) % below);
}

static bool
same_value(struct value a, struct value b)
{
	return a.json == b.json && a.entry == b.entry;
}

static bool
same_request(const struct request *a, const struct request *b)
{
	return a->json == b->json && a->shape == b->shape && a->api == b->api &&
	       same_value(a->root, b->root) && same_value(a->body, b->body) &&
	       same_value(a->id, b->id) && same_value(a->model, b->model) &&
	       same_value(a->llm, b->llm) && a->answered == b->answered &&
	       same_value(a->answer, b->answer) && same_value(a->error, b->error) &&
	       a->status == b->status && a->batch_line == b->batch_line;
}

static bool
same_usage(const struct usage *a, const struct usage *b)
{
	return a->present == b->present && a->flaw == b->flaw && a->dialect == b->dialect &&
	       a->input == b->input && a->cached == b->cached &&
	       a->written_5m == b->written_5m && a->written_1h == b->written_1h &&
	       a->output == b->output && a->reasoning == b->reasoning &&
	       a->web_searches == b->web_searches && a->file_searches == b->file_searches &&
	       a->containers == b->containers && same_value(a->beside, b->beside) &&
	       a->replayed == b->replayed && slice_eq(a->service_tier, b->service_tier) &&
	       slice_eq(a->region, b->region) && same_value(a->object, b->object) &&
	       same_value(a->model, b->model) && same_value(a->time, b->time) &&
	       same_value(a->provider, b->provider);
}

static bool
same_hints(const struct request *r, const struct usage_hints *h)
{
	struct value message = json_get(r->root, "message");
	enum ending e = h->no_ending            ? ENDING_UNKNOWN
			: json_type(h->choices) ? ending_of_choices(h->choices)
						: answer_ending(r);

	if (!same_value(h->lane, request_attribute(r, "lane")))
		return false;
	if (h->transcript != (json_type(message) == JSON_OBJECT) || e != answer_ending(r))
		return false;
	return same_value(h->id, json_get(h->transcript ? message : r->root, "id"));
}

static bool
agrees(struct json *json, unsigned *calls, unsigned *nothing)
{
	struct request quick, slow;
	struct usage u, v;
	struct usage_hints hints;
	enum usage_quick what = usage_quick(json, &quick, &u, &hints);
	bool twice = json->twice.ptr != NULL, known;

	if (what == USAGE_QUICK_NOT)
		return !twice;
	json->twice = slice_of(NULL, 0);
	known = request_read(json, &slow);
	if (what == USAGE_QUICK_NOTHING) {
		++*nothing;
		return !known && !json->twice.ptr && same_request(&quick, &slow);
	}
	++*calls;
	return known && usage_read(&slow, &v) && same_request(&quick, &slow) &&
	       same_usage(&u, &v) && same_hints(&slow, &hints) && (!twice || json->twice.ptr);
}

/* A member's name, or a value, is replaced by a piece. */
static void
mutate(struct json *json, char *out, size_t room)
{
	const char *text = json->text.ptr,
		   *piece = pieces[draw(sizeof(pieces) / sizeof(*pieces))];
	uint32_t entry = draw(json->count);
	struct slice raw = json_raw((struct value){ json, entry });
	size_t at = (size_t)(raw.ptr - text), length = raw.len;
	bool name = piece[strlen(piece) - 1] == ':';

	if (strchr(",:]}", text[at]))
		length = 0,
		piece = text[at] == '}' || text[at] == ',' ? ",\"model\":\"m\"" : "";
	else if (name && text[at] == '"' && text[at + length] == ':')
		length++;
	snprintf(out, room, "%.*s%s%s", (int)at, text, piece, text + at + length);
}

int
main(void)
{
	struct json json = { 0 }, other = { 0 };
	unsigned calls = 0, nothing = 0, wrong = 0;
	char text[4096];
	const char *why;
	size_t where;

	check_group("one walk reads what the general readers read");
	json_expect_shapes(&other);
	for (unsigned round = 0; round < 60000; round++) {
		struct slice line = slice_z(lines[draw(sizeof(lines) / sizeof(*lines))]);

		CHECK(json_scan(&json, line, &why, &where));
		mutate(&json, text, sizeof(text));
		if (!json_scan(&other, slice_z(text), &why, &where) ||
		    json_type(json_root(&other)) != JSON_OBJECT)
			continue;
		if (!agrees(&other, &calls, &nothing)) {
			if (wrong++ < 5)
				printf("# %s\n", text);
		}
	}
	CHECK_NUMBER(wrong, 0);
	CHECK(calls > 5000);
	CHECK(nothing > 1000);
	json_free(&json);
	json_free(&other);
	return check_finish();
}
