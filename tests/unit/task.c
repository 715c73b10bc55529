/* SPDX-License-Identifier: MIT */
/* What words say about a request: its task, and how hard it is. */
#include "unit/check.h"

#include "task/classify.c"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "task/language.h"
#include "task/maths.h"
#include "task/stretch.h"
#include "task/wording.h"

static struct arena arena;

static struct task_judgement
read_words(const char *system, const char *user, uint64_t tokens)
{
	struct slice s = slice_z(system), u = slice_z(user);
	struct task_circumstances c = { .tokens = tokens, .turns = 1 };

	return task_classify(&s, 1, &u, 1, &c, &arena);
}

static void
check_words(void)
{
	struct task_judgement r;
	char *text = mem_alloc(100000);

	check_group("what words say");
	CHECK_NUMBER(read_words("", "", 0).level, LEVEL_NONE);
	CHECK_NUMBER(read_words("", "", 0).task, TASK_NONE);
	r = read_words("You classify tickets.", "My printer is on fire", 20);
	CHECK_NUMBER(r.task, TASK_CLASSIFICATION);
	CHECK_SLICE(r.task_evidence.word[0], "classify");
	CHECK_NUMBER(read_words("", "please authorize me", 5).task, TASK_NONE);
	CHECK_NUMBER(read_words("", "TRANSLATE this", 5).task, TASK_TRANSFORMATION);
	CHECK_NUMBER(read_words("",
			 "\xC3\x9C"
			 "bersetze das",
			 5)
			 .task,
	    TASK_TRANSFORMATION);
	CHECK_NUMBER(read_words("", "hello", 5).level, LEVEL_SIMPLE);
	CHECK(read_words("", "hi, my production DB is down", 9).level >= LEVEL_MODERATE);
	CHECK_NUMBER(read_words("Prove theorems step by step.", "ok", 5).level, LEVEL_SIMPLE);
	CHECK_NUMBER(read_words("", "> prove this theorem\nfoo", 5).level, LEVEL_NONE);
	CHECK(read_words("", "```\nprove\n```\nfoo", 5).level != LEVEL_COMPLEX);
	CHECK_NUMBER(read_words("", "foo", 9000).level, LEVEL_MODERATE);
	check_group("long pasted text is not an instruction");
	memset(text, 'x', 99999);
	for (size_t i = 0; i + 60 < 99999; i += 60)
		memcpy(text + i, " prove the theorem and design the architecture of it ", 53);
	memset(text, ' ', 2000);
	memcpy(text, "Translate:", 10);
	memset(text + 97998, ' ', 2001);
	text[99999] = '\0';
	r = read_words("", text, 10);
	CHECK_NUMBER(r.task, TASK_TRANSFORMATION);
	CHECK_NUMBER(r.level, LEVEL_SIMPLE);
	free(text);
}

/* What a request begins with outweighs what stands in the text that it is about. */
static void
check_opening(void)
{
	check_group("what a request begins with");
	CHECK_NUMBER(
	    read_words("", "Extract the names. Dr. No is a novel, a story of a character.", 20)
		.task,
	    TASK_EXTRACTION);
	CHECK_NUMBER(
	    read_words("", "Her novel is a story of a character: extract names", 20).task,
	    TASK_CREATIVE);
	CHECK_NUMBER(
	    read_words("", "Tell me if this is a promotion", 9).task, TASK_CLASSIFICATION);
	CHECK_NUMBER(read_words("", "Write a C++ program for me", 9).task, TASK_CODE);
}

static void
check_languages(void)
{
	static const struct {
		const char *text;
		enum task task;
	} lines[] = { { "Riassumi questo testo", TASK_SUMMARY },
		{ "Fasse den folgenden Text zusammen", TASK_SUMMARY },
		{ "Fassen Sie den Text zusammen", TASK_SUMMARY },
		{ "Klassifizieren Sie dieses Ticket", TASK_CLASSIFICATION },
		{ "Classe ce ticket", TASK_CLASSIFICATION },
		{ "Clasifique este ticket", TASK_CLASSIFICATION },
		{ "Classifichi questo ticket", TASK_CLASSIFICATION },
		{ "Extrahieren Sie alle Namen", TASK_EXTRACTION },
		{ "Extraiga los nombres", TASK_EXTRACTION },
		{ "Übersetzen Sie ins Englische: Hallo", TASK_TRANSFORMATION },
		{ "Corrigez les fautes", TASK_TRANSFORMATION },
		{ "Escreva um conto sobre um cão", TASK_CREATIVE },
		{ "Gib die Antwort als JSON zurück", TASK_STRUCTURED } };

	check_group("languages");
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		CHECK_NUMBER(read_words("", lines[i].text, 9).task, lines[i].task);
	CHECK(read_words("", "Hallo, unser Server ist ausgefallen", 9).level >= LEVEL_MODERATE);
}

