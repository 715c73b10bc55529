/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/apply.h"

#include "cmd/llm-route/form.h"
#include "cmd/llm-route/output/output.h"
#include "json/write.h"

/* What a kind of target refuses or ignores, by OpenAI's names. */
static const char *const reasoning_refuses[] = { "temperature", "top_p", "presence_penalty",
	"frequency_penalty", "logprobs", "top_logprobs", "logit_bias", "stop", NULL };
static const char *const anthropic_refuses[] = { "n", "seed", "logprobs", "top_logprobs",
	"logit_bias", "presence_penalty", "frequency_penalty", NULL };
static const char *const google_refuses[] = { "logit_bias", NULL };
static const char *const others_refuse[] = { "reasoning_effort", NULL };

const char *const *
apply_reasoning_refuses(const struct model_facts *m)
{
	static const char *const nothing[] = { NULL };
	struct slice provider = slice_z(m->provider);
	bool openai = slice_eqz(provider, "openai") || slice_eqz(provider, "azure");

	return openai && m->says_reasoning && m->reasoning ? reasoning_refuses : nothing;
}

static void
drop_present(const struct request *q, struct decision *d, const char *const names[])
{
	for (size_t i = 0; names[i]; i++)
		if (json_type(request_parameter(q, names[i])) > JSON_NULL)
			setter_drop(d, names[i]);
}

static void
list_dropped(const struct request *q, struct facts *f, struct decision *d)
{
	struct chat chat;
	const char *provider = d->chosen->facts.provider ? d->chosen->facts.provider : "", *why;

	drop_present(q, d, apply_reasoning_refuses(&d->chosen->facts));
	if (strcmp(provider, "anthropic") == 0)
		drop_present(q, d, anthropic_refuses);
	if (strcmp(provider, "google") == 0)
		drop_present(q, d, google_refuses);
	if (d->chosen->facts.says_reasoning && !d->chosen->facts.reasoning)
		drop_present(q, d, others_refuse);
	if (form_says(f, d->chosen, &chat, &why))
		for (size_t i = 0; i < chat.lost_count; i++)
			setter_drop(d, chat.lost[i]);
}

/* Where the shape has no place for a model (Gemini's and Bedrock's lines) the job names it. */
static void
set_model(struct record *r, const struct request *q, const struct decision *d)
{
	struct slice raw;

	if (!d->model.ptr)
		return;
	raw = chat_quote(d->model, r->arena);
	if (json_type(q->model) == JSON_STRING) {
		if (!slice_eq(json_string(q->model, r->arena), d->model))
			edits_replace(r->edits, q->model, raw);
	} else if (q->shape != SHAPE_GEMINI && q->shape != SHAPE_BEDROCK) {
		edits_set(r->edits, q->body, "model", raw);
	}
}

void
apply_decision(struct record *r, const struct request *q, struct facts *f, struct decision *d,
    bool observe)
{
	struct setter s = { r, q, f, d, observe };

	if (!d->keep)
		list_dropped(q, f, d);
	if (!observe)
		set_model(r, q, d);
	output_set(&s);
}

/* A name that needs no escapes, in its quotes already: this is written for every record. */
#define MEMBER(name) SLICE("\"" name "\":")
static void
write_member(struct writer *w, struct slice quoted)
{
	if (w->comma)
		buf_add_byte(w->out, ',');
	buf_add(w->out, quoted);
	w->comma = false;
}

static void
write_evidence(struct writer *w, struct slice name, const struct found_words *e)
{
	write_member(w, name);
	write_array(w);
	for (size_t i = 0; i < e->count; i++)
		write_string(w, e->word[i]);
	write_array_end(w);
}

static void
write_slice(struct writer *w, struct slice name, struct slice text)
{
	write_member(w, name);
	if (text.ptr)
		write_string(w, text);
	else
		write_null(w);
}

static void
write_money(struct writer *w, const struct decision *d)
{
	char text[64];

	write_member(w, MEMBER("estimated_cost"));
	write_z(w, d->priced ? usd_write(d->cost, text) : NULL);
	if (!d->priced) {
		write_member(w, MEMBER("unpriced"));
		write_z(w, d->unpriced);
	}
}

static void
write_names(struct writer *w, const struct slice *items, size_t count)
{
	write_array(w);
	for (size_t i = 0; i < count; i++)
		write_string(w, items[i]);
	write_array_end(w);
}

static void
write_dropped(struct writer *w, const struct decision *d)
{
	write_array(w);
	for (size_t i = 0; i < d->dropped_count; i++)
		write_z(w, d->dropped[i]);
	write_array_end(w);
}

/* Alternates of classes of errors that have their own. */
static void
write_classes(struct writer *w, const struct decision *d)
{
	static const struct slice class_member[ERROR_CLASSES] = { { "\"rate_limit\":", 13 },
		{ "\"server\":", 9 }, { "\"timeout\":", 10 }, { "\"connection\":", 13 },
		{ "\"context_window\":", 17 }, { "\"content_policy\":", 17 },
		{ "\"auth\":", 7 } };

	write_object(w);
	for (unsigned i = 0; i < ERROR_CLASSES; i++) {
		const struct slice *names = d->class[i];

		if (!names)
			continue;
		write_member(w, class_member[i]);
		write_names(w, names, d->class_count[i]);
	}
	write_object_end(w);
}

