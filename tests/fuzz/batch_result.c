/* SPDX-License-Identifier: MIT */
/* Lines of result files: an answer is good or has a class, and what is good has a body. */
#include "cmd/llm-batch/result.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct json json;
	struct arena arena = { 0 };
	struct result r;
	const char *why;
	size_t where;

	if (!json_scan(&json, slice_of((const char *)data, size), &why, &where))
		return 0;
	if (result_read(json_root(&json), &arena, &r, &why)) {
		if (r.good == (r.class != NULL))
			abort();
		for (int api = API_NONE; r.good && api <= API_CONVERSE; api++)
			result_ending((enum api)api, r.answer);
	}
	arena_close(&arena);
	return 0;
}
