/* SPDX-License-Identifier: MIT */
/* Encodings against ids of the reference; merging against the plain definition; bad rank files;
 * linear time. `tokens --frames NAME` is the filter that scripts/check-tokens drives. */
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "check.h"
#include "tokens/encoding.h"
#include "tokens/encoding_parts.h"
#include "tokens/merge.h"
#include "tokens/utf8.h"
#include "tokens_vectors.h"

static int
frames(const char *name)
{
	const struct encoding *e = encoding_find(slice_z(name));
	struct buf text = { 0 };
	uint32_t len, *ids = NULL;

	while (e && fread(&len, sizeof len, 1, stdin) == 1) {
		uint32_t count;

		buf_clear(&text);
		text.len = fread(buf_room(&text, (size_t)len + 1), 1, len, stdin);
		ids = mem_grow(ids, (size_t)len + 1, 3 * sizeof *ids);
		count = (uint32_t)encoding_ids(e, buf_slice(&text), ids, 3 * ((size_t)len + 1));
		if (encoding_count(e, buf_slice(&text)) != count)
			return 1; /* the reader sees the end, and fails */
		fwrite(&count, sizeof count, 1, stdout);
		fwrite(ids, sizeof *ids, count, stdout);
		fflush(stdout);
	}
	return e ? 0 : 2;
}

static void
check_vectors(void)
{
	uint32_t ids[128];

	check_group("ids are those of the reference");
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		const struct vector *v = &vectors[i];
		const struct encoding *e = encoding_find(slice_z(v->encoding));
		struct slice text = slice_of(v->text, v->len);
		size_t n = encoding_ids(e, text, ids, 128);

		CHECK_NUMBER(n, v->count);
		CHECK_NUMBER(encoding_count(e, text), v->count);
		CHECK(n == v->count && memcmp(ids, v->id, n * sizeof *ids) == 0);
		CHECK_NUMBER(encoding_ids(e, text, NULL, 0), v->count);
	}
}

static void
check_names(void)
{
	check_group("names and bytes");
	CHECK(encoding_find(SLICE("o200k_base")) == encoding_find(SLICE("o200k_harmony")));
	CHECK(encoding_find(SLICE("p60k_base")) == NULL);
	CHECK_SLICE(slice_z(encoding_name(encoding_find(SLICE("cl100k_base")))), "cl100k_base");
	CHECK_SLICE(encoding_bytes(encoding_find(SLICE("cl100k_base")), 0), "!");
	CHECK(encoding_bytes(encoding_find(SLICE("cl100k_base")), 100255).len > 0);
	CHECK(encoding_bytes(encoding_find(SLICE("cl100k_base")), 100256).ptr == NULL);
	CHECK(encoding_bytes(encoding_find(SLICE("o200k_base")), 199998).ptr == NULL);
}

/* Lowest rank first, then leftmost, until nothing merges. */
static size_t
merge_plainly(const struct encoding *e, struct slice s, uint32_t *cut)
{
	size_t symbols = s.len;

	for (size_t i = 0; i <= symbols; i++)
		cut[i] = (uint32_t)i;
	for (;;) {
		uint32_t lowest = VOCAB_NONE;
		size_t where = 0;

		for (size_t i = 0; i + 2 <= symbols; i++) {
			struct slice pair = slice_of(s.ptr + cut[i], cut[i + 2] - cut[i]);
			uint32_t rank = vocab_find(e->vocab, pair);

			if (rank < lowest) {
				lowest = rank;
				where = i;
			}
		}
		if (lowest == VOCAB_NONE)
			return symbols;
		memmove(&cut[where + 1], &cut[where + 2], (symbols - where - 1) * sizeof *cut);
		symbols--;
	}
}

static void
check_merge(const struct encoding *e)
{
	static const char *const alphabets[] = { "ab", "aA ", "the qu", "=-",
		"\xe4\xb8\xad\xe5\x9b\xbd", "abcdefghijklmnopqrstuvwxyz", "=", "a", " \n",
		"\xff\x80" };
	struct merge m = { .id = m.few, .room = MERGE_FEW };
	uint32_t seed = 1, cut[401];
	char text[400];

	for (int round = 0; round < 4000; round++) {
		const char *alphabet = alphabets[round % 10];
		size_t size = strlen(alphabet),
		       len = 1 + (size_t)round * 7 % (round % 50 ? 60 : 400);
		bool same;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = alphabet[(seed >> 16) % size];
		}
		merge_piece(e->vocab, slice_of(text, len), &m);
		same = m.count == merge_plainly(e, slice_of(text, len), cut);
		for (size_t i = 0; same && i < m.count; i++)
			same = vocab_bytes(e->vocab, m.id[i]).len == cut[i + 1] - cut[i];
		CHECK(same);
	}
	merge_free(&m);
}

static double
seconds(const struct encoding *e, struct slice text)
{
	clock_t from = clock();

	encoding_count(e, text);
	return (double)(clock() - from) / CLOCKS_PER_SEC;
}

/* A classic merge of 1 MB takes minutes where it is quadratic: a second tells, on any machine.
 */
