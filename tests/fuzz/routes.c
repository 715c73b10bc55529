/* SPDX-License-Identifier: MIT */
/* Files of rules: any bytes are read or refused with a reason and a line, aliases come to an
 * end. */
#include <stdio.h>

#include "cmd/llm-route/condition.c"
#include "cmd/llm-route/routes.c"
#include "cmd/llm-route/routes_model.c"
#include "cmd/llm-route/routes_read.c"
#include "cmd/llm-route/routes_resolve.c"
#include "cmd/llm-route/routes_settings.c"
#include "cmd/llm-route/routes_words.c"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
const char *__asan_default_options(void);

/* Paths live as long as the run. */
const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "routes: %s\n", what);
	abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	const char *why = NULL;
	uint64_t line = 0, lines = 1;
	struct routes *r = routes_parse(text, "routes", &why, &line);

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if (!r) {
		must(why && *why, "a refusal has a reason");
		must(line >= 1 && line <= lines, "a refusal has a line");
		return 0;
	}
	must(r->default_at <= r->rule_count, "defaults stand behind the rules");
	for (size_t i = 0; i < r->alias_count; i++)
		routes_alias(r, r->aliases[i].from);
	for (size_t i = 0; i < r->rule_count; i++) {
		must(r->rules[i].target.name.len > 0, "a rule has a target");
		for (size_t k = 0; k < r->rules[i].count; k++) {
			const struct condition *c = &r->rules[i].conditions[k];

			must((c->relation == MATCHES) == (c->pattern != NULL),
			    "a pattern is compiled");
			must((c->subject == SUBJECT_PATH) == (c->path != NULL),
			    "a path is compiled");
		}
	}
	routes_free(r);
	return 0;
}
