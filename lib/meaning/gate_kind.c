/* SPDX-License-Identifier: MIT */
#include <ctype.h>

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

enum script
gate_script(struct slice text)
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
		{ "come", ASKED_WHY }, { "do", ASKED_MANNER }, { "to", ASKED_MANNER },
		{ "should", ASKED_MANNER }, { "does", ASKED_MANNER }, { "did", ASKED_MANNER },
		{ "can", ASKED_MANNER }, { "could", ASKED_MANNER }, { "is", ASKED_MANNER },
		{ "are", ASKED_MANNER } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_eqz(next, kinds[i].word))
			return kinds[i].asked;
	return ASKED_OPEN;
}

enum asked
gate_asked(const struct gate_text *t)
{
	static const char polite[] = "please can could would you tell me i want need to know "
				     "like hi hello hey so ok and but do find out explain us";

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
			return gate_in_row("time date year day month", next) ? ASKED_TIME
									     : ASKED_OPEN;
		if (!gate_in_row(polite, w))
			break;
	}
	return ASKED_OPEN;
}

static bool
asks_state(struct slice verb, struct slice subject)
{
	if (gate_in_row("is are", verb))
		return !gate_in_row("it you this that", subject);
	if (gate_in_row("do have", verb))
		return gate_in_row("i we they", subject);
	return gate_in_row("did does has was were am didn't doesn't hasn't wasn't", verb);
}

static bool
is_past(const struct gate_word *w)
{
	return gate_in_row("did didn't", w->text) && gate_in_row("i you we", w[1].text);
}

/* Can you do it; not: can you tell me. */
static bool
asks_favour(const struct gate_text *t, size_t head)
{
	const struct gate_word *w = &t->words[head];

	return head + 2 < t->word_count && gate_in_row("can could would will", w->text) &&
	       slice_eqz(w[1].text, "you") &&
	       !gate_in_row(
		   "tell say show check see find explain help please let give be", w[2].text);
}

/* Is there a way to do it: how is it done. */
static bool
is_way(const struct gate_text *t, size_t from)
{
	for (size_t i = from; i < t->word_count && i < from + 3; i++)
		if (gate_in_row(
			"way ways chance possibility option anything", t->words[i].text))
			return true;
	return false;
}

enum modal
gate_modal(const struct gate_text *t)
{
	const struct gate_word *w = t->words;

	if (t->word_count < 3)
		return MODAL_NONE;
	if (gate_in_row("can could may", w->text) && gate_in_row("i we", w[1].text))
		return MODAL_MAY;
	if (slice_eqz(w->text, "must"))
		return MODAL_MUST;
	if (!gate_in_row("do does", w->text) || !gate_in_row("i we", w[1].text))
		return MODAL_NONE;
	for (size_t i = 2; i < t->word_count && i < 5; i++)
		if (slice_eqz(w[i].text, "need") ||
		    (slice_eqz(w[i].text, "have") && i + 1 < t->word_count &&
			slice_eqz(w[i + 1].text, "to")))
			return MODAL_MUST;
	return MODAL_NONE;
}

enum form
gate_form(const struct gate_text *t)
{
	static const char before[] = "please hi hello hey so ok and but also just";
	static const char asks[] =
	    "what what's which how how's why when where who who's whose whom if whether know "
	    "tell explain show check see find wonder wondering ask asking help can can't could "
	    "would will should";
	size_t head = 0;

	while (head + 1 < t->word_count && gate_in_row(before, t->words[head].text))
		head++;
	if (head + 1 >= t->word_count)
		return FORM_OPEN;
	if (is_past(&t->words[head]))
		return FORM_PAST;
	if (asks_favour(t, head))
		return FORM_FAVOUR;
	if (asks_state(t->words[head].text, t->words[head + 1].text))
		return is_way(t, head + 2) ? FORM_OPEN : FORM_STATE;
	if (memchr(t->plain.ptr, '?', t->plain.len) ||
	    gate_in_row("do does is are may have might", t->words[head].text))
		return FORM_OPEN;
	for (size_t i = 0; i < t->word_count && i < 12; i++)
		if (gate_in_row(asks, t->words[i].text))
			return FORM_OPEN;
	return FORM_TELL;
}

/* Words that a title leaves small. */
static bool
stays_small(struct slice w)
{
	return gate_in_row("a an the and or but of in on at to for from by with as vs", w);
}

bool
gate_is_titled(struct slice s)
{
	size_t words = 0, capitals = 0;

	for (size_t i = 0, n; i < s.len; i += n + 1) {
		struct slice word = slice_drop(s, i);

		for (n = 0;
		     n < word.len && (gate_word_byte(word.ptr[n]) || word.ptr[n] == '\'');)
			n++;
		word = slice_take(word, n);
		if (!n || !isalpha((unsigned char)word.ptr[0]))
			continue;
		words++;
		if (isupper((unsigned char)word.ptr[0]))
			capitals++;
		else if (!stays_small(word))
			return false;
	}
	return words >= 4 && capitals * 3 > words * 2;
}
