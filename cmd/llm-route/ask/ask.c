/* SPDX-License-Identifier: MIT */
/* llm-route ask: the requests of a first step, each named after the record that it serves. */
#include <inttypes.h>

#include "cmd/llm-route/apply.h"
#include "cmd/llm-route/ask/side.h"
#include "cmd/llm-route/route.h"
#include "cmd/llm-route/setup.h"
#include "json/write.h"

#define TEXT_MOST 4000 /* bytes of a text that a classifier is shown at each end */
#define LABEL_TOKENS 8
#define THINKING_TOKENS 2048 /* of a model that thinks before it says its word */
#define PLANNING_TOKENS 8192 /* and before its plan */

static const char *model, *labels = "simple,moderate,complex";
static uint64_t drafts = 1, plan_tokens = 400;
static uint64_t thought_up; /* records whose cap a draft may think up */

const struct option ask_options[] = {
	{ 0, "model", OPTION_TEXT, "MODEL", &model, "who is asked", NULL },
	{ 0, "labels", OPTION_TEXT, "A,B,...", &labels,
	    "what classify chooses from (simple,moderate,complex)", NULL },
	{ 0, "drafts", OPTION_NUMBER, "N", &drafts, "drafts of each record (1)", NULL },
	{ 0, "plan-tokens", OPTION_NUMBER, "N", &plan_tokens, "longest plan (400)", NULL },
	{ 0 },
};

static const char plan_text[] =
    "Do not do the task yet. Write a short numbered plan for it: the steps, what to watch for, "
    "and the form of the answer. Plain text, at most ten lines.";

/* Parameters that belong to the answer and not to a step before it. */
static const char *const of_answer[] = { "response_format", "tools", "tool_choice", "functions",
	"function_call", "parallel_tool_calls", "toolConfig", "text", "output_config", "stop",
	"stop_sequences", "stream", "stream_options", "n", "logprobs", "top_logprobs", NULL };
static const char *const of_stream[] = { "stream", "stream_options", NULL };

static struct slice
classifier_text(void)
{
	static struct buf text;

	if (text.len)
		return buf_slice(&text);
	buf_add(&text, SLICE("You sort requests for a language model. Do not answer the "
			     "request. Answer with exactly one of these words: "));
	for (struct slice rest = slice_z(labels); rest.len;) {
		size_t n = slice_find(rest, ',');

		buf_add(&text, slice_take(rest, n));
		rest = slice_drop(rest, n + 1);
		buf_add(&text, rest.len ? SLICE(", ") : SLICE("."));
	}
	if (strcmp(labels, "simple,moderate,complex") == 0)
		buf_add(&text,
		    SLICE(
			" simple: a small model surely answers it well. complex: it needs long "
			"reasoning, expert knowledge or many constraints. moderate: between."));
	return buf_slice(&text);
}

/* What the user wants, its beginning and its end. */
static void
add_request(struct buf *b, const struct instructions *t)
{
	buf_add(b, SLICE("<request>\n"));
	for (size_t i = t->last_at; i < t->user_count; i++) {
		struct slice text = t->user[i];

		if (text.len > 2 * TEXT_MOST) {
			buf_add(b, slice_head(text, TEXT_MOST));
			buf_add(b, SLICE("\n[...]\n"));
			text = slice_tail(text, TEXT_MOST);
		}
		buf_add(b, text);
		buf_add_byte(b, '\n');
	}
	buf_add(b, SLICE("</request>"));
}

static void
write_message(struct writer *w, const char *role, struct slice text)
{
	write_object(w);
	write_name(w, "role");
	write_z(w, role);
	write_name(w, "content");
	write_string(w, text);
	write_object_end(w);
}

static struct model_facts
facts_asked(void)
{
	return model_facts(models_resolve(slice_z(model)), (struct slice){ NULL, 0 });
}

static bool
thinks(void)
{
	struct model_facts f = facts_asked();

	return model_thinks_unasked(models_resolve(slice_z(model)), &f);
}

/* What the model would refuse the whole request for. */
static void
remove_refused(struct record *r, const struct request *q)
{
	struct model_facts f = facts_asked();

	side_remove(r, q, apply_reasoning_refuses(&f));
}

/* The body of a classifying request, in chat or Anthropic's form. */
static void
write_body(struct writer *w, bool messages, struct slice request, const char *cap)
{
	write_object(w);
	write_name(w, "model");
	write_z(w, model);
	write_name(w, cap);
	write_number(w, LABEL_TOKENS + (thinks() ? THINKING_TOKENS : 0));
	if (!thinks()) {
		write_name(w, "temperature");
		write_number(w, 0);
	}
	if (messages) {
		write_name(w, "system");
		write_string(w, classifier_text());
	}
	write_name(w, "messages");
	write_array(w);
	if (!messages)
		write_message(w, "system", classifier_text());
	write_message(w, "user", request);
	write_array_end(w);
	write_object_end(w);
}

