/* SPDX-License-Identifier: MIT */
#include "meaning/gate.h"

#include <ctype.h>

#include "base/buf.h"
#include "meaning/gate_parts.h"
#include "text/unicode.h"

static enum script
script_of(uint32_t c)
{
	if (c < 0x250)
		return SCRIPT_LATIN;
	if (c >= 0x370 && c < 0x400)
		return SCRIPT_GREEK;
	if (c >= 0x400 && c < 0x530)
		return SCRIPT_CYRILLIC;
	if (c >= 0x590 && c < 0x600)
		return SCRIPT_HEBREW;
	if (c >= 0x600 && c < 0x780)
		return SCRIPT_ARABIC;
	if (c >= 0x900 && c < 0xe00)
		return SCRIPT_INDIC;
	if (c >= 0xe00 && c < 0xe80)
		return SCRIPT_THAI;
	if ((c >= 0x1100 && c < 0x1200) || (c >= 0xac00 && c < 0xd7b0))
		return SCRIPT_KOREAN;
	if ((c >= 0x3040 && c < 0xa000) || (c >= 0x20000 && c < 0x32000))
		return SCRIPT_EASTERN;
	return c >= 0x1e00 && c < 0x1f00 ? SCRIPT_LATIN : SCRIPT_OTHER;
}

/* The script of most letters. */
static enum script
main_script(struct slice text)
{
	size_t count[SCRIPT_OTHER + 1] = { 0 };
	enum script best = SCRIPT_NONE;

	while (text.len) {
		uint32_t c = unicode_next(&text);

		if (c < 0x80 ? isalpha((int)c) != 0 : unicode_class(c) == UNICODE_LETTER)
			count[script_of(c)]++;
	}
	for (unsigned i = SCRIPT_LATIN; i <= SCRIPT_OTHER; i++)
		if (count[i] > count[best])
			best = (enum script)i;
	return best;
}

static enum asked
asked_how(struct slice next)
{
	static const struct {
		const char *word;
		enum asked asked;
	} kinds[] = { { "many", ASKED_AMOUNT }, { "much", ASKED_AMOUNT },
		{ "long", ASKED_TIME }, { "soon", ASKED_TIME }, { "fast", ASKED_TIME },
		{ "quickly", ASKED_TIME }, { "old", ASKED_OLD }, { "far", ASKED_FAR },
		{ "often", ASKED_OFTEN }, { "frequently", ASKED_OFTEN }, { "big", ASKED_SIZE },
		{ "large", ASKED_SIZE }, { "tall", ASKED_SIZE }, { "high", ASKED_SIZE },
		{ "come", ASKED_WHY } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_eqz(next, kinds[i].word))
			return kinds[i].asked;
	return ASKED_OPEN;
}

static bool
is_one_of(struct slice word, const char *const *list)
{
	for (; *list; list++)
		if (slice_eqz(word, *list))
			return true;
	return false;
}

/* The question word at the head, behind what is said for politeness. */
static enum asked
asked_of(const struct gate_text *t)
{
	static const char *const polite[] = { "please", "can", "could", "would", "you", "tell",
		"me", "i", "want", "need", "to", "know", "would", "like", "hi", "hello", "hey",
		"so", "ok", "and", "but", "do", "find", "out", "explain", "us", NULL };
	static const char *const times[] = { "time", "date", "year", "day", "month", NULL };

	for (size_t i = 0; i < t->word_count && i < 12; i++) {
		struct slice w = t->words[i].text;
		struct slice next = i + 1 < t->word_count ? t->words[i + 1].text : SLICE("");

		if (slice_eqz(w, "who") || slice_eqz(w, "whose") || slice_eqz(w, "whom") ||
		    slice_eqz(w, "who's"))
			return ASKED_WHO;
		if (slice_eqz(w, "when"))
			return ASKED_TIME;
		if (slice_eqz(w, "where"))
			return ASKED_WHERE;
		if (slice_eqz(w, "why"))
			return ASKED_WHY;
		if (slice_eqz(w, "how"))
			return asked_how(next);
		if (slice_eqz(w, "what") || slice_eqz(w, "which"))
			return is_one_of(next, times) ? ASKED_TIME : ASKED_OPEN;
		if (!is_one_of(w, polite))
			break;
	}
	return ASKED_OPEN;
}

