/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/setup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/llm-route/learned/choose.h"
#include "cmd/llm-route/output/caps.h"
#include "cmd/llm-route/route.h"
#include "cmd/llm-route/semantic.h"
#include "stream/file.h"
#include "text/unicode.h"

#define HALF 500000 /* millionths */

struct setup setup = { .least = 600000, .margin = 20000, .strong_share = UINT64_MAX };

static void
read_file(const char *name, struct buf *text)
{
	if (!file_read(name, text))
		diag_die(STATUS_USAGE, "%s: %s", name, strerror(errno));
	if (!unicode_valid(buf_slice(text)))
		diag_die(STATUS_USAGE, "%s: not UTF-8", name);
}

struct routes *
route_parse_file(const char *file)
{
	struct buf text = { 0 };
	struct routes *routes;
	const char *why = NULL;
	uint64_t line = 0;

	read_file(file, &text);
	routes = routes_parse(buf_slice(&text), file, &why, &line);
	buf_free(&text);
	if (!routes)
		diag_die(STATUS_USAGE, "%s:%" PRIu64 ": %s", file, line, why);
	return routes;
}

/* Reads the file and looks its models up; a wrong line ends the run with status 2. */
static struct routes *
route_load(const char *file)
{
	struct routes *routes = route_parse_file(file);
	const char *why = NULL;
	uint64_t line = 0;

	if (!routes_resolve(routes, &why, &line) || !routes_files(routes, &why, &line))
		diag_die(STATUS_USAGE, "%s:%" PRIu64 ": %s", file, line, why);
	return routes;
}

static struct semantic *
open_semantic(void)
{
	struct semantic_options o = { setup.encoder, setup.vectors, setup.least, setup.margin,
		setup.utterances };
	struct buf text = { 0 };
	struct semantic *s;
	const char *why = NULL;
	uint64_t line = 0;

	if (!setup.utterances) {
		if ((setup.encoder && !setup.model_file) || setup.vectors)
			diag_die(STATUS_USAGE,
			    setup.vectors ? "'--vectors' belongs to '--utterances'"
					  : "'--encoder' belongs to '--utterances' or "
					    "'--model-file'");
		return NULL;
	}
	if (setup.encoder && setup.vectors)
		diag_die(STATUS_USAGE, "'--encoder' and '--vectors' exclude each other");
	read_file(setup.utterances, &text);
	s = semantic_read(buf_slice(&text), &o, &why, &line);
	buf_free(&text);
	if (!s && !line)
		diag_die(
		    STATUS_USAGE, "%s: %s", setup.vectors ? "--vectors" : setup.encoder, why);
	if (!s)
		diag_die(STATUS_USAGE, "%s:%" PRIu64 ": %s", setup.utterances, line, why);
	return s;
}

static double
read_threshold(const char *text)
{
	char *end;
	double x = strtod(text, &end);

	if (end == text || *end || !(x >= -2 && x <= 2))
		diag_die(STATUS_USAGE, "'--threshold' is a number from -2 to 2");
	return x;
}

static struct learned *
open_model(struct routes *routes)
{
	uint64_t line = routes ? routes->learned_line : 0;
	struct learned *learned;

	if (line && !setup.model_file && !setup.ranks_only)
		diag_die(STATUS_USAGE, "%s:%" PRIu64 ": 'learned' wants '--model-file'",
		    routes->file, line);
	if (setup.strong_share != UINT64_MAX && !setup.model_file)
		diag_die(STATUS_USAGE, "'--strong-share' belongs to '--model-file'");
	if (setup.threshold && !setup.model_file)
		diag_die(STATUS_USAGE, "'--threshold' belongs to '--model-file'");
	if (setup.threshold && setup.strong_share != UINT64_MAX)
		diag_die(STATUS_USAGE, "'--threshold' and '--strong-share' exclude each other");
	if (!setup.model_file)
		return NULL;
	if (!line)
		diag_die(
		    STATUS_USAGE, "'--model-file' is given, and no rule leads to 'learned'");
	learned = learned_open(setup.model_file, setup.encoder, routes);
	if (setup.threshold)
		learned_set_threshold(learned, read_threshold(setup.threshold));
	else
		learned_set_share(
		    learned, setup.strong_share == UINT64_MAX ? HALF : setup.strong_share);
	return learned;
}

