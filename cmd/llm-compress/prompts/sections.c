/* SPDX-License-Identifier: MIT */
/* Sections of a long system text: those that the question does not ask for go, worst first. */
#include <stdlib.h>

#include "cmd/llm-compress/light/rewrite.h"
#include "cmd/llm-compress/prompts/prompts.h"
#include "prompt_cache/rates.h"
#include "rank/score.h"

#define LEAST 3 /* sections */

struct section {
	struct slice text;
	uint64_t tokens;
	float score;
	bool mandatory, keep;
};
struct sections {
	struct section *list;
	size_t count, room;
};

/* Words of rules that hold whatever is asked. */
static const char *const rules[] = { "never", "must not", "do not", "don't", "always", "safety",
	"security", "policy", "policies", "legal", "privacy", "confidential", "mandatory",
	"required", "important", "forbidden", "prohibited", "output format", NULL };

static bool
has_word(struct slice text, const char *word, struct arena *a)
{
	size_t n = strlen(word);
	char *low = arena_alloc(a, text.len + 1);

	for (size_t i = 0; i < text.len; i++)
		low[i] = text.ptr[i] >= 'A' && text.ptr[i] <= 'Z' ? (char)(text.ptr[i] | 0x20)
								  : text.ptr[i];
	for (const char *p = low; (p = memmem(p, text.len - (size_t)(p - low), word, n)); p++) {
		bool before = p > low && p[-1] >= 'a' && p[-1] <= 'z';
		bool behind = p + n < low + text.len && p[n] >= 'a' && p[n] <= 'z';

		if (!before && !behind)
			return true;
	}
	return false;
}

static bool
is_mandatory(struct slice text, struct arena *a)
{
	for (struct pattern **p = settings.mandatory; p && *p; p++)
		if (pattern_search(*p, text, NULL, NULL) != PATTERN_MISSED)
			return true;
	for (size_t i = 0; rules[i]; i++)
		if (has_word(text, rules[i], a))
			return true;
	return work_protected(text);
}

static bool
is_heading(struct slice line)
{
	size_t n = 0;

	while (n < line.len && line.ptr[n] == '#')
		n++;
	return n && n <= 3 && n < line.len && line.ptr[n] == ' ';
}

/* <name> alone on its line. */
static bool
is_tag(struct slice line)
{
	line = slice_trim(line);
	return line.len > 2 && line.ptr[0] == '<' && line.ptr[line.len - 1] == '>' &&
	       line.ptr[1] >= 'a' && line.ptr[1] <= 'z' && !memchr(line.ptr, ' ', line.len) &&
	       line.ptr[line.len - 2] != '/';
}

/* </name> of the tag that is open. */
static bool
closes(struct slice line, struct slice tag)
{
	line = slice_trim(line);
	tag = slice_trim(tag);
	return line.len == tag.len + 1 && line.ptr[1] == '/' &&
	       slice_eq(slice_drop(line, 2), slice_drop(tag, 1));
}

static void
add(struct sections *s, struct slice text, bool first, struct work *w)
{
	if (!slice_trim(text).len)
		return;
	s->list = arena_more(w->arena, s->list, s->count, &s->room, sizeof(*s->list));
	s->list[s->count++] = (struct section){ .text = text,
		.tokens = work_count(w, text),
		.mandatory = first || is_mandatory(text, w->arena),
		.keep = true };
}

struct reading {
	struct sections out;
	const char *from;
	bool headed; /* what begins at from has a heading or a tag */
	bool fenced;
	struct slice tag; /* that is open; its inside is one section */
};

static void
cut(struct reading *r, const char *to, bool headed, struct work *w)
{
	add(&r->out, slice_of(r->from, (size_t)(to - r->from)), !r->headed, w);
	r->from = to;
	r->headed = headed;
}

/* What has no heading tells who the model is, and stays. A fence may hold lines that look like
 * headings. */
