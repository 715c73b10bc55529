/* SPDX-License-Identifier: MIT */
/* Mistral's files and batch jobs: the job has the model and the endpoint, lines need neither.
 */
#include <inttypes.h>

#include "base/diag.h"
#include "json/write.h"
#include "service.h"

static void
write_creation(const struct job *job, struct buf *out)
{
	struct writer w = { out, false };

	write_object(&w);
	write_name(&w, "input_files");
	write_array(&w);
	write_z(&w, job_text(job, JOB_INPUT));
	write_array_end(&w);
	write_name(&w, "endpoint");
	write_z(&w, job_text(job, JOB_ENDPOINT));
	write_name(&w, "model");
	write_z(&w, job_text(job, JOB_MODEL));
	write_name(&w, "metadata");
	write_object(&w);
	write_name(&w, "llm_batch_job");
	write_z(&w, job_text(job, JOB_TAG));
	write_object_end(&w);
	write_name(&w, "timeout_hours");
	write_number(&w, 24);
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

static void
read_batch(struct remote *r, struct value batch, struct standing *s)
{
	static const char *const words[][2] = { { "QUEUED", "validating" },
		{ "RUNNING", "in_progress" }, { "SUCCESS", "completed" },
		{ "FAILED", "failed" }, { "TIMEOUT_EXCEEDED", "expired" },
		{ "CANCELLATION_REQUESTED", "cancelling" }, { "CANCELLED", "cancelled" },
		{ NULL, NULL } };

	*s = (struct standing){ .id = service_text(r, json_get(batch, "id")),
		.status = service_word(r, json_get(batch, "status"), words),
		.output = service_text(r, json_get(batch, "output_file")),
		.errors = service_text(r, json_get(batch, "error_file")),
		.tag = service_text(r, json_get(json_get(batch, "metadata"), "llm_batch_job")),
		.endpoint = service_text(r, json_get(batch, "endpoint")),
		.created = service_time(r, json_get(batch, "created_at")) };
	s->counted = json_whole(json_get(batch, "total_requests"), &s->total) &&
		     json_whole(json_get(batch, "succeeded_requests"), &s->completed) &&
		     json_whole(json_get(batch, "failed_requests"), &s->failed);
}

static bool
page(struct remote *r, unsigned n, struct buf *out)
{
	return service_page_number(r, n, "data", out);
}

static void
complain(struct remote *r, const struct job *job)
{
	struct value errors = json_get(r->root, "errors");

	if (json_type(errors) != JSON_ARRAY)
		return;
	for (struct value e = json_first(errors); json_type(e); e = json_next(e)) {
		struct slice text = json_string(json_get(e, "message"), &r->arena);
		uint64_t n = 1;

		json_whole(json_get(e, "count"), &n);
		diag_warn("%s: %" PRIu64 " times: %.*s", job_text(job, JOB_NAME), n,
		    SLICE_ARG(net_mask(text.ptr ? text : SLICE(""), &r->arena)));
	}
}

const struct service service_mistral = {
	.name = "mistral",
	.speaks = NET_MISTRAL,
	.files = true,
	.tagged = true,
	.wants_model = true,
	.files_list = "/v1/files?purpose=batch&",
	.file_items = "data",
	.batches = "/v1/batch/jobs",
	.items = "data",
	.upload = service_upload_form,
	.create = create,
	.is_file = service_file_named,
	.cancel = service_cancel,
	.read = read_batch,
	.page = page,
	.result = service_content,
	.complain = complain,
};
