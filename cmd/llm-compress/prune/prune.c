/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/prune/prune.h"

#include <stdlib.h>

#include "cmd/llm-compress/extract/extract.h"
#include "cmd/llm-compress/light/rewrite.h"
#include "cmd/llm-compress/light/spans.h"
#include "rank/ngram.h"
#include "rank/units.h"

#define LEAST 40 /* tokens: shorter texts stay */
#define MILLION 1000000u

/* A word, or a sentence, that could go. */
struct word {
	struct slice text; /* with the blank behind it */
	float bits;        /* per word */
	uint32_t words;
	uint32_t piece;
	bool gone;
};

struct pruner {
	struct work *w;
	struct word *list;
	size_t count, room;
	uint64_t words; /* of all the prose */
	double bits;    /* of all of them */
	uint32_t piece;
	const struct told *told; /* of the piece; NULL: the table of English tells */
	size_t next;             /* of its tokens */
	const char *text;        /* the piece's */
};

bool
prune_asked(const struct settings *s)
{
	return s->prune != SETTING_NONE;
}

static void
add(struct pruner *p, struct slice text, double bits, uint32_t words)
{
	p->list = arena_more(p->w->arena, p->list, p->count, &p->room, sizeof(*p->list));
	p->list[p->count++] = (struct word){ text, (float)bits, words, p->piece, false };
}

