/* SPDX-License-Identifier: MIT */
/* The ranking: units cover the text, sentences end where they end, budgets hold, n-grams. */
#include <stdlib.h>

#include "check.h"
#include "rank/choose.h"
#include "rank/ngram.h"
#include "rank/score.h"
#include "rank/terms.h"
#include "stats/random.h"

static struct arena arena;

static struct units
units_of(struct slice text)
{
	struct units u = { .arena = &arena };

	units_add(&u, text);
	return u;
}

static void
check_sentence(const char *text, const char *first)
{
	CHECK_SLICE(slice_take(slice_z(text), sentence_length(slice_z(text))), first);
}

static void
check_sentences(void)
{
	check_group("sentences");
	check_sentence("One is here. Two is there.", "One is here.");
	check_sentence("Mr. Smith of the U.S. Army said no. Then he left.",
	    "Mr. Smith of the U.S. Army said no.");
	check_sentence("It costs 3.50 today. Yes.", "It costs 3.50 today.");
	check_sentence("He said \"stop.\" Then he left.", "He said \"stop.\"");
	check_sentence("See e.g. the list, etc. and more", "See e.g. the list, etc. and more");
	check_sentence("Really?! Yes.", "Really?!");
	check_sentence("\xE4\xBB\x8A\xE5\xA4\xA9\xE3\x80\x82\xE6\x98\x8E\xE5\xA4\xA9",
	    "\xE4\xBB\x8A\xE5\xA4\xA9\xE3\x80\x82");
	check_sentence(RANK_MARK " Next one.", RANK_MARK);
	check_sentence("no end at all", "no end at all");
}

static void
check_kinds(void)
{
	static const char text[] =
	    "# Head\n\nFirst sentence. Second one here.\n\n- item one\n"
	    "- item two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode. More\n```\n"
	    "<doc id=\"1\">\nInside it.\n</doc>\n";
	static const enum unit_kind kinds[] = { UNIT_HEADING, UNIT_SENTENCE, UNIT_SENTENCE,
		UNIT_ITEM, UNIT_ITEM, UNIT_HEADING, UNIT_ROW, UNIT_CODE, UNIT_HEADING,
		UNIT_SENTENCE, UNIT_END };
	struct units u = units_of(slice_z(text));

	check_group("kinds");
	CHECK_NUMBER(u.count, sizeof(kinds) / sizeof(*kinds));
	for (size_t i = 0; i < u.count && i < sizeof(kinds) / sizeof(*kinds); i++)
		CHECK_NUMBER(u.list[i].kind, kinds[i]);
	CHECK_NUMBER(u.list[1].heading, 0);
	CHECK_NUMBER(u.list[6].heading, 5);
	CHECK_NUMBER(u.list[9].heading, 8);
	CHECK_NUMBER(u.list[10].heading, 8);
	CHECK_SLICE(u.list[7].text, "```\ncode. More\n```");
	u = units_of(
	    SLICE("Ann: one\nBob: two\nmore of it\nAnn: three\nBob: four\nAnn: five\n"));
	CHECK_NUMBER(u.count, 5);
	CHECK(u.list[1].kind == UNIT_TURN && u.list[1].dialogue);
	CHECK_SLICE(u.list[1].text, "Bob: two\nmore of it");
	arena_reset(&arena);
}

/* Kinds as letters, each with the number of its heading. */
static const char *
shape(const struct units *u)
{
	static const char letters[] = "sirtcRHE";
	static char out[400];
	size_t n = 0;

	for (size_t i = 0; i < u->count && n + 8 < sizeof(out); i++) {
		uint32_t h = u->list[i].heading;

		out[n++] = letters[u->list[i].kind];
		if (h != UNITS_NONE)
			n += (size_t)snprintf(out + n, 6, "%u", (unsigned)h);
		out[n++] = ' ';
	}
	out[n ? n - 1 : 0] = '\0';
	return out;
}

static void
check_shape(const char *text, const char *want)
{
	struct units u = units_of(slice_z(text));

	CHECK_SLICE(slice_z(shape(&u)), want);
	arena_reset(&arena);
}

