/* SPDX-License-Identifier: MIT */
/* Gemini's files and batches. A batch is an operation; its display name is our tag. Of the
 * address that an upload is told to go on at, only what stands behind the host is taken. Ids
 * are kept without `files/` and `batches/`. */
#include <string.h>
#include <sys/stat.h>

#include "../connect.h"
#include "base/diag.h"
#include "json/write.h"
#include "service.h"

#define TAG "llm-batch-"

/* Our headers and more, ended by a NULL name. */
static const struct http_header *
headers_with(struct remote *r, const struct http_header *more)
{
	const struct http_header *own = connect_headers(NET_GEMINI);
	struct http_header *all;
	size_t n = 0, k = 0;

	while (own[n].name)
		n++;
	while (more[k].name)
		k++;
	all = arena_zero(&r->arena, n + k + 1, sizeof(*all));
	memcpy(all, own, n * sizeof(*all));
	memcpy(all + n, more, k * sizeof(*all));
	return all;
}

/* A name such as files/abc without its folder. */
static const char *
bare(const char *name, const char *folder)
{
	size_t n = strlen(folder);

	return name && strncmp(name, folder, n) == 0 ? name + n : name;
}

static enum call_end
upload_start(struct remote *r, const char *file, int64_t *wait)
{
	struct stat st;
	struct buf body = { 0 };
	struct writer w = { &body, false };
	struct http_header more[] = { { "X-Goog-Upload-Protocol", "resumable" },
		{ "X-Goog-Upload-Command", "start" },
		{ "X-Goog-Upload-Header-Content-Type", "application/jsonl" },
		{ "X-Goog-Upload-Header-Content-Length", NULL }, { NULL, NULL } };
	struct http_call c = {
		.method = "POST", .output = -1, .want_header = "x-goog-upload-url"
	};
	enum call_end end;

	if (stat(file, &st) != 0)
		diag_die_errno(STATUS_FAILED, "%s", file);
	more[3].value = arena_printf(&r->arena, "%lld", (long long)st.st_size).ptr;
	write_object(&w);
	write_name(&w, "file");
	write_object(&w);
	write_name(&w, "display_name");
	write_z(&w, job_file_name(file));
	write_object_end(&w);
	write_object_end(&w);
	c.body = buf_slice(&body);
	c.headers = headers_with(r, more);
	c.url = remote_root_url(r, "/upload/v1beta/files");
	end = remote_send(r, &c, "upload", wait);
	buf_free(&body);
	return end;
}

static enum call_end
upload(struct remote *r, const char *file, int64_t *wait)
{
	static const struct http_header more[] = { { "X-Goog-Upload-Offset", "0" },
		{ "X-Goog-Upload-Command", "upload, finalize" },
		{ "Content-Type", "application/jsonl" }, { NULL, NULL } };
	struct http_call c = { .method = "POST", .output = -1, .body_file = file };
	enum call_end end = upload_start(r, file, wait);
	const char *path;

	if (end != CALL_DONE)
		return end;
	path = remote_path_of(r, r->header);
	if (!path) {
		diag_warn("upload: the answer names no address to go on at");
		return CALL_UNKNOWN;
	}
	c.url = remote_root_url(r, path);
	c.headers = headers_with(r, more);
	end = remote_send(r, &c, "upload", wait);
	if (end == CALL_DONE) {
		const char *name = service_text(r, json_get(json_get(r->root, "file"), "name"));

		name = bare(name, "files/");
		if (!remote_id(name))
			return CALL_UNKNOWN;
		memcpy(r->id, name, strlen(name) + 1);
	}
	return end;
}

static const char *
is_file(struct remote *r, struct value item, const char *name, uint64_t bytes)
{
	uint64_t n;

	if (!json_is(json_get(item, "displayName"), name) ||
	    !service_count(json_get(item, "sizeBytes"), &n) || n != bytes)
		return NULL;
	return bare(service_text(r, json_get(item, "name")), "files/");
}

static enum call_end
create(struct remote *r, const struct job *job, const char *copy, int64_t *wait)
{
	struct buf body = { 0 };
	struct writer w = { &body, false };
	struct http_call c = { .method = "POST", .output = -1 };
	const char *model = bare(job_text(job, JOB_MODEL), "models/"), *path, *name;
	enum call_end end;

	(void)copy;
	if (!remote_id(model)) {
		diag_warn("%s: the model's name does not fit into an address",
		    job_text(job, JOB_NAME));
		return CALL_REFUSED;
	}
	write_object(&w);
	write_name(&w, "batch");
	write_object(&w);
	write_name(&w, "display_name");
	write_string(&w, arena_printf(&r->arena, TAG "%s", job_text(job, JOB_TAG)));
	write_name(&w, "input_config");
	write_object(&w);
	write_name(&w, "file_name");
	write_string(&w, arena_printf(&r->arena, "files/%s", job_text(job, JOB_INPUT)));
	write_object_end(&w);
	write_object_end(&w);
	write_object_end(&w);
	c.body = buf_slice(&body);
	path = arena_printf(&r->arena, "/v1beta/models/%s:batchGenerateContent", model).ptr;
	end = remote_call(r, &c, path, "batchGenerateContent", wait);
	buf_free(&body);
	if (end != CALL_DONE)
		return end;
	name = bare(service_text(r, json_get(r->root, "name")), "batches/");
	if (!remote_id(name)) {
		diag_warn("an answer without the name of a batch");
		return CALL_UNKNOWN;
	}
	memcpy(r->id, name, strlen(name) + 1);
	return CALL_DONE;
}

