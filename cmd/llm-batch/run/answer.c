/* SPDX-License-Identifier: MIT */
/* From what came back to the line that leaves. */
#include <stdlib.h>

#include "base/diag.h"
#include "json/write.h"
#include "../result.h"
#include "run.h"

/* The provider's bytes as they came, but on one line: between the tokens of valid JSON a line
 * break is a blank, and inside its strings none can stand. */
static void
add_body(struct buf *out, struct slice body)
{
	if (!memchr(body.ptr, '\n', body.len) && !memchr(body.ptr, '\r', body.len)) {
		buf_add(out, body);
		return;
	}
	for (size_t i = 0; i < body.len; i++)
		if (body.ptr[i] != '\n' && body.ptr[i] != '\r')
			buf_add_byte(out, body.ptr[i]);
}

static bool
is_json(struct run *run, struct slice body)
{
	const char *why;
	size_t where;

	return body.ptr && json_scan(&run->json, body, &why, &where);
}

/* Error texts of a provider may repeat the key they complain about. */
static struct slice
error_body(struct run *run, const struct outcome *o)
{
	struct slice masked = net_mask(slice_trim(o->body), &run->arena);
	struct buf b = { 0 };
	struct slice out;

	if (is_json(run, masked))
		add_body(&b, masked);
	else
		json_quote(&b, masked);
	out = arena_copy(&run->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

static struct slice
response_of(struct run *run, const struct outcome *o, struct slice body)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };
	struct slice out;

	write_object(&w);
	write_name(&w, "status_code");
	write_number(&w, o->status);
	write_name(&w, "request_id");
	if (o->request_id.ptr)
		write_string(&w, net_mask(o->request_id, &run->arena));
	else
		write_null(&w);
	write_name(&w, "body");
	write_raw(&w, body);
	write_object_end(&w);
	out = arena_copy(&run->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

static struct slice
wrap(struct run *run, const char *head, struct slice body, const char *tail)
{
	struct buf b = { 0 };
	struct slice out;

	buf_add(&b, slice_z(head));
	add_body(&b, body);
	buf_add(&b, slice_z(tail));
	out = arena_copy(&run->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

static void
set_good(struct run *run, const struct slot *slot, const struct outcome *o, struct answer *x)
{
	if (slot->api == API_MESSAGES && slot->shape == SHAPE_ANTHROPIC)
		answer_add(x, "result",
		    wrap(
			run, "{\"type\":\"succeeded\",\"message\":", slice_trim(o->body), "}"));
	else if (slot->shape == SHAPE_GEMINI)
		answer_add(x, "response", wrap(run, "", slice_trim(o->body), ""));
	else
		answer_add(
		    x, "response", response_of(run, o, wrap(run, "", slice_trim(o->body), "")));
}

static void
set_error(struct run *run, const struct slot *slot, const struct outcome *o, struct answer *x)
{
	const char *why = net_mask(slice_z(o->why), &run->arena).ptr;
	struct slice body;

	if (!o->body.ptr) {
		answer_error(x, slot->shape, o->code ? o->code : o->class, why, &run->arena);
		return;
	}
	body = error_body(run, o);
	if (slot->shape == SHAPE_ANTHROPIC && body.ptr[0] == '{')
		answer_add(
		    x, "result", wrap(run, "{\"type\":\"errored\",\"error\":", body, "}"));
	else if (slot->shape == SHAPE_GEMINI && is_json(run, body) &&
		 json_type(json_get(json_root(&run->json), "error")) == JSON_OBJECT)
		answer_add(x, "error",
		    arena_copy(
			&run->arena, json_raw(json_get(json_root(&run->json), "error"))));
	else if (slot->shape == SHAPE_ANTHROPIC || slot->shape == SHAPE_GEMINI)
		answer_error(x, slot->shape, o->class, why, &run->arena);
	else
		answer_add(x, "response", response_of(run, o, body));
}

/* Who answered, where that is not the record's own model, and the provider's own counts. */
static void
write_source(struct writer *w, const struct outcome *o)
{
	if (o->model) {
		write_name(w, "model");
		write_z(w, o->model);
	}
	if (o->usage.ptr) {
		write_name(w, "usage");
		write_raw(w, o->usage);
	}
}

/* Settings that were left out of the call: an array, or empty. */
static void
write_lost(struct writer *w, struct slice lost)
{
	if (!lost.len)
		return;
	write_name(w, "lost");
	write_raw(w, lost);
}

static struct slice
batch_of(struct run *run, const struct outcome *o, const char *provider, struct slice lost)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };
	struct slice out;

	write_object(&w);
	write_name(&w, "lane");
	write_z(&w, "realtime");
	write_name(&w, "attempts");
	write_number(&w, o->attempts);
	if (!run->no_times && o->attempts) {
		write_name(&w, "latency_ms");
		write_signed(&w, o->latency_ms);
		write_name(&w, "first_byte_ms");
		write_signed(&w, o->first_byte_ms);
	}
	write_name(&w, "provider");
	write_z(&w, provider);
	write_source(&w, o);
	write_lost(&w, lost);
	if (o->class) {
		write_name(&w, "error_class");
		write_z(&w, o->class);
	}
	write_object_end(&w);
	out = arena_copy(&run->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

/* What the state keeps, behind the key. */
static void
remember(
    struct run *run, const struct slot *slot, const struct outcome *o, const struct answer *x)
{
	struct buf b = { 0 };
	struct writer w = { &b, true };

	write_name(&w, "good");
	write_bool(&w, x->good);
	write_name(&w, "answer");
	write_object(&w);
	for (size_t i = 0; i < x->count; i++) {
		write_name(&w, x->member[i].name);
		write_raw(&w, x->member[i].raw);
	}
	write_object_end(&w);
	write_name(&w, "attempts");
	write_number(&w, o->attempts);
	write_name(&w, "latency_ms");
	write_signed(&w, o->latency_ms);
	write_name(&w, "first_byte_ms");
	write_signed(&w, o->first_byte_ms);
	write_name(&w, "provider");
	write_z(&w, slot->at->name);
	write_name(&w, "class");
	write_z(&w, o->class);
	write_source(&w, o);
	write_lost(&w, buf_slice(&slot->lost));
	run_state_add(run->state, slot->key, buf_slice(&b));
	buf_free(&b);
}

/* The slot's line with the answer on it. */
static void
splice(struct run *run, struct slot *slot, const struct answer *x)
{
	struct buf out = { 0 };
	const char *why;
	size_t where;
	bool ok = json_scan(&run->json, buf_slice(&slot->line), &why, &where);

	if (!ok)
		diag_die(STATUS_FAILED, "a line changed in memory: %s", why);
	answer_edit(x, json_root(&run->json), &run->edits, &run->arena);
	edits_apply(&run->edits, &run->json, &out);
	edits_clear(&run->edits);
	run->bytes += out.len;
	run->bytes -= slot->line.len + slot->body.len;
	buf_free(&slot->line);
	buf_free(&slot->body);
	slot->line = out;
	run->copying -= slot->state == SLOT_COPY;
	slot->state = SLOT_DONE;
	if (run->unordered)
		run_first(run, slot);
	run->settled = true;
	slot->answered = x->good;
	*(x->good ? &run->answered : &run->failed) += 1;
	if (!x->good)
		status_raise(STATUS_REJECTED);
}

/* A refusal that would be the same tomorrow; a wrong key or a missing model would not. */
static bool
is_final(const struct outcome *o)
{
	return o->good || o->status == 400 || o->status == 413 || o->status == 422 ||
	       (o->status == 200 && o->body.ptr);
}

void
run_finish(struct run *run, struct slot *slot, const struct outcome *o)
{
	struct answer x = { .good = o->good };

	arena_reset(&run->arena);
	if (o->good)
		set_good(run, slot, o, &x);
	else
		set_error(run, slot, o, &x);
	x.batch = batch_of(run, o, slot->at->name, buf_slice(&slot->lost));
	if (is_final(o))
		remember(run, slot, o, &x);
	else if (o->attempts)
		run_state_mark(run->state, slot->key, false);
	if (!o->good) {
		diag_repeated("failed", "%s:%llu: %s after %u attempts: %s", slot->file,
		    (unsigned long long)slot->number, o->class, o->attempts,
		    net_mask(slice_z(o->why), &run->arena).ptr);
		dead_add(run->dead, slot, o->class, o->why);
	}
	if (o->status >= 300 && o->status < 400)
		status_raise(STATUS_FAILED);
	copies_keep(&run->copies, slot->cache, &x);
	splice(run, slot, &x);
}

static unsigned
number_of(struct value v)
{
	uint64_t n = 0;

	return json_whole(v, &n) && n <= UINT32_MAX ? (unsigned)n : 0;
}

/* NULL where it is no string. */
static const char *
text_of(struct value v, struct arena *a)
{
	return json_type(v) == JSON_STRING ? arena_copy(a, json_string(v, a)).ptr : NULL;
}

void
run_finish_kept(struct run *run, struct slot *slot, struct slice kept)
{
	struct answer x;
	struct outcome o = { 0 };
	struct json json = { 0 };
	struct value root;
	const char *why;
	size_t where;

	arena_reset(&run->arena);
	if (!json_scan(&json, kept, &why, &where))
		diag_die(STATUS_FAILED, "the state file changed: %s", why);
	root = json_root(&json);
	answer_of(json_get(root, "answer"), &x);
	x.good = json_type(json_get(root, "good")) == JSON_TRUE;
	o.attempts = number_of(json_get(root, "attempts"));
	o.latency_ms = number_of(json_get(root, "latency_ms"));
	o.first_byte_ms = number_of(json_get(root, "first_byte_ms"));
	o.class = text_of(json_get(root, "class"), &run->arena);
	o.model = text_of(json_get(root, "model"), &run->arena);
	if (json_type(json_get(root, "usage")) == JSON_OBJECT)
		o.usage = json_raw(json_get(root, "usage"));
	x.batch = batch_of(run, &o, text_of(json_get(root, "provider"), &run->arena),
	    json_raw(json_get(root, "lost")));
	copies_keep(&run->copies, slot->cache, &x);
	splice(run, slot, &x);
	run->kept++;
	json_free(&json);
}

/* An earlier request with the key is still on its way. */
static bool
is_awaited(const struct slot *copy)
{
	for (const struct slot *s = copy->previous; s; s = s->previous)
		if ((s->state == SLOT_WAITING || s->state == SLOT_FLYING) && s->cache.ptr &&
		    slice_eq(s->cache, copy->cache))
			return true;
	return false;
}

static void
finish_copy(struct run *run, struct slot *slot)
{
	struct answer x = { 0 };
	struct outcome o = { .class = "no_original" };

	arena_reset(&run->arena);
	if (!copies_get(&run->copies, slot->cache, &run->arena, &x)) {
		if (is_awaited(slot))
			return;
		x = (struct answer){ 0 };
		answer_error(&x, slot->shape, "no_original",
		    "the request that this one repeats was refused, or does not stand before "
		    "it",
		    &run->arena);
		x.batch = batch_of(run, &o, address_first()->name, slice_of(NULL, 0));
		diag_repeated("copy",
		    "%s:%llu: a copy of a request that was refused, or does not stand before "
		    "it",
		    slot->file, (unsigned long long)slot->number);
		dead_add(
		    run->dead, slot, "no_original", "the request that it repeats is not there");
	}
	splice(run, slot, &x);
}

void
run_copies(struct run *run)
{
	if (!run->settled || !run->copying)
		return;
	run->settled = false;
	for (struct slot *slot = run->head, *next; slot; slot = next) {
		next = slot->next;
		if (slot->state == SLOT_COPY)
			finish_copy(run, slot);
	}
}
