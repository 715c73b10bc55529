/* SPDX-License-Identifier: MIT */
/* A template and a row (on the lines behind it): whatever is filled in, what comes out is JSON.
 */
#include "cmd/llm-batch/line.c"
#include "cmd/llm-batch/template.c"

const char *__asan_default_options(void);

/* Paths live as long as the run. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static struct json json, made;

static void
fill(const struct template *t, struct slice line)
{
	struct buf id = { 0 }, out = { 0 };
	const char *why;
	size_t where;

	if (json_scan(&json, line, &why, &where) &&
	    json_type(json_root(&json)) == JSON_OBJECT &&
	    !template_id(t, json_root(&json), line, &id) &&
	    !template_fill(t, buf_slice(&id), json_root(&json), line, &out) &&
	    (!json_scan(&made, buf_slice(&out), &why, &where) ||
		memchr(out.data, '\n', out.len)))
		abort();
	buf_free(&id);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	size_t end = slice_find(text, '\n');
	const char *why;
	struct template *t = template_open(slice_take(text, end), &why);

	if (!t)
		return 0;
	while (end < text.len) {
		text = slice_drop(text, end + 1);
		end = slice_find(text, '\n');
		fill(t, slice_take(text, end));
	}
	template_close(t);
	return 0;
}