/* The answer to a cancellation is an empty object. */
static enum call_end
cancel(struct remote *r, const char *batch)
{
	struct http_call c = { .method = "POST", .output = -1, .body = SLICE("{}") };
	const char *path = arena_printf(&r->arena, "/v1beta/batches/%s:cancel", batch).ptr;
	int64_t wait;
	enum call_end end = remote_call(r, &c, path, "cancel", &wait);

	if (end == CALL_DONE && !service_ask(r, batch))
		return CALL_UNKNOWN;
	return end;
}

/* BATCH_STATE_SUCCEEDED, or JOB_STATE_SUCCEEDED as the clients call it. */
static const char *
word_of(struct remote *r, struct value state)
{
	static const char *const words[][2] = { { "PENDING", "validating" },
		{ "QUEUED", "validating" }, { "RUNNING", "in_progress" },
		{ "SUCCEEDED", "completed" }, { "PARTIALLY_SUCCEEDED", "completed" },
		{ "FAILED", "failed" }, { "CANCELLED", "cancelled" },
		{ "EXPIRED", "expired" } };
	const char *text = service_text(r, state), *tail;

	if (!text)
		return NULL;
	tail = strstr(text, "_STATE_");
	tail = tail ? tail + 7 : text;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(tail, words[i][0]) == 0)
			return words[i][1];
	return "in_progress";
}

static void
read_batch(struct remote *r, struct value batch, struct standing *s)
{
	struct value about = json_get(batch, "metadata"), stats = json_get(about, "batchStats");
	struct value file = json_get(json_get(batch, "response"), "responsesFile");
	const char *shown = service_text(r, json_get(about, "displayName"));

	if (json_type(file) != JSON_STRING)
		file = json_get(json_get(about, "output"), "responsesFile");
	*s =
	    (struct standing){ .id = bare(service_text(r, json_get(batch, "name")), "batches/"),
		    .status = word_of(r, json_get(about, "state")),
		    .output = bare(service_text(r, file), "files/"),
		    .tag = shown && strncmp(shown, TAG, strlen(TAG)) == 0 ? shown + strlen(TAG)
									  : shown,
		    .created = service_time(r, json_get(about, "createTime")) };
	if (json_type(json_get(batch, "error")) == JSON_OBJECT && s->status &&
	    strcmp(s->status, "cancelled") != 0 && strcmp(s->status, "expired") != 0)
		s->status = "failed";
	s->counted = service_count(json_get(stats, "requestCount"), &s->total);
	service_count(json_get(stats, "successfulRequestCount"), &s->completed);
	service_count(json_get(stats, "failedRequestCount"), &s->failed);
}

static bool
page(struct remote *r, unsigned n, struct buf *out)
{
	const char *token = service_text(r, json_get(r->root, "nextPageToken"));

	buf_add(out, SLICE("pageSize=100"));
	if (!n)
		return true;
	if (!token || !*token)
		return false;
	buf_add(out, SLICE("&pageToken="));
	for (; *token; token++)
		buf_printf(out, "%%%02X", (unsigned char)*token);
	return true;
}

static void
result(const struct job *job, bool errors, struct buf *path)
{
	(void)errors;
	buf_printf(
	    path, "/download/v1beta/files/%s:download?alt=media", job_text(job, JOB_OUTPUT));
}

static void
complain(struct remote *r, const struct job *job)
{
	struct slice text =
	    json_string(json_get(json_get(r->root, "error"), "message"), &r->arena);

	if (text.len)
		diag_warn(
		    "%s: %.*s", job_text(job, JOB_NAME), SLICE_ARG(net_mask(text, &r->arena)));
}

const struct service service_gemini = {
	.name = "gemini",
	.speaks = NET_GEMINI,
	.files = true,
	.tagged = true,
	.one_file = true,
	.wants_model = true,
	.files_list = "/v1beta/files?",
	.file_items = "files",
	.batches = "/v1beta/batches",
	.items = "operations",
	.upload = upload,
	.create = create,
	.is_file = is_file,
	.cancel = cancel,
	.read = read_batch,
	.page = page,
	.result = result,
	.complain = complain,
};
