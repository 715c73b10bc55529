/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "connect.h"
#include "net/limit.h"

#define TRIES 5
#define PAGES 200

void
remote_open(struct remote *r)
{
	*r = (struct remote){ .http = connect_open() };
}

void
remote_close(struct remote *r)
{
	http_close(r->http);
	buf_free(&r->body);
	json_free(&r->json);
	arena_close(&r->arena);
}

bool
remote_id(const char *id)
{
	static const char fine[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

	return id && *id && *id != '.' && strspn(id, fine) == strlen(id) && strlen(id) < 200;
}

void
remote_pause(int64_t ms)
{
	struct timespec t = { .tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000 };

	if (ms > 0)
		nanosleep(&t, NULL);
}

/* The message of an error object, else the status, for people. */
static const char *
reason(struct remote *r, const struct http_answer *a)
{
	struct slice text =
	    json_string(json_get(json_get(r->root, "error"), "message"), &r->arena);

	if (a->outcome != HTTP_ANSWERED)
		return a->error ? a->error : "no answer";
	if (text.len)
		return arena_printf(&r->arena, "status %u: %.*s", a->status,
		    SLICE_ARG(net_mask(text, &r->arena)))
		    .ptr;
	if (a->status >= 300 && a->status < 400)
		return arena_printf(
		    &r->arena, "status %u: a redirect is never followed", a->status)
		    .ptr;
	return arena_printf(&r->arena, "status %u", a->status).ptr;
}

static struct http_answer
call(struct remote *r, struct http_call *c)
{
	struct http_answer a;
	const char *why;
	size_t where;

	c->headers = connect_headers(NET_OPENAI);
	a = http_do(r->http, c, &r->body);
	arena_reset(&r->arena);
	r->root = (struct value){ 0 };
	if (a.body.len && json_scan(&r->json, a.body, &why, &where))
		r->root = json_root(&r->json);
	return a;
}

static bool
is_good(const struct http_answer *a)
{
	return a->outcome == HTTP_ANSWERED && a->status >= 200 && a->status < 300;
}

/* Milliseconds before try number attempt, or -1: not again. */
static int64_t
next_try(const struct http_answer *a, unsigned attempt)
{
	bool again = a->outcome != HTTP_ANSWERED || retry_status(a->status);

	if (!again || attempt >= TRIES || a->retry_after > connect_max_time())
		return -1;
	return a->outcome == HTTP_ANSWERED && a->retry_after >= 0 ? a->retry_after
								  : backoff_ms(attempt);
}

bool
remote_get(struct remote *r, const char *head, const char *id, const char *tail)
{
	struct buf path = { 0 };
	struct http_call c = { .method = "GET", .output = -1 };
	struct http_answer a;
	int64_t wait = 0;

	buf_printf(&path, "%s%s%s", head, id, tail);
	buf_add_byte(&path, '\0');
	c.url = net_join(connect_settings.base_url, path.data);
	for (unsigned attempt = 1; wait >= 0; attempt++) {
		a = call(r, &c);
		if (is_good(&a) && json_type(r->root) == JSON_OBJECT)
			break;
		if ((wait = next_try(&a, attempt)) >= 0)
			remote_pause(wait);
	}
	if (wait < 0)
		diag_warn("GET %s: %s", path.data,
		    is_good(&a) ? "the answer is no JSON object" : reason(r, &a));
	buf_free(&path);
	return wait >= 0;
}

bool
remote_download(struct remote *r, const char *file, int fd)
{
	struct http_call c = { .method = "GET", .output = fd };
	off_t begin = lseek(fd, 0, SEEK_END);
	const char *path = arena_printf(&r->arena, "/v1/files/%s/content", file).ptr;
	struct http_answer a;
	int64_t wait = 0;

	c.url = net_join(connect_settings.base_url, path);
	for (unsigned attempt = 1; wait >= 0; attempt++) {
		/* what a cut transfer left behind must not stand before the next */
		if (begin < 0 || ftruncate(fd, begin) != 0 || lseek(fd, begin, SEEK_SET) < 0)
			diag_die_errno(STATUS_FAILED, "result file");
		a = call(r, &c);
		if (is_good(&a))
			return true;
		if ((wait = next_try(&a, attempt)) >= 0)
			remote_pause(wait);
	}
	diag_warn("content of file %s: %s", file, reason(r, &a));
	return false;
}

static enum call_end
end_of(struct remote *r, const struct http_answer *a, const char *what, int64_t *wait)
{
	*wait = a->outcome == HTTP_ANSWERED ? a->retry_after : -1;
	if (is_good(a) && json_type(json_get(r->root, "id")) == JSON_STRING)
		return CALL_DONE;
	if (a->outcome == HTTP_NOT_SENT ||
	    (a->outcome == HTTP_ANSWERED &&
		(a->status == 408 || a->status == 409 || a->status == 429))) {
		diag_detail("%s: %s", what, reason(r, a));
		return CALL_BUSY;
	}
	diag_warn("%s: %s", what, is_good(a) ? "an answer without an id" : reason(r, a));
	if (a->outcome == HTTP_ANSWERED && a->status >= 300 && a->status < 500)
		return CALL_REFUSED;
	return CALL_UNKNOWN;
}

enum call_end
remote_post(struct remote *r, const char *path, struct slice body, int64_t *wait)
{
	struct http_call c = { .method = "POST", .output = -1, .body = body };
	struct http_answer a;

	c.url = net_join(connect_settings.base_url, path);
	a = call(r, &c);
	return end_of(r, &a, path, wait);
}

enum call_end
remote_upload(struct remote *r, const char *file, int64_t *wait)
{
	struct http_call c = {
		.method = "POST", .output = -1, .form_file = file, .form_purpose = "batch"
	};
	struct http_answer a;

	c.url = net_join(connect_settings.base_url, "/v1/files");
	a = call(r, &c);
	return end_of(r, &a, "upload", wait);
}

static const char *
text_of(struct remote *r, struct value v)
{
	struct slice s = json_string(v, &r->arena);

	return s.ptr ? arena_copy(&r->arena, s).ptr : NULL;
}

static int64_t
seconds_of(struct value v)
{
	uint64_t n;

	return json_whole(v, &n) && n < UINT64_C(100000000000) ? (int64_t)n * 1000 : 0;
}

/* A batch of somebody, or of ours under another tag: named where it could be the one. */
static void
note_other(struct remote *r, const struct job *job, struct value batch, int64_t since,
    struct buf *others)
{
	const char *id = text_of(r, json_get(batch, "id"));

	if (json_type(json_get(json_get(batch, "metadata"), "llm_batch_job")) ||
	    !json_is(json_get(batch, "endpoint"), job_text(job, JOB_ENDPOINT)) ||
	    seconds_of(json_get(batch, "created_at")) < since || !remote_id(id))
		return;
	buf_printf(others, "%s %s\n", id,
	    diag_clean(json_string(json_get(batch, "status"), &r->arena)));
}

/* The next page of a list behind the last item that was seen. */
static bool
next_page(struct remote *r, const char *list, const char *after)
{
	struct buf tail = { 0 };
	bool ok;

	buf_printf(&tail, "limit=100%s%s", after ? "&after=" : "", after ? after : "");
	buf_add_byte(&tail, '\0');
	ok = remote_get(r, list, "", tail.data) &&
	     json_type(json_get(r->root, "data")) == JSON_ARRAY;
	buf_free(&tail);
	return ok;
}

/* True: there is another page, and last is the id that it stands behind. */
static bool
page_end(struct remote *r, char last[200])
{
	struct value tail = { 0 };
	const char *id;

	if (json_type(json_get(r->root, "has_more")) != JSON_TRUE)
		return false;
	for (struct value v = json_first(json_get(r->root, "data")); json_type(v);
	     v = json_next(v))
		tail = v;
	id = text_of(r, json_get(tail, "id"));
	if (!remote_id(id))
		return false;
	memcpy(last, id, strlen(id) + 1);
	return true;
}

int
remote_find_batch(struct remote *r, const struct job *job, int64_t since, const char **batch,
    struct buf *others)
{
	char last[200] = "";

	for (int page = 0; page < PAGES; page++) {
		if (!next_page(r, "/v1/batches?", *last ? last : NULL))
			return -1;
		for (struct value v = json_first(json_get(r->root, "data")); json_type(v);
		     v = json_next(v)) {
			if (!json_is(json_get(json_get(v, "metadata"), "llm_batch_job"),
				job_text(job, JOB_TAG))) {
				note_other(r, job, v, since, others);
				continue;
			}
			*batch = text_of(r, json_get(v, "id"));
			r->root = v; /* the caller takes its status from here */
			return remote_id(*batch) ? 1 : -1;
		}
		if (!page_end(r, last))
			return 0;
	}
	return -1;
}

int
remote_find_file(struct remote *r, const char *name, uint64_t bytes, const char **file)
{
	char last[200] = "";
	uint64_t n;

	for (int page = 0; page < PAGES; page++) {
		if (!next_page(r, "/v1/files?purpose=batch&", *last ? last : NULL))
			return -1;
		for (struct value v = json_first(json_get(r->root, "data")); json_type(v);
		     v = json_next(v)) {
			if (!json_is(json_get(v, "filename"), name) ||
			    !json_whole(json_get(v, "bytes"), &n) || n != bytes)
				continue;
			*file = text_of(r, json_get(v, "id"));
			return remote_id(*file) ? 1 : -1;
		}
		if (!page_end(r, last))
			return 0;
	}
	return -1;
}

static void
take_text(struct remote *r, struct job *job, enum job_field field, const char *name)
{
	const char *text = text_of(r, json_get(r->root, name));

	if (text && !job_is(job, field, text))
		job_set(job, field, text);
}

void
remote_take_status(struct remote *r, struct job *job)
{
	int64_t created = seconds_of(json_get(r->root, "created_at"));

	take_text(r, job, JOB_STATUS, "status");
	take_text(r, job, JOB_OUTPUT, "output_file_id");
	take_text(r, job, JOB_ERRORS, "error_file_id");
	if (created && !job->field[JOB_CREATED])
		job_set(
		    job, JOB_CREATED, arena_printf(&r->arena, "%lld", (long long)created).ptr);
}
