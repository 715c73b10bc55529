/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/prompts/example.h"

static const char *const asking[] = { "input", "q", "question", "text", "sentence", "review",
	"user", "human", "query", "premise", "email", "message", "tweet", "passage", "problem",
	NULL };
static const char *const answering[] = { "output", "a", "answer", "label", "sentiment",
	"category", "class", "assistant", "ai", "response", "result", "intent", "topic",
	"solution", "completion", NULL };

static struct example *
add(struct examples *e, struct arena *a)
{
	e->list = arena_more(a, e->list, e->count, &e->room, sizeof(*e->list));
	e->list[e->count] = (struct example){ .keep = true };
	return &e->list[e->count++];
}

static bool
same_word(struct slice s, const char *word)
{
	size_t i = 0;

	for (; i < s.len && word[i]; i++)
		if ((s.ptr[i] | 0x20) != word[i])
			return false;
	return i == s.len && !word[i];
}

/* The label that begins a line ("Input:", "**Input:**", "Q1:"); *rest: what stands behind it.
 */
static bool
labelled(struct slice line, const char *const words[], struct slice *rest)
{
	struct slice label;
	size_t colon;

	line = slice_trim(line);
	while (line.len && strchr("*#- ", line.ptr[0]))
		line = slice_drop(line, 1);
	colon = slice_find(line, ':');
	if (colon == line.len || colon > 24)
		return false;
	label = slice_trim(slice_take(line, colon));
	while (label.len && strchr("0123456789 #", label.ptr[label.len - 1]))
		label.len--;
	for (size_t i = 0; words[i]; i++)
		if (same_word(label, words[i])) {
			*rest = slice_trim(slice_drop(line, colon + 1));
			return true;
		}
	return false;
}

static struct slice
answer_in(struct slice block)
{
	struct slice rest = block, answer;

	while (rest.len) {
		size_t n = slice_find(rest, '\n');

		if (labelled(slice_take(rest, n), answering, &answer)) {
			struct slice all = slice_trim(
			    slice_of(answer.ptr, (size_t)(block.ptr + block.len - answer.ptr)));

			return all;
		}
		rest = slice_drop(rest, n + 1);
	}
	return SLICE("");
}

/* <example> … </example>, with the line ends behind it. */
static void
tagged(struct examples *e, struct slice text, struct arena *a)
{
	struct slice rest = text;
	const char *open, *close;

	while ((open = memmem(rest.ptr, rest.len, "<example", 8))) {
		struct slice from = slice_drop(rest, (size_t)(open - rest.ptr));
		struct example *x;
		size_t n;

		close = memmem(from.ptr, from.len, "</example>", 10);
		if (!close || from.len < 9 || !strchr("> \n", from.ptr[8]))
			return;
		n = (size_t)(close - from.ptr) + 10;
		while (n < from.len && (from.ptr[n] == '\n' || from.ptr[n] == '\r'))
			n++;
		x = add(e, a);
		x->whole = slice_take(from, n);
		x->text = slice_trim(x->whole);
		x->answer = answer_in(slice_of(from.ptr, (size_t)(close - from.ptr)));
		rest = slice_drop(from, n);
	}
}

static void
add_block(struct examples *e, struct slice block, struct arena *a)
{
	struct slice answer = answer_in(slice_trim(block));
	struct example *x;

	if (!answer.len)
		return;
	x = add(e, a);
	x->whole = block;
	x->text = slice_trim(block);
	x->answer = answer;
}

/* Blocks from one asking line to the next; the last ends at the first empty line behind its
 * answer. */
static void
blocks(struct examples *e, struct slice text, struct arena *a)
{
	struct slice rest = text, unused;
	const char *begin = NULL;
	bool answered = false;

	while (rest.len) {
		size_t n = slice_find(rest, '\n');
		struct slice line = slice_take(rest, n);

		if (labelled(line, asking, &unused) || (answered && !slice_trim(line).len)) {
			bool opens = slice_trim(line).len > 0;
			const char *end = opens ? line.ptr : line.ptr + (n < rest.len);

			if (begin && answered)
				add_block(e, slice_of(begin, (size_t)(end - begin)), a);
			if (begin && !answered && opens) {
				/* two lines of a question: it began before */
			} else {
				begin = opens ? line.ptr : NULL;
			}
			answered = false;
		} else if (begin && labelled(line, answering, &unused)) {
			answered = unused.len || n < rest.len;
		}
		rest = slice_drop(rest, n + 1);
	}
	if (begin && answered)
		add_block(e, slice_of(begin, (size_t)(text.ptr + text.len - begin)), a);
}

void
examples_of_text(struct examples *e, struct slice text, struct arena *a)
{
	size_t before = e->count;

	tagged(e, text, a);
	if (e->count - before < 2) {
		e->count = before;
		blocks(e, text, a);
	}
}

static bool
is_plain(const struct work *w, const struct message *m, enum role role)
{
	return m->role == role && !m->gone && !m->pinned && m->count == 1 &&
	       w->pieces[m->first].now.len && w->pieces[m->first].part.kind <= PART_ASSISTANT;
}

void
examples_of_turns(struct examples *e, struct work *w)
{
	for (size_t i = 0; w->last != NOWHERE && i + 1 < w->last; i++) {
		const struct message *m = &w->messages[i];
		struct example *x;

		if (!is_plain(w, m, ROLE_USER) || !is_plain(w, m + 1, ROLE_ASSISTANT) ||
		    !(m[2].starts))
			continue;
		x = add(e, w->arena);
		x->first = i;
		x->last = i + 2;
		x->answer = w->pieces[m[1].first].now;
		x->text = arena_printf(w->arena, "%.*s\n%.*s",
		    SLICE_ARG(w->pieces[m->first].now), SLICE_ARG(x->answer));
		i++;
	}
}
