/* SPDX-License-Identifier: MIT */
/* The form of the answer: JSON mode, a schema, a tool that must be called. */
#include "cmd/llm-route/form.h"
#include "cmd/llm-route/output/parts.h"
#include "json/write.h"

static const char *const chat_format[] = { "response_format", NULL };
static const char *const responses_format[] = { "text", "format", NULL };
static const char *const messages_format[] = { "output_config", "format", NULL };
static const char *const gemini_mime[] = { "generationConfig", "responseMimeType", NULL };
static const char *const gemini_schema[] = { "generationConfig", "responseJsonSchema", NULL };
static const char *const tools[] = { "tools", NULL }, *const choice[] = { "tool_choice", NULL };
static const char *const gemini_choice[] = { "toolConfig", "functionCallingConfig", NULL };
static const char *const converse_tools[] = { "toolConfig", NULL };

static bool
is_set(const struct setter *s, const char *const path[])
{
	return json_type(setter_at(s, path)) > JSON_NULL;
}

/* Has the user chosen a form already? */
static bool
has_format(const struct setter *s)
{
	static const char *const old[] = { "generationConfig", "responseSchema", NULL };

	return is_set(s, chat_format) || is_set(s, responses_format) ||
	       is_set(s, messages_format) || is_set(s, gemini_mime) ||
	       is_set(s, gemini_schema) || is_set(s, old);
}

/* OpenAI refuses JSON mode where the messages do not speak of JSON. */
static bool
speaks_of_json(const struct setter *s)
{
	struct slice body = json_raw(s->q->body);

	for (size_t i = 0; i + 4 <= body.len; i++)
		if ((body.ptr[i] | 0x20) == 'j' && (body.ptr[i + 1] | 0x20) == 's' &&
		    (body.ptr[i + 2] | 0x20) == 'o' && (body.ptr[i + 3] | 0x20) == 'n')
			return true;
	return false;
}

static void
set_json(struct setter *s)
{
	const char *const *path = s->q->api == API_CHAT        ? chat_format
				  : s->q->api == API_RESPONSES ? responses_format
							       : NULL;

	if (!form_takes(s->q->api, s->d->chosen, FORMAT_JSON))
		setter_drop(s->d, "json");
	else if (s->q->api == API_GEMINI)
		setter_put(s, gemini_mime, SLICE("\"application/json\""));
	else if (path && speaks_of_json(s))
		setter_put(s, path, SLICE("{\"type\":\"json_object\"}"));
	else
		setter_drop(s->d, "json");
}

/* What the file says: a schema, or one with its name. */
struct form {
	struct json json;
	struct value root;
	struct slice name, schema, description, strict;
};

static bool
form_open(struct form *f, struct slice text, const char *member, struct arena *a)
{
	const char *why;
	size_t where;

	*f = (struct form){ 0 };
	if (!json_scan(&f->json, text, &why, &where))
		return false;
	f->root = json_root(&f->json);
	f->schema = json_raw(json_get(f->root, member));
	f->name = json_string(json_get(f->root, "name"), a);
	f->description = json_raw(json_get(f->root, "description"));
	f->strict = json_raw(json_get(f->root, "strict"));
	if (!f->schema.ptr) {
		f->schema = text;
		f->strict.ptr = f->description.ptr = f->name.ptr = NULL;
	}
	if (!f->name.len)
		f->name = SLICE("answer");
	return true;
}

static void
member(struct writer *w, const char *name, struct slice raw)
{
	if (!raw.ptr)
		return;
	write_name(w, name);
	write_raw(w, raw);
}

static void
write_schema(struct writer *w, const struct form *f)
{
	write_name(w, "name");
	write_string(w, f->name);
	member(w, "strict", f->strict);
	member(w, "schema", f->schema);
}

static struct slice
schema_of(const struct setter *s, const struct form *f)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };
	struct slice out;

	write_object(&w);
	write_name(&w, "type");
	write_z(&w, "json_schema");
	if (s->q->api == API_CHAT) {
		write_name(&w, "json_schema");
		write_object(&w);
		write_schema(&w, f);
		write_object_end(&w);
	} else if (s->q->api == API_RESPONSES) {
		write_schema(&w, f);
	} else {
		member(&w, "schema", f->schema);
	}
	write_object_end(&w);
	out = arena_copy(s->r->arena, buf_slice(&b));
	buf_free(&b);
	return out;
}

