/* SPDX-License-Identifier: MIT */
/* How a call went, as rows of logs say it: how long it took, whether it failed. */
#include "model/usage_dialect.h"

/* A gateway's own cache answered: its rows name the answer that was kept, or zeros. */
static bool
names_kept_answer(struct value root)
{
	struct slice id = json_string_raw(json_get(root, "cache_reference_id"));

	for (size_t i = 0; i < id.len; i++)
		if (id.ptr[i] != '0' && id.ptr[i] != '-')
			return true;
	return false;
}

static bool
is_bad_status(struct value v)
{
	uint64_t status;

	if (json_type(v) == JSON_NUMBER)
		return !json_whole(v, &status) || status > 299;
	return json_is(v, "failure") || json_is(v, "error");
}

void
usage_course(struct value root, struct usage *u)
{
	static const char *const took[] = { "latency_ms", "duration_ms", "delay_ms", NULL };
	static const char *const ended[] = { "endTime", "end_time", NULL };
	static const char *const statuses[] = { "response_status", "status", NULL };

	u->took = usage_first(root, took);
	u->ended = usage_first(root, ended);
	u->failed = is_bad_status(usage_first(root, statuses)) ||
		    json_is(json_get(root, "level"), "ERROR");
	u->replayed |= names_kept_answer(root);
}

void
usage_course_span(struct value span, struct usage *u)
{
	struct value code = json_get(json_get(span, "status"), "code");
	uint64_t n;

	u->ended = json_get(span, "endTimeUnixNano");
	u->failed = json_is(code, "STATUS_CODE_ERROR") || json_is(code, "ERROR") ||
		    (json_whole(code, &n) && n == 2);
}