/* What is long and stands in one block, in lines or in one line, is more than one unit. */
static void
check_blocks(void)
{
	static const char body[] = "\t/* what it does, which is told at some length, line by line */"
				   "\n\tint sum = 0;\n\n\tfor (int i = 0; i < 100; i++)\n"
				   "\t\tsum += i;\n\treturn sum;\n}\n";
	struct buf b = { 0 };
	struct slice text;

	check_group("blocks");
	for (int closed = 0; closed < 2; closed++) {
		buf_clear(&b);
		buf_add(&b, SLICE("```c\n"));
		for (int i = 0; i < 9; i++)
			buf_printf(&b, "int\nf%d(void)\n{\n%s\n", i, body);
		buf_add(&b, closed ? SLICE("```\nDone.\n") : SLICE(""));
		buf_add_byte(&b, '\0');
		check_shape(buf_slice(&b).ptr, closed ? "H c0 c0 c0 c0 c0 c0 c0 c0 c0 E0 s"
						      : "H c0 c0 c0 c0 c0 c0 c0 c0 c0");
	}
	/* a class without end: its methods */
	buf_clear(&b);
	buf_add(&b, SLICE("```\nclass A {\n"));
	for (int i = 0; i < 12; i++)
		buf_printf(&b, "\tint f%d() {\n\t\t/* as it is with the others, and long enough to be cut */\n\n"
			       "\t\tint sum = 0, next = 1, more = 2, less = 3;\n\t}\n\n", i);
	text = arena_copy(&arena, buf_slice(&b));
	CHECK_NUMBER(units_of(text).count, 13);
	/* lines of data without an empty line */
	buf_clear(&b);
	buf_add(&b, SLICE("```\n"));
	for (int i = 0; i < 90; i++)
		buf_printf(&b, "%d,some,cells,here\n", i);
	CHECK_NUMBER(units_of(arena_copy(&arena, buf_slice(&b))).count, 91);
	buf_free(&b);
	arena_reset(&arena);

	check_shape("web:\n  port: 80\n  env:\n    LOG: info\n    ZONE: a\ndb:\n  port: 81\n",
	    "H r0 H0 r2 r2 H r5");
	check_shape("name,city,age\nAnn,Rome,3\nBen,Oslo,4\nCleo,Bonn,5\nDan,Lima,6\nEve,Riga,7\n",
	    "H r0 r0 r0 r0 r0");
	check_shape("Nov  3 10:01:12 web sshd[12]: Accepted a key for ann from here. It is good\n"
		    "Nov  3 10:01:13 web sshd[13]: Accepted a key for ben from there. It is good\n"
		    "Nov  3 10:01:14 web java[14]: Failed to read\n"
		    "    at Reader.read(Reader.java:80)\n"
		    "    at Main.main(Main.java:7)\n"
		    "Nov  3 10:01:15 web sshd[15]: Accepted a key for dan from there. It is good\n",
	    "r r r r2 r2 r");
	check_shape("This is prose that is wrapped at some seventy columns, as is usual in\n"
		    "mails and in notes, and it goes on over more lines than six, of which\n"
		    "none begins with what a line of data begins with. It has, for all that,\n"
		    "a number now and then, as 12, and words behind a colon: these. It ends\n"
		    "here. The next one is on the same line, and it is the last but one of\n"
		    "all that stand here, which makes 6 lines or 7, and nothing more to say\n"
		    "than this.",
	    "s s s s s s");
	check_shape("<h2>Oslo</h2><ul><li>Rent. It is 5.</li><li>Food is 6.</li></ul><h2>Rome</h2>"
		    "<p>All is 7.</p>",
	    "H i0 i0 H i3");
	check_shape("From: Ann\nTo: Ben\nSubject: Rent\n\nIt is 5.\n\nFrom: Ben\nTo: Ann\n\nNo.\n",
	    "H s0 H s2");
	check_shape("<list>\n<item>\n  <name>a</name>\n  <price>5</price>\n</item>\n"
		    "<item>\n  <name>b</name>\n  <none/>\n</item>\n</list>\n",
	    "H i0 i0 E0");
	check_shape("Q: Is it far?\nA: No. It is near.\n\nQ: Is it dear?\nA: Yes.\n", "H s0 s0 H s3");
	check_shape("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-int a1;\n+int a2;\n"
		    "diff --git a/y b/y\n--- a/y\n+++ b/y\n",
	    "H r0 r0 r0 r0 r0 H r6 r6");
	check_shape("\u5C0F\u738B\uFF1A\u597D\u3002\u55EF\u3002\n\u5C0F\u674E\uFF1A\u55EF\u3002\n"
		    "\u5C0F\u738B\uFF1A\u55EF\u3002\n\u5C0F\u674E\uFF1A\u597D\u3002\n",
	    "t t t t");
}

