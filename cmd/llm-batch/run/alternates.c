/* SPDX-License-Identifier: MIT */
/* Other models for a request, as llm-route names them, and models that rest for a while. */
#include <stdlib.h>

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

bool
alternates_read(const struct record *r, const struct line *l, struct candidates *out)
{
	struct slice model = line_model(l, r->arena);
	struct value list = json_get(json_get(l->request.llm, "route"), "alternates");
	size_t n = json_type(list) == JSON_ARRAY ? json_length(list) : 0;

	n = model.len && n <= MOST ? n : 0;
	*out = (struct candidates){ arena_zero(r->arena, n + 1, sizeof(*out->list)), 0 };
	offer(r, model, true, out);
	if (!n)
		return out->count > 0;
	for (struct value v = json_first(list); json_type(v); v = json_next(v)) {
		struct value name = json_type(v) == JSON_OBJECT ? json_get(v, "model") : v;
		struct slice text = json_string(name, r->arena);

		if (text.len && !slice_eq(text, model))
			offer(r, text, false, out);
	}
	return out->count > 0;
}

void
alternates_keep(struct slot *slot, const struct candidates *c)
{
	if (c->count == 1 && c->list[0].asked)
		return;
	slot->models = mem_zero(c->count * sizeof(*slot->models));
	slot->model_count = c->count;
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

/* An error that another model may not have. */
static bool
is_models(const struct outcome *o)
{
	if (o->good)
		return false;
	if (!o->status || o->status == 404 || o->status == 403 || retry_status(o->status))
		return true;
	/* too long for this one */
	return (o->status == 400 || o->status == 413) && o->body.ptr &&
	       (memmem(o->body.ptr, o->body.len, "context_length", 14) ||
		   memmem(o->body.ptr, o->body.len, "prompt is too long", 18) ||
		   memmem(o->body.ptr, o->body.len, "too many tokens", 15));
}

/* To the first from i on that can be told the request. */
static bool
go_on(struct run *run, struct slot *slot, size_t i)
{
	bool gone = false;

	for (; i < slot->model_count && !gone; i++) {
		struct candidate *to = &slot->models[i];
		struct arena a = { 0 };
		const char *why;

		gone = run_use(run, slot, to, &a, &why);
		if (gone) {
			slot->model_at = i;
			slot->here = 0;
		} else {
			diag_repeated("not there", "%s:%llu: '%s' is skipped: not for %s: %s",
			    slot->file, (unsigned long long)slot->number,
			    diag_clean(slice_z(to->name)), to->at->name, why);
		}
		arena_close(&a);
	}
	return gone;
}

bool
alternates_next(struct run *run, struct slot *slot, const struct outcome *o)
{
	bool repeats = !o->status || retry_status(o->status);

	if (slot->model_at + 1 >= slot->model_count || !is_models(o))
		return false;
	/* what may pass is tried a second time at the same model */
	if (repeats && slot->here < TRIES_HERE)
		return false;
	if (repeats)
		cooldown_add(run->cooldown, &slot->models[slot->model_at], when_now() + REST);
	return go_on(run, slot, slot->model_at + 1);
}

void
alternates_skip(struct run *run, struct slot *slot)
{
	size_t i = slot->model_at;

	while (i + 1 < slot->model_count && !slot->here &&
	       cooldown_rests(run->cooldown, &slot->models[i]))
		i++;
	if (i != slot->model_at)
		go_on(run, slot, i);
}
