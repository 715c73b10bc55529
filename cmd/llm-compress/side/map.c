/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/side/map.h"

#include "base/ascii.h"
#include "cmd/llm-compress/fold.h"
#include "text/lines.h"
#include "cmd/llm-compress/target.h"
#include "rank/units.h"

#define CHUNK 8000     /* tokens, where the window of the model is not known */
#define LONG_LINE 2000 /* bytes; in a longer one a part may end behind a sentence */
#define TASK_BYTES 4000

static const char task[] =
    "You read one part of a longer text. Write down everything in it that helps to answer the "
    "request below, with names, numbers and dates as they are written; write NONE if there is "
    "nothing. Do not answer the request itself.";

/* What is never cut: a sentence, a block of code, a value of JSON. */
struct atom {
	struct slice text;
	uint64_t tokens;
	bool ends; /* a part may end behind it; one may begin behind each */
};
struct atoms {
	struct atom *list;
	size_t count, room;
};

static void
add(struct atoms *a, struct slice text, bool ends, struct work *w)
{
	if (!text.len)
		return;
	a->list = arena_more(w->arena, a->list, a->count, &a->room, sizeof(*a->list));
	a->list[a->count++] = (struct atom){ text, work_count(w, text), ends };
}

/* A line of prose: its sentences. */
static void
add_line(struct atoms *a, struct slice line, struct work *w)
{
	bool ends = line.len > LONG_LINE;

	while (line.len) {
		size_t n = sentence_length(line);

		while (n < line.len && ascii_blank(line.ptr[n]))
			n++;
		if (!n)
			break;
		add(a, slice_take(line, n), ends || n == line.len, w);
		line = slice_drop(line, n);
	}
}

/* Lines one by one, runs of fenced lines as one. */
static void
add_lines(struct atoms *a, struct slice text, struct work *w)
{
	struct lines lines = lines_read(text, w->arena);

	for (size_t i = 0; i < lines.count; i++) {
		const struct line *l = &lines.list[i];
		size_t last = i;

		if (!(l->flags & LINE_FENCED)) {
			add_line(a, slice_of(l->text.ptr, l->text.len + l->end), w);
			continue;
		}
		while (last + 1 < lines.count && (lines.list[last + 1].flags & LINE_FENCED))
			last++;
		l = &lines.list[last];
		add(a,
		    slice_of(lines.list[i].text.ptr,
			(size_t)(l->text.ptr + l->text.len + l->end - lines.list[i].text.ptr)),
		    true, w);
		i = last;
	}
}

static bool
is_json(struct work *w, struct slice text)
{
	const char *why;
	size_t where;

	return text.len && (text.ptr[0] == '{' || text.ptr[0] == '[') &&
	       json_scan(&w->json, text, &why, &where);
}

/* Items of an array, without brackets and commas, are values of their own. */
static void
add_items(struct atoms *a, struct work *w)
{
	struct value root = json_root(&w->json);

	if (json_type(root) != JSON_ARRAY) {
		add(a, json_raw(root), true, w);
		return;
	}
	for (struct value v = json_first(root); json_type(v); v = json_next(v))
		add(a, json_raw(v), true, w);
}

static struct atoms
read_atoms(struct work *w, struct slice text)
{
	struct atoms a = { 0 };
	struct json_search search;
	struct slice found, rest = text;

	if (is_json(w, slice_trim(text))) {
		add_items(&a, w);
		return a;
	}
	if (fold_search(&search, text, w->arena))
		while (fold_find(&search, &found)) {
			if (!is_json(w, found))
				continue;
			add_lines(&a, slice_of(rest.ptr, (size_t)(found.ptr - rest.ptr)), w);
			add(&a, found, true, w);
			rest = slice_of(found.ptr + found.len,
			    (size_t)(text.ptr + text.len - found.ptr) - found.len);
		}
	add_lines(&a, rest, w);
	return a;
}

static struct piece *
longest(struct work *w)
{
	struct piece *best = NULL;

	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		if (p->now.ptr && p->part.kind <= PART_RESULT &&
		    (!best || work_piece_tokens(w, p) > work_piece_tokens(w, best)))
			best = p;
	}
	return best;
}

