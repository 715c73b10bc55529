/* SPDX-License-Identifier: MIT */
/* llm-route: the cheapest model that can do it.
 *
 * For each request it reads what a rule may ask (attributes, text, tokens, task, complexity,
 * lane), takes the first rule of the ROUTES file that holds, drops the models of its tier that
 * cannot take this row, chooses the cheapest of the rest by its own tokens, writes model and
 * parameters into the body and the decision with its reasons into llm.route. Without rules it
 * only annotates. Answered records and what is no request pass byte for byte. */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/llm-route/apply.h"
#include "cmd/llm-route/route.h"
#include "stream/file.h"
#include "text/pattern.h"
#include "text/unicode.h"

static const char *routes_file;
static bool observe;
static uint64_t min_confidence;

static const struct option route_options[] = {
	{ 'r', "routes", OPTION_TEXT, "ROUTES", &routes_file, "decide by this file of rules",
	    "LLM_ROUTES" },
	{ 0, "observe", OPTION_FLAG, NULL, &observe, "annotate, change nothing else", NULL },
	{ 0, "min-confidence", OPTION_SHARE, "P", &min_confidence,
	    "keep the model where task or complexity are less sure than this", NULL },
	{ 0 },
};
static const struct option no_options[] = { { 0 } };

struct routes *
route_parse_file(const char *file)
{
	struct buf text = { 0 };
	struct routes *routes;
	const char *why = NULL;
	uint64_t line = 0;

	if (!file_read(file, &text))
		diag_die(STATUS_USAGE, "%s: %s", file, strerror(errno));
	if (!unicode_valid(buf_slice(&text)))
		diag_die(STATUS_USAGE, "%s: not UTF-8", file);
	routes = routes_parse(buf_slice(&text), file, &why, &line);
	buf_free(&text);
	if (!routes)
		diag_die(STATUS_USAGE, "%s:%llu: %s", file, (unsigned long long)line, why);
	return routes;
}

struct routes *
route_load(const char *file)
{
	struct routes *routes = route_parse_file(file);
	const char *why = NULL;
	uint64_t line = 0;

	if (!routes_resolve(routes, &why, &line))
		diag_die(STATUS_USAGE, "%s:%llu: %s", file, (unsigned long long)line, why);
	return routes;
}

/* The model as it was asked before any pass of this tool. */
static struct slice
first_asked(const struct request *q, const struct facts *f)
{
	struct slice before =
	    json_string(json_get(json_get(q->llm, "route"), "asked"), f->arena);

	return before.ptr ? before : f->asked;
}

static enum verdict
route_record(void *context, struct record *r)
{
	const struct routes *routes = context;
	struct request q;
	struct facts f;
	struct decision d;

	if (!request_read(r->json, &q) || q.answered || q.shape == SHAPE_USAGE ||
	    q.api == API_NONE)
		return PASS;
	facts_read(&f, routes, &q, r->arena);
	decide(&f, min_confidence, &d);
	if (d.limit)
		diag_repeated("pattern limit",
		    "%s:%llu: a pattern took too long on this text, the default decides",
		    r->file, (unsigned long long)r->number);
	if (tool_common()->dry_run) {
		diag_note("%s:%llu: %s -> %s", r->file, (unsigned long long)r->number,
		    f.asked.ptr ? diag_clean(f.asked) : "(none)",
		    d.model.ptr ? diag_clean(d.model) : "(none)");
		return DROP;
	}
	apply_decision(r, &q, &d, observe);
	apply_annotation(r, &f, &d, first_asked(&q, &f));
	return r->rejected ? DROP : EDIT;
}

static void
route_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct routes *routes = routes_file ? route_load(routes_file) : NULL;

	if (tool_common()->dry_run)
		o.no_output = true;
	stream_each(&o, route_record, routes);
	routes_free(routes);
}

static const struct command commands[] = {
	{ "", "[FILE...]", "choose model, lane and settings of each request", route_options,
	    route_run, false },
	{ "lint", "ROUTES", "find rules that never match, loops and unknown models", no_options,
	    lint_run, true },
	{ "explain", "ROUTES [FILE...]", "for each record, rule by rule, why", no_options,
	    explain_run, true },
	{ 0 },
};

static const char *(*const versions[])(void) = { unicode_version, pattern_version, NULL };

int
main(int argc, char **argv)
{
	static const struct tool tool = { "llm-route", "the cheapest model that can do it",
		commands, versions };

	return tool_main(&tool, argc, argv);
}
