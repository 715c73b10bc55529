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

static bool
one_of(struct slice s, const char *const words[])
{
	for (size_t i = 0; words[i]; i++)
		if (same_word(s, words[i]))
			return true;
	return false;
}

/* Without what numbers it and makes it bold. */
static struct slice
bare_label(struct slice s)
{
	while (s.len && strchr("0123456789 #*:.", s.ptr[s.len - 1]))
		s.len--;
	return s;
}

/* Without the signs of a heading, a list or bold text before it. */
static struct slice
behind_signs(struct slice line)
{
	line = slice_trim(line);
	while (line.len && strchr("*#- ", line.ptr[0]))
		line = slice_drop(line, 1);
	return line;
}

/* The label that begins a line ("Input:", "**Input:**", "Q1:") or is a heading ("### Input");
 * *rest: what stands behind it. */
static bool
labelled(struct slice line, const char *const words[], struct slice *rest)
{
	bool heading = slice_starts(slice_trim(line), SLICE("#"));
	size_t colon;

	line = behind_signs(line);
	colon = slice_find(line, ':');
	if ((colon == line.len && !heading) || colon > 24 ||
	    !one_of(bare_label(slice_take(line, colon)), words))
		return false;
	*rest = slice_trim(slice_drop(line, colon + 1));
	return true;
}

/* "Example 2:", "### Example" */
static bool
is_head(struct slice line)
{
	static const char *const words[] = { "example", "sample", "shot", NULL };

	return one_of(bare_label(behind_signs(line)), words);
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

/* What stands in an element whose name says so, such as <label>; "" where there is none. */
static struct slice
answer_element(struct slice block)
{
	for (size_t i = 0; i < block.len; i++) {
		struct slice name, text = SLICE("");

		if (block.ptr[i] != '<')
			continue;
		name = slice_drop(block, i + 1);
		text = slice_drop(name, slice_find(name, '>') + 1);
		if (one_of(slice_take(name, slice_find(name, '>')), answering))
			return slice_trim(
			    slice_take(text, slice_search(text, SLICE("</"))));
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
		if (!close)
			return;
		if (!strchr("> \n", from.ptr[8])) { /* <examples> stands around them */
			rest = slice_drop(from, 8);
			continue;
		}
		n = (size_t)(close - from.ptr) + 10;
		while (n < from.len && (from.ptr[n] == '\n' || from.ptr[n] == '\r'))
			n++;
		x = add(e, a);
		x->whole = slice_take(from, n);
		x->text = slice_trim(x->whole);
		x->answer = answer_in(slice_of(from.ptr, (size_t)(close - from.ptr)));
		if (!x->answer.len)
			x->answer =
			    answer_element(slice_of(from.ptr, (size_t)(close - from.ptr)));
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

/* Blocks of a text while its lines are read. */
struct reading {
	struct examples *e;
	struct arena *arena;
	const char *begin; /* of the block that is open; NULL: none is */
	const char *head;  /* the line above its first label; NULL: there is none */
	bool answered;
};

static void
end_block(struct reading *r, const char *end)
{
	if (r->begin && r->answered)
		add_block(r->e, slice_of(r->begin, (size_t)(end - r->begin)), r->arena);
	r->begin = NULL;
	r->answered = false;
}

/* What stands behind the line begins at next. */
static void
read_line(struct reading *r, struct slice line, const char *next)
{
	struct slice rest;
	bool blank = slice_trim(line).len == 0;

	if (is_head(line)) {
		end_block(r, line.ptr);
		r->head = line.ptr;
	} else if (labelled(line, asking, &rest)) {
		/* a question may have two lines of this kind: it began before */
		if (!r->begin || r->answered) {
			end_block(r, line.ptr);
			r->begin = r->head ? r->head : line.ptr;
		}
		r->head = NULL;
	} else if (r->answered && blank) {
		end_block(r, next);
	} else if (r->begin && labelled(line, answering, &rest)) {
		r->answered = rest.len || next > line.ptr + line.len;
	} else if (!blank) {
		r->head = NULL;
	}
}

/* Blocks from one asking line, or the head above it, to the next; the last ends at the first
 * empty line behind its answer. */
static void
blocks(struct examples *e, struct slice text, struct arena *a)
{
	struct reading r = { .e = e, .arena = a };

	for (struct slice rest = text; rest.len;) {
		size_t n = slice_find(rest, '\n');
		struct slice line = slice_take(rest, n);

		rest = slice_drop(rest, n + 1);
		read_line(&r, line, rest.len ? rest.ptr : text.ptr + text.len);
	}
	end_block(&r, text.ptr + text.len);
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
