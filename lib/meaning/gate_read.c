/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "meaning/gate_parts.h"
#include "text/unicode.h"

/* A walk over the text: one chunk between blanks after the other. */
struct reader {
	struct gate_text *t;
	struct arena *arena;
	bool starts;   /* a sentence begins here */
	bool titled;   /* capitals mean nothing in this text */
	bool numbered; /* the chunk before was a number */
	int money;     /* unit of the sign in front of the next number, or -1 */
	int64_t sum;   /* of number words in a row, -1: none */
	bool sum_soft;
	struct slice negator; /* a word that denies, not yet counted */
	unsigned since;       /* words after it */
	bool own;             /* it belongs to "I" */
	unsigned languages[GATE_LANGUAGES];
};

static bool
is_high(char c)
{
	return (unsigned char)c >= 0x80;
}

static struct slice
lower(struct slice s, struct arena *a)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_high(s.ptr[i]))
			return unicode_fold(s, a);
	if (s.len) {
		struct slice copy = arena_copy(a, s);
		char *p = arena_alloc(a, s.len);

		for (size_t i = 0; i < s.len; i++)
			p[i] = (char)tolower((unsigned char)copy.ptr[i]);
		return slice_of(p, s.len);
	}
	return s;
}

static void
add_number(struct reader *r, struct slice text, bool soft)
{
	r->t->numbers[r->t->number_count++] = (struct gate_number){ text, -1, soft };
}

static void
end_sum(struct reader *r)
{
	if (r->sum >= 0)
		add_number(r, arena_printf(r->arena, "%lld", (long long)r->sum), r->sum_soft);
	r->sum = -1;
}

/* Twenty five, two hundred thousand. */
static void
add_number_word(struct reader *r, int64_t value, bool soft)
{
	if (r->sum > 0 && value >= 100)
		r->sum = r->sum > INT64_MAX / 1000000001 ? r->sum : r->sum * value;
	else if (r->sum >= 20 && value < r->sum)
		r->sum += value;
	else {
		end_sum(r);
		r->sum = value;
		r->sum_soft = soft;
		return;
	}
	r->sum_soft = false;
}

static void
add_code(struct reader *r, struct slice s)
{
	r->t->codes[r->t->code_count++] = s;
}

/* Digits with their separators: 1,000 and 1000 are one number, 3.00 and 3 too; but 3.10 may be
 * the version after 3.9. */
static struct slice
number_text(struct slice s, struct arena *a)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t n = 0, point = 0;

	for (size_t i = 0; i < s.len; i++) {
		bool group = s.ptr[i] == ',' && i + 3 < s.len &&
			     isdigit((unsigned char)s.ptr[i + 1]) &&
			     isdigit((unsigned char)s.ptr[i + 2]) &&
			     isdigit((unsigned char)s.ptr[i + 3]) &&
			     (i + 4 == s.len || !isdigit((unsigned char)s.ptr[i + 4]));

		if (group)
			continue;
		if (s.ptr[i] == '.')
			point = point ? SIZE_MAX : n + 1;
		out[n++] = s.ptr[i];
	}
	if (point && point != SIZE_MAX) {
		size_t end = n;

		while (end > point && out[end - 1] == '0')
			end--;
		if (end == point)
			n = end - 1;
	}
	return slice_of(out, n);
}

/* The unit of the last number where it stands right behind it. */
static void
add_unit(struct reader *r, int unit, bool counted)
{
	if (unit < 0)
		return;
	r->t->units |= UINT64_C(1) << unit;
	if (counted)
		r->t->numbers[r->t->number_count - 1].unit = unit;
}

/* "I don't know how to", "I can't find": they ask for the same as "how do I", "where is".
 * Behind a word that denies and belongs to "I" such a word takes the denial back. */
static bool
is_plea(struct slice negator, struct slice word)
{
	static const struct {
		const char *negators, *words;
	} pleas[] = {
		{ "don't dont didn't didnt", "know understand remember see get" },
		{ "can't cant cannot couldn't couldnt", "find figure see remember understand" },
		{ "not", "sure clear certain" },
	};

	for (size_t i = 0; i < sizeof(pleas) / sizeof(*pleas); i++)
		if (gate_in_row(pleas[i].negators, negator) &&
		    gate_in_row(pleas[i].words, word))
			return true;
	return false;
}

static void
negates(struct reader *r, bool negator, struct slice word)
{
	if (r->negator.ptr) {
		if (!(r->own && is_plea(r->negator, word))) {
			if (r->since++ < 1 && !negator)
				return;
			r->t->negated = true;
		}
		r->negator = slice_z(NULL);
	}
	if (negator) {
		const struct gate_text *t = r->t;
		struct slice before =
		    t->word_count ? t->words[t->word_count - 1].text : SLICE("");

		r->negator = word;
		r->own = gate_in_row("i we i'm im am", before);
		r->since = 0;
	}
}

