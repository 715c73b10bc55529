/* SPDX-License-Identifier: MIT */
#include "body.h"

#include "again.h"
#include "blank.h"
#include "look.h"
#include "base/buf.h"
#include "json/canon.h"
#include "task/instructions.h"
#include "text/unicode.h"
#include "tokens/tokens.h"

/* Shorter texts repeat by chance, and are worth little. */
#define TEXT_LEAST 64

/* What llm-cache leaves out of its key: members that change no answer, marks for the provider's
 * cache, and the answer that stands in a bare body. */
static bool
is_ignored(void *context, unsigned depth, struct slice name)
{
	(void)context;
	if (slice_eqz(name, "cache_control") || slice_eqz(name, "prompt_cache_breakpoint"))
		return true;
	return depth == 1 && (request_member_ignored(name) || slice_eqz(name, "response") ||
				 slice_eqz(name, "result") || slice_eqz(name, "error"));
}

struct reading {
	struct body *body;
	struct body_memory *memory;
	struct arena *arena;
	const struct tokenizer *tokenizer;
	struct blanks *blanks;
	struct part_text {
		struct slice text;
		enum part_kind kind;
		size_t turn;
	} * list;
	size_t count, room;
	bool beyond_prefix;
};

static void
keep_part(struct reading *r, struct slice text, const struct part *part)
{
	if (r->count == r->room) {
		size_t room = r->room ? 2 * r->room : 32;
		struct part_text *grown = arena_alloc(r->arena, room * sizeof(*grown));

		if (r->count)
			memcpy(grown, r->list, r->count * sizeof(*grown));
		r->list = grown;
		r->room = room;
	}
	r->list[r->count++] = (struct part_text){ text, part->kind, part->turn };
}

static void
see_repeat(struct reading *r, struct slice text, bool prefix)
{
	bool fresh;

	if (text.len < TEXT_LEAST ||
	    imprint_map_add(&r->memory->texts, imprint_of(text), &fresh) == SIZE_MAX || fresh)
		return;
	r->body->repeated_bytes += text.len;
	if (prefix)
		r->body->prefix_repeated += text.len;
}

/* Most calls of a log have one system text. */
static void
see_system(struct reading *r, struct slice text)
{
	struct imprint print = imprint_of(text);
	struct hash_map seen = { 0 };

	if (print.a != r->memory->system.a || print.b != r->memory->system.b) {
		r->memory->system = print;
		r->memory->system_again = sentences_again(&seen, r->tokenizer, text);
		hash_map_free(&seen);
	}
	r->body->again_tokens += r->memory->system_again;
}

static void
see_part(void *context, const struct part *part)
{
	struct reading *r = context;
	struct slice text = json_type(part->text) == JSON_STRING
				? json_string(part->text, r->arena)
				: json_raw(part->text);

	if (!text.ptr)
		return;
	r->body->bytes += text.len;
	if (part->kind == PART_USER)
		r->body->turns += !r->count || r->list[r->count - 1].kind != PART_USER ||
				  r->list[r->count - 1].turn != part->turn;
	if (part->kind != PART_SYSTEM)
		r->beyond_prefix = true;
	keep_part(r, text, part);
	see_repeat(r, text, part->kind == PART_SYSTEM && !r->beyond_prefix);
	if (part->kind == PART_SYSTEM)
		see_system(r, text);
	if (part->kind <= PART_RESULT)
		r->body->blank_tokens += blanks_in(r->blanks, r->tokenizer, text);
}

/* Tools, then the system texts that stand before all else, as a provider's cache takes them. */
static void
read_prefix(struct reading *r, struct value tools)
{
	struct buf raw = { 0 };

	if (json_type(tools)) {
		buf_add(&raw, json_raw(tools));
		buf_add_byte(&raw, '\n');
	}
	for (size_t i = 0; i < r->count && r->list[i].kind == PART_SYSTEM; i++) {
		buf_add(&raw, r->list[i].text);
		buf_add_byte(&raw, '\n');
	}
	if (raw.len) {
		r->body->prefix = arena_copy(r->arena, buf_slice(&raw));
		r->body->prefix_text = slice_take(r->body->prefix, raw.len - 1);
	}
	buf_free(&raw);
}

static void
read_history(struct reading *r)
{
	size_t turns = 0, from = 0;
	bool inside = false;

	if (r->body->turns <= AUDIT_TURNS)
		return;
	for (size_t i = r->count; i-- > 0;) {
		bool user = r->list[i].kind == PART_USER;

		if (inside && (!user || r->list[i].turn != r->list[i + 1].turn))
			inside = false;
		if (user && !inside) {
			if (turns == AUDIT_TURNS)
				break;
			turns++;
			inside = true;
		}
		if (user)
			from = i;
	}
	for (size_t i = 0; i < from; i++)
		if (r->list[i].kind != PART_SYSTEM)
			r->body->old_bytes += r->list[i].text.len;
}

