/* SPDX-License-Identifier: MIT */
/* Encodings of files against what PyPI tokenizers 0.23.3 and tiktoken 0.14 make of the same.
 * `tokens_files --frames FILE [SPLIT]` is the filter that scripts/check-tokenizers drives. */
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "check.h"
#include "text/unicode.h"
#include "tokens/bpe_reduce.h"
#include "tokens/made.h"

static const struct encoding *
open_file(const char *name, const char *split, const char **why)
{
	const struct encoding *e = encoding_find(slice_z(name));
	FILE *file = e ? NULL : fopen(name, "rb");
	struct buf text = { 0 };
	size_t got;

	if (!file) {
		*why = "cannot be read";
		return e;
	}
	while ((got = fread(buf_room(&text, 1 << 16), 1, 1 << 16, file)) > 0)
		text.len += got;
	fclose(file);
	e = encoding_of_file(buf_slice(&text), slice_z(split), why);
	buf_free(&text);
	return e;
}

/* Frames of a length and a text in, a count and ids out. */
static int
frames(const char *name, const char *split)
{
	const char *why = "";
	clock_t from = clock();
	const struct encoding *e = open_file(name, split, &why);
	struct buf text = { 0 };
	uint32_t len, *ids = NULL;

	if (!e) {
		fprintf(stderr, "%s: %s\n", name, why);
		return 2;
	}
	fprintf(
	    stderr, "# loaded in %.0f ms\n", (double)(clock() - from) * 1000 / CLOCKS_PER_SEC);
	while (fread(&len, sizeof len, 1, stdin) == 1) {
		size_t room = 3 * ((size_t)len + 2);
		uint32_t count;

		buf_clear(&text);
		text.len = fread(buf_room(&text, (size_t)len + 1), 1, len, stdin);
		ids = mem_grow(ids, room, sizeof *ids);
		count = (uint32_t)encoding_ids(e, buf_slice(&text), ids, room);
		if (encoding_count(e, buf_slice(&text)) != count)
			return 1; /* the reader sees the end, and fails */
		fwrite(&count, sizeof count, 1, stdout);
		fwrite(ids, sizeof *ids, count, stdout);
		fflush(stdout);
	}
	return 0;
}

#define BYTE_LEVEL                                                                  \
	"{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true," \
	"\"use_regex\":false}"
#define SEQUENCE(stages) "{\"type\":\"Sequence\",\"pretokenizers\":[" stages "," BYTE_LEVEL "]}"
#define SPLIT(kind, pattern, behavior, invert)                     \
	"{\"type\":\"Split\",\"pattern\":{\"" kind "\":\"" pattern \
	"\"},\"behavior\":\"" behavior "\",\"invert\":" invert "}"

/* A tokenizer.json of the 256 bytes and a few tokens more. */
struct sample {
	const char
	    *tokens; /* byte-level strings, each with a comma before it; ids from 256 on */
	const char *merges; /* of JSON */
	const char *cut, *normalizer, *added, *model;
};

static void
add_vocab(struct buf *out, const char *tokens)
{
	unsigned id = 256, next = 256;

	for (unsigned byte = 0; byte < 256; byte++) {
		bool plain = (byte >= 33 && byte <= 126) || (byte >= 161 && byte != 173);
		char utf8[4];
		size_t len = unicode_put(plain ? byte : next, utf8);

		next += !plain;
		buf_printf(out, "%s\"", byte ? "," : "");
		if (byte == '"' || byte == '\\')
			buf_add_byte(out, '\\');
		buf_add(out, slice_of(utf8, len));
		buf_printf(out, "\":%u", byte);
	}
	for (struct slice rest = slice_z(tokens); rest.len;) {
		struct slice token = slice_drop(rest, 1);

		token = slice_take(token, slice_find(token, ','));
		buf_printf(out, ",\"%.*s\":%u", SLICE_ARG(token), id++);
		rest = slice_drop(rest, token.len + 1);
	}
}

static void
write_sample(const struct sample *s, struct buf *out)
{
	buf_clear(out);
	buf_printf(out, "{\"added_tokens\":[%s],\"normalizer\":%s,\"pre_tokenizer\":%s,",
	    s->added ? s->added : "", s->normalizer ? s->normalizer : "null",
	    s->cut ? s->cut : BYTE_LEVEL);
	buf_printf(out, "\"post_processor\":null,\"model\":{%s\"vocab\":{",
	    s->model ? s->model : "\"type\":\"BPE\",");
	add_vocab(out, s->tokens ? s->tokens : "");
	buf_printf(out, "},\"merges\":[%s]}}", s->merges ? s->merges : "");
}

