/* SPDX-License-Identifier: MIT */
/* Bedrock Converse and Cohere. */
#include "model/usage_dialect.h"

/* Two spellings of one number; never both. */
static uint64_t
either_count(struct usage *u, struct value o, const char *one, const char *other)
{
	return usage_member(u, o, usage_has(o, one) ? one : other);
}

/* Input excludes what was read from the cache and written to it. */
void
usage_converse(struct value o, struct usage *u)
{
	uint64_t written;

	u->dialect = "converse";
	u->cached = either_count(u, o, "cacheReadInputTokens", "cacheReadInputTokenCount");
	written = either_count(u, o, "cacheWriteInputTokens", "cacheWriteInputTokenCount");
	for (struct value v = json_first(json_get(o, "cacheDetails")); json_type(v);
	     v = json_next(v))
		if (json_is(json_get(v, "ttl"), "1h"))
			u->written_1h += usage_member(u, v, "inputTokens");
	if (u->written_1h > written)
		usage_flaw(u, "cache writes are not the sum of their parts");
	else
		u->written_5m = written - u->written_1h;
	u->input = usage_member(u, o, "inputTokens") + u->cached + written;
	u->output = usage_member(u, o, "outputTokens");
	if (usage_has(o, "totalTokens") &&
	    usage_member(u, o, "totalTokens") != u->input + u->output)
		usage_flaw(u, "the total is not the sum of its parts");
}

/* `tokens` is what the model saw, `billed_units` what is billed. */
void
usage_cohere(struct value o, struct usage *u)
{
	struct value billed = json_get(o, "billed_units");

	u->dialect = "cohere";
	u->input = usage_member(u, billed, "input_tokens");
	u->output = usage_member(u, billed, "output_tokens");
}
