/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "../connect.h"
#include "net/limit.h"
#include "service.h"

#define TRIES 5
#define PAGES 200

void
remote_open(struct remote *r, const struct service *service)
{
	*r = (struct remote){ .http = connect_open(), .service = service };
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

	return id && *id && *id != '.' && strspn(id, fine) == strlen(id) &&
	       strlen(id) < REMOTE_ID;
}

void
remote_pause(int64_t ms)
{
	struct timespec t = { .tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000 };

	if (ms > 0)
		nanosleep(&t, NULL);
}

bool
remote_again(int64_t told, unsigned attempt)
{
	int64_t most = connect_max_time(), wait = told >= 0 ? told : backoff_ms(attempt);

	if (attempt >= TRIES || told > most)
		return false;
	remote_pause(wait < most ? wait : most);
	return true;
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

	if (!c->headers)
		c->headers = connect_headers(r->service->speaks);
	a = http_do(r->http, c, &r->body);
	arena_reset(&r->arena);
	snprintf(r->header, sizeof(r->header), "%.*s", SLICE_ARG(a.header));
	r->id[0] = '\0';
	r->root = (struct value){ 0 };
	if (a.body.len && json_scan(&r->json, a.body, &why, &where))
		r->root = json_root(&r->json);
	return a;
}

/* The address of a path; --api-version is the query of each, in place of /v1. Run lifetime. */
static const char *
remote_url(struct remote *r, const char *path)
{
	const char *version = connect_settings.api_version;

	if (!version)
		return net_join(connect_settings.base_url, path);
	if (strncmp(path, "/v1/", 4) == 0)
		path += 3;
	return net_join(
	    connect_settings.base_url, arena_printf(&r->arena, "%s%sapi-version=%s", path,
					   strchr(path, '?') ? "&" : "?", version)
					   .ptr);
}

const char *
remote_root_url(struct remote *r, const char *path)
{
	struct slice base = slice_z(connect_settings.base_url);

	while (slice_ends(base, SLICE("/")))
		base.len--;
	if (slice_ends(base, SLICE("/v1beta")))
		base.len -= strlen("/v1beta");
	return net_join(arena_copy(&r->arena, base).ptr, path);
}

const char *
remote_path_of(struct remote *r, const char *url)
{
	const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;

	if (!path || strpbrk(path, " \\\"<>#"))
		return NULL;
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p > '~')
			return NULL;
	return arena_copy(&r->arena, slice_z(path)).ptr;
}

static bool
is_good(const struct http_answer *a)
{
	return a->outcome == HTTP_ANSWERED && a->status >= 200 && a->status < 300;
}

static bool
again_after(const struct http_answer *a, unsigned attempt)
{
	if (a->outcome != HTTP_ANSWERED)
		return remote_again(-1, attempt);
	return retry_status(a->status) && remote_again(a->retry_after, attempt);
}

bool
remote_get(struct remote *r, const char *head, const char *id, const char *tail)
{
	struct buf path = { 0 };
	struct http_call c = { .method = "GET", .output = -1 };
	struct http_answer a;
	unsigned attempt = 0;
	bool ok;

	buf_printf(&path, "%s%s%s", head, id, tail);
	buf_add_byte(&path, '\0');
	c.url = remote_url(r, path.data);
	do {
		a = call(r, &c);
		ok = is_good(&a) && json_type(r->root) == JSON_OBJECT;
	} while (!ok && again_after(&a, ++attempt));
	if (!ok)
		diag_warn("GET %s: %s", path.data,
		    is_good(&a) ? "the answer is no JSON object" : reason(r, &a));
	buf_free(&path);
	return ok;
}

bool
remote_download(struct remote *r, const char *path, int fd)
{
	struct http_call c = { .method = "GET", .output = fd };
	off_t begin = lseek(fd, 0, SEEK_END);
	struct http_answer a;
	unsigned attempt = 0;

	c.url = strncmp(path, "/download/", 10) == 0 ? remote_root_url(r, path)
						     : remote_url(r, path);
	do {
		/* what a cut transfer left behind must not stand before the next */
		if (begin < 0 || ftruncate(fd, begin) != 0 || lseek(fd, begin, SEEK_SET) < 0)
			diag_die_errno(STATUS_FAILED, "result file");
		a = call(r, &c);
		if (is_good(&a))
			return true;
	} while (again_after(&a, ++attempt));
	diag_warn("%s: %s", path, reason(r, &a));
	return false;
}

enum call_end
remote_send(struct remote *r, struct http_call *c, const char *what, int64_t *wait)
{
	struct http_answer a = call(r, c);

	*wait = a.outcome == HTTP_ANSWERED ? a.retry_after : -1;
	if (is_good(&a) && (json_type(r->root) == JSON_OBJECT || c->want_header))
		return CALL_DONE;
	snprintf(r->why, sizeof(r->why), "%s",
	    is_good(&a) ? "an answer that is no JSON" : reason(r, &a));
	if (a.outcome == HTTP_NOT_SENT ||
	    (a.outcome == HTTP_ANSWERED &&
		(a.status == 408 || a.status == 409 || a.status == 429))) {
		diag_detail("%s: %s", what, r->why);
		return CALL_BUSY;
	}
	diag_warn("%s: %s", what, r->why);
	if (a.outcome == HTTP_ANSWERED && a.status >= 300 && a.status < 500)
		return CALL_REFUSED;
	return CALL_UNKNOWN;
}