static bool
has_classes(const struct decision *d)
{
	unsigned i = 0;

	while (i < ERROR_CLASSES && !d->class[i])
		i++;
	return i < ERROR_CLASSES;
}

/* How long who fails is spared. */
static void
write_cooldown(struct writer *w, const struct routes *routes)
{
	write_object(w);
	write_member(w, MEMBER("allowed_fails"));
	write_number(w, routes->allowed_fails);
	write_member(w, MEMBER("cooldown_time"));
	/* in whole seconds: no time to cool down would be another word for none */
	write_number(w, ((uint64_t)routes->cooldown_time + 999) / 1000);
	write_object_end(w);
}

static void
write_share(struct writer *w, struct slice name, unsigned percent)
{
	char digits[] = { '0', '.', (char)('0' + percent / 10 % 10),
		(char)('0' + percent % 10) };

	write_member(w, name);
	write_raw(w, percent >= 100 ? SLICE("1") : slice_of(digits, sizeof(digits)));
}

/* What is there only where its option or setting is. */
static void
write_rest(struct writer *w, const struct facts *f, const struct decision *d)
{
	if (f->policy->semantic && f->routes && f->routes->asks_intent) {
		write_member(w, MEMBER("intent"));
		write_object(w);
		write_slice(w, MEMBER("name"), f->intent);
		write_share(w, MEMBER("score"), f->intent_score);
		write_member(w, MEMBER("why"));
		write_z(w, f->intent_why);
		write_object_end(w);
	}
	if (d->image_before) {
		write_member(w, MEMBER("image_tokens"));
		write_object(w);
		write_member(w, MEMBER("before"));
		write_number(w, d->image_before);
		write_member(w, MEMBER("after"));
		write_number(w, d->image_after);
		write_object_end(w);
	}
}

static void
write_decision(
    struct writer *w, const struct facts *f, const struct decision *d, struct slice asked)
{
	write_object(w);
	write_slice(w, MEMBER("task"), f->task);
	write_member(w, MEMBER("complexity"));
	write_z(w, level_names[f->level]);
	write_slice(w, MEMBER("model"), d->model);
	write_slice(w, MEMBER("asked"), asked);
	write_member(w, MEMBER("lane"));
	write_z(w, lane_name(d->lane));
	write_money(w, d);
	write_share(w, MEMBER("confidence"), d->confidence);
	write_slice(w, MEMBER("reason"), d->reason);
	write_slice(w, MEMBER("rule"), d->rule ? d->rule->name : (struct slice){ NULL, 0 });
	if (d->arm) {
		write_member(w, MEMBER("arm"));
		write_z(w, d->arm);
	}
	if (d->fallback) {
		write_member(w, MEMBER("fallback"));
		write_z(w, d->fallback);
	}
	write_member(w, MEMBER("alternates"));
	write_names(w, d->alternates, d->alternate_count);
	if (has_classes(d)) {
		write_member(w, MEMBER("on_error"));
		write_classes(w, d);
	}
	if (f->routes && f->routes->allowed_fails) {
		write_member(w, MEMBER("cooldown"));
		write_cooldown(w, f->routes);
	}
	write_rest(w, f, d);
	write_member(w, MEMBER("dropped"));
	write_dropped(w, d);
	write_member(w, MEMBER("evidence"));
	write_object(w);
	write_evidence(w, MEMBER("task"), &f->task_evidence);
	write_evidence(w, MEMBER("complexity"), &f->level_evidence);
	write_object_end(w);
	write_object_end(w);
}

void
apply_annotation(
    struct record *r, const struct facts *f, const struct decision *d, struct slice asked)
{
	static const char *const version[] = { "llm", "v" }, *const route[] = { "llm",
		"route" };
	static struct buf b; /* grows to the longest, once */
	struct writer w = { &b, false };

	buf_clear(&b);
	write_decision(&w, f, d, asked);
	edits_set_path(r->edits, r->root, version, 2, SLICE("1"));
	if (!edits_set_path(r->edits, r->root, route, 2, arena_copy(r->arena, buf_slice(&b))))
		record_reject(r, "the member llm is no object");
}

/* One member of llm.route, which the writer holds; empties it. */
static void
set_member(struct record *r, const char *name, struct writer *w)
{
	const char *const path[] = { "llm", "route", name };

	edits_set_path(r->edits, r->root, path, 3, arena_copy(r->arena, buf_slice(w->out)));
	buf_clear(w->out);
	w->comma = false;
}

void
apply_instead(struct record *r, const struct facts *f, const struct decision *d)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };

	write_names(&w, d->alternates, d->alternate_count);
	set_member(r, "alternates", &w);
	if (has_classes(d) ||
	    json_type(json_get(json_get(f->request->llm, "route"), "on_error"))) {
		write_classes(&w, d);
		set_member(r, "on_error", &w);
	}
	write_dropped(&w, d);
	set_member(r, "dropped", &w);
	if (f->routes && f->routes->allowed_fails) {
		write_cooldown(&w, f->routes);
		set_member(r, "cooldown", &w);
	}
	buf_free(&b);
}
