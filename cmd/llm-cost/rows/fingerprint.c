/* SPDX-License-Identifier: MIT */
#include "fingerprint.h"

#include "base/digest.h"
#include "text/unicode.h"

#define DIGEST_BYTES 8
#define SAMPLE 60 /* characters */
#define WORDS 100
#define NAME_SHARE 4 /* names are folded while at most one word in so many looks like one */

void
fingerprint_text(struct slice text, struct buf *out)
{
	unsigned char digest[DIGEST_SIZE];
	char hex[2 * DIGEST_BYTES + 1];

	digest_of(text, digest);
	digest_hex(digest, DIGEST_BYTES, hex);
	buf_add(out, slice_of(hex, 2 * DIGEST_BYTES));
}

/* The head of text on one line. */
static void
add_sample(struct slice text, struct buf *out)
{
	bool blank = true;
	size_t n = 0;
	char utf8[4];

	buf_add_byte(out, ' ');
	while (text.len && n < SAMPLE) {
		uint32_t c = unicode_next(&text);
		bool space = unicode_class(c) == UNICODE_SPACE || c < 0x20 || c == 0x7F;

		if (space && blank)
			continue;
		blank = space;
		if (space)
			buf_add_byte(out, ' ');
		else
			buf_add(out, slice_of(utf8, unicode_put(c, utf8)));
		n++;
	}
	if (slice_trim(text).len)
		buf_add(out, SLICE("\xE2\x80\xA6"));
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
}

struct gather {
	struct arena *arena;
	struct buf text;
	enum part_kind kind;
	size_t turn;
};

static void
gather_part(void *context, const struct part *part)
{
	struct gather *g = context;
	struct slice text = json_string(part->text, g->arena);

	if (part->kind != g->kind || !text.ptr)
		return;
	/* of user messages the last one */
	if (g->kind == PART_USER && part->turn != g->turn)
		buf_clear(&g->text);
	g->turn = part->turn;
	if (g->text.len)
		buf_add_byte(&g->text, '\n');
	buf_add(&g->text, text);
}

bool
fingerprint_prompt(const struct request *r, bool with_text, struct arena *a, struct buf *out)
{
	struct gather g = { .arena = a, .kind = PART_SYSTEM };
	struct slice tools = json_raw(request_tools(r));
	size_t system;

	request_parts(r, gather_part, &g);
	system = g.text.len;
	if (tools.ptr) {
		buf_add_byte(&g.text, '\0');
		buf_add(&g.text, tools);
	}
	if (g.text.len) {
		fingerprint_text(buf_slice(&g.text), out);
		if (with_text)
			add_sample(
			    system ? slice_take(buf_slice(&g.text), system) : tools, out);
	}
	buf_free(&g.text);
	return system || tools.ptr;
}

bool
fingerprint_pattern(const struct request *r, bool with_text, struct arena *a, struct buf *out)
{
	struct gather g = { .arena = a, .kind = PART_USER };
	struct buf folded = { 0 };
	bool found;

	request_parts(r, gather_part, &g);
	found = g.text.len > 0;
	if (found) {
		fingerprint_fold(buf_slice(&g.text), WORDS, a, &folded);
		fingerprint_text(buf_slice(&folded), out);
		if (with_text)
			add_sample(buf_slice(&folded), out);
	}
	buf_free(&folded);
	buf_free(&g.text);
	return found;
}

struct word {
	struct slice gap, text, folded;
	bool digit, begins, capital;
};

static bool
ends_sentence(struct slice gap)
{
	for (size_t i = 0; i < gap.len; i++)
		if (gap.ptr[i] && strchr(".!?:\n", gap.ptr[i]))
			return true;
	return false;
}

static bool
has_digit(struct slice word)
{
	while (word.len)
		if (unicode_class(unicode_next(&word)) == UNICODE_NUMBER)
			return true;
	return false;
}

/* Begins with a capital and goes on in small letters. */
static bool
looks_like_name(struct slice word, struct slice folded)
{
	if (!word.len || !folded.len || unicode_next(&word) == unicode_next(&folded))
		return false;
	return word.len && slice_eq(word, folded);
}

static bool
next_word(struct slice *rest, bool first, struct arena *a, struct word *w)
{
	const char *from = rest->ptr;

	if (!unicode_word(rest, &w->text))
		return false;
	w->gap = slice_of(from, (size_t)(w->text.ptr - from));
	w->folded = unicode_fold(w->text, a);
	w->digit = has_digit(w->text);
	w->begins = first || ends_sentence(w->gap);
	w->capital = !w->begins && looks_like_name(w->text, w->folded);
	return true;
}

static bool
names_are_rare(struct slice text, size_t words, struct arena *a)
{
	size_t names = 0, n = 0;
	struct word w;

	for (; n < words && next_word(&text, n == 0, a, &w); n++)
		names += w.capital;
	return names * NAME_SHARE <= n;
}

static char
mark_of(struct slice gap)
{
	gap = slice_trim(gap);
	return gap.len ? gap.ptr[0] : ' ';
}

/* True where the words are joined: no blank between them. */
static bool
is_tight(struct slice gap)
{
	for (size_t i = 0; i < gap.len; i++)
		if (strchr(" \t\r\n", gap.ptr[i]))
			return false;
	return true;
}

/* The rest of an address behind its first word: up to the next blank. */
static bool
skip_address(struct slice *rest)
{
	size_t end = 0;
	struct slice token;

	while (end < rest->len && !strchr(" \t\r\n", rest->ptr[end]))
		end++;
	token = slice_take(*rest, end);
	if (!slice_starts(token, SLICE("://")) && !slice_starts(token, SLICE("@")))
		return false;
	*rest = slice_drop(*rest, end);
	return true;
}

static void
add_word(struct buf *out, const struct word *w, struct slice text)
{
	char mark = mark_of(w->gap);

	if (out->len && mark != ' ' && (unsigned char)mark < 0x80)
		buf_add_byte(out, mark);
	if (out->len && !is_tight(w->gap))
		buf_add_byte(out, ' ');
	buf_add(out, text);
}

void
fingerprint_fold(struct slice text, size_t words, struct arena *a, struct buf *out)
{
	bool fold_names = names_are_rare(text, words, a);
	char last = '\0';
	struct word w;

	for (size_t n = 0; n < words && next_word(&text, n == 0, a, &w); n++) {
		char kind = w.digit ? '#' : fold_names && w.capital ? '@' : 'w';

		if (skip_address(&text)) {
			add_word(out, &w, SLICE("<address>"));
			kind = 'a';
		} else if (kind == '#' && last == '#' && is_tight(w.gap)) {
			continue; /* 2026-11-21, 12.50: one number */
		} else if (kind == '@' && last == '@' && mark_of(w.gap) == ' ') {
			continue; /* first and last name */
		} else if (kind == 'w') {
			add_word(out, &w, w.folded);
		} else {
			add_word(out, &w, kind == '#' ? SLICE("#") : SLICE("@"));
		}
		last = kind;
	}
}
