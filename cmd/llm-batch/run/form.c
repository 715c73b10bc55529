/* SPDX-License-Identifier: MIT */
/* Between the form of the record and the one that the provider speaks: requests at dispatch,
 * answers on their way back, streams to whole answers. */
#include "base/diag.h"
#include "chat/answer.h"
#include "chat/chat.h"
#include "json/write.h"
#include "money/price.h"
#include "../members.h"
#include "run.h"
#include "tokens/tokens.h"

enum api
run_wire(const struct address *at, enum api api)
{
	switch (at->target) {
	case NET_ANTHROPIC: return API_MESSAGES;
	case NET_GEMINI: return API_GEMINI;
	case NET_MISTRAL: return api == API_EMBEDDING ? api : API_CHAT;
	case NET_OPENAI:
	case NET_AZURE: return api == API_MESSAGES || api == API_GEMINI ? API_CHAT : api;
	default: return api;
	}
}

static uint64_t
cap_of(struct slice model)
{
	struct model_facts facts = model_facts(model, slice_of(NULL, 0));

	return facts.known ? facts.max_output : 0;
}

/* The body as it stands, but for the model. */
static bool
write_same(struct run *run, const struct line *l, struct slice body, struct slice model,
    struct arena *a, struct buf *out, const char **why)
{
	struct json json = { 0 };
	size_t where;

	if (!model.ptr || l->request.api == API_GEMINI) {
		buf_add(out, body);
		return true;
	}
	if (!json_scan(&json, body, why, &where))
		return false;
	edits_set(&run->edits, json_root(&json), "model", chat_quote(model, a));
	edits_apply(&run->edits, &json, out);
	edits_clear(&run->edits);
	json_free(&json);
	return true;
}

static enum chat_target
form_of(const struct address *at, enum api wire)
{
	if (wire == API_MESSAGES)
		return CHAT_ANTHROPIC;
	if (wire == API_GEMINI)
		return CHAT_GEMINI;
	return at->target == NET_MISTRAL ? CHAT_MISTRAL : CHAT_OPENAI;
}

static void
list_lost(const struct chat *chat, struct buf *list)
{
	struct writer w = { list, false };

	if (!chat->lost_count)
		return;
	write_array(&w);
	for (size_t i = 0; i < chat->lost_count; i++)
		write_z(&w, chat->lost[i]);
	write_array_end(&w);
}

bool
run_write(struct run *run, const struct address *at, const struct line *l, enum api wire,
    struct slice model, struct arena *a, struct message *out, const char **why)
{
	struct slice body = members_strip(l->request.body, l->request.api, true, a);
	struct request request = l->request;
	struct json json = { 0 };
	struct chat chat;
	size_t where;
	bool ok;

	if (wire == l->request.api)
		return write_same(run, l, body, model, a, &out->body, why);
	/* what no provider knows is no loss */
	if (!json_scan(&json, body, why, &where))
		return false;
	request.body = json_root(&json);
	ok = chat_read(&request, &chat, a, why);
	if (ok) {
		model = models_resolve(model.ptr ? model : line_model(l, a));
		chat.model = model.ptr ? chat_quote(model, a) : model;
		ok = chat_write(&chat, form_of(at, wire), cap_of(model), &out->body, why);
	}
	if (ok && chat.setting && !run->lossy) {
		*why = arena_printf(a, "%s has no place for %s (--lossy leaves it out)",
		    at->name, diag_clean(slice_z(chat.setting)))
			   .ptr;
		ok = false;
	}
	if (ok)
		list_lost(&chat, &out->lost);
	json_free(&json);
	return ok;
}

void
message_free(struct message *m)
{
	buf_free(&m->body);
	buf_free(&m->lost);
}

struct slice
run_path(const struct run *run, const struct address *at, const struct line *l,
    struct slice model, struct arena *a)
{
	enum api wire = run_wire(at, l->request.api);

	if (wire == l->request.api && wire != API_GEMINI)
		return line_url(l, a);
	if (wire != API_GEMINI)
		return slice_z(line_endpoint(wire));
	model = models_resolve(model);
	if (!model.len)
		return slice_of(NULL, 0);
	if (slice_starts(model, SLICE("models/")))
		model = slice_drop(model, 7);
	return arena_printf(a, "/v1beta/models/%.*s:%s", SLICE_ARG(model),
	    run->stream ? "streamGenerateContent?alt=sse" : "generateContent");
}

/* The slot's line again, as it was read. */
static bool
read_again(struct slot *slot, struct json *json, struct arena *a, struct line *l)
{
	struct record r = { .json = json, .arena = a, .line = buf_slice(&slot->line) };
	const char *why;
	size_t where;

	if (!json_scan(json, r.line, &why, &where))
		diag_die(STATUS_FAILED, "a line changed in memory: %s", why);
	r.root = json_root(json);
	return line_read(&r, NULL, l);
}