/* The last paragraph of a text is what asks, where nothing else does. */
static struct slice
last_paragraph(struct slice text)
{
	struct slice s = slice_trim(text);
	size_t i = s.len;

	while (i > 1 && !(s.ptr[i - 1] == '\n' && s.ptr[i - 2] == '\n'))
		i--;
	return i > 1 && s.len - i <= TASK_BYTES ? slice_drop(s, i) : SLICE("");
}

static uint64_t
chunk_tokens(const struct work *w)
{
	uint64_t window = target_window(w);

	if (side.chunk != SETTING_NONE)
		return side.chunk;
	return window ? window / 4 * 3 : CHUNK;
}

static size_t
last_that_fits(const struct atoms *a, size_t i, uint64_t chunk)
{
	uint64_t tokens = a->list[i].tokens;

	while (i + 1 < a->count && tokens + a->list[i + 1].tokens <= chunk)
		tokens += a->list[++i].tokens;
	return i;
}

/* The part that comes next: some of the atoms before `done`, and some from there on. Returns
 * the first atom behind it. */
static size_t
pack(const struct atoms *a, size_t done, uint64_t chunk, uint64_t overlap, struct slice *out)
{
	const struct atom *list = a->list;
	size_t first = done, last, end;

	for (uint64_t back = 0; first && back + list[first - 1].tokens <= overlap;)
		back += list[--first].tokens;
	last = last_that_fits(a, first, chunk);
	if (last < done) {
		first = done;
		last = last_that_fits(a, first, chunk);
	}
	for (end = last; end > done && !list[end].ends;)
		end--;
	if (!list[end].ends) /* all that is new is one line */
		end = last;
	*out = slice_of(list[first].text.ptr,
	    (size_t)(list[end].text.ptr + list[end].text.len - list[first].text.ptr));
	return end + 1;
}

struct parts
map_parts(struct work *w)
{
	struct parts p = { .piece = longest(w), .tail = SLICE("") };
	uint64_t chunk = chunk_tokens(w);
	struct slice text;
	struct atoms atoms;

	if (!p.piece || work_piece_tokens(w, p.piece) <= chunk)
		return (struct parts){ .piece = NULL };
	text = p.piece->now;
	p.task = w->question;
	if (!w->asked && (!w->question.len || w->question.ptr == text.ptr)) {
		p.tail = p.task = last_paragraph(text);
		if (p.tail.len)
			text.len = (size_t)(p.tail.ptr - text.ptr);
	}
	atoms = read_atoms(w, text);
	p.list = arena_alloc(w->arena, (atoms.count + 1) * sizeof(*p.list));
	for (size_t i = 0; i < atoms.count;) {
		if (atoms.list[i].tokens > chunk) {
			work_refuse(w, "a block of code, a value of JSON or a sentence is "
				       "larger than a part may be");
			return (struct parts){ .piece = NULL };
		}
		i = pack(&atoms, i, chunk, side.overlap, &p.list[p.count++]);
	}
	return p;
}

void
map_ask(struct work *w, const struct parts *p, size_t i, struct side_request *out)
{
	out->kind = SIDE_MAP;
	out->part = i + 1;
	out->of = p->count;
	out->system = p->task.len ? arena_printf(w->arena, "%s\n\nRequest: %.*s", task,
					SLICE_ARG(p->task))
				  : SLICE("Summarize this part of a longer text. Keep names, "
					  "numbers and dates as they are written.");
	out->user = p->list[i];
}

void
map_apply(struct work *w, const struct parts *p, struct side_answers *a, struct slice id)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < p->count; i++) {
		const struct side_answer *answer = side_find(
		    a, SIDE_MAP, w->request, id, i + 1);

		if (!answer || !answer->text.ptr || answer->of != p->count) {
			work_refuse(w, !answer ? "no answer came for a part"
				       : answer->of != p->count
					   ? "the answers are of other parts"
					   : answer->why);
			buf_free(&b);
			return;
		}
		if (slice_eqz(answer->text, "NONE"))
			continue;
		buf_printf(&b, "%s[part %zu of %zu]\n", b.len ? "\n\n" : "", i + 1, p->count);
		buf_add(&b, answer->text);
	}
	if (p->tail.len) {
		buf_add(&b, SLICE("\n\n"));
		buf_add(&b, p->tail);
	}
	work_offer(w, p->piece, work_keep(w, &b));
}