static void
write_sign(struct writer *w, struct slice parent)
{
	write_name(w, "llm");
	write_object(w);
	write_name(w, "v");
	write_number(w, 1);
	write_name(w, "for");
	write_string(w, parent);
	write_name(w, "side");
	write_z(w, "route");
	write_name(w, "ask");
	write_z(w, "classify");
	write_object_end(w);
}

static enum verdict
ask_classify(struct record *r, const struct request *q)
{
	bool messages = q->shape == SHAPE_ANTHROPIC;
	const char *const *cap = request_cap_path(API_CHAT, slice_z(model));
	struct slice parent = side_parent(r, q);
	struct instructions texts;
	struct buf b = { 0 }, text = { 0 };
	struct writer w = { &b, false };

	instructions_read(&texts, q, r->arena);
	add_request(&text, &texts);
	write_object(&w);
	write_name(&w, "custom_id");
	write_string(&w, arena_printf(r->arena, "%.*s-classify", SLICE_ARG(parent)));
	if (!messages) {
		write_name(&w, "method");
		write_z(&w, "POST");
		write_name(&w, "url");
		write_z(&w, "/v1/chat/completions");
	}
	write_name(&w, messages ? "params" : "body");
	write_body(&w, messages, buf_slice(&text), messages ? "max_tokens" : cap[0]);
	write_sign(&w, parent);
	write_object_end(&w);
	stream_write(r->stream, buf_slice(&b));
	buf_free(&b);
	buf_free(&text);
	return DROP;
}

static enum verdict
ask_plan(struct record *r, const struct request *q)
{
	if (!side_order(r, q, slice_z(plan_text)))
		return DROP;
	side_sign(r, q, "plan", 1, slice_z(model));
	side_model(r, q, slice_z(model));
	side_remove(r, q, of_answer);
	remove_refused(r, q);
	side_cap(r, q, slice_z(model), plan_tokens + (thinks() ? PLANNING_TOKENS : 0));
	side_write(r);
	return DROP;
}

/* A request's own cap is never raised, and a model that reasons thinks inside it. */
static bool
may_think_up(const struct request *q)
{
	static const struct settings none;
	struct facts f = { .request = q };
	struct model m = { .known = models_resolve(slice_z(model)), .facts = facts_asked() };

	if (!json_whole(request_cap(q, NULL), &f.cap))
		f.cap = 0;
	return cap_is_thought(&f, &none, &m);
}

static enum verdict
ask_draft(struct record *r, const struct request *q)
{
	thought_up += may_think_up(q);
	for (unsigned n = 1; n <= drafts; n++) {
		side_sign(r, q, "draft", n, slice_z(model));
		side_model(r, q, slice_z(model));
		side_remove(r, q, of_stream);
		remove_refused(r, q);
		side_write(r);
	}
	return DROP;
}

static enum verdict
ask_record(void *context, struct record *r)
{
	enum verdict (*const *ask)(struct record *, const struct request *) = context;
	struct request q;

	if (!route_is_open(r, &q) || q.api == API_EMBEDDING)
		return DROP;
	return (*ask)(r, &q);
}

void
ask_run(const struct option_list *operands)
{
	static const struct {
		const char *kind;
		enum verdict (*ask)(struct record *, const struct request *);
	} kinds[] = { { "classify", ask_classify }, { "plan", ask_plan },
		{ "draft", ask_draft } };
	struct option_list files = { operands->item + 1, operands->count - 1 };
	struct stream_options o = tool_stream(&files, NO_OBJECT_SKIP);
	enum verdict (*ask)(struct record *, const struct request *) = NULL;

	for (size_t i = 0; i < 3; i++)
		if (strcmp(operands->item[0], kinds[i].kind) == 0)
			ask = kinds[i].ask;
	if (!ask)
		tool_usage("ask classify, ask plan or ask draft, not '%s'", operands->item[0]);
	if (!model)
		tool_usage("'--model' says who is asked");
	if (!drafts || drafts > 16)
		tool_usage("'--drafts' is 1 to 16");
	stream_each(&o, ask_record, &ask);
	if (thought_up)
		diag_warn("records whose output cap %s may use up thinking, so that their drafts "
			  "are empty: %" PRIu64,
		    model, thought_up);
}