static struct caps *
open_caps(void)
{
	struct buf text = { 0 };
	struct caps *caps;
	const char *why = NULL;
	uint64_t cut;
	size_t count;

	if (!setup.caps)
		return NULL;
	read_file(setup.caps, &text);
	caps = caps_read(buf_slice(&text), &why);
	buf_free(&text);
	if (!caps)
		diag_die(STATUS_USAGE, "%s: %s", setup.caps, why);
	count = caps_count(caps, &cut);
	diag_detail("%s: %zu caps; they would have cut %.2f %% of the answers of the past",
	    setup.caps, count, (double)cut / 1e4);
	return caps;
}

/* What a file says of models, one at a time. */
struct said {
	struct slice name;
	int64_t number;
	bool cools;
};

static void
tell(void *context, struct model *m)
{
	const struct said *said = context;

	if (!m->name.ptr || (!slice_eq(m->name, said->name) && !slice_eq(m->known, said->name)))
		return;
	if (said->cools) {
		m->cooling_till = said->number;
	} else {
		m->measured = true;
		m->p95 = said->number;
	}
}

static struct slice
model_in(struct value group, struct arena *a)
{
	return json_string(json_get(json_get(group, "key"), "model"), a);
}

/* The groups of a report by model, with their p95_ms. */
static void
read_latency(struct routes *routes)
{
	struct buf text = { 0 };
	struct json json = { 0 };
	struct arena arena = { 0 };
	const char *why;
	struct value groups;
	size_t where, told = 0;

	read_file(setup.latency, &text);
	if (!json_scan(&json, buf_slice(&text), &why, &where))
		diag_die(STATUS_USAGE, "%s: %s", setup.latency, why);
	groups = json_get(json_root(&json), "groups");
	for (struct value g = json_first(groups); json_type(g); g = json_next(g)) {
		struct said said = { .name = model_in(g, &arena) };
		double ms;

		if (!said.name.len || !json_double(json_get(g, "p95_ms"), &ms) || ms > 1e12)
			continue;
		said.number = (int64_t)(ms + 0.5);
		routes_models(routes, tell, &said);
		told++;
	}
	if (!told)
		diag_die(STATUS_USAGE,
		    "%s: no group by model has p95_ms: "
		    "'llm-cost report --by model --format json' writes them",
		    setup.latency);
	json_free(&json);
	arena_close(&arena);
	buf_free(&text);
}

/* Lines {"model":M,"until":TIME}; the last of a model counts. A file that is not there says
 * nothing: no run has failed yet. */
static void
read_cooldowns(struct routes *routes)
{
	struct buf text = { 0 };
	struct json json = { 0 };
	struct arena arena = { 0 };
	struct slice rest;
	uint64_t number = 0;

	if (!file_read(setup.cooldown, &text) && errno != ENOENT)
		diag_die(STATUS_USAGE, "%s: %s", setup.cooldown, strerror(errno));
	for (rest = buf_slice(&text); rest.len;) {
		size_t n = slice_find(rest, '\n'), where;
		struct slice line = slice_trim(slice_take(rest, n)), until;
		struct said said = { .cools = true };
		const char *why;
		struct value v;

		rest = slice_drop(rest, n + 1);
		number++;
		if (!line.len)
			continue;
		said.number = WHEN_NONE;
		if (json_scan(&json, line, &why, &where)) {
			said.name = json_string(json_get(json_root(&json), "model"), &arena);
			v = json_get(json_root(&json), "until");
			until =
			    json_type(v) == JSON_NUMBER ? json_raw(v) : json_string(v, &arena);
			said.number = until.len ? when_read(until) : WHEN_NONE;
		}
		if (said.name.len && said.number != WHEN_NONE)
			routes_models(routes, tell, &said);
		else
			diag_repeated("cooldown",
			    "%s:%" PRIu64 ": left out: a line has a model and until when it rests",
			    setup.cooldown, number);
	}
	json_free(&json);
	arena_close(&arena);
	buf_free(&text);
}

struct policy *
setup_open(const char *routes)
{
	struct policy *p = mem_zero(sizeof(*p));

	p->min_confidence = setup.min_confidence;
	p->routes = routes ? route_load(routes) : NULL;
	p->semantic = open_semantic();
	p->learned = open_model(p->routes);
	p->caps = open_caps();
	if (p->routes && setup.latency)
		read_latency(p->routes);
	if (p->routes && setup.cooldown)
		read_cooldowns(p->routes);
	if (p->routes && p->routes->asks_intent && !p->semantic)
		diag_warn("a rule asks for an intent, and there is no '--utterances'");
	if (setup.warm)
		p->warm = warm_open();
	return p;
}

void
setup_close(struct policy *p)
{
	semantic_free(p->semantic);
	learned_free(p->learned);
	caps_free(p->caps);
	policy_free(p);
	free(p);
}
