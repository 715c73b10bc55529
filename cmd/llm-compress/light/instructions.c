/* SPDX-License-Identifier: MIT */
/* Instructions that stand twice in the system text: the later one goes. */
#include <strings.h>

#include "base/hash.h"
#include "cmd/llm-compress/light/light.h"
#include "cmd/llm-compress/light/rewrite.h"
#include "cmd/llm-compress/light/spans.h"
#include "cmd/llm-compress/prompts/example.h"
#include "rank/units.h"
#include "text/unicode.h"

#define LEAST_WORDS 4
#define SHOWN 80 /* bytes of an instruction in the annotation */

/* "Input: …": a row of an example, not an instruction. */
static bool
is_labelled(struct slice line)
{
	size_t colon = slice_find(line, ':');

	return colon < line.len && colon <= 24 && unicode_words(slice_take(line, colon)) <= 2 &&
	       line.len > colon + 1;
}

/* Words that tell a model what to do: at the begin of a sentence, or anywhere in it. */
static const char *const at_begin[] = { "always", "never", "do", "don't", "be", "use", "answer",
	"respond", "reply", "write", "keep", "return", "output", "provide", "avoid", "ensure",
	"make", "include", "please", "only", "remember", "explain", "give", "format", "follow",
	"list", "think", "stay", "speak", "treat", "refuse", "ask", "limit", "assume", "check",
	"verify", "quote", "cite", "call", "summarize", "translate", "act", NULL };
static const char *const anywhere[] = { "you must", "you should", "you shall", "you may not",
	"you can not", "you cannot", "you are to", "must be", "must not", "should be",
	"should not", NULL };

static bool
one_of(struct slice word, const char *const list[])
{
	for (size_t i = 0; list[i]; i++)
		if (word.len == strlen(list[i]) &&
		    strncasecmp(word.ptr, list[i], word.len) == 0)
			return true;
	return false;
}

static bool
commands(struct slice s)
{
	struct slice rest = s, word;

	if (unicode_word(&rest, &word) && one_of(word, at_begin))
		return true;
	for (size_t i = 0; anywhere[i]; i++)
		for (size_t k = 0; k + strlen(anywhere[i]) <= s.len; k++)
			if (strncasecmp(s.ptr + k, anywhere[i], strlen(anywhere[i])) == 0)
				return true;
	return false;
}

/* item: all of a list item, which may have no full stop. */
static bool
is_instruction(struct slice s, struct slice line, bool item)
{
	return s.len && (item || strchr(".!", s.ptr[s.len - 1])) &&
	       unicode_words(s) >= LEAST_WORDS && !is_labelled(slice_trim(line)) && commands(s);
}

/* What two instructions must have in common. Near: their words in order, without case; "do" and
 * "do not" differ by a word. */
static struct slice
key_of(struct slice s, struct arena *a)
{
	struct buf b = { 0 };
	struct slice word, rest, key;

	if (!settings.near_exact)
		return s;
	rest = unicode_fold(s, a);
	while (unicode_word(&rest, &word)) {
		buf_add(&b, word);
		buf_add_byte(&b, ' ');
	}
	key = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return key;
}

/* The marker of a list item, which is no part of the sentence. */
static size_t
marker_length(struct slice s)
{
	size_t i = 0, n;

	while (i < s.len && s.ptr[i] == ' ')
		i++;
	n = i;
	while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9')
		n++;
	if (n > i && n + 1 < s.len && (s.ptr[n] == '.' || s.ptr[n] == ')') &&
	    s.ptr[n + 1] == ' ')
		return n + 2;
	if (i + 1 < s.len && strchr("-*+", s.ptr[i]) && s.ptr[i + 1] == ' ')
		return i + 2;
	return i;
}

struct dedup {
	struct work *work;
	struct hash_map seen;
	struct rewrite r;
	struct slice text;
	const char *from, *to; /* where examples stand: they repeat what they show */
	struct slice *gone;    /* of this text */
	size_t count, room;
};

static void
note(struct dedup *d, struct slice s)
{
	d->gone = arena_more(d->work->arena, d->gone, d->count, &d->room, sizeof(*d->gone));
	d->gone[d->count++] = s;
}

/* Takes out a sentence with the blank behind it, or the whole line where nothing else is in it.
 */
static void
take_out(struct dedup *d, const struct span *span, struct slice s)
{
	const char *from = s.ptr, *to = s.ptr + s.len, *end = d->text.ptr + d->text.len;
	const char *line_end = span->line.ptr + span->line.len;
	bool begins = from == span->line.ptr + marker_length(span->line);

	note(d, s);
	if (begins && to == line_end) {
		from = span->line.ptr;
		if (to < end && *to == '\r')
			to++;
		if (to < end)
			to++;
	} else if (to < line_end && *to == ' ') {
		to++;
	} else if (to == line_end) {
		while (from > span->line.ptr && from[-1] == ' ')
			from--;
	}
	rewrite_put(&d->r, d->text, from, (size_t)(to - from), SLICE(""));
}

static void
see_span(struct dedup *d, const struct span *span)
{
	struct slice s = span->text, item;
	bool first;

	/* a sentence that holds a literal is in two spans: whole lines only are sure */
	if (s.len != span->line.len || (s.ptr >= d->from && s.ptr < d->to))
		return;
	s = slice_drop(s, marker_length(s));
	item = slice_trim(span->text).ptr < s.ptr ? slice_trim(s) : SLICE("");
	while (s.len) {
		size_t n = sentence_length(s);
		struct slice one = slice_trim(slice_take(s, n));

		if (!n)
			break;
		if (is_instruction(one, span->line, slice_eq(one, item))) {
			hash_map_add(&d->seen, key_of(one, d->work->arena), &first);
			if (!first)
				take_out(d, span, one);
		}
		s = slice_drop(s, n);
		while (s.len && s.ptr[0] == ' ')
			s = slice_drop(s, 1);
	}
}

static void
find_examples(struct dedup *d)
{
	struct examples e = { 0 };

	d->from = d->to = NULL;
	examples_of_text(&e, d->text, d->work->arena);
	if (e.count) {
		d->from = e.list[0].whole.ptr;
		d->to = e.list[e.count - 1].whole.ptr + e.list[e.count - 1].whole.len;
	}
}

void
instructions_run(struct work *w)
{
	struct dedup d = { .work = w };

	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];
		struct spans spans;

		if (!rewrite_may(w, p) || p->part.kind != PART_SYSTEM)
			continue;
		d.text = p->now;
		d.r = (struct rewrite){ .any = false };
		d.count = 0;
		find_examples(&d);
		spans = spans_read(p->now, w->arena);
		for (size_t k = 0; k < spans.count; k++)
			see_span(&d, &spans.list[k]);
		if (work_offer(w, p, rewrite_end(&d.r, d.text, w)))
			for (size_t k = 0; k < d.count; k++)
				work_rule(w, slice_head(d.gone[k], SHOWN), 1,
				    work_count(w, d.gone[k]));
	}
	hash_map_free(&d.seen);
}
