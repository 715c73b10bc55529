/* SPDX-License-Identifier: MIT */
#include "key.h"

#include <ctype.h>

#include "base/buf.h"
#include "json/canon.h"
#include "json/write.h"

static bool
is_ignored(void *context, unsigned depth, struct slice name)
{
	const bool *bare = context;

	/* deeper ones are content: a tool may well have a parameter called user */
	if (depth != 1)
		return false;
	/* a bare body is the record, so its answer stands in it too */
	return request_member_ignored(name) ||
	       (*bare && (slice_eqz(name, "response") || slice_eqz(name, "result") ||
			     slice_eqz(name, "error")));
}

const char *
key_answer_member(enum shape shape)
{
	switch (shape) {
	case SHAPE_ANTHROPIC: return "result";
	case SHAPE_BEDROCK: return "modelOutput";
	default: return "response";
	}
}

/* Where no address tells, the interface does. */
static const char *
usual_endpoint(enum api api)
{
	switch (api) {
	case API_CHAT: return "/chat/completions";
	case API_RESPONSES: return "/responses";
	case API_COMPLETION: return "/completions";
	case API_EMBEDDING: return "/embeddings";
	case API_MESSAGES: return "/messages";
	case API_GEMINI: return "generateContent";
	case API_CONVERSE: return "converse";
	default: return "";
	}
}

static struct slice
endpoint_of(const struct request *r, struct arena *a)
{
	struct value url = { 0 };
	struct slice path;

	if (r->shape == SHAPE_ENVELOPE)
		url = json_get(r->root, "url");
	path = json_string(url, a);
	if (path.len == 0)
		return slice_z(usual_endpoint(r->api));
	return slice_starts(path, SLICE("/v1/")) ? slice_drop(path, 3) : path;
}

static void
canon_or_null(struct value v, struct arena *a, struct buf *out)
{
	if (json_type(v))
		canon_write(v, NULL, NULL, a, out);
	else
		buf_add(out, SLICE("null"));
}

static struct canon_plans *
plans_for(const struct request *r)
{
	static struct canon_plans inside, bare;

	return r->shape == SHAPE_BARE ? &bare : &inside;
}

static void
request_write(const struct request *r, struct value scope, struct arena *a, struct buf *out)
{
	struct value model = json_get(r->body, "model"), none = { 0 };
	bool bare = r->shape == SHAPE_BARE;

	buf_add(out, SLICE("[" KEY_VERSION_TEXT ","));
	json_quote(out, r->shape == SHAPE_GEMINI ? SLICE("native response")
						 : slice_z(key_answer_member(r->shape)));
	buf_add_byte(out, ',');
	json_quote(out, endpoint_of(r, a));
	buf_add_byte(out, ',');
	canon_or_null(scope, a, out);
	buf_add_byte(out, ',');
	/* one inside the body is in the key with the body */
	canon_or_null(json_type(model) ? none : r->model, a, out);
	buf_add_byte(out, ',');
	canon_write_planned(plans_for(r), r->body, is_ignored, &bare, a, out);
	buf_add_byte(out, ']');
}

bool
key_make(const struct request *r, struct value scope, struct arena *a, struct key *k)
{
	static struct buf text;
	static struct json other;
	struct slice stripped, canonical;
	struct request plain = *r;
	const char *why;
	size_t where;

	if (json_type(r->body) != JSON_OBJECT)
		return false;
	/* one that was planned has no name twice and no marks */
	if (!canon_planned(plans_for(r), r->body)) {
		if (!json_check_unique(r->body))
			return false;
		stripped = strip_marks(r, a);
		if (stripped.ptr && (!json_scan(&other, stripped, &why, &where) ||
					!request_read(&other, &plain)))
			return false;
	}
	buf_clear(&text);
	canon_or_null(scope, a, &text);
	canonical = buf_slice(&text);
	k->scope = json_type(scope) ? arena_copy(a, canonical) : SLICE("");
	buf_clear(&text);
	request_write(&plain, scope, a, &text);
	k->request = arena_copy(a, buf_slice(&text));
	digest_of(k->request, k->digest);
	return true;
}

struct value
key_vetted(void)
{
	static struct json json;
	const char *why;
	size_t where;

	if (!json.text.ptr)
		json_scan(&json, SLICE("{\"scope\":\"\"}"), &why, &where);
	return json_get(json_root(&json), "scope");
}

void
key_write(const unsigned char digest[DIGEST_SIZE], char out[KEY_TEXT])
{
	out[0] = '0' + KEY_VERSION;
	out[1] = ':';
	digest_hex(digest, DIGEST_SIZE, out + 2);
}

enum key_form
key_read(struct slice text, unsigned char digest[DIGEST_SIZE])
{
	size_t colon = slice_find(text, ':');

	if (colon == 0 || colon == text.len)
		return KEY_BAD;
	for (size_t i = 0; i < colon; i++)
		if (!isdigit((unsigned char)text.ptr[i]))
			return KEY_BAD;
	if (colon != 1 || text.ptr[0] != '0' + KEY_VERSION)
		return KEY_OTHER_VERSION;
	return digest_unhex(slice_drop(text, 2), digest, DIGEST_SIZE) ? KEY_GOOD : KEY_BAD;
}
