/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/when.h"

static const struct service *const services[] = { &service_openai, &service_azure,
	&service_anthropic, &service_gemini, &service_mistral };

const struct service *
service_named(const char *name)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (strcmp(services[i]->name, name) == 0)
			return services[i];
	return NULL;
}

const char *
service_names(void)
{
	return "openai, azure, anthropic, gemini or mistral";
}

bool
service_ask(struct remote *r, const char *batch)
{
	char head[64];

	snprintf(head, sizeof(head), "%s/", r->service->batches);
	return remote_get(r, head, batch, "");
}

/* Takes `id` of root, where the call went well, into r->id. */
static enum call_end
service_keep_id(struct remote *r, enum call_end end, struct value id)
{
	const char *text = service_text(r, id);

	r->id[0] = '\0';
	if (end != CALL_DONE)
		return end;
	if (!remote_id(text)) {
		diag_warn("an answer without an id that could be one");
		return CALL_UNKNOWN;
	}
	memcpy(r->id, text, strlen(text) + 1);
	return CALL_DONE;
}

enum call_end
service_create(struct remote *r, struct slice body, const char *body_file, int64_t *wait)
{
	const char *path = r->service->batches;
	struct http_call c = {
		.method = "POST", .output = -1, .body = body, .body_file = body_file
	};
	enum call_end end = remote_call(r, &c, path, path, wait);

	return service_keep_id(r, end, json_get(r->root, "id"));
}

enum call_end
service_cancel(struct remote *r, const char *batch)
{
	struct http_call c = { .method = "POST", .output = -1 };
	struct slice path = arena_printf(&r->arena, "%s/%s/cancel", r->service->batches, batch);
	int64_t wait;

	return remote_call(r, &c, path.ptr, "cancel", &wait);
}

void
service_content(const struct job *job, bool errors, struct buf *path)
{
	buf_printf(
	    path, "/v1/files/%s/content", job_text(job, errors ? JOB_ERRORS : JOB_OUTPUT));
}

const char *
service_text(struct remote *r, struct value v)
{
	struct slice s = json_string(v, &r->arena);

	return s.ptr ? arena_copy(&r->arena, s).ptr : NULL;
}

bool
service_count(struct value v, uint64_t *n)
{
	char text[24] = "";
	struct slice raw;

	if (json_whole(v, n))
		return true;
	raw = json_type(v) == JSON_STRING ? json_string_raw(v) : SLICE("");
	if (!raw.len || raw.len > 18)
		return false;
	memcpy(text, raw.ptr, raw.len);
	if (strspn(text, "0123456789") != raw.len)
		return false;
	*n = strtoull(text, NULL, 10);
	return true;
}

int64_t
service_time(struct remote *r, struct value v)
{
	uint64_t n;
	int64_t when;

	if (json_whole(v, &n))
		return n < UINT64_C(100000000000) ? (int64_t)n * 1000 : 0;
	if (json_type(v) != JSON_STRING)
		return 0;
	when = when_read(json_string(v, &r->arena));
	return when == WHEN_NONE ? 0 : when;
}

const char *
service_word(struct remote *r, struct value v, const char *const table[][2])
{
	const char *word = service_text(r, v);

	for (size_t i = 0; word && table[i][0]; i++)
		if (strcmp(word, table[i][0]) == 0)
			return table[i][1];
	return word ? "in_progress" : NULL;
}

bool
service_page_after(struct remote *r, unsigned n, const char *head, struct buf *out)
{
	struct value last = { 0 };
	const char *id;

	buf_add(out, SLICE("limit=100"));
	if (!n)
		return true;
	if (json_type(json_get(r->root, "has_more")) != JSON_TRUE)
		return false;
	for (struct value v = json_first(json_get(r->root, "data")); json_type(v);
	     v = json_next(v))
		last = v;
	id = service_text(r, json_get(last, "id"));
	if (!remote_id(id))
		return false;
	buf_printf(out, "&%s=%s", head, id);
	return true;
}

bool
service_page_number(struct remote *r, unsigned n, const char *items, struct buf *out)
{
	uint64_t total = 0;

	buf_printf(out, "page=%u&page_size=100", n);
	if (!n)
		return true;
	/* a page that was full may be followed by one, whatever the total says */
	if (json_whole(json_get(r->root, "total"), &total))
		return total > (uint64_t)n * 100;
	return json_length(json_get(r->root, items)) >= 100;
}

enum call_end
service_upload_form(struct remote *r, const char *file, int64_t *wait)
{
	struct http_call c = {
		.method = "POST", .output = -1, .form_file = file, .form_purpose = "batch"
	};
	enum call_end end = remote_call(r, &c, "/v1/files", "upload", wait);

	return service_keep_id(r, end, json_get(r->root, "id"));
}

const char *
service_file_named(struct remote *r, struct value item, const char *name, uint64_t bytes)
{
	uint64_t n;

	if (!json_is(json_get(item, "filename"), name))
		return NULL;
	if (!json_whole(json_get(item, "bytes"), &n) &&
	    !json_whole(json_get(item, "size_bytes"), &n))
		return NULL;
	return n == bytes ? service_text(r, json_get(item, "id")) : NULL;
}