const struct gate_text *
gate_read(struct slice text, struct arena *a)
{
	struct gate_text *t = arena_zero(a, 1, sizeof(*t));

	t->plain = unicode_nfkc(arena_copy(a, text), a);
	t->folded = gate_fold(t->plain, a);
	/* no chunk gives more than one of each for each of its bytes */
	t->words = arena_zero(a, t->plain.len + 1, sizeof(*t->words));
	t->numbers = arena_zero(a, 2 * t->plain.len + 2, sizeof(*t->numbers));
	t->codes = arena_zero(a, t->plain.len + 1, sizeof(*t->codes));
	t->quotes = arena_zero(a, t->plain.len + 1, sizeof(*t->quotes));
	t->script = main_script(t->plain);
	gate_scan(t, a);
	t->asked = asked_of(t);
	return t;
}

static bool
numbers_within(const struct gate_text *a, const struct gate_text *b, bool soft)
{
	for (size_t i = 0; i < a->number_count; i++) {
		size_t here = 0, there = 0;

		if (a->numbers[i].soft != soft)
			continue;
		for (size_t k = 0; k < a->number_count; k++)
			here += slice_eq(a->numbers[k].text, a->numbers[i].text);
		for (size_t k = 0; k < b->number_count; k++)
			there += slice_eq(b->numbers[k].text, a->numbers[i].text);
		if (there == 0 || (!soft && there != here))
			return false;
	}
	return true;
}

static bool
has_soft(const struct gate_text *t)
{
	for (size_t i = 0; i < t->number_count; i++)
		if (t->numbers[i].soft)
			return true;
	return false;
}

static bool
numbers_conflict(const struct gate_text *a, const struct gate_text *b)
{
	if (!numbers_within(a, b, false) || !numbers_within(b, a, false))
		return true;
	return has_soft(a) && has_soft(b) &&
	       !(numbers_within(a, b, true) && numbers_within(b, a, true));
}

static bool
units_conflict(uint64_t a, uint64_t b)
{
	uint64_t left = a & ~b;

	while (left) {
		unsigned unit = (unsigned)__builtin_ctzll(left);
		uint64_t kind = gate_unit_kind(unit);

		/* the other has this kind too, and none that says the same */
		if (b & kind & ~a)
			return true;
		left &= ~kind;
	}
	return false;
}

static bool
days_conflict(const struct gate_text *a, const struct gate_text *b)
{
	if (a->days != b->days)
		return true;
	return a->days_now && b->days_now && (a->days_now & b->days_now) == 0;
}

static bool
has_word(const struct gate_text *t, const struct gate_word *w)
{
	for (size_t i = 0; i < t->word_count; i++)
		if (slice_eq(t->words[i].stem, w->stem) || slice_eq(t->words[i].text, w->text))
			return true;
	return false;
}

static bool
opposites_conflict(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->word_count; i++) {
		if (has_word(b, &a->words[i]))
			continue;
		for (size_t k = 0; k < b->word_count; k++)
			if (gate_opposite(a->words[i].text, b->words[k].text) &&
			    !has_word(a, &b->words[k]))
				return true;
	}
	return false;
}

static bool
names_within(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->word_count; i++) {
		const struct gate_word *w = &a->words[i];
		bool found = !(w->flags & WORD_NAME) || has_word(b, w);

		for (size_t k = 0; k < b->word_count && !found; k++)
			found = gate_same_place(w->text, b->words[k].text) ||
				gate_same_place(w->stem, b->words[k].text);
		if (!found)
			return false;
	}
	return true;
}

static bool
within(struct slice text, struct slice part)
{
	return part.len == 0 ||
	       (text.len >= part.len && memmem(text.ptr, text.len, part.ptr, part.len));
}

static bool
codes_within(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->code_count; i++)
		if (!within(b->plain, a->codes[i]) && !within(b->folded, a->codes[i]))
			return false;
	return true;
}

static bool
quotes_within(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->quote_count; i++)
		if (!within(b->folded, a->quotes[i]))
			return false;
	return true;
}

