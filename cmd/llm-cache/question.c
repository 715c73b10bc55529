/* SPDX-License-Identifier: MIT */
#include "question.h"

#include "json/edit.h"

struct look {
	struct part last; /* of the user */
	size_t users;     /* messages of the user */
	size_t turn;
	bool other_last; /* something else comes behind it */
	bool earlier;    /* an answer, a tool's call or result */
};

static void
see(void *context, const struct part *part)
{
	struct look *look = context;

	switch (part->kind) {
	case PART_SYSTEM: break;
	case PART_USER:
		if (look->users == 0 || part->turn != look->turn)
			look->users++;
		look->turn = part->turn;
		look->last = *part;
		look->other_last = false;
		return;
	case PART_IMAGE:
	case PART_AUDIO:
	case PART_FILE:
	case PART_OTHER: return; /* in the rest, whole */
	default: look->earlier = true; break;
	}
	look->other_last = true;
}

/* The record with an empty text in the place of the question. */
static bool
rest_digest(const struct request *q, struct value text, struct value scope, struct arena *a,
    unsigned char digest[DIGEST_SIZE])
{
	static struct edits edits;
	static struct json other;
	static struct buf without;
	struct request plain;
	struct key k;
	const char *why;
	size_t where;

	edits_clear(&edits);
	buf_clear(&without);
	edits_replace(&edits, text, SLICE("\"\""));
	edits_apply(&edits, q->json, &without);
	if (!json_scan(&other, buf_slice(&without), &why, &where) ||
	    !request_read(&other, &plain) || !key_make(&plain, scope, a, &k))
		return false;
	memcpy(digest, k.digest, DIGEST_SIZE);
	return true;
}

/* The text of the question and where it stands; the rest is not read. */
static const char *
text_read(const struct request *q, bool turns, struct arena *a, struct slice *text,
    struct value *where)
{
	struct look look = { .users = 0 };

	if (q->api == API_EMBEDDING || q->api == API_NONE)
		return "no question to a model";
	request_parts(q, see, &look);
	if (look.users == 0 || json_type(look.last.text) != JSON_STRING || look.other_last)
		return "the last turn is no text of the user";
	if (!turns && (look.users > 1 || look.earlier || request_needs(q).previous))
		return "earlier turns";
	*where = look.last.text;
	*text = json_string(look.last.text, a);
	if (slice_trim(*text).len == 0)
		return "no text";
	if (text->len > QUESTION_MOST)
		return "the text is too long";
	return NULL;
}

const char *
question_read(const struct request *q, struct value scope, bool turns, struct arena *a,
    struct question *out)
{
	struct value where;
	const char *why = text_read(q, turns, a, &out->text, &where);

	if (!why && !rest_digest(q, where, scope, a, out->rest))
		why = "the request cannot be compared";
	return why;
}

const char *
question_of_key(struct slice request, bool turns, struct arena *a, struct question *out)
{
	enum { VERSION, MEMBER, ENDPOINT, SCOPE, MODEL, BODY, PARTS };
	static struct json json;
	static struct edits edits;
	static struct buf without;
	struct value part[PARTS], k, where;
	struct request q = { .json = &json, .shape = SHAPE_BARE };
	const char *why;
	size_t at, n = 0;

	if (!json_scan(&json, request, &why, &at))
		return "its request is not known";
	for (k = json_first(json_root(&json)); json_type(k) && n < PARTS; k = json_next(k))
		part[n++] = k;
	if (n < PARTS || !slice_eqz(json_raw(part[VERSION]), KEY_VERSION_TEXT))
		return "its request is not known";
	q.root = q.body = part[BODY];
	q.api = api_with(q.body, part[ENDPOINT]);
	why = text_read(&q, turns, a, &out->text, &where);
	if (why)
		return why;
	/* the key's text without the question is the text of the rest's key */
	edits_clear(&edits);
	buf_clear(&without);
	edits_replace(&edits, where, SLICE("\"\""));
	edits_apply(&edits, &json, &without);
	digest_of(buf_slice(&without), out->rest);
	return NULL;
}
