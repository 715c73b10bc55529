/* SPDX-License-Identifier: MIT */
/* A gateway's list of models: YAML becomes JSON that scans, and what is made of it is a file of
 * rules that is read. */
#include <stdio.h>

#include "cmd/llm-route/condition.c"
#include "cmd/llm-route/import/import.c"
#include "cmd/llm-route/import/lines.c"
#include "cmd/llm-route/import/litellm.c"
#include "cmd/llm-route/import/openrouter.c"
#include "cmd/llm-route/import/yaml.c"
#include "cmd/llm-route/routes.c"
#include "cmd/llm-route/routes_model.c"
#include "cmd/llm-route/routes_read.c"
#include "cmd/llm-route/routes_resolve.c"
#include "cmd/llm-route/routes_settings.c"
#include "cmd/llm-route/routes_words.c"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
must(bool holds, const char *what, const char *why)
{
	if (holds)
		return;
	fprintf(stderr, "route_import: %s: %s\n", what, why);
	abort();
}

static bool
scan(struct json *json, struct slice text, struct buf *made, struct arena *a)
{
	const char *why = NULL;
	uint64_t line = 0;
	size_t where;

	if (json_scan(json, text, &why, &where))
		return true;
	if (!yaml_to_json(text, a, made, &why, &line)) {
		must(why && *why && line > 0, "a refusal has a reason and a line", "none");
		return false;
	}
	must(json_scan(json, buf_slice(made), &why, &where), "YAML becomes JSON", why);
	return true;
}

static void
read_back(const struct import *m)
{
	const struct buf *const parts[] = { &m->models, &m->tiers, &m->rules, &m->fallbacks,
		&m->rest };
	struct buf all = { 0 };
	const char *why = "";
	uint64_t line;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		buf_add(&all, buf_slice(parts[i]));
	buf_add(&all, SLICE("default -> keep\n"));
	for (size_t i = 0; i < m->lost.count; i++)
		must(m->times[i] > 0, "what is lost is counted", "not");
	routes_free(routes_parse(buf_slice(&all), "imported", &why, &line));
	must(!*why, "what is imported is read", why);
	buf_free(&all);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct import m = { 0 };
	struct json json = { 0 };
	struct buf made = { 0 };
	struct slice text = slice_of((const char *)data, size);

	if (unicode_valid(text) && scan(&json, text, &made, &m.arena) &&
	    import_value(&m, json_root(&json)))
		read_back(&m);
	import_free(&m);
	json_free(&json);
	buf_free(&made);
	return 0;
}
