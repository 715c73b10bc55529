/* SPDX-License-Identifier: MIT */
/* Micro-batches: texts of several records in one call of an endpoint that takes a list of
 * inputs. A call that is refused is repeated with each of its texts alone, so that a bad one
 * spoils no other. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"
#include "run.h"

struct group {
	struct run *run;
	struct slot **slots;
	size_t count;
	uint64_t *weights; /* bytes of each text: shares of the usage */
	struct buf body;
};

bool
group_fits(const struct run *run, const struct slot *slot)
{
	return run->group > 1 && slot->kind && !slot->single;
}

void
group_note(struct run *run, struct slot *slot)
{
	struct slice url = slice_z(slot->url);
	struct buf rest = { 0 };
	struct value root;
	const char *why;
	size_t where;

	if (run->group < 2 ||
	    !(slice_ends(url, SLICE("/embeddings")) || slice_ends(url, SLICE("/moderations"))))
		return;
	if (!json_scan(&run->json, buf_slice(&slot->body), &why, &where))
		return;
	root = json_root(&run->json);
	if (json_type(json_get(root, "input")) != JSON_STRING)
		return;
	buf_add(&rest, url);
	for (struct value k = json_first(root); json_type(k); k = json_next(k)) {
		if (json_is(k, "input"))
			continue;
		buf_add(&rest, json_raw(k));
		buf_add(&rest, json_raw(json_member_value(k)));
		buf_add_byte(&rest, '\n');
	}
	slot->kind = hash_of(buf_slice(&rest)) | 1;
	buf_free(&rest);
}

static bool
joins(const struct run *run, const struct slot *first, const struct slot *s, int64_t now)
{
	return s->state == SLOT_WAITING && s->kind == first->kind && !s->single &&
	       s->not_before <= now && s->rate == first->rate && run->group > 1;
}

bool
group_ready(struct run *run, struct slot *slot, int64_t now, int64_t *wait)
{
	size_t n = 0;

	for (struct slot *s = slot; s && n < run->group; s = s->next)
		n += joins(run, slot, s, now);
	if (n >= run->group || !run->more || slot->attempts || now - slot->taken >= run->linger)
		return true;
	*wait = run->linger - (now - slot->taken);
	return false;
}

/* The first's body with all inputs. */
static void
write_group(struct group *g)
{
	struct run *run = g->run;
	struct buf list = { 0 };
	struct writer w = { &list, false };
	const char *why;
	size_t where;

	write_array(&w);
	for (size_t i = 0; i < g->count; i++) {
		struct slice input;

		if (!json_scan(&run->json, buf_slice(&g->slots[i]->body), &why, &where))
			diag_die(STATUS_FAILED, "a body changed in memory: %s", why);
		input = json_raw(json_get(json_root(&run->json), "input"));
		g->weights[i] = input.len;
		write_raw(&w, input);
	}
	write_array_end(&w);
	json_scan(&run->json, buf_slice(&g->slots[0]->body), &why, &where);
	edits_set(&run->edits, json_root(&run->json), "input", buf_slice(&list));
	edits_apply(&run->edits, &run->json, &g->body);
	edits_clear(&run->edits);
	buf_free(&list);
}

/* total * weight of i / all weights, so that the shares add up to the total. */
static uint64_t
share(const struct group *g, size_t i, uint64_t total)
{
	uint64_t sum = 0, before = 0;

	for (size_t k = 0; k < g->count; k++) {
		before += k < i ? g->weights[k] : 0;
		sum += g->weights[k];
	}
	return (uint64_t)((unsigned __int128)total * (before + g->weights[i]) / sum -
			  (unsigned __int128)total * before / sum);
}

static void
write_usage(const struct group *g, size_t i, struct value usage, struct writer *w)
{
	write_name(w, "usage");
	write_object(w);
	for (struct value k = json_first(usage); json_type(k); k = json_next(k)) {
		uint64_t n;

		write_name_slice(w, json_string_raw(k));
		if (json_whole(json_member_value(k), &n))
			write_number(w, share(g, i, n));
		else
			write_raw(w, json_raw(json_member_value(k)));
	}
	write_object_end(w);
}

/* The item for input number i: by its index where it has one. */
static struct value
item_of(struct value list, size_t i)
{
	size_t n = 0;

	for (struct value v = json_first(list); json_type(v); v = json_next(v), n++) {
		uint64_t index = n;

		json_whole(json_get(v, "index"), &index);
		if (index == i)
			return v;
	}
	return (struct value){ 0 };
}

