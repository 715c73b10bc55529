/* SPDX-License-Identifier: MIT */
/* Gemini and Vertex: the prompt includes what is cached; tool prompts and thoughts stand
 * beside it. Modalities that are not itemised are text. */
#include "base/when.h"
#include "model/usage_dialect.h"

/* Documents are priced as images. */
static uint64_t
images(struct usage *u, struct value list)
{
	return usage_modality(u, list, "IMAGE") + usage_modality(u, list, "DOCUMENT");
}

void
usage_gemini(struct value o, struct usage *u)
{
	struct value sent = json_get(o, "promptTokensDetails");
	struct value tools = json_get(o, "toolUsePromptTokensDetails");
	struct value cached = json_get(o, "cacheTokensDetails");
	struct value made = json_get(o, "candidatesTokensDetails");
	struct slice tier = json_string_raw(json_get(o, "serviceTier"));

	u->dialect = "gemini";
	u->input = usage_member(u, o, "promptTokenCount") +
		   usage_member(u, o, "toolUsePromptTokenCount");
	u->cached = usage_member(u, o, "cachedContentTokenCount");
	u->reasoning = usage_member(u, o, "thoughtsTokenCount");
	u->output = usage_member(u, o, "candidatesTokenCount") + u->reasoning;
	u->audio_in = usage_modality(u, sent, "AUDIO") + usage_modality(u, tools, "AUDIO");
	u->image_in = images(u, sent) + images(u, tools);
	u->audio_cached = usage_modality(u, cached, "AUDIO");
	u->image_cached = images(u, cached);
	u->audio_out = usage_modality(u, made, "AUDIO");
	u->image_out = usage_modality(u, made, "IMAGE");
	u->service_tier = tier.ptr ? tier : json_string_raw(json_get(o, "trafficType"));
	if (usage_has(o, "totalTokenCount") &&
	    usage_member(u, o, "totalTokenCount") != u->input + u->output)
		usage_flaw(u, "the total is not the sum of its parts");
}

void
usage_grounding(struct value candidates, struct usage *u)
{
	if (json_type(candidates) != JSON_ARRAY)
		return;
	for (struct value c = json_first(candidates); json_type(c); c = json_next(c)) {
		struct value queries =
		    json_get(json_get(c, "groundingMetadata"), "webSearchQueries");

		if (json_type(queries) != JSON_ARRAY)
			continue;
		for (struct value q = json_first(queries); json_type(q); q = json_next(q))
			u->web_searches++;
	}
	u->grounded = u->web_searches > 0;
}

bool
usage_is_storage(struct value root)
{
	struct slice name = json_string_raw(json_get(root, "name"));

	return slice_has(name, SLICE("cachedContents/")) &&
	       json_type(json_get(root, "expireTime")) == JSON_STRING;
}

bool
usage_storage(struct value root, struct usage *u)
{
	struct value usage = json_get(root, "usageMetadata");
	int64_t from = when_read(json_string_raw(json_get(root, "createTime")));
	int64_t until = when_read(json_string_raw(json_get(root, "expireTime")));
	uint64_t tokens = usage_member(u, usage, "totalTokenCount");

	if (json_type(usage) != JSON_OBJECT)
		return false;
	u->dialect = "storage";
	u->present = true;
	u->object = usage;
	u->model = json_get(root, "model");
	u->time = json_get(root, "createTime");
	if (from == WHEN_NONE || until < from)
		usage_flaw(u, "the times of a cache are none, or end before they begin");
	else if (tokens > UINT64_C(1) << 40 || until - from > INT64_C(1000) * 86400000)
		usage_flaw(u, "a count is above 2^53");
	else
		u->storage = tokens * (((uint64_t)(until - from) + 59999) / 60000);
	return true;
}
