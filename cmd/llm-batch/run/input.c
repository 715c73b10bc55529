/* SPDX-License-Identifier: MIT */
/* From a record to a slot: what is passed on, what is refused, what will be sent and where. */
#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"
#include "../members.h"
#include "../rules.h"
#include "run.h"
#include "tokens/tokens.h"
#include "tool/tool.h"

static struct slot *
slot_add(struct run *run, const struct record *r, enum slot_state state)
{
	struct slot *slot = mem_zero(sizeof(*slot));

	slot->run = run;
	slot->state = state;
	slot->file = r->file;
	slot->number = r->number;
	buf_add(&slot->line, r->line);
	slot->previous = run->tail;
	if (run->tail)
		run->tail->next = slot;
	else
		run->head = slot;
	run->tail = slot;
	slot->taken = when_ticks();
	slot->order = ++run->orders;
	run->slots++;
	run->bytes += slot->line.len;
	run->taken_bytes += slot->line.len + 1;
	return slot;
}

/* A path that can only mean a place on the host of the base URL. */
static const char *
url_fault(struct slice url)
{
	static const char fine[] = "-._~/:@!$&'()*+,;=?%";

	if (!url.ptr)
		return "no url, and the body does not tell the endpoint";
	for (size_t i = 0; i < url.len; i++) {
		char c = url.ptr[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && (!c || !strchr(fine, c)))
			return "the url has a character that no path has";
	}
	if (url.len < 2 || url.ptr[0] != '/' || url.ptr[1] == '/' ||
	    memmem(url.ptr, url.len, "..", 2))
		return "the url is no path";
	return NULL;
}

static const char *
fault(struct run *run, const struct record *r, const struct line *l, struct slice *path)
{
	bool added = true;
	enum api wire;
	const char *why = line_id_fault(l);

	if (!why)
		why = rules_orphan(l, r->arena);
	if (!why && (l->shape == SHAPE_BEDROCK || l->request.api == API_CONVERSE))
		why = "calls to Bedrock are signed, which 'run' cannot do";
	if (why)
		return why;
	wire = run_wire(run, l->request.api);
	*path = wire == l->request.api && wire != API_GEMINI
		    ? line_url(l, r->arena)
		    : run_path(run, wire, models_resolve(line_model(l, r->arena)), r->arena);
	if (!path->ptr && wire == API_GEMINI)
		return "no model";
	why = url_fault(*path);
	if (!why && !r->json->twice.ptr)
		ids_add(&run->ids, l->name, &added);
	return added ? why : "an id that an earlier line has";
}

/* What a provider counts against the limit: the input, and the output that is allowed. */
static uint64_t
tokens_of(const struct line *l, struct slice model, struct arena *a)
{
	uint64_t cap = 0;

	json_whole(request_cap(&l->request, NULL), &cap);
	return tokens_request(tokenizer_for(models_resolve(model)), &l->request, a).count + cap;
}

static void
hash_key(struct slot *slot, struct slice path, struct slice id)
{
	unsigned char digest[DIGEST_SIZE];
	struct buf b = { 0 };

	buf_add(&b, path);
	buf_add_byte(&b, '\n');
	buf_add_number(&b, id.len);
	buf_add_byte(&b, '\n');
	buf_add(&b, id);
	buf_add(&b, buf_slice(&slot->body));
	digest_of(buf_slice(&b), digest);
	digest_hex(digest, DIGEST_SIZE, slot->key);
	buf_free(&b);
}

static void
own_key(struct slot *slot, struct slice key)
{
	char *copy;

	if (!key.ptr)
		return;
	copy = mem_alloc(key.len + 1);
	memcpy(copy, key.ptr, key.len);
	slot->cache = slice_of(copy, key.len);
}

