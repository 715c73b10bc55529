/* SPDX-License-Identifier: MIT */
/* llm-batch validate: the lines that a provider's batch interface takes, byte for byte. */
#include "batch.h"

#include "ids.h"
#include "rules.h"

static const char *provider, *id_path;

const struct option validate_options[] = {
	{ 0, "for", OPTION_TEXT, "P", &provider, "the provider whose rules count", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0 },
};

struct validator {
	const struct rules *rules;
	const struct path *by;
	struct ids ids;
};

static enum verdict
judge(void *context, struct record *r)
{
	struct validator *v = context;
	struct line l;
	const char *why;
	bool added = true;

	if (!line_read(r, v->by, &l))
		return record_no_shape(r);
	if (l.request.answered || l.collapsed)
		return PASS;
	if ((why = rules_fault(v->rules, r, &l)))
		return record_reject(r, "%s", why);
	/* what stands twice is refused by the stream and must not claim its id */
	if (!r->json->twice.ptr)
		ids_add(&v->ids, l.name, &added);
	return added ? PASS : record_reject(r, "an id that an earlier line has");
}

void
validate_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct validator v = { .rules = NULL };

	if (!provider)
		tool_usage("'--for' is missing: one of %s", limits_providers());
	if (!(v.rules = rules_for(provider)))
		tool_usage("'--for' wants one of %s", limits_providers());
	v.by = line_id_path(id_path);
	stream_each(&o, judge, &v);
	ids_free(&v.ids);
}
