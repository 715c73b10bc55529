/* SPDX-License-Identifier: MIT */
/* lib/chat: whatever is read as a chat request is written in every form as valid JSON, and what
 * was written is read again. */
#include <stdlib.h>

#include "chat/chat.h"

static void
check_form(const struct request *r, enum chat_target form, struct arena *a)
{
	static struct json again;
	struct request back = { .model = r->model, .api = chat_api(form) };
	struct buf out = { 0 };
	struct chat chat, second;
	const char *why;
	size_t where;

	if (chat_read(r, &chat, a, &why) && chat_write(&chat, form, 100, &out, &why)) {
		if (!json_scan(&again, buf_slice(&out), &why, &where))
			abort();
		back.body = json_root(&again);
		if (!chat_read(&back, &second, a, &why))
			abort();
	} else if (!why) {
		abort();
	}
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct json json;
	struct arena arena = { 0 };
	struct request r;
	const char *why;
	size_t where;

	if (size > 1u << 16 ||
	    !json_scan(&json, slice_of((const char *)data, size), &why, &where) ||
	    !request_read(&json, &r) || !json_check_unique(r.body))
		return 0;
	for (enum chat_target form = CHAT_OPENAI; form <= CHAT_CONVERSE; form++)
		check_form(&r, form, &arena);
	arena_close(&arena);
	return 0;
}