static void
take_request(struct run *run, struct record *r, const struct line *l, struct slice path)
{
	struct slice body = members_strip(l->request.body, l->request.api, true, r->arena),
		     kept;
	struct slice model = line_model(l, r->arena);
	enum api wire = run_wire(run, l->request.api);
	struct buf written = { 0 };
	struct slot *slot;
	const char *why;

	if (!run_write(run, l, wire, body, r->arena, &written, &why)) {
		record_reject(r, "not for %s: %s", net_provider_name(run->target), why);
		buf_free(&written);
		return;
	}
	slot = slot_add(run, r, SLOT_WAITING);
	slot->shape = l->shape;
	slot->api = l->request.api;
	slot->wire = wire;
	own_key(slot, l->key);
	slot->body = written;
	run->bytes += written.len;
	slot->url = net_join(connect_settings.base_url, arena_copy(r->arena, path).ptr);
	slot->rate = run_rate(run, model.ptr ? model : SLICE(""));
	if (run->tpm || slot->rate->learned[1])
		slot->tokens = tokens_of(l, model.ptr ? model : SLICE(""), r->arena);
	hash_key(slot, path, l->name);
	order_read(run, slot, l, r->arena);
	alternates_read(slot, l, model, r->arena);
	kept = run_state_find(run->state, slot->key);
	if (kept.ptr) {
		run_finish_kept(run, slot, kept);
		return;
	}
	group_note(run, slot);
	if (run->stream)
		run_stream(run, slot);
}

static void
pass_answered(struct run *run, struct record *r, const struct line *l)
{
	struct answer x;

	if (l->key.ptr &&
	    json_type(json_get(json_get(l->request.llm, "cache"), "hit")) != JSON_TRUE) {
		answer_of(r->root, &x);
		x.good = !json_type(l->request.error);
		copies_keep(&run->copies, l->key, &x);
	}
	if (!run->head || run->unordered) {
		stream_put(run->records, r, PASS);
		return;
	}
	slot_add(run, r, SLOT_DONE);
	stream_put(run->records, r, DROP);
}

/* -n: what would go out, with every secret masked. */
static void
show(struct run *run, struct record *r, const struct line *l, struct slice path)
{
	struct buf b = { 0 };
	struct buf written = { 0 };
	struct slice body = members_strip(l->request.body, l->request.api, true, r->arena);
	const char *why;

	if (!run_write(run, l, run_wire(run, l->request.api), body, r->arena, &written, &why)) {
		record_reject(r, "not for %s: %s", net_provider_name(run->target), why);
		buf_free(&written);
		return;
	}
	body = buf_slice(&written);
	buf_add(&b, SLICE("{\"method\":\"POST\",\"url\":"));
	json_quote(&b, net_mask(slice_z(net_join(
				    connect_settings.base_url, arena_copy(r->arena, path).ptr)),
			   r->arena));
	buf_add(&b, SLICE(",\"body\":"));
	buf_add(&b, net_mask(body, r->arena));
	buf_add_byte(&b, '}');
	stream_write(run->records, buf_slice(&b));
	buf_free(&b);
	buf_free(&written);
}

void
run_take(struct run *run, struct record *r)
{
	struct slice path = { NULL, 0 };
	struct line l;
	const char *why;

	if (!line_read(r, run->by, &l)) {
		stream_put(run->records, r, record_no_shape(r));
		return;
	}
	if (r->json->twice.ptr) {
		stream_put(run->records, r, DROP); /* which refuses it */
	} else if (l.request.answered) {
		pass_answered(run, r, &l);
	} else if (l.collapsed) {
		struct slot *slot = slot_add(run, r, SLOT_COPY);

		slot->shape = l.shape;
		own_key(slot, l.key);
		stream_put(run->records, r, DROP);
	} else if ((why = fault(run, r, &l, &path))) {
		record_reject(r, "%s", why);
	} else if (r->json->twice.ptr) {
		stream_put(run->records, r, DROP);
	} else if (tool_common()->dry_run) {
		show(run, r, &l, path);
	} else {
		take_request(run, r, &l, path);
		if (!r->rejected)
			stream_put(run->records, r, DROP);
	}
}
