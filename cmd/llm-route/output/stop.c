/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/output/parts.h"
#include "json/write.h"

static const char *const chat_stop[] = { "stop", NULL };
static const char *const messages_stop[] = { "stop_sequences", NULL };
static const char *const gemini_stop[] = { "generationConfig", "stopSequences", NULL };
static const char *const converse_stop[] = { "inferenceConfig", "stopSequences", NULL };

static const char *const *
stop_path(const struct setter *s)
{
	bool thinks = s->d->chosen->facts.says_reasoning && s->d->chosen->facts.reasoning;

	/* OpenAI's models that reason refuse it */
	if (thinks && (setter_provider(s, "openai") || setter_provider(s, "azure")))
		return NULL;
	switch (s->q->api) {
	case API_CHAT:
	case API_COMPLETION: return chat_stop;
	case API_MESSAGES: return messages_stop;
	case API_GEMINI: return gemini_stop;
	case API_CONVERSE: return converse_stop;
	default: return NULL;
	}
}

static void
last_text(void *context, const struct part *p)
{
	struct part *last = context;

	if (json_type(p->text) == JSON_STRING)
		*last = *p;
}

/* `<name>` at the end of a text gives `</name>`. */
static struct slice
closing_tag(struct slice text, struct arena *a)
{
	size_t i = text.len;

	if (!text.len || text.ptr[text.len - 1] != '>')
		return (struct slice){ NULL, 0 };
	while (i > 0 && text.ptr[i - 1] != '<')
		i--;
	if (i == 0 || text.len - i > 64 || text.ptr[i] == '/')
		return (struct slice){ NULL, 0 };
	for (size_t k = i; k + 1 < text.len; k++)
		if (!((text.ptr[k] | 0x20) >= 'a' && (text.ptr[k] | 0x20) <= 'z') &&
		    !(text.ptr[k] >= '0' && text.ptr[k] <= '9') && text.ptr[k] != '_' &&
		    text.ptr[k] != '-')
			return (struct slice){ NULL, 0 };
	return arena_printf(a, "</%.*s", SLICE_ARG(slice_drop(text, i)));
}

/* The answer that was begun for the model ends where its own opening is closed: an open fence
 * or a tag. Without such a beginning nothing can be known of what the answer holds. */
static struct slice
inferred(const struct setter *s)
{
	struct part last = { .kind = PART_OTHER };
	struct slice text, line;
	size_t i;

	request_parts(s->q, last_text, &last);
	if (last.kind != PART_ASSISTANT)
		return (struct slice){ NULL, 0 };
	text = slice_trim(json_string(last.text, s->r->arena));
	for (i = text.len; i > 0 && text.ptr[i - 1] != '\n'; i--)
		;
	line = slice_drop(text, i);
	if (slice_starts(line, SLICE("```")) && !memmem(line.ptr + 3, line.len - 3, "```", 3))
		return SLICE("\n```");
	return closing_tag(text, s->r->arena);
}

struct stops {
	struct slice *text;
	size_t count, most;
	bool full; /* there was one more */
};

/* How many the interface takes: OpenAI 4, Gemini 5, Bedrock 2,500; Anthropic names no limit. */
static size_t
most_of(enum api api)
{
	switch (api) {
	case API_CHAT:
	case API_COMPLETION: return 4;
	case API_GEMINI: return 5;
	case API_CONVERSE: return 2500;
	default: return SIZE_MAX;
	}
}

static void
add(struct stops *list, struct slice text)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_eq(list->text[i], text))
			return;
	if (!text.ptr)
		return;
	list->full |= list->count >= list->most;
	if (list->count < list->most)
		list->text[list->count++] = text;
}

/* Those of the request, one or a list, as they are. */
static bool
add_asked(struct stops *list, struct value v, struct arena *a)
{
	if (json_type(v) == JSON_STRING)
		list->text[list->count++] = json_string(v, a);
	for (struct value k = json_first(v); json_type(v) == JSON_ARRAY && json_type(k);
	     k = json_next(k)) {
		if (json_type(k) != JSON_STRING)
			return false;
		list->text[list->count++] = json_string(k, a);
	}
	return json_type(v) <= JSON_NULL || json_type(v) == JSON_STRING ||
	       json_type(v) == JSON_ARRAY;
}

static void
put_all(struct setter *s, const char *const *path, const struct stops *list)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };

	write_array(&w);
	for (size_t i = 0; i < list->count; i++)
		write_string(&w, list->text[i]);
	write_array_end(&w);
	setter_put(s, path, arena_copy(s->r->arena, buf_slice(&b)));
	buf_free(&b);
}

/* Anthropic answers 400 to a sequence of blanks alone, in whatever form it is asked. */
static bool
refuses_blanks(const struct setter *s)
{
	return s->q->api == API_MESSAGES || setter_provider(s, "anthropic");
}

void
output_stop(struct setter *s)
{
	const struct settings *want = &s->d->settings;
	const char *const *path = stop_path(s);
	struct stops list = { .most = most_of(s->q->api) };
	struct value asked;
	size_t own;

	if (!want->stop_count && !want->stop_infer)
		return;
	if (!path) {
		setter_drop(s->d, "stop");
		return;
	}
	asked = setter_at(s, path);
	list.text = arena_alloc(
	    s->r->arena, (json_length(asked) + want->stop_count + 2) * sizeof(*list.text));
	if (!add_asked(&list, asked, s->r->arena))
		return;
	own = list.count;
	for (size_t i = 0; i < want->stop_count; i++) {
		if (!slice_trim(want->stop[i]).len && refuses_blanks(s))
			setter_drop(s->d, "stop");
		else
			add(&list, want->stop[i]);
	}
	if (want->stop_infer)
		add(&list, inferred(s));
	if (list.full)
		setter_drop(s->d, "stop");
	if (list.count > own)
		put_all(s, path, &list);
}
