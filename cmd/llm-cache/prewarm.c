/* SPDX-License-Identifier: MIT */
#include "prewarm.h"

#include "base/buf.h"
#include "json/canon.h"
#include "places.h"

#define MESSAGES "[{\"role\":\"user\",\"content\":\"warm\"}]"

static bool
is_batch(const struct request *q, struct arena *a)
{
	struct slice route = json_string(json_get(json_get(q->llm, "route"), "lane"), a);
	struct slice told = json_string(request_attribute(q, "lane"), a);

	return slice_eqz(route.ptr ? route : told, "batch");
}

/* The end of the static part bears a mark, unless the request has its own there already. */
static bool
set_mark(struct edits *edits, const struct request *q, struct arena *a)
{
	const struct place *last = NULL;
	struct places places;

	if (places_marked_head(q))
		return true;
	places_of(q, models_resolve(request_model(q, a)), a, &places);
	for (size_t i = 0; i < places.count && places.list[i].kind != PLACE_MESSAGE; i++)
		if (places.list[i].form != PLACE_NONE)
			last = &places.list[i];
	if (last)
		place_mark(last, q->api, false, edits, a);
	return last != NULL;
}

static void
prefix_digest(const struct request *q, struct arena *a, unsigned char digest[DIGEST_SIZE])
{
	static struct buf text;
	struct value parts[] = { json_get(q->body, "model"), json_get(q->body, "tools"),
		json_get(q->body, "system"), json_get(q->body, "tool_choice"),
		json_get(q->body, "thinking") };

	buf_clear(&text);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (json_type(parts[i]))
			canon_write(parts[i], NULL, NULL, a, &text);
		buf_add_byte(&text, '\n');
	}
	digest_of(buf_slice(&text), digest);
}

/* What asks for more than the prefix, and what an earlier run said. */
static void
drop_members(struct edits *edits, const struct record *r, const struct request *q)
{
	static const char *const outer[] = { "response", "result", "error" };
	static const char *const inner[] = { "stream", "thinking", "output_config" };

	for (struct value k = json_first(r->root); json_type(k); k = json_next(k))
		for (size_t i = 0; i < sizeof(outer) / sizeof(outer[0]); i++)
			if (q->answered && json_is(k, outer[i]))
				edits_remove(edits, k);
	for (struct value k = json_first(q->body); json_type(k); k = json_next(k))
		for (size_t i = 0; i < sizeof(inner) / sizeof(inner[0]); i++)
			if (json_is(k, inner[i]))
				edits_remove(edits, k);
}

bool
prewarm_line(struct record *r, const struct request *q, struct slice *prefix, struct buf *line)
{
	static unsigned char digest[DIGEST_SIZE];
	static const char note[] = "{\"v\":1,\"tags\":{\"lane\":\"realtime\"}}";
	struct edits edits = { 0 };
	bool good;

	if (q->api != API_MESSAGES || is_batch(q, r->arena))
		return false;
	good = set_mark(&edits, q, r->arena);
	if (good) {
		drop_members(&edits, r, q);
		edits_set(&edits, q->body, "max_tokens", SLICE("0"));
		edits_set(&edits, q->body, "messages", SLICE(MESSAGES));
		edits_set(&edits, r->root, "llm", slice_z(note));
		prefix_digest(q, r->arena, digest);
		*prefix = slice_of((const char *)digest, sizeof(digest));
		buf_clear(line);
		edits_apply(&edits, r->json, line);
	}
	edits_free(&edits);
	return good;
}
