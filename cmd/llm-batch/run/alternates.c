/* SPDX-License-Identifier: MIT */
/* Other models for a request, as llm-route names them, and models that rest for a while. */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"
#include "run.h"

#define REST ((int64_t)60 * 1000) /* ms that a model rests that says nothing itself */
#define TRIES_HERE 2              /* at a model that has another behind it */
#define MOST 100

/* One more, if somebody has it. */
static void
offer(const struct record *r, struct slice model, bool asked, struct candidates *c)
{
	struct candidate *to = &c->list[c->count];
	struct slice sent;

	to->at = address_of(model, !asked, &sent, r->arena);
	if (!to->at) {
		diag_repeated("no address",
		    "%s:%llu: '%s' is skipped: its provider has no '--base-url'", r->file,
		    (unsigned long long)r->number, diag_clean(model));
		return;
	}
	to->name = arena_copy(r->arena, model).ptr;
	to->sent = arena_copy(r->arena, sent).ptr;
	to->asked = asked;
	c->count++;
}

static size_t
place_of(const struct candidates *c, struct slice model)
{
	size_t i = 0;

	while (i < c->count && !slice_eqz(model, c->list[i].name))
		i++;
	return i;
}

/* The models of a list, each once among the candidates, with its place in this list. */
static void
offer_list(const struct record *r, struct value list, struct slice own, unsigned which,
    struct candidates *c)
{
	unsigned char place = 0;

	for (struct value v = json_first(list); json_type(v); v = json_next(v)) {
		struct value name = json_type(v) == JSON_OBJECT ? json_get(v, "model") : v;
		struct slice text = json_string(name, r->arena);
		size_t at = place_of(c, text);

		if (!text.len || slice_eq(text, own))
			continue;
		if (at == c->count)
			offer(r, text, false, c);
		if (at < c->count && !c->list[at].place[which])
			c->list[at].place[which] = ++place;
	}
}

static bool
is_list(struct value v)
{
	return json_type(v) == JSON_ARRAY && json_length(v) <= MOST;
}

bool
alternates_read(const struct record *r, const struct line *l, struct candidates *out)
{
	static const char *const names[LISTS] = { "rate_limit", "server", "timeout",
		"connection", "context_window", "content_policy", "auth" };
	struct slice model = line_model(l, r->arena);
	struct value route = json_get(l->request.llm, "route");
	struct value list = json_get(route, "alternates");
	struct value on_error = json_get(route, "on_error"), lists[LISTS + 1];
	size_t room = 1;
	struct value cooldown = json_get(route, "cooldown");
	double rest;

	*out = (struct candidates){ 0 };
	if (json_double(json_get(cooldown, "cooldown_time"), &rest) && rest > 0 && rest < 1e7)
		out->rest = (int64_t)(rest * 1000);
	json_whole(json_get(cooldown, "allowed_fails"), &out->fails);
	for (unsigned i = 0; i <= LISTS; i++) {
		lists[i] = i < LISTS ? json_get(on_error, names[i]) : list;
		if (!model.len || !is_list(lists[i])) {
			lists[i] = (struct value){ 0 };
			continue;
		}
		room += json_length(lists[i]);
		/* an empty list means nobody */
		out->own_lists |= i < LISTS ? 1u << i : 0;
	}
	out->list = arena_zero(r->arena, room, sizeof(*out->list));
	offer(r, model, true, out);
	for (unsigned i = LISTS + 1; i-- > 0;)
		if (json_type(lists[i]) == JSON_ARRAY)
			offer_list(r, lists[i], model, i, out);
	return out->count > 0;
}

void
alternates_keep(struct slot *slot, const struct candidates *c)
{
	if (c->count == 1 && c->list[0].asked)
		return;
	slot->models = mem_zero(c->count * sizeof(*slot->models));
	slot->model_count = c->count;
	slot->own_lists = c->own_lists;
	slot->rest = c->rest;
	slot->fails = c->fails;
	for (size_t i = 0; i < c->count; i++) {
		slot->models[i] = c->list[i];
		slot->models[i].name = mem_string(c->list[i].name);
		slot->models[i].sent = mem_string(c->list[i].sent);
	}
}

void
alternates_free(struct slot *slot)
{
	for (size_t i = 0; i < slot->model_count; i++) {
		/* owned, made by alternates_keep */
		free((void *)(uintptr_t)slot->models[i].name);
		free((void *)(uintptr_t)slot->models[i].sent);
	}
	free(slot->models);
}

const char *
alternates_name(const struct slot *slot)
{
	return slot->models[slot->model_at].name;
}