/* A text of pieces that mean something to the cutter. */
static struct slice
random_text(struct random *r)
{
	static const char *const pieces[] = { "word ", "Name ", "end. ", "\n", "\n\n", "- ",
		"# ", "| a | b |\n", "|---|\n", "```\n", "<a>\n", "</a>\n", "    ", "12 ",
		"A: ", "?", "Document [1](Title: x) ", "\xC3\xA9", "\xE6\x98\x8E", RANK_MARK,
		"[", "5 rows as a table; ", "{", "\"", "\t", "From: x\n", "To: y\n", "</li>", "<h2>",
		"k:\n", "12:30 x=1\n", "a,b,c\n" };
	struct buf b = { 0 };
	struct slice s;
	uint64_t n = random_below(r, 200);

	while (n--)
		buf_add(&b, slice_z(pieces[random_below(r, sizeof(pieces) / sizeof(*pieces))]));
	s = arena_copy(&arena, buf_slice(&b));
	buf_free(&b);
	return s;
}

/* Units stand in order, overlap nowhere and hold all that is no blank. */
static bool
covers(const struct units *u, struct slice text)
{
	const char *p = text.ptr;

	for (size_t i = 0; i <= u->count; i++) {
		const char *next = i < u->count ? u->list[i].text.ptr : text.ptr + text.len;

		if (next < p)
			return false;
		for (; p < next; p++)
			if (!memchr(" \t\r\n", *p, 4))
				return false;
		if (i < u->count) {
			if (!u->list[i].text.len ||
			    (u->list[i].heading != UNITS_NONE && u->list[i].heading >= i))
				return false;
			p = next + u->list[i].text.len;
		}
	}
	return true;
}

static void
check_random(void)
{
	struct random r;
	size_t uncovered = 0, over = 0, changed = 0, headless = 0;

	check_group("random texts");
	random_open(&r, 1, 1);
	for (int round = 0; round < 3000; round++) {
		struct slice text = random_text(&r);
		struct units u = units_of(text);
		float *score = arena_zero(&arena, u.count + 1, sizeof(*score));
		uint64_t *cost = arena_zero(&arena, u.count + 1, sizeof(*cost));
		bool *keep = arena_zero(&arena, u.count + 1, 1);
		struct rank_budget b = { .total = random_below(&r, 60) + 1,
			.cost = cost,
			.mark = 1,
			.diverse = round % 2 ? .1f : 0 };
		struct rank_order order;
		struct buf out = { 0 };

		uncovered += !covers(&u, text);
		rank_score(&u, SLICE("Name of the end 12"), rank_weights_for(&u), NULL, score);
		for (size_t i = 0; i < u.count; i++) {
			cost[i] = rank_words(u.list[i].text);
			u.list[i].pinned = false;
		}
		order = rank_order(&u, score);
		rank_choose(&u, &order, &b, keep);
		rank_write(&u, 0, u.count, keep, text, &out);
		over += rank_words(buf_slice(&out)) > b.total;
		for (size_t i = 0; i < u.count; i++)
			headless += keep[i] && u.list[i].heading != UNITS_NONE &&
				    !keep[u.list[i].heading];
		memset(keep, 1, u.count);
		buf_clear(&out);
		rank_write(&u, 0, u.count, keep, text, &out);
		changed += !slice_eq(buf_slice(&out), text);
		buf_free(&out);
		arena_reset(&arena);
	}
	CHECK_NUMBER(uncovered, 0);
	CHECK_NUMBER(over, 0);
	CHECK_NUMBER(headless, 0);
	CHECK_NUMBER(changed, 0);
}