static size_t
place_of(const struct gate_text *t, const struct gate_word *w)
{
	for (size_t i = 0; i < t->word_count; i++)
		if (slice_eq(t->words[i].stem, w->stem))
			return i;
	return SIZE_MAX;
}

/* Words between two others that say which is which: not those that join equals. */
static bool
tells_order(const struct gate_word *w)
{
	static const char *const directed[] = { "to", "into", "from", "than", "over", "by",
		"before", "after", "against", "is", "are", "was", "has", "if", NULL };

	return !(w->flags & WORD_STOP) || is_one_of(w->text, directed);
}

static bool
shares_link(const struct gate_text *a, size_t a1, size_t a2, const struct gate_text *b,
    size_t b1, size_t b2)
{
	for (size_t i = a1 + 1; i < a2; i++)
		for (size_t k = b1 + 1; k < b2; k++)
			if (slice_eq(a->words[i].stem, b->words[k].stem) &&
			    tells_order(&a->words[i]))
				return true;
	return false;
}

/* Said in the passive voice, the order is the other way round by itself. */
static bool
has_by(const struct gate_text *t, size_t from, size_t to)
{
	for (size_t i = from + 1; i < to; i++)
		if (slice_eqz(t->words[i].text, "by"))
			return true;
	return false;
}

#define REACH 6    /* words between two that a link still holds together */
#define ALIKE 0.7F /* share of words: two that differ in order alone have all in common */

/* Two words stand the other way round, with the same link between them. */
static bool
order_conflict(const struct gate_text *a, const struct gate_text *b)
{
	if (gate_overlap(a, b) < ALIKE)
		return false;
	for (size_t i = 0; i < a->word_count; i++) {
		size_t x, y;

		if (a->words[i].flags & WORD_STOP ||
		    (x = place_of(b, &a->words[i])) == SIZE_MAX)
			continue;
		for (size_t k = i + 2; k < a->word_count && k < i + REACH; k++) {
			if (a->words[k].flags & WORD_STOP ||
			    slice_eq(a->words[i].stem, a->words[k].stem) ||
			    (y = place_of(b, &a->words[k])) == SIZE_MAX || y >= x ||
			    x - y >= REACH || has_by(a, i, k) != has_by(b, y, x))
				continue;
			if (shares_link(a, i, k, b, y, x))
				return true;
		}
	}
	return false;
}

/* What stands behind a preposition of direction: its first word of meaning. */
static size_t
behind(const struct gate_text *t, size_t at)
{
	for (size_t i = at + 1; i < t->word_count && i < at + 5; i++)
		if (!(t->words[i].flags & WORD_STOP))
			return i;
	return SIZE_MAX;
}

static bool
is_from(struct slice w)
{
	return slice_eqz(w, "from");
}

static bool
is_to(struct slice w)
{
	return slice_eqz(w, "to") || slice_eqz(w, "into") || slice_eqz(w, "onto") ||
	       slice_eqz(w, "toward") || slice_eqz(w, "towards");
}

/* From X here, to X there. */
static bool
roles_conflict(const struct gate_text *a, const struct gate_text *b)
{
	for (size_t i = 0; i < a->word_count; i++) {
		size_t x, y;

		if (!is_from(a->words[i].text) || (x = behind(a, i)) == SIZE_MAX)
			continue;
		for (size_t k = 0; k < b->word_count; k++)
			if (is_to(b->words[k].text) && (y = behind(b, k)) != SIZE_MAX &&
			    slice_eq(a->words[x].stem, b->words[y].stem))
				return true;
	}
	return false;
}

/* The same words but for two that stand in each other's place. */
static bool
swap_conflict(const struct gate_text *a, const struct gate_text *b)
{
	size_t at[2], moved = 0;

	if (a->word_count != b->word_count)
		return false;
	for (size_t i = 0; i < a->word_count; i++) {
		if (slice_eq(a->words[i].text, b->words[i].text))
			continue;
		if (moved == 2)
			return false;
		at[moved++] = i;
	}
	return moved == 2 && at[1] > at[0] + 1 &&
	       slice_eq(a->words[at[0]].text, b->words[at[1]].text) &&
	       slice_eq(a->words[at[1]].text, b->words[at[0]].text);
}