/* The pieces of text with '|' between them. */
static void
pieces(const char *cut, const char *text, const char *want)
{
	struct sample s = { .cut = cut };
	struct buf json = { 0 }, got = { 0 };
	struct made m = { .stage_count = 0 };
	struct slice all = slice_z(text);
	size_t from = 0, end;

	write_sample(&s, &json);
	CHECK(made_of_file(&m, buf_slice(&json), slice_of(NULL, 0)));
	while (m.parts.split && m.parts.split(m.parts.pattern, all, from, &end, 1)) {
		if (from)
			buf_add_byte(&got, '|');
		buf_add(&got, slice_of(text + from, end - from));
		from = end;
	}
	CHECK_SLICE(buf_slice(&got), want);
	buf_free(&json);
	buf_free(&got);
	made_free(&m);
}

static void
check_cuts(void)
{
	static const char text[] = "Don't stop, 1234 times!!  \n x-y--z  ";

	check_group("each kind of pre_tokenizer cuts as the reference does");
	pieces(BYTE_LEVEL, text, text);
	pieces("{\"type\":\"ByteLevel\"}", text,
	    "Don|'t| stop|,| 1234| times|!!|  \n| x|-|y|--|z|  ");
	pieces(SEQUENCE("{\"type\":\"Digits\",\"individual_digits\":false}"), text,
	    "Don't stop, |1234| times!!  \n x-y--z  ");
	pieces(SEQUENCE("{\"type\":\"Digits\",\"individual_digits\":true}"), text,
	    "Don't stop, |1|2|3|4| times!!  \n x-y--z  ");
	pieces(SEQUENCE(SPLIT("String", "-", "Isolated", "false")), text,
	    "Don't stop, 1234 times!!  \n x|-|y|-|-|z  ");
	pieces(SEQUENCE(SPLIT("String", "-", "MergedWithPrevious", "false")), text,
	    "Don't stop, 1234 times!!  \n x-|y-|-|z  ");
	pieces(SEQUENCE(SPLIT("String", "-", "MergedWithNext", "false")), text,
	    "Don't stop, 1234 times!!  \n x|-y|-|-z  ");
	pieces(SEQUENCE(SPLIT("String", "-", "Contiguous", "false")), text,
	    "Don't stop, 1234 times!!  \n x|-|y|--|z  ");
	pieces(SEQUENCE(SPLIT("String", "-", "MergedWithPrevious", "true")), text,
	    "Don't stop, 1234 times!!  \n x|-y|-|-z  ");
	pieces(SEQUENCE(SPLIT("Regex", "\\\\p{L}+|\\\\p{N}{1,3}", "Isolated", "false")), text,
	    "Don|'|t| |stop|, |123|4| |times|!!  \n |x|-|y|--|z|  ");
	pieces(SEQUENCE(SPLIT("Regex", "\\\\s+", "MergedWithNext", "false")), text,
	    "Don't| stop,| 1234| times!!|  \n x-y--z|  ");
	pieces(SEQUENCE(SPLIT("Regex", "[\\\\p{P}\\\\s]", "Contiguous", "true")), text,
	    "Don|'|t| |stop|, |1234| |times|!!  \n |x|-|y|--|z|  ");
	pieces(SEQUENCE(SPLIT("Regex", "\\\\p{N}{2}", "Isolated", "false") "," SPLIT(
		   "Regex", "[a-z]{2}|[^a-z]", "Isolated", "false")),
	    text, "D|on|'|t| |st|op|,| |1|2|3|4| |ti|me|s|!|!| | |\n| |x|-|y|-|-|z| | ");
	pieces(
	    SEQUENCE(SPLIT("Regex", "\\\\s+(?!\\\\S)|(?<=t)i|(?i:DON)", "Isolated", "false")),
	    text, "Don|'t stop, 1234 t|i|mes!!|  \n| x-y--z|  ");
}