static struct sections
read(struct work *w, struct slice text)
{
	struct reading r = { .from = text.ptr };

	for (struct slice rest = text; rest.len;) {
		size_t n = slice_find(rest, '\n');
		struct slice line = slice_take(rest, n);
		const char *behind = line.ptr + n + (n < rest.len);

		if (slice_starts(slice_trim(line), SLICE("```")))
			r.fenced = !r.fenced;
		if (r.fenced)
			goto next;
		if (r.tag.len) {
			if (closes(line, r.tag)) {
				r.tag.len = 0;
				cut(&r, behind, false, w);
			}
		} else if (is_heading(line) || is_tag(line)) {
			cut(&r, line.ptr, true, w);
			r.tag = is_tag(line) ? line : SLICE("");
		}
	next:
		rest = slice_drop(rest, n + 1);
	}
	cut(&r, text.ptr + text.len, false, w);
	return r.out;
}

static int
worse(const void *a, const void *b)
{
	const struct section *x = *(struct section *const *)a, *y = *(struct section *const *)b;

	if (x->score < y->score || x->score > y->score)
		return x->score < y->score ? -1 : 1;
	return x->text.ptr > y->text.ptr ? -1 : 1;
}

static void
score(struct work *w, struct sections *s)
{
	struct units u = { .arena = w->arena };
	float *scores = arena_zero(w->arena, s->count, sizeof(*scores));

	for (size_t i = 0; i < s->count; i++)
		units_push(&u, s->list[i].text, UNIT_RECORD, true);
	rank_score(&u, w->question, &rank_prose, NULL, scores);
	for (size_t i = 0; i < s->count; i++)
		s->list[i].score = scores[i];
}

/* Fresh text that changes with each question against a whole that the cache reads: both prices.
 */
static void
note(struct work *w, const struct sections *s, uint64_t before, uint64_t after)
{
	struct prompt_rates rates;
	char fresh[64], cached[64], now[64];
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++)
		kept += s->list[i].keep;
	prompt_rates_read(&rates, w->request, w->model);
	if (!rates.priced) {
		work_note(w, "sections",
		    arena_printf(w->arena, "{\"of\":%zu,\"kept\":%zu}", s->count, kept));
		return;
	}
	work_note(w, "sections",
	    arena_printf(w->arena,
		"{\"of\":%zu,\"kept\":%zu,\"all_fresh_usd\":\"%s\",\"all_cached_usd\":\"%s\","
		"\"kept_fresh_usd\":\"%s\"}",
		s->count, kept, usd_write(usd_times(rates.fresh, before), fresh),
		usd_write(usd_times(rates.read, before), cached),
		usd_write(usd_times(rates.fresh, after), now)));
}

static void
choose(struct work *w, struct piece *p)
{
	struct sections s = read(w, p->now);
	struct section **order;
	struct rewrite r = { .any = false };
	uint64_t excess = work_excess(w), gone = 0, before;

	if (s.count < LEAST)
		return;
	before = work_piece_tokens(w, p);
	score(w, &s);
	order = arena_alloc(w->arena, s.count * sizeof(struct section *));
	for (size_t i = 0; i < s.count; i++)
		order[i] = &s.list[i];
	qsort(order, s.count, sizeof(*order), worse);
	for (size_t i = 0; i < s.count && gone < excess; i++)
		if (!order[i]->mandatory) {
			order[i]->keep = false;
			gone += order[i]->tokens;
		}
	for (size_t i = 0; i < s.count; i++)
		if (!s.list[i].keep)
			rewrite_put(
			    &r, p->now, s.list[i].text.ptr, s.list[i].text.len, SLICE(""));
	if (work_offer(w, p, rewrite_end(&r, p->now, w)))
		note(w, &s, before, p->tokens);
}

void
sections_run(struct work *w)
{
	if (!w->asked || !w->question.len)
		return;
	for (size_t i = 0; i < w->count; i++)
		if (work_may(w, &w->pieces[i], true) && w->pieces[i].part.kind == PART_SYSTEM &&
		    work_excess(w))
			choose(w, &w->pieces[i]);
}