static bool
is_capitals(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!isupper((unsigned char)s.ptr[i]))
			return false;
	return s.len > 1;
}

static void
add_word(struct reader *r, struct slice raw)
{
	struct gate_text *t = r->t;
	struct slice text = lower(raw, r->arena);
	const struct gate_lexeme *l = gate_lexeme(text);
	bool capital = isupper((unsigned char)raw.ptr[0]) && !r->titled;
	struct gate_word w = { .text = text };
	bool counted = r->sum >= 0;

	if (slice_ends(text, SLICE("'s")) && text.len > 2)
		l = gate_lexeme(text = slice_take(text, text.len - 2));
	w.stem = gate_stem(text, r->arena);
	w.text = text;
	if (l->number >= 0 && !(l->unit >= 0 && r->numbered))
		add_number_word(r, l->number, l->number_soft);
	else
		end_sum(r);
	if (r->sum >= 0 && !r->sum_soft) {
		w.flags |= WORD_COUNT;
		w.stem = arena_printf(r->arena, "%lld", (long long)r->sum);
	}
	/* "g" is a letter, and behind a number a unit */
	if (text.len > 1 || r->numbered)
		add_unit(r, l->unit, r->numbered || counted);
	if (l->day >= 0 && gate_day_sure(l->day, text, capital && !r->starts, r->numbered)) {
		if (l->day_soft)
			t->days_now |= UINT64_C(1) << l->day;
		else
			t->days |= UINT64_C(1) << l->day;
	} else if (!(l->unit >= 0 && (r->numbered || counted)) && !l->stop &&
		   (l->name || (capital && raw.len > 1 && l->day < 0 &&
				   (!r->starts || is_capitals(raw))))) {
		w.flags |= WORD_NAME;
	} else if (capital && is_capitals(raw) && gate_in_row("us it", text)) {
		w.flags |= WORD_NAME;
	}
	negates(r, l->negates || slice_ends(text, SLICE("n't")), text);
	w.flags |= (l->stop || text.len == 1 ? WORD_STOP : 0) | (r->starts ? WORD_START : 0);
	for (unsigned i = 1; i < GATE_LANGUAGES; i++)
		r->languages[i] += l->languages >> i & 1;
	t->words[t->word_count++] = w;
	r->starts = false;
	r->numbered = false;
}

/* A sign between numbers is code, and has its place among the words. */
static void
add_sign(struct reader *r, struct slice sign)
{
	add_code(r, sign);
	r->t->words[r->t->word_count++] =
	    (struct gate_word){ .text = sign, .stem = sign, .flags = WORD_STOP };
}

/* The number that a chunk begins with, perhaps behind a sign for money; what is behind it. */
static struct slice
add_digits(struct reader *r, struct slice s)
{
	struct slice number = s;
	size_t n = 0;

	while (n < s.len && (isdigit((unsigned char)s.ptr[n]) ||
				(strchr(".,:/-", s.ptr[n]) && n + 1 < s.len &&
				    isdigit((unsigned char)s.ptr[n + 1]))))
		n++;
	end_sum(r);
	number = number_text(slice_take(s, n), r->arena);
	add_number(r, number, false);
	r->t->words[r->t->word_count++] =
	    (struct gate_word){ .text = number, .stem = number, .flags = WORD_COUNT };
	add_unit(r, r->money, true);
	r->money = -1;
	r->numbered = true;
	r->starts = false;
	return slice_drop(s, n);
}

/* A chunk that begins with a number: 5, 5km, 5+3. */
static void
add_numbers(struct reader *r, struct slice s)
{
	struct slice rest = add_digits(r, s), unit;

	while (rest.len > 1 && strchr("+*^=<>x", rest.ptr[0]) &&
	       isdigit((unsigned char)rest.ptr[1])) {
		add_sign(r, slice_take(rest, 1));
		s = slice_drop(rest, 1);
		rest = add_digits(r, s);
	}
	unit = lower(rest, r->arena);
	if (unit.len == 0 || gate_in_row("st nd rd th s", unit))
		return;
	if (gate_lexeme(unit)->unit >= 0)
		add_unit(r, gate_lexeme(unit)->unit, true);
	else
		add_code(r, lower(s, r->arena));
}

/* Takes a sign for money or a minus in front of digits off. */
static struct slice
sign_off(struct reader *r, struct slice s)
{
	static const char *const signs[] = { "$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5" };

	for (size_t i = 0; i < 4; i++)
		if (slice_starts(s, slice_z(signs[i])) && s.len > strlen(signs[i]) &&
		    isdigit((unsigned char)s.ptr[strlen(signs[i])])) {
			r->money = gate_lexeme(slice_z(signs[i]))->unit;
			return slice_drop(s, strlen(signs[i]));
		}
	if (s.len > 1 && s.ptr[0] == '-' && isdigit((unsigned char)s.ptr[1])) {
		add_number(r, SLICE("-"), false);
		return slice_drop(s, 1);
	}
	return s;
}