static void
set_schema(struct setter *s)
{
	const char *const *path = s->q->api == API_CHAT        ? chat_format
				  : s->q->api == API_RESPONSES ? responses_format
				  : s->q->api == API_MESSAGES  ? messages_format
							       : NULL;
	const struct model_facts *m = &s->d->chosen->facts;
	struct form f;

	if ((candidate_is_listed(m) && !m->schema) || (!path && s->q->api != API_GEMINI) ||
	    !form_takes(s->q->api, s->d->chosen, FORMAT_SCHEMA)) {
		setter_drop(s->d, "schema");
		return;
	}
	if (!form_open(&f, s->d->settings.schema, "schema", s->r->arena))
		return;
	if (path) {
		setter_put(s, path, schema_of(s, &f));
	} else {
		setter_put(s, gemini_mime, SLICE("\"application/json\""));
		setter_put(s, gemini_schema, arena_copy(s->r->arena, f.schema));
	}
	json_free(&f.json);
}

static void
write_tool(struct writer *w, const struct form *f, const char *schema)
{
	write_name(w, "name");
	write_string(w, f->name);
	member(w, "description", f->description);
	member(w, schema, f->schema);
}

/* The array of one tool, and who must be called, in the words of the interface. */
static void
write_tools(const struct setter *s, const struct form *f, struct writer *w)
{
	enum api api = s->q->api;

	write_array(w);
	write_object(w);
	if (api == API_CHAT || api == API_RESPONSES) {
		write_name(w, "type");
		write_z(w, "function");
	}
	if (api == API_CHAT) {
		write_name(w, "function");
		write_object(w);
		write_tool(w, f, "parameters");
		write_object_end(w);
	} else if (api == API_RESPONSES) {
		write_tool(w, f, "parameters");
	} else if (api == API_MESSAGES) {
		write_tool(w, f, "input_schema");
	} else {
		write_name(w, "functionDeclarations");
		write_array(w);
		write_object(w);
		write_tool(w, f, "parametersJsonSchema");
		write_object_end(w);
		write_array_end(w);
	}
	write_object_end(w);
	write_array_end(w);
}

static void
write_choice(const struct setter *s, const struct form *f, struct writer *w)
{
	write_object(w);
	if (s->q->api == API_GEMINI) {
		write_name(w, "mode");
		write_z(w, "ANY");
		write_name(w, "allowedFunctionNames");
		write_array(w);
		write_string(w, f->name);
		write_array_end(w);
	} else {
		write_name(w, "type");
		write_z(w, s->q->api == API_MESSAGES ? "tool" : "function");
		write_name(w, s->q->api == API_CHAT ? "function" : "name");
		if (s->q->api == API_CHAT) {
			write_object(w);
			write_name(w, "name");
		}
		write_string(w, f->name);
		if (s->q->api == API_CHAT)
			write_object_end(w);
	}
	write_object_end(w);
}

static void
write_converse(const struct form *f, struct writer *w)
{
	write_object(w);
	write_name(w, "tools");
	write_array(w);
	write_object(w);
	write_name(w, "toolSpec");
	write_object(w);
	write_name(w, "name");
	write_string(w, f->name);
	member(w, "description", f->description);
	write_name(w, "inputSchema");
	write_object(w);
	member(w, "json", f->schema);
	write_object_end(w);
	write_object_end(w);
	write_object_end(w);
	write_array_end(w);
	write_name(w, "toolChoice");
	write_object(w);
	write_name(w, "tool");
	write_object(w);
	write_name(w, "name");
	write_string(w, f->name);
	write_object_end(w);
	write_object_end(w);
	write_object_end(w);
}

static struct slice
keep(struct setter *s, struct buf *b)
{
	struct slice out = arena_copy(s->r->arena, buf_slice(b));

	buf_free(b);
	*b = (struct buf){ 0 };
	return out;
}

static void
set_tool(struct setter *s)
{
	const struct model_facts *m = &s->d->chosen->facts;
	enum api api = s->q->api;
	struct buf b = { 0 };
	struct writer w = { &b, false };
	struct form f;

	if ((candidate_is_listed(m) && !m->tools) || api == API_COMPLETION ||
	    api == API_EMBEDDING) {
		setter_drop(s->d, "tool");
		return;
	}
	if (!form_open(&f, s->d->settings.tool, "parameters", s->r->arena))
		return;
	if (api == API_CONVERSE) {
		write_converse(&f, &w);
		setter_put(s, converse_tools, keep(s, &b));
	} else {
		write_tools(s, &f, &w);
		setter_put(s, tools, keep(s, &b));
		w = (struct writer){ &b, false };
		write_choice(s, &f, &w);
		setter_put(s, api == API_GEMINI ? gemini_choice : choice, keep(s, &b));
	}
	json_free(&f.json);
}

void
output_format(struct setter *s)
{
	const struct settings *want = &s->d->settings;
	bool asked = want->json || want->schema.ptr || want->tool.ptr;

	if (!asked || has_format(s) || json_type(request_tools(s->q)) > JSON_NULL)
		return;
	if (want->json)
		set_json(s);
	else if (want->schema.ptr)
		set_schema(s);
	else if (want->tool.ptr)
		set_tool(s);
}
