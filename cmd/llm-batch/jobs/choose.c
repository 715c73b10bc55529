/* SPDX-License-Identifier: MIT */
#include "choose.h"

#include <sys/stat.h>

#include "../connect.h"
#include "cloud.h"
#include "service.h"
#include "stream/file.h"
#include "tool/tool.h"

/* The model that the manifest of the file's folder has for it, in a; ptr NULL if none. */
static struct slice
manifest_model(const char *file, struct arena *a)
{
	struct buf text = { 0 };
	struct json json = { 0 };
	struct slice model_name = { NULL, 0 };
	const char *slash = strrchr(file, '/'), *why;
	const char *name =
	    arena_printf(a, "%.*smanifest.json", (int)(slash ? slash - file + 1 : 0), file).ptr;
	struct value part;
	size_t where;

	if (file_read(name, &text) && json_scan(&json, buf_slice(&text), &why, &where)) {
		part = json_get(json_root(&json), "parts");
		for (part = json_type(part) == JSON_ARRAY ? json_first(part)
							  : (struct value){ 0 };
		     json_type(part); part = json_next(part))
			if (json_is(json_get(part, "file"), job_file_name(file)))
				model_name =
				    arena_copy(a, json_string(json_get(part, "model"), a));
	}
	json_free(&json);
	buf_free(&text);
	return model_name;
}

/* False: the job of this file would have no model. */
bool
choose_model(
    struct submitter *s, const char *file, const char *model, const struct ready *ready)
{
	struct slice found;

	s->model = model;
	if (!s->wants_model)
		s->model = NULL;
	if (!s->wants_model || model || *ready->model)
		return true;
	found = manifest_model(file, &s->arena);
	s->model = found.len ? found.ptr : NULL;
	if (!s->model) {
		diag_warn("%s: no line names the model, and no manifest beside it; give "
			  "'--model'; nothing of it was uploaded",
		    file);
		status_raise(STATUS_REJECTED);
	}
	return s->model != NULL;
}

/* The provider of a file's first request, by its shape. */
static const char *
provider_of_lines(const char *file)
{
	struct buf text = { 0 };
	struct json json = { 0 };
	struct request r;
	struct slice rest, line;
	const char *name = NULL, *why;
	size_t where;

	if (!file_read(file, &text))
		return NULL;
	rest = buf_slice(&text);
	if (slice_starts(rest, SLICE("\xEF\xBB\xBF")))
		rest = slice_drop(rest, 3);
	while (!name && rest.len) {
		line = slice_take(rest, slice_find(rest, '\n'));
		rest = slice_drop(rest, line.len + 1);
		if (!json_scan(&json, line, &why, &where) || !request_read(&json, &r))
			continue;
		name = r.shape == SHAPE_ANTHROPIC ? "anthropic"
		       : r.shape == SHAPE_GEMINI  ? "gemini"
		       : r.shape == SHAPE_BEDROCK ? "bedrock"
						  : "openai";
	}
	json_free(&json);
	buf_free(&text);
	return name;
}

/* No state yet, or one that a kill left before its first line. */
static bool
is_fresh(const char *state)
{
	struct stat st;

	return !state || stat(state, &st) != 0 || st.st_size == 0;
}

/* --for, else a host that is known, else what the state has or the lines look like. */
const char *
choose_provider(const struct submit_settings *settings, const struct option_list *files)
{
	const char *base = connect_settings.base_url, *name = settings->provider;

	if (name) {
		if (!service_named(name) && !cloud_named(name))
			tool_usage("'--for' wants %s, or bedrock or vertex for job requests",
			    service_names());
		return name;
	}
	if (base && net_provider_of(base) != NET_OTHER)
		return net_provider_name(net_provider_of(base));
	if (!is_fresh(settings->state))
		return NULL;
	name = files->count ? provider_of_lines(files->item[0]) : NULL;
	return name ? name : "openai";
}
