/* SPDX-License-Identifier: MIT */
/* The lines that logs consist of, read in one walk of the record and one of its message. A name
 * that any other reader would look at makes the line another one's. */
#include "model/usage_dialect.h"

enum top {
	/* what a line of this kind may say */
	T_USAGE,
	T_MESSAGE,
	T_MODEL,
	T_MODEL_VERSION,
	T_MODEL_ID,
	T_SERVICE_TIER,
	T_ID,
	T_REQUEST_ID,
	T_OBJECT,
	T_REQUEST_ID_CAMEL,
	T_TIMESTAMP,
	T_START_TIME_CAMEL,
	T_START_TIME,
	T_CREATED_AT,
	T_CREATE_TIME,
	T_CREATED,
	T_TIME,
	T_TYPE,
	/* attributes */
	T_METADATA,
	T_LANE,
	/* the answers of each interface */
	T_CHOICES,
	T_OUTPUT,
	T_CANDIDATES,
	T_FEEDBACK,
	T_CONTENT,
	T_DATA,
	T_RESULTS,
	/* another kind of line */
	T_OTHERS
};
static const char *const top_names[] = {
	[T_USAGE] = "usage",
	[T_MESSAGE] = "message",
	[T_MODEL] = "model",
	[T_MODEL_VERSION] = "modelVersion",
	[T_MODEL_ID] = "modelId",
	[T_SERVICE_TIER] = "service_tier",
	[T_ID] = "id",
	[T_REQUEST_ID] = "request_id",
	[T_OBJECT] = "object",
	[T_REQUEST_ID_CAMEL] = "requestId",
	[T_TIMESTAMP] = "timestamp",
	[T_START_TIME_CAMEL] = "startTime",
	[T_START_TIME] = "start_time",
	[T_CREATED_AT] = "created_at",
	[T_CREATE_TIME] = "createTime",
	[T_CREATED] = "created",
	[T_TIME] = "time",
	[T_TYPE] = "type",
	[T_METADATA] = "metadata",
	[T_LANE] = "lane",
	[T_CHOICES] = "choices",
	[T_OUTPUT] = "output",
	[T_CANDIDATES] = "candidates",
	[T_FEEDBACK] = "promptFeedback",
	[T_CONTENT] = "content",
	[T_DATA] = "data",
	[T_RESULTS] = "results",
	[T_OTHERS] = "llm",
	"custom_id",
	"body",
	"params",
	"recordId",
	"modelInput",
	"modelOutput",
	"request",
	"key",
	"url",
	"response",
	"error",
	"result",
	"payload",
	"usageMetadata",
	"usage_metadata",
	"meta",
	"attributes",
	"gen_ai.usage.input_tokens",
	"gen_ai.usage.output_tokens",
	"gen_ai.usage.prompt_tokens",
	"resourceSpans",
	"prompt_tokens",
	"completion_tokens",
	"messages",
	"contents",
	"input",
	"prompt",
	"inputText",
	"inferenceConfig",
	"toolConfig",
	"system",
	"anthropic_version",
	"stop_sequences",
	"tools",
	"response_body",
	"standard_logging_object",
	"prompt_cache_read_tokens",
	"prompt_cache_write_tokens",
	"usage_details",
	"usageDetails",
	"totalRecordCount",
	"expireTime",
	"latency_ms",
	"duration_ms",
	"endTime",
	"end_time",
	"session",
};
#define TOPS (sizeof(top_names) / sizeof(*top_names))
_Static_assert(TOPS <= MEMBERS_MOST, "room for each name");
#define OTHER_KIND (~(MEMBER(T_OTHERS) - 1))
#define ANSWER                                                                              \
	(MEMBER(T_CHOICES) | MEMBER(T_OUTPUT) | MEMBER(T_CANDIDATES) | MEMBER(T_FEEDBACK) | \
	    MEMBER(T_CONTENT) | MEMBER(T_DATA) | MEMBER(T_RESULTS))

static inline struct value
pick(uint64_t seen, const struct value at[], unsigned name)
{
	return seen & MEMBER(name) ? at[name] : (struct value){ 0 };
}

/* The first of these neighbours that is there and not null. */
static struct value
first_set(uint64_t seen, const struct value at[], unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to; i++)
		if (seen & MEMBER(i) && json_type(at[i]) > JSON_NULL)
			return at[i];
	return (struct value){ 0 };
}

