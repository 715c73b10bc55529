/* SPDX-License-Identifier: MIT */
/* llm-route import: a gateway's list of models as ROUTES. Keys are not copied: of what is not
 * carried only the name is told. */
#include "cmd/llm-route/import/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/llm-route/import/yaml.h"
#include "cmd/llm-route/route.h"
#include "stream/file.h"
#include "text/unicode.h"

const struct option import_options[] = { { 0 } };

static void
write_lost(struct import *m, struct buf *out)
{
	for (size_t i = 0; i < m->lost.count; i++)
		buf_printf(out, "# not carried: %s (%" PRIu64 ")\n",
		    diag_clean(m->lost.keys[i]), m->times[i]);
}

/* Scans the file as JSON, or as YAML that becomes JSON in *made. */
static void
read_list(
    const char *file, struct json *json, struct buf *text, struct buf *made, struct arena *a)
{
	const char *why;
	size_t where;
	uint64_t line;

	if (!file_read(file, text))
		diag_die(STATUS_USAGE, "%s: %s", file, strerror(errno));
	if (!unicode_valid(buf_slice(text)))
		diag_die(STATUS_USAGE, "%s: not UTF-8", file);
	if (json_scan(json, buf_slice(text), &why, &where))
		return;
	if (slice_starts(slice_trim(buf_slice(text)), SLICE("{")))
		diag_die(STATUS_USAGE, "%s: %s at byte %zu", file, why, where + 1);
	if (!yaml_to_json(buf_slice(text), a, made, &why, &line))
		diag_die(STATUS_USAGE, "%s:%" PRIu64 ": %s", file, line, why);
	if (!json_scan(json, buf_slice(made), &why, &where))
		diag_die(STATUS_USAGE, "%s: %s", file, why);
}

static void
write_all(struct import *m, const char *output)
{
	static const char *const nothing[] = { "/dev/null" };
	struct stream_options o = { .files = nothing, .file_count = 1, .output = output };
	struct stream *s = stream_open(&o);
	struct buf lost = { 0 };

	write_lost(m, &lost);
	stream_write_text(s, buf_slice(&m->models));
	stream_write_text(s, buf_slice(&m->tiers));
	stream_write_text(s, buf_slice(&m->rules));
	stream_write_text(s, buf_slice(&m->fallbacks));
	stream_write_text(s, buf_slice(&m->rest));
	stream_write_text(s, SLICE("default -> keep\n"));
	stream_write_text(s, buf_slice(&lost));
	stream_close(s);
	buf_free(&lost);
}

/* False where it is neither a gateway's configuration nor a list of models. */
static bool
import_value(struct import *m, struct value root)
{
	struct value data = json_type(root) == JSON_ARRAY ? root : json_get(root, "data");

	if (json_type(json_get(root, "model_list")) == JSON_ARRAY ||
	    json_type(json_get(json_first(data), "litellm_params")))
		import_litellm(m, root);
	else if (json_type(json_get(json_first(data), "id")) == JSON_STRING)
		import_openrouter(m, data);
	else
		return false;
	return true;
}

static void
import_free(struct import *m)
{
	buf_free(&m->models);
	buf_free(&m->tiers);
	buf_free(&m->rules);
	buf_free(&m->fallbacks);
	buf_free(&m->rest);
	hash_map_free(&m->seen);
	hash_map_free(&m->aliased);
	hash_map_free(&m->grouped);
	hash_map_free(&m->lost);
	free(m->times);
	arena_close(&m->arena);
}

void
import_run(const struct option_list *operands)
{
	struct import m = { 0 };
	struct json json = { 0 };
	struct buf text = { 0 }, made = { 0 };

	if (operands->count != 1)
		tool_usage("one file is wanted");
	read_list(operands->item[0], &json, &text, &made, &m.arena);
	if (!import_value(&m, json_root(&json)))
		diag_die(STATUS_USAGE, "%s: neither a model_list nor a list of models with ids",
		    operands->item[0]);
	write_all(&m, tool_common()->output);
	import_free(&m);
	json_free(&json);
	buf_free(&text);
	buf_free(&made);
}
