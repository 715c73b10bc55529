/* SPDX-License-Identifier: MIT */
/* lib/model: shapes, parts, caps, endings and usage of whatever JSON comes. */
#include <stdlib.h>

#include "model/request.h"
#include "model/usage.h"

static size_t touched;

static void
touch(void *context, const struct part *p)
{
	struct slice text = json_string(p->text, context);

	touched += text.len + json_raw(p->block).len + p->turn;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "user", "time", "tenant", "model" };
	static struct json json;
	struct arena arena = { 0 };
	struct request r;
	struct usage u;
	const char *why;
	size_t where;

	if (size > (1u << 20) || !json_scan(&json, slice_of((const char *)data, size), &why, &where))
		return 0;
	if (request_read(&json, &r)) {
		const char *const *cap;
		struct needs n;

		request_parts(&r, touch, &arena);
		answer_parts(&r, touch, &arena);
		n = request_needs(&r);
		touched += answer_ending(&r) + n.tools + json_raw(request_cap(&r, &cap)).len;
		touched += json_raw(request_messages(&r)).len + json_raw(request_system(&r)).len;
		touched += json_raw(request_parameter(&r, "stop")).len;
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			touched += json_raw(request_attribute(&r, names[i])).len;
		touched += request_answer_model(&r, &arena).len;
		if (usage_read(&r, &u) && !u.flaw && (u.cached > u.input || u.reasoning > u.output))
			abort(); /* parts are never more than the whole */
	}
	arena_close(&arena);
	return 0;
}