/* The word at the front of *rest without the blanks before it; false at the end. */
static bool
next_word(struct slice *rest, struct slice *word)
{
	size_t n = 0;

	while (rest->len && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
		*rest = slice_drop(*rest, 1);
	while (n < rest->len && rest->ptr[n] != ' ' && rest->ptr[n] != '\t')
		n++;
	*word = slice_take(*rest, n);
	*rest = slice_drop(*rest, n);
	return n > 0;
}

static struct slice
bare(struct slice word)
{
	while (word.len && memchr(",.;:!?)\"'", word.ptr[word.len - 1], 9))
		word.len--;
	return word;
}

static bool
ends_clause(struct slice word)
{
	return word.len && memchr(",.;:!?)", word.ptr[word.len - 1], 7);
}

static bool
has_blank(struct slice rest)
{
	return rest.len && rest.ptr[0] == ' ';
}

/* The last of words that a sign joins, as in "height—without". */
static struct slice
last_part(struct slice word)
{
	size_t n = word.len;

	while (n &&
	       (word.ptr[n - 1] == '\'' || (word.ptr[n - 1] >= 'a' && word.ptr[n - 1] <= 'z')))
		n--;
	return slice_drop(word, n);
}

/* What comes behind such a word belongs to it. */
static bool
negates(struct slice word)
{
	word = last_part(word);
	return slice_eqz(word, "not") || slice_eqz(word, "no") || slice_eqz(word, "never") ||
	       slice_eqz(word, "cannot") || slice_eqz(word, "without") ||
	       slice_ends(word, SLICE("n't"));
}

/* Bits of the word that comes next; before2 and before are the words before it. */
static double
bits_of(struct pruner *p, struct slice before2, struct slice before, struct slice word)
{
	double sum = 0;
	size_t from = (size_t)(word.ptr - p->text), end = from + word.len;

	if (!p->told)
		return ngram_bits(before2, before, word);
	while (p->next < p->told->count && p->told->list[p->next].at < end) {
		if (p->told->list[p->next].at >= from)
			sum += (double)p->told->list[p->next].bits;
		p->next++;
	}
	return sum;
}

/* Words of a stretch of prose, one by one. */
static void
read_words(struct pruner *p, struct slice span)
{
	struct slice rest = span, word, last = { NULL, 0 }, before = { NULL, 0 };

	while (next_word(&rest, &word)) {
		double bits = bits_of(p, before, last, bare(word));

		p->words++;
		p->bits += bits;
		/* a word that touches what is no prose, or has no blank behind it, stays */
		if (has_blank(rest) && word.ptr > span.ptr && word.ptr[-1] == ' ' &&
		    !negates(last) && !prune_keeps(word) && !work_protected(word))
			add(p, slice_of(word.ptr, word.len + 1), bits, 1);
		before = ends_clause(last) ? slice_take(last, 0) : bare(last);
		last = bare(word);
		if (ends_clause(word))
			before = last = slice_take(word, 0);
	}
}

/* One of the words that signs join must stay. */
static bool
binds(struct slice word)
{
	while (word.len) {
		struct slice part = last_part(word);

		if (negates(part) || slice_eqz(part, "only") || slice_eqz(part, "must"))
			return true;
		word.len -= part.len ? part.len : 1;
	}
	return false;
}

/* A sentence can go where none of its words must stay for what it is: a number, a name, a
 * negation. Its first and last word are judged without capital and stop. */
static bool
may_go(struct pruner *p, struct slice sentence, uint32_t *words, double *bits)
{
	struct slice rest = sentence, word, last = { NULL, 0 }, before = { NULL, 0 };

	*words = 0;
	*bits = 0;
	while (next_word(&rest, &word)) {
		struct slice core = bare(word);

		*bits += bits_of(p, before, last, core);
		if (*words && core.len && prune_keeps(core) && core.ptr[0] != '\'' &&
		    !(core.ptr[0] >= 'a' && core.ptr[0] <= 'z'))
			return false;
		for (size_t i = 0; i < core.len; i++)
			if (core.ptr[i] >= '0' && core.ptr[i] <= '9')
				return false;
		if (binds(core))
			return false;
		before = last;
		last = core;
		++*words;
	}
	return *words > 0;
}

/* Of a span that does not begin its line the first sentence has begun before. */
static void
read_sentences(struct pruner *p, struct slice span, bool begun)
{
	for (; span.len; begun = false) {
		size_t n = sentence_length(span);
		struct slice sentence = slice_take(span, n);
		uint32_t words;
		double bits;

		if (may_go(p, sentence, &words, &bits) && !begun && n < span.len &&
		    span.ptr[n] == ' ' && !work_protected(sentence))
			add(p, slice_take(span, n + 1), bits / words, words);
		p->words += words;
		p->bits += bits;
		span = slice_drop(span, n);
		while (span.len && span.ptr[0] == ' ')
			span = slice_drop(span, 1);
	}
}

static int
by_bits(const void *a, const void *b)
{
	const struct word *x = *(struct word *const *)a, *y = *(struct word *const *)b;

	if (x->bits < y->bits || x->bits > y->bits)
		return x->bits < y->bits ? -1 : 1;
	return (x > y) - (x < y);
}

/* Marks the words that go. */
static void
choose(struct pruner *p)
{
	struct word **order = arena_alloc(p->w->arena, (p->count + 1) * sizeof(struct word *));
	uint64_t keep = (uint64_t)(((unsigned __int128)p->words * settings.prune +
				       MILLION - 1) /
				   MILLION);
	double lost = 0, most = p->bits; /* that may be lost */
	uint64_t gone = 0;

	if (settings.floor != SETTING_NONE)
		most *= 1 - (double)settings.floor / MILLION;
	for (size_t i = 0; i < p->count; i++)
		order[i] = &p->list[i];
	qsort(order, p->count, sizeof(struct word *), by_bits);
	for (size_t i = 0; i < p->count && p->words - gone > keep; i++) {
		if (lost + (double)order[i]->bits * order[i]->words > most) {
			work_refuse(p->w, "the floor is reached");
			return;
		}
		order[i]->gone = true;
		gone += order[i]->words;
		lost += (double)order[i]->bits * order[i]->words;
	}
	if (p->words - gone > keep)
		work_refuse(p->w, "as near as allowed: the other words are protected");
}

bool
prune_reads(struct work *w, struct piece *p)
{
	struct slice s;

	if (!work_may(w, p, true) ||
	    (p->part.kind != PART_USER && p->part.kind != PART_RESULT) ||
	    (w->asked && slice_eq(p->now, w->question)) || work_piece_tokens(w, p) < LEAST)
		return false;
	s = slice_trim(p->now);
	return s.len && s.ptr[0] != '{' && s.ptr[0] != '[';
}

/* What the last message of the user asks, where it stands behind something else. */
static struct slice
question_in(const struct work *w, const struct piece *p)
{
	struct slice q = SLICE("");

	if (p->part.kind == PART_USER && (!w->message_count || p->message == w->last))
		q = extract_question(p->now);
	return q.len < p->now.len ? q : SLICE("");
}

static void
read_piece(struct pruner *p, struct slice text, struct slice question)
{
	struct spans spans = spans_read(text, p->w->arena);

	p->text = text.ptr;
	p->next = 0;
	for (size_t i = 0; i < spans.count; i++) {
		if (question.len && spans.list[i].text.ptr >= question.ptr)
			continue;
		if (settings.prune_sentences)
			read_sentences(p, spans.list[i].text,
			    spans.list[i].text.ptr != spans.list[i].line.ptr);
		else
			read_words(p, spans.list[i].text);
	}
}

/* Takes those of the n words that go out of their text; tokens that this saved. Where it is none
 * they stay. */
static uint64_t
write_piece(struct work *w, struct piece *piece, struct word *words, size_t n)
{
	struct rewrite r = { .from = piece->now.ptr };
	uint64_t before = work_piece_tokens(w, piece);
	bool taken;

	for (size_t i = 0; i < n; i++)
		if (words[i].gone)
			rewrite_put(
			    &r, piece->now, words[i].text.ptr, words[i].text.len, SLICE(""));
	taken = work_offer(w, piece, rewrite_end(&r, piece->now, w));
	for (size_t i = 0; i < n && !taken; i++)
		words[i].gone = false;
	return before - work_piece_tokens(w, piece);
}

/* Says what went. */
static void
note(struct pruner *p, uint64_t saved)
{
	uint64_t gone = 0;
	double lost = 0;

	for (size_t i = 0; i < p->count; i++)
		if (p->list[i].gone) {
			gone += p->list[i].words;
			lost += (double)p->list[i].bits * p->list[i].words;
		}
	if (!gone)
		return;
	work_rule(p->w, SLICE("words left out"), gone, saved);
	work_note(p->w, "pruned",
	    arena_printf(p->w->arena, "{\"words_kept\":%.3f,\"information_kept\":%.3f}",
		1 - (double)gone / (double)p->words, p->bits > 0 ? 1 - lost / p->bits : 1));
}

/* told: NULL for the table of English. */
static bool
reads(struct work *w, size_t i, const struct told *told)
{
	return (!told || told[i].count) && prune_reads(w, &w->pieces[i]);
}

void
prune_by(struct work *w, const struct told *told)
{
	struct pruner p = { .w = w };
	uint64_t saved = 0;

	if (work_has_run(w)) {
		work_refuse(w, "done in an earlier pass");
		return;
	}
	for (size_t i = 0; i < w->count; i++) {
		p.piece = (uint32_t)i;
		p.told = told ? &told[i] : NULL;
		if (reads(w, i, told))
			read_piece(&p, w->pieces[i].now, question_in(w, &w->pieces[i]));
	}
	choose(&p);
	for (size_t i = 0, n; i < p.count; i += n) {
		uint32_t piece = p.list[i].piece;

		for (n = 0; i + n < p.count && p.list[i + n].piece == piece;)
			n++;
		saved += write_piece(w, &w->pieces[piece], p.list + i, n);
	}
	note(&p, saved);
}

void
prune_run(struct work *w)
{
	prune_by(w, NULL);
}
