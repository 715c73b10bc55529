/* SPDX-License-Identifier: MIT */
#include "endpoint.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/write.h"
#include "net/http.h"
#include "net/keys.h"

#define MAX_TIME 10000

struct endpoint {
	const char *model, *url;
	const struct http_header *headers;
	struct http *http;
	struct http_options options;
	struct buf name, body, answer;
	struct json json;
	bool down;
};

struct endpoint *
endpoint_open(const struct vector_settings *settings)
{
	struct endpoint *e = mem_zero(sizeof(*e));
	const char *why = NULL;

	if (!net_base_url(settings->embed, &why))
		tool_usage("'--embed': %s", why);
	e->model = settings->embed_model ? settings->embed_model : "text-embedding-3-small";
	e->url = net_join(settings->embed, "/v1/embeddings");
	if (!net_headers(settings->embed, NET_OPENAI, settings->key_file,
		settings->headers.item, settings->headers.count, &e->headers, &why))
		diag_die(STATUS_USAGE, "%s", why);
	e->options = (struct http_options){ .cacert = settings->cacert,
		.connect_timeout = settings->connect_timeout,
		.max_time = settings->max_time > 0 ? settings->max_time : MAX_TIME };
	buf_printf(&e->name, "endpoint %s %s", e->url, e->model);
	return e;
}

struct slice
endpoint_name(const struct endpoint *e)
{
	return buf_slice(&e->name);
}

static bool
fail(struct endpoint *e, const char *what, const char **why)
{
	diag_warn("%s: %s; going on without vectors", e->url, what);
	status_raise(STATUS_FAILED);
	e->down = true;
	*why = "the endpoint of the vectors does not answer";
	return false;
}

static struct value
numbers_of(struct endpoint *e, struct slice body)
{
	const char *why;
	size_t where;

	if (!json_scan(&e->json, body, &why, &where))
		return (struct value){ 0 };
	return json_get(json_first(json_get(json_root(&e->json), "data")), "embedding");
}

bool
endpoint_ask(struct endpoint *e, struct slice text, struct value *list, const char **why)
{
	struct writer w = { .out = &e->body };
	struct http_answer answer;
	struct http_call call = { .method = "POST", .output = -1 };
	char status[40];

	if (e->down) {
		*why = "the endpoint of the vectors does not answer";
		return false;
	}
	if (!e->http)
		e->http = http_open(&e->options);
	buf_clear(&e->body);
	write_object(&w);
	write_name(&w, "model");
	write_z(&w, e->model);
	write_name(&w, "input");
	write_string(&w, text);
	write_name(&w, "encoding_format");
	write_z(&w, "float");
	write_object_end(&w);
	call.url = e->url;
	call.headers = e->headers;
	call.body = buf_slice(&e->body);
	answer = http_do(e->http, &call, &e->answer);
	if (answer.outcome != HTTP_ANSWERED)
		return fail(e, answer.error, why);
	if (answer.status / 100 != 2) {
		snprintf(status, sizeof(status), "status %u", answer.status);
		return fail(e, status, why);
	}
	*list = numbers_of(e, answer.body);
	return true;
}

void
endpoint_close(struct endpoint *e)
{
	if (!e)
		return;
	http_close(e->http);
	buf_free(&e->name);
	buf_free(&e->body);
	buf_free(&e->answer);
	json_free(&e->json);
	free(e);
}
