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

/* Where in a line stands what is read. It is found once for all lines of one shape: what may
 * differ between them is read from the line each time. */
#define FORMS 16
#define SCALARS 4
struct form {
	uint64_t shape; /* 0: of this line alone */
	enum usage_quick what;
	struct request request;
	struct usage usage; /* without what its object says */
	struct usage_hints hints;
	struct usage_object object;
	struct value tier, output, choices;
	bool answers; /* has a member that may tell how it ended */
	/* members of which the first that is not null counts, and that are no strings */
	struct {
		uint32_t entry;
		bool set;
	} scalar[SCALARS];
	size_t scalars;
};

/* The first of these neighbours that is there and not null. */
static struct value
first_set(struct form *f, uint64_t seen, const struct value at[], unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to; i++) {
		enum json_type type = seen & MEMBER(i) ? json_type(at[i]) : JSON_ABSENT;

		if (type >= JSON_STRING)
			return at[i];
		if (type == JSON_ABSENT)
			continue;
		if (f->scalars < SCALARS) {
			f->scalar[f->scalars].entry = at[i].entry;
			f->scalar[f->scalars].set = type > JSON_NULL;
		}
		f->scalars++;
		if (type > JSON_NULL)
			return at[i];
	}
	return (struct value){ 0 };
}

/* Where the answer's body says what; false if it names no model. */
static bool
find_body(uint64_t seen, const struct value at[], struct form *f)
{
	f->usage.model = first_set(f, seen, at, T_MODEL, T_MODEL_ID);
	if (json_type(f->usage.model) != JSON_STRING)
		return false;
	if (!json_type(f->usage.time))
		f->usage.time = first_set(f, seen, at, T_TIMESTAMP, T_TIME);
	f->tier = pick(seen, at, T_SERVICE_TIER);
	f->output = pick(seen, at, T_OUTPUT);
	usage_object_open(at[T_USAGE], &f->object);
	return true;
}

static struct members names = { .names = top_names, .count = TOPS };

static enum usage_quick
find_message(uint64_t seen, const struct value at[], struct form *f)
{
	struct value inner[MEMBERS_TOLD];
	uint64_t has = members_read(pick(seen, at, T_MESSAGE), &names, inner);

	if (!(has & MEMBER(T_USAGE)))
		return seen & (ANSWER | MEMBER(T_MODEL) | MEMBER(T_METADATA))
			   ? USAGE_QUICK_NOT
			   : USAGE_QUICK_NOTHING;
	if (json_type(inner[T_USAGE]) != JSON_OBJECT ||
	    has & (OTHER_KIND & ~MEMBER(T_OTHERS)) || !find_body(has, inner, f))
		return USAGE_QUICK_NOT;
	f->hints.transcript = true;
	f->hints.id = pick(has, inner, T_ID);
	f->hints.request_id = pick(seen, at, T_REQUEST_ID_CAMEL);
	return USAGE_QUICK_CALL;
}

static enum usage_quick
find_top(uint64_t seen, const struct value at[], struct form *f)
{
	if (seen & OTHER_KIND)
		return USAGE_QUICK_NOT;
	f->usage.time = first_set(f, seen, at, T_TIMESTAMP, T_TIME);
	if (!(seen & MEMBER(T_USAGE)))
		return find_message(seen, at, f);
	if (seen & MEMBER(T_MESSAGE) || json_type(at[T_USAGE]) != JSON_OBJECT ||
	    !find_body(seen, at, f))
		return USAGE_QUICK_NOT;
	f->hints.id = pick(seen, at, T_ID);
	f->hints.request_id = pick(seen, at, T_REQUEST_ID);
	f->hints.object = pick(seen, at, T_OBJECT);
	return USAGE_QUICK_CALL;
}

static void
find(struct json *json, struct form *f)
{
	struct value root = json_root(json), at[MEMBERS_TOLD];
	uint64_t seen = members_read(root, &names, at);

	*f = (struct form){ .request = { .json = json, .root = root } };
	f->what = find_top(seen, at, f);
	if (json->twice.ptr) {
		f->what = USAGE_QUICK_NOT;
		return;
	}
	if (f->what != USAGE_QUICK_CALL) {
		f->shape = f->scalars <= SCALARS ? json->shape : 0;
		return;
	}
	f->request.shape = SHAPE_USAGE;
	f->request.answered = true;
	f->request.answer = root;
	f->request.model = seen & MEMBER(T_MODEL) ? at[T_MODEL] : pick(seen, at, T_MODEL_ID);
	f->hints.lane = json_get(pick(seen, at, T_METADATA), "lane");
	if (!json_type(f->hints.lane))
		f->hints.lane = pick(seen, at, T_LANE);
	if (json->twice.ptr)
		f->what = USAGE_QUICK_NOT;
	f->answers = seen & ANSWER;
	if ((seen & ANSWER) == MEMBER(T_CHOICES) && json_type(at[T_CHOICES]) == JSON_ARRAY)
		f->choices = at[T_CHOICES];
	f->shape = f->scalars <= SCALARS && !json->twice.ptr ? json->shape : 0;
}

static bool
holds(const struct form *f, struct json *json)
{
	if (f->shape != json->shape || f->request.json != json)
		return false;
	for (size_t i = 0; i < f->scalars; i++)
		if ((json_type((struct value){ json, f->scalar[i].entry }) > JSON_NULL) !=
		    f->scalar[i].set)
			return false;
	return true;
}

static const struct form *
form_of(struct json *json)
{
	static struct form forms[FORMS];
	struct form *f = &forms[json->shape % FORMS];

	if (!json->shape || !holds(f, json))
		find(json, f);
	return f;
}

/* An answer that is clearly one of completions, or clearly none that tells its end. */
static void
read_ending(const struct form *f, struct usage_hints *h)
{
	enum json_type text;

	if (!h->transcript && json_is(h->object, "response"))
		return;
	h->no_ending = !f->answers;
	if (!f->choices.json)
		return;
	text = json_type(json_get(json_first(f->choices), "text"));
	if (text == JSON_ABSENT || text == JSON_STRING)
		h->choices = f->choices;
}

/* False if the object counts nothing. */
static bool
read_usage(const struct form *f, struct usage *u)
{
	u->service_tier = json_string_raw(f->tier);
	if (!usage_object_read(&f->object, u))
		return false;
	if (u->dialect[0] == 'r')
		usage_searches(f->output, u);
	return true;
}

enum usage_quick
usage_quick(struct json *json, struct request *r, struct usage *u, struct usage_hints *h)
{
	const struct form *f;

	if (request_insisted())
		return USAGE_QUICK_NOT;
	f = form_of(json);
	*r = f->request;
	*u = f->usage;
	*h = f->hints;
	if (f->what == USAGE_QUICK_NOTHING)
		return f->what;
	if (f->what == USAGE_QUICK_NOT || !read_usage(f, u) || json->twice.ptr) {
		json->twice = slice_of(NULL, 0);
		return USAGE_QUICK_NOT;
	}
	usage_check_parts(u);
	h->fields = request_fields();
	read_ending(f, h);
	return USAGE_QUICK_CALL;
}