static void
write_item(struct value item, struct writer *w)
{
	write_array(w);
	write_object(w);
	for (struct value k = json_first(item); json_type(k); k = json_next(k)) {
		write_name_slice(w, json_string_raw(k));
		if (json_is(k, "index"))
			write_number(w, 0);
		else
			write_raw(w, json_raw(json_member_value(k)));
	}
	write_object_end(w);
	write_array_end(w);
}

/* The answer as if only input i had been sent; false where it has none. */
static bool
split(const struct group *g, size_t i, struct value root, struct buf *out)
{
	const char *name = json_type(json_get(root, "data")) == JSON_ARRAY ? "data" : "results";
	struct value list = json_get(root, name), item;
	struct writer w = { out, false };

	if (json_type(list) != JSON_ARRAY || json_length(list) != g->count)
		return false;
	item = item_of(list, i);
	if (json_type(item) != JSON_OBJECT)
		return false;
	write_object(&w);
	for (struct value k = json_first(root); json_type(k); k = json_next(k)) {
		struct value v = json_member_value(k);

		if (json_is(k, "usage") && json_type(v) == JSON_OBJECT) {
			write_usage(g, i, v, &w);
			continue;
		}
		write_name_slice(&w, json_string_raw(k));
		if (json_is(k, name))
			write_item(item, &w);
		else
			write_raw(&w, json_raw(v));
	}
	write_object_end(&w);
	return true;
}

static void
conclude_good(struct group *g, const struct http_answer *a)
{
	struct json json = { 0 };
	const char *why;
	size_t where;
	bool ok = json_scan(&json, a->body, &why, &where);

	for (size_t i = 0; i < g->count; i++) {
		struct buf text = { 0 };
		struct http_answer one = *a;

		if (ok && split(g, i, json_root(&json), &text))
			one.body = buf_slice(&text);
		else
			g->slots[i]->single = true; /* and this answer counts as none */
		run_conclude(g->run, g->slots[i], &one);
		buf_free(&text);
	}
	json_free(&json);
}

static void
on_group(void *context, const struct http_answer *a)
{
	struct group *g = context;
	bool good = a->outcome == HTTP_ANSWERED && a->status >= 200 && a->status < 300;
	bool refused = a->outcome == HTTP_ANSWERED && !good && !retry_status(a->status);

	g->run->flying--;
	g->slots[0]->rate->flying--;
	for (size_t i = 0; i < g->count; i++)
		g->slots[i]->group = NULL;
	if (good)
		conclude_good(g, a);
	for (size_t i = 0; !good && i < g->count; i++) {
		struct slot *slot = g->slots[i];

		if (refused && g->count > 1) {
			slot->single = true;
			run_again(slot->run, slot);
			run_limit_release(g->run->limit, slot);
		} else {
			run_conclude(g->run, slot, a);
		}
	}
	buf_free(&g->body);
	free(g->slots);
	free(g->weights);
	free(g);
}

/* The first was granted already; the others go with it where there is room. */
static bool
admit(struct run *run, struct slot *s, int64_t now)
{
	struct outcome refused;
	int64_t wait;

	if (bucket_take(&s->rate->tokens, run_tokens(run, s), now) != 0)
		return false;
	if (run_limit_reserve(run->limit, s, connect_max_time(), &wait, &refused))
		return true;
	bucket_return(&s->rate->tokens, run_tokens(run, s));
	return false;
}

void
group_start(struct run *run, struct slot *slot)
{
	struct group *g = mem_zero(sizeof(*g));
	struct http_call call = {
		.method = "POST", .url = slot->url, .output = -1, .done = on_group, .context = g
	};
	int64_t now = when_ticks();

	g->run = run;
	g->slots = mem_grow(NULL, run->group, sizeof(struct slot *));
	g->weights = mem_grow(NULL, run->group, sizeof(*g->weights));
	for (struct slot *s = slot; s && g->count < run->group; s = s->next) {
		int64_t longest;

		if (!joins(run, slot, s, now) || (s != slot && !admit(run, s, now)))
			continue;
		longest = run_longest(s);
		if (longest && (!call.max_time || longest < call.max_time))
			call.max_time = longest;
		s->state = SLOT_FLYING;
		s->attempts++;
		s->here++;
		s->group = g;
		g->slots[g->count++] = s;
		run_state_mark(run->state, s->key, true);
	}
	write_group(g);
	call.body = buf_slice(&g->body);
	call.headers = address_headers(slot->at, NET_OPENAI);
	run->flying++;
	slot->rate->flying++;
	run->sent++;
	http_start(run->http, &call);
}
