/* SPDX-License-Identifier: MIT */
/* Estimates of texts: what is counted in them, what lies in the band, and what bills teach. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "tokens/calibration.h"
#include "tokens/estimate.h"
#include "tokens/features.h"
#include "tokens/learn.h"
#include "tokens/tokens.h"

static struct features
counted(const char *text)
{
	struct features f;

	features_of(slice_z(text), &f);
	return f;
}

static void
check_features(void)
{
	struct features f = counted("Hello, getUserID(42)!\n  12.5% \"x\"\t");

	check_group("what is counted");
	CHECK_NUMBER(f.count[COUNT_WORD], 3);
	CHECK_NUMBER(f.count[COUNT_TITLE], 1);
	CHECK_NUMBER(f.count[COUNT_HUMP], 2);
	CHECK_NUMBER(f.count[COUNT_CAPS], 1);
	CHECK_NUMBER(f.count[COUNT_LETTER], 15);
	CHECK_NUMBER(f.count[COUNT_DIGIT], 5);
	CHECK_NUMBER(f.count[COUNT_NUMBER], 3);
	CHECK_NUMBER(f.count[COUNT_SPACE], 4);
	CHECK_NUMBER(f.count[COUNT_BLANKS], 1);
	CHECK_NUMBER(f.count[COUNT_LINE], 1);
	CHECK_NUMBER(f.count[COUNT_INDENT], 1);
	CHECK_NUMBER(f.count[COUNT_CONTROL], 1);
	CHECK_NUMBER(f.count[COUNT_JOIN], 2);
	CHECK_NUMBER(f.count[COUNT_QUOTE], 2);
	CHECK_NUMBER(f.count[COUNT_SIGN], 4);
	CHECK_NUMBER(f.count[COUNT_RUN], 1);
	CHECK_NUMBER(f.count[COUNT_TIGHT], 6);
	CHECK(f.ascii && f.characters == 34);
}

static void
script_is(const char *text, enum script script)
{
	struct features f = counted(text);

	CHECK(!f.ascii);
	CHECK_NUMBER(f.characters, 1);
	for (int i = 0; i < SCRIPTS; i++)
		CHECK_NUMBER(f.script[i], i == (int)script);
}

static void
check_scripts(void)
{
	struct features f;

	check_group("scripts");
	script_is("\u00b5", SCRIPT_LATIN_1);
	script_is("\u00e9", SCRIPT_LATIN_MORE);
	script_is("\u0301", SCRIPT_COMBINING);
	script_is("\u03b1", SCRIPT_GREEK);
	script_is("\u0436", SCRIPT_CYRILLIC);
	script_is("\u0561", SCRIPT_ARMENIAN);
	script_is("\u05d0", SCRIPT_HEBREW);
	script_is("\u0645", SCRIPT_ARABIC);
	script_is("\u0915", SCRIPT_DEVANAGARI);
	script_is("\u0b95", SCRIPT_INDIC);
	script_is("\u0e01", SCRIPT_THAI);
	script_is("\u1000", SCRIPT_MYANMAR);
	script_is("\u10d0", SCRIPT_GEORGIAN);
	script_is("\u1260", SCRIPT_ETHIOPIC);
	script_is("\u1780", SCRIPT_KHMER);
	script_is("\u1ea1", SCRIPT_LATIN_VIETNAMESE);
	script_is("\u20ac", SCRIPT_GENERAL);
	script_is("\u3042", SCRIPT_KANA);
	script_is("\u4e2d", SCRIPT_CJK);
	script_is("\ud55c", SCRIPT_HANGUL);
	script_is("\uff01", SCRIPT_FORMS);
	script_is("\U0001f600", SCRIPT_ASTRAL);
	features_of(SLICE("\x80\xff\xe0"), &f); /* stray bytes are no characters, and no harm */
	CHECK(f.characters >= 1 && !f.ascii);
}

