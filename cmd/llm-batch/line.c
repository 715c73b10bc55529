/* SPDX-License-Identifier: MIT */
#include "line.h"

#include "base/when.h"
#include "json/members.h"
#include "tool/tool.h"

/* An envelope or Anthropic element that lacks its id is still one: pack gives it an id. */
static void
read_nameless(struct value root, struct line *l)
{
	struct value body = json_get(root, "body"), params = json_get(root, "params");
	bool anthropic = json_type(body) != JSON_OBJECT;

	if (anthropic)
		body = params;
	if (json_type(body) != JSON_OBJECT || json_type(json_get(root, "custom_id")))
		return;
	l->shape = anthropic ? SHAPE_ANTHROPIC : SHAPE_ENVELOPE;
	l->request.shape = l->shape;
	l->request.json = root.json;
	l->request.root = root;
	l->request.body = body;
	l->request.api = anthropic ? API_MESSAGES : api_of(body);
	l->request.model = json_get(body, "model");
	l->request.llm = json_get(root, "llm");
	l->request.answered =
	    json_type(json_get(root, "response")) || json_type(json_get(root, "result"));
}

static struct slice
name_by_path(struct record *r, const struct path *by)
{
	struct value v = by ? path_get(by, r->root) : (struct value){ 0 };

	if (json_type(v) == JSON_STRING)
		return json_string(v, r->arena);
	return json_type(v) == JSON_NUMBER ? json_raw(v) : slice_of(NULL, 0);
}

static void
read_name(struct record *r, const struct path *by, struct line *l)
{
	if (json_type(l->id) == JSON_STRING)
		l->name = json_string(l->id, r->arena);
	if (!l->name.len)
		l->name = name_by_path(r, by);
	if (!l->name.len)
		l->name = arena_printf(r->arena, "r-%llu", (unsigned long long)r->ordinal);
}

static void
read_cache(struct record *r, struct line *l)
{
	struct value cache = json_get(l->request.llm, "cache");

	if (json_type(cache) != JSON_OBJECT)
		return;
	l->collapsed = json_type(json_get(cache, "collapsed")) == JSON_TRUE;
	l->key = json_string(json_get(cache, "key"), r->arena);
}

static void
read_address(struct line *l)
{
	static const char *const names[] = { "method", "url" };
	static struct members members = { .names = names, .count = 2 };
	struct value v[2];

	members_get(l->request.root, &members, v);
	l->method = v[0];
	l->url = v[1];
}

bool
line_read(struct record *r, const struct path *by, struct line *l)
{
	memset(l, 0, sizeof(*l));
	if (request_read(r->json, &l->request))
		l->shape = l->request.shape;
	if (l->shape == SHAPE_NONE || l->shape == SHAPE_USAGE || l->shape == SHAPE_BARE)
		read_nameless(r->root, l);
	if (l->shape == SHAPE_NONE || l->shape == SHAPE_USAGE)
		return false;
	l->id = l->request.id;
	if (l->shape == SHAPE_BARE)
		l->id = (struct value){ 0 };
	if (l->shape == SHAPE_GEMINI && !json_type(l->id))
		l->id = json_get(r->root, "custom_id");
	if (l->shape == SHAPE_ENVELOPE)
		read_address(l);
	read_name(r, by, l);
	read_cache(r, l);
	return true;
}

const struct path *
line_id_path(const char *text)
{
	static struct {
		const char *text;
		struct path *path;
	} kept[8];
	const char *why = NULL;
	size_t i = 0;

	if (!text)
		return NULL;
	while (i < 7 && kept[i].text && strcmp(kept[i].text, text) != 0)
		i++;
	if (kept[i].text && strcmp(kept[i].text, text) == 0)
		return kept[i].path;
	if (!(kept[i].path = path_compile(text, &why)))
		tool_usage("'%s' is no path: %s", diag_clean(slice_z(text)), why);
	kept[i].text = text;
	return kept[i].path;
}

const char *
line_id_fault(const struct line *l)
{
	if (!json_type(l->id))
		return NULL;
	if (json_type(l->id) != JSON_STRING)
		return "the id is no string";
	return json_string_raw(l->id).len ? NULL : "the id is empty";
}

const char *
line_endpoint(enum api api)
{
	switch (api) {
	case API_CHAT: return "/v1/chat/completions";
	case API_RESPONSES: return "/v1/responses";
	case API_COMPLETION: return "/v1/completions";
	case API_EMBEDDING: return "/v1/embeddings";
	case API_MESSAGES: return "/v1/messages";
	default: return NULL;
	}
}

struct slice
line_url(const struct line *l, struct arena *a)
{
	if (json_type(l->url) == JSON_STRING)
		return json_string(l->url, a);
	return slice_z(line_endpoint(l->request.api));
}

struct slice
line_model(const struct line *l, struct arena *a)
{
	struct slice model = request_model(&l->request, a);

	if (!model.len && l->shape != SHAPE_ENVELOPE)
		model = json_string(json_get(json_get(l->request.llm, "route"), "model"), a);
	if (!model.len)
		model = json_string(json_get(l->request.root, "model"), a);
	if (!model.len)
		model = json_string(json_get(l->request.root, "modelId"), a);
	return model;
}

int64_t
line_time(const struct line *l, const struct path *at, struct arena *a)
{
	struct value v = at ? path_get(at, l->request.root) : (struct value){ 0 };
	struct slice text = json_type(v) == JSON_STRING ? json_string(v, a) : json_raw(v);
	int64_t when = json_type(v) > JSON_NULL ? when_read(text) : WHEN_NONE;

	return when == WHEN_NONE ? 0 : when;
}