static void
ids(const struct sample *s, const char *text, const char *want)
{
	struct buf json = { 0 }, got = { 0 };
	const char *why = "";
	const struct encoding *e;
	uint32_t id[64];
	size_t count;

	write_sample(s, &json);
	e = encoding_of_file(buf_slice(&json), slice_of(NULL, 0), &why);
	CHECK_SLICE(slice_z(e ? "" : why), "");
	count = e ? encoding_ids(e, slice_z(text), id, 64) : 0;
	for (size_t i = 0; i < count; i++)
		buf_printf(&got, "%s%u", i ? " " : "", id[i]);
	CHECK_SLICE(buf_slice(&got), want);
	CHECK_NUMBER(e ? encoding_count(e, slice_z(text)) : 0, count);
	buf_free(&json);
	buf_free(&got);
}

static void
check_merges(void)
{
	static const struct sample order = { ",abc,bc,ab", "\"a b\",\"b c\",\"ab c\"", NULL,
		NULL, NULL, NULL };
	static const struct sample pairs = { ",abc,bc,ab",
		"[\"b\",\"c\"],[\"a\",\"b\"],[\"a\",\"bc\"]", NULL, NULL, NULL, NULL };
	static const struct sample unreached = { ",abc,bc,ab", "\"b c\",\"a b\",\"ab c\"", NULL,
		NULL, NULL, NULL };
	static const struct sample whole = { ",abc,bc,ab,xyz", "\"b c\",\"a b\",\"ab c\"", NULL,
		NULL, NULL, "\"ignore_merges\":true," };
	static const struct sample inverted = { ",ab,abc", "\"ab c\",\"a b\"", NULL, NULL, NULL,
		NULL };
	static const struct sample scattered = { ",aa,aaa,ab",
		"\"a a\",\"aa a\",\"a b\",\"a aa\"", NULL, NULL, NULL, NULL };

	check_group("merges run in the order of their list");
	ids(&order, "abc", "256");
	ids(&order, "bc", "257");
	ids(&order, "abcbc", "256 257");
	ids(&pairs, "abc", "256");
	ids(&pairs, "abcbc", "256 257");
	ids(&unreached, "abc", "97 257");
	ids(&whole, "abc", "256");
	ids(&whole, "xyz", "259");
	ids(&whole, "abcabc", "97 257 97 257");
	ids(&inverted, "abc", "257");
	ids(&inverted, "ababc", "256 257");
	ids(&scattered, "aaaaab", "256 257 98");
	ids(&scattered, "aaab", "257 98");
	ids(&order, "", "");
	ids(&order,
	    "\xff"
	    "a",
	    "239 191 189 97");
}

#define ADDED(content, special, normalized)                                               \
	"{\"id\":300,\"content\":\"" content "\",\"single_word\":false,\"lstrip\":false," \
	"\"rstrip\":false,\"normalized\":" normalized ",\"special\":" special "}"

static void
check_text(void)
{
	static const struct sample added = { ",ab", "\"a b\"", NULL, NULL,
		ADDED("<t>", "false", "false") "," ADDED("<s>", "true", "false") "," ADDED(
		    "<t>x", "false", "false") "," ADDED("<s><t>", "true", "false"),
		NULL };
	static const struct sample composed = { ",ab", "\"a b\"", NULL, "{\"type\":\"NFC\"}",
		ADDED("\xc3\xa9", "false", "true") "," ADDED("e\xcc\x81!", "false", "false"),
		NULL };
	static const struct sample blank = { ",ab", "\"a b\"",
		"{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"use_regex\":false}", NULL,
		ADDED("<t>", "false", "false"), NULL };

	check_group("added tokens, composition and the blank before a text");
	ids(&added, "a<t>b", "97 257 98");
	ids(&added, "<s>", "60 115 62");
	ids(&added, "<t>x<t>", "259 257");
	ids(&added, "<s><t>", "60 115 62 60 116 62");
	ids(&composed, "e\xcc\x81", "233");
	ids(&composed, "e\xcc\x81!", "257");
	/* U+0897 is of Unicode 16: nothing is ordered across it */
	ids(&composed, "a\xcc\xa7\xe0\xa2\x97\xcc\x81", "97 204 167 224 162 151 204 129");
	ids(&composed, "\xe1\x84\x80\xe1\x85\xa1", "234 176 128");
	ids(&blank, "a", "32 97");
	ids(&blank, " a", "32 97");
	ids(&blank, "<t>a", "257 32 97");
}