/* What the answer's body says beside its usage. */
static bool
read_body(uint64_t seen, const struct value at[], struct usage *u)
{
	u->model = first_set(seen, at, T_MODEL, T_MODEL_ID);
	u->service_tier = json_string_raw(pick(seen, at, T_SERVICE_TIER));
	if (json_type(u->model) != JSON_STRING || !usage_object(at[T_USAGE], u))
		return false;
	if (u->dialect[0] == 'r')
		usage_searches(pick(seen, at, T_OUTPUT), u);
	if (!json_type(u->time))
		u->time = first_set(seen, at, T_TIMESTAMP, T_TIME);
	return true;
}

static struct members names = { .names = top_names, .count = TOPS };

static enum usage_quick
read_message(uint64_t seen, const struct value at[], struct usage *u, struct usage_hints *h)
{
	struct value inner[MEMBERS_TOLD];
	uint64_t has = members_read(pick(seen, at, T_MESSAGE), &names, inner);

	if (!(has & MEMBER(T_USAGE)))
		return seen & (ANSWER | MEMBER(T_MODEL) | MEMBER(T_METADATA))
			   ? USAGE_QUICK_NOT
			   : USAGE_QUICK_NOTHING;
	if (json_type(inner[T_USAGE]) != JSON_OBJECT ||
	    has & (OTHER_KIND & ~MEMBER(T_OTHERS)) || !read_body(has, inner, u))
		return USAGE_QUICK_NOT;
	h->transcript = true;
	h->id = pick(has, inner, T_ID);
	h->request_id = pick(seen, at, T_REQUEST_ID_CAMEL);
	return USAGE_QUICK_CALL;
}

static enum usage_quick
read_top(uint64_t seen, const struct value at[], struct usage *u, struct usage_hints *h)
{
	if (seen & OTHER_KIND)
		return USAGE_QUICK_NOT;
	u->time = first_set(seen, at, T_TIMESTAMP, T_TIME);
	if (!(seen & MEMBER(T_USAGE)))
		return read_message(seen, at, u, h);
	if (seen & MEMBER(T_MESSAGE) || json_type(at[T_USAGE]) != JSON_OBJECT ||
	    !read_body(seen, at, u))
		return USAGE_QUICK_NOT;
	h->id = pick(seen, at, T_ID);
	h->request_id = pick(seen, at, T_REQUEST_ID);
	h->object = pick(seen, at, T_OBJECT);
	return USAGE_QUICK_CALL;
}

/* An answer that is clearly one of completions, or clearly none that tells its end. */
static void
find_ending(uint64_t seen, const struct value at[], struct usage_hints *h)
{
	enum json_type text;

	if (!h->transcript && json_is(h->object, "response"))
		return;
	h->no_ending = !(seen & ANSWER);
	if ((seen & ANSWER) != MEMBER(T_CHOICES) || json_type(at[T_CHOICES]) != JSON_ARRAY)
		return;
	text = json_type(json_get(json_first(at[T_CHOICES]), "text"));
	if (text == JSON_ABSENT || text == JSON_STRING)
		h->choices = at[T_CHOICES];
}

enum usage_quick
usage_quick(struct json *json, struct request *r, struct usage *u, struct usage_hints *h)
{
	struct value root = json_root(json), at[MEMBERS_TOLD];
	enum usage_quick what;
	uint64_t seen;

	if (request_insisted())
		return USAGE_QUICK_NOT;
	seen = members_read(root, &names, at);
	*u = (struct usage){ 0 };
	*h = (struct usage_hints){ 0 };
	what = read_top(seen, at, u, h);
	if (json->twice.ptr) {
		json->twice = slice_of(NULL, 0);
		return USAGE_QUICK_NOT;
	}
	if (what == USAGE_QUICK_NOT)
		return what;
	*r = (struct request){ .json = json, .root = root };
	if (what == USAGE_QUICK_NOTHING)
		return what;
	usage_check_parts(u);
	r->shape = SHAPE_USAGE;
	r->answered = true;
	r->answer = root;
	r->model = seen & MEMBER(T_MODEL) ? at[T_MODEL] : pick(seen, at, T_MODEL_ID);
	h->fields = request_fields();
	h->metadata = pick(seen, at, T_METADATA);
	h->lane = pick(seen, at, T_LANE);
	find_ending(seen, at, h);
	return what;
}
