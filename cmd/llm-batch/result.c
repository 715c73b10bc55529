/* SPDX-License-Identifier: MIT */
#include "result.h"

#include <stdlib.h>

static bool
is_set(struct value v)
{
	return json_type(v) > JSON_NULL;
}

const char *
result_class(unsigned status)
{
	switch (status) {
	case 401:
	case 403: return "auth";
	case 408: return "timeout";
	case 409: return "conflict";
	case 429: return "rate_limit";
	default: break;
	}
	return status >= 500   ? "server"
	       : status >= 400 ? "client"
	       : status >= 300 ? "redirect"
			       : "error";
}

static const char *const passing[] = { "cancelled", "conflict", "connection", "cut", "expired",
	"invalid_answer", "limit", "no_original", "no_result", "not_sent", "rate_limit",
	"server", "timeout" };

#define PASSING (sizeof(passing) / sizeof(*passing))

bool
result_again(struct slice named)
{
	for (size_t i = 0; i < PASSING; i++)
		if (slice_eqz(named, passing[i]))
			return true;
	return false;
}

const char *
result_ending(enum api api, struct value answer)
{
	struct request r = { .json = answer.json,
		.api = api,
		.answered = true,
		.answer = answer,
		.status = 200 };

	switch (answer_ending(&r)) {
	case ENDING_CUT: return "length";
	case ENDING_FILTERED: return "content_filter";
	case ENDING_UNKNOWN: return "no_finish_reason";
	case ENDING_FAILED: return "error";
	default: return NULL;
	}
}

static void
take(struct result *r, struct value root, const char *name)
{
	struct value v = json_get(root, name);
	size_t n = 0;

	if (!is_set(v))
		return;
	while (r->name[n])
		n++;
	r->name[n] = name;
	r->member[n] = v;
}

static void
fail(struct result *r, const char *class)
{
	r->good = false;
	r->class = class;
}

static void
fail_status(struct result *r, unsigned status)
{
	r->status = status;
	fail(r, result_class(status));
}

static unsigned
status_of(struct value v)
{
	uint64_t n = 0;

	return json_whole(v, &n) && n < 1000 ? (unsigned)n : 0;
}

/* Where it names such a class, that is what failed. */
static bool
fail_named(struct result *r, struct value name)
{
	for (size_t i = 0; i < PASSING; i++)
		if (json_is(name, passing[i])) {
			fail(r, passing[i]);
			return true;
		}
	return false;
}

/* Errors that have a name instead of a status. */
static void
fail_code(struct result *r, struct value error)
{
	static const struct {
		const char *code, *class;
	} known[] = {
		{ "batch_expired", "expired" },
		{ "batch_cancelled", "cancelled" },
		{ "request_timeout", "timeout" },
		{ "rate_limit_error", "rate_limit" },
		{ "overloaded_error", "server" },
		{ "api_error", "server" },
		{ "timeout_error", "timeout" },
	};
	struct value code = json_get(error, "code");

	if (json_type(code) != JSON_STRING)
		code = json_get(error, "type");
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (json_is(code, known[i].code)) {
			fail(r, known[i].class);
			return;
		}
	if (!fail_named(r, code))
		fail_status(r, status_of(json_get(error, "code")));
}

/* {response: {status_code, body}, error}; the error may be a bare string. */
static void
read_response(struct result *r, struct value root)
{
	struct value response = json_get(root, "response"), error = json_get(root, "error");
	struct value body = json_get(response, "body");
	unsigned status = status_of(json_get(response, "status_code"));

	take(r, root, "response");
	take(r, root, "error");
	r->status = status;
	if (json_type(error) == JSON_OBJECT) {
		fail_code(r, error);
	} else if (is_set(error)) {
		fail(r, "error");
	} else if (json_type(response) != JSON_OBJECT) {
		fail(r, "no_response");
	} else if (status < 200 || status > 299) {
		fail_status(r, status);
	} else if (is_set(json_get(body, "error"))) {
		fail(r, "error");
	} else {
		r->answer = body;
	}
}