static void
refused(const struct sample *s, const char *reason)
{
	struct buf json = { 0 };
	const char *why = "";

	write_sample(s, &json);
	CHECK(!encoding_of_file(buf_slice(&json), slice_of(NULL, 0), &why));
	if (!strstr(why, reason))
		CHECK_SLICE(slice_z(why), reason);
	buf_free(&json);
}

static void
refused_cut(const char *cut, const char *reason)
{
	struct sample s = { .cut = cut };

	refused(&s, reason);
}

static void
refused_pattern(const char *pattern, const char *reason)
{
	struct buf cut = { 0 };

	buf_printf(&cut,
	    "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{"
	    "\"Regex\":\"%s\"},\"behavior\":\"Isolated\"}," BYTE_LEVEL "]}",
	    pattern);
	buf_add_byte(&cut, '\0');
	refused_cut(cut.data, reason);
	buf_free(&cut);
}

static void
check_refused(void)
{
	static const char *const models[][2] = {
		{ "\"type\":\"Unigram\",", "'Unigram'" },
		{ "\"type\":\"WordPiece\",", "'WordPiece'" },
		{ "\"dropout\":0.1,", "'dropout'" },
		{ "\"byte_fallback\":true,", "'byte_fallback'" },
		{ "\"continuing_subword_prefix\":\"##\",", "'continuing_subword_prefix'" },
		{ "\"end_of_word_suffix\":\"</w>\",", "'end_of_word_suffix'" },
		{ "\"type\":\"BPE\",\"type\":\"BPE\",", "'type' twice" },
	};
	static const char *const patterns[][2] = { { "^a", "an anchor" }, { "a$", "an anchor" },
		{ "\\\\bx", "an escape" }, { "\\\\w+", "an escape" },
		{ "(a)\\\\1", "an escape" }, { "\\\\p{Han}", "general category" },
		{ "[[:alpha:]]", "POSIX" }, { "(?<n>a)", "a group of a kind" },
		{ "a*", "nothing" }, { "(?i:ss)", "folds to" },
		{ "a{2}+", "behind an interval" }, { "(?i:\xc3\xa9)", "beyond ASCII" },
		{ "(a", "without an end" }, { "a)", "closes nothing" },
		{ "[a", "without an end" }, { "+a", "of nothing" },
		{ "(?<=a+)b", "the pattern" } };
	struct sample s = { .tokens = NULL };

	check_group("what cannot be reproduced is refused with the reason");
	for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
		s.model = models[i][0];
		refused(&s, models[i][1]);
	}
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		refused_pattern(patterns[i][0], patterns[i][1]);
	refused_cut("null", "not byte-level");
	refused_cut("{\"type\":\"Metaspace\"}", "'Metaspace'");
	refused_cut(SEQUENCE("{\"type\":\"Whitespace\"}"), "'Whitespace'");
	refused_cut(SEQUENCE(SPLIT("Regex", "a", "Removed", "false")), "drops text");
	refused_cut(SEQUENCE(BYTE_LEVEL ",{\"type\":\"Digits\"}"), "behind its ByteLevel");
	refused_cut(SEQUENCE("{\"type\":\"Digits\"},{\"type\":\"ByteLevel\","
			     "\"add_prefix_space\":true}"),
	    "add_prefix_space");
	refused(&(struct sample){ .normalizer = "{\"type\":\"NFKC\"}" }, "'NFKC'");
	refused(&(struct sample){ .normalizer = "{\"type\":\"Sequence\",\"normalizers\":[{"
						"\"type\":\"Lowercase\"}]}" },
	    "'Lowercase'");
	refused(&(struct sample){ .added = "{\"id\":1,\"content\":\"x\",\"rstrip\":true}" },
	    "rstrip");
	refused(&(struct sample){ .tokens = ",ab", .merges = "\"a b\",\"a c\"" }, "merge 2");
	refused(&(struct sample){ .tokens = ",ab", .merges = "\"ab\"" }, "merge 1");
	refused(&(struct sample){ .tokens = ",ab,ab" }, "twice");
}

static void
refused_file(const char *file, const char *split, const char *reason)
{
	const char *why = "";

	CHECK(!encoding_of_file(slice_z(file), slice_z(split), &why));
	if (!strstr(why, reason))
		CHECK_SLICE(slice_z(why), reason);
}