/* The list of an error; LISTS where it is of no kind that has one. */
static unsigned
list_of(const struct outcome *o)
{
	static const char *const content_words[] = { "content_policy", "content_filter",
		"content management policy", NULL };
	static const struct {
		const char *class;
		enum error_list list;
	} classes[] = { { "rate_limit", LIST_RATE_LIMIT }, { "server", LIST_SERVER },
		{ "timeout", LIST_TIMEOUT }, { "connection", LIST_CONNECTION },
		{ "context", LIST_CONTEXT }, { "auth", LIST_AUTH } };

	if (o->status == 400 && outcome_says(o, content_words))
		return LIST_CONTENT;
	for (size_t i = 0; o->class && i < sizeof(classes) / sizeof(*classes); i++)
		if (strcmp(o->class, classes[i].class) == 0)
			return classes[i].list;
	return LISTS;
}

/* The list that the slot has for an error: its own, or that of all others. */
static unsigned
list_for(const struct slot *slot, const struct outcome *o)
{
	unsigned list = list_of(o);

	return list < LISTS && slot->own_lists & 1u << list ? list : LISTS;
}

/* An error that another model may not have. */
static bool
is_models(const struct slot *slot, const struct outcome *o)
{
	if (o->good)
		return false;
	return list_for(slot, o) < LISTS || !o->status || o->status == 404 ||
	       o->status == 403 || retry_status(o->status) || list_of(o) == LIST_CONTEXT;
}

/* The next in the list that was not tried and does not rest; model_count if none is left. */
static size_t
next_of(const struct slot *slot, unsigned list)
{
	size_t best = slot->model_count;

	for (size_t i = 0; i < slot->model_count; i++) {
		const struct candidate *c = &slot->models[i];

		if (!c->tried && c->place[list] && i != slot->model_at &&
		    (best == slot->model_count ||
			c->place[list] < slot->models[best].place[list]))
			best = i;
	}
	return best;
}

/* To the first of the list that can be told the request. */
static bool
go_on(struct run *run, struct slot *slot, unsigned list)
{
	bool gone = false;
	size_t i;

	slot->models[slot->model_at].tried = true;
	while (!gone && (i = next_of(slot, list)) < slot->model_count) {
		struct candidate *to = &slot->models[i];
		struct arena a = { 0 };
		const char *why;

		gone = run_use(run, slot, to, &a, &why);
		if (gone) {
			slot->model_at = i;
			slot->here = 0;
			slot->not_before = 0;
		} else {
			to->tried = true;
			diag_repeated("not there", "%s:%llu: '%s' is skipped: not for %s: %s",
			    slot->file, (unsigned long long)slot->number,
			    diag_clean(slice_z(to->name)), to->at->name, why);
		}
		arena_close(&a);
	}
	return gone;
}

static bool
is_empty(const struct slot *slot, unsigned list)
{
	for (size_t i = 0; i < slot->model_count; i++)
		if (slot->models[i].place[list])
			return false;
	return true;
}

static bool
may_pass(const struct outcome *o)
{
	return !o->status || retry_status(o->status);
}

void
alternates_judge(struct run *run, struct slot *slot, const struct outcome *o)
{
	const struct candidate *model;

	if (!slot->model_count)
		return;
	model = &slot->models[slot->model_at];
	if (o->good || !may_pass(o))
		cooldown_forget(run->cooldown, model);
	else if (is_empty(slot, list_for(slot, o)))
		return; /* nobody stands in for it: it is asked again */
	else if (slot->fails ? cooldown_failed(run->cooldown, model) >= slot->fails
			     : slot->here >= TRIES_HERE)
		cooldown_add(
		    run->cooldown, model, when_now() + (slot->rest ? slot->rest : REST));
}

bool
alternates_leave(struct run *run, struct slot *slot, const struct outcome *o)
{
	unsigned list = list_for(slot, o);

	return slot->model_count && is_models(slot, o) &&
	       next_of(slot, list) < slot->model_count && go_on(run, slot, list);
}

bool
alternates_next(struct run *run, struct slot *slot, const struct outcome *o)
{
	/* what may pass is tried a second time at the same model */
	if (may_pass(o) && slot->here < TRIES_HERE &&
	    !cooldown_rests(run->cooldown, &slot->models[slot->model_at]))
		return false;
	return alternates_leave(run, slot, o);
}

void
alternates_skip(struct run *run, struct slot *slot)
{
	while (slot->model_count &&
	       cooldown_rests(run->cooldown, &slot->models[slot->model_at]) &&
	       next_of(slot, LISTS) < slot->model_count)
		if (!go_on(run, slot, LISTS))
			return;
}