static void
check_score(void)
{
	struct units u =
	    units_of(SLICE("Rain fell on the hill. The bridge was built in 1901 by Lind. "
			   "Wind came. It was cold. Order AB-12345 was late."));
	float score[8];

	check_group("score");
	CHECK_NUMBER(u.count, 5);
	rank_score(&u, SLICE("Who built the bridge?"), &rank_prose, NULL, score);
	for (size_t i = 0; i < u.count; i++)
		CHECK(i == 1 || score[i] < score[1]);
	rank_score(&u, SLICE("What of AB-12345?"), &rank_prose, NULL, score);
	for (size_t i = 0; i < 4; i++)
		CHECK(score[i] < score[4]);
	rank_score(&u, SLICE(""), &rank_prose, NULL, score);
	CHECK(score[0] > score[4]);
	arena_reset(&arena);
}

/* Units that score less than unit i. */
static size_t
below(const struct units *u, const float *score, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < u->count; k++)
		n += score[k] < score[i];
	return n;
}

static void
check_dialogue(void)
{
	struct units u = units_of(SLICE("Grad A: Rain is due.\nGrad B: The pump costs nine.\n"
					"Grad A: So it is.\nGrad B: Tea is here.\n"));
	float score[16];

	check_group("dialogue");
	CHECK_NUMBER(u.count, 4);
	/* "a" carries no subject, but is a part of the name */
	rank_score(&u, SLICE("What did Grad A say?"), rank_weights_for(&u), NULL, score);
	CHECK(below(&u, score, 0) >= 2 && below(&u, score, 2) >= 2);
	rank_score(&u, SLICE("What did Grad B say?"), rank_weights_for(&u), NULL, score);
	CHECK(below(&u, score, 1) >= 2 && below(&u, score, 3) >= 2);
	arena_reset(&arena);
	/* who is asked says nothing of it, who answers does */
	u = units_of(SLICE("Ben: Tea is here.\nAnn: How much is the pump?\nBen: Nine.\nAnn: So it is.\n"
			   "Ben: Well.\nAnn: Right.\n"));
	rank_score(&u, SLICE("How much is the pump?"), rank_weights_for(&u), NULL, score);
	CHECK_NUMBER(below(&u, score, 2), u.count - 2);
	arena_reset(&arena);
	/* the question itself, which is pinned, speaks for nothing */
	u = units_of(SLICE("Kofi: About the video call, Lisbon is what I want.\nInes: Fine.\nKofi: Okay.\n"
			   "Ines: Fine.\nKofi: Okay.\nInes: Fine.\n\nWhat does Kofi want with the video call?"));
	u.list[u.count - 1].pinned = true;
	rank_score(&u, SLICE("What does Kofi want with the video call?"), rank_weights_for(&u),
	    NULL, score);
	CHECK(score[5] < score[1] && score[u.count - 1] < score[0]);
	arena_reset(&arena);
	/* in a short one a single turn answers, wherever it stands */
	u = units_of(SLICE("Kofi: About the video call, I would move it to Lisbon by May.\n"
			   "Ines: We talked about it.\nDavid: Right.\nKofi: Okay.\n"
			   "Ines: About the report, it goes to Oslo.\nDavid: Right.\n"
			   "Kofi: My plan for the billing is Rome.\nKofi: Okay, let us go on.\n"
			   "Ines: About the video call, it is Vienna.\nDavid: Right.\n"
			   "Kofi: The stream is fine.\nInes: About a call, it was Ben.\n"));
	rank_score(&u, SLICE("What does Kofi want with the video call?"), rank_weights_for(&u),
	    NULL, score);
	CHECK_NUMBER(below(&u, score, 0), u.count - 1);
	arena_reset(&arena);
}

static uint64_t
term(const char *word)
{
	struct slice rest = slice_z(word), found;

	return term_next(&rest, &found);
}

static void
check_terms(void)
{
	check_group("terms");
	CHECK(term("Bridges") == term("bridge"));
	CHECK(term("releasing") == term("released"));
	CHECK(term("studies") == term("study"));
	CHECK(term("\xC3\x89t\xC3\xA9") == term("\xC3\xA9t\xC3\xA9"));
	CHECK(term("bridge") != term("bride"));
	CHECK(term("12") != term("13"));
	CHECK_NUMBER(term(" .,;\xE2\x80\x9C "), 0);
}

