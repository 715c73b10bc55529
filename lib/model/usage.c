/* SPDX-License-Identifier: MIT */
#include "model/usage.h"

#include "model/api.h"
#include "model/usage_dialect.h"

#define LARGEST (UINT64_C(1) << 53)

void
usage_flaw(struct usage *u, const char *why)
{
	if (!u->flaw)
		u->flaw = why;
}

static const char *
why_no_count(struct value v)
{
	struct slice raw = json_raw(v);

	if (json_type(v) == JSON_STRING)
		return "a count is a string";
	if (json_type(v) != JSON_NUMBER)
		return "a count is no number";
	if (raw.ptr[0] == '-')
		return "a count is negative";
	for (size_t i = 0; i < raw.len; i++)
		if (raw.ptr[i] == '.' || raw.ptr[i] == 'e' || raw.ptr[i] == 'E')
			return "a count is not a whole number, or above 2^53";
	return "a count is above 2^53";
}

uint64_t
usage_odd_count(struct usage *u, struct value v)
{
	uint64_t n = 0;

	if (json_type(v) <= JSON_NULL)
		return 0;
	if (!json_whole(v, &n) || n > LARGEST) {
		usage_flaw(u, why_no_count(v));
		return 0;
	}
	return n;
}

uint64_t
usage_member(struct usage *u, struct value object, const char *name)
{
	return usage_count(u, json_get(object, name));
}

bool
usage_has(struct value object, const char *name)
{
	return json_type(json_get(object, name)) > JSON_NULL;
}

uint64_t
usage_modality(struct usage *u, struct value list, const char *modality)
{
	uint64_t sum = 0;

	for (struct value v = json_first(list); json_type(v); v = json_next(v))
		if (json_is(json_get(v, "modality"), modality))
			sum += usage_member(u, v, "tokenCount");
	return sum;
}

void
usage_check_parts(struct usage *u)
{
	if (u->cached + u->written_5m + u->written_1h > u->input)
		usage_flaw(u, "more tokens are cached than were sent");
	if (u->audio_in > u->input || u->image_in > u->input ||
	    u->audio_in + u->image_in > u->input)
		usage_flaw(u, "more audio or image tokens than were sent");
	if (u->audio_cached > u->audio_in || u->image_cached > u->image_in ||
	    u->audio_cached + u->image_cached > u->cached)
		usage_flaw(u, "more audio or image tokens are cached than were sent");
	if (u->reasoning > u->output || u->audio_out + u->image_out > u->output)
		usage_flaw(u, "a part of the output is larger than the output");
}

struct value
usage_first(struct value object, const char *const names[])
{
	struct value v = { 0 };

	for (size_t i = 0; names[i]; i++) {
		v = json_get(object, names[i]);
		if (json_type(v) > JSON_NULL)
			return v;
	}
	return (struct value){ 0 };
}

static void
read_time(struct value object, struct usage *u)
{
	static const char *const names[] = { "timestamp", "startTime", "start_time",
		"created_at", "createTime", "created", "time", NULL };

	if (!json_type(u->time))
		u->time = usage_first(object, names);
}

static const char *const models[] = { "model", "modelVersion", "modelId", NULL };

/* The body of a provider's answer. */
static bool
read_body(struct value body, struct usage *u)
{
	static const char *const objects[] = { "usage", "usageMetadata", "usage_metadata",
		NULL };
	struct value o = usage_first(body, objects), meta = json_get(body, "meta");

	u->model = usage_first(body, models);
	u->service_tier = json_string_raw(json_get(body, "service_tier"));
	if (!usage_object(o, u) && !usage_object(meta, u))
		return false;
	if (u->dialect[0] == 'r')
		usage_searches(json_get(body, "output"), u);
	else if (u->dialect[0] == 'g')
		usage_grounding(json_get(body, "candidates"), u);
	read_time(body, u);
	return true;
}

static bool
is_token_count(struct value root)
{
	return json_is(json_get(json_get(root, "payload"), "type"), "token_count");
}

static struct value
last_tokens(struct value root)
{
	return json_get(json_get(json_get(root, "payload"), "info"), "last_token_usage");
}

/* Codex: an event of a session. */
static bool
read_token_count(struct value root, struct usage *u)
{
	if (!usage_object(last_tokens(root), u))
		return false;
	u->model = json_get(json_get(json_get(root, "payload"), "info"), "model");
	return true;
}

static bool
read_log(struct value root, struct usage *u)
{
	struct value message = json_get(root, "message"), response;

	if (is_token_count(root))
		return read_token_count(root, u);
	if (usage_is_storage(root))
		return usage_storage(root, u);
	if (usage_has(message, "usage"))
		return read_body(message, u);
	usage_course(root, u);
	if (read_body(root, u))
		return true;
	response = json_get(root, "response");
	if (usage_has(response, "usage"))
		return read_body(response, u);
	response = json_get(root, "response_body"); /* Helicone, with bodies */
	if (usage_has(response, "usage"))
		return read_body(response, u);
	return usage_export(root, u);
}

static bool
read_shape(const struct request *r, struct usage *u)
{
	struct value kept = json_get(json_get(r->llm, "batch"), "usage");

	/* translated answers: the provider's own object is what was billed */
	if (json_type(kept) == JSON_OBJECT && usage_object(kept, u)) {
		u->model = json_get(r->answer, "model");
		read_time(r->answer, u);
		return true;
	}
	if (r->shape == SHAPE_USAGE && !r->batch_line) {
		struct value root = json_root(r->json);

		read_time(root, u);
		return read_log(root, u);
	}
	return json_type(r->answer) == JSON_OBJECT && read_body(r->answer, u);
}

bool
usage_read(const struct request *r, struct usage *u)
{
	*u = (struct usage){ 0 };
	if (!read_shape(r, u)) {
		*u = (struct usage){ 0 };
		return false;
	}
	usage_check_parts(u);
	return true;
}

/* The line of a batch's results, without its request. */
static bool
is_result(struct value root)
{
	if (!usage_has(root, "custom_id") && !usage_has(root, "key"))
		return false;
	return json_type(json_get(root, "result")) == JSON_OBJECT ||
	       json_type(json_get(root, "response")) != JSON_ABSENT || usage_has(root, "error");
}

/* An answer of a model that is named, without its counts; a piece of a stream, or a response
 * that is still being made, is none. */
static bool
is_uncounted(struct value root)
{
	struct value status = json_get(root, "status");

	if (json_type(usage_first(root, models)) != JSON_STRING ||
	    slice_ends(json_string_raw(json_get(root, "object")), SLICE(".chunk")) ||
	    json_is(status, "queued") || json_is(status, "in_progress"))
		return false;
	return json_type(json_get(root, "usage")) == JSON_NULL || api_answering(root);
}

bool
usage_line(struct value root)
{
	struct usage u = { 0 };

	if (is_token_count(root))
		return json_type(last_tokens(root)) == JSON_OBJECT;
	if (is_result(root) || usage_counts(json_get(root, "usage")))
		return true;
	/* a bare request with its answer is no log line: the usage is the answer's */
	if (api_of(root) != API_NONE && !usage_has(root, "usage") &&
	    !usage_has(json_get(root, "message"), "usage"))
		return usage_export(root, &u);
	return read_log(root, &u) || (api_of(root) == API_NONE && is_uncounted(root));
}
