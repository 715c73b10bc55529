/* SPDX-License-Identifier: MIT */
#include "tokens/stages.h"

#include <stdlib.h>

#include "base/mem.h"

#define NOWHERE SIZE_MAX

/* A piece of the text, in bytes. */
struct range {
	size_t from, to;
	bool match;
};

/* A stage at work inside one piece of the stage before it. */
struct place {
	struct range piece;
	struct buf classes;       /* of the piece */
	size_t at, index;         /* in bytes of the text, in characters of the piece */
	size_t match_to;          /* end of a match that begins at index; NOWHERE: not known */
	struct range next;        /* what was looked at and is not given yet */
	bool has_next, exhausted; /* exhausted: no piece, or it is cut to its end */
};

struct stages {
	unsigned count;
	struct stage stage[STAGES];
	struct place place[STAGES];
	struct slice text;
	size_t given; /* the end of the last piece that was given */
	int64_t budget;
	bool started;
};

struct stages *
stages_new(const struct stage *stage, unsigned count)
{
	struct stages *s = mem_zero(sizeof *s);

	s->count = count;
	memcpy(s->stage, stage, count * sizeof *stage);
	return s;
}

void
stages_free(struct stages *s)
{
	for (unsigned i = 0; s && i < s->count; i++) {
		regex_free(s->stage[i].regex);
		buf_free(&s->place[i].classes);
	}
	free(s);
}

static void
enter(struct stages *s, unsigned k, struct range piece)
{
	struct place *p = &s->place[k];

	p->piece = piece;
	p->at = piece.from;
	p->index = 0;
	p->match_to = NOWHERE;
	p->has_next = p->exhausted = false;
	if (s->stage[k].regex)
		regex_classes(s->stage[k].regex,
		    slice_of(s->text.ptr + piece.from, piece.to - piece.from), &p->classes);
}

/* Moves on to the character of this index; returns the offset in the text. */
static size_t
walk(const struct stages *s, struct place *p, size_t index)
{
	const char *q = s->text.ptr + p->at;

	for (; p->index < index; p->index++) {
		unsigned char c = (unsigned char)*q;

		q += c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	}
	return p->at = (size_t)(q - s->text.ptr);
}

/* The next match of a regex, or the gap before it. */
static bool
regex_range(struct stages *s, unsigned k, struct range *r)
{
	struct place *p = &s->place[k];
	struct slice classes = buf_slice(&p->classes);
	size_t start = p->index, end = p->match_to;

	if (p->at == p->piece.to)
		return false;
	r->from = p->at;
	p->match_to = NOWHERE;
	if (end != NOWHERE ||
	    (regex_next(s->stage[k].regex, classes, p->index, &s->budget, &start, &end) &&
		start == p->index)) {
		r->match = true;
	} else {
		r->match = false;
		if (end == NOWHERE)
			start = classes.len;
		else
			p->match_to = end;
		end = start;
	}
	r->to = walk(s, p, end);
	return true;
}

static bool
family_range(struct stages *s, unsigned k, struct range *r)
{
	struct place *p = &s->place[k];
	struct slice piece = slice_of(s->text.ptr + p->piece.from, p->piece.to - p->piece.from);
	size_t end;

	if (p->at == p->piece.to ||
	    !s->stage[k].split(NULL, piece, p->at - p->piece.from, &end, 1))
		return false;
	*r = (struct range){ p->at, p->piece.from + end, true };
	p->at = r->to;
	return true;
}

static bool
look(struct stages *s, unsigned k)
{
	struct place *p = &s->place[k];

	if (!p->has_next && !p->exhausted) {
		p->has_next = s->stage[k].split ? family_range(s, k, &p->next)
						: regex_range(s, k, &p->next);
		p->exhausted = !p->has_next;
		p->next.match ^= s->stage[k].invert;
	}
	return p->has_next;
}

static bool
joins(enum stage_join join, bool before, bool behind)
{
	switch (join) {
	case JOIN_ALIKE: return before == behind;
	case JOIN_BEFORE: return !before && behind;
	case JOIN_BEHIND: return before && !behind;
	default: return false;
	}
}

