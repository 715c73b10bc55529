/* SPDX-License-Identifier: MIT */
#include "task/classify.h"

#include <stdio.h>

#include "task/maths.h"
#include "task/stretch.h"
#include "text/unicode.h"

#define EDGE 2000 /* bytes at each end of a long text that are read */
#define OPENING 4 /* words within which a request says what it wants */
#define FORMULA 2 /* operators that make one; one alone is a sign in a sentence */
#define NUMBERS 2 /* from which on a question of how many is a problem; any other: one more */

const char *const level_names[4] = { "none", "simple", "moderate", "complex" };

bool
level_named(struct slice name, enum level *level)
{
	for (unsigned i = 0; i < 4; i++)
		if (slice_eqz(name, level_names[i])) {
			*level = (enum level)i;
			return true;
		}
	return false;
}

/* What was found so far. */
struct tally {
	const struct task_table *table;
	bool *seen[2]; /* each phrase counts once in the system text, once in the user's */
	unsigned task[TASK_COUNT];
	size_t first[TASK_COUNT]; /* place of the first evidence of a task */
	size_t place;
	unsigned complex, constraints, urgent, simple, greeting;
	size_t words, questions, numbers, operators;
	unsigned maths; /* points for it */
	bool fence, in_system;
	struct found_words task_words[TASK_COUNT], hard, easy;
	struct arena *arena;
};

static void
add_evidence(struct found_words *e, struct slice word)
{
	if (e->count < FOUND_WORDS)
		e->word[e->count++] = word;
}

/* A word begins with a kind that is odd. */
enum { BYTE_OTHER, BYTE_WORD, BYTE_APOSTROPHE, BYTE_WIDE };
static unsigned char byte_kind[256];

static void
index_bytes(void)
{
	if (byte_kind['a'])
		return;
	for (unsigned c = 0; c < 256; c++)
		byte_kind[c] = c >= 0x80                                           ? BYTE_WIDE
			       : c - '0' < 10 || (c | 0x20) - 'a' < 26 || c == '_' ? BYTE_WORD
			       : c == '\'' ? BYTE_APOSTROPHE
					   : BYTE_OTHER;
}

static void
cut_word(struct slice *rest, struct slice *word, const unsigned char *begin,
    const unsigned char *p, const unsigned char *end)
{
	*word = slice_of((const char *)begin, (size_t)(p - begin));
	*rest = slice_of((const char *)p, (size_t)(end - p));
}

/* A word that begins there, and has or meets an apostrophe or what is not ASCII. */
static bool
odd_word(struct slice *rest, struct slice *word, const unsigned char *begin)
{
	const unsigned char *p = begin, *end = (const unsigned char *)rest->ptr + rest->len;

	for (;;) {
		while (p < end && byte_kind[*p] == BYTE_WORD)
			p++;
		if (p + 1 < end && byte_kind[*p] == BYTE_APOSTROPHE && p > begin &&
		    byte_kind[p[1]] == BYTE_WORD)
			p++;
		else
			break;
	}
	if (p < end &&
	    (byte_kind[*p] == BYTE_WIDE || (byte_kind[*p] == BYTE_APOSTROPHE && p + 1 < end &&
					       byte_kind[p[1]] == BYTE_WIDE))) {
		*rest = slice_drop(*rest, (size_t)(begin - (const unsigned char *)rest->ptr));
		return unicode_word(rest, word);
	}
	cut_word(rest, word, begin, p, end);
	return true;
}

/* unicode_word, without its calls where a word and what follows it are ASCII. */
static inline bool
next_word(struct slice *rest, struct slice *word)
{
	const unsigned char *p = (const unsigned char *)rest->ptr, *end = p + rest->len;
	const unsigned char *begin;

	while (p < end && !(byte_kind[*p] & 1))
		p++;
	begin = p;
	while (p < end && byte_kind[*p] == BYTE_WORD)
		p++;
	if (p < end && byte_kind[*p] != BYTE_OTHER)
		return odd_word(rest, word, begin);
	cut_word(rest, word, begin, p, end);
	return p > begin;
}