static void
check_maths(void)
{
	static const struct {
		const char *line;
		unsigned count;
	} lines[] = { { "", 0 }, { "3x - 4y = 1", 2 }, { "f(x) = 4x^3 - 9x", 3 },
		{ "2+2=?", 1 }, { "(a+b)*2", 2 }, { "\\frac{1}{2} \\sqrt 2", 2 },
		{ "x = -1", 1 }, { "2021-10-13, 555-1234, 3-5, a/b", 0 },
		{ "name=value&user=me C++ x++ => ==", 0 }, { "well - known / not", 0 },
		{ "+", 0 }, { "1 =", 0 }, { "= 1", 0 }, { "a-", 0 } };
	struct task_judgement r;

	check_group("maths");
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		CHECK_NUMBER(maths_in(slice_z(lines[i].line)), lines[i].count);
	r = read_words("", "x + y = 4z, express x in z", 12);
	CHECK_NUMBER(r.task, TASK_REASONING);
	CHECK_SLICE(r.task_evidence.word[0], "formula");
	CHECK_SLICE(r.level_evidence.word[0], "formula");
	r = read_words("", "Tom had 5 pens and lost 2. How many are left?", 14);
	CHECK_NUMBER(r.task, TASK_REASONING);
	CHECK_NUMBER(r.level, LEVEL_MODERATE);
	CHECK_NUMBER(read_words("", "How many people live in Rome?", 9).task, TASK_NONE);
	CHECK_NUMBER(
	    read_words("", "write a function: i = i + 1; j = i * 2", 14).task, TASK_CODE);
}

static struct slice
language(const char *text)
{
	struct slice s = slice_z(text);

	return language_of(&s, 1, &arena);
}

static void
check_language(void)
{
	check_group("languages");
	CHECK_SLICE(language("What is the capital of France?"), "en");
	CHECK_SLICE(language("Wie ist das Wetter und was ist nicht gut?"), "de");
	CHECK_SLICE(language("Quelle est la capitale de la France et pour qui?"), "fr");
	CHECK_SLICE(language("\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82"), "ru");
	CHECK_SLICE(language("\xE4\xBD\xA0\xE5\xA5\xBD"), "zh");
	CHECK_SLICE(language("\xE6\x97\xA5\xE6\x9C\xAC\xE3\x81\xAE"), "ja");
	CHECK_SLICE(language("Comment puis-je changer mon mot de passe ?"), "fr");
	CHECK_SLICE(language("Hola, necesito ayuda con mi cuenta"), "es");
	CHECK_SLICE(language("Preciso de ajuda com a minha conta"), "pt");
	CHECK_SLICE(language("Ciao, come stai?"), "it");
	CHECK_SLICE(language("Hoe kan ik mijn wachtwoord wijzigen?"), "nl");
	CHECK_SLICE(language("Müde Grüße"), "de");
	CHECK_SLICE(language("foo bar baz"), "none");
	CHECK_SLICE(language(""), "none");
}

/* What the quick reader of words finds is what unicode_word finds. */
static void
check_next_word(void)
{
	static const char *const texts[] = { "", "it's 'quoted' don't'",
		("a\xC3\xA4"
		 "b c"),
		"x'\xC3\xA4 y", "\xE2\x80\x99tis rock'n'roll''s",
		"_a-b 12'3 \xE2\x80\x9Chi\xE2\x80\x9D", "'", "a'" };

	check_group("words");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct slice one = slice_z(texts[i]), other = one, x, y;
		bool more = true;

		while (more) {
			more = unicode_word(&one, &x);
			CHECK(next_word(&other, &y) == more);
			CHECK(!more || slice_eq(x, y));
		}
	}
}

/* The table is searched by first words that stand together. */
static void
check_table(void)
{
	check_group("the table of phrases");
	const struct task_table *t = task_table_builtin();

	for (size_t i = 0; i < phrase_count; i++) {
		struct slice text = slice_z(phrases[i].text);

		CHECK(i == 0 || slice_cmp(slice_z(phrases[i - 1].text), text) <= 0);
		CHECK(slice_eq(unicode_fold(text, &arena), text));
		CHECK(text.len && phrases[i].weight &&
		      (phrases[i].sign == SIGN_TASK) == (phrases[i].task != TASK_NONE));
		text = slice_take(text, slice_find(text, ' '));
		CHECK(task_table_may_begin(t, text));
		CHECK(task_table_find(t, text) <= i);
		CHECK(slice_starts(slice_z(phrases[task_table_find(t, text)].text), text));
	}
}

