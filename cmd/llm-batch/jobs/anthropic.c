/* SPDX-License-Identifier: MIT */
/* Anthropic's message batches: the requests are the body of the creation, which is sent from
 * the job's copy as it lies on disk. A batch carries nothing of ours, so an interrupted
 * creation is never repeated unasked. */
#include <string.h>

#include "service.h"

static enum call_end
create(struct remote *r, const struct job *job, const char *copy, int64_t *wait)
{
	(void)job;
	return service_create(r, SLICE(""), copy, wait);
}

static uint64_t
count(struct value counts, const char *name, struct standing *s)
{
	uint64_t n = 0;

	if (!json_whole(json_get(counts, name), &n))
		s->counted = false;
	s->total += n;
	return n;
}

static void
read_batch(struct remote *r, struct value batch, struct standing *s)
{
	static const char *const words[][2] = { { "in_progress", "in_progress" },
		{ "canceling", "cancelling" }, { "ended", "completed" }, { NULL, NULL } };
	struct value counts = json_get(batch, "request_counts");
	uint64_t cancelled, expired;

	*s = (struct standing){ .id = service_text(r, json_get(batch, "id")),
		.status = service_word(r, json_get(batch, "processing_status"), words),
		.created = service_time(r, json_get(batch, "created_at")),
		.endpoint = "/v1/messages",
		.counted = true };
	count(counts, "processing", s);
	s->completed = count(counts, "succeeded", s);
	s->failed = count(counts, "errored", s);
	cancelled = count(counts, "canceled", s);
	expired = count(counts, "expired", s);
	s->failed += cancelled + expired;
	if (!s->status || strcmp(s->status, "completed") != 0)
		return;
	if (expired)
		s->status = "expired";
	else if (cancelled)
		s->status = "cancelled";
}

static bool
page(struct remote *r, unsigned n, struct buf *out)
{
	return service_page_after(r, n, "after_id", out);
}

/* `results_url` names a host; this is the same place at ours. */
static void
result(const struct job *job, bool errors, struct buf *path)
{
	(void)errors;
	buf_printf(path, "/v1/messages/batches/%s/results", job_text(job, JOB_BATCH));
}

const struct service service_anthropic = {
	.name = "anthropic",
	.speaks = NET_ANTHROPIC,
	.one_file = true,
	.batches = "/v1/messages/batches",
	.items = "data",
	.create = create,
	.cancel = service_cancel,
	.read = read_batch,
	.page = page,
	.result = result,
};