/* The short path, the long one and the parts of a very long one agree. */
static void
check_lengths(void)
{
	static const char unit[] = "Ab9 \n.\"";
	size_t each = sizeof unit - 1, room = each * 400000;
	char *text = malloc(room);
	struct features f;

	check_group("texts of all lengths are counted alike");
	CHECK(text != NULL);
	for (size_t i = 0; text && i < room; i++)
		text[i] = unit[i % each];
	for (size_t n = 1; text && n <= 400000; n = n * 3 + 1) {
		features_of(slice_of(text, n * each), &f);
		CHECK_NUMBER(f.count[COUNT_WORD], n);
		CHECK_NUMBER(f.count[COUNT_TITLE], n);
		CHECK_NUMBER(f.count[COUNT_NUMBER], n);
		CHECK_NUMBER(f.count[COUNT_LINE], n);
		CHECK_NUMBER(f.count[COUNT_RUN], n);
		CHECK_NUMBER(f.characters, n * each);
	}
	free(text);
}

static struct tokens
of(const char *model, const char *text)
{
	return tokens_text(tokenizer_for(slice_z(model)), slice_z(text));
}

/* Counts of the tokenizers themselves: ctok 1.2.0 for Claude, the packages of fit-families. */
static const struct {
	const char *text;
	uint64_t claude_3, claude_5, gemini, llama, deepseek, qwen, mistral, command;
} known[] = {
#include "tokens_estimate_known.h"
};

static bool
inside(const char *model, const char *text, uint64_t count)
{
	struct tokens n = of(model, text);

	CHECK_NUMBER(n.class, TOKENS_ESTIMATE);
	CHECK(n.low <= n.count && n.count <= n.high && n.low < n.high);
	return n.low <= count && count <= n.high;
}

static void
check_known(void)
{
	size_t texts = sizeof known / sizeof *known, in = 0;

	check_group("tokenizers' own counts lie in the band");
	for (size_t i = 0; i < texts; i++) {
		in += inside("claude-sonnet-4-5", known[i].text, known[i].claude_3);
		in += inside("claude-opus-5", known[i].text, known[i].claude_5);
		in += inside("gemini-2.5-pro", known[i].text, known[i].gemini);
		in += inside("llama-3.1-8b", known[i].text, known[i].llama);
		in += inside("deepseek-chat", known[i].text, known[i].deepseek);
		in += inside("qwen2.5-7b", known[i].text, known[i].qwen);
		in += inside("mistral-nemo", known[i].text, known[i].mistral);
		in += inside("command-r-plus", known[i].text, known[i].command);
	}
	CHECK(texts >= 12);
	CHECK(in * 100 >= texts * 8 * 95);
}

static void
check_edges(void)
{
	static char long_text[200001];
	struct tokens n;

	check_group("odd texts have estimates too");
	CHECK_NUMBER(of("claude-3-haiku", "").count, 0);
	CHECK_NUMBER(of("claude-3-haiku", "").high, 0);
	CHECK(of("claude-3-haiku", "a").count == 1);
	CHECK(of("claude-3-haiku", "\xff\xfe").count >= 1);
	memset(long_text, ' ', sizeof long_text - 1);
	n = of("gemini-2.5-pro", long_text);
	CHECK(n.count > 0 && n.low <= n.count && n.count <= n.high);
	memset(long_text, 'a', sizeof long_text - 1);
	n = of("claude-opus-5", long_text);
	CHECK(n.count >= 12500 && n.low <= n.count && n.count <= n.high);
	/* a band of many texts is no wider than those of its parts together */
	n = of("some-model", "The quick brown fox jumps over the lazy dog.");
	CHECK(n.low < n.count && n.high > n.count);
}

#define PAIRS 200
/* billed = factor * counted + overhead, off by up to `noise` thousandths, by turns. */
static void
make_pairs(struct learn_pair *pair, double factor, double overhead, int noise)
{
	for (unsigned i = 0; i < PAIRS; i++) {
		double counted = 40 + (i * 7919) % 3000;
		double off =
		    1 + (double)((int)(i * 31 % (2 * (unsigned)noise + 1)) - noise) / 1000;

		pair[i].counted = (uint32_t)counted;
		pair[i].billed = (uint32_t)(factor * counted * off + overhead + 0.5);
	}
}