static void
check_linear(const struct encoding *e)
{
	static const char *const units[] = { "a", " ", "\xe4\xb8\xad", "7", "=", "\n", "ab",
		"--=", "\xcc\x81", "\xe3\x81\x82\xe3\x81\x84", "aaaaab", "\xff",
		"A\xe4\xb8\xad" };
	struct buf text = { 0 };

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		buf_clear(&text);
		while (text.len < 1000000)
			buf_add(&text, slice_z(units[i]));
		CHECK(seconds(e, buf_slice(&text)) < 3);
	}
	buf_free(&text);
}

static void
check_counts(void)
{
	const struct encoding *e = encoding_find(SLICE("o200k_base"));
	struct buf text = { 0 };

	check_group("a run of 1 MB");
	while (text.len < 1000000)
		buf_add(&text, SLICE("a"));
	CHECK_NUMBER(encoding_count(e, buf_slice(&text)), 125000);
	memset(text.data, '=', text.len);
	CHECK_NUMBER(encoding_count(e, buf_slice(&text)), 15625);
	memset(text.data, ' ', text.len);
	CHECK_NUMBER(encoding_count(e, buf_slice(&text)), 7813);
	buf_free(&text);
}

static void
refused(const char *file, const char *reason)
{
	const char *why = "";

	CHECK(encoding_of_ranks(slice_z(file), &why) == NULL);
	CHECK_SLICE(slice_take(slice_z(why), strlen(reason)), reason);
}

static void
check_ranks(void)
{
	check_group("a rank file that cannot be taken");
	refused("", "is empty");
	refused("YQ== 0\n", "has 1 ranks");
	refused("YQ== 0\nYg== 0\n", "line 2: has a rank that stands before");
	refused("YQ== 0\nYg== 2\n", "line 2: leaves out a rank");
	refused("YQ== 0\nYg== x\n", "line 2: is no token in base 64, a blank and a rank");
	refused("YQ== 0\n\nYg==\n", "line 3: is no token in base 64, a blank and a rank");
	refused("YQ= 0\n", "line 1: has no token in base 64");
	refused("====\n", "line 1: is no token");
	refused("==== 0\n", "line 1: has no token");
	refused("YQ== 99999999\n", "line 1: is no token");
}

static void
check_build(void)
{
	static char bytes[256];
	struct slice tokens[260], image;
	const char *why;
	uint32_t which;
	void *memory;
	struct vocab v;

	check_group("a vocabulary of one's own");
	for (int i = 0; i < 256; i++) {
		bytes[i] = (char)i;
		tokens[i] = slice_of(&bytes[i], 1);
	}
	tokens[256] = SLICE("bc");
	tokens[257] = SLICE("ab");
	tokens[258] = SLICE("abc"); /* never reached: bc merges first, and a + bc is it */
	CHECK(vocab_build(tokens, 259, &memory, &image, &why, &which));
	CHECK(vocab_open(&v, image));
	CHECK_NUMBER(vocab_find(&v, SLICE("abc")), 258);
	CHECK_NUMBER(vocab_pair(&v, 'a', 256), 258);
	CHECK_NUMBER(vocab_pair(&v, 257, 'c'), VOCAB_NONE);
	CHECK(!vocab_stays(&v, 'a', 'b'));
	CHECK(vocab_stays(&v, 'b', 'a'));
	free(memory);
	tokens[258] = SLICE("ab");
	CHECK(!vocab_build(tokens, 259, &memory, &image, &why, &which) && which == 258);
	CHECK(!vocab_build(tokens, 255, &memory, &image, &why, &which) && which == VOCAB_NONE);
	tokens[256] = SLICE("abc");
	tokens[258] = SLICE("xyz");
	CHECK(!vocab_build(tokens, 259, &memory, &image, &why, &which) && which == 256);
	tokens[256] = SLICE("");
	CHECK(!vocab_build(tokens, 259, &memory, &image, &why, &which) && which == 256);
}

static void
lossy(const char *text, const char *want)
{
	struct buf out = { 0 };

	utf8_lossy(slice_z(text), &out);
	CHECK_SLICE(buf_slice(&out), want);
	buf_free(&out);
}

static void
check_utf8(void)
{
	check_group("invalid UTF-8 is decoded by maximal subparts");
	lossy("abc", "abc");
	lossy("\xf0\x9f\x99\x82", "\xf0\x9f\x99\x82");
	lossy("a\xf0\x9f\x99z", "a\xef\xbf\xbdz");
	lossy("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	lossy("\xe2\x82", "\xef\xbf\xbd");
	lossy("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
	lossy("\xf4\x90", "\xef\xbf\xbd\xef\xbf\xbd");
	CHECK_NUMBER(utf8_valid(SLICE("abcdefgh\xc3\xa9\xc3")), 10);
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--frames") == 0)
		return frames(argv[2]);
	check_vectors();
	check_names();
	check_group("merging is what its definition says: o200k");
	check_merge(encoding_find(SLICE("o200k_base")));
	check_group("merging is what its definition says: cl100k");
	check_merge(encoding_find(SLICE("cl100k_base")));
	check_counts();
	check_group("runs of 1 MB take linear time");
	check_linear(encoding_find(SLICE("o200k_base")));
	check_linear(encoding_find(SLICE("cl100k_base")));
	check_ranks();
	check_build();
	check_utf8();
	return check_finish();
}
