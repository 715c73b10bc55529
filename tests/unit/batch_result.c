/* SPDX-License-Identifier: MIT */
/* llm-batch: what a result line means, what a provider is sent, and the limits. */
#include "check.h"

#include "cmd/llm-batch/members.c"
#include "cmd/llm-batch/result.c"
#include "model/limits.h"

/* "good", or the class, with a + where it is worth repeating; "-" for no result. */
static const char *
judged(const char *line)
{
	static char text[80];
	struct json j = { 0 };
	struct arena a = { 0 };
	struct result r;
	const char *why;
	size_t where;

	CHECK(json_scan(&j, slice_z(line), &why, &where));
	if (!result_read(json_root(&j), &a, &r, &why))
		snprintf(text, sizeof(text), "-");
	else
		snprintf(text, sizeof(text), "%s%s", r.good ? "good" : r.class,
		    !r.good && result_again(slice_z(r.class)) ? "+" : "");
	arena_close(&a);
	json_free(&j);
	return text;
}

#define CHECK_JUDGED(line, want) CHECK_SLICE(slice_z(judged(line)), want)

static void
check_results(void)
{
	check_group("results of all providers");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{}},"
		     "\"error\":null}",
	    "good");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"response\":{\"status_code\":429,\"body\":{}},"
		     "\"error\":null}",
	    "rate_limit+");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"response\":{\"status_code\":400,\"body\":{}},"
		     "\"error\":null}",
	    "client");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"response\":{\"status_code\":500,\"body\":{}}}", "server+");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{\"error\":{}}}}",
	    "error");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"response\":null,\"error\":{\"code\":\"batch_expired\"}}",
	    "expired+");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"response\":null,\"error\":{\"code\":\"request_timeout\"}}",
	    "timeout+");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"response\":null,\"error\":{\"code\":\"something\"}}",
	    "error");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"response\":null,\"error\":\"text\"}", "error");
	CHECK_JUDGED("{\"key\":\"a\",\"error\":{\"code\":400}}", "client");
	CHECK_JUDGED("{\"key\":\"a\",\"error\":{\"code\":3}}", "client");
	CHECK_JUDGED("{\"key\":\"a\",\"error\":{\"code\":1}}", "cancelled+");
	CHECK_JUDGED("{\"key\":\"a\",\"error\":{\"code\":8}}", "rate_limit+");
	CHECK_JUDGED("{\"key\":\"a\",\"error\":{\"code\":14}}", "server+");
	CHECK_JUDGED("{\"key\":\"a\",\"error\":{\"code\":16}}", "auth");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"response\":null,\"error\":null}", "no_response");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"result\":{\"type\":\"succeeded\",\"message\":{}}}", "good");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"result\":{\"type\":\"succeeded\"}}", "no_response");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"result\":{\"type\":\"canceled\"}}", "cancelled+");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"result\":{\"type\":\"errored\",\"error\":{"
		     "\"error\":{\"type\":\"overloaded_error\"}}}}",
	    "server+");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"result\":{\"type\":\"errored\",\"error\":{"
		     "\"error\":{\"type\":\"invalid_request_error\"}}}}",
	    "client");
	CHECK_JUDGED("{\"key\":\"a\",\"response\":{\"candidates\":[]}}", "good");
	CHECK_JUDGED("{\"key\":\"a\",\"error\":{\"code\":503}}", "server+");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"request\":{},\"response\":{},\"status\":\"x "
		     "{\\\"code\\\": 429}\"}",
	    "rate_limit+");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"request\":{},\"response\":{\"x\":1},\"status\":\"\"}",
	    "good");
	CHECK_JUDGED("{\"recordId\":\"a\",\"modelOutput\":{}}", "good");
	CHECK_JUDGED("{\"recordId\":\"a\",\"error\":{\"errorCode\":400}}", "client");
	CHECK_JUDGED(
	    "{\"custom_id\":\"a\",\"response\":null,\"error\":{\"code\":\"cut\"}}", "cut+");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"response\":null,\"error\":{\"code\":\"not_sent\"},"
		     "\"llm\":{\"batch\":{\"error_class\":\"connection\"}}}",
	    "connection+");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"result\":{\"type\":\"errored\",\"error\":{"
		     "\"type\":\"error\",\"error\":{\"type\":\"invalid_answer\"}}}}",
	    "invalid_answer+");
	CHECK_JUDGED("{\"key\":\"a\",\"error\":{\"status\":\"cut\"},\"llm\":{\"batch\":{"
		     "\"error_class\":\"cut\"}}}",
	    "cut+");
	CHECK_JUDGED("{\"custom_id\":\"a\",\"response\":{\"status_code\":400,\"body\":{}},"
		     "\"llm\":{\"batch\":{\"error_class\":\"client\"}}}",
	    "client");
	CHECK_JUDGED("{\"custom_id\":7,\"response\":{}}", "-");
	CHECK_JUDGED("{\"response\":{}}", "-");
	CHECK_JUDGED("{\"custom_id\":\"a\"}", "-");
}

static struct slice
stripped(const char *body, enum api api, bool plain, struct arena *a)
{
	struct json j = { 0 };
	const char *why;
	size_t where;
	struct slice out;

	CHECK(json_scan(&j, slice_z(body), &why, &where));
	out = arena_copy(a, members_strip(json_root(&j), api, plain, a));
	json_free(&j);
	return out;
}

static void
check_members(void)
{
	struct arena a = { 0 };

	check_group("what a provider is sent");
	CHECK_SLICE(stripped("{ \"model\" : \"m\", \"messages\":[ ] }", API_CHAT, true, &a),
	    "{ \"model\" : \"m\", \"messages\":[ ] }");
	CHECK_SLICE(stripped("{\"x\":1,\"model\":\"m\",\"seed\":1e0,\"y\":{\"model\":1}}",
			API_CHAT, true, &a),
	    "{\"model\":\"m\",\"seed\":1e0}");
	CHECK_SLICE(stripped("{\"model\":\"m\",\"str\\u0065am\":true}", API_CHAT, true, &a),
	    "{\"model\":\"m\"}");
	CHECK_SLICE(stripped("{\"model\":\"m\",\"stream\":false}", API_CHAT, false, &a),
	    "{\"model\":\"m\",\"stream\":false}");
	CHECK_SLICE(stripped("{\"api_base\":\"x\",\"base_url\":\"x\",\"api_key\":\"k\"}",
			API_CHAT, true, &a),
	    "{}");
	CHECK_SLICE(stripped("{\"model\":\"m\",\"system\":\"s\"}", API_CHAT, true, &a),
	    "{\"model\":\"m\"}");
	CHECK_SLICE(stripped("{\"model\":\"m\",\"system\":\"s\"}", API_MESSAGES, true, &a),
	    "{\"model\":\"m\",\"system\":\"s\"}");
	arena_close(&a);
}

static void
check_limits(void)
{
	check_group("limits of the providers");
	CHECK_NUMBER(limits_of("openai")->requests, 50000);
	CHECK_NUMBER(limits_of("anthropic")->requests, 100000);
	CHECK_NUMBER(limits_of("anthropic")->id_length, 64);
	CHECK(!limits_of("nobody"));
	CHECK_NUMBER(strlen(limits_date()), 10);
	CHECK(slice_starts(slice_z(limits_providers()), SLICE("openai, azure, ")));
}

int
main(void)
{
	check_results();
	check_members();
	check_limits();
	return check_finish();
}