/* Case, blanks and punctuation folded; a text with nothing else stays as it is. */
static void
fold_text(struct slice text, struct buf *out, struct arena *a)
{
	struct slice rest = unicode_fold(text, a), word;
	size_t before = out->len;

	while (unicode_word(&rest, &word)) {
		buf_add(out, word);
		buf_add_byte(out, ' ');
	}
	if (out->len == before)
		buf_add(out, text);
	buf_add_byte(out, '\n');
}

static bool
skip_texts(void *context, unsigned depth, struct slice name)
{
	static const char *const texts[] = { "messages", "input", "contents", "prompt" };

	for (size_t i = 0; depth == 1 && i < sizeof(texts) / sizeof(*texts); i++)
		if (slice_eqz(name, texts[i]))
			return true;
	return is_ignored(context, depth, name);
}

/* One question and its settings: all but the user's text byte for byte. Chats of several turns
 * are too alike to be compared so. */
static void
read_folded(struct reading *r, const struct request *q)
{
	struct buf out = { 0 };

	if (r->body->turns != 1 || q->api == API_EMBEDDING)
		return;
	for (size_t i = 0; i < r->count; i++)
		if (r->list[i].kind != PART_USER && r->list[i].kind != PART_SYSTEM)
			return;
	canon_write(q->body, skip_texts, NULL, r->arena, &out);
	for (size_t i = 0; i < r->count; i++)
		if (r->list[i].kind == PART_USER) {
			fold_text(r->list[i].text, &out, r->arena);
		} else {
			buf_add(&out, r->list[i].text);
			buf_add_byte(&out, '\n');
		}
	r->body->folded = arena_copy(r->arena, buf_slice(&out));
	buf_free(&out);
}

static void
read_canonical(struct reading *r, const struct request *q)
{
	struct value url =
	    q->shape == SHAPE_ENVELOPE ? json_get(q->root, "url") : (struct value){ 0 };
	struct buf out = { 0 };

	buf_printf(&out, "%d %d ", (int)q->shape, (int)q->api);
	buf_add(&out, json_raw(url));
	buf_add_byte(&out, ' ');
	buf_add(&out, json_raw(q->model));
	buf_add_byte(&out, ' ');
	canon_write(q->body, is_ignored, NULL, r->arena, &out);
	r->body->canonical = arena_copy(r->arena, buf_slice(&out));
	buf_free(&out);
}

static const char *
effort_of(const struct request *q)
{
	struct value v = request_parameter(q, "reasoning_effort");

	if (!json_type(v))
		v = json_get(json_get(q->body, "reasoning"), "effort");
	return json_is(v, "high")     ? "high"
	       : json_is(v, "xhigh")  ? "xhigh"
	       : json_is(v, "medium") ? "medium"
				      : NULL;
}

/* As llm-route would, on what was billed. */
static enum level
level_of(const struct row *row, const struct needs *needs, struct arena *a)
{
	struct instructions texts;

	if (json_type(json_get(json_get(row->request.llm, "route"), "complexity")) ||
	    json_type(row_attribute(row, "complexity")))
		return LEVEL_NONE;
	instructions_read(&texts, &row->request, a);
	return instructions_judge(&texts, needs, row->usage.input, a).level;
}

void
body_read(struct body *b, struct body_memory *m, const struct row *row, struct arena *a)
{
	const struct request *q = &row->request;
	struct needs needs = request_needs(q);
	struct blanks blanks = { .arena = a };
	struct reading r = { .body = b, .memory = m, .arena = a, .blanks = &blanks };
	struct value tools = request_tools(q);
	uint64_t n;
	double d;

	*b = (struct body){ .waits = needs.stream || needs.tools || needs.previous };
	r.tokenizer = tokenizer_for(row->model);
	if (json_type(tools)) {
		b->bytes += json_raw(tools).len;
		see_repeat(&r, json_raw(tools), true);
	}
	request_parts(q, see_part, &r);
	m->bytes += b->bytes;
	m->repeated += b->repeated_bytes;
	m->prefix_repeated += b->prefix_repeated;
	read_prefix(&r, tools);
	read_history(&r);
	read_canonical(&r, q);
	read_folded(&r, q);
	b->several = json_whole(request_parameter(q, "n"), &n) && n > 1;
	b->warm = json_double(request_parameter(q, "temperature"), &d) && d > 0;
	b->capped = json_type(request_cap(q, NULL)) == JSON_NUMBER;
	b->effort = effort_of(q);
	b->level = level_of(row, &needs, a);
}
