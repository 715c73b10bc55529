/* SPDX-License-Identifier: MIT */
/* llm-route import: a gateway's list of models as ROUTES. Keys are not copied: of what is not
 * carried only the name is told. */
#include "cmd/llm-route/import/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cmd/llm-route/import/yaml.h"
#include "cmd/llm-route/route.h"
#include "money/usd.h"
#include "stream/file.h"
#include "text/unicode.h"

const struct option import_options[] = { { 0 } };

void
import_lose(struct import *m, const char *where, struct slice name)
{
	struct slice key = arena_printf(&m->arena, "%s%.*s", where, SLICE_ARG(name));
	bool added;
	size_t at = hash_map_add(&m->lost, key, &added);

	if (added && (!m->times || (at & (at + 1)) == 0))
		m->times = mem_grow(m->times, 2 * (at + 1), sizeof(*m->times));
	m->times[at] = added ? 1 : m->times[at] + 1;
}

void
import_alias(struct import *m, struct slice from, struct slice to)
{
	bool added;

	hash_map_add(&m->aliased, from, &added);
	if (!added)
		import_lose(m, "", SLICE("a second alias of one name"));
	else if (hash_map_find(&m->grouped, to) != SIZE_MAX)
		buf_printf(&m->rest, "rule group-%.*s model=%.*s -> %.*s\n", SLICE_ARG(from),
		    SLICE_ARG(from), SLICE_ARG(to));
	else if (!slice_eq(from, to))
		buf_printf(&m->rules, "alias %.*s = %.*s\n", SLICE_ARG(from), SLICE_ARG(to));
}

bool
import_is_word(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == '"' ||
		    text.ptr[i] == '#' || slice_starts(slice_drop(text, i), SLICE("~/")))
			return false;
	return text.len > 0 && text.ptr[0] != '/' && !slice_eqz(text, "->") &&
	       !slice_eqz(text, "=");
}

bool
import_price(struct import *m, struct buf *out, const char *key, struct value v)
{
	struct slice raw =
	    json_type(v) == JSON_NUMBER ? json_raw(v) : json_string(v, &m->arena);
	struct usd one, zero = { 0 };
	char text[64];

	if (!raw.len || !usd_read(raw, &one) || usd_cmp(one, zero) < 0)
		return false;
	buf_printf(out, " %s=%s", key, usd_write(usd_times(one, 1000000), text));
	return true;
}

void
import_abilities(struct buf *out, const struct import_ability *known, size_t count)
{
	for (unsigned can = 0; can < 2; can++) {
		const char *before = can ? " can=" : " cannot=";

		for (size_t i = 0; i < count; i++)
			if (known[i].said && known[i].can == can) {
				buf_add(out, slice_z(before));
				buf_add(out, slice_z(known[i].name));
				before = ",";
			}
	}
}

void
import_count(struct buf *out, const char *key, struct value v)
{
	uint64_t n;

	if (json_whole(v, &n) && n)
		buf_printf(out, " %s=%" PRIu64, key, n);
}

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