static void
check_ngrams(void)
{
	check_group("n-grams");
	CHECK(ngram_bits(SLICE(""), SLICE(""), SLICE("the")) < 6);
	CHECK(ngram_bits(SLICE(""), SLICE(""), SLICE("Bridge")) > 10);
	CHECK(ngram_bits(SLICE(""), SLICE("of"), SLICE("the")) <
	      ngram_bits(SLICE(""), SLICE(""), SLICE("the")));
	CHECK(ngram_bits(SLICE("at"), SLICE("the"), SLICE("same")) <
	      ngram_bits(SLICE(""), SLICE(""), SLICE("same")));
	CHECK(ngram_bits(SLICE(""), SLICE("the"), SLICE("xqzzy")) == NGRAM_BITS);
	CHECK(ngram_bits(SLICE(""), SLICE(""), SLICE("a1")) == NGRAM_BITS);
}

/* Terms that were made to crowd into one place keep their numbers. */
static void
check_crowd(void)
{
	struct terms t;
	uint32_t common, wrong = 0;

	check_group("crowded terms");
	terms_open(&t);
	common = t.count;
	for (uint64_t i = 1; i <= 20000; i++)
		wrong += terms_add(&t, i << 40) != common + i - 1;
	for (uint64_t i = 1; i <= 20000; i++)
		wrong += terms_add(&t, i << 40) != common + i - 1;
	CHECK_NUMBER(wrong, 0);
	CHECK_NUMBER(t.count, common + 20000);
	/* of the next text they are others, and a text may have more than the book holds */
	terms_open(&t);
	CHECK_NUMBER(t.count, common);
	CHECK_NUMBER(terms_add(&t, UINT64_C(7) << 40), common);
	for (uint64_t i = 1; i <= 300000; i++)
		wrong += terms_add(&t, i * UINT64_C(0x9E3779B97F4A7C15)) != common + i;
	CHECK_NUMBER(wrong, 0);
	terms_open(&t);
	CHECK_NUMBER(terms_add(&t, UINT64_C(0x9E3779B97F4A7C15)), common);
}

/* Words as long as what is looked at in one go, and about: one term each, as behind a blank. */
static void
check_long(void)
{
	char text[81];
	uint32_t number[TERMS_MOST(sizeof(text))];

	check_group("words of 56 to 79 bytes");
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "61060d960f9ada8f"[i * 7 % 16];
	text[0] = ' ';
	for (size_t n = 56; n < 80; n++) {
		struct terms t;

		terms_open(&t);
		CHECK_NUMBER(terms_all(&t, slice_of(text + 1, n), number), 1);
		CHECK_NUMBER(terms_all(&t, slice_of(text, n + 1), number + 1), 1);
		CHECK_NUMBER(number[0], number[1]);
	}
}

/* A word is the same term where it was seen before, in front of any sign, and at the end. */
static void
check_seen(void)
{
	static const char *const texts[] = { "Bridges, of the 3rd kind anywhere", "bridges",
		"  bridge\xC3\xA9 and a bridge over it", "Bridges bridges bridges bridges" };
	struct slice word;

	check_group("words seen before");
	for (int again = 0; again < 2; again++) {
		struct slice rest = slice_z(texts[0]), alone = slice_z(texts[1]),
			     accent = slice_z(texts[2]), many = slice_z(texts[3]);
		uint64_t term = term_next(&rest, &word);

		CHECK_SLICE(word, "Bridges");
		CHECK(term == term_next(&alone, &word));
		CHECK(term != term_next(&accent, &word));
		CHECK_SLICE(word, "bridge\xC3\xA9");
		for (int i = 0; i < 4; i++)
			CHECK(term_next(&many, &word) == term);
		CHECK(term_next(&many, &word) == 0);
	}
}

int
main(void)
{
	check_sentences();
	check_kinds();
	check_blocks();
	check_terms();
	check_score();
	check_dialogue();
	check_random();
	check_ngrams();
	check_crowd();
	check_long();
	check_seen();
	arena_close(&arena);
	return check_finish();
}