enum call_end
remote_call(
    struct remote *r, struct http_call *c, const char *path, const char *what, int64_t *wait)
{
	c->url = remote_url(r, path);
	return remote_send(r, c, what, wait);
}

/* Goes through a list, page by page: 1 where each says so, 0 at its end, -1 where it cannot be
 * read. */
static int
walk(struct remote *r, const char *list, const char *items,
    bool (*each)(void *context, struct value item), void *context)
{
	for (unsigned page = 0; page < PAGES; page++) {
		struct buf query = { 0 };
		bool more = r->service->page(r, page, &query), ok;

		buf_add_byte(&query, '\0');
		ok = !more || remote_get(r, list, "", query.data);
		buf_free(&query);
		if (!more)
			return 0;
		if (!ok)
			return -1;
		/* Google leaves an empty list out */
		if (json_type(json_get(r->root, items)) != JSON_ARRAY) {
			if (!json_type(json_get(r->root, items)) &&
			    json_type(r->root) == JSON_OBJECT)
				continue;
			return -1;
		}
		for (struct value v = json_first(json_get(r->root, items)); json_type(v);
		     v = json_next(v))
			if (each(context, v))
				return 1;
	}
	return -1;
}

static int
walk_batches(struct remote *r, bool (*each)(void *context, struct value item), void *context)
{
	char list[64];

	snprintf(list, sizeof(list), "%s?", r->service->batches);
	return walk(r, list, r->service->items, each, context);
}

struct search {
	struct remote *r;
	const struct job *job;
	int64_t since;
	struct buf *others;
	const char *name;
	uint64_t bytes;
	const char *id;
	void (*each)(void *context, struct value item);
	void *context;
};

/* A batch of somebody, or of ours under another tag: named where it could be the one. */
static void
note_other(const struct search *s, const struct standing *b)
{
	const char *endpoint = job_text(s->job, JOB_ENDPOINT);

	if (b->tag || b->created < s->since || !remote_id(b->id) ||
	    (b->endpoint && strcmp(b->endpoint, endpoint) != 0))
		return;
	if (!s->r->service->tagged && b->counted &&
	    b->total != strtoull(job_text(s->job, JOB_REQUESTS), NULL, 10))
		return;
	buf_printf(
	    s->others, "%s %s\n", b->id, diag_clean(slice_z(b->status ? b->status : "")));
}

static bool
is_ours(void *context, struct value item)
{
	struct search *s = context;
	struct standing b;

	s->r->service->read(s->r, item, &b);
	if (!b.tag || strcmp(b.tag, job_text(s->job, JOB_TAG)) != 0) {
		note_other(s, &b);
		return false;
	}
	s->r->root = item; /* the caller takes its status from here */
	s->id = b.id;
	return true;
}

/* 1 with a fit id in r->id, else what it was, or -1 */
static int
found_id(struct remote *r, int found, const char *id)
{
	if (found != 1)
		return found;
	if (!remote_id(id))
		return -1;
	memcpy(r->id, id, strlen(id) + 1);
	return 1;
}

int
remote_find_batch(struct remote *r, const struct job *job, int64_t since, struct buf *others)
{
	struct search s = { .r = r, .job = job, .since = since, .others = others };
	int found = walk_batches(r, is_ours, &s);

	return found_id(r, found, s.id);
}

static bool
is_file(void *context, struct value item)
{
	struct search *s = context;

	s->id = s->r->service->is_file(s->r, item, s->name, s->bytes);
	return s->id != NULL;
}

int
remote_find_file(struct remote *r, const char *name, uint64_t bytes)
{
	struct search s = { .r = r, .name = name, .bytes = bytes };
	int found = walk(r, r->service->files_list, r->service->file_items, is_file, &s);

	return found_id(r, found, s.id);
}

static bool
give(void *context, struct value item)
{
	struct search *s = context;

	s->each(s->context, item);
	return false;
}

bool
remote_list(struct remote *r, void (*each)(void *context, struct value item), void *context)
{
	struct search s = { .each = each, .context = context };

	return walk_batches(r, give, &s) == 0;
}

static void
take_text(struct job *job, enum job_field field, const char *text)
{
	if (text && !job_is(job, field, text))
		job_set(job, field, text);
}

void
remote_take_status(struct remote *r, struct job *job)
{
	struct standing s;

	r->service->read(r, r->root, &s);
	take_text(job, JOB_STATUS, s.status);
	take_text(job, JOB_OUTPUT, s.output);
	take_text(job, JOB_ERRORS, s.errors);
	if (s.counted)
		take_text(job, JOB_FAILED,
		    arena_printf(&r->arena, "%llu", (unsigned long long)s.failed).ptr);
	if (s.created && !job->field[JOB_CREATED])
		job_set(job, JOB_CREATED,
		    arena_printf(&r->arena, "%lld", (long long)s.created).ptr);
}