static void
check_rank_files(void)
{
	check_group("bad rank files are refused with the line");
	refused_file("", NULL, "is empty");
	refused_file("YQ== 0\r\n\r\nYg== 2\n", NULL, "line 3: leaves out a rank");
	refused_file("YQ== 1\nYg== 0\nYw== 1\n", NULL, "line 3: has a rank that stands before");
	refused_file("YQ== 0\nY*== 1\n", NULL, "line 2: has no token in base 64");
	refused_file("YQ== 0\nYg==\n", NULL, "line 2: is no token");
	refused_file("YQ== 0\nYg== 1\n", NULL, "has 2 ranks");
	refused_file("YQ== 0\nYg== 1\n", "o300k", "no pattern 'o300k'");
	refused_file("YQ== 0\nYg== 1\n", "gpt2", "a token for each byte");
	refused_file("YQ== 0\nYQ== 1\n", "gpt2", "line 2: the token stands twice");
	refused_file("{\"a\":1}", NULL, "no model");
	refused_file("{\"a\":1", NULL, "is no JSON");
	refused_file("{}", "gpt2", "a pattern of its own");
}

/* A rank file of the bytes and of tokens, whose parts may come after them; lines backwards. */
static void
write_ranks(struct buf *out, const char *const *tokens, unsigned count)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (unsigned rank = 256 + count; rank-- > 0;) {
		unsigned char b[3] = { (unsigned char)rank, 0, 0 };
		size_t len = 1;

		if (rank >= 256) {
			len = strlen(tokens[rank - 256]);
			memcpy(b, tokens[rank - 256], len);
		}
		buf_printf(out, "%c%c%c%c %u\r\n", digits[b[0] >> 2],
		    digits[(b[0] & 3) << 4 | b[1] >> 4],
		    len > 1 ? digits[(b[1] & 15) << 2 | b[2] >> 6] : '=',
		    len > 2 ? digits[b[2] & 63] : '=', rank);
	}
}

static void
ranked(const char *const *tokens, unsigned count, const char *text, const char *want)
{
	struct buf file = { 0 }, got = { 0 };
	const char *why = "";
	const struct encoding *e;
	uint32_t id[64];
	size_t n;

	write_ranks(&file, tokens, count);
	e = encoding_of_file(buf_slice(&file), SLICE("cl100k_base"), &why);
	CHECK_SLICE(slice_z(e ? "" : why), "");
	n = e ? encoding_ids(e, slice_z(text), id, 64) : 0;
	for (size_t i = 0; i < n; i++)
		buf_printf(&got, "%s%u", i ? " " : "", id[i]);
	CHECK_SLICE(buf_slice(&got), want);
	buf_free(&file);
	buf_free(&got);
}

static void
check_ranks(void)
{
	static const char *const plain[] = { "bc", "ab", "abc" };
	/* abc comes before bc, out of which it is made: what tiktoken makes of it */
	static const char *const inverted[] = { "abc", "bc", "aa" };

	check_group("ranks in any order of lines, and ranks below those of their parts");
	ranked(plain, 3, "abc abcbc", "258 32 258 256");
	ranked(inverted, 3, "abc aabc abcbc", "256 32 97 256 32 256 257");
	ranked(inverted, 3, "bcabcaa", "257 256 258");
	CHECK(encoding_find(SLICE("o200k_harmony")) == encoding_find(SLICE("o200k_base")));
	CHECK(encoding_find(SLICE("p50k_edit")) == encoding_find(SLICE("p50k_base")));
	CHECK(encoding_find(SLICE("p50k_base")) != encoding_find(SLICE("r50k_base")));
	CHECK_NUMBER(encoding_count(encoding_find(SLICE("p50k_base")), SLICE("x\n    y")), 4);
	CHECK_NUMBER(encoding_count(encoding_find(SLICE("r50k_base")), SLICE("x\n    y")), 6);
	CHECK_SLICE(encoding_bytes(encoding_find(SLICE("p50k_base")), 50257), "  ");
	CHECK(encoding_bytes(encoding_find(SLICE("p50k_base")), 50256).ptr == NULL);
}

