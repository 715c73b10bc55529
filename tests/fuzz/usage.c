/* SPDX-License-Identifier: MIT */
/* lib/model and lib/money: usage of any line, and its bill. Parts are never more than the
 * whole, and a bill is the sum of its parts. */
#include <stdlib.h>

#include "model/usage.h"
#include "money/price.h"

static void
check_usage(const struct usage *u)
{
	if (!u->present || !u->dialect)
		abort();
	if (!u->flaw &&
	    (u->cached + u->written_5m + u->written_1h > u->input || u->reasoning > u->output ||
		u->audio_in > u->input || u->audio_cached > u->cached))
		abort();
}

static void
check_bill(const struct bill *b)
{
	struct usd sum = { 0 };

	for (size_t i = 0; i < b->part_count; i++)
		sum = usd_add(sum, b->parts[i].usd);
	if (usd_cmp(sum, b->usd) != 0 || b->priced == (b->unpriced != NULL))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const models[] = { "gpt-4o", "claude-sonnet-4-5", "gemini-2.5-pro",
		"deepseek-chat", "grok-4" };
	static struct json json;
	struct arena arena = { 0 };
	struct request r;
	struct usage u, v;
	struct usage_hints hints;
	enum usage_quick quick;
	struct bill b;
	bool known;
	const char *why;
	size_t where;

	if (size > 1u << 16 ||
	    !json_scan(&json, slice_of((const char *)data, size), &why, &where))
		return 0;
	quick = usage_quick(&json, &r, &v, &hints);
	known = request_read(&json, &r);
	if ((quick == USAGE_QUICK_NOTHING && known) || (quick == USAGE_QUICK_CALL && !known))
		abort();
	if (!known || !usage_read(&r, &u))
		return 0;
	if (quick == USAGE_QUICK_CALL &&
	    (v.input != u.input || v.output != u.output || v.cached != u.cached ||
		v.flaw != u.flaw || v.dialect != u.dialect))
		abort();
	check_usage(&u);
	for (unsigned i = 0; i < sizeof(models) / sizeof(*models); i++) {
		struct price_query q = { slice_z(models[i]), { NULL, 0 }, 1780000000000,
			(enum lane)(i % LANES) };

		bill_usage(&q, &u, &b);
		check_bill(&b);
	}
	if (json_type(u.model) == JSON_STRING) {
		struct price_query q = { json_string(u.model, &arena),
			json_string(u.provider, &arena), 1780000000000, LANE_REALTIME };

		bill_usage(&q, &u, &b);
		check_bill(&b);
	}
	arena_close(&arena);
	return 0;
}
