/* SPDX-License-Identifier: MIT */
/* llm-batch pack: requests that still need an answer, split into files within the limits of a
 * provider, each of one model and one endpoint. */
#include "batch.h"

#include <stdlib.h>

#include "base/when.h"
#include "ids.h"
#include "json/write.h"
#include "parts.h"
#include "rules.h"
#include "tokens/tokens.h"

static const char *provider, *folder, *id_path, *name;
static uint64_t max_requests, max_bytes, max_tokens;
static const char *deadline;
static bool costs;
static int64_t window = (int64_t)24 * 3600 * 1000;

const struct option pack_options[] = {
	{ 0, "for", OPTION_TEXT, "P", &provider, "the provider whose rules and limits count",
	    NULL },
	{ 'd', "directory", OPTION_TEXT, "DIR", &folder, "folder of the files, made if missing",
	    NULL },
	{ 0, "name", OPTION_TEXT, "NAME", &name, "files are NAME-0001.jsonl … (part)", NULL },
	{ 0, "max-requests", OPTION_NUMBER, "N", &max_requests, "requests in one file at most",
	    NULL },
	{ 0, "max-bytes", OPTION_SIZE, "N", &max_bytes, "bytes of one file at most", NULL },
	{ 0, "max-tokens", OPTION_NUMBER, "N", &max_tokens, "input tokens of one file at most",
	    NULL },
	{ 0, "cost", OPTION_FLAG, NULL, &costs,
	    "dollars at the price of a batch and without, also with --max-tokens", NULL },
	{ 0, "deadline", OPTION_TEXT, "PATH", &deadline,
	    "reject what is due before the batch must have ended", NULL },
	{ 0, "window", OPTION_DURATION, "T", &window,
	    "how long the provider takes at most (24h)", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0 },
};

struct packer {
	const struct rules *rules;
	const struct path *by, *deadline;
	struct ids ids;
	struct parts *parts;
	struct part_limits limits;
	uint64_t requests, answered, collapsed;
	struct cost cost;
};

static uint64_t
smaller(uint64_t own, uint64_t limit)
{
	return own && (!limit || own < limit) ? own : limit;
}

static void
check_usage(struct packer *p)
{
	const struct limits *limits;

	if (!provider || !(p->rules = rules_for(provider)))
		tool_usage("'--for' wants one of %s", limits_providers());
	if (!folder)
		tool_usage("'-d' is missing: the folder of the files");
	name = name ? name : "part";
	if (!*name || *name == '.' || strchr(name, '/') || strlen(name) > 200)
		tool_usage("'--name' is the beginning of a file name");
	p->by = line_id_path(id_path);
	p->deadline = line_id_path(deadline);
	limits = rules_limits(p->rules);
	p->limits = (struct part_limits){ .requests = smaller(max_requests, limits->requests),
		.bytes = smaller(max_bytes, limits->bytes),
		.tokens = max_tokens,
		.counted = max_tokens || costs,
		.inputs = limits->inputs };
}

static void
measure(const struct request *r, struct slice model, struct arena *a, struct part_size *size)
{
	size->tokens = tokens_request(tokenizer_for(model), r, a).count;
	size->cost = cost_of(slice_z(provider), model, r, size->tokens);
}

static enum verdict
add(struct packer *p, struct record *r, struct line *l)
{
	struct slice line = rules_line(p->rules, r, l), url = line_url(l, r->arena);
	struct slice model = line_model(l, r->arena);
	struct part_size size = { .inputs = rules_inputs(l) };
	bool added = true;

	if (p->limits.bytes && line.len + 1 > p->limits.bytes)
		return record_reject(r, "a line larger than a whole file may be");
	if (p->limits.counted)
		measure(&l->request, models_resolve(model), r->arena, &size);
	if (max_tokens && size.tokens > max_tokens)
		return record_reject(r, "a request of more tokens than a whole file may have");
	if (r->json->twice.ptr)
		return DROP; /* the stream refuses it */
	ids_add(&p->ids, l->name, &added);
	if (!added)
		return record_reject(r, "an id that an earlier line has");
	parts_add(
	    p->parts, model.ptr ? model : SLICE(""), url.ptr ? url : SLICE(""), line, size);
	cost_add(&p->cost, &size.cost);
	p->requests++;
	return DROP;
}

/* Due before a batch that starts now must have ended. */
static bool
is_urgent(const struct packer *p, const struct line *l, struct arena *a)
{
	int64_t due = p->deadline ? line_time(l, p->deadline, a) : 0;
	int64_t now = due ? when_now() : 0;

	return due && (window > INT64_MAX - now || due < now + window);
}

static enum verdict
judge(void *context, struct record *r)
{
	struct packer *p = context;
	struct line l;
	const char *why;

	if (!line_read(r, p->by, &l))
		return record_no_shape(r);
	if (l.request.answered || l.collapsed) {
		if (!r->json->twice.ptr)
			*(l.request.answered ? &p->answered : &p->collapsed) += 1;
		return DROP;
	}
	if ((why = rules_fault(p->rules, r, &l)))
		return record_reject(r, "%s", why);
	if (is_urgent(p, &l, r->arena))
		return record_reject(r, "due before a batch must have ended: a case for 'run'");
	return add(p, r, &l);
}

static void
count_member(struct buf *out, const char *label, uint64_t n)
{
	buf_printf(out, ",\"%s\":%llu", label, (unsigned long long)n);
}

/* What the manifest says beside its parts. */
static void
describe(const struct packer *p, struct buf *out)
{
	struct writer w = { out, false };

	buf_printf(out, ",\"limits\":{\"date\":\"%s\"", limits_date());
	if (p->limits.requests)
		count_member(out, "requests", p->limits.requests);
	if (p->limits.bytes)
		count_member(out, "bytes", p->limits.bytes);
	if (p->limits.tokens)
		count_member(out, "tokens", p->limits.tokens);
	if (p->limits.inputs)
		count_member(out, "inputs", p->limits.inputs);
	buf_add_byte(out, '}');
	count_member(out, "requests", p->requests);
	count_member(out, "answered", p->answered);
	count_member(out, "collapsed", p->collapsed);
	if (p->limits.counted) {
		buf_add(out, SLICE(",\"usd\":"));
		cost_write(&w, &p->cost);
	}
}

void
pack_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct packer p = { .rules = NULL };
	struct buf extra = { 0 };

	check_usage(&p);
	o.no_output = true;
	p.parts = parts_open(folder, name, &p.limits, tool_common()->dry_run);
	stream_each(&o, judge, &p);
	if (status_get() != STATUS_FAILED) {
		describe(&p, &extra);
		parts_commit(p.parts, provider, buf_slice(&extra));
		if (p.limits.counted)
			cost_say(&p.cost);
	}
	parts_close(p.parts);
	ids_free(&p.ids);
	buf_free(&extra);
}