/* The next piece of a stage inside its piece. */
static bool
take(struct stages *s, unsigned k, struct range *r)
{
	struct place *p = &s->place[k];
	enum stage_join join = s->stage[k].join;

	if (!look(s, k))
		return false;
	*r = p->next;
	p->has_next = false;
	while (join != JOIN_NONE && look(s, k) && joins(join, r->match, p->next.match)) {
		r->to = p->next.to;
		p->has_next = false;
		if (join != JOIN_ALIKE)
			break;
	}
	return true;
}

/* The next piece of the last stage: where a stage has none left, the one before gives it the
 * next to cut. */
static bool
pull(struct stages *s, struct range *r)
{
	unsigned k = s->count - 1;

	for (;;) {
		if (take(s, k, r)) {
			if (k == s->count - 1)
				return true;
			enter(s, ++k, *r);
		} else if (k == 0) {
			return false;
		} else {
			k--;
		}
	}
}

static void
start(struct stages *s, struct slice text)
{
	s->text = text;
	s->given = 0;
	s->started = true;
	s->budget = regex_budget(text.len);
	for (unsigned k = 0; k < s->count; k++)
		s->place[k].has_next = !(s->place[k].exhausted = true);
	enter(s, 0, (struct range){ 0, text.len, false });
}

size_t
split_stages(const void *pattern, struct slice text, size_t from, size_t *ends, size_t room)
{
	struct stages *s = (struct stages *)(uintptr_t)pattern;
	struct range r;
	size_t n = 0;

	if (!s->started || from == 0 || s->given != from || s->text.ptr != text.ptr ||
	    s->text.len != text.len)
		start(s, text);
	while (s->given < from && pull(s, &r))
		s->given = r.to;
	while (n < room && pull(s, &r))
		ends[n++] = s->given = r.to;
	return n;
}

size_t
split_whole(const void *pattern, struct slice text, size_t from, size_t *ends, size_t room)
{
	(void)pattern;
	if (!room || from == text.len)
		return 0;
	ends[0] = text.len;
	return 1;
}

/* The regular expressions as files hold them. */
#define WORD_END "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define LEADING "[^\\r\\n\\p{L}\\p{N}]?"
#define HEADS "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define TAILS "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define SIGNS " ?[^\\s\\p{L}\\p{N}]+"
#define BLANKS "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

static const struct {
	const char *pattern, *name;
	split_fn *split;
} known[] = {
	/* PyPI tiktoken 0.14, and before it was made faster */
	{ LEADING HEADS "*" TAILS "+" WORD_END "?|" LEADING HEADS "+" TAILS "*" WORD_END
			"?|\\p{N}{1,3}|" SIGNS "[\\r\\n/]*|" BLANKS,
	    "o200k_base", split_o200k },
	{ "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+|"
	  " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
	    "cl100k_base", split_cl100k },
	{ "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|"
	  "\\s+(?!\\S)|\\s",
	    "gpt2", split_gpt2 },
	{ "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
	    "gpt2", split_gpt2 },
	{ "'s|'t|'re|'ve|'m|'ll|'d| ?[\\p{L}]+| ?[\\p{N}]+| ?[^\\s\\p{L}\\p{N}]+|"
	  "\\s+(?!\\S)|\\s+",
	    "gpt2", split_gpt2 },
	{ WORD_END "|" LEADING "\\p{L}+|\\p{N}{1,3}|" SIGNS "[\\r\\n]*|" BLANKS, "llama-3",
	    split_llama3 },
	{ WORD_END "|" LEADING "\\p{L}+|\\p{N}|" SIGNS "[\\r\\n]*|" BLANKS, "qwen",
	    split_qwen },
	{ LEADING HEADS "*" TAILS "+|" LEADING HEADS "+" TAILS "*|\\p{N}|" SIGNS
			"[\\r\\n/]*|" BLANKS,
	    "tekken", split_tekken },
};

split_fn *
split_of_pattern(struct slice pattern, const char **name)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (slice_eqz(pattern, known[i].pattern)) {
			*name = known[i].name;
			return known[i].split;
		}
	}
	return NULL;
}

split_fn *
split_named(struct slice name)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_eqz(name, known[i].name))
			return known[i].split;
	return NULL;
}