static void
check_learning(void)
{
	struct learn_pair pair[PAIRS];
	struct learned l, plain;

	check_group("bills give their factor back");
	make_pairs(pair, 1.23, 0, 20);
	learn(pair, PAIRS, &plain);
	CHECK(fabs(plain.factor - 1.23) < 0.005);
	CHECK(plain.overhead == 0 && plain.outliers == 0);
	CHECK(plain.low <= 1.23 * 0.983 && plain.low > 1.23 * 0.97);
	CHECK(plain.high >= 1.23 * 1.017 && plain.high < 1.23 * 1.03);
	CHECK(plain.error < 0.02 && plain.tested == PAIRS / 2);
	CHECK(plain.inside >= plain.tested * 94 / 100);
	make_pairs(pair, 0.9, 55, 3);
	learn(pair, PAIRS, &l);
	CHECK(fabs(l.factor - 0.9) < 0.01 && fabs(l.overhead - 55) <= 4);
	make_pairs(pair, 1, 0, 0);
	learn(pair, PAIRS, &l);
	CHECK(fabs(l.factor - 1) < 1e-9 && l.overhead == 0 && l.low < 1 && l.high > 1);

	check_group("a few wrong bills move nothing");
	make_pairs(pair, 1.23, 0, 20);
	for (size_t i = 0; i < PAIRS; i += 10)
		pair[i].billed = i % 20 ? pair[i].billed * 9 : 1;
	learn(pair, PAIRS, &l);
	CHECK_NUMBER(l.outliers, PAIRS / 10);
	CHECK(fabs(l.factor - plain.factor) < 0.005);
	CHECK(fabs(l.low - plain.low) < 0.01 && fabs(l.high - plain.high) < 0.01);
	make_pairs(pair, 1.5, 0, 10);
	learn(pair, LEARN_LEAST, &l); /* few: the band reaches beyond them */
	CHECK(l.low < 1.5 * 0.99 && l.high > 1.5 * 1.005);
}

static void
check_calibrated(void)
{
	char name[] = "/tmp/calibration-XXXXXX";
	struct tokens plain = of("claude-3-opus-20240229", "one two three four five six");
	const char *why = "";
	int fd = mkstemp(name);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	check_group("a calibration is found by name, own name and name without date");
	CHECK(file &&
	      fputs("{\"model\":\"openrouter/anthropic/claude-sonnet-4-5\",\"factor\":2,"
		    "\"low\":1,\"high\":3,\"overhead\":7}\n"
		    "{\"model\":\"claude-haiku-4-5\",\"factor\":3,\"low\":3,\"high\":3}\n",
		  file) >= 0 &&
	      fclose(file) == 0);
	CHECK(calibration_load(name, &why));
	remove(name);
	CHECK(calibration_of(SLICE("")) == NULL);
	CHECK(calibration_of(SLICE("claude-sonnet-4")) == NULL);
	CHECK(calibration_of(SLICE("claude-sonnet-4-5")) != NULL);
	CHECK(calibration_of(SLICE("anthropic.claude-sonnet-4-5-20250929-v1:0")) != NULL);
	CHECK(calibration_of(SLICE("vertex_ai/claude-haiku-4-5@20251001")) != NULL);
	/* an overhead is of requests, not of texts */
	CHECK_NUMBER(of("claude-sonnet-4-5-20250929", "one two three four five six").count,
	    plain.count * 2);
	CHECK_NUMBER(
	    of("claude-haiku-4-5", "one two three four five six").high, plain.count * 3 + 1);
	CHECK_NUMBER(of("gpt-4o", "one two three four five six").count, 6);
}

int
main(void)
{
	check_features();
	check_scripts();
	check_lengths();
	check_known();
	check_edges();
	check_learning();
	check_calibrated();
	return check_finish();
}