/* A word without case, its apostrophes straight. */
static struct slice
folded(struct slice word, char *room, size_t size, struct arena *a)
{
	bool ascii = word.len <= size;

	for (size_t i = 0; ascii && i < word.len; i++) {
		char c = word.ptr[i];

		ascii = (unsigned char)c < 0x80;
		room[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return ascii ? slice_of(room, word.len) : unicode_fold(word, a);
}

/* True if the words of tail (all of the phrase but the first) begin rest. */
static bool
continues(struct slice tail, struct slice rest, struct arena *a)
{
	char room[64];

	while (tail.len) {
		struct slice want, word;
		size_t n;

		tail = slice_drop(tail, 1);
		n = slice_find(tail, ' ');
		want = slice_take(tail, n);
		tail = slice_drop(tail, n);
		if (!next_word(&rest, &word) || word.len > 64 ||
		    !slice_eq(folded(word, room, sizeof(room), a), want))
			return false;
	}
	return true;
}

static void
count_phrase(struct tally *t, const struct phrase *p)
{
	struct slice text = slice_z(p->text);

	switch (p->sign) {
	case SIGN_TASK:
		if (!t->task[p->task])
			t->first[p->task] = t->place;
		t->task[p->task] += p->weight;
		/* "Extract the names from this novel" extracts */
		if (p->weight > 1 && !t->in_system && t->words <= OPENING)
			t->task[p->task] += p->weight;
		add_evidence(&t->task_words[p->task], text);
		return;
	case SIGN_CONSTRAINT:
		t->constraints++;
		add_evidence(&t->hard, text);
		return;
	default: break;
	}
	if (t->in_system)
		return;
	switch (p->sign) {
	case SIGN_COMPLEX:
		t->complex += p->weight;
		add_evidence(&t->hard, text);
		break;
	case SIGN_URGENT:
		t->urgent += p->weight;
		add_evidence(&t->hard, text);
		break;
	case SIGN_SIMPLE:
		t->simple += p->weight;
		add_evidence(&t->easy, text);
		break;
	default: t->greeting++; break;
	}
}

static void
count_word(struct tally *t, struct slice word, struct slice rest)
{
	char room[64];
	struct slice key;
	size_t at;

	t->place++;
	t->words += !t->in_system;
	t->numbers += !t->in_system && word.ptr[0] - '0' + 0u < 10;
	if (word.len > sizeof(room) || !task_table_may_begin(t->table, word))
		return;
	key = folded(word, room, sizeof(room), t->arena);
	at = task_table_find(t->table, key);
	if (at == SIZE_MAX)
		return;
	for (size_t i = at; i < t->table->count; i++) {
		struct slice text = slice_z(t->table->phrases[i].text);

		if (!slice_eq(slice_take(text, slice_find(text, ' ')), key))
			break;
		if (!t->seen[t->in_system][i] &&
		    continues(slice_drop(text, key.len), rest, t->arena)) {
			t->seen[t->in_system][i] = true;
			count_phrase(t, &t->table->phrases[i]);
		}
	}
}

static size_t
count_questions(struct slice line)
{
	size_t count = 0;

	for (size_t n; (n = slice_find(line, '?')) < line.len; count++)
		line = slice_drop(line, n + 1);
	return count;
}

static void
count_line(struct tally *t, struct slice line)
{
	struct slice word;

	if (!t->in_system) {
		t->questions += count_questions(line);
		t->operators += maths_in(line);
	}
	while (next_word(&line, &word))
		count_word(t, word, line);
}

/* All of it, of a long one the ends; what was pasted is told by the whole. */
static void
count_text(struct tally *t, struct slice text)
{
	struct stretches s = stretches_of(text);
	size_t head = text.len <= 2 * EDGE ? text.len : EDGE, tail = text.len - EDGE;
	struct slice line;

	t->fence |= !t->in_system && slice_find(text, '`') < text.len &&
		    memmem(text.ptr, text.len, "```", 3) != NULL;
	while (stretch_next(&s, &line)) {
		size_t at = (size_t)(line.ptr - text.ptr);

		if (at < head)
			count_line(t, slice_take(line, head - at));
		if (head < text.len && at + line.len > tail)
			count_line(t, slice_drop(line, at < tail ? tail - at : 0));
	}
}

static void
add_sign(struct tally *t, enum task task, unsigned weight, struct slice what)
{
	if (!t->task[task])
		t->first[task] = t->place;
	t->task[task] += weight;
	add_evidence(&t->task_words[task], what);
}

/* Formulas, where they are not a program's, and a question about numbers that the text gives:
 * a problem to solve. Returns the points for complexity. */
static unsigned
count_maths(struct tally *t)
{
	bool formula = t->operators >= FORMULA && !t->task[TASK_CODE] && !t->fence;
	bool problem = t->task[TASK_REASONING] ? t->numbers >= NUMBERS
					       : t->numbers > NUMBERS && t->questions;

	if (formula) {
		add_sign(t, TASK_REASONING, 2, SLICE("formula"));
		add_evidence(&t->hard, SLICE("formula"));
	}
	if (problem) {
		add_sign(t, TASK_REASONING, 1, SLICE("numbers"));
		add_evidence(&t->hard, SLICE("numbers"));
	}
	return formula + problem;
}

static void
choose_task(struct tally *t, const struct task_circumstances *c, struct task_judgement *r)
{
	unsigned best = 0, second = 0;

	if (c->schema) {
		t->task[TASK_STRUCTURED] += 4;
		add_evidence(&t->task_words[TASK_STRUCTURED], SLICE("schema"));
	}
	if (t->fence) {
		t->task[TASK_CODE] += 2;
		add_evidence(&t->task_words[TASK_CODE], SLICE("code fence"));
	}
	for (unsigned i = 1; i < TASK_COUNT; i++) {
		bool wins = t->task[i] > best ||
			    (t->task[i] == best && best && t->first[i] < t->first[r->task]);

		if (wins) {
			second = best;
			best = t->task[i];
			r->task = (enum task)i;
		} else if (t->task[i] > second) {
			second = t->task[i];
		}
	}
	if (best < 2) { /* one weak word is no evidence */
		r->task = TASK_NONE;
		return;
	}
	r->task_evidence = t->task_words[r->task];
	r->task_confidence = 50 + 45 * (best - second) / best;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The score of llm-route(1), COMPLEXITY. */
static void
choose_level(struct tally *t, const struct task_circumstances *c, struct task_judgement *r)
{
	const struct task_limits *l = &t->table->limits;
	unsigned hard = t->complex + t->urgent + least(t->constraints / 2, l->constraints);
	unsigned easy = t->simple;
	bool small = t->words <= l->short_words;

	hard += c->tokens > l->more_tokens ? 2 : c->tokens > l->tokens;
	hard += t->questions >= l->questions;
	hard += c->tools ? l->tools : 0;
	hard += c->turns > l->turns;
	hard += t->fence ? l->code : 0;
	hard += t->maths * l->maths;
	if (r->task == TASK_CLASSIFICATION || r->task == TASK_EXTRACTION ||
	    r->task == TASK_TRANSFORMATION) {
		easy++;
		add_evidence(&t->easy, slice_z(task_names[r->task]));
	}
	if (t->greeting && t->words <= l->greeting_words && !t->urgent) {
		easy += 2;
		add_evidence(&t->easy, SLICE("greeting"));
	}
	easy += easy && small;
	if (hard >= l->complex)
		r->level = LEVEL_COMPLEX;
	else if (hard >= l->moderate || (hard && easy < 2))
		r->level = LEVEL_MODERATE;
	else if (easy)
		r->level = LEVEL_SIMPLE;
	r->level_evidence = r->level == LEVEL_SIMPLE ? t->easy : t->hard;
	if (r->level == LEVEL_SIMPLE)
		r->level_confidence = 50 + 10 * least(easy, 4) - 10 * least(hard, 4);
	else if (r->level == LEVEL_MODERATE)
		r->level_confidence = 60;
	else if (r->level == LEVEL_COMPLEX)
		r->level_confidence = 55 + 5 * least(hard - l->complex + 1, 8);
	else
		r->level_evidence.count = 0;
}

struct task_judgement
task_classify(const struct slice *system, size_t system_count, const struct slice *user,
    size_t user_count, const struct task_circumstances *c, struct arena *a)
{
	struct tally t = { .arena = a, .table = c->table ? c->table : task_table_builtin() };
	struct task_judgement r = { 0 };

	index_bytes();
	t.seen[0] = arena_alloc(a, 2 * t.table->count + 1);
	t.seen[1] = t.seen[0] + t.table->count;
	memset(t.seen[0], 0, 2 * t.table->count);
	t.in_system = true;
	for (size_t i = 0; i < system_count; i++)
		count_text(&t, system[i]);
	t.in_system = false;
	for (size_t i = 0; i < user_count; i++)
		count_text(&t, user[i]);
	t.maths = count_maths(&t);
	choose_task(&t, c, &r);
	choose_level(&t, c, &r);
	return r;
}
