/* SPDX-License-Identifier: MIT */
/* Fewer tokens of images, fewer numbers of embeddings. */
#include <inttypes.h>

#include "cmd/llm-route/output/parts.h"
#include "tokens/families.h"
#include "tokens/image.h"

static const char *const gemini_resolution[] = { "generationConfig", "mediaResolution", NULL };
static const char *const chat_dimensions[] = { "dimensions", NULL };

struct lowering {
	struct setter *s;
	struct image_cost cost;
	bool whole; /* the body tells the resolution of all images */
};

static void
count_image(struct lowering *l, struct value block)
{
	struct image_size size = image_asked(block, l->s->q->body, l->s->r->arena);

	if (!size.width)
		return; /* of unknown size: neither sum would be true */
	l->s->d->image_before += image_tokens(l->cost, size);
	size.low = true;
	l->s->d->image_after += image_tokens(l->cost, size);
}

/* What the user asked for in words (high, original, low) stays. */
static bool
open_to_it(struct value detail)
{
	return json_type(detail) <= JSON_NULL || json_is(detail, "auto");
}

static void
lower(void *context, const struct part *p)
{
	struct lowering *l = context;
	struct value holder = json_get(p->block, "image_url");

	if (p->kind != PART_IMAGE)
		return;
	if (l->whole) {
		count_image(l, p->block);
		return;
	}
	if (json_type(holder) != JSON_OBJECT) /* responses: beside the address */
		holder = p->block;
	if (json_type(holder) != JSON_OBJECT || !open_to_it(json_get(holder, "detail")))
		return;
	count_image(l, p->block);
	if (!l->s->observe)
		edits_set(l->s->r->edits, holder, "detail", SLICE("\"low\""));
}

static void
set_detail(struct setter *s)
{
	struct lowering l = { .s = s };
	struct decision *d = s->d;

	if (!d->settings.low_detail || !s->facts->needs.vision)
		return;
	l.cost = family_image(d->chosen->known);
	l.whole = s->q->api == API_GEMINI;
	if (!l.whole && s->q->api != API_CHAT && s->q->api != API_RESPONSES) {
		setter_drop(s->d, "detail");
		return;
	}
	if (l.whole && json_type(setter_at(s, gemini_resolution)) > JSON_NULL)
		return;
	request_parts(s->q, lower, &l);
	if (l.whole)
		setter_put(s, gemini_resolution, SLICE("\"MEDIA_RESOLUTION_LOW\""));
	s->facts->image_saved = d->image_before - d->image_after;
	if (s->facts->image_saved && d->priced)
		candidate_cost(
		    s->facts, d->chosen, &d->settings, &d->lane, &d->cost, &d->unpriced);
}

/* Only these are made to be cut. */
static bool
can_be_cut(struct slice own)
{
	static const struct slice known[] = { { "text-embedding-3", 16 },
		{ "gemini-embedding", 16 }, { "voyage-3.5", 10 }, { "voyage-code-3", 13 },
		{ "jina-embeddings-v3", 18 }, { "jina-embeddings-v4", 18 },
		{ "nomic-embed-text", 16 }, { "qwen3-embedding", 15 },
		{ "mistral-embed-2", 15 }, { "codestral-embed", 15 } };
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_starts(own, known[i]))
			return true;
	return false;
}

static void
set_dimensions(struct setter *s)
{
	uint64_t old, want = s->d->settings.dimensions;

	if (!want || s->q->api != API_EMBEDDING)
		return;
	if (!can_be_cut(s->d->chosen->own)) {
		setter_drop(s->d, "dimensions");
		return;
	}
	if (!json_whole(setter_at(s, chat_dimensions), &old) || old > want)
		setter_put(s, chat_dimensions, arena_printf(s->r->arena, "%" PRIu64, want));
}

void
output_detail(struct setter *s)
{
	set_detail(s);
	set_dimensions(s);
}