/* A table of one's own: more words, fewer, other limits. */
static void
check_own_table(void)
{
	struct phrase own[] = { { "3d model", SIGN_COMPLEX, TASK_NONE, 5 },
		{ "explain", SIGN_COMPLEX, TASK_NONE, 0 } };
	struct task_limits limits = task_limits_builtin;
	struct task_table *t = task_table_changed(own, 2, false, &limits);
	struct task_circumstances c = { .turns = 1, .table = t };
	struct slice a = SLICE("a 3D  model"), b = SLICE("explain"), d = SLICE("prove it");

	check_group("a table of one's own");
	CHECK_NUMBER(t->count, phrase_count);
	CHECK_NUMBER(task_classify(NULL, 0, &a, 1, &c, &arena).level, LEVEL_COMPLEX);
	CHECK_NUMBER(task_classify(NULL, 0, &b, 1, &c, &arena).level, LEVEL_NONE);
	CHECK_NUMBER(task_classify(NULL, 0, &d, 1, &c, &arena).level, LEVEL_MODERATE);
	task_table_free(t);
	limits.moderate = limits.complex = 3;
	c.table = t = task_table_changed(NULL, 0, false, &limits);
	CHECK_NUMBER(task_classify(NULL, 0, &d, 1, &c, &arena).level, LEVEL_COMPLEX);
	task_table_free(t);
	c.table = t = task_table_changed(NULL, 0, true, &limits);
	CHECK_NUMBER(task_classify(NULL, 0, &d, 1, &c, &arena).level, LEVEL_NONE);
	task_table_free(t);
	CHECK(task_phrase_known("explain", SIGN_COMPLEX));
	CHECK(!task_phrase_known("explain", SIGN_SIMPLE));
	CHECK_SLICE(task_phrase(SLICE("  Trade-OFFS, Don't!"), &arena), "trade offs don't");
	CHECK_NUMBER(task_phrase(SLICE(" -- "), &arena).len, 0);
}

static void
check_wording(void)
{
	struct buf text = { 0 };

	check_group("a refusal is seen whatever character the opening is cut in");
	for (int blanks = 0; blanks < 3; blanks++) {
		buf_clear(&text);
		for (int i = 0; i < blanks; i++)
			buf_add_byte(&text, ' ');
		buf_add(&text, SLICE("I CAN NOT help with that."));
		for (int i = 0; i < 200; i++)
			buf_add(&text, SLICE("\xE2\x82\xAC"));
		CHECK(wording_refuses(buf_slice(&text), &arena));
	}
	CHECK(!wording_refuses(SLICE("The tool cannot help itself."), &arena));
	buf_free(&text);
}

/* What is instruction in a text, its stretches between bars. */
static struct slice
stretches(const char *text)
{
	struct stretches s = stretches_of(slice_z(text));
	struct buf all = { 0 };
	struct slice line;

	while (stretch_next(&s, &line)) {
		buf_add(&all, line);
		buf_add_byte(&all, '|');
	}
	line = arena_copy(&arena, buf_slice(&all));
	buf_free(&all);
	return line;
}

static void
check_stretches(void)
{
	struct buf text = { 0 };
	struct task_judgement r;

	check_group("stretches");
	CHECK_SLICE(stretches(""), "");
	CHECK_SLICE(stretches("a\n> b\n  > b\nc"), "a|c|");
	CHECK_SLICE(stretches("a\n```py\nb\n~~~\nb\n```\nc\n~~~\nd"), "a|c|");
	CHECK_SLICE(stretches("a \"\"\"b\nb\"\"\" c\nd"), "a | c|d|");
	CHECK_SLICE(stretches("a:\n\"\"\"\nb\n\"\"\"\nd"), "a:||"
							   "|d|");
	CHECK_SLICE(stretches("a \"\"\" b\nc"), "a \"\"\" b|c|");
	CHECK_SLICE(stretches("\"\"\"a\"\"\""), "|");
	CHECK_SLICE(stretches("a\n<document index=\"1\">b\nb</document> c\nd"), "a| c|d|");
	CHECK_SLICE(stretches("<Email>b</Email>\nc"), "|c|");
	CHECK_SLICE(
	    stretches("<task>a</task>\na <code>b</code>"), "<task>a</task>|a <code>b</code>|");
	CHECK_SLICE(stretches("<document>\na"), "<document>|a|");
	CHECK_SLICE(stretches("<document/>\n<documents"), "<document/>|<documents|");
	/* a fence that was opened before the end that is read is closed there */
	buf_add(&text, SLICE("Look:\n```\n"));
	for (int i = 0; i < 1000; i++)
		buf_add(&text, SLICE("prove why\n"));
	buf_add(&text, SLICE("```\nExplain it."));
	r = read_words("", arena_copy(&arena, buf_slice(&text)).ptr, 9);
	CHECK(r.level_evidence.count > 0 && slice_eqz(r.level_evidence.word[0], "explain"));
	/* many that are opened and never closed take no longer */
	buf_clear(&text);
	for (int i = 0; i < 100000; i++)
		buf_add(&text, SLICE("<doc>\n"));
	CHECK(stretches(arena_copy(&arena, buf_slice(&text)).ptr).len == 600000);
	buf_free(&text);
}

int
main(void)
{
	check_wording();
	check_words();
	check_opening();
	check_languages();
	check_maths();
	check_stretches();
	check_next_word();
	check_language();
	check_table();
	check_own_table();
	arena_close(&arena);
	return check_finish();
}