/* The input, and the output that is allowed. */
uint64_t
run_tokens(const struct run *run, struct slot *slot)
{
	struct arena a = { 0 };
	struct json json = { 0 };
	uint64_t cap = 0, most = slot->rate->tokens.per_minute;
	struct line l;

	if (!slot->tokens && most && read_again(slot, &json, &a, &l)) {
		struct slice model = slot->models ? slice_z(slot->models[slot->model_at].sent)
						  : line_model(&l, &a);

		json_whole(request_cap(&l.request, NULL), &cap);
		slot->tokens =
		    tokens_request(tokenizer_for(models_resolve(model)), &l.request, &a).count +
		    cap;
	}
	json_free(&json);
	arena_close(&a);
	/* what a provider told may have another meaning than what the user did */
	return !run->tpm && slot->tokens > most ? most : slot->tokens;
}

bool
run_use(struct run *run, struct slot *slot, const struct candidate *to, struct arena *a,
    const char **why)
{
	struct slice model = slice_z(to->sent), path;
	struct message m = { .body = { 0 } };
	struct json json = { 0 };
	struct line l;
	enum api wire = run_wire(to->at, slot->api);
	bool ok;

	*why = "it is no request";
	ok = read_again(slot, &json, a, &l) &&
	     run_write(run, to->at, &l, wire, model, a, &m, why);
	if (ok) {
		path = run_path(run, to->at, &l, model, a);
		*why = run_path_fault(path);
		ok = !*why;
	}
	if (ok) {
		run->bytes += m.body.len;
		run->bytes -= slot->body.len;
		buf_free(&slot->body);
		buf_free(&slot->lost);
		slot->body = m.body;
		slot->lost = m.lost;
		slot->wire = wire;
		slot->at = to->at;
		slot->url = net_join(to->at->base_url, arena_copy(a, path).ptr);
		slot->rate = run_rate(run, to->at, model);
		slot->tokens = 0;
		slot->kind = 0;
		group_note(run, slot);
		if (run->stream)
			run_stream(run, slot);
	} else {
		message_free(&m);
	}
	json_free(&json);
	return ok;
}

/* The body with one member set. */
static void
set_member(struct run *run, struct slot *slot, const char *name, struct slice raw)
{
	struct buf out = { 0 };
	const char *why;
	size_t where;

	if (!json_scan(&run->json, buf_slice(&slot->body), &why, &where))
		diag_die(STATUS_FAILED, "a body changed in memory: %s", why);
	edits_set(&run->edits, json_root(&run->json), name, raw);
	edits_apply(&run->edits, &run->json, &out);
	edits_clear(&run->edits);
	run->bytes += out.len;
	run->bytes -= slot->body.len;
	buf_free(&slot->body);
	slot->body = out;
}

void
run_stream(struct run *run, struct slot *slot)
{
	if (slot->wire != API_CHAT && slot->wire != API_RESPONSES &&
	    slot->wire != API_MESSAGES && slot->wire != API_COMPLETION)
		return;
	set_member(run, slot, "stream", SLICE("true"));
	if (slot->wire == API_CHAT || slot->wire == API_COMPLETION)
		set_member(run, slot, "stream_options", SLICE("{\"include_usage\":true}"));
}

static bool
is_stream(struct slice body)
{
	return slice_starts(body, SLICE("data:")) || slice_starts(body, SLICE("event:")) ||
	       slice_starts(body, SLICE(":"));
}

static bool
invalid(struct outcome *o, const char *why)
{
	o->code = o->class = "invalid_answer";
	o->why = why;
	o->body = slice_of(NULL, 0);
	return false;
}

static bool
scanned(struct run *run, struct outcome *o)
{
	const char *why;
	size_t where;

	if (json_scan(&run->json, o->body, &why, &where) &&
	    json_type(json_root(&run->json)) == JSON_OBJECT)
		return true;
	return invalid(o, "the answer is no JSON object");
}

bool
run_read(struct run *run, const struct slot *slot, struct outcome *o)
{
	struct value usage = { 0 };
	struct arena a = { 0 };
	const char *why = NULL;
	bool ok;

	if (run->stream && is_stream(o->body)) {
		buf_clear(&run->whole);
		if (!chat_stream(slot->wire, o->body, &run->whole, &why))
			return invalid(o, why);
		o->body = buf_slice(&run->whole);
	}
	if (!scanned(run, o))
		return false;
	if (json_type(json_get(json_root(&run->json), "error")) > JSON_NULL) {
		o->code = o->class = "error";
		return false;
	}
	if (slot->wire == slot->api)
		return true;
	buf_clear(&run->translated);
	ok = chat_answer(
	    json_root(&run->json), slot->wire, slot->api, &a, &run->translated, &usage, &why);
	if (ok) {
		/* the body that it points into stays until the slot is done */
		o->usage =
		    json_type(usage) == JSON_OBJECT ? json_raw(usage) : slice_of(NULL, 0);
		o->body = buf_slice(&run->translated);
		ok = scanned(run, o);
	} else {
		o->code = o->class = "untranslatable";
		o->why = why;
		o->body = slice_of(NULL, 0);
	}
	arena_close(&a);
	return ok;
}