static void
check_tekken(void)
{
	struct buf file = { 0 };
	const char *why = "";
	const struct encoding *e;
	uint32_t id[8];

	check_group("tekken.json");
	buf_add(&file,
	    SLICE("{\"config\":{\"pattern\":\"'s|'t|'re|'ve|'m|'ll|'d| ?\\\\p{L}+| ?\\\\p{N}+| "
		  "?[^\\\\s\\\\p{L}\\\\p{N}]+|\\\\s+(?!\\\\S)|\\\\s+\","
		  "\"default_vocab_size\":267,\"default_num_special_tokens\":10},\"vocab\":["));
	for (unsigned i = 0; i < 256; i++) {
		static const char digits[] =
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

		buf_printf(&file,
		    "{\"rank\":%u,\"token_bytes\":\"%c%c==\",\"token_str\":null},", i,
		    digits[i >> 2], digits[(i & 3) << 4]);
	}
	/* the second is one more than the vocabulary has */
	buf_add(&file, SLICE("{\"rank\":256,\"token_bytes\":\"YWI=\"},"
			     "{\"rank\":257,\"token_bytes\":\"YmM=\"}]}"));
	e = encoding_of_file(buf_slice(&file), slice_of(NULL, 0), &why);
	CHECK_SLICE(slice_z(e ? "" : why), "");
	CHECK_NUMBER(e ? encoding_ids(e, SLICE("abc bc"), id, 8) : 0, 5);
	CHECK(e && id[0] == 266 && id[1] == 109 && id[2] == 42 && id[3] == 108);
	CHECK_SLICE(e ? encoding_bytes(e, 266) : SLICE("?"), "ab");
	file.data[file.len - 40] = '*';
	CHECK(!encoding_of_file(buf_slice(&file), slice_of(NULL, 0), &why));
	buf_free(&file);
}

/* Lowest rank first, then leftmost, looked for from the start each time. */
static size_t
reduce_plainly(const struct bpe *b, struct slice s, uint32_t *token)
{
	size_t n = s.len;

	for (size_t i = 0; i < n; i++)
		token[i] = b->byte[(uint8_t)s.ptr[i]];
	for (;;) {
		const struct bpe_pair *best = NULL;
		size_t where = 0;

		for (size_t i = 0; i + 1 < n; i++) {
			const struct bpe_pair *p = bpe_slot(b, token[i], token[i + 1]);

			if (p->token != VOCAB_NONE && (!best || p->rank < best->rank)) {
				best = p;
				where = i;
			}
		}
		if (!best)
			return n;
		token[where] = best->token;
		n--;
		memmove(&token[where + 1], &token[where + 2], (n - where - 1) * sizeof *token);
	}
}

static void
check_heap(void)
{
	static const struct sample s = { ",ab,ba,aba,abab,bb,abb,aa,aaaa",
		"\"aba b\",\"a b\",\"b a\",\"ab a\",\"b b\",\"ab b\",\"a bb\",\"a a\",\"aa "
		"aa\"",
		NULL, NULL, NULL, NULL };
	struct merge m = { .id = m.few, .room = MERGE_FEW };
	struct made made = { .stage_count = 0 };
	struct buf json = { 0 };
	uint32_t seed = 1, want[300];
	char text[300];

	check_group("scan and heap merge as the definition says");
	write_sample(&s, &json);
	CHECK(made_of_file(&made, buf_slice(&json), slice_of(NULL, 0)));
	CHECK(made.bpe.memory == NULL); /* an order that the tables cannot keep */
	for (size_t round = 0; round < 2000 && !made.bpe.memory; round++) {
		size_t len = 1 + round % 7 * 40 + round % 41, n;
		struct bpe_pair last;

		len = len > sizeof text ? sizeof text : len;
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = "aabbc"[(seed >> 16) % 5];
		}
		n = reduce_plainly(&made.bpe, slice_of(text, len), want);
		bpe_reduce(&made.bpe, slice_of(text, len), &m, &last);
		CHECK(m.count == n && memcmp(m.id, want, n * sizeof *want) == 0);
	}
	merge_free(&m);
	buf_free(&json);
	made_free(&made);
}

int
main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "--frames") == 0)
		return frames(argv[2], argc > 3 ? argv[3] : NULL);
	check_cuts();
	check_merges();
	check_text();
	check_refused();
	check_rank_files();
	check_ranks();
	check_tekken();
	check_heap();
	return check_finish();
}
