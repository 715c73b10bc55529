/* SPDX-License-Identifier: MIT */
/* OpenAI's files and batches, and Azure's, which are the same but for the header of the key,
 * the endpoint's name and the time that an uploaded file needs. */
#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "json/write.h"
#include "service.h"

#define FILE_POLLS 600

static void
write_creation(const struct job *job, struct buf *out)
{
	struct writer w = { out, false };

	write_object(&w);
	write_name(&w, "input_file_id");
	write_z(&w, job_text(job, JOB_INPUT));
	write_name(&w, "endpoint");
	write_z(&w, job_text(job, JOB_ENDPOINT));
	write_name(&w, "completion_window");
	write_z(&w, "24h");
	write_name(&w, "metadata");
	write_object(&w);
	write_name(&w, "llm_batch_job");
	write_z(&w, job_text(job, JOB_TAG));
	write_name(&w, "llm_batch_file");
	write_z(&w, job_text(job, JOB_FINGERPRINT));
	write_object_end(&w);
	write_object_end(&w);
}

static enum call_end
create(struct remote *r, const struct job *job, const char *copy, int64_t *wait)
{
	struct buf body = { 0 };
	enum call_end end;

	(void)copy;
	write_creation(job, &body);
	end = service_create(r, buf_slice(&body), NULL, wait);
	buf_free(&body);
	return end;
}

/* Azure reads an uploaded file before it may be named; until then a creation is refused. */
static enum call_end
upload_azure(struct remote *r, const char *file, int64_t *wait)
{
	enum call_end end = service_upload_form(r, file, wait);
	char id[REMOTE_ID];

	memcpy(id, r->id, sizeof(id));
	for (int i = 0; end == CALL_DONE && i < FILE_POLLS; i++) {
		struct value status = json_get(r->root, "status");

		if (!json_is(status, "pending") && !json_is(status, "running") &&
		    !json_is(status, "notRunning") && !json_is(status, "uploaded"))
			break;
		remote_pause(i < 10 ? 200 : 2000);
		if (!remote_get(r, "/v1/files/", id, ""))
			return CALL_UNKNOWN;
	}
	if (end == CALL_DONE && json_is(json_get(r->root, "status"), "error")) {
		diag_warn("upload: the provider cannot read the file");
		return CALL_REFUSED;
	}
	memcpy(r->id, id, sizeof(id));
	return end;
}

/* Nothing ran because other jobs fill the queue of the model: no fault of this one. */
static bool
is_full(struct value batch)
{
	struct value data = json_get(json_get(batch, "errors"), "data");

	if (json_type(data) != JSON_ARRAY)
		return false;
	for (struct value e = json_first(data); json_type(e); e = json_next(e))
		if (json_is(json_get(e, "code"), "token_limit_exceeded"))
			return true;
	return false;
}

static void
read_batch(struct remote *r, struct value batch, struct standing *s)
{
	struct value counts = json_get(batch, "request_counts");

	*s = (struct standing){ .id = service_text(r, json_get(batch, "id")),
		.status = service_text(r, json_get(batch, "status")),
		.output = service_text(r, json_get(batch, "output_file_id")),
		.errors = service_text(r, json_get(batch, "error_file_id")),
		.tag = service_text(r, json_get(json_get(batch, "metadata"), "llm_batch_job")),
		.endpoint = service_text(r, json_get(batch, "endpoint")),
		.created = service_time(r, json_get(batch, "created_at")) };
	s->counted = json_whole(json_get(counts, "total"), &s->total) &&
		     json_whole(json_get(counts, "completed"), &s->completed) &&
		     json_whole(json_get(counts, "failed"), &s->failed);
	if (s->status && strcmp(s->status, "failed") == 0 && is_full(batch))
		s->status = "full";
}

static bool
page(struct remote *r, unsigned n, struct buf *out)
{
	return service_page_after(r, n, "after", out);
}

static void
complain(struct remote *r, const struct job *job)
{
	struct value data = json_get(json_get(r->root, "errors"), "data");

	if (json_type(data) != JSON_ARRAY)
		return;
	for (struct value e = json_first(data); json_type(e); e = json_next(e)) {
		struct slice code = json_string(json_get(e, "code"), &r->arena);
		struct slice text = json_string(json_get(e, "message"), &r->arena);
		uint64_t line;

		text = net_mask(text.ptr ? text : SLICE(""), &r->arena);
		if (json_whole(json_get(e, "line"), &line))
			diag_warn("%s: line %" PRIu64 ": %.*s: %.*s", job_text(job, JOB_NAME),
			    line, SLICE_ARG(code), SLICE_ARG(text));
		else
			diag_warn("%s: %.*s: %.*s", job_text(job, JOB_NAME), SLICE_ARG(code),
			    SLICE_ARG(text));
	}
}

#define OPENAI_CALLS                                                                       \
	.files = true, .tagged = true, .files_list = "/v1/files?purpose=batch&",           \
	.file_items = "data", .batches = "/v1/batches", .items = "data", .create = create, \
	.is_file = service_file_named, .cancel = service_cancel, .read = read_batch,       \
	.page = page, .result = service_content, .complain = complain

const struct service service_openai = {
	.name = "openai", .speaks = NET_OPENAI, .upload = service_upload_form, OPENAI_CALLS
};
const struct service service_azure = {
	.name = "azure", .speaks = NET_AZURE, .upload = upload_azure, OPENAI_CALLS
};