enum gate
gate_conflict(const struct gate_text *a, const struct gate_text *b)
{
	if (a->script != b->script && a->script && b->script)
		return GATE_LANGUAGE;
	if (a->language && b->language && a->language != b->language)
		return GATE_LANGUAGE;
	if (numbers_conflict(a, b))
		return GATE_NUMBER;
	if (units_conflict(a->units, b->units))
		return GATE_UNIT;
	if (days_conflict(a, b))
		return GATE_DATE;
	if (a->negated != b->negated)
		return GATE_NEGATION;
	if (!codes_within(a, b) || !codes_within(b, a))
		return GATE_CODE;
	if (!quotes_within(a, b) || !quotes_within(b, a))
		return GATE_QUOTE;
	if (!names_within(a, b) || !names_within(b, a))
		return GATE_NAME;
	if (a->asked && b->asked && a->asked != b->asked)
		return GATE_QUESTION;
	if (opposites_conflict(a, b))
		return GATE_OPPOSITE;
	if (order_conflict(a, b) || roles_conflict(a, b) || roles_conflict(b, a) ||
	    swap_conflict(a, b))
		return GATE_DIRECTION;
	return GATE_NONE;
}

const char *
gate_name(enum gate gate)
{
	static const char *const names[GATES] = { "none", "number", "unit", "date", "negation",
		"opposite", "name", "code", "quote", "direction", "language", "question" };

	return names[gate];
}

float
gate_overlap(const struct gate_text *a, const struct gate_text *b)
{
	size_t common = 0, only = 0;

	for (size_t i = 0; i < a->word_count; i++)
		if (!(a->words[i].flags & WORD_STOP)) {
			if (has_word(b, &a->words[i]))
				common++;
			else
				only++;
		}
	for (size_t i = 0; i < b->word_count; i++)
		only += !(b->words[i].flags & WORD_STOP) && !has_word(a, &b->words[i]);
	return common + only ? (float)common / (float)(common + only) : 1;
}

static bool
looks_like_code(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr("`{};=\\", text.ptr[i]) ||
		    (text.ptr[i] == '\n' && i + 1 < text.len && strchr(" \t", text.ptr[i + 1])))
			return true;
	return false;
}

static bool
is_soft_mark(uint32_t c)
{
	return (c < 0x80 && strchr(".,;:!?\"'()[]", (int)c)) || (c >= 0x2018 && c <= 0x201f) ||
	       c == 0x2026 || c == 0xab || c == 0xbb || c == 0xbf || c == 0xa1 || c == 0x3002 ||
	       c == 0x3001;
}

static bool
is_blank(uint32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0 || c == 0x2028 || c == 0x2029 ||
	       c == 0x3000;
}

/* The chunk without soft marks at its edges, behind one blank. */
static void
fold_chunk(struct slice chunk, struct buf *out)
{
	struct slice rest = chunk, last;
	size_t begin = SIZE_MAX, end = 0;

	while (rest.len) {
		size_t at = (size_t)(rest.ptr - chunk.ptr);

		last = rest;
		if (!is_soft_mark(unicode_next(&rest))) {
			begin = begin == SIZE_MAX ? at : begin;
			end = (size_t)(last.ptr - chunk.ptr) + (last.len - rest.len);
		}
	}
	if (begin == SIZE_MAX)
		return;
	if (out->len)
		buf_add_byte(out, ' ');
	buf_add(out, slice_of(chunk.ptr + begin, end - begin));
}

struct slice
gate_fold(struct slice text, struct arena *a)
{
	struct buf out = { 0 };
	struct slice rest, chunk, result;

	if (looks_like_code(text))
		return arena_copy(a, slice_trim(text));
	for (rest = unicode_fold(text, a); rest.len;) {
		struct slice before = rest;

		chunk = slice_of(rest.ptr, 0);
		while (rest.len && !is_blank(unicode_next(&rest))) {
			chunk.len += before.len - rest.len;
			before = rest;
		}
		fold_chunk(chunk, &out);
	}
	result = arena_copy(a, buf_slice(&out));
	buf_free(&out);
	return result;
}