static void
add_words(struct reader *r, struct slice s)
{
	struct slice word;
	bool hyphen = false;
	size_t n;

	for (n = 0; n < s.len; n++)
		if (gate_word_byte(s.ptr[n]))
			break;
	for (s = slice_drop(s, n); s.len;) {
		for (n = 0; n < s.len; n++)
			if (!gate_word_byte(s.ptr[n]) && !(s.ptr[n] == '\'' && n + 1 < s.len &&
							     gate_word_byte(s.ptr[n + 1])))
				break;
		word = slice_take(s, n);
		if (word.len)
			add_word(r, word);
		/* sugar-free */
		if (hyphen && slice_eqz(word, "free"))
			negates(r, true, word);
		hyphen = n < s.len && s.ptr[n] == '-';
		s = slice_drop(s, n ? n : 1);
	}
}

/* U.S and p.m are US and pm; else NULL. */
static struct slice
initials(struct slice s, struct arena *a)
{
	char *out = arena_alloc(a, s.len);

	for (size_t i = 0; i < s.len; i++)
		if (i % 2 ? s.ptr[i] != '.' : !isalpha((unsigned char)s.ptr[i]))
			return slice_z(NULL);
	for (size_t i = 0; i < s.len; i += 2)
		out[i / 2] = s.ptr[i];
	return s.len > 2 ? slice_of(out, (s.len + 1) / 2) : slice_z(NULL);
}

static bool
is_edge(char c)
{
	return strchr("([{<\"'`.,;:!?)]}>*~|", c) != NULL;
}

/* One chunk between blanks. */
static void
add_chunk(struct reader *r, struct slice s)
{
	bool ends = s.len && strchr(".!?:", s.ptr[s.len - 1]);
	struct slice bare;

	if (s.len == 1 &&
	    (strchr("<>", s.ptr[0]) || (r->numbered && strchr("+-*/^=%", s.ptr[0])))) {
		add_sign(r, s);
		return;
	}
	while (s.len && is_edge(s.ptr[0]) && !(s.ptr[0] == '<' && s.len > 2) &&
	       !(s.ptr[0] == '{' && s.len > 2))
		s = slice_drop(s, 1);
	while (s.len && is_edge(s.ptr[s.len - 1]) && !slice_ends(s, SLICE("()")) &&
	       !(s.ptr[s.len - 1] == '>' && gate_has(s, "<")) &&
	       !(s.ptr[s.len - 1] == '}' && gate_has(s, "{")))
		s.len--;
	if (s.len == 0) {
		r->starts |= ends;
		return;
	}
	bare = initials(s, r->arena);
	if (bare.ptr)
		s = bare;
	bare = sign_off(r, s);
	if (isdigit((unsigned char)bare.ptr[0]))
		add_numbers(r, bare);
	else if (s.len == 1 && !isalpha((unsigned char)s.ptr[0]) && gate_lexeme(s)->unit >= 0)
		add_unit(r, gate_lexeme(s)->unit, r->numbered);
	else if (gate_is_code(s))
		add_code(r, s);
	else if (gate_is_mixed(s))
		add_code(r, lower(s, r->arena));
	else
		add_words(r, s);
	if (ends)
		r->starts = true;
}

void
gate_scan(struct gate_text *t, struct arena *a)
{
	struct reader r = { .t = t, .arena = a, .starts = true, .money = -1, .sum = -1 };
	struct slice s = t->plain, inside;
	unsigned most = 0;
	bool blank = true;

	r.titled = gate_is_titled(s);
	while (s.len) {
		size_t n;

		if (isspace((unsigned char)s.ptr[0])) {
			r.starts |= s.ptr[0] == '\n';
			s = slice_drop(s, 1);
			blank = true;
			continue;
		}
		if ((n = gate_code_span(s, &inside)) > 0) {
			add_code(&r, inside);
		} else if ((n = gate_quoted(s, blank, &inside)) > 0) {
			t->quotes[t->quote_count++] = gate_fold(inside, a);
		} else if ((n = gate_mark(s)) == 0) {
			n = gate_chunk(s);
			add_chunk(&r, slice_take(s, n));
		}
		s = slice_drop(s, n);
		blank = false;
	}
	end_sum(&r);
	t->negated |= r.negator.ptr != NULL;
	for (unsigned i = 1; i < GATE_LANGUAGES; i++)
		if (r.languages[i] >= 2 && r.languages[i] > most) {
			most = r.languages[i];
			t->language = i;
		}
}
