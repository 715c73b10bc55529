/* SPDX-License-Identifier: MIT */
/* The first request of a prefix goes alone: what it writes into the provider's cache of prompts
 * the others read, where all at once would each write it. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/when.h"
#include "prompt_cache/chain.h"
#include "run.h"

#define TOKEN 4         /* bytes, at most about */
#define PATIENCE 10000  /* ms: an answer in one piece begins when it is whole */
#define LIFETIME 300000 /* ms after its last use, then it is to be written anew */
#define FAILURES 3      /* in a row; after them nobody waits */
#define MOST 65536      /* prefixes that are told apart */

struct prefix {
	struct slot *first; /* on its way, and its answer has not begun */
	int64_t sent;       /* ticks; of the first */
	int64_t used;       /* ticks; 0: it was not written yet */
	unsigned failures;
};

static void
add_head(struct buf *b, struct value messages)
{
	for (struct value m = json_first(messages); json_type(m); m = json_next(m)) {
		struct value role = json_get(m, "role");

		if (!json_is(role, "system") && !json_is(role, "developer"))
			return;
		buf_add(b, json_raw(m));
	}
}

/* Tools and system, where the provider keeps them; false where it would not. */
static bool
head_of(const struct line *l, struct slice model, struct buf *b)
{
	static const char *const members[] = { "tools", "system", "instructions",
		"systemInstruction", "prompt_cache_key" };
	struct value body = l->request.body;

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		struct value v = json_get(body, members[i]);

		if (json_type(v))
			buf_add(b, json_raw(v));
		buf_add_byte(b, '\n');
	}
	add_head(b, json_get(body, "messages"));
	add_head(b, json_get(body, "input"));
	/* Claude keeps what is marked */
	if (l->request.api == API_MESSAGES &&
	    !memmem(json_raw(body).ptr, json_raw(body).len, "\"cache_control\"", 15))
		return false;
	return b->len >= chain_minimum(model) * TOKEN;
}

void
lead_note(struct run *run, struct slot *slot, const struct line *l, struct slice model)
{
	struct buf head = { 0 };
	uint64_t print;
	bool added;
	size_t i;

	if (run->parallel > 1 && head_of(l, model, &head) && run->prefixes.count < MOST) {
		buf_add(&head, slice_of((const char *)&slot->rate, sizeof(slot->rate)));
		print = hash_of(buf_slice(&head));
		i = hash_map_add(
		    &run->prefixes, slice_of((const char *)&print, sizeof(print)), &added);
		if (added) {
			run->leads = mem_grow(run->leads, i + 1, sizeof(*run->leads));
			run->leads[i] = (struct prefix){ .first = NULL };
		}
		slot->prefix = i + 1;
	}
	buf_free(&head);
}

int64_t
lead_wait(const struct run *run, const struct slot *slot, int64_t now)
{
	const struct prefix *p = slot->prefix ? &run->leads[slot->prefix - 1] : NULL;

	/* what was sent before has waited enough */
	if (!p || !p->first || slot->attempts || now - p->sent >= PATIENCE)
		return 0;
	return p->sent + PATIENCE - now;
}

void
lead_sent(struct run *run, struct slot *slot, int64_t now)
{
	struct prefix *p = slot->prefix ? &run->leads[slot->prefix - 1] : NULL;

	if (!p)
		return;
	if (!p->first && p->failures < FAILURES && (!p->used || now - p->used > LIFETIME)) {
		p->first = slot;
		p->sent = now;
	}
	if (p->used)
		p->used = now;
}

void
lead_begun(struct run *run, const struct slot *slot, bool good)
{
	struct prefix *p = slot->prefix ? &run->leads[slot->prefix - 1] : NULL;

	if (!p || p->first != slot)
		return;
	p->first = NULL;
	p->failures = good ? 0 : p->failures + 1;
	p->used = good ? when_ticks() : 0;
}

void
lead_free(struct run *run)
{
	hash_map_free(&run->prefixes);
	free(run->leads);
}
