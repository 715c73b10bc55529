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

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || is_high(c);
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

static bool
is_mixed(struct slice s)
{
	bool letter = false, digit = false;

	for (size_t i = 0; i < s.len; i++) {
		letter |= isalpha((unsigned char)s.ptr[i]) != 0;
		digit |= isdigit((unsigned char)s.ptr[i]) != 0;
	}
	return letter && digit;
}

static bool
has(struct slice s, const char *what)
{
	struct slice w = slice_z(what);

	return s.len >= w.len && memmem(s.ptr, s.len, w.ptr, w.len);
}

/* What stands behind the bracket of "day(s)". */
static bool
is_plural(struct slice s)
{
	while (s.len && !isalpha((unsigned char)s.ptr[s.len - 1]))
		s.len--;
	return slice_eqz(s, "s") || slice_eqz(s, "es") || s.len == 0;
}

/* Does a chunk look like code, an address, a path, an identifier? */
static bool
is_code(struct slice s)
{
	static const char *const signs[] = { "://", "()", "::", "->", "=>",
		"==", "!=", "<=", ">=", "&&", "||", "\\", "{", "}", "</", "/>", "+=", "[]",
		"$(", "#!" };
	bool small = false;

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (has(s, signs[i]))
			return true;
	if (s.len > 2 && s.ptr[0] == '-' &&
	    (s.ptr[1] == '-' || isalpha((unsigned char)s.ptr[1])))
		return true;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i], next = i + 1 < s.len ? s.ptr[i + 1] : ' ';

		if ((c == '_' || c == '@' || c == '=' || c == '<' || c == '>') && s.len > 1)
			return true;
		/* name.txt, but no sentence without a blank behind it.Like this */
		if (c == '.' && i && is_word_byte(s.ptr[i - 1]) &&
		    isalpha((unsigned char)next) && s.len > 4 &&
		    !(isupper((unsigned char)next) && islower((unsigned char)s.ptr[i - 1])))
			return true;
		if (c == '(' && i && is_word_byte(s.ptr[i - 1]) &&
		    !is_plural(slice_drop(s, i + 1)))
			return true;
		if (c == '/' && (i == 0 || next == '.') && s.len > 2)
			return true;
		/* camelCase, but McDonald and iPhone are names */
		small |= islower((unsigned char)c) != 0;
		if (i > 2 && small && islower((unsigned char)s.ptr[i - 1]) &&
		    isupper((unsigned char)c) && islower((unsigned char)s.ptr[0]))
			return true;
	}
	return s.len > 1 && (s.ptr[s.len - 1] == '+' || s.ptr[s.len - 1] == '#') &&
	       isalpha((unsigned char)s.ptr[0]);
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
	/* "g" is a letter, and behind a number a unit */
	if (text.len > 1 || r->numbered)
		add_unit(r, l->unit, r->numbered || counted);
	if (l->day >= 0 && gate_day_sure(l->day, text, capital && !r->starts, r->numbered)) {
		if (l->day_soft)
			t->days_now |= UINT64_C(1) << l->day;
		else
			t->days |= UINT64_C(1) << l->day;
	} else if ((l->name && !l->stop) ||
		   (capital && !r->starts && raw.len > 1 && !l->stop && l->day < 0)) {
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

/* A chunk that begins with a digit, perhaps behind a sign for money: number, then unit. */
static void
add_digits(struct reader *r, struct slice s)
{
	struct slice number = s, unit;
	size_t n = 0;

	while (n < s.len && (isdigit((unsigned char)s.ptr[n]) ||
				(strchr(".,:/-", s.ptr[n]) && n + 1 < s.len &&
				    isdigit((unsigned char)s.ptr[n + 1]))))
		n++;
	number.len = n;
	unit = lower(slice_drop(s, n), r->arena);
	end_sum(r);
	add_number(r, number_text(number, r->arena), false);
	add_unit(r, r->money, true);
	r->money = -1;
	r->numbered = true;
	r->starts = false;
	if (unit.len == 0 || slice_eqz(unit, "st") || slice_eqz(unit, "nd") ||
	    slice_eqz(unit, "rd") || slice_eqz(unit, "th") || slice_eqz(unit, "s"))
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
	size_t n;

	for (n = 0; n < s.len; n++)
		if (is_word_byte(s.ptr[n]))
			break;
	for (s = slice_drop(s, n); s.len;) {
		for (n = 0; n < s.len; n++)
			if (!is_word_byte(s.ptr[n]) &&
			    !(s.ptr[n] == '\'' && n + 1 < s.len && is_word_byte(s.ptr[n + 1])))
				break;
		word = slice_take(s, n);
		if (word.len)
			add_word(r, word);
		s = slice_drop(s, n ? n : 1);
	}
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

	if (s.len == 1 && r->numbered && strchr("+-*/^<>=%", s.ptr[0])) {
		add_code(r, s);
		return;
	}
	while (s.len && is_edge(s.ptr[0]) && !(s.ptr[0] == '<' && s.len > 2) &&
	       !(s.ptr[0] == '{' && s.len > 2))
		s = slice_drop(s, 1);
	while (s.len && is_edge(s.ptr[s.len - 1]) && !slice_ends(s, SLICE("()")) &&
	       !(s.ptr[s.len - 1] == '>' && has(s, "<")) &&
	       !(s.ptr[s.len - 1] == '}' && has(s, "{")))
		s.len--;
	if (s.len == 0) {
		r->starts |= ends;
		return;
	}
	bare = sign_off(r, s);
	if (isdigit((unsigned char)bare.ptr[0]))
		add_digits(r, bare);
	else if (s.len == 1 && !isalpha((unsigned char)s.ptr[0]) && gate_lexeme(s)->unit >= 0)
		add_unit(r, gate_lexeme(s)->unit, r->numbered);
	else if (is_code(s) && !slice_eqz(s, "e.g") && !slice_eqz(s, "i.e"))
		add_code(r, s);
	else if (is_mixed(s))
		add_code(r, lower(s, r->arena));
	else
		add_words(r, s);
	if (ends)
		r->starts = true;
}

/* A quoted run at the front: its inside, and how many bytes it takes; 0 if there is none. */
static size_t
quoted(struct slice s, bool after_blank, struct slice *inside)
{
	static const char *const marks[][2] = { { "\"", "\"" },
		{ "\xe2\x80\x9c", "\xe2\x80\x9d" }, { "\xe2\x80\x9e", "\xe2\x80\x9c" },
		{ "\xc2\xab", "\xc2\xbb" }, { "'", "'" }, { "\xe2\x80\x98", "\xe2\x80\x99" } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		struct slice open = slice_z(marks[i][0]), close = slice_z(marks[i][1]);
		struct slice rest;

		if (!slice_starts(s, open) || (i >= 4 && !after_blank))
			continue;
		rest = slice_drop(s, open.len);
		for (size_t n = 1; n < rest.len && n < 2000; n++) {
			struct slice tail = slice_drop(rest, n);
			char next = tail.len > close.len ? tail.ptr[close.len] : ' ';

			if (slice_starts(tail, close) && (i < 4 || !is_word_byte(next))) {
				*inside = slice_take(rest, n);
				return open.len + n + close.len;
			}
		}
	}
	return 0;
}

static bool
is_titled(struct slice s)
{
	size_t words = 0, capitals = 0;
	bool inside = false;

	for (size_t i = 0; i < s.len; i++) {
		bool letter = isalpha((unsigned char)s.ptr[i]) != 0;

		if (letter && !inside) {
			words++;
			capitals += isupper((unsigned char)s.ptr[i]) != 0;
		}
		inside = is_word_byte(s.ptr[i]) || s.ptr[i] == '\'';
	}
	return words >= 4 && capitals * 3 > words * 2;
}

static size_t
code_span(struct slice s, struct slice *inside)
{
	size_t ticks = 0;

	while (ticks < s.len && s.ptr[ticks] == '`')
		ticks++;
	if (ticks == 0)
		return 0;
	for (size_t n = ticks; n + ticks <= s.len; n++)
		if (memcmp(s.ptr + n, s.ptr, ticks) == 0) {
			*inside = slice_trim(slice_of(s.ptr + ticks, n - ticks));
			return n + ticks;
		}
	return 0;
}

void
gate_scan(struct gate_text *t, struct arena *a)
{
	struct reader r = { .t = t, .arena = a, .starts = true, .money = -1, .sum = -1 };
	struct slice s = t->plain, inside;
	unsigned most = 0;
	bool blank = true;

	r.titled = is_titled(s);
	while (s.len) {
		size_t n;

		if (isspace((unsigned char)s.ptr[0])) {
			r.starts |= s.ptr[0] == '\n';
			s = slice_drop(s, 1);
			blank = true;
			continue;
		}
		if ((n = code_span(s, &inside)) > 0) {
			add_code(&r, inside);
		} else if ((n = quoted(s, blank, &inside)) > 0) {
			t->quotes[t->quote_count++] = gate_fold(inside, a);
		} else {
			while (n < s.len && !isspace((unsigned char)s.ptr[n]) &&
			       (n == 0 || s.ptr[n] != '`'))
				n++;
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