/* {result: {type, message or error}} */
static void
read_result(struct result *r, struct value result)
{
	struct value type = json_get(result, "type"),
		     error = json_get(json_get(result, "error"), "error");

	if (json_is(type, "succeeded")) {
		r->answer = json_get(result, "message");
		if (json_type(r->answer) != JSON_OBJECT)
			fail(r, "no_response");
	} else if (json_is(type, "canceled")) {
		fail(r, "cancelled");
	} else if (json_is(type, "expired")) {
		fail(r, "expired");
	} else {
		fail_code(r, error);
		if (!result_again(slice_z(r->class)))
			fail(r, "client");
	}
}

/* Vertex writes an error as text around a JSON error object: its code is taken from there. */
static unsigned
status_in_text(struct slice text)
{
	const char *p = memmem(text.ptr, text.len, "\"code\":", 7);
	unsigned status = 0;

	if (!p)
		return 0;
	for (p += 7; p < text.ptr + text.len && *p == ' '; p++)
		;
	for (; p < text.ptr + text.len && *p >= '0' && *p <= '9' && status < 1000; p++)
		status = status * 10 + (unsigned)(*p - '0');
	return status < 1000 ? status : 0;
}

/* The status that stands for a code of google.rpc.Code, which lines of Gemini's jobs have;
 * others are a status themselves. */
static unsigned
status_of_rpc(unsigned code)
{
	static const unsigned statuses[] = { 200, 499, 500, 400, 504, 404, 409, 403, 429, 400,
		409, 400, 501, 500, 503, 500, 401 };

	return code < sizeof(statuses) / sizeof(*statuses) ? statuses[code] : code;
}

static void
read_rpc_error(struct result *r, struct value error)
{
	unsigned code = status_of(json_get(error, "code"));

	fail_code(r, error);
	if (code == 1)
		fail(r, "cancelled");
	else if (code)
		fail_status(r, status_of_rpc(code));
}

static void
read_gemini(struct result *r, struct value root, struct arena *a)
{
	struct value error = json_get(root, "error"), status = json_get(root, "status");
	struct value response = json_get(root, "response");
	struct slice text = json_string(status, a);

	take(r, root, "response");
	take(r, root, "error");
	if (json_type(error) == JSON_OBJECT) {
		read_rpc_error(r, error);
	} else if (is_set(error)) {
		fail(r, "error");
	} else if (text.len) {
		take(r, root, "status");
		fail_status(r, status_in_text(text));
	} else if (json_type(response) != JSON_OBJECT || !json_length(response)) {
		fail(r, "no_response");
	} else {
		r->answer = response;
	}
}

static void
read_bedrock(struct result *r, struct value root)
{
	struct value error = json_get(root, "error");

	take(r, root, "modelOutput");
	take(r, root, "error");
	if (is_set(error))
		fail_status(r, status_of(json_get(error, "errorCode")));
	else if (!is_set(json_get(root, "modelOutput")))
		fail(r, "no_response");
	else
		r->answer = json_get(root, "modelOutput");
}

static struct value
id_of(struct value root)
{
	static const char *const names[] = { "custom_id", "key", "recordId" };

	for (size_t i = 0; i < 3; i++) {
		struct value v = json_get(root, names[i]);

		if (json_type(v))
			return v;
	}
	return (struct value){ 0 };
}

bool
result_read(struct value root, struct arena *a, struct result *out, const char **why)
{
	struct value id = id_of(root), batch = json_get(json_get(root, "llm"), "batch");

	*out = (struct result){ .good = true };
	if (json_type(json_get(root, "result")) == JSON_OBJECT)
		read_result(out, json_get(root, "result"));
	else if (json_type(json_get(root, "recordId")))
		read_bedrock(out, root);
	else if (json_type(json_get(root, "key")) || json_type(json_get(root, "request")))
		read_gemini(out, root, a);
	else if (json_type(json_get(root, "response")) || json_type(json_get(root, "error")))
		read_response(out, root);
	else {
		*why = "no result of a request";
		return false;
	}
	if (json_type(json_get(root, "result")) == JSON_OBJECT)
		take(out, root, "result");
	if (!out->good)
		fail_named(out, json_get(batch, "error_class"));
	if (json_type(id) != JSON_STRING) {
		*why = json_type(id) ? "the id is no string" : "a result without an id";
		return false;
	}
	out->id = json_string(id, a);
	if (json_type(json_get(root, "id")) == JSON_STRING)
		out->line_id = json_get(root, "id");
	return true;
}
