/* SPDX-License-Identifier: MIT */
#include "model/request.h"

#include "json/members.h"
#include "model/api.h"
#include "model/usage.h"

static enum shape insisted;

static const struct {
	const char *name;
	enum shape shape;
} shapes[] = {
	{ "envelope", SHAPE_ENVELOPE },
	{ "anthropic", SHAPE_ANTHROPIC },
	{ "bedrock", SHAPE_BEDROCK },
	{ "gemini", SHAPE_GEMINI },
	{ "usage", SHAPE_USAGE },
	{ "bare", SHAPE_BARE },
};

enum shape
shape_named(const char *name)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (strcmp(shapes[i].name, name) == 0)
			return shapes[i].shape;
	return SHAPE_NONE;
}

const char *
shape_name(enum shape shape)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (shapes[i].shape == shape)
			return shapes[i].name;
	return "none";
}

void
request_insist(enum shape shape)
{
	insisted = shape;
}

bool
request_insisted(void)
{
	return insisted != SHAPE_NONE;
}

/* `response` of OpenAI's kind: {status_code, body}, or the provider's body itself. */
static void
read_response(struct request *r, struct value response, struct value error)
{
	static const char *const names[] = { "body", "status_code" };
	static struct members members = { .names = names, .count = 2 };
	struct value v[2];

	if (is_set(error))
		r->error = error;
	if (json_type(response) != JSON_OBJECT) {
		r->answered = is_set(response) || is_set(error);
		return;
	}
	r->answered = true;
	members_get(response, &members, v);
	if (json_type(v[0])) {
		json_whole(v[1], &r->status);
		r->answer = v[0];
	} else {
		r->answer = response;
	}
	if (!is_set(r->error))
		r->error = json_get(r->answer, "error");
	if (!is_set(r->error))
		r->error = (struct value){ 0 };
}

static void
read_result(struct request *r, struct value result)
{
	r->answered = is_set(result);
	r->answer = json_get(result, "message");
	r->error = json_get(result, "error");
	if (r->answered && !json_is(json_get(result, "type"), "succeeded") && !is_set(r->error))
		r->error = json_get(result, "type");
}

/* The members at the top that tell the shape and hold the answer, looked up once. */
enum top {
	TOP_CUSTOM_ID,
	TOP_BODY,
	TOP_PARAMS,
	TOP_RECORD_ID,
	TOP_MODEL_INPUT,
	TOP_MODEL_OUTPUT,
	TOP_REQUEST,
	TOP_KEY,
	TOP_URL,
	TOP_LLM,
	TOP_RESPONSE,
	TOP_ERROR,
	TOP_RESULT,
	TOP_MODEL,
	TOPS
};
static const char *const top_names[TOPS] = { "custom_id", "body", "params", "recordId",
	"modelInput", "modelOutput", "request", "key", "url", "llm", "response", "error",
	"result", "model" };

static bool
as_envelope(struct request *r, const struct value top[])
{
	if (!json_type(top[TOP_CUSTOM_ID]) || json_type(top[TOP_BODY]) != JSON_OBJECT)
		return false;
	r->id = top[TOP_CUSTOM_ID];
	r->body = top[TOP_BODY];
	r->api = api_with(r->body, top[TOP_URL]);
	r->batch_line = json_is(json_get(json_get(r->llm, "batch"), "lane"), "batch");
	read_response(r, top[TOP_RESPONSE], top[TOP_ERROR]);
	return true;
}

static bool
as_anthropic(struct request *r, const struct value top[])
{
	if (!json_type(top[TOP_CUSTOM_ID]) || json_type(top[TOP_PARAMS]) != JSON_OBJECT)
		return false;
	r->id = top[TOP_CUSTOM_ID];
	r->body = top[TOP_PARAMS];
	r->api = API_MESSAGES;
	read_result(r, top[TOP_RESULT]);
	return true;
}

static bool
as_bedrock(struct request *r, const struct value top[])
{
	if (json_type(top[TOP_MODEL_INPUT]) != JSON_OBJECT)
		return false;
	r->id = top[TOP_RECORD_ID];
	r->body = top[TOP_MODEL_INPUT];
	r->api = api_of(r->body);
	r->answer = top[TOP_MODEL_OUTPUT];
	r->error = top[TOP_ERROR];
	r->answered = is_set(r->answer) || is_set(r->error);
	r->batch_line = r->answered;
	return true;
}

static bool
as_gemini(struct request *r, const struct value top[])
{
	struct value status;

	if (!json_type(json_get(top[TOP_REQUEST], "contents")))
		return false;
	r->id = json_type(top[TOP_KEY]) ? top[TOP_KEY] : top[TOP_CUSTOM_ID];
	r->body = top[TOP_REQUEST];
	r->api = API_GEMINI;
	r->answer = top[TOP_RESPONSE];
	r->error = top[TOP_ERROR];
	status = json_get(r->root, "status");
	/* Vertex: an empty status is success, any other the error as text */
	if (!is_set(r->error) && json_string_raw(status).len)
		r->error = status;
	r->answered = is_set(r->answer) || is_set(r->error);
	r->batch_line = r->answered;
	return true;
}

/* A result line without its request, a provider's answer, or a line of a log. */
static bool
as_usage(struct request *r, const struct value top[])
{
	if (!usage_line(r->root))
		return false;
	r->answered = true;
	r->answer = r->root;
	r->id = json_type(top[TOP_CUSTOM_ID]) ? top[TOP_CUSTOM_ID] : top[TOP_KEY];
	if (json_type(r->id) && json_type(top[TOP_RESULT]) == JSON_OBJECT) {
		r->batch_line = true;
		read_result(r, top[TOP_RESULT]);
	} else if (json_type(r->id) &&
		   (json_type(top[TOP_RESPONSE]) || is_set(top[TOP_ERROR]))) {
		r->batch_line = true;
		r->answer = (struct value){ 0 };
		read_response(r, top[TOP_RESPONSE], top[TOP_ERROR]);
	}
	return true;
}

static bool
as_bare(struct request *r, const struct value top[])
{
	r->api = api_of(r->root);
	if (r->api == API_NONE)
		return false;
	r->body = r->root;
	if (json_type(top[TOP_RESULT]) == JSON_OBJECT)
		read_result(r, top[TOP_RESULT]);
	else
		read_response(r, top[TOP_RESPONSE], top[TOP_ERROR]);
	return true;
}

static const struct {
	enum shape shape;
	bool (*read)(struct request *r, const struct value top[]);
} readers[] = {
	{ SHAPE_ENVELOPE, as_envelope },
	{ SHAPE_ANTHROPIC, as_anthropic },
	{ SHAPE_BEDROCK, as_bedrock },
	{ SHAPE_GEMINI, as_gemini },
	{ SHAPE_USAGE, as_usage },
	{ SHAPE_BARE, as_bare },
};

bool
request_read(struct json *json, struct request *r)
{
	static struct members members = { .names = top_names, .count = TOPS };
	struct value root = json_root(json), top[TOPS];

	members_get(root, &members, top);
	for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		if (insisted && readers[i].shape != insisted)
			continue;
		*r = (struct request){ .json = json,
			.root = root,
			.llm = top[TOP_LLM],
			.shape = readers[i].shape };
		if (!readers[i].read(r, top))
			continue;
		r->model = json_get(r->body, "model");
		if (json_type(r->model) != JSON_STRING)
			r->model = json_type(top[TOP_MODEL]) ? top[TOP_MODEL]
							     : json_get(root, "modelId");
		return true;
	}
	*r = (struct request){ .json = json, .root = root };
	return false;
}
