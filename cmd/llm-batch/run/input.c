/* SPDX-License-Identifier: MIT */
/* From a record to a slot: what is passed on, what is refused, what will be sent and where. */
#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"
#include "../rules.h"
#include "run.h"
#include "tool/tool.h"

#define EQUAL_MOST 10 /* requests in a row, of which one says so */

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
	if (!run->waiting)
		run->waiting = slot;
	slot->taken = when_ticks();
	slot->order = ++run->orders;
	run->slots++;
	run->bytes += slot->line.len;
	run->taken_bytes += slot->line.len + 1;
	return slot;
}

/* A path that can only mean a place on the host of the base URL. */
const char *
run_path_fault(struct slice url)
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

/* What will be sent, and where to: the first model that has an address and can be told it. */
struct plan {
	struct candidates models;
	size_t at; /* among them */
	struct slice path;
	struct message message;
};

/* The body of one model's call. */
static const char *
plan_for(struct run *run, struct record *r, const struct line *l, const struct candidate *to,
    struct plan *p)
{
	enum api wire = run_wire(to->at, l->request.api);
	bool as_it_is = to->asked && strcmp(to->name, to->sent) == 0;
	struct slice model = slice_z(to->sent);
	const char *why;

	p->path = run_path(run, to->at, l, model, r->arena);
	if (!p->path.ptr && wire == API_GEMINI)
		return "no model";
	if ((why = run_path_fault(p->path)))
		return why;
	if (run_write(run, to->at, l, wire, as_it_is ? slice_of(NULL, 0) : model, r->arena,
		&p->message, &why))
		return NULL;
	message_free(&p->message);
	return arena_printf(r->arena, "not for %s: %s", to->at->name, why).ptr;
}

static const char *
plan_make(struct run *run, struct record *r, const struct line *l, struct plan *p)
{
	const char *first = NULL, *why;

	if (!alternates_read(r, l, &p->models))
		return "no '--base-url' for the provider of its model";
	for (size_t i = 0; i < p->models.count; i++) {
		why = plan_for(run, r, l, &p->models.list[i], p);
		if (!why) {
			p->at = i;
			return NULL;
		}
		first = first ? first : why;
	}
	return first;
}

static const char *
fault(struct run *run, struct record *r, const struct line *l, struct plan *p)
{
	bool added = true;
	const char *why = line_id_fault(l);

	if (!why)
		why = rules_orphan(l, r->arena);
	if (!why && (l->shape == SHAPE_BEDROCK || l->request.api == API_CONVERSE))
		why = "calls to Bedrock are signed, which 'run' cannot do";
	if (!why)
		why = plan_make(run, r, l, p);
	if (!why && !r->json->twice.ptr)
		ids_add(&run->ids, l->name, &added);
	return added ? why : "an id that an earlier line has";
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
	if (key.ptr)
		slot->cache = slice_of(mem_text(key), key.len);
}

/* Whoever writes the same request again and again may be a loop that does not end; what a call
 * is repeated here does not count. */
static void
note_equal(struct run *run, const struct record *r, struct slice body)
{
	if (run->equal && slice_eq(buf_slice(&run->previous), body)) {
		if (++run->equal != EQUAL_MOST)
			return;
		diag_repeated("equal",
		    "%s:%llu: the %dth equal request in a row (repeats= of 'llm-cost limit' "
		    "stops a loop)",
		    r->file, (unsigned long long)r->number, EQUAL_MOST);
		return;
	}
	run->equal = 1;
	buf_clear(&run->previous);
	buf_add(&run->previous, body);
}

/* The body is the slot's own from here on. */
static void
take_request(struct run *run, struct record *r, const struct line *l, struct plan *p)
{
	struct candidate *to = &p->models.list[p->at];
	struct slice model = slice_z(to->sent), kept;
	struct slot *slot = slot_add(run, r, SLOT_WAITING);

	slot->shape = l->shape;
	slot->api = l->request.api;
	slot->at = to->at;
	slot->wire = run_wire(to->at, l->request.api);
	own_key(slot, l->key);
	slot->body = p->message.body;
	slot->lost = p->message.lost;
	run->bytes += slot->body.len;
	note_equal(run, r, buf_slice(&slot->body));
	slot->url = net_join(to->at->base_url, arena_copy(r->arena, p->path).ptr);
	slot->rate = run_rate(run, to->at, model);
	if (run->state)
		hash_key(slot, p->path, l->name);
	order_read(run, slot, l, r->arena);
	alternates_keep(slot, &p->models);
	slot->model_at = slot->models ? p->at : 0;
	run->choices = run->choices || slot->models;
	kept = run_state_find(run->state, slot->key);
	if (kept.ptr) {
		run_finish_kept(run, slot, kept);
		return;
	}
	group_note(run, slot);
	lead_note(run, slot, l, model);
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
show(struct run *run, struct record *r, struct plan *p)
{
	const char *url =
	    net_join(p->models.list[p->at].at->base_url, arena_copy(r->arena, p->path).ptr);
	struct buf b = { 0 };

	buf_add(&b, SLICE("{\"method\":\"POST\",\"url\":"));
	json_quote(&b, net_mask(slice_z(url), r->arena));
	buf_add(&b, SLICE(",\"body\":"));
	buf_add(&b, net_mask(buf_slice(&p->message.body), r->arena));
	buf_add_byte(&b, '}');
	stream_write(run->records, buf_slice(&b));
	buf_free(&b);
}

void
run_take(struct run *run, struct record *r)
{
	struct plan p = { .at = 0 };
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
		run->settled = true;
		run->copying++;
		stream_put(run->records, r, DROP);
	} else if ((why = fault(run, r, &l, &p))) {
		record_reject(r, "%s", why);
	} else if (r->json->twice.ptr) {
		stream_put(run->records, r, DROP);
	} else if (tool_common()->dry_run) {
		show(run, r, &p);
	} else {
		take_request(run, r, &l, &p);
		stream_put(run->records, r, DROP);
		return;
	}
	message_free(&p.message);
}
